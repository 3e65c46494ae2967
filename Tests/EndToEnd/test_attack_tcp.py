"""Attacks on TCP and TLS themselves (HOSTILE 1 to 5; 6 to 9 are in `test_attack_tls.py`), ten rounds of each; see `attack.py`."""
import contextlib
import os
import resource
import socket
import struct
import time

import pytest
from attack import amount
from raw import Wire, frame, opened, request

TEXT = 1
HELLO = bytes.fromhex("16030100c8010000c40303") + bytes(32)


def drip(wire, data, pause=0.05):
    """One byte after the other until the server has had enough; what it said to that."""
    wire.socket.settimeout(pause)
    told = b""
    for byte in data:
        wire.send(bytes([byte]))
        try:
            more = wire.socket.recv(65_536)
        except TimeoutError:
            continue
        except ConnectionResetError:
            return told or b"reset"
        if not more:
            return told or b"reset"
        told += more
        wire.socket.settimeout(30)
    raise AssertionError("it was never enough")


def test_row_1_who_connects_and_says_nothing_is_told_408(attack_on):
    attack = attack_on("--handshake-seconds", "0.3")
    count = 20

    def one_round(address):
        wires = [Wire(address) for _ in range(count)]
        with contextlib.ExitStack() as stack:
            for wire in wires:
                stack.enter_context(wire)
            return [wire.read_head().status for wire in wires]

    attack(one_round, [408] * count, {"handshakeTimeout": count})


@pytest.mark.parametrize("kind, expected, reason", [
    ("request", b"HTTP/1.1 408", "handshakeTimeout"), ("frame", struct.pack(">H", 1008), "messageTimeout"),
])
def test_row_2_one_byte_after_the_other_has_an_end(attack_on, tickets, kind, expected, reason):
    attack = attack_on("--handshake-seconds", "0.3", "--message-seconds", "0.3", "--join-seconds", "30")

    def one_round(address):
        if kind == "request":
            with Wire(address) as wire:
                return [drip(wire, request() * 9)[:12]]
        with opened(address) as wire:
            told = drip(wire, frame(TEXT, b"x" * 4_000))
            return [told[2:4]]

    attack(one_round, [expected], {reason: 1})


def test_row_2_a_hello_of_tls_byte_by_byte_has_an_end(secure, attack_of):
    attack = attack_of(secure("--handshake-seconds", "0.3"))

    def one_round(address):
        with Wire(address) as wire:
            return [drip(wire, HELLO * 4)]

    attack(one_round, [b"reset"], {"handshakeTimeout": 1})


def test_row_2_a_head_that_is_held_back_behind_tls_has_an_end(secure, attack_of):
    """Whoever has shaken hands and then says nothing, half a head, or one byte after the other, is told so over TLS."""
    server = secure("--handshake-seconds", "1")
    attack = attack_of(server)
    held = [b"", request()[:1], request()[:-2], request("GET /healthz HTTP/1.1", Upgrade=None, Connection=None)[:40]]

    def one_round(address):
        with contextlib.ExitStack() as stack:
            *silent, slow = [stack.enter_context(Wire(address, trust=server.trust)) for _ in range(len(held) + 1)]
            for wire, part in zip(silent, held):
                wire.send(part)
            told = [drip(slow, request() * 9)[:12]]
            for wire in silent:
                told.append(wire.read_head().data[:12])
                assert wire.socket.version() and wire.read_to_end().endswith(b"\n")
            return told

    attack(one_round, [b"HTTP/1.1 408"] * (len(held) + 1), {"handshakeTimeout": len(held) + 1})


@pytest.mark.timeout(1800)
def test_row_3_idle_sockets_of_one_address_are_told_503_and_others_get_in(attack_on):
    count = amount(300, 20_000)
    attack = attack_on("--limit-loopback", "--new-connections-burst", str(11 * count), "--handshake-seconds", "60")

    def one_round(address):
        waiting, told = [], []
        try:
            for _ in range(count):
                wire = Wire(address)
                wire.socket.settimeout(0.02 if len(waiting) < 100 and not told else 30)
                # Whoever is let in hears nothing.
                try:
                    told.append(wire.read_head().status)
                    wire.close()
                except TimeoutError:
                    waiting.append(wire)
            # Of one loop the answers are in order: whoever was to be told has been by now, on a busy machine as well.
            for wire in waiting[:]:
                wire.socket.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    told.append(wire.read_head().status)
                    waiting.remove(wire)
                    wire.close()
            with Wire(address, source="127.0.0.2") as other:
                other.send(request())
                return [len(waiting), *sorted(set(told)), other.read_head().status]
        finally:
            for wire in waiting:
                wire.close()

    attack(one_round, [64, 503, 101], {"addressPending": count - 64})


def test_row_4_without_descriptors_newcomers_are_told_and_the_server_does_not_spin(attack_on):
    attack = attack_on("--handshake-seconds", "60", "--spare-descriptors", "8")
    server = attack.target.server
    soft, hard = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)

    def one_round(address):
        held = len(os.listdir(f"/proc/{server.process.pid}/fd"))
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (held + 10, hard))
        wires, told = [], []
        try:
            while len(told) < 5:
                wire = Wire(address)
                wires.append(wire)
                wire.send(request())
                # Gaps between its numbers let some in first.
                if (status := wire.read_head().status) != 101:
                    told.append(status)
            assert len(wires) < 60
            before = attack.target.processor_seconds()
            # Somebody waits at the door all the time, and nothing else happens.
            with Wire(address):
                time.sleep(0.3)
            assert attack.target.processor_seconds() - before < 0.2, "it is busy with nothing"
            return told
        finally:
            resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (soft, hard))
            for wire in wires:
                wire.close()

    attack(one_round, [503] * 5, {"descriptors": 5})


def test_row_5_a_reset_in_every_state_is_nothing_and_half_a_close_gets_its_answer(attack, tickets):
    ticket = tickets.forge(session=attack.session, sub="p1")
    join = frame(TEXT, f'{{"id":1,"do":"session.join","ticket":"{ticket}"}}'.encode())

    def reset(wire):
        wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        wire.close()

    def one_round(address):
        for data in (b"", b"GET", request(), request() + frame(TEXT, b"x" * 100)[:50]):
            wire = Wire(address)
            wire.send(data)
            reset(wire)
        for data in (b"", join[:9], join, join + join[:20], join + frame(8, struct.pack(">H", 1000))):
            wire = opened(address, attack.session)
            wire.send(data)
            reset(wire)
        with Wire(address) as half:
            half.send(request("GET /healthz HTTP/1.1", Upgrade=None, Connection=None))
            half.socket.shutdown(socket.SHUT_WR)
            return [half.read_head().status]

    attack(one_round, [200], {})
