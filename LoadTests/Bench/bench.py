"""Measures Plenary beside bare servers, interleaved in one run, and writes a table (see LoadTests/README.md).

It builds nothing; `make bench` does, and calls it.
"""
import argparse
import pathlib
import sys

import machine
import measuring
import report
import servers

# Rooms, members of each, messages of a talker on their way; ten talkers in each room.
SHAPES = {
    "1x1000": (1, 1_000, 1),
    "100x10": (100, 10, 1),
    "1x1000-deep": (1, 1_000, 8),
    "100x10-deep": (100, 10, 8),
}
# Sessions of fifty, as most are.
IDLE = {"what": "idle", "rooms": 101, "members": 50}
RESUMING_CLIENTS = 10_000
EVERYTHING = [*SHAPES, "idle", "resume"]


def parsed():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plenary", type=pathlib.Path, required=True, help="the built server")
    parser.add_argument("--load", type=pathlib.Path, required=True, help="the built plenary-load")
    parser.add_argument("--room", type=pathlib.Path, required=True, help="the built C program")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5, help="of each phase")
    parser.add_argument("--only", default="plenary,c,node,python", help="which servers")
    parser.add_argument("--shapes", default=",".join(EVERYTHING), help="which shapes, and `idle` and `resume`")
    return parser.parse_args()


class Bench:
    """A run: what is measured, and what was found so far."""

    def __init__(self, arguments):
        self.arguments = arguments
        self.makers, self.lacking = servers.makers(arguments.plenary, arguments.room)
        wanted = arguments.only.split(",")
        self.names = [name for name in wanted if name in self.makers]
        self.parts = arguments.shapes.split(",")
        self.shapes = [part for part in self.parts if part in SHAPES]
        self.is_whole = self.parts == EVERYTHING and wanted == ["plenary", "c", "node", "python"]
        self.limit = measuring.raise_descriptors()
        self.found = machine.stamp() | {
            "raised": servers.RAISED, "rounds": arguments.rounds, "seconds": arguments.seconds,
            "lacking": [self.lacking[name] for name in wanted if name in self.lacking],
            "runs": {name: {} for name in self.names}, "idle": {name: [] for name in self.names}, "resume": [],
        }

    def run(self):
        """Everything, round after round; the order changes, so that nobody always comes after the same one."""
        for sentence in self.found["lacking"]:
            print(sentence)
        for turn in range(self.arguments.rounds):
            names = self.names[turn % len(self.names):] + self.names[:turn % len(self.names)]
            for shape in self.shapes:
                for name in names:
                    self.saturate(name, shape)
            if "idle" in self.parts:
                for name in names:
                    self.idle(name)
            if "resume" in self.parts:
                self.resume()

    def saturate(self, name, shape):
        """One server in one shape."""
        rooms, members, depth = SHAPES[shape]
        options = {"rooms": rooms, "members": members, "depth": depth, "seconds": self.arguments.seconds}
        result = measuring.measure(self.arguments.load, self.makers[name](), options)
        self.found["runs"][name].setdefault(shape, []).append(result)
        print(f"{shape:12} {name:8} {report.sentence(result)}", flush=True)

    def idle(self, name):
        """One server with connections that say nothing."""
        options = IDLE | {"rooms": min(IDLE["rooms"], self.limit // 2 // IDLE["members"])}
        result = measuring.measure(self.arguments.load, self.makers[name](), options)
        self.found["idle"][name].append(result)
        print(f"{'idle':12} {name:8} {result['idleBytes']:,.0f} bytes a connection", flush=True)

    def resume(self):
        """Plenary, killed and started again under everybody."""
        if "plenary" not in self.names:
            return
        # The server keeps a tenth of its descriptors to itself.
        clients = min(RESUMING_CLIENTS, self.limit * 8 // 10)
        options = {"what": "resume", "rooms": clients // IDLE["members"], "members": IDLE["members"]}
        result = measuring.measure_resuming(self.arguments.load, self.makers["plenary"](), options)
        self.found["resume"].append(result)
        print(f"{'resume':12} {'plenary':8} {result['resumed']:,} of {result['connections']:,} resumed in "
              f"{result['resumeSecondsFromKill']:.2f} s from the kill", flush=True)

    def write(self):
        """Answers the table and the file that it is in."""
        text = report.page(self.found, self.shapes)
        is_whole = self.is_whole and self.arguments.rounds >= 3
        return text, machine.write("bench", self.found, text, machine.folder_for(is_whole))


def main():
    bench = Bench(parsed())
    bench.run()
    text, file = bench.write()
    print(f"\n{text}\nWritten to {file.relative_to(servers.ROOT)} and {file.stem}.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
