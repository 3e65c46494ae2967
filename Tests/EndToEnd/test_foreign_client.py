"""A client that shares no code with the server: join, chat, resume, and what happens to one that misbehaves."""
import json

import pytest
from client import Client, Refused
from raw import Wire, frame, request
from websockets.exceptions import InvalidStatus

TEXT_BYTES = 4000


@pytest.fixture
def live(join):
    """A live session with a host and one participant."""
    host = join("host", "host")
    host.call("session.start")
    guest = join("guest")
    return host, guest


def resume_of(client):
    """What a client says to come back without a gap."""
    return {"epoch": client.welcome["epoch"], "after": client.said.last_seq}


# Joining


def test_the_welcome_says_where_one_is(join, tickets):
    host = join("host", "host", school="North")
    assert host.socket.subprotocol == "plenary.v1"
    welcome = host.welcome
    assert welcome["resumed"] is False
    assert welcome["epoch"] and isinstance(welcome["epoch"], str)
    assert welcome["seq"] > 0 and welcome["now"] > 1_600_000_000_000
    assert welcome["server"] and welcome["limits"]
    assert welcome["you"]["person"] == "host" and welcome["you"]["role"] == "host"
    state = welcome["state"]
    assert state["session"]["phase"] == "lobby" and state["host"] == "host"
    assert state["breakouts"] is None and state["chat"]["main"] == []
    assert state["attendance"]["here"] == 1
    (me,) = state["participants"]
    expected = {"person": "host", "name": "Host", "school": "North", "role": "host", "presence": "here", "room": "main"}
    assert expected.items() <= me.items()


def test_who_is_here_hears_who_comes_and_who_leaves(join):
    host = join("host", "host")
    guest = join("guest")
    joined = host.on("participant.joined", person="guest")
    assert joined["room"] == "main" and joined["seq"] > host.welcome["seq"]
    assert [each["person"] for each in guest.welcome["state"]["participants"]] == ["host", "guest"]
    guest.call("session.leave")
    assert host.on("participant.left", person="guest")["seq"] > joined["seq"]


def test_a_second_device_takes_the_same_seat(join):
    host = join("host", "host")
    first, second = join("guest"), join("guest")
    assert len(second.welcome["state"]["participants"]) == 2
    host.call("session.start")
    sent = first.call("chat.send", room="main", text="from the first")
    assert second.on("chat.sent", message=sent["message"])["from"] == "guest"
    assert len([push for push in host.heard("participant.joined") if push["person"] == "guest"]) == 1


def test_a_ticket_for_a_term_opens_every_session_of_its_prefix(server, tickets):
    ticket = tickets.make("term-*", "p1", "host")
    for session in ["term-1", "term-2"]:
        with Client(server.address, session) as client:
            assert client.join(ticket)["state"]["session"]["id"] == session
    with Client(server.address, "other-1") as client:
        client.send("session.join", ticket=ticket)
        assert client.closed()[0] == 4501


# Chat


def test_the_asker_hears_the_reply_first_and_everybody_the_same_push(live):
    host, guest = live
    sent = guest.call("chat.send", room="main", text="Grüße — 你好 👋\n<b>not bold</b>")
    assert not [push for push in guest.heard("chat.sent")], "the push came before the reply"
    heard = [client.on("chat.sent", message=sent["message"]) for client in live]
    assert heard[0] == heard[1]
    expected = {"from": "guest", "room": "main", "text": "Grüße — 你好 👋\n<b>not bold</b>", "seq": sent["seq"]}
    assert expected.items() <= heard[0].items()


def test_messages_are_read_later_in_their_order(live, join):
    host, _ = live
    for number in range(8):
        host.call("chat.send", room="main", text=f"message {number}")
    late = join("late")
    assert [each["text"] for each in late.welcome["state"]["chat"]["main"]] == [f"message {n}" for n in range(8)]
    newest = late.call("chat.history", room="main", limit=3)["messages"]
    assert [each["text"] for each in newest] == ["message 5", "message 6", "message 7"]
    older = late.call("chat.history", room="main", before=newest[0]["message"], limit=2)["messages"]
    assert [each["text"] for each in older] == ["message 3", "message 4"]


def test_a_repeated_key_answers_the_first_result_and_does_nothing(live):
    host, guest = live
    first = guest.call("chat.send", room="main", text="once", key="k-1")
    again = guest.call("chat.send", room="main", text="once", key="k-1")
    assert again["message"] == first["message"] and again["repeated"] is True
    guest.call("chat.send", room="main", text="after")
    host.on("chat.sent", text="after")
    assert [push["text"] for push in host.heard("chat.sent")] == ["once", "after"]


def test_faster_than_the_limit_is_refused_with_a_wait(live):
    host, _ = live
    refusals = []
    for number in [host.send("chat.send", room="main", text=f"burst {n}") for n in range(15)]:
        try:
            host.result(number)
        except Refused as refused:
            refusals.append(refused.error)
    assert refusals and all(refusal["retryAfter"] > 0 for refusal in refusals)
    assert len(refusals) <= 5


def test_participants_wait_for_the_start(join):
    join("host", "host")
    guest = join("guest")
    assert guest.refusal("chat.send", room="main", text="early")["code"] == "notLive"


# Coming back


def test_a_lost_connection_comes_back_without_gap_or_double(live, join):
    host, guest = live
    host.call("chat.send", room="main", text="before")
    guest.on("chat.sent", text="before")
    resume = resume_of(guest)
    guest.cut()
    for number in range(3):
        host.call("chat.send", room="main", text=f"missed {number}")
    back = join("guest", resume=resume)
    assert back.welcome["resumed"] is True and "state" not in back.welcome
    assert back.welcome["epoch"] == resume["epoch"]
    host.call("chat.send", room="main", text="after")
    back.on("chat.sent", text="after")
    texts = [push["text"] for push in back.heard("chat.sent")]
    assert texts == ["missed 0", "missed 1", "missed 2", "after"]
    assert all(push["seq"] > resume["after"] for push in back.heard("chat.sent"))


@pytest.mark.parametrize("change", ["epoch", "after"])
def test_a_resume_that_cannot_be_is_a_full_state_and_says_so(live, join, change):
    _, guest = live
    impossible = {"epoch": guest.welcome["epoch"][::-1], "after": 1 << 40}
    back = join("guest", resume=resume_of(guest) | {change: impossible[change]})
    assert back.welcome["resumed"] is False
    assert {each["person"] for each in back.welcome["state"]["participants"]} == {"host", "guest"}


def test_a_resume_of_another_session_is_a_full_state(live, server, tickets):
    host, _ = live
    with Client(server.address, "elsewhere") as client:
        client.join(tickets.make("elsewhere", "host", "host"), resume=resume_of(host))
        assert client.welcome["resumed"] is False
        assert client.welcome["state"]["session"]["id"] == "elsewhere"


# Refused: answered, and the connection stays


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        ({"do": "session.explode"}, "unknownCommand", None),
        ({"do": "chat.send", "room": "main", "text": "a", "colour": "red"}, "unknownField", "colour"),
        ({"do": "chat.send", "room": 1, "text": "a"}, "badValue", "room"),
        ({"do": "chat.send", "room": "main"}, "badValue", "text"),
        ({"do": "chat.send", "room": "main", "text": "a\u0000b"}, "badValue", "text"),
        ({"do": "chat.send", "room": "main", "text": "e" + "\u0301" * 31}, "badValue", "text"),
        ({"do": "chat.send", "room": "main", "text": "x" * (TEXT_BYTES + 1)}, "tooLong", "text"),
        ({"do": "chat.send", "room": "b9-9", "text": "a"}, "noSuchRoom", None),
        ({"do": "chat.history", "room": "main", "limit": 101}, "badValue", "limit"),
    ],
)
def test_what_cannot_be_is_refused_by_name(live, command, code, field):
    _, guest = live
    fields = {name: value for name, value in command.items() if name != "do"}
    for _ in range(4):
        error = guest.refusal(command["do"], **fields)
        assert error["code"] == code and error["message"]
        assert field is None or error["field"] == field
    assert guest.call("chat.send", room="main", text="x" * TEXT_BYTES)["seq"] > 0


def test_a_participant_gives_no_orders(live):
    host, guest = live
    for do, fields in [("breakouts.open", {"count": 2}), ("session.end", {}), ("cohost.add", {"person": "guest"})]:
        assert guest.refusal(do, **fields)["code"] in {"notHost", "hostsOnly"}
    guest.call("chat.send", room="main", text="still here")
    host.on("chat.sent", text="still here")
    assert {push["on"] for push in host.said.pushes if "seq" in push} <= {"participant.joined", "chat.sent", "session.started"}


# Malformed: the third closes

MALFORMED = [
    "", "no JSON", "[]", '"text"', "7", "null", "{}", '{"id":50}', '{"do":"chat.send"}', '{"id":"50","do":"chat.send"}',
    '{"id":50,"do":7}', '{"id":50.5,"do":"chat.send"}', '{"id":1e400,"do":"chat.send"}', '{"id":-0,"do":"chat.send"}',
    '{"id":9007199254740993,"do":"chat.send"}', '{"id":18446744073709551616,"do":"chat.send"}',
    '{"id":50,"do":"chat.send"} {}', '\ufeff{"id":50,"do":"chat.send"}', '{"id":50,"do":"chat.send","a":NaN}',
    '{"id":50,/* a */"do":"chat.send"}', '{"id":50,"do":"chat.send","do":"chat.send"}',
    '{"id":50,"do":"chat.send","text":"\\ud800"}', '{"id":50,"do":"chat.send","text":"a\nb"}',
    '{"id":1,"do":"chat.send"}', '{"id":50,"do":"chat.send","a":' + "[" * 17 + "]" * 17 + "}",
    json.dumps({"id": 50, "do": "chat.send"} | {f"m{number}": 0 for number in range(63)}),
    '{"id":' + "5" * 60_000 + ',"do":"chat.send"}',
]


@pytest.mark.parametrize("message", MALFORMED, ids=range(len(MALFORMED)))
def test_the_third_malformed_message_closes(live, message):
    host, guest = live
    for _ in range(3):
        guest.send_raw(message)
    assert guest.closed()[0] == 4500
    assert len(guest.said.errors) in {2, 3} and all(error["message"] for error in guest.said.errors)
    host.call("chat.send", room="main", text="others go on")


def test_two_malformed_messages_are_forgiven(live):
    _, guest = live
    guest.send_raw("no JSON")
    guest.send_raw("no JSON")
    assert guest.error()["message"]
    assert guest.call("chat.send", room="main", text="sorry")["seq"] > 0


def test_a_binary_message_closes_1003(live):
    _, guest = live
    guest.send_raw(b"{}")
    assert guest.closed()[0] == 1003


def test_a_message_over_the_limit_closes_1009(live):
    _, guest = live
    guest.send_raw("x" * (64 * 1024 + 1))
    assert guest.closed()[0] == 1009


# Haste


def test_who_asks_too_fast_is_told_to_wait_and_then_closed(server, session, tickets):
    def said(number, do, **fields):
        return frame(1, json.dumps({"id": number, "do": do} | fields).encode())

    with Wire(server.address) as wire:
        wire.send(request(f"GET /v1/sessions/{session} HTTP/1.1"))
        assert wire.read_head().status == 101
        wire.send(said(1, "session.join", ticket=tickets.make(session, "host", "host")))
        assert json.loads(wire.read_frame()[1])["re"] == 1
        # All at once, so that no pause fills the allowance by much: 40 are taken, 50 refused, one more ends it.
        wire.send(b"".join(said(number, "time.sync") for number in range(2, 402)))
        refusals = []
        while True:
            opcode, payload = wire.read_frame()
            if opcode == 8:
                break
            if "error" in (message := json.loads(payload)):
                refusals.append(message["error"])
        assert payload[:2] == (4429).to_bytes(2, "big")
        assert len(refusals) == 50 and {refusal["code"] for refusal in refusals} == {"slowDown"}
        assert all(refusal["retryAfter"] > 0 for refusal in refusals)


# Before the join


def open_client(server, session):
    return Client(server.address, session)


def test_nothing_but_a_join_comes_first(server, session):
    with open_client(server, session) as client:
        client.send("chat.send", room="main", text="a")
        assert client.closed()[0] == 4500


def test_a_second_join_closes(live):
    _, guest = live
    guest.send("session.join", ticket=guest.ticket)
    assert guest.closed()[0] == 4500


def test_who_does_not_join_is_closed(server, session):
    with open_client(server, session) as client:
        assert client.closed()[0] == 4408


def test_a_long_message_before_the_join_closes_1009(server, session):
    with open_client(server, session) as client:
        client.send("session.join", ticket="t" * 4096)
        assert client.closed()[0] == 1009


def test_an_expired_ticket_closes_4401(server, session, tickets):
    with open_client(server, session) as client:
        client.send("session.join", ticket=tickets.forge(session=session, exp=1_600_000_000))
        assert client.closed()[0] == 4401


def bad_tickets(tickets, session):
    """Tickets that are not to be believed, each by what is wrong with it."""
    good = tickets.forge(session=session)
    head, claims, mac = good.split(".")
    return {
        "no token": "ticket",
        "unsigned": tickets.forge(session=session, header={"alg": "none"}).rsplit(".", 1)[0] + ".",
        "another algorithm": tickets.forge(session=session, header={"alg": "RS256", "typ": "JWT"}),
        "another secret": tickets.forge(session=session, secret="0" * 64),
        "another session": tickets.forge(session="somewhere"),
        "another prefix": tickets.forge(session="somewhere-*"),
        "a changed claim": ".".join([head, tickets.forge(session=session, role="host").split(".")[1], mac]),
        "a cut signature": good[:-4],
        "no person": tickets.forge(session=session, sub=""),
        "an unknown role": tickets.forge(session=session, role="emperor"),
        "an admin": tickets.forge(session=session, role="admin"),
        "not yet valid": tickets.forge(session=session, nbf=4_000_000_000),
        "no expiry": tickets.forge(session=session, exp=None),
        "a duplicate claim": tickets.forge('{"sub":"p1","sub":"p2","name":"Teacher","role":"host","session":"%s","exp":4000000000}' % session),
        "claims that are no object": tickets.forge("[]"),
    }


def test_a_ticket_that_is_not_to_be_believed_closes_4501(server, session, tickets):
    codes = {}
    for fault, ticket in bad_tickets(tickets, session).items():
        with open_client(server, session) as client:
            client.send("session.join", ticket=ticket)
            codes[fault] = client.closed()[0]
    assert codes == dict.fromkeys(codes, 4501)
    with open_client(server, session) as client:
        assert client.join(tickets.forge(session=session))["you"]["person"] == "p1"


def test_the_ninth_connection_of_a_seat_closes_the_first(live, join):
    first = join("guest")
    connections = [live[1], first] + [join("guest") for _ in range(6)]
    join("guest")
    assert connections[0].closed()[0] == 4509
    assert connections[1].call("chat.send", room="main", text="the others stay")["seq"] > 0


def test_an_address_that_is_no_session_is_not_found(server):
    for name in ["", "-a", "a" * 65, "a%20b", "a/b"]:
        with pytest.raises(InvalidStatus) as refused:
            Client(server.address, name)
        assert refused.value.response.status_code == 404


# Going away


def test_a_server_that_is_told_to_end_says_when_to_come_back(serve, tickets):
    server = serve()
    clients = [Client(server.address, "evening") for _ in range(3)]
    for number, client in enumerate(clients):
        client.join(tickets.make("evening", f"p{number}", "host"))
    server.signal(15)
    closed = [client.closed(timeout=35) for client in clients]
    assert [code for code, _ in closed] == [1001] * 3
    assert all(int(reason) >= 0 for _, reason in closed)
    assert server.terminate() == 0
