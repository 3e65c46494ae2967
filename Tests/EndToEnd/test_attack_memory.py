"""The ceiling of memory that a server prints at its start, attacked at once in all ways that hold memory (HOSTILE, Limits)."""
import concurrent.futures
import contextlib
import pathlib
import re
import socket
import time

import pytest
from attack import SANITIZED, Bystanders, amount
from client import Client, Refused
from operators import Operator, person_path
from raw import Wire, frame, request

TEXT = 1
MIB = 1 << 20
# Where memory is not asked for, a few do.
CONNECTIONS = 30 if SANITIZED else amount(60, 300)
SESSIONS, SEATS, CHAT_BYTES = amount(8, 40), amount(100, 1_200), amount(2, 24) * MIB
OUTBOX_BYTES, OUTBOX_HARD_BYTES, MAILBOX_BYTES, MESSAGE_BYTES, HEAD_BYTES = 512 << 10, MIB, MIB, 64 << 10, 8 << 10
# What TLS adds to a connection at most.
SECURE_BYTES = 64 << 10
# For each reader who has stopped; two answers more leave it well below `OUTBOX_BYTES`.
WAITING_BYTES = 192 << 10
# What reading the journal may take: two segments at a time, whole.
SEGMENTS_BYTES = 2 * 64 * MIB
HELD_FOR_LONG = [part for name in ("handshake", "join", "message", "outbox") for part in (f"--{name}-seconds", "600")]
LIMITS = (
    *HELD_FOR_LONG, "--ping-seconds", "600", "--silence-seconds", "3600", "--max-connections", CONNECTIONS,
    "--max-sessions", SESSIONS, "--max-seats", SEATS, "--seats-per-session", SEATS, "--max-chat-bytes", CHAT_BYTES,
    "--outbox-bytes", OUTBOX_BYTES, "--outbox-hard-bytes", OUTBOX_HARD_BYTES, "--mailbox-bytes", MAILBOX_BYTES,
    "--rounds-per-session", "2", "--rooms-per-round", "100", "--commands-per-second", "1000",
    "--commands-burst", "1000000", "--chat-burst", "1000000",
)
EMOJI = [chr(0x1F600 + number) for number in range(20)]
# What a message with all these signs on it counts as, for how many are sent before the long ones.
SIGNED_BYTES = 4_200
TOO_MANY = 3


def resident(server, what="VmRSS"):
    """Resident memory in bytes, now or at its most (`VmHWM`)."""
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.search(rf"{what}:\s+(\d+) kB", status)[1]) << 10


def command(number, do, **fields):
    """A command as a frame."""
    words = "".join(f',"{name}":"{value}"' for name, value in fields.items())
    return frame(TEXT, f'{{"id":{number},"do":"{do}"{words}}}'.encode())


class StoppedReader(Wire):
    """Joins, and reads nothing of what it asks for from then on."""

    def __init__(self, address, session, ticket, trust):
        host, _, port = address.rpartition(":")
        self.buffer = b""
        self.socket = socket.socket()
        # As little as the kernel allows: what is not taken here stays with the server.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        self.socket.settimeout(60)
        self.socket.connect((host, int(port)))
        self.secure(trust)
        self.send(request(f"GET /v1/sessions/{session} HTTP/1.1"))
        assert self.read_head().status == 101
        self._number = 1
        self.send(command(1, "session.join", ticket=ticket))
        # Before it is answered, a message of the longest kind is one too long.
        self.socket.recv(1)

    def ask(self, times):
        """Asks for the history so often: 64 KiB each."""
        numbers = range(self._number + 1, self._number + 1 + times)
        self.send(b"".join(command(number, "chat.history", room="main") for number in numbers))
        self._number += times

    @property
    def asked(self):
        """How often it has."""
        return self._number - 1

    def hold_back(self):
        """Holds back the last byte of a message of the longest kind."""
        self.send(frame(TEXT, b"x" * MESSAGE_BYTES)[:-1])


class Waving(Bystanders):
    """People beside who raise a hand and lower it, since a server that is full takes no words."""

    def tell(self, client, text):
        return self.people[1].call("hand.lower" if len(self.said) % 2 else "hand.raise")["seq"]

    def heard(self, client):
        hands = [push["on"] for push in client.said.pushes if push["on"].startswith("hand.")]
        assert hands == (["hand.raised", "hand.lowered"] * len(hands))[: len(hands)]
        return self.said[: len(hands)]


class Hoard:
    """All that an attacker makes a server keep in its state; each way answers what ended it. `refused` counts refusals by code."""

    def __init__(self, server, session, tickets, refused):
        self.address = server.address
        self.trust = getattr(server, "trust", None)
        self.session = session
        self.refused = refused
        self._tickets = tickets
        self.people = 0

    def ticket(self, session, person, role="participant"):
        """A ticket with everything as long as may be."""
        person = person.ljust(64, "-")
        return self._tickets.forge(session=session, sub=person, name=person.ljust(128, "n"), school="s" * 128, role=role)

    def hosted(self, session):
        """A host who has started the session."""
        host = Client(self.address, session, self.trust)
        host.join(self.ticket(session, f"host-{session}", "host"))
        host.call("session.start")
        return host

    def fill_the_big_one(self):
        """A session whose state is long: rooms with long tasks, and words."""
        with self.hosted(self.session) as host:
            host.call("breakouts.open", rooms=[{"name": "R" * 128, "task": "t" * 480} for _ in range(80)])
            for _ in range(20):
                host.call("breakouts.addRoom", name="R" * 128, task="t" * 2_000, place="p" * 500)
            for _ in range(17):
                host.call("chat.send", room="main", text="w" * 4_000)
            host.cut()

    def fill_words(self):
        """Short messages with as many signs as may be, then long ones, until the server is full, for signs and rooms as well."""
        with self.hosted(f"{self.session}-0") as host:
            # A session takes 50,000 signs.
            for _ in range(min(45, CHAT_BYTES // 2 // (50 * SIGNED_BYTES))):
                for sent in self._asked(host, [("chat.send", {"room": "main", "text": "x"})] * 50):
                    signs = [{"message": sent["message"], "emoji": emoji, "on": True} for emoji in EMOJI]
                    assert "serverFull" not in self._asked(host, [("chat.react", sign) for sign in signs])
            last, told = sent["message"], []
            while not told:
                answers = self._asked(host, [("chat.send", {"room": "main", "text": "w" * 4_000})] * 20)
                told = [answer for answer in answers if isinstance(answer, str)]
            host.cut()
        with self.hosted(f"{self.session}-1") as host:
            more = [("chat.send", {"room": "main", "text": "x"}), ("breakouts.open", {"count": 2})]
            told = sorted(set(told)) + self._asked(host, more)
            host.cut()
        with Client(self.address, f"{self.session}-0", self.trust) as other:
            other.join(self.ticket(f"{self.session}-0", "other"))
            return told + self._asked(other, [("chat.react", {"message": last, "emoji": EMOJI[0], "on": True})])

    def fill_sessions(self):
        """Sessions until one is too many."""
        for number in range(SESSIONS):
            session = f"{self.session}-{number}"
            if told := self._refused(session, self.ticket(session, f"host-{session}", "host")):
                return told
        raise AssertionError("no session was one too many")

    def fill_seats(self):
        """Seats until one is too many."""
        while not (told := self._refused(self.session, self.ticket(self.session, f"p{self.people}"))):
            self.people += 1
        return told

    def _asked(self, client, commands):
        """What each of many commands that are under way at once is answered: its result, or its code."""
        numbers = [client.send(do, **fields) for do, fields in commands]
        told = []
        for number in numbers:
            try:
                told.append(client.result(number))
            except Refused as refused:
                self.refused[refused.code] += 1
                told.append(refused.code)
        for kept in (client.said.pushes, client.said.messages, client.said.replies):
            kept.clear()
        return told

    def _refused(self, session, ticket):
        with Client(self.address, session, self.trust) as client:
            try:
                client.join(ticket)
            except Refused as refused:
                self.refused[refused.code] += 1
                return [refused.code, client.closed()[0]]
            client.cut()
            return None


def ask_until_some_waits(target, reader, witness):
    """Asks, twice at a time, until `WAITING_BYTES` wait for the reader: the kernel takes what it likes before that."""
    # What the engine has counted is on its way to the loop; what somebody else is answered afterwards comes behind it.
    witness.call("time.sync")
    before = series = target.series()
    waiting, answered = 'plenary_outbox_bytes{loop="0"}', 'plenary_commands_total{command="chat.history"}'
    while series[waiting] - before[waiting] < WAITING_BYTES:
        assert reader.asked < 1_000, "nothing ever waits"
        reader.ask(2)
        while target.series()[answered] < series[answered] + 2:
            # Nobody tells it but the metrics, and who asks all the time keeps others from the processor.
            time.sleep(0.005)
        witness.call("time.sync")
        series = target.series()


def turned_away(address, trust, free):
    """What those are told who come when no connection is left."""
    with contextlib.ExitStack() as stack:
        wires = [stack.enter_context(Wire(address, trust=trust)) for _ in range(free + TOO_MANY)]
        return [wire.read_head().status for wire in wires[-TOO_MANY:]]


def busy_operators(target, erased):
    """Two read all that is kept of somebody, which reads the whole journal, while a third has somebody erased."""
    operator = Operator(None, address=target.operator_address)
    asking = [("GET", person_path("nobody")), ("GET", person_path("no-other")), ("DELETE", person_path(erased))]
    with concurrent.futures.ThreadPoolExecutor(len(asking)) as threads:
        answers = list(threads.map(lambda each: operator.ask(*each).status, asking))
    assert answers == [404, 404, 200]


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("secure_bytes", [
    pytest.param(0, id="in the plain"), pytest.param(SECURE_BYTES, id="with a certificate", marks=pytest.mark.full),
])
def test_the_ceiling_of_memory_holds_whatever_is_done_at_once(serve, secure, attack_of, tickets, session, secure_bytes):
    server = secure(*LIMITS) if secure_bytes else serve("--admin", "127.0.0.1:0", *LIMITS)
    attack = attack_of(server)
    target = attack.target
    ceiling = server.wait_for_log(lambda entry: entry["event"] == "limits")["memoryBytes"]
    idle, before, hoard = resident(server), target.rejected(), Hoard(server, session, tickets, attack.refused)
    expected = ["serverFull", 1013, *["serverFull"] * 5, 1013, *[503] * TOO_MANY]
    with attack.watched(expected, {"full": TOO_MANY, "slowConsumer": 1}, people=Waving) as scene, contextlib.ExitStack() as stack:
        hoard.fill_the_big_one()
        told = [*hoard.fill_sessions(), *hoard.fill_words(), *hoard.fill_seats()]
        scene.beside.exchange()
        head = request(more=["X-Held: " + "h" * 1_000] * 7)
        for _ in range(CONNECTIONS // 8):
            wire = stack.enter_context(Wire(server.address, trust=hoard.trust))
            wire.send((head[:-2] + b"X-Last: " + b"h" * HEAD_BYTES)[: HEAD_BYTES - 1])
        witness = stack.enter_context(Client(server.address, session, hoard.trust))
        witness.join(hoard.ticket(session, f"host-{session}", "host"))
        held_before = int(target.sockets())
        readers = CONNECTIONS - held_before - 8
        stop_reading(target, hoard, stack, readers, witness)
        wait_for_slow(target, before, readers // 10, held_before + readers)
        scene.beside.exchange()
        sockets = int(target.sockets())
        told += turned_away(server.address, hoard.trust, CONNECTIONS - sockets + 1)
        target.wait_for_sockets(sockets)
        assert told == expected
        held, series = resident(server) - idle, target.series()
        busy_operators(target, f"host-{session}-2".ljust(64, "-"))
        scene.beside.exchange()
        most = resident(server, "VmHWM")
        scene.memory = f"at most {most // MIB} of {ceiling // MIB} MiB"
    assert (series["plenary_seats"], series["plenary_sessions"]) == (SEATS, SESSIONS)
    waiting = series['plenary_outbox_bytes{loop="0"}']
    assert waiting >= readers * WAITING_BYTES // 2, "they did not hold what they were to hold"
    print(f"held {held / MIB:.1f} MiB, in outboxes {waiting / MIB:.1f}; at most {most / MIB:.1f} of {ceiling / MIB:.1f}")
    assert SANITIZED or most <= ceiling
    # What is held is less than that share of it which neither reading the journal nor writing a checkpoint takes.
    connections, mailboxes = CONNECTIONS * (OUTBOX_HARD_BYTES + MESSAGE_BYTES + (4 << 10) + secure_bytes), 8 * MAILBOX_BYTES
    sessions = (ceiling - connections - mailboxes - SEGMENTS_BYTES) // 2
    assert SANITIZED or held <= connections + mailboxes + sessions


def stop_reading(target, hoard, stack, readers, witness):
    """So many readers who have stopped, with something waiting for each; every tenth wants more than may wait."""
    for number in range(readers):
        ticket = hoard.ticket(hoard.session, f"p{number % hoard.people}")
        reader = stack.enter_context(StoppedReader(hoard.address, hoard.session, ticket, hoard.trust))
        ask_until_some_waits(target, reader, witness)
        if number % 10 == 9:
            reader.ask(8)
        elif number > 0:
            reader.hold_back()


def wait_for_slow(target, before, count, sockets):
    """Waits until so many of the sockets have been closed for not reading, and are let go of."""

    def are_gone():
        slow = (target.rejected() - before)["slowConsumer"]
        return slow >= count and target.sockets() <= sockets - slow

    target.server.wait_until(are_gone)
