"""Attacks by frames (HOSTILE 27 to 40), ten rounds of each while others talk beside; see `attack.py` for what each asserts."""
import concurrent.futures
import itertools
import json
import struct

import pytest
from attack import FULL, amount
from raw import Wire, frame, header, opened

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
CONTINUATION = 0
MASK = b"\x01\x02\x03\x04"
# As many connections send what has no end; more of them only wait for each other in this process.
SENDERS = 16


@pytest.fixture
def joined(attack, tickets):
    """Connections that have joined the test's session: of more people than there are connections at once."""
    people = itertools.cycle(f"p{number}" for number in range(amount(40, 400)))

    def join(address):
        wire = opened(address, attack.session)
        wire.send(command(1, "session.join", ticket=tickets.forge(session=attack.session, sub=next(people), role="cohost")))
        assert "ok" in next_reply(wire)
        return wire

    return join


def command(number, do, **fields):
    return frame(TEXT, json.dumps({"id": number, "do": do} | fields).encode())


def next_reply(wire):
    """The next reply to a command; what else is told the others in the session is passed over."""
    while True:
        opcode, payload = wire.read_frame()
        assert opcode == TEXT, (opcode, payload)
        if "re" in (message := json.loads(payload)):
            return message


def close_codes(address, attacks, start=opened):
    """With which code each of these pieces ends a connection of its own."""
    told = []
    for data in attacks:
        with start(address) as wire:
            wire.send(data)
            told.append(wire.read_close())
    return told


def all_closed(attack, attacks, code, reason="violation", start=opened):
    """Each of the pieces ends its connection with this code, in each round, and is counted under this reason."""
    attack(lambda address: close_codes(address, attacks, start), [code] * len(attacks), {reason: len(attacks)})


def test_row_27_unmasked_frames_are_1002(attack):
    all_closed(attack, [header(opcode, 2, masked=False) + b"{}" for opcode in (TEXT, BINARY, PING, PONG)], 1002)


def test_row_28_reserved_bits_are_1002(attack):
    all_closed(attack, [frame(opcode | bit, b"{}") for opcode in (TEXT, PING) for bit in (0x40, 0x20, 0x10)], 1002)


def test_row_29_reserved_opcodes_are_1002(attack):
    all_closed(attack, [frame(opcode) for opcode in (*range(3, 8), *range(11, 16))], 1002)


def test_row_30_large_and_fragmented_control_frames_are_1002(attack):
    large = [frame(opcode, b"a" * size) for opcode in (CLOSE, PING, PONG) for size in (126, 70_000)]
    all_closed(attack, [*large, *(frame(opcode, b"\x03\xe8", final=False) for opcode in (CLOSE, PING, PONG))], 1002)


def test_row_31_fragments_out_of_place_are_1002(attack):
    begun = frame(TEXT, b"{", final=False)
    attacks = [
        frame(CONTINUATION), frame(CONTINUATION, b"}", final=False), begun + frame(TEXT, b"}"), begun + frame(BINARY, b"}"),
        begun + frame(PING) + frame(TEXT, b"}", final=False),
    ]
    all_closed(attack, attacks, 1002)


def test_row_32_lengths_not_in_their_shortest_form_are_1002(attack):
    lengths = [(0, 126), (125, 126), (0, 127), (125, 127), (126, 127), (65_535, 127)]
    all_closed(attack, [header(TEXT, length, form=form) + MASK for length, form in lengths], 1002)


def test_row_33_lengths_that_no_machine_has_are_refused_unread(attack):
    large = [1 << 31, 1 << 32]
    large = [length + difference for length in large for difference in (-1, 0, 1)] + [(1 << 63) - 1]
    negative = [1 << 63, (1 << 63) + 1, (1 << 64) - 1]
    attacks = [header(TEXT, length) + MASK + b"{" for length in large + negative]
    # In a fragmented message what was there before is added.
    begun = frame(TEXT, b"{", final=False)
    attacks += [begun + header(CONTINUATION, length) + MASK + b"{" for length in large + negative]
    codes = [1009] * len(large) + [1002] * len(negative)
    attack(lambda address: close_codes(address, attacks), codes * 2, {"violation": len(attacks)})


def test_row_34_a_promise_over_the_limit_is_1009_at_once(attack, joined):
    early = [header(TEXT, 4_097), frame(TEXT, b"a" * 4_000, final=False) + header(CONTINUATION, 97)]
    late = [header(TEXT, 65_537), frame(TEXT, b"a" * 65_000, final=False) + header(CONTINUATION, 537)]

    def one_round(address):
        return close_codes(address, early) + close_codes(address, late, joined)

    attack(one_round, [1009] * 4, {"violation": 4})


def test_row_35_every_split_into_single_bytes_works(attack, joined):
    pieces = [bytes([byte]) for byte in json.dumps({"id": 2, "do": "time.sync"}).encode()]

    def one_round(address):
        with joined(address) as wire:
            # A frame for each byte, and each frame byte by byte.
            for index, piece in enumerate(pieces):
                opcode = CONTINUATION if index else TEXT
                for byte in frame(opcode, piece, final=index == len(pieces) - 1):
                    wire.send(bytes([byte]))
            told = [next_reply(wire)["re"]]
            for data in (frame(PING, b"split"), frame(CLOSE, b"\x03\xe8")):
                for byte in data:
                    wire.send(bytes([byte]))
            opcode, payload = wire.read_frame()
            while opcode == TEXT:
                opcode, payload = wire.read_frame()
            assert (opcode, payload) == (PONG, b"split")
            return [*told, wire.read_close()]

    attack(one_round, [2, 1000], {})


def test_row_36_bad_utf_8_at_every_offset_is_1007_within_its_fragment(attack):
    text = '{"é":"€😀"}'.encode()
    wrong = {
        "lone continuation": b"\x80", "never": b"\xff", "surrogate": b"\xed\xa0\x80", "overlong": b"\xc0\xaf",
        "overlong of three": b"\xe0\x80\xaf", "overlong of four": b"\xf0\x80\x80\xaf", "beyond Unicode": b"\xf4\x90\x80\x80",
    }
    # The message goes on; the server must not wait for it.
    attacks = [frame(TEXT, text[:offset] + b"\xff", final=False) for offset in range(len(text) + 1)]
    attacks += [frame(TEXT, b'{"' + bad, final=False) for bad in wrong.values()]
    # The first part of a sequence, and in the next fragment what cannot belong to it; a frame that ends within one.
    attacks += [frame(TEXT, bad[:1], final=False) + frame(CONTINUATION, bad[1:], final=False) for bad in wrong.values()]
    attacks += [frame(TEXT, "😀".encode()[:length]) for length in (1, 2, 3)]
    all_closed(attack, attacks, 1007)


def test_row_36_good_utf_8_may_be_split_at_every_offset(attack, joined):
    text = '{"id":%d,"do":"é€😀"}'

    def one_round(address):
        told = []
        with joined(address) as wire:
            for offset in range(1, len(text.encode())):
                data = (text % (offset + 1)).encode()
                wire.send(frame(TEXT, data[:offset], final=False) + frame(CONTINUATION, data[offset:]))
                told.append(next_reply(wire)["error"]["code"])
        return told

    count = len(text.encode()) - 1
    attack(one_round, ["unknownCommand"] * count, {}, {"unknownCommand": count})


def test_row_37_binary_is_1003(attack, joined):
    attacks = [frame(BINARY, b"{}"), frame(BINARY), frame(BINARY, b"\xff", final=False) + frame(CONTINUATION)]

    def one_round(address):
        return close_codes(address, attacks) + close_codes(address, attacks, joined)

    attack(one_round, [1003] * 6, {"binary": 6})


@pytest.mark.parametrize("opcode", [PING, PONG], ids=["pings", "pongs"])
def test_row_38_10000_pings_a_second_are_1008(attack, joined, opcode):
    data = frame(opcode, b"p" * 125) * amount(500, 10_000)
    all_closed(attack, [data] * 4, 1008, "controlFlood", joined)


def test_row_39_close_frames_are_echoed(attack):
    allowed = [1000, 1001, 1002, 1003, *range(1007, 1015), 3000, 3999, 4000, 4999]
    attacks = [frame(CLOSE), *(frame(CLOSE, struct.pack(">H", code) + "Grüße".encode()) for code in allowed)]
    attack(lambda address: close_codes(address, attacks), [None, *allowed], {})


def test_row_39_bad_close_frames_are_1002_or_1007(attack):
    few = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65_535]
    codes = [*range(1000), 1004, 1005, 1006, *range(1015, 3000), *range(5000, 65_536, 97), 65_535] if FULL else few
    attacks = [frame(CLOSE, b"\x03"), *(frame(CLOSE, struct.pack(">H", code)) for code in codes)]
    reasons = [b"\xff", b"\xed\xa0\x80", b"a\xf0\x9f\x98"]
    attacks += [frame(CLOSE, b"\x03\xe8" + reason) for reason in reasons]
    expected = [1002] * (1 + len(codes)) + [1007] * len(reasons)
    attack(lambda address: close_codes(address, attacks), expected, {"violation": len(attacks)})


def test_row_39_what_follows_a_close_frame_is_ignored(attack, joined):
    behind = [command(2, "time.sync"), frame(PING, b"late"), b"\xff" * 1_000, frame(CLOSE, b"\x03\xe9")]

    def one_round(address):
        # `read_close` fails if there is anything before the end but the echo.
        return close_codes(address, [frame(CLOSE, b"\x03\xe8") + data for data in behind], joined)

    attack(one_round, [1000] * len(behind), {})


def test_row_40_100000_empty_frames_are_1008(attack, joined):
    number = amount(500, 100_000)
    # One message without end; an empty fragment before each of a few commands, which are no haste themselves; empty messages.
    endless = frame(TEXT, final=False) + frame(CONTINUATION, final=False) * number
    begun = [frame(TEXT, final=False) + continued(command(number, "time.sync")) for number in range(2, 32)]
    attacks = [endless, b"".join(begun), frame(TEXT) * number]

    def one_round(address):
        return close_codes(address, attacks, joined)

    # An empty message is no JSON, and its third ends the connection before it is a flood.
    attack(one_round, [1008, 1008, 4500], {"violation": 1, "controlFlood": 1, "malformed": 3, "closedMalformed": 1})


def continued(whole):
    """The same frame as the last fragment of a message."""
    return bytes([whole[0] & 0xF0 | CONTINUATION]) + whole[1:]


def test_100000_one_byte_continuations_of_200_clients_leave_memory_flat(attack, joined):
    clients, number = amount(20, 200), amount(1_000, 100_000)
    data = frame(TEXT, b'"', final=False) + frame(CONTINUATION, b"a", final=False) * number

    def one_round(address):
        wires = [joined(address) for _ in range(clients)]
        try:
            with concurrent.futures.ThreadPoolExecutor(SENDERS) as senders:
                list(senders.map(lambda wire: wire.send(data), wires))
            return [wire.read_close() for wire in wires]
        finally:
            for wire in wires:
                wire.close()

    attack(one_round, [1008] * clients, {"violation": clients})


def test_control_payloads_of_0_1_and_125_bytes_echo_exactly(attack):
    payloads = [b"", b"\0", bytes(range(125))]

    def one_round(address):
        with opened(address) as wire:
            told = []
            for payload in payloads:
                wire.send(frame(PING, payload))
                opcode, echo = wire.read_frame()
                assert (opcode, echo) == (PONG, payload)
                told.append(len(echo))
        for payload in payloads[::2]:
            # A close frame's payload is a code and a reason; only the code comes back (RFC 6455 section 5.5.1).
            with opened(address) as wire:
                wire.send(frame(CLOSE, (b"\x03\xe8" + b"r" * 123) if payload else b""))
                told.append(wire.read_close())
        return told

    attack(one_round, [0, 1, 125, None, 1000], {})
