"""Copies of the folder, made by `plenary backup` beside a server that is talked to, archives and erases; each is started.

At random moments a copy is begun, after noting what was acknowledged and who had been erased by then. In the end each is
asked, as an operator who restores it would (Protocol/operations.md, Backups): the erasures made since are made again, a
server is started on it, and everything that was acknowledged before the copying began is there, once and in order,
and no byte of whoever was erased, before or since.
"""
import contextlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import threading
import time

import pytest
from attack import FULL
from canaries import end, joined
from client import Client, Refused
from operators import Operator
from running import BINARY, Server, environment, run

COPIES = int(os.environ.get("COPIES") or (50 if FULL else 4))
# So many are on the disk together.
AT_ONCE = 3
SEED = 50
TALKERS = ("talker1", "talker2")
LASTING = "lasting"


class Evenings:
    """Two people who talk without a pause, each in one session after the other, and one in which both are all the time.

    `acknowledged[person]` are the texts that were acknowledged, in order, `erased` the words of those whose erasure
    was answered.
    """

    def __init__(self, server, tickets, seed):
        self.server = server
        self.seed = seed
        self.operator = Operator(server, tickets)
        self.acknowledged = {person: [] for person in TALKERS}
        self.erased = []
        self.visitors = []
        self.sessions = 0
        self.ended = threading.Event()
        self.failures = []
        self.tickets = tickets
        self.threads = [threading.Thread(target=self._run, args=(self._talk, person)) for person in TALKERS]
        self.threads.append(threading.Thread(target=self._run, args=(self._erase,)))

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join()
        assert not self.failures, self.failures

    def _run(self, play, *arguments):
        try:
            play(*arguments)
        except Exception as failure:
            self.failures.append(failure)
            raise

    def _talk(self, person):
        chance = random.Random(f"{self.seed} {person}")
        with joined(self.server, self.tickets, LASTING, person, "host") as lasting:
            if person == TALKERS[0]:
                lasting.call("session.start")
            while not self.ended.is_set():
                self.sessions += 1
                number = self.sessions
                session, visitor = f"evening-{number}-{person}", f"Gull{number}q{person}"
                host = joined(self.server, self.tickets, session, person, "host")
                guest = joined(self.server, self.tickets, session, visitor, name=f"{visitor}-name")
                host.call("session.start")
                guest.call("chat.send", room="main", text=f"{visitor} was here")
                for _ in range(chance.randint(5, 40)):
                    self._say(host, person)
                self._say(lasting, person)
                self.visitors.append(visitor)
                if chance.random() < 0.8:
                    end([host, guest])
                else:
                    host.cut()
                    guest.cut()

    def _say(self, client, person):
        text = f"{person} says {len(self.acknowledged[person])}"
        while True:
            try:
                client.call("chat.send", room="main", text=text)
            except Refused as refused:
                time.sleep(refused.error["retryAfter"] / 1000)
            else:
                return self.acknowledged[person].append(text)

    def _erase(self):
        chance = random.Random(self.seed)
        asked = []
        while not self.ended.wait(chance.uniform(0.2, 1.5)):
            left = [visitor for visitor in list(self.visitors) if visitor not in asked]
            if not left:
                continue
            visitor = chance.choice(left)
            asked.append(visitor)
            # Only what was answered is promised; on a busy disk that may take longer than anybody waits.
            with contextlib.suppress(TimeoutError):
                self.operator.delete(f"/v1/people/{visitor}")
                self.erased.append(visitor)


class Copy:
    """A copy, and what has to be in it."""

    def __init__(self, folder, evenings):
        self.folder = folder
        self.acknowledged = {person: list(texts) for person, texts in evenings.acknowledged.items()}
        self.erased = list(evenings.erased)
        began = time.monotonic()
        self.made = run("backup", "--data", evenings.server.data, "--to", folder)
        self.seconds = time.monotonic() - began

    def contents(self):
        return b"".join(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())

    def said(self, person):
        """Everything that the person wrote, in the order of writing, as the folder has it."""
        told = run("export", "--data", self.folder, "--person", person)
        assert told.returncode in (0, 1), told.stderr
        sessions = json.loads(told.stdout)["sessions"] if told.returncode == 0 else []
        said = []
        for session in sessions:
            numbers = [int(words["text"].rpartition(" ")[2]) for words in session["words"]]
            assert numbers == sorted(numbers), f"out of order: {numbers}"
            said += numbers
        return [f"{person} says {number}" for number in sorted(said)]

    def erasures(self):
        file = self.folder / "erasures"
        return set(file.read_text().splitlines()) if file.exists() else set()


def all_files(folder):
    return sorted(path for path in folder.rglob("*"))


def restore(copy, live, tickets):
    """Does what Protocol/operations.md says; answers how many erasures were made again."""
    known = copy.erasures()
    again = run("erase", "--data", copy.folder, "--erasures", live / "erasures")
    assert again.returncode == 0, again.stderr
    made = copy.erasures() - known
    verified = run("verify", "--data", copy.folder)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    server = Server("serve", "--data", copy.folder, "--secret-file", tickets.secret_file).start()
    try:
        messages = []
        with Client(server.address, LASTING) as reader:
            reader.join(tickets.make(LASTING, "reader"))
            while True:
                before = {"before": messages[0]["message"]} if messages else {}
                page = reader.call("chat.history", room="main", limit=100, **before)["messages"]
                if not page:
                    break
                messages = page + messages
        order = [message["message"] for message in messages]
        assert order == sorted(set(order)), "the history is out of order"
    finally:
        assert server.terminate() == 0
    return len(made)


def check(copy, evenings, tickets):
    """Restores a copy and looks for all that has to be in it, and all that must not; then it goes.

    Answers how many erasures were made again, and whether somebody was in the copy who was erased since.
    """
    gone = list(evenings.erased)
    since = [visitor for visitor in gone if visitor not in copy.erased]
    before = copy.contents()
    were_there = [visitor for visitor in since if visitor.encode() in before]
    made = restore(copy, evenings.server.data, tickets)
    for person, acknowledged in copy.acknowledged.items():
        said = copy.said(person)
        assert said == evenings.acknowledged[person][: len(said)], f"{copy.folder.name}, {person}"
        assert len(said) >= len(acknowledged), f"{copy.folder.name} lacks {acknowledged[len(said):]}"
    after = copy.contents()
    assert not [visitor for visitor in gone if visitor.encode() in after], copy.folder.name
    shutil.rmtree(copy.folder)
    return made, bool(were_there)


@pytest.mark.timeout(120 + 60 * COPIES)
def test_copies_at_random_moments_have_everything_and_nobody_who_was_erased(serve, tickets, tmp_path):
    chance = random.Random(SEED)
    made = brought_back = acknowledged = sessions = erased = 0
    seconds = []
    # A folder of its own for a few copies: the longer it is used, the longer takes what a copy is asked.
    for first in range(0, COPIES, AT_ONCE):
        server = serve("--reading-seconds", "0")
        with Evenings(server, tickets, seed=first) as evenings:
            server.wait_until(lambda: len(evenings.visitors) > 2 or evenings.failures, timeout=600)
            copies = []
            for number in range(first, min(first + AT_ONCE, COPIES)):
                time.sleep(chance.uniform(0, 2))
                copies.append(Copy(tmp_path / f"copy{number}", evenings))
                assert copies[-1].made.returncode == 0, copies[-1].made.stderr
                seconds.append(copies[-1].seconds)
            before = len(evenings.erased)
            server.wait_until(lambda: len(evenings.erased) > before + 1 or evenings.failures, timeout=600)
        for copy in copies:
            again, somebody = check(copy, evenings, tickets)
            made += again
            brought_back += somebody
        acknowledged += sum(map(len, evenings.acknowledged.values()))
        sessions += evenings.sessions
        erased += len(evenings.erased)
        assert server.terminate() == 0
        shutil.rmtree(server.data)
    print(
        f"{COPIES} copies under load, {acknowledged} messages acknowledged, {sessions} sessions, {erased} people erased; "
        f"{brought_back} copies had somebody who was erased since, {made} erasures made again; "
        f"a copy took {min(seconds):.1f} to {max(seconds):.1f} s"
    )
    assert brought_back and made, "no copy had anybody to be erased again: the test shows nothing"


def subjects(folder):
    """What a folder's list of erasures is about: all fields but time and check."""
    lines = (folder / "erasures").read_text().splitlines()[1:]
    return sorted((kind, name, digest) for kind, name, _, digest, _ in map(str.split, lines))


@pytest.fixture
def folder(serve, tickets):
    """The folder of a server that has ended: a session that is archived, one that lives."""
    server = serve("--reading-seconds", "0")
    for session in ("old", "live"):
        host = joined(server, tickets, session, "host", "host")
        host.call("session.start")
        host.call("chat.send", room="main", text=f"Kept in {session}")
        end([host]) if session == "old" else host.cut()
    assert server.terminate() == 0
    yield server.data
    server.start()


def test_what_is_wrong_with_the_arguments_is_told_with_a_code(folder, tmp_path):
    (tmp_path / "link").symlink_to(folder)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter").write_text("Dear")
    (tmp_path / "file").write_text("")
    wrong = [
        (64, ["--data", folder], "--to DIR"),
        (64, ["--to", tmp_path / "copy"], "--data DIR"),
        (64, ["--data", folder, "--to", folder], "belongs elsewhere"),
        (64, ["--data", folder, "--to", folder / "copy"], "belongs elsewhere"),
        (64, ["--data", folder, "--to", tmp_path / "link" / "copy"], "belongs elsewhere"),
        (64, ["--data", tmp_path / "link", "--to", folder / "archive" / "copy"], "belongs elsewhere"),
        (64, ["--data", folder, "--to", ""], "the path of a folder"),
        (73, ["--data", folder, "--to", tmp_path / "full"], "is not empty"),
        (73, ["--data", folder, "--to", tmp_path / "no" / "such"], "cannot create"),
        (73, ["--data", folder, "--to", tmp_path / "file"], "cannot create"),
        (78, ["--data", tmp_path / "full", "--to", tmp_path / "copy"], "holds no journal"),
        (78, ["--data", tmp_path / "none", "--to", tmp_path / "copy"], "is no folder"),
    ]
    before = all_files(folder)
    for code, arguments, words in wrong:
        done = run("backup", *arguments)
        assert (done.returncode, words in done.stderr) == (code, True), (arguments, done.returncode, done.stderr)
    assert all_files(folder) == before
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["letter"]
    assert not (tmp_path / "copy").exists()
    # A list that is not there is none, but where there is a journal from which nothing was erased.
    assert not (folder / "erasures").exists()
    done = run("erase", "--data", folder, "--erasures", folder / "erasures")
    assert done.returncode == 0 and "nothing was ever erased" in done.stdout, (done.returncode, done.stderr)
    for arguments in (["--erasures", tmp_path / "erasures"], ["--erasures", folder / "none"], ["--erasures", tmp_path / "file"]):
        assert run("erase", "--data", folder, *arguments).returncode in (65, 78)
    assert run("erase", "--data", folder, "--erasures", tmp_path / "file", "--person", "p").returncode == 64


def test_a_copy_is_for_its_owner_alone_and_starts(folder, serve, tmp_path):
    (tmp_path / "empty").mkdir(mode=0o700)
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"data": str(folder), "to": str(tmp_path / "empty")}))
    done = run("backup", "--config", config)
    assert done.returncode == 0, done.stderr
    assert "read back, verified and recovered" in done.stdout and "acknowledged before" in done.stdout
    copied = run("backup", env={"PLENARY_DATA": str(folder), "PLENARY_TO": str(tmp_path / "copy")})
    assert copied.returncode == 0, copied.stderr
    for path in [tmp_path / "copy", *all_files(tmp_path / "copy")]:
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
    names = [path.relative_to(tmp_path / "copy") for path in all_files(tmp_path / "copy")]
    assert names == [path.relative_to(tmp_path / "empty") for path in all_files(tmp_path / "empty")]
    assert not [name for name in names if name.name in ("unfinished-copy", "lock")]
    serve(data=tmp_path / "copy").wait_for_log(lambda entry: entry["event"] == "recovered")


@pytest.mark.parametrize("victim", ["archive", "checkpoints", "segments"])
def test_damage_is_named_and_nothing_is_left(folder, tmp_path, victim):
    path = sorted((folder / victim).glob("*.*"))[0]
    data = bytearray(path.read_bytes())
    data[4096 + 20 if victim == "segments" else len(data) - 20] ^= 4
    path.write_bytes(data)
    done = run("backup", "--data", folder, "--to", tmp_path / "copy")
    assert done.returncode == 65 and f"{victim}/{path.name}" in done.stderr, done.stderr
    assert "No copy was made" in done.stderr and not (tmp_path / "copy").exists()
    data[4096 + 20 if victim == "segments" else len(data) - 20] ^= 4
    path.write_bytes(data)


def test_a_disk_without_room_ends_it_and_nothing_is_left(folder, tmp_path):
    def short_of_room():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))

    done = subprocess.run(
        [BINARY, "backup", "--data", folder, "--to", tmp_path / "copy"], env=environment(), stderr=subprocess.PIPE,
        text=True, preexec_fn=short_of_room, check=False,
    )
    assert done.returncode == 74 and f"{tmp_path}/copy: write segments/" in done.stderr, done.stderr
    assert not (tmp_path / "copy").exists()


def test_a_copy_that_was_killed_is_not_taken_for_a_whole_one(folder, tmp_path, tickets):
    copy = tmp_path / "copy"
    process = subprocess.Popen([BINARY, "backup", "--data", folder, "--to", copy], env=environment())
    while not (copy / "unfinished-copy").exists():
        assert process.poll() is None
    process.kill()
    process.wait()
    assert (copy / "unfinished-copy").exists()
    for command in (["verify"], ["export", "--person", "host"], ["erase", "--person", "host"]):
        done = run(*command, "--data", copy)
        assert done.returncode == 65 and "did not finish" in done.stderr, done.stderr
    started = run("serve", "--data", copy, "--secret-file", tickets.secret_file, "--listen", "127.0.0.1:0")
    assert started.returncode == 65 and "did not finish" in started.stderr, started.stderr
    again = run("backup", "--data", folder, "--to", copy)
    assert again.returncode == 73 and "was not finished: remove it" in again.stderr
    shutil.rmtree(copy)
    assert run("backup", "--data", folder, "--to", copy).returncode == 0


def test_a_session_erased_since_does_not_come_back_and_who_came_back_stays(serve, tickets, tmp_path):
    server = serve("--reading-seconds", "0")
    operator = Operator(server, tickets)
    for session in ("old", "live"):
        host = joined(server, tickets, session, "host", "host")
        guest = joined(server, tickets, session, "Gull-guest")
        host.call("session.start")
        guest.call("chat.send", room="main", text=f"Gull in {session}")
        if session == "old":
            end([host, guest])
        else:
            host.close()
            guest.close()
    operator.delete("/v1/people/Gull-guest")
    with joined(server, tickets, "live", "Gull-guest") as guest:
        guest.call("chat.send", room="main", text="Gull again")
    first = tmp_path / "first"
    assert run("backup", "--data", server.data, "--to", first).returncode == 0
    operator.delete("/v1/sessions/old")
    operator.delete("/v1/sessions/live")
    server.kill()

    # What was erased before the copy is known there: whoever has come back since is left alone.
    same = run("erase", "--data", first, "--erasures", first / "erasures")
    assert same.returncode == 0 and "Nothing to erase" in same.stdout
    assert "Gull again" in run("export", "--data", first, "--person", "Gull-guest").stdout
    assert (first / "archive" / "old.log").exists()
    done = run("erase", "--data", first, "--erasures", server.data / "erasures")
    assert done.returncode == 0 and "2 erasures were not known here; 2 of them" in done.stdout, done.stdout
    assert not list((first / "archive").iterdir())
    assert run("export", "--data", first, "--person", "Gull-guest").returncode == 1
    # The list of the copy is as good as the one it came from.
    second = tmp_path / "second"
    assert run("backup", "--data", first, "--to", second).returncode == 0
    assert (second / "erasures").read_text() == (first / "erasures").read_text()
    assert subjects(first) == subjects(server.data)
    serve(data=second)
    server.start()
