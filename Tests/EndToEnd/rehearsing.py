"""The load driver with a small evening of its own, for the tests of it."""
import json
import subprocess

from running import BINARY, PATIENCE_SECONDS, environment

LOAD = BINARY.parent / "plenary-load"
# A small evening of a few seconds: two sessions, a round of rooms, a lost connection, a second device.
SMALL = {
    "name": "small", "about": "An evening of a few seconds.", "seed": 3, "seconds": 9, "communities": 2,
    "people": {"each": 6, "cohosts": 1, "schools": 2, "secondDevice": 0.2},
    "arrival": {"shape": "even", "seconds": 2},
    "chat": {"perMinute": 40, "bytes": {"from": 20, "to": 120}, "direct": 0.2, "reactions": 0.1},
    "rounds": [{"at": 3, "seconds": 4, "closing": 1, "mode": "even", "rooms": 2}],
    "drops": {"perHour": 0, "storms": [{"at": 5, "share": 0.5, "within": 0.2, "seconds": {"from": 1, "to": 1}}]},
    "thresholds": {"violations": 0},
}


class Load:
    """Runs the driver against a server, with a scenario that the test makes."""

    def __init__(self, folder, tickets):
        self.folder = folder
        self.tickets = tickets

    def file(self, **changes):
        path = self.folder / "scenario.json"
        path.write_text(json.dumps(SMALL | changes))
        return path

    def arguments(self, address, scenario=None, *more, scheme="http"):
        return [
            LOAD, scenario or self.file(), "--url", f"{scheme}://{address}", "--secret-file", self.tickets.secret_file, *more,
        ]

    def play(self, address, *more, scenario=None, env=None, scheme="http"):
        """Plays it to its end; answers the process and the result."""
        out = self.folder / "out"
        done = subprocess.run(
            self.arguments(address, scenario, "--out", out, *more, scheme=scheme), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, env=environment(env), timeout=3 * PATIENCE_SECONDS, check=False,
        )
        kept = out / "result.json"
        return done, json.loads(kept.read_text()) if kept.exists() else None
