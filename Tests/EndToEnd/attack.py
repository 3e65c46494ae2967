"""The `attack` fixture: one harness for all attacks (HOSTILE), which asserts what they share.

An attack is a function that gets the server's address, does one round and answers what it was told: status lines, close
codes, error codes. Ten rounds, and throughout:

- each round is told just what was promised;
- the process lives, and holds no socket of the attacker's when a round is over;
- a session beside it goes on: host and participant talk all the time, get all replies and hear all that is said, in order;
- `plenary_rejected_total` has counted the attack under its reason, or nothing at all where a row is answered politely;
- `plenary_refusals_total` has counted each command and join that was refused under its code, and nobody else's;
- the log has at most one line of a kind a minute;
- the tenth round ends with at most 5 % more memory than the second.

`PLENARY_ATTACK=full` (`make attack`) makes the heavy rows as heavy as they are meant to be, asserts the times as well, and
prints the table.
"""
import collections
import contextlib
import dataclasses
import os
import pathlib
import re
import threading
import time

import pytest
from client import Client
from conftest import stopped_after
from operators import Operator, person_path
from running import Server

FULL = os.environ.get("PLENARY_ATTACK") == "full"
# A sanitizer keeps what was freed, and its own books of it: how much a process holds says nothing then.
SANITIZED = "PLENARY_SANITIZED" in os.environ
ROUNDS = 10
PATIENCE_SECONDS = 30
LONGEST_REPLY_SECONDS = 2
MEMORY_GROWTH = 0.05
# Not the attack's: what the session beside it says stays, and the C library takes memory in steps of 128 KiB.
MEMORY_SLACK_KIB = 256
# Between two messages of the session beside, which takes turns: far below the limit on chat.
PAUSE_SECONDS = 0.4
ORIGIN = "https://good.example"
results = []


def amount(small, full):
    """How many of something: few in `make test`, all of them in `make attack`."""
    return full if FULL else small


class Target:
    """An attacked server as operators see it: counters, memory, log."""

    def __init__(self, server):
        self.server = server
        listening = server.wait_for_log(lambda entry: entry.get("event") == "listeningForAdmins")
        self.operator_address = listening["address"]
        self._operator = Operator(server, address=self.operator_address)
        # Once up, a server reads its journal again, a segment at a time in memory; this waits behind it for its own reading.
        assert self._operator.ask("GET", person_path("nobody")).status == 404

    def series(self):
        """All metrics by their name with labels."""
        lines = self._operator.get("/metrics").text.splitlines()
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}

    def rejected(self):
        """`plenary_rejected_total` by reason."""
        return self._counted("plenary_rejected_total", "reason")

    def refused(self):
        """`plenary_refusals_total` by code."""
        return self._counted("plenary_refusals_total", "code")

    def _counted(self, family, label):
        """What has been counted at all."""
        found = ((re.fullmatch(rf'{family}{{{label}="(\w+)"}}', name), value) for name, value in self.series().items())
        return collections.Counter({match[1]: int(value) for match, value in found if match and value})

    def sockets(self):
        """How many sockets the server holds, the one that asks for it included."""
        return sum(value for name, value in self.series().items() if name.startswith("plenary_sockets{"))

    def wait_for_sockets(self, most):
        """Waits until the server has let go of what it held for an attacker."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (held := self.sockets()) > most:
            assert time.monotonic() < deadline, f"{held} sockets are still held, {most} before the attack"
            # Nobody tells the end of a connection but the metrics.
            time.sleep(0.02)

    def memory(self):
        """Resident memory in KiB."""
        status = pathlib.Path(f"/proc/{self.server.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1])

    def processor_seconds(self):
        """What the process has computed so far, over all its threads."""
        tasks = pathlib.Path(f"/proc/{self.server.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


class Bystanders:
    """A host and a participant of a session of their own, who talk in turn until the end and must notice nothing."""

    ROLES = {"host": "host", "guest": "participant"}

    def __init__(self, address, session, tickets, trust=None):
        self.people = [Client(address, session, trust) for _ in self.ROLES]
        for client, (person, role) in zip(self.people, self.ROLES.items()):
            client.patience = PATIENCE_SECONDS
            client.join(tickets.forge(session=session, sub=person, role=role))
        self.people[0].call("session.start")
        # When each exchange began, and how long it took: sent, acknowledged, and heard by both.
        self.exchanges = []
        self.said = []
        self._failure = None
        self._is_over = False
        self._wanted = threading.Event()
        self._heard = threading.Condition()
        self._thread = threading.Thread(target=self._talk, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, kind, *_):
        self._is_over = True
        self._wanted.set()
        self._thread.join()
        for client in self.people:
            client.close()
        if kind is None:
            self._check()
            for client in self.people:
                assert self.heard(client) == self.said

    def tell(self, client, text):
        """One of them says something that both hear; answers the number of its push."""
        return client.call("chat.send", room="main", text=text)["seq"]

    def heard(self, client):
        """All that one of them has heard."""
        return [push["text"] for push in client.heard("chat.sent")]

    @property
    def longest(self):
        """Seconds that the slowest exchange took."""
        return max((seconds for _, seconds in self.exchanges), default=0)

    def exchange(self):
        """Waits until one more message was sent, acknowledged and heard by both."""
        with self._heard:
            known = len(self.said)
            self._wanted.set()
            assert self._heard.wait_for(lambda: self._failure or len(self.said) > known, PATIENCE_SECONDS)
        self._check()

    def _check(self):
        if self._failure:
            raise AssertionError("the session beside the attack has suffered") from self._failure

    def _talk(self):
        try:
            while not self._is_over:
                self._say(f"beside {len(self.said)}")
                self._wanted.wait(PAUSE_SECONDS)
                self._wanted.clear()
        except Exception as failure:
            # Whatever it is, the test's own thread raises it.
            self._failure = failure
        with self._heard:
            self._heard.notify_all()

    def _say(self, text):
        began = time.monotonic()
        seq = self.tell(self.people[len(self.said) % 2], text)
        for client in self.people:
            client.wait_for(lambda push: push.get("seq") == seq)
        self.exchanges.append((began, time.monotonic() - began))
        with self._heard:
            self.said.append(text)
            self._heard.notify_all()


@dataclasses.dataclass
class Result:
    """A line of the table."""

    name: str
    expected: str
    seen: str
    counted: str
    memory: str = ""
    longest: str = ""

    @property
    def row(self):
        """The number of the row in HOSTILE, if it has one."""
        match = re.match(r"test_row_(\d+)", self.name)
        return match[1] if match else "–"

    @property
    def cells(self):
        title = re.sub(r"^test_(row_\d+_)?", "", self.name).replace("_", " ")
        return (self.row, title, self.expected, self.seen, self.counted, self.memory, self.longest)


@dataclasses.dataclass
class Scene:
    """What goes on around an attack, and what it has to say to its line of the table."""

    beside: Bystanders
    memory: str = ""
    remark: str = ""


class Attack:
    """Attacks a server; each test has one."""

    def __init__(self, name, target, session, tickets):
        self.name = name
        self.target = target
        self.session = session
        self.tickets = tickets
        # What a test has been refused in rounds that differ, by code: it counts for itself.
        self.refused = collections.Counter()
        # What it has made operators do, whose every deed is a line of the log: so many lines, by event.
        self.logged = collections.Counter()

    def __call__(self, one_round, expected, rejected, refused=None):
        """Ten rounds of which each is told `expected` (a list of answers, in order), and all that attacks share.

        `rejected` says how often a round is counted, by reason; an empty one: it is answered politely, and counted nowhere.
        `refused` says how many of a round's commands and joins are refused, by code.
        """
        target = self.target
        sockets = target.sockets() + len(Bystanders.ROLES)
        memory = []
        with self.watched(expected, rejected, ROUNDS, refused=refused) as scene:
            for _ in range(ROUNDS):
                told = one_round(target.server.address)
                assert told == expected
                scene.beside.exchange()
                target.wait_for_sockets(sockets)
                memory.append(target.memory())
            second, tenth = memory[1], memory[-1]
            scene.memory = f"{tenth - second:+} KiB"
        assert SANITIZED or tenth <= second * (1 + MEMORY_GROWTH) + MEMORY_SLACK_KIB, f"memory in KiB by round: {memory}"

    @contextlib.contextmanager
    def watched(self, expected, rejected, rounds=1, people=Bystanders, refused=None):
        """What attacks share, around whatever is done in `with`, which sees for itself that it is told `expected`.

        It gets a `Scene`: the people beside (of the kind that is given), and what it wants to have in the table.
        """
        target = self.target
        known_lines, began = len(target.server.log), time.monotonic()
        trust = getattr(target.server, "trust", None)
        with people(target.server.address, f"{self.session}-beside", self.tickets, trust) as beside:
            scene = Scene(beside)
            before, refused_before = target.rejected(), target.refused()
            yield scene
            beside.exchange()
            assert target.server.process.poll() is None
            counted, refusals = target.rejected() - before, target.refused() - refused_before
        self._check_counters(counted, {reason: count * rounds for reason, count in rejected.items()})
        expected_refusals = self.refused + collections.Counter({code: count * rounds for code, count in (refused or {}).items()})
        assert refusals == expected_refusals, "what is refused is not counted as it is told"
        self._check_log(target.server.log[known_lines:], time.monotonic() - began)
        longest = f"{beside.longest * 1000:.0f} ms{scene.remark}"
        self.note(expected, rounds, counted, scene.memory, longest, refusals)
        assert not FULL or beside.longest <= LONGEST_REPLY_SECONDS

    def note(self, answers, rounds, counted, memory="", longest="", refused=None):
        """Keeps a line for the table: these answers so many times, and what was counted by reason and by code."""
        numbers = collections.Counter(map(str, answers))
        told = [*counted.items(), *((f"refused {code}", count) for code, count in (refused or {}).items())]
        reasons = ", ".join(f"{reason} {count}" for reason, count in told)
        seen = [f"{rounds * count} × {answer}" for answer, count in numbers.items()]
        results.append(Result(self.name, short(numbers), short(seen), reasons or "–", memory, longest))

    @staticmethod
    def _check_counters(counted, rejected):
        if rejected:
            short = {reason: counted[reason] for reason, count in rejected.items() if counted[reason] < count}
            assert not short, f"counted too rarely: {short}, of {rejected}"
        else:
            assert not counted, "answered politely, and counted all the same"

    def _check_log(self, lines, seconds):
        assert not [line for line in lines if "event" not in line], "a line that is no event"
        events = collections.Counter(line["event"] for line in lines)
        often = {event: count for event, count in (events - self.logged).items() if count > 1 + seconds // 60}
        assert not often, f"said too often in {seconds:.0f} s: {often}"


def short(words, most=5):
    """As many of them as a cell of a table holds."""
    words = list(words)
    more = [f"{len(words) - most} more"] if len(words) > most else []
    return ", ".join(words[:most] + more)


def arguments(folder, tickets):
    """With what an attacked server is started."""
    return ("--data", folder, "--secret-file", tickets.secret_file, "--admin", "127.0.0.1:0", "--origin", ORIGIN)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory, tickets):
    """The server that all attacks of a module are on."""
    with stopped_after() as servers:
        servers.append(Server("serve", *arguments(tmp_path_factory.mktemp("attacked") / "data", tickets)))
        yield Target(servers[0].start())


@pytest.fixture
def attack(request, attacked, session, tickets):
    """Attacks the module's server."""
    return Attack(request.node.name, attacked, session, tickets)


@pytest.fixture
def attack_on(request, serve, session, tickets):
    """Starts a server of the test's own with more options; answers what attacks it."""
    options = ("--admin", "127.0.0.1:0", "--origin", ORIGIN)
    return lambda *more: Attack(request.node.name, Target(serve(*options, *more)), session, tickets)


@pytest.fixture
def attack_of(request, session, tickets):
    """Attacks a server that a test has started; it needs a listener for operators."""
    return lambda server: Attack(request.node.name, Target(server), session, tickets)


@pytest.fixture
def noted(request):
    """Keeps a line for the table of a test that is no attack in rounds: what was expected, what was seen."""
    return lambda expected, seen: results.append(Result(request.node.name, expected, seen, "–"))


def pytest_configure(config):
    config.addinivalue_line("markers", "full: takes minutes, or thousands of people; `make attack` plays it")
    config.addinivalue_line("markers", "own_memory: leaves the process no memory, which its sanitizer needs before it does")


def pytest_collection_modifyitems(config, items):
    """Leaves to `make attack` what only that has the time for, and out what a sanitizer cannot live through."""
    left_out = ([] if FULL else ["full"]) + (["own_memory"] if SANITIZED else [])
    left = [item for item in items if any(item.get_closest_marker(name) for name in left_out)]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


def pytest_terminal_summary(terminalreporter):
    """What `make attack` is for: row, expected, seen, and the reason counted."""
    if not FULL or not results:
        return
    terminalreporter.section("attacks")
    heads = ("row", "attack", "expected", "seen in all rounds", "reason counted", "memory, round 2 to 10", "longest reply beside")
    for cells in (heads, ["---"] * len(heads), *(result.cells for result in results)):
        terminalreporter.write_line("| " + " | ".join(cells) + " |")
