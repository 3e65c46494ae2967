"""Attacks on TLS (HOSTILE 6 to 9; a hello that never ends is in `test_attack_tcp.py`), ten rounds of each; see `attack.py`."""
import asyncio
import base64
import contextlib
import json
import resource
import signal
import ssl

import pytest
from attack import amount
from raw import Wire, exchange
from running import PATIENCE_SECONDS
from tls import GET, Certificates, asked, s_client, trusting
from websockets.asyncio.client import connect as connect_async

# A hello of SSL 2.0 with one cipher (RFC 6101 appendix E).
HELLO_OF_SSL_2 = bytes([0x80, 0x0C, 1, 0, 2, 0, 3, 0, 0, 0, 0, 1, 0, 0x80])
IN_WORDS = "This port speaks TLS only. Please use https:// or wss:// instead."
DEVICES = 8


def found(told, *sentences):
    """The first of the sentences that stands in what was told, or else all of that."""
    return next((sentence for sentence in sentences if sentence in told), told)


def test_row_6_what_is_no_tls_of_today_is_refused_and_plain_http_told_in_words(secure, attack_of):
    server = secure()
    attack = attack_of(server)

    def one_round(address):
        told = [
            found(asked(server, version, "-cipher", "ALL:@SECLEVEL=0")[1], "alert protocol version", "HTTP/1.1 200 OK")
            for version in ("-tls1", "-tls1_1")
        ]
        with Wire(address) as old:
            old.send(HELLO_OF_SSL_2)
            told.append(b"HTTP" in old.read_to_end())
        plain = exchange(address, GET.encode())
        told += [plain.status, plain.body.decode().strip()]
        return told + [found(asked(server)[1], "HTTP/1.1 200 OK")]

    expected = ["alert protocol version"] * 2 + [False, 400, IN_WORDS, "HTTP/1.1 200 OK"]
    attack(one_round, expected, {"plainText": 1, "handshakeFailed": 3})


def test_row_7_renegotiation_is_refused(secure, attack_of):
    """The client is told so and goes; nothing was turned away that the server had to do."""
    server = secure()
    attack = attack_of(server)

    def one_round(_):
        # A line of R alone asks for it.
        _, told = s_client(server, "-tls1_2", talk="R\n")
        assert "RENEGOTIATING" in told
        return [found(told, "no renegotiation"), found(asked(server, "-tls1_2")[1], "HTTP/1.1 200 OK")]

    attack(one_round, ["no renegotiation", "HTTP/1.1 200 OK"], {})


def parts_of(sequence):
    """The parts of an ASN.1 sequence in DER, in order; the tag of each, of those that there are here, is one byte."""

    def bounds(start):
        """Where the content begins, and where it ends: the length may take more bytes than one."""
        length, begin = sequence[start + 1], start + 2
        if length & 0x80:
            begin += length & 0x7F
            length = int.from_bytes(sequence[start + 2 : begin])
        return begin, begin + length

    at, end = bounds(0)
    parts = []
    while at < end:
        _, behind = bounds(at)
        parts.append(sequence[at:behind])
        at = behind
    return parts


def allowing_early_data(session):
    """The file of a session as `s_client` keeps it, changed as if the server had promised to take a megabyte early."""
    parts = parts_of(base64.b64decode("".join(session.read_text().splitlines()[1:-1])))
    # What a server promises is part 15 of OpenSSL's session, and left out where it is nothing.
    assert 0xAF not in [part[0] for part in parts]
    parts.append(bytes([0xAF, 5, 2, 3]) + (1 << 20).to_bytes(3))
    # Those that have a number follow each other by it, behind those that have none.
    content = b"".join(sorted(parts, key=lambda part: part[0]))
    whole = base64.encodebytes(b"\x30\x82" + len(content).to_bytes(2) + content).decode()
    return f"-----BEGIN SSL SESSION PARAMETERS-----\n{whole}-----END SSL SESSION PARAMETERS-----\n"


def test_row_8_early_data_is_not_taken(secure, attack_of, tmp_path):
    """The ticket promises to take none; who sends it all the same is answered what came behind it, or nothing if it is much."""
    server = secure()
    attack = attack_of(server)
    kept, changed, early, much = (tmp_path / name for name in ("session", "changed", "early", "much"))
    early.write_text(GET)
    # No more than fits into one record is passed over (RFC 8446 section 4.2.10).
    much.write_bytes(b"x" * 24_576)

    def one_round(_):
        told = [found(asked(server, "-tls1_3", "-sess_out", kept)[1], "Max Early Data: 0")]
        changed.write_text(allowing_early_data(kept))
        _, again = asked(server, "-tls1_3", "-sess_in", changed, "-early_data", early)
        assert "Reused, TLSv1.3" in again
        told += [found(again, "Early data was rejected"), again.count("HTTP/1.1 200 OK")]
        _, too_much = asked(server, "-tls1_3", "-sess_in", changed, "-early_data", much)
        # A reset may come before the client has found out more.
        assert "Early data was accepted" not in too_much
        return told + [too_much.count("HTTP/1.1 200 OK")]

    attack(one_round, ["Max Early Data: 0", "Early data was rejected", 1, 0], {"handshakeFailed": 1})


@contextlib.contextmanager
def many_descriptors():
    """This process holds both ends' worth of connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8_192), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.timeout(1800)
def test_row_9_a_certificate_is_replaced_under_1000_connections_and_nobody_is_dropped(secure, attack_of, tickets, session):
    """Forty here. Everybody is asked before, between and after; the certificate is broken first, then renewed."""
    # A thousand clients in one process on a busy machine may be slow to answer pings, and that is not what this is about.
    server = secure("--ping-seconds", "300", "--silence-seconds", "600")
    attack = attack_of(server)
    made = {person: tickets.forge(session=session, sub=person) for person in ["late", *map(str, range(amount(5, 125)))]}

    def one_round(_):
        return asyncio.run(replaced_under(attack, session, made))

    with many_descriptors():
        attack(one_round, ["all answer"] * 4 + ["unknown to whoever trusts the old one", "all answer"], {"handshakeFailed": 1})


async def replaced_under(attack, session, made):
    """One round: what the devices of all people are told; then all go."""
    server = attack.target.server
    late, people = made["late"], [ticket for person, ticket in made.items() if person != "late"]
    trust, before = trusting(server.certificate), server.certificate.read_bytes()
    inside = [await joining(server, session, trust, ticket) for ticket in people for _ in range(DEVICES)]
    told = [await all_answer(inside, 2)]
    server.certificate.write_text("no certificate\n")
    refused = await asyncio.to_thread(read_again, attack, "certificateUnusable")
    assert str(server.certificate) in refused["why"]
    told.append(await all_answer(inside, 3))
    newcomer = await joining(server, session, trust, late)
    told.append(await all_answer([newcomer], 2))
    server.certificate.write_bytes(before)
    Certificates(server.certificate.parent).make()
    await asyncio.to_thread(read_again, attack, "certificateRead")
    told.append(await all_answer([*inside, newcomer], 4))
    try:
        await joining(server, session, trust, late)
    except ssl.SSLCertVerificationError:
        told.append("unknown to whoever trusts the old one")
    inside += [newcomer, await joining(server, session, trusting(server.certificate), late)]
    told.append(await all_answer(inside, 5))
    for connection in inside:
        connection.transport.abort()
    return told


def read_again(attack, event):
    """Has the server read its files again; answers the line that says what came of the certificate."""
    server = attack.target.server
    known = len(server.log)
    attack.logged.update(["signal", "limits", "configurationRead", event])
    server.signal(signal.SIGHUP)
    server.wait_until(lambda: any(entry.get("event") == event for entry in server.log[known:]))
    return next(entry for entry in server.log[known:] if entry.get("event") == event)


async def joining(server, session, trust, ticket):
    """A connection that has joined."""
    connection = await connect_async(
        f"wss://localhost:{server.port}/v1/sessions/{session}", ssl=trust, subprotocols=["plenary.v1"], ping_interval=None,
        open_timeout=PATIENCE_SECONDS,
    )
    await connection.send(json.dumps({"id": 1, "do": "session.join", "ticket": ticket}))
    assert "ok" in await answer(connection, 1)
    return connection


async def all_answer(connections, number):
    """Asks on all of them for the time, and waits for each answer."""
    for connection in connections:
        await connection.send(json.dumps({"id": number, "do": "time.sync"}))
    answers = [await answer(connection, number) for connection in connections]
    return "all answer" if all("ok" in each for each in answers) else answers


async def answer(connection, number):
    """The reply to a command."""
    while True:
        message = json.loads(await asyncio.wait_for(connection.recv(), PATIENCE_SECONDS))
        if message.get("re") == number:
            return message
