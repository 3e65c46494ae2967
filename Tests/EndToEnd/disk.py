"""Disks that fail: a file system that is small, full or read-only, and a server whose calls to the disk fail or wait; and
what is asked of a server on them.

See `faulty_disk.c` for what the rules of a `faulty_disk` can be.
"""
import os
import pathlib
import subprocess
import tempfile
import time

import pytest
from client import Client
from running import preloadable, run

PATIENCE_SECONDS = 60
GONE_AWAY, BAD_DATA, CANNOT_CREATE, IO_FAILED = 1001, 65, 73, 74


class FaultyDisk:
    """Rules for the calls that a server makes to its disk; `env` is what the server is to be started with."""

    def __init__(self, folder, library):
        self.rules = folder / "rules"
        self.env = {"LD_PRELOAD": str(library), "DISK_RULES": str(self.rules)}
        self()

    def __call__(self, *rules):
        """From now on just these: each "CALL PART WHAT"."""
        # Renamed into place: the server must never read half a file.
        part = self.rules.with_suffix(".part")
        part.write_text("".join(rule + "\n" for rule in rules))
        part.rename(self.rules)

    def met(self):
        """How many calls a rule was found for so far."""
        file = pathlib.Path(f"{self.rules}.met")
        return file.stat().st_size if file.exists() else 0

    def wait_for_call(self, known):
        """Waits until a rule was found for more calls than were known."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.met() <= known:
            assert time.monotonic() < deadline, f"no call met {self.rules.read_text()!r}"
            # The server tells nobody that it waits for its disk.
            time.sleep(0.01)


class SmallDisk:
    """A file system of so many MiB in memory."""

    def __init__(self, folder):
        self.folder = folder
        self.ballast = folder / "ballast"

    def mount(self, size):
        self.folder.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}m", "none", self.folder], stderr=subprocess.PIPE, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    def remount(self, options):
        """Makes it larger (`size=200m`), read-only (`ro`) or writable again (`rw`)."""
        subprocess.run(["mount", "-o", f"remount,{options}", self.folder], check=True)

    def fill(self):
        """Takes all the room that is left."""
        with open(self.ballast, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(1 << 16))
            except OSError:
                pass
        left = os.statvfs(self.folder)
        assert left.f_bavail * left.f_bsize < 1 << 16

    def empty(self):
        """Gives that room back."""
        self.ballast.unlink()

    def unmount(self):
        subprocess.run(["umount", "--lazy", self.folder], stderr=subprocess.DEVNULL, check=False)


def pytest_collection_modifyitems(config, items):
    """Leaves out what needs a file system of its own where nobody lets us mount one, and says how many those are."""
    needing = [item for item in items if "small_disk" in item.fixturenames]
    if needing and not may_mount():
        config.hook.pytest_deselected(items=needing)
        items[:] = [item for item in items if item not in needing]


def may_mount():
    """Whether this process may mount a file system."""
    with tempfile.TemporaryDirectory() as folder:
        tried = subprocess.run(["mount", "-t", "tmpfs", "none", folder], stderr=subprocess.DEVNULL, check=False)
        if tried.returncode == 0:
            subprocess.run(["umount", folder], check=True)
        return tried.returncode == 0


@pytest.fixture(scope="module")
def faulty_library(tmp_path_factory):
    """What is preloaded into the server: see `faulty_disk.c`."""
    return preloadable("faulty_disk", tmp_path_factory.mktemp("library"))


@pytest.fixture
def faulty_disk(tmp_path, faulty_library):
    """A disk without any fault until there are rules for it."""
    return FaultyDisk(tmp_path, faulty_library)


@pytest.fixture
def small_disk(tmp_path):
    """Mounts a small file system; it is gone after the test."""
    disk = SmallDisk(tmp_path / "disk")

    def mount(size):
        disk.mount(size)
        return disk

    yield mount
    disk.unmount()


@pytest.fixture
def evening(tickets):
    """Joins people to a session; the first one is its host, and starts it."""
    clients = []

    def join(server, *people, session="evening"):
        joined = []
        for number, person in enumerate(people):
            client = Client(server.address, session)
            client.join(tickets.forge(session=session, sub=person, role="participant" if number else "host"))
            joined.append(client)
        clients.extend(joined)
        if joined[0].welcome["state"]["session"]["phase"] != "live":
            joined[0].call("session.start")
        return joined

    yield join
    for client in clients:
        client.cut()


def leave_a_session_behind(server, tickets):
    """A session that is over, with somebody in it who is nowhere else."""
    with Client(server.address, "over") as over:
        over.join(tickets.forge(session="over", sub="elsewhere", role="host"))
        over.call("session.start")
        over.call("chat.send", room="main", text="in time")
        over.send("session.end", seconds=0)
        assert over.closed()[0] == 1000


def say(client, text):
    """Says something; it is acknowledged."""
    return client.call("chat.send", room="main", text=text)["message"]


def history(server, tickets, session="evening"):
    """What was said in a session, as somebody hears it who comes now."""
    with Client(server.address, session) as late:
        late.join(tickets.forge(session=session, sub="late"))
        return [message["text"] for message in late.call("chat.history", room="main", limit=100)["messages"]]


def said(server, event):
    """The lines of the log of this kind."""
    return [entry for entry in server.log if entry.get("event") == event]


def told(server, event):
    """The first line of an event, if need be after waiting for it: an answer may be there before the line is."""
    if server.process.poll() is None:
        server.wait_for_log(lambda entry: entry.get("event") == event)
    return said(server, event)[0]



def refused(server, code):
    """Starts a server that must not start; answers what it says."""
    done = run("serve", "--listen", "127.0.0.1:0", *server.arguments, env=server.env)
    assert done.returncode == code, (done.returncode, done.stderr)
    return done.stderr


def contents(folder):
    """All files of a data folder and what is in them; the lock tells who ran last."""
    files = (path for path in pathlib.Path(folder).rglob("*") if path.is_file() and path.name != "lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def segment(server):
    """The last segment."""
    return sorted((server.data / "segments").glob("0*.log"))[-1]
