"""HOSTILE 52 to 54: whose a seat is when its ticket expires, on a second device, after being removed, and after a resume from
nowhere. Ten rounds of each in sessions of their own, while others talk beside; see `attack.py` for what each asserts.
"""
import itertools

import pytest
from attack import ROUNDS, Target, amount
from client import Client, closed_for

SEAT_FIELDS = ({"person": "host"}, {"sub": "host"}, {"role": "host"}, {"seat": 0})


@pytest.fixture
def sessions(session):
    """A session's id for each round."""
    return (f"{session}-{number}" for number in itertools.count())


def hosted(address, session, tickets):
    """A host who has started the session."""
    host = Client(address, session)
    host.join(tickets.forge(session=session, sub="host", role="host"))
    host.call("session.start")
    return host


def who(client):
    """Everybody who had not left in the state that a connection was met with, and their roles."""
    people = client.welcome["state"]["participants"]
    return [(each["person"], each["role"]) for each in people if each["presence"] != "left"]


def test_row_52_a_seat_outlives_its_ticket(serve, attack_of, tickets, wall, sessions):
    """The calendar jumps past the tickets' ends: a seat is not taken any more, one that is taken is come back to."""
    attack = attack_of(serve("--admin", "127.0.0.1:0", env=wall.env))

    def one_round(address):
        wall(0)
        session = next(sessions)
        guests, late = (tickets.forge(session=session, sub=person) for person in ("guest", "late"))
        with hosted(address, session, tickets) as host, Client(address, session) as guest:
            guest.join(guests)
            wall(2)
            told = [closed_for(address, session, late)]
            told.append("talks on" if guest.call("chat.send", room="main", text="still here")["seq"] else None)
            guest.cut()
            with Client(address, session) as again:
                told.append(again.join(guests)["you"]["person"])
                host.call("session.end", seconds=0)
                again.on("session.ended")
            with Client(address, session) as reader:
                told.append(reader.join(guests)["state"]["session"]["phase"])
            return told + [closed_for(address, session, late)]

    attack(one_round, [4401, "talks on", "guest", "ended", 4504], {"ticketExpired": 1}, {"ticketExpired": 1, "ended": 1})


def test_row_52_when_the_session_is_gone_its_seats_are(serve, attack_of, tickets, wall, sessions):
    attack = attack_of(serve("--admin", "127.0.0.1:0", "--reading-seconds", "0", env=wall.env))

    def one_round(address):
        wall(0)
        session = next(sessions)
        guests = tickets.forge(session=session, sub="guest")
        with hosted(address, session, tickets) as host, Client(address, session) as guest:
            guest.join(guests)
            wall(2)
            host.send("session.end", seconds=0)
            told = [host.closed()[0], guest.closed()[0]]
        return told + [closed_for(address, session, guests)]

    attack(one_round, [1000, 1000, 4504], {}, {"ended": 1})


def test_row_53_a_second_device_and_a_removed_person(attack, tickets, sessions):
    def one_round(address):
        session = next(sessions)
        guests = tickets.forge(session=session, sub="guest")
        other = tickets.forge(session=session, sub="guest", name="Somebody Else", role="host")
        with hosted(address, session, tickets) as host, Client(address, session) as first, Client(address, session) as second:
            first.join(guests)
            second.join(guests)
            told = [each for each, _ in who(second)]
            resume = {"epoch": second.welcome["epoch"], "after": second.welcome["seq"]}
            host.call("participant.remove", person="guest")
            told += [first.closed()[0], second.closed()[0]]
            for ticket in (guests, other):
                told += [closed_for(address, session, ticket), closed_for(address, session, ticket, resume=resume)]
            with Client(address, session) as newcomer:
                newcomer.join(tickets.forge(session=session, sub="newcomer"))
                return told + [each for each, _ in who(newcomer)]

    attack(one_round, ["host", "guest", *[4503] * 6, "host", "newcomer"], {}, {"removed": 4})


def test_row_53_a_removed_person_stays_out_after_a_crash(serve, attack_of, tickets, sessions):
    """Each round is another process, so there is no memory to compare; all who were ever removed are out."""
    server = serve("--admin", "127.0.0.1:0")
    attack = attack_of(server)
    rounds, removed = amount(3, ROUNDS), []
    for session in itertools.islice(sessions, rounds):
        guests = tickets.forge(session=session, sub="guest")
        with hosted(server.address, session, tickets) as host, Client(server.address, session) as guest:
            guest.join(guests)
            host.call("participant.remove", person="guest")
            assert guest.closed()[0] == 4503
            server.kill()
        target = Target(server.start())
        removed.append((session, guests))
        assert [closed_for(server.address, *each) for each in removed] == [4503] * len(removed)
        with Client(server.address, session) as host:
            # Who is answered behind them finds them counted.
            host.join(tickets.forge(session=session, sub="host", role="host"))
        assert target.refused() == {"removed": len(removed)}
    count = sum(range(rounds + 1))
    attack.note([4503], count, {}, refused={"removed": count})


def test_row_53_a_seat_is_the_tickets_and_nobody_elses(attack, tickets, sessions):
    """Whatever a join says beside its ticket, the seat is that of the ticket's `sub`; so is what is done from it."""

    def one_round(address):
        session = next(sessions)
        mine, hosts = (tickets.forge(session=session, sub=person) for person in ("guest", "host"))
        with hosted(address, session, tickets) as host, Client(address, session) as guest:
            told = [guest.join(mine, {"epoch": host.welcome["epoch"], "after": 0})["you"]["person"]]
            for more in SEAT_FIELDS:
                with Client(address, session) as client:
                    told.append(client.refusal("session.join", ticket=mine, **more)["code"])
            # The other's claims under one's own signature are nobody's.
            head, _, signature = mine.split(".")
            told.append(closed_for(address, session, ".".join([head, hosts.split(".")[1], signature])))
            guest.call("chat.send", room="main", text="from me")
            told.append(host.on("chat.sent")["from"])
            with Client(address, session) as client:
                client.join(mine)
                assert who(client) == [("host", "host"), ("guest", "participant")]
            return told

    attack(one_round, ["guest", *["unknownField"] * len(SEAT_FIELDS), 4501, "guest"], {"ticket": 1}, {"unknownField": len(SEAT_FIELDS)})


def test_row_54_a_resume_from_nowhere_is_a_whole_state(attack, tickets, sessions):
    def one_round(address):
        session, elsewhere = next(sessions), next(sessions)
        ticket = tickets.forge(session=session, sub="host", role="host")
        with hosted(address, session, tickets) as host, hosted(address, elsewhere, tickets) as other:
            host.call("chat.send", room="main", text="known to the end")
            epoch, last = host.welcome["epoch"], host.on("chat.sent")["seq"]
            foreign = other.welcome["epoch"]
        told = []
        for resume in (
            {"epoch": epoch, "after": last + 1_000_000}, {"epoch": epoch, "after": 2**53 - 1},
            {"epoch": "0" * 16, "after": last}, {"epoch": foreign, "after": 1}, {"epoch": epoch, "after": last},
        ):
            with Client(address, session) as client:
                welcome = client.join(ticket, resume)
                assert welcome["epoch"] == epoch and welcome["seq"] >= last
                told.append("resumed" if welcome["resumed"] else welcome["state"]["session"]["id"] == session)
        return told

    attack(one_round, [True, True, True, True, "resumed"], {})
