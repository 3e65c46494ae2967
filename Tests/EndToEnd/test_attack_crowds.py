"""Rules under stress (HOSTILE 58 to 62; 56 and 57 are in `test_attack_rules.py`): crowds that are moved about, people who flap or
come three times, clocks that jump, rooms without end. Ten rounds of each while others talk beside; see `attack.py`.
"""
import collections
import itertools
import threading
import time

import pytest
from attack import amount
from client import Client
from meeting import Crowd, Meeting

PEOPLE = amount(40, 1_000)
ROOMS = amount(8, 200)
# Behind the first of `--commands-burst`, as many as `--commands-per-second`.
BURST, PACE_SECONDS = 40, 1 / 20
# What a host has asked for before.
MARGIN = 5
# Those who only listen, or are read at the end, answer no pings.
SILENT = ("--ping-seconds", "600", "--silence-seconds", "3600")
# A clock that is set jumps by an hour; what a busy machine may take is less.
BUSY_MILLISECONDS = 60_000


@pytest.fixture
def sessions(session):
    """A session's id for each round."""
    return (f"{session}-{number}" for number in itertools.count())


def crowd(meeting, address, session, tickets):
    """Everybody who is to be moved about, connected; and the ids of all of them."""
    people = [f"p{number}" for number in range(PEOPLE)]
    return people, Crowd(address, session, [tickets.forge(session=session, sub=person) for person in people])


def rooms_in(state, people):
    """Where a newcomer is told that everybody is."""
    rooms = {each["person"]: each["room"] for each in state["participants"]}
    return {person: rooms[person] for person in people}


class Pace:
    """A connection that asks as fast as it may, over all rounds, and is never refused for haste."""

    def __init__(self, client):
        self.client = client
        self.asked = 0

    def call(self, do, **fields):
        self.asked += 1
        if self.asked >= BURST - MARGIN:
            # The pace of the limit, not a wait for anything.
            time.sleep(PACE_SECONDS)
        return self.client.call(do, **fields)


def move(host, moves):
    """Moves people one by one."""
    for person, room in moves:
        host.call("breakouts.move", person=person, room=room)


@pytest.mark.timeout(1800)
def test_row_58_a_crowd_is_moved_one_by_one_by_five_hosts(attack_on, tickets, session):
    attack = attack_on(*SILENT)
    address = attack.target.server.address
    turn = itertools.count(1)
    with Meeting(address, session, tickets) as meeting:
        hosts = [meeting.join("h0", "host"), *(meeting.join(f"h{number}", "cohost") for number in range(1, 5))]
        hosts[0].call("session.start")
        hosts[0].call("breakouts.open", rooms=[{"name": f"Room {number}"} for number in range(50)])
        paces = [Pace(host) for host in hosts]
        people, listeners = crowd(meeting, address, session, tickets)

        def one_round(_):
            offset = next(turn)
            wanted = {person: f"b1-{(number + offset) % 50 + 1}" for number, person in enumerate(people)}
            moves = list(wanted.items())
            threads = [threading.Thread(target=move, args=(pace, moves[part::5])) for part, pace in enumerate(paces)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            told = [rooms_in(meeting.state(), people) == wanted]
            for host, pace in zip(hosts, paces):
                pace.call("time.sync")
                moved = {push["person"]: push["to"] for push in host.heard("participant.moved")}
                told.append(moved == wanted and len(host.heard("participant.moved")) == PEOPLE)
                host.said.pushes.clear()
                host.said.messages.clear()
            return ["all where they were sent" if all(told) else told]

        with listeners:
            attack(one_round, ["all where they were sent"], {})
        assert meeting.state()["attendance"]["here"] >= 5, "the hosts have been heard to the end"


@pytest.mark.timeout(1800)
def test_row_58_rooms_for_a_crowd_are_opened_and_undone_ten_times_in_a_row(attack_on, tickets, session):
    attack = attack_on(*SILENT)
    address = attack.target.server.address
    with Meeting(address, session, tickets) as meeting:
        host = meeting.join("host", "host")
        host.call("session.start")
        people, listeners = crowd(meeting, address, session, tickets)

        def one_round(_):
            host.call("breakouts.open", count=ROOMS)
            opened = meeting.state()
            placed = rooms_in(opened, people)
            sizes = collections.Counter(placed.values())
            assert sizes.keys() == {room["room"] for room in opened["breakouts"]["rooms"]} and len(sizes) == ROOMS
            host.call("breakouts.undo")
            undone = meeting.state()
            host.call("time.sync")
            for name in ("breakouts.opened", "breakouts.undone"):
                assert len(host.heard(name)) == 1 and len(host.heard(name)[0]["placements"]) == PEOPLE
            host.said.pushes.clear()
            host.said.messages.clear()
            back = set(rooms_in(undone, people).values()) == {"main"} and undone["breakouts"] is None
            return [f"sizes within {max(sizes.values()) - min(sizes.values())}", "all back" if back else undone]

        with listeners:
            attack(one_round, [f"sizes within {1 if PEOPLE % ROOMS else 0}", "all back"], {})


def flap(address, session, ticket, times):
    """Joins and leaves so often, without a pause: saying so, closing, and cutting the link.

    Answers for how long the person was surely here, by the server's clock, and when that began.
    """
    held, began = 0, None
    for number in range(times):
        client = Client(address, session)
        joined = client.join(ticket)["now"]
        began = joined if began is None else began
        held += client.call("time.sync")["now"] - joined
        if number % 3 == 2:
            client.call("session.leave")
        client.close() if number % 3 else client.cut()
    return held, began


def test_row_59_joining_and_leaving_again_and_again_costs_the_others_nothing_and_counts_exactly(attack_on, tickets, session):
    attack = attack_on(*SILENT, "--away-seconds", "600", "--gone-seconds", "900")
    target = attack.target
    times = amount(10, 90)
    with Meeting(target.server.address, session, tickets) as meeting:
        host, witness = meeting.join("host", "host"), meeting.join("other")
        host.call("session.start")
        ticket = meeting.ticket("flapping")
        surely, at_most = 0, 0

        def one_round(address):
            nonlocal surely, at_most
            before = target.sockets()
            held, began = flap(address, session, ticket, times)
            target.wait_for_sockets(before)
            # Everything that the loops know of connections that are gone stands before this in the engine's mailbox.
            at_most += host.call("time.sync")["now"] - began
            surely += held
            present = person_in(host.call("attendance.report"), "flapping")["present"]
            return ["exact" if surely <= present <= at_most else (surely, present, at_most)]

        attack(one_round, ["exact"], {})
        # A gap is filled when its end is known.
        meeting.join("flapping")
        state = meeting.state()
        # The one who flaps is counted once, and nobody has heard more than that they have come.
        assert (state["attendance"]["unique"], state["attendance"]["peak"]) == (3, 3)
        witness.call("time.sync")
        heard = [push["on"] for push in witness.said.pushes if push.get("person") == "flapping"]
        assert heard == ["participant.joined"], heard
        counts = [push for push in witness.heard("attendance.count")]
        report = host.call("attendance.report")
        row = person_in(report, "flapping")
        assert row["counted"] == report["live"]["to"] - witness.heard("participant.joined")[0]["at"]
        assert len(counts) <= 1 + (report["live"]["to"] - report["live"]["from"]) // 1000, "more than one a second"


def person_in(report, person):
    """Somebody's row, of whom there must be one."""
    (row,) = (row for row in report["people"] if row["person"] == person)
    return row


def test_row_60_one_person_in_three_tabs_is_counted_once(attack, tickets, sessions):
    def one_round(address):
        with Meeting(address, next(sessions), tickets) as meeting:
            host = meeting.join("host", "host")
            host.call("session.start")
            tabs = [meeting.join("guest") for _ in range(3)]
            joined = host.on("participant.joined", person="guest")["at"]
            counted = meeting.state()
            told = [tuple(counted["attendance"][name] for name in ("here", "unique", "peak"))]
            told.append([each["person"] for each in counted["participants"]].count("guest"))
            for tab in tabs[:2]:
                tab.close()
            assert tabs[2].call("chat.send", room="main", text="the third is still here")["seq"] > 0
            report = host.call("attendance.report")
            row = person_in(report, "guest")
            told.append({row["present"], row["counted"]} == {report["live"]["to"] - joined})
            host.call("time.sync")
            told.append([push["on"] for push in host.said.pushes if push.get("person") == "guest"])
            return told

    attack(one_round, [(2, 2, 2), 1, True, ["participant.joined"]], {})


def test_row_61_a_clock_that_jumps_by_an_hour_moves_no_attendance(serve, attack_of, tickets, wall, sessions):
    attack = attack_of(serve("--admin", "127.0.0.1:0", "--away-seconds", "600", "--gone-seconds", "900", env=wall.env))

    def one_round(address):
        with Meeting(address, next(sessions), tickets) as meeting:
            host, guest = meeting.join("host", "host"), meeting.join("guest")
            began = time.monotonic()
            host.call("session.start")
            for hours in (1, -1, 0, 1):
                wall(hours)
                guest.cut()
                guest = meeting.join("guest")
                last = guest.call("chat.send", room="main", text=f"{hours}")["message"]
            wall(0)
            report = host.call("attendance.report")
            live = report["live"]["to"] - report["live"]["from"]
            assert abs(live - (time.monotonic() - began) * 1000) < BUSY_MILLISECONDS
            host.on("chat.sent", message=last)
            times = [push["at"] for push in host.said.pushes if "seq" in push]
            rows = [person_in(report, person) for person in ("host", "guest")]
            return ["rising" if times == sorted(times) else times, *(row["counted"] == live for row in rows),
                    rows[0]["present"] == live, 0 <= live - rows[1]["present"] < BUSY_MILLISECONDS]

    attack(one_round, ["rising", True, True, True, True], {})


def test_row_62_two_hundred_rooms_are_opened_and_201_are_not(attack, tickets, sessions):
    def one_round(address):
        with Meeting(address, next(sessions), tickets) as meeting:
            host = meeting.join("host", "host")
            people = [f"p{number}" for number in range(3)]
            for person in people:
                meeting.join(person)
            host.call("session.start")
            before = meeting.state()
            told = [host.refusal("breakouts.open", **plan)["code"] for plan in (
                {"count": 201}, {"rooms": [{"name": f"R{number}"} for number in range(201)]}, {"count": 2**31},
            )]
            assert meeting.state() == before
            host.call("breakouts.open", rooms=[{"name": f"R{number}"} for number in range(200)], mode="even")
            told.append(host.refusal("breakouts.addRoom", name="R200")["code"])
            state = meeting.state()
            assert len(set(rooms_in(state, people).values())) == 3, "one in each of three rooms"
            told.append(len(state["breakouts"]["rooms"]))
            host.call("breakouts.removeRoom", room="b1-200")
            return told + [host.refusal("breakouts.addRoom", name="R200")["code"], len(meeting.state()["breakouts"]["rooms"])]

    expected = ["tooManyRooms", "tooManyRooms", "tooManyRooms", "tooManyRooms", 200, "tooManyRooms", 199]
    attack(one_round, expected, {}, {"tooManyRooms": 5})
