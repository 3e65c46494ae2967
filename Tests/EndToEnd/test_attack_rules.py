"""Rules under stress (HOSTILE 56 and 57; 58 to 62 are in `test_attack_crowds.py`): commands that are not one's own, and hosts who
race. Ten rounds of each while others talk beside (see `attack.py`); after each a newcomer sees a session in which one person
leads, everybody is in one room, and nothing has happened that was refused.
"""
import collections
import itertools
import re
import time

import pytest
from client import Refused
from meeting import Meeting
from running import ROOT


@pytest.fixture
def sessions(session):
    """A session's id for each round."""
    return (f"{session}-{number}" for number in itertools.count())


def refusals(client, commands):
    """The code of each command, all of which have to be refused."""
    return [client.refusal(do, **fields)["code"] for do, fields in commands]


# 56: what is somebody else's to do

LATER = 10**15
HOSTS_OWN = [
    ("session.start", {}, "alreadyLive"), ("session.end", {"seconds": 0}, "hostsOnly"), ("session.keep", {}, "hostsOnly"),
    ("session.lock", {"locked": True}, "hostsOnly"), ("session.set", {"title": "Mine"}, "hostsOnly"),
    ("handoff.offer", {"to": "guest"}, "notHost"), ("handoff.accept", {}, "noOffer"), ("handoff.decline", {}, "noOffer"),
    ("handoff.withdraw", {}, "notHost"), ("handoff.give", {"to": "guest"}, "notHost"), ("host.reclaim", {}, "notOwner"),
    ("cohost.add", {"person": "guest"}, "notHost"), ("cohost.remove", {"person": "deputy"}, "notHost"),
    ("succession.set", {"order": ["guest"]}, "notHost"), ("floor.take", {"seconds": 60}, "hostsOnly"),
    ("floor.yield", {}, "hostsOnly"), ("breakouts.preview", {"count": 2}, "hostsOnly"),
    ("breakouts.open", {"count": 2}, "hostsOnly"), ("breakouts.move", {"person": "other", "room": "b1-2"}, "hostsOnly"),
    ("breakouts.addRoom", {"name": "Mine"}, "hostsOnly"), ("breakouts.renameRoom", {"room": "b1-1", "name": "Mine"}, "hostsOnly"),
    ("breakouts.removeRoom", {"room": "b1-1"}, "hostsOnly"), ("breakouts.extend", {"seconds": 60}, "hostsOnly"),
    ("breakouts.announce", {"text": "All to me"}, "hostsOnly"), ("breakouts.close", {"seconds": 0}, "hostsOnly"),
    ("breakouts.undo", {}, "hostsOnly"), ("room.enter", {"room": "b1-2"}, "hostsOnly"),
    ("help.claim", {"help": 1}, "hostsOnly"), ("hand.lower", {"person": "other"}, "hostsOnly"),
    ("participant.label", {"person": "other", "text": "x"}, "hostsOnly"),
    ("participant.mute", {"person": "other", "muted": True}, "hostsOnly"), ("participant.remove", {"person": "host"}, "hostsOnly"),
    ("chat.send", {"room": "hosts", "text": "to you"}, "hostsOnly"), ("chat.settings", {"locked": True}, "hostsOnly"),
    ("attendance.report", {}, "hostsOnly"), ("attendance.accept", {"person": "guest"}, "hostsOnly"),
    ("attendance.mark", {"person": "guest", "from": 0, "to": LATER, "present": True, "reason": "me"}, "hostsOnly"),
]
ONE_HOSTS_OWN = [
    ("participant.remove", {"person": "host"}), ("participant.mute", {"person": "host", "muted": True}),
    ("participant.remove", {"person": "second"}), ("participant.mute", {"person": "second", "muted": True}),
    ("handoff.offer", {"to": "deputy"}), ("handoff.give", {"to": "deputy"}), ("handoff.withdraw", {}),
    ("cohost.add", {"person": "guest"}), ("cohost.remove", {"person": "second"}), ("succession.set", {"order": ["deputy"]}),
]


def evening(address, session, tickets):
    """A session that runs, with a round of two rooms: the host, two co-hosts in `main`, and two people in the first room."""
    meeting = Meeting(address, session, tickets)
    host = meeting.join("host", "host")
    clients = [meeting.join(person, "cohost") for person in ("deputy", "second")]
    clients += [meeting.join(person) for person in ("guest", "other")]
    host.call("session.start")
    host.call("breakouts.open", rooms=[{"name": "One", "people": ["guest", "other"]}, {"name": "Two"}])
    return meeting, host, *clients


def test_row_56_a_participant_sends_every_command_of_a_hosts(attack, tickets, sessions):
    table = re.findall(r"^\| `([\w.]+)` \| (\w+) \|", (ROOT / "Protocol" / "permissions.md").read_text(), re.MULTILINE)
    hosts_own = {do for do, who in table if who not in ("everybody", "writers")}
    assert hosts_own <= {do for do, *_ in HOSTS_OWN} and len(hosts_own) > 20, "every one of them"
    commands = [(do, fields) for do, fields, _ in HOSTS_OWN]

    def one_round(address):
        meeting, host, *_, guest, _ = evening(address, next(sessions), tickets)
        with meeting:
            message = host.call("chat.send", room="main", text="mine")["message"]
            before = meeting.state()
            told = refusals(guest, commands) + refusals(guest, [
                ("chat.delete", {"message": message}), ("chat.edit", {"message": message, "text": "yours"}),
            ])
            assert meeting.state() == before
            return told

    expected = [*(code for *_, code in HOSTS_OWN), "notYours", "notYours"]
    attack(one_round, expected, {}, collections.Counter(expected))


def test_row_56_nobody_starts_who_may_not_lead(attack, tickets, sessions):
    def one_round(address):
        with Meeting(address, next(sessions), tickets) as meeting:
            guest = meeting.join("guest")
            before = meeting.state()
            assert before["host"] is None
            told = refusals(guest, [("session.start", {}), ("handoff.accept", {}), ("host.reclaim", {})])
            assert meeting.state() == before
            return told

    attack(one_round, ["notEligible", "noOffer", "notOwner"], {}, {"notEligible": 1, "noOffer": 1, "notOwner": 1})


def test_row_56_a_cohost_removes_the_host(attack, tickets, sessions):
    def one_round(address):
        meeting, _, deputy, *_ = evening(address, next(sessions), tickets)
        with meeting:
            before = meeting.state()
            told = refusals(deputy, ONE_HOSTS_OWN)
            assert meeting.state() == before
            return told

    attack(one_round, ["notHost"] * len(ONE_HOSTS_OWN), {}, {"notHost": len(ONE_HOSTS_OWN)})


def test_row_56_a_moved_person_writes_to_the_old_room(attack, tickets, sessions):
    """What was under way to the room just left is taken for ten seconds; to the one before it nothing is."""

    def one_round(address):
        meeting, host, *_, guest, other = evening(address, next(sessions), tickets)
        with meeting:
            told = refusals(guest, [("chat.send", {"room": "b1-2", "text": "not yet there"})])
            for room in ("b1-2", "main"):
                host.call("breakouts.move", person="guest", room=room)
            before = meeting.state()
            told += refusals(guest, [("chat.send", {"room": "b1-1", "text": "still here"}), ("room.confirm", {"room": "b1-1", "seen": True})])
            assert meeting.state() == before
            other.call("chat.send", room="b1-1", text="among us")
            guest.call("time.sync")
            assert not guest.heard("chat.sent"), "heard in a room that was left"
            return told

    attack(one_round, ["notInRoom"] * 3, {}, {"notInRoom": 3})


@pytest.mark.full
def test_row_56_and_after_ten_seconds_to_no_room_but_ones_own(attack, tickets, session):
    meeting, host, *_, guest, _ = evening(attack.target.server.address, session, tickets)
    with meeting, attack.watched(["notInRoom"], {}, refused={"notInRoom": 1}):
        seq = host.call("breakouts.move", person="guest", room="b1-2")["seq"]
        moved = guest.on("participant.moved", seq=seq)["at"]
        guest.call("chat.send", room="b1-1", text="under way")
        while (now := guest.call("time.sync")["now"]) <= moved + 10_000:
            time.sleep((moved + 10_001 - now) / 1000)
        assert refusals(guest, [("chat.send", {"room": "b1-1", "text": "too late"})]) == ["notInRoom"]


# 57: who leads


def agreed(meeting, clients):
    """Who leads: all who are connected have heard the same, and a newcomer is told it."""
    state = meeting.state()
    for client in clients:
        # What was decided before this answer has been told before it.
        client.call("time.sync")
        changes = client.heard("host.changed")
        assert (changes[-1]["to"] if changes else client.welcome["state"]["host"]) == state["host"]
    told = [[(push["seq"], push["to"]) for push in client.heard("host.changed")] for client in clients]
    shortest = min(map(len, told))
    assert all(each[len(each) - shortest:] == told[0][len(told[0]) - shortest:] for each in told)
    return state["host"]


def at_once(attack, *asked):
    """Sends all commands before any answer is read; answers how each went: "ok" or its code, which has to be counted."""
    numbers = [(client, client.send(do, **fields)) for client, do, fields in asked]
    told = []
    for client, number in numbers:
        try:
            client.result(number)
            told.append("ok")
        except Refused as refused:
            told.append(refused.code)
            attack.refused[refused.code] += 1
    return told


def test_row_57_two_hosts_hand_over_to_each_other_at_once(attack, tickets, sessions):
    def one_round(address):
        with Meeting(address, next(sessions), tickets) as meeting:
            one, two, guest = meeting.join("one", "host"), meeting.join("two", "host"), meeting.join("guest")
            one.call("session.start")
            for first, second, names in [(one, two, ("one", "two")), (two, one, ("two", "one"))] * 3:
                leads = agreed(meeting, [one, two, guest])
                told = at_once(
                    attack, (first, "handoff.give", {"to": names[1]}), (second, "handoff.give", {"to": names[0]}),
                    (first, "handoff.accept", {}), (second, "handoff.accept", {}),
                )
                # Whoever led gives away; whether the other gave back depends on who was first, and nobody gives what is not theirs.
                assert told[names.index(leads)] == "ok" and told[2:] == ["noOffer"] * 2, told
                assert told[1 - names.index(leads)] in ("ok", "notHost")
                gave_back = told[:2] == ["ok", "ok"]
                assert (agreed(meeting, [one, two, guest]) == leads) == gave_back
            return ["one of them leads"]

    attack(one_round, ["one of them leads"], {})


def test_row_57_offers_are_accepted_withdrawn_and_the_role_reclaimed_at_once(attack, tickets, sessions):
    def one_round(address):
        with Meeting(address, next(sessions), tickets) as meeting:
            owner, deputy, guest = meeting.join("owner", "host"), meeting.join("deputy", "cohost"), meeting.join("guest")
            owner.call("session.start")
            for _ in range(4):
                owner.call("handoff.offer", to="deputy")
                told = at_once(
                    attack, (owner, "handoff.withdraw", {}), (deputy, "handoff.accept", {}),
                    (owner, "handoff.give", {"to": "guest"}),
                )
                # Accepted or withdrawn, not both; who has just lost the role gives it to nobody.
                assert told.count("ok") in (1, 2) and told[:2].count("ok") == 1, told
                leads = "deputy" if told[1] == "ok" else "guest"
                assert agreed(meeting, [owner, deputy, guest]) == leads
                assert at_once(attack, (owner, "host.reclaim", {}), (owner, "host.reclaim", {})) == ["ok", "alreadyHost"]
                assert agreed(meeting, [owner, deputy, guest]) == "owner"
                if leads == "guest":
                    owner.call("cohost.remove", person="guest")
            return ["the owner leads again"]

    attack(one_round, ["the owner leads again"], {})


def test_row_57_the_host_leaves_during_an_offer(attack, tickets, sessions):
    def one_round(address):
        with Meeting(address, next(sessions), tickets) as meeting:
            host, deputy, guest = meeting.join("host", "host"), meeting.join("deputy", "cohost"), meeting.join("guest")
            host.call("session.start")
            host.call("handoff.offer", to="guest")
            told = at_once(attack, (host, "session.leave", {}), (guest, "handoff.accept", {}), (guest, "handoff.accept", {}))
            leads = agreed(meeting, [deputy, guest])
            # Either the offer was taken first, or the co-host leads and the offer has gone with the host.
            took = told[1] == "ok"
            assert told == ["ok", "ok" if took else "noOffer", "noOffer"] and leads == ("guest" if took else "deputy")
            meeting.join("host")
            return [f"{len({leads, agreed(meeting, [deputy, guest])})} leads"]

    attack(one_round, ["1 leads"], {})


def test_row_57_the_last_host_drops(attack_on, tickets, sessions):
    attack = attack_on("--lease-seconds", "0.2")

    def one_round(address):
        with Meeting(address, next(sessions), tickets) as meeting:
            host, deputy, guest = meeting.join("host", "host"), meeting.join("deputy", "cohost"), meeting.join("guest")
            host.call("session.start")
            host.call("handoff.offer", to="guest")
            host.cut()
            assert guest.on("host.changed", to="deputy")["reason"] == "dropped"
            deputy.cut()
            assert guest.on("host.changed", to=None)["reason"] == "dropped"
            told = refusals(guest, [("handoff.accept", {}), ("breakouts.open", {"count": 2})]) + [agreed(meeting, [guest])]
            deputy, host = meeting.join("deputy"), meeting.join("host")
            assert agreed(meeting, [guest, deputy, host]) == "deputy"
            host.call("host.reclaim")
            return told + [agreed(meeting, [guest, deputy, host])]

    attack(one_round, ["noOffer", "hostsOnly", None, "host"], {}, {"noOffer": 1, "hostsOnly": 1})
