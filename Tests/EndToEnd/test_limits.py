"""Limits that are the operator's and that no attack tries: see `Protocol/limits.md`, which names a test for each."""
import contextlib
import json
import signal

import pytest
from attack import Target
from client import Client
from operators import Operator, person_path
from raw import Wire, frame, opened, request

TEXT, CONTINUATION, CLOSE = 1, 0, 8
# A turn of the server's loop takes in 64.
REQUESTS = 60


@pytest.fixture
def limited(serve):
    """A server with these options, as operators see it."""
    return lambda *options, **settings: Target(serve("--admin", "127.0.0.1:0", *options, **settings))


@pytest.fixture
def joined(session, tickets):
    """A connection of the host's that has joined."""

    def join(server):
        wire = opened(server.address, session)
        wire.send(command(1, "session.join", ticket=tickets.make(session, "host", "host")))
        assert json.loads(wire.read_frame()[1])["re"] == 1
        return wire

    return join


def command(number, do, **fields):
    return frame(TEXT, json.dumps({"id": number, "do": do} | fields).encode())


def errors_until_closed(wire):
    """The codes of what is refused or malformed, and with which one the server closes."""
    codes = []
    while (told := wire.read_frame())[0] != CLOSE:
        message = json.loads(told[1])
        codes += [message["error"]["code"]] if "error" in message else []
    return codes, int.from_bytes(told[1][:2])


def test_connections_take_nine_tenths_of_the_descriptors(limited):
    descriptors = 640
    target = limited("--join-seconds", "600", under=("prlimit", f"--nofile={descriptors}:{descriptors}"))
    server = target.server
    # The operator's connections from before are gone when the server says so.
    target.wait_for_sockets(1)
    with contextlib.ExitStack() as wires:
        inside = 0
        while True:
            wire = wires.enter_context(Wire(server.address))
            wire.send(request())
            if (head := wire.read_head()).status != 101:
                break
            inside += 1
            assert inside < descriptors
        assert head.status == 503 and int(head.field("Retry-After")) > 0
    # Its own last question may not have been let go of at the first try.
    assert descriptors * 9 // 10 - 1 <= inside <= descriptors * 9 // 10
    operator = Operator(server, address=target.operator_address)
    while operator.ask("GET", "/metrics").status == 503:
        pass
    assert target.rejected()["full"] >= 1 and target.rejected()["descriptors"] == 0


def test_fragments_are_counted_before_the_join_as_after_it(limited, session, joined):
    target = limited("--message-fragments", "3")
    parts = frame(TEXT, b"{", final=False) + frame(CONTINUATION, b" ", final=False) * 3
    for wire in (opened(target.server.address, session), joined(target.server)):
        with wire:
            wire.send(parts)
            assert wire.read_close() == 1008
    assert target.rejected()["violation"] == 2


def test_patience_with_a_client_is_the_operators(limited, joined):
    patience = ("--malformed-messages", "2", "--haste-refusals", "3", "--commands-per-second", "1", "--commands-burst", "2")
    target = limited(*patience)
    with joined(target.server) as wire:
        wire.send(frame(TEXT, b"{") * 2)
        assert errors_until_closed(wire) == (["malformed"] * 2, 4500)
    with joined(target.server) as wire:
        wire.send(b"".join(command(number, "time.sync") for number in range(2, 52)))
        assert errors_until_closed(wire) == (["slowDown"] * 3, 4429)
    expected = {"malformed": 2, "closedMalformed": 1, "commandRate": 3, "closedCommandRate": 1}
    assert {reason: target.rejected()[reason] for reason in expected} == expected


def test_patience_with_who_chats_too_much_is_the_same(limited, joined):
    target = limited("--haste-refusals", "3", "--chat-burst", "2")
    with joined(target.server) as wire:
        wire.send(command(2, "session.start"))
        wire.send(b"".join(command(number, "chat.send", room="main", text="x") for number in range(3, 23)))
        assert errors_until_closed(wire) == (["slowDown"] * 3, 4429)
    refused = {'plenary_refusals_total{code="slowDown"}': 3, 'plenary_rejected_total{reason="closedCommandRate"}': 1}
    series = target.series()
    assert {name: series[name] for name in refused} == refused


def test_the_connection_that_makes_room_on_a_seat_is_counted(limited, session, tickets):
    target = limited("--connections-per-seat", "1")
    ticket = tickets.make(session, "host", "host")
    with Client(target.server.address, session) as first, Client(target.server.address, session) as second:
        first.join(ticket)
        second.join(ticket)
        assert first.closed()[0] == 4509
        assert second.call("time.sync")
    assert target.rejected()["seatConnections"] == 1


def test_operators_who_are_too_many_are_told_503_and_counted(limited):
    """All have asked before the server reads the first: it stood still meanwhile."""
    target = limited("--waiting-requests", "1")
    process = target.server.process
    with contextlib.ExitStack() as wires:
        process.send_signal(signal.SIGSTOP)
        asking = [wires.enter_context(Wire(target.operator_address)) for _ in range(REQUESTS)]
        for wire in asking:
            wire.send(request(f"GET {person_path('nobody')} HTTP/1.1", Upgrade=None, Connection=None))
        process.send_signal(signal.SIGCONT)
        heads = [wire.read_head() for wire in asking]
    assert {head.status for head in heads} == {404, 503}
    turned_away = [head for head in heads if head.status == 503]
    assert all(int(head.field("Retry-After")) > 0 for head in turned_away)
    assert target.rejected()["operatorsWaiting"] == len(turned_away)
