"""HOSTILE 85: unmistakable words in every field that people or clients fill; none is in any line of the log, nor in /metrics."""
import contextlib
import json
import secrets

import canaries
import pytest
from client import Client
from conftest import stopped_after
from operators import Operator, person_path
from raw import Wire, exchange, request
from running import Server
from tickets import SigningKey, Tickets, encoded, keys_file, secret_jwk

WORD = "Cnry"


class Loose:
    """Words that were let loose, by the field that they were put into."""

    def __init__(self):
        self.words = {}

    def __call__(self, field):
        return self.words.setdefault(field, f"{WORD}-{field}-{secrets.token_hex(4)}")

    def ticket(self, field, ticket):
        """A ticket, of which no part may be found anywhere: neither header, claims nor signature."""
        self.words |= {f"{field}, part {number}": part for number, part in enumerate(ticket.split(".")) if len(part) > 16}
        return ticket

    def found(self, text):
        """The fields whose words are in a text."""
        return {field: word for field, word in self.words.items() if word in text}


@pytest.fixture(params=["json", "text"])
def held(request, tmp_path):
    """A server with every kind of key, whose secrets are canaries themselves."""
    loose = Loose()
    tickets = Tickets(tmp_path)
    tickets.secret = loose("secretFile") + secrets.token_hex(16)
    tickets.secret_file.write_text(tickets.secret + "\n")
    named = loose("keysFile") + secrets.token_hex(16)
    loose.words["keysFile as it is written"] = encoded(named.encode())
    school = SigningKey(tmp_path, "school")
    loose.words["private key"] = school.file.read_text().splitlines()[1]
    loose.words["public key"] = school.jwk["x"]
    keys = keys_file(tmp_path / "keys.json", secret_jwk("autumn", named), school.jwk)
    # Others may read it, which is told of the file and not of what is in it.
    keys.chmod(0o644)
    with stopped_after() as servers:
        server = Server(
            "serve", "--data", tmp_path / "data", "--secret-file", tickets.secret_file, "--keys-file", keys,
            "--log", request.param, "--admin", "127.0.0.1:0", "--trusted-proxy", "127.0.0.1", "--reading-seconds", "0",
        )
        servers.append(server)
        server.form, server.tickets, server.school, server.named = request.param, tickets, school, named
        yield server.start(), loose


def test_row_85_nothing_that_anybody_fills_in_is_in_the_log_or_the_metrics(held, noted):
    server, loose = held
    lines = []
    evenings(server, loose)
    bad_tickets(server, loose)
    bad_commands(server, loose)
    seen = bad_requests(server, loose)
    operator = Operator(server, server.tickets)
    loose.ticket("an operator's ticket", operator.fields["Authorization"].split()[1])
    seen.append(operator.get("/metrics").text)
    operator.delete(person_path(canaries.PERSON))
    seen.append(operator.get("/metrics").text)
    # In order, so that all is said; then by force, so that something is to be recovered; then in order again.
    for end in (server.terminate, server.kill, server.terminate):
        end()
        lines += server.log + server.output
        server.start()
    log = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    assert len(loose.words) > 100
    assert loose.found(log) == {}
    assert loose.found("\n".join(seen)) == {}
    assert WORD not in log and tickets_in(log) == []
    was_talkative(server, log, lines)
    noted("nothing in log or metrics", f"{len(loose.words)} canaries, {len(lines)} lines, none found")


def was_talkative(server, log, lines):
    """The events that strangers cause were told: a log that says nothing would hold no canary either."""
    sentences = {
        "ticketRefused": "A ticket was refused", "requestRefused": "A request was refused",
        "commandsMalformed": "A connection was closed for malformed commands", "keysExposed": "Others on this machine can get",
        "originRefused": "A web page of another origin was refused", "erased": "What was to be forgotten has left the disk",
        "archived": "Sessions that are over were archived",
    }
    told = {entry.get("event") for entry in lines if isinstance(entry, dict)}
    for event, sentence in sentences.items():
        assert (event in told) if server.form == "json" else (sentence in log), event
    # By design: a refused origin is shown, once, and cut.
    assert 1 <= log.count(f"https://{WORD.lower()}-origin.example") <= 4
    assert "x" * 200 not in log


def tickets_in(text):
    """What looks like the beginning of any ticket: a header `{"` in base64."""
    return [word for word in text.replace('"', " ").split() if "eyJ" in word]


def evenings(server, loose):
    """Two evenings with every field filled, one of which is over and archived."""
    for play, session in ((canaries.play_host, "evening-a"), (canaries.play_participant, "evening-b")):
        people, words = play(server, server.tickets, session)
        loose.words |= {f"{session}: {field}": word for field, word in words.made.items()}
        if session == "evening-a":
            canaries.end(people)
        for person in people:
            person.close()
    loose.words["person"] = canaries.PERSON
    loose.words |= {word: word for word in canaries.KEPT}
    claims = {
        "sub": f"{WORD}-sub-1", "name": loose("name"), "school": loose("school"), "community": loose("community"),
        "title": loose("title"), "place": loose("place"), "session": loose("session"), "role": "host", "extra": loose("claim"),
    }
    loose.words["sub"] = claims["sub"]
    good = server.tickets.forge(claims, {"alg": "HS256", "kid": "autumn", "cty": loose("cty")}, secret=server.named)
    exp = 4_000_000_000
    signed = server.school.sign(claims | {"exp": exp, "sub": "other"})
    for field, ticket in (("HS256", good), ("EdDSA", signed)):
        with Client(server.address, claims["session"], user_agent_header=loose("userAgent")) as client:
            client.join(loose.ticket(field, ticket))
            client.call("chat.send", room="hosts", text=loose(f"chat by {field}"), key=loose(f"key by {field}"))


def bad_tickets(server, loose):
    """Joins that are refused, each for another reason."""
    forge = server.tickets.forge
    bad = {
        "kid": forge(header={"alg": "HS256", "kid": loose("kid")}), "alg": forge(header={"alg": loose("alg")}),
        "no ticket": loose("noTicket"), "role": forge(role=loose("role")), "other session": forge(session=loose("otherSession")),
        "expired": forge(exp=1_600_000_000, name=loose("expiredName")), "late": forge(nbf=4_000_000_000),
        "another key": forge(secret=loose("anotherSecret") + "0" * 32), "EdDSA": server.school.sign({"sub": loose("unsigned")}),
    }
    for field, ticket in bad.items():
        with Client(server.address, "evening") as client:
            client.send("session.join", ticket=loose.ticket(field, ticket), resume={"epoch": "0" * 16, "after": 0})
            assert client.closed()[0] in (4501, 4401), field


def bad_commands(server, loose):
    """What is malformed, unknown, refused, too long, or no text at all."""
    with Client(server.address, "evening") as client:
        client.join(loose.ticket("commander", server.tickets.make("evening", "commander", "host", name=loose("commander"))))
        for do, fields in (
            (loose("do"), {}), ("chat.send", {loose("field"): 1}), ("chat.send", {"room": loose("room"), "text": loose("text")}),
            ("chat.send", {"room": "main", "text": loose("tooLong") + "x" * 5000}), ("chat.react", {"message": 1, "emoji": loose("emoji")}),
            ("participant.label", {"person": loose("whom"), "text": loose("label")}),
        ):
            client.refusal(do, **fields)
        for number in range(3):
            with contextlib.suppress(Exception):
                client.send_raw(loose(f"noJSON{number}"))
        assert client.closed()[0] == 4500
    for opcode_of in (str.encode, str):
        with Client(server.address, "evening") as client:
            client.send_raw(opcode_of(loose("early")))
            client.cut()


def bad_requests(server, loose):
    """Requests with canaries in each of their parts; answers what was said to them."""
    ticket = loose.ticket("in the request", server.tickets.forge(name=loose("nameInRequest")))
    fields = [f"{name}: {loose(name)}" for name in ("User-Agent", "Cookie", "Referer", "X-Canary", "X-Forwarded-For", "Via")]
    fields += [f"{loose('fieldName')}: 1", f"Authorization: Bearer {ticket}"]
    query = f"ticket={ticket}&{loose('query')}=1"
    lines = [
        f"GET /{loose('path')}?{query} HTTP/1.1", f"GET /v1/sessions/{loose('sessionInPath')}?{query} HTTP/1.1",
        f"GET /v1/people/{loose('personInPath')}?{query} HTTP/1.1", f"GET /metrics?{query} HTTP/1.1",
        f"GET /v1/sessions/evening/attendance?format={loose('format')} HTTP/1.1", f"{loose('method')} / HTTP/1.1",
        f"GET /v1/rehearsals?prefix={loose('prefix')} HTTP/1.1", f"GET / {loose('version')}", f"GET {loose('target')} HTTP/1.1",
    ]
    answers = [exchange(server.address, request(line, more=fields)) for line in lines]
    answers += [
        exchange(server.address, request(Sec_WebSocket_Key=loose("webSocketKey"))),
        exchange(server.address, request(Sec_WebSocket_Protocol=loose("subprotocol"))),
        exchange(server.address, request(host=loose("host"), Sec_WebSocket_Version=loose("webSocketVersion"))),
        exchange(server.address, request(Upgrade=loose("upgrade"))),
    ]
    # By design the log shows a refused origin, cut: it is no word of the others'.
    origin = f"https://{WORD.lower()}-origin.example"
    answers += [exchange(server.address, request(Origin=each)) for each in (origin, origin + "x" * 1000)]
    with Wire(server.address) as wire:
        wire.send(request(more=[f"X-Canary: {loose('upgraded')}"]))
        assert wire.read_head().status == 101
    assert {answer.status for answer in answers} <= {101, 200, 400, 401, 403, 404, 405, 426, 505}, answers
    return [answer.data.decode("latin-1") for answer in answers]
