"""Runs the built `plenary` from outside, as an operator would: its arguments, its log, its signals, its exit code."""
import json
import os
import pathlib
import shutil
import subprocess
import threading
import time

ROOT = pathlib.Path(__file__).parents[2]
BINARY = pathlib.Path(os.environ.get("PLENARY_BIN") or ROOT / ".build" / "debug" / "plenary")
# A debug build on a busy machine; whoever waits is told at once when the process ends instead.
PATIENCE_SECONDS = 60


def environment(more=None):
    """This process's environment without any option of plenary's, and with `more`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLENARY_")}
    return kept | (more or {})


def run(*arguments, env=None, stdin=subprocess.DEVNULL, cwd=None):
    """Runs a subcommand to its end; answers its exit code and what it wrote (`returncode`, `stdout`, `stderr`)."""
    return subprocess.run(
        [BINARY, *map(str, arguments)], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment(env), cwd=cwd, timeout=PATIENCE_SECONDS, check=False,
    )


def preloadable(name, folder):
    """Builds `NAME.c`, which stands beside this file, into a library that can be preloaded into a server."""
    built = folder / f"{name}.so"
    compiler = shutil.which("clang") or shutil.which("cc")
    assert compiler, "the toolchain's clang is not on the path"
    source = pathlib.Path(__file__).with_name(f"{name}.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", built, source, "-ldl"], check=True)
    return built


class Server:
    """A `plenary serve`, `demo` or `echo` on a port of the loopback that is free at the first start.

    `start` after `kill` or `terminate` starts it again with the same arguments on the same port.
    """

    def __init__(self, subcommand, *arguments, env=None, cwd=None, under=()):
        """`under`: a command that becomes the server, and what it does first, such as `("prlimit", "--nofile=80")`."""
        self.under = under
        self.subcommand = subcommand
        self.arguments = [str(argument) for argument in arguments]
        self.env = env
        self.cwd = cwd
        self.port = 0
        self.process = None
        self.log = []
        self.output = []
        self._heard = threading.Condition()

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def start(self):
        """Starts the process and returns when it listens."""
        self.log = []
        self.output = []
        self.process = subprocess.Popen(
            [*self.under, BINARY, self.subcommand, "--listen", self.address, *self.arguments], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", env=environment(self.env),
            cwd=self.cwd,
        )
        self._readers = [
            threading.Thread(target=self._read, args=(self.process.stderr, self.log, parsed), daemon=True),
            threading.Thread(target=self._read, args=(self.process.stdout, self.output, str), daemon=True),
        ]
        for reader in self._readers:
            reader.start()
        listening = self.wait_for_log(lambda entry: entry.get("event") == "listening")
        self.port = int(listening["address"].rpartition(":")[2])
        return self

    def wait_for_log(self, predicate, timeout=PATIENCE_SECONDS):
        """The first line of this run's log that fits, if need be after waiting for it."""
        found = []

        def is_there():
            found[:] = [entry for entry in self.log if predicate(entry)][:1]
            return bool(found)

        self.wait_until(is_there, timeout)
        return found[0]

    def wait_until(self, is_so, timeout=PATIENCE_SECONDS):
        """Waits until something is so that depends on `log` or `output`; fails if the process ends before it is."""
        deadline = time.monotonic() + timeout
        with self._heard:
            while True:
                has_ended = not any(reader.is_alive() for reader in self._readers)
                if is_so():
                    return
                left = deadline - time.monotonic()
                if has_ended or left <= 0:
                    code = self.process.poll()
                    raise AssertionError(f"{self.subcommand} (exit code {code}) said only {self.log[-5:]}")
                # A reader that ends tells nobody at the very moment: look again now and then.
                self._heard.wait(min(left, 0.1))

    def kill(self):
        """SIGKILL: nothing is flushed, nobody is told."""
        self.process.kill()
        return self._ended()

    def terminate(self):
        """SIGTERM, which drains; answers the exit code."""
        self.process.terminate()
        return self._ended()

    def ended(self):
        """Waits until the process ends by itself; answers the exit code."""
        code = self._ended()
        assert "Fatal error" not in str(self.log)
        return code

    def stop(self):
        """What a test does at its end: a server that still runs must not have crashed, and drains with code 0."""
        if self.process is None or self._readers is None:
            return
        died = self.process.poll()
        code = self.terminate() if died is None else self._ended()
        assert died is None, f"the server died with {died}: {self.log[-5:]}"
        assert code == 0, f"the server drained with {code}: {self.log[-5:]}"

    def signal(self, number):
        """Any other signal, by its number."""
        os.kill(self.process.pid, number)

    def _ended(self):
        code = self.process.wait(timeout=PATIENCE_SECONDS)
        for reader in self._readers or []:
            reader.join()
        self.process.stderr.close()
        self.process.stdout.close()
        self._readers = None
        return code

    def _read(self, stream, lines, convert):
        for line in stream:
            with self._heard:
                lines.append(convert(line.rstrip("\n")))
                self._heard.notify_all()
        with self._heard:
            self._heard.notify_all()


def parsed(line):
    """A line of the log: one JSON object, whatever happens; of the form for people, the line that says where it listens."""
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    if isinstance(entry, dict):
        return entry
    _, listening, address = line.partition(" Listening address=")
    return {"text": line} | ({"event": "listening", "address": address} if listening else {})
