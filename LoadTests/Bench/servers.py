"""The servers that are measured, each started anew on a core of its own and ended by its process id."""
import contextlib
import http.client
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[1]
# On the tree's disk: in memory a sync would cost nothing.
TOOLS = ROOT / ".build-tools"
SERVER_CORE, CLIENT_CORE = "0", "1"
# The two rate limits and the number of seats; everything else is as operators get it.
RAISED = {
    "commands-per-second": 1_000, "commands-burst": 1_000_000, "chat-burst": 1_000_000, "seats-per-session": 10_000,
}


class Server:
    """One server process."""

    dialect = "bare"

    def __init__(self, *command, **environment):
        self.command = [str(part) for part in command]
        self.environment = environment
        self.process = None
        self.port = free_port()
        # What it said until it listened, by lines.
        self.said = []

    def arguments(self):
        """What `plenary-load bench` has to know of it."""
        return [
            "--dialect", self.dialect, "--server-address", f"127.0.0.1:{self.port}",
            "--server-pid", str(self.process.pid),
        ]

    def start(self):
        """Returns when it listens."""
        self._run([*self.command, str(self.port)])
        self._wait_for(self.process.stdout, lambda line: line == "listening\n")

    def stop(self):
        """Ends the process and waits for it."""
        self.process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        self.kill()

    def kill(self):
        """SIGKILL: nothing is flushed, nobody is told."""
        self.process.kill()
        self.process.wait()
        for reader in self._readers:
            reader.join()
        self.process.stdout.close()
        self.process.stderr.close()

    def _run(self, command):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PLENARY_")}
        self.process = subprocess.Popen(
            [*on_core(SERVER_CORE), *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=kept | self.environment,
        )
        self._readers = []

    def _wait_for(self, stream, is_it):
        self.said = []
        for line in stream:
            self.said.append(line)
            if is_it(line):
                break
        else:
            raise RuntimeError(f"{self.command[0]} did not start: {''.join(self.said) or self.process.stderr.read()}")
        # It must not have to wait until somebody reads the rest.
        self._readers = [
            threading.Thread(target=rest.read, daemon=True) for rest in (self.process.stdout, self.process.stderr)
        ]
        for reader in self._readers:
            reader.start()


class Plenary(Server):
    """With tickets, rules and the journal, in a folder of its own that goes at the end."""

    dialect = "plenary"

    def __init__(self, binary, place=TOOLS, **options):
        """`place` is where its folder is made; `options` are more of its flags (`gone_seconds=10`)."""
        super().__init__(binary)
        TOOLS.mkdir(exist_ok=True)
        self.folder = tempfile.TemporaryDirectory(dir=place, prefix="bench-")
        self.data = pathlib.Path(self.folder.name) / "data"
        self.options = RAISED | {"sync": "batch"} | {name.replace("_", "-"): value for name, value in options.items()}
        self.secret = pathlib.Path(self.folder.name) / "secret"
        self.secret.write_text(secrets.token_hex(32))
        self.secret.chmod(0o600)
        self.admin = free_port()

    def arguments(self):
        return [*super().arguments(), "--secret-file", str(self.secret), "--metrics", f"127.0.0.1:{self.admin}"]

    def start(self):
        options = [part for name, value in self.options.items() for part in (f"--{name}", str(value))]
        self._run([
            *self.command, "serve", "--listen", f"127.0.0.1:{self.port}", "--admin", f"127.0.0.1:{self.admin}",
            "--data", str(self.data), "--secret-file", str(self.secret), *options,
        ])
        self._wait_for(self.process.stderr, lambda line: '"event":"listening"' in line)

    def stop(self):
        super().stop()
        self.folder.cleanup()

    def logged(self, event):
        """The line of the log about an event of the start."""
        return next(entry for entry in map(json.loads, self.said) if entry["event"] == event)

    def ask(self, method, path):
        """The status and the body of an answer at the operators' door."""
        connection = http.client.HTTPConnection("127.0.0.1", self.admin, timeout=120)
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def metric(self, name):
        """One of its metrics, of all labels together."""
        lines = (line.rpartition(" ") for line in self.ask("GET", "/metrics")[1].splitlines())
        return sum(float(value) for label, _, value in lines if label.partition("{")[0] == name)


def makers(plenary, room):
    """How to make each server that this machine has, and a sentence for each that it lacks."""
    found = {"plenary": lambda: Plenary(plenary), "c": lambda: Server(room)}
    lacking = {}
    node, ws = shutil.which("node"), TOOLS / "node-ws"
    if node and (ws / "ws").is_dir():
        found["node"] = lambda: Server(node, HERE / "room.js", NODE_PATH=str(ws))
    else:
        lacking["node"] = "There is no node with `ws`; `make deps-bench` gets them."
    python = TOOLS / "python" / "bin" / "python"
    if python.exists():
        found["python"] = lambda: Server(python, HERE / "room.py")
    else:
        lacking["python"] = "There is no Python with `websockets`; `make deps-bench` gets them."
    return found, lacking


def on_core(core):
    """What a command begins with that shall stay on a core, where there are two."""
    return ["taskset", "-c", core] if os.cpu_count() > 1 else []


def free_port():
    """A port of the loopback that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
