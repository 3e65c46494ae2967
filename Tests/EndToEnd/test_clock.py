"""Time is the server's: its calendar is set forward and back, while a round runs and over a restart."""
import time

import pytest
from client import Client

# What a busy machine may take for a round trip; the jumps are of hours.
ROUND_TRIP = 60_000


def server_time(client):
    """The server's time, less this machine's: what must not jump."""
    return client.call("time.sync")["now"] - time.monotonic() * 1000


@pytest.mark.parametrize("hours", [3, -3])
def test_a_round_closes_on_time_whatever_becomes_of_the_calendar(serve, tickets, wall, hours):
    server = serve(env=wall.env)
    with Client(server.address, "clock") as host, Client(server.address, "clock") as guest:
        host.join(tickets.make("clock", "host", "host"))
        guest.join(tickets.make("clock", "guest"))
        host.call("session.start")
        before = server_time(host)
        host.call("breakouts.open", count=1, seconds=3, closing=1)
        opened = guest.wait_for(lambda push: push["on"] == "breakouts.opened")
        wall(hours)
        closed = guest.wait_for(lambda push: push["on"] == "breakouts.closed")
        assert opened["closesAt"] <= closed["at"] < opened["closesAt"] + ROUND_TRIP
        assert abs(server_time(host) - before) < ROUND_TRIP
        late = Client(server.address, "clock")
        late.send("session.join", ticket=tickets.make("clock", "late", expires="1h"))
        if hours > 0:
            # Only a ticket is compared with the calendar, which is ahead by now: so the test does set it.
            assert late.closed()[0] == 4401
        else:
            late.close()
        wall(0)
        assert abs(server_time(guest) - before) < ROUND_TRIP


def test_a_restart_under_a_clock_that_was_set_back_does_not_go_back(serve, tickets, wall):
    server = serve(env=wall.env)
    with Client(server.address, "clock") as host:
        host.join(tickets.make("clock", "host", "host"))
        host.call("session.start")
        last = host.call("time.sync")["now"]
    server.kill()
    wall(-3)
    server.start()
    with Client(server.address, "clock") as host:
        # Made by the same wrong calendar, so that it is valid there.
        welcome = host.join(tickets.make("clock", "host", "host"))
        assert welcome["now"] >= last
        assert welcome["state"]["session"]["phase"] == "live"
