"""A client that shares no code with the server: hosting together, help, direct messages, words taken back, people."""
import pytest
from client import Client


@pytest.fixture
def live(join):
    """A live session with a host, a co-host and two participants."""
    host = join("host", "host")
    host.call("session.start")
    return host, join("cohost", "cohost"), join("guest"), join("other")


def names(client, *left_out):
    """The pushes that a client has heard so far, presence and counts left out."""
    quiet = ("participant.joined", "attendance.count", "tick", *left_out)
    return [push["on"] for push in client.said.pushes if push["on"] not in quiet]


# Hosting together


def test_the_role_is_offered_and_accepted(live):
    host, cohost, guest, other = live
    host.call("handoff.offer", to="guest")
    assert guest.on("handoff.offered")["from"] == "host"
    cohost.on("handoff.offered", to="guest")
    guest.call("handoff.accept")
    for client in live:
        changed = client.on("host.changed")
        assert (changed["from"], changed["to"], changed["reason"]) == ("host", "guest", "accepted")
    # The new host is told at once what hosts know; nobody else is.
    you = guest.on("you")
    assert you["you"]["role"] == "host" and you["chat"]["hosts"] == [] and you["help"] == []
    assert "handoff.offered" not in names(other) and "you" not in names(other)
    assert host.refusal("handoff.offer", to="other")["code"] == "notHost"


def test_two_hosts_do_not_collide(live):
    host, cohost, guest, _ = live
    host.call("breakouts.open", rooms=[{"people": ["guest"]}, {"people": []}])
    known = cohost.on("breakouts.opened")["seq"]
    host.call("breakouts.move", person="guest", room="b1-2", ifSeq=known)
    stale = cohost.refusal("breakouts.move", person="guest", room="main", ifSeq=known)
    assert stale["code"] == "stale"
    (changed,) = stale["changed"]
    assert changed["on"] == "participant.moved" and changed["by"] == "host"
    # Somebody who comes changes nothing that a host rests on.
    guest.call("hand.raise")
    cohost.call("breakouts.move", person="guest", room="main", ifSeq=changed["seq"])
    assert guest.on("participant.moved", to="main")["by"] == "cohost"
    assert guest.refusal("hand.raise", ifSeq=1)["code"] == "unknownField"


def test_a_co_host_steps_in_for_a_while(live):
    host, cohost, guest, _ = live
    cohost.call("floor.take", seconds=1)
    assert guest.on("floor.taken")["person"] == "cohost"
    assert guest.on("floor.yielded")["by"] is None
    assert cohost.refusal("floor.yield")["code"] == "noFloor"


# Help, hands, people


def test_help_is_a_queue_that_survives_a_host_and_a_crash(serve, tickets):
    server = serve()
    made = {name: tickets.make("help", name, role) for name, role in
            {"host": "host", "cohost": "cohost", "guest": "participant", "other": "participant"}.items()}

    def join(name):
        client = Client(server.address, "help")
        client.join(made[name])
        return client

    host, guest, other, cohost = join("host"), join("guest"), join("other"), join("cohost")
    host.call("session.start")
    first = guest.call("help.ask", text="we are stuck", unnamed=True)["help"]
    second = other.call("help.ask", text="me too")["help"]
    asked = cohost.on("help.asked", help=first)
    assert asked["person"] is None and asked["text"] == "we are stuck" and asked["unnamed"] is True
    cohost.call("help.claim", help=first)
    assert guest.on("help.claimed")["by"] == "cohost"
    assert "help.asked" not in [push["on"] for push in other.said.pushes if push.get("help") == first]
    other.call("hand.raise")
    guest.call("hand.raise")
    server.kill()
    server.start()
    host, guest, other = join("host"), join("guest"), join("other")
    queue = host.welcome["state"]["help"]
    assert [(each["help"], each["person"], each["claimedBy"]) for each in queue] == [
        (first, None, "cohost"), (second, "other", None),
    ]
    assert [each["help"] for each in guest.welcome["state"]["help"]] == [first]
    hands = {each["person"]: each["hand"] for each in host.welcome["state"]["participants"]}
    assert hands["other"] < hands["guest"]
    host.call("help.resolve", help=first)
    guest.on("help.resolved", help=first)
    host.call("hand.lower", person="other")
    assert other.on("hand.lowered")["by"] == "host"
    for client in (host, guest, other):
        client.close()


def test_a_removed_person_is_out_and_stays_out(live, server, session):
    host, cohost, guest, other = live
    assert cohost.refusal("participant.remove", person="host")["code"] == "notHost"
    host.call("participant.remove", person="guest")
    assert guest.closed()[0] == 4503
    assert other.on("participant.removed")["person"] == "guest"
    again = Client(server.address, session)
    again.send("session.join", ticket=guest.ticket)
    assert again.closed()[0] == 4503


# Chat


def test_a_direct_message_is_between_the_two(live, join):
    host, cohost, guest, other = live
    sent = guest.call("chat.send", person="cohost", text="may I ask you something?")["message"]
    assert cohost.on("chat.sent", message=sent)["to"] == "cohost"
    answer = cohost.call("chat.send", person="guest", text="of course", replyTo=sent)["message"]
    guest.on("chat.sent", message=answer)
    # The host has heard nothing of it, and may neither read nor delete it.
    host.call("time.sync")
    assert "chat.sent" not in names(host)
    assert host.refusal("chat.delete", message=sent)["code"] == "noSuchMessage"
    history = guest.call("chat.history", person="cohost")
    assert [each["message"] for each in history["messages"]] == [sent, answer] and history["more"] is False
    assert host.call("chat.history", person="guest")["messages"] == []
    back = join("guest")
    assert [each["text"] for each in back.welcome["state"]["chat"]["direct"]] == ["may I ask you something?", "of course"]


def test_words_are_changed_answered_with_signs_and_taken_back(live, join):
    host, cohost, guest, other = live
    message = guest.call("chat.send", room="main", text="seven o'clok")["message"]
    guest.call("chat.edit", message=message, text="seven o'clock")
    assert other.on("chat.edited")["text"] == "seven o'clock"
    assert other.refusal("chat.edit", message=message, text="eight")["code"] == "notYours"
    for client in (cohost, other):
        client.call("chat.react", message=message, emoji="same", on=True)
    signs = [guest.wait_for(lambda push, n=n: push["on"] == "chat.reacted" and guest.heard("chat.reacted")[n:] != [])
             for n in range(2)]
    assert all("person" not in sign for sign in signs)
    (shown,) = join("other").welcome["state"]["chat"]["main"]
    assert shown["text"] == "seven o'clock" and shown["editedAt"] and shown["reactions"] == [{"emoji": "same", "count": 2}]
    after = guest.said.last_seq
    host.call("chat.delete", message=message)
    assert guest.on("chat.deleted")["by"] == "host"
    (shown,) = join("other").welcome["state"]["chat"]["main"]
    assert shown["text"] is None and shown["deleted"] is True and "reactions" not in shown
    # Who comes back later is not told the words either, though their sending is still in the backlog.
    back = join("other", resume={"epoch": guest.welcome["epoch"], "after": message - 1})
    assert back.welcome["resumed"] is True
    assert back.on("chat.sent", message=message)["text"] is None
    assert back.on("chat.deleted", message=message)["seq"] > after


def test_a_locked_chat_leaves_the_way_to_the_hosts_open(live):
    host, cohost, guest, other = live
    cohost.call("chat.settings", locked=True)
    assert guest.on("chat.settingsChanged")["locked"] is True
    assert guest.refusal("chat.send", room="main", text="hello")["code"] == "chatLocked"
    assert guest.refusal("chat.send", person="other", text="hello")["code"] == "chatLocked"
    guest.call("chat.send", person="host", text="I cannot write?")
    cohost.call("chat.settings", locked=False, slowSeconds=600)
    other.call("chat.send", room="main", text="first")
    slow = other.refusal("chat.send", room="main", text="second")
    assert slow["code"] == "slowDown" and 0 < slow["retryAfter"] <= 600_000
    host.call("chat.settings", slowSeconds=0)
    host.call("participant.mute", person="guest", muted=True)
    assert guest.refusal("chat.send", room="main", text="hello")["code"] == "muted"


# Breakout rooms


def test_a_preview_is_what_the_opening_with_its_seed_comes_to(live):
    host, _, guest, _ = live
    preview = host.call("breakouts.preview", count=2, seconds=600)
    assert {"kind": "alone", "room": "b1-1", "people": ["guest"]} in preview["warnings"] or {
        "kind": "alone", "room": "b1-2", "people": ["guest"]} in preview["warnings"]
    host.call("breakouts.open", count=2, seconds=600, seed=preview["seed"])
    opened = guest.on("breakouts.opened")
    for part in ("round", "mode", "rooms", "placements", "seed"):
        assert opened[part] == preview[part], part


def test_rooms_are_added_renamed_announced_to_and_removed(live):
    host, _, guest, other = live
    host.call("breakouts.open", count=1, hostsRead=True, task="Introduce yourselves")
    host.call("breakouts.addRoom", name="Quiet corner", place="Zoom: Room 2")
    added = guest.on("breakouts.roomAdded")
    assert added["room"] == "b1-2" and added["hostsRead"] is True and added["place"] == "Zoom: Room 2"
    host.call("breakouts.renameRoom", room="b1-2", name="Corner")
    assert guest.on("breakouts.roomRenamed")["name"] == "Corner"
    host.call("breakouts.announce", text="Five minutes left")
    assert other.on("breakouts.announced")["text"] == "Five minutes left"
    guest.call("room.signal", signal="done")
    pulse = host.wait_for(lambda push: push["on"] == "rooms.pulse" and push["rooms"][0]["done"] == 1)
    assert pulse["rooms"][0]["present"] == 2
    guest.call("room.pass", **{"pass": True})
    assert other.on("participant.moved", person="guest")["to"] == "main"
    host.call("breakouts.removeRoom", room="b1-1")
    assert other.on("breakouts.roomRemoved")["placements"] == [{"person": "other", "room": "main"}]
    assert host.refusal("breakouts.removeRoom", room="b1-2")["code"] == "lastRoom"
    host.call("breakouts.undo")
    guest.on("breakouts.undone")
