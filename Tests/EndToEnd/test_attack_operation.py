"""What befalls the process (HOSTILE 82 to 84, and what has no number): ended, stopped, short of what a process needs."""
import asyncio
import contextlib
import os
import re
import resource
import signal
import socket
import subprocess
import threading
import time
import urllib.request

import pytest
from attack import amount
from client import AsyncClient, Client, Refused
from operators import Operator, person_path
from raw import Wire, opened, request
from running import BINARY, environment, run
from websockets.exceptions import ConnectionClosed, InvalidStatus

EXIT_SECONDS = 35


def connection_ends():
    """What a client may meet when a server goes away."""
    return contextlib.suppress(ConnectionError, ConnectionClosed, InvalidStatus, EOFError, OSError, TimeoutError)


class Guest:
    """Somebody who talks all the time, sends again under the old key what had no answer, and comes back with a resume."""

    def __init__(self, session, person, ticket):
        self.session = session
        self.person = person
        self.ticket = ticket
        self.clients = []
        self.sent = []
        self.acknowledged = {}

    async def come(self, address):
        """Joins, and says whether it was a resume."""
        said = self.clients[-1].said if self.clients else None
        point = said and said.welcome and {"epoch": said.welcome["epoch"], "after": said.last_seq}
        client = await AsyncClient().connect(address, self.session)
        self.clients.append(client)
        return (await client.join(self.ticket, point))["resumed"]

    async def talk(self, most):
        """Says one message after the other until the connection ends, or until so many are said."""
        with connection_ends():
            while len(self.sent) < most:
                self.sent.append(f"{self.person} {len(self.sent)}")
                await self.say(self.sent[-1])

    async def say(self, key):
        """Says one message until it is acknowledged."""
        while key not in self.acknowledged:
            try:
                answer = await self.clients[-1].call("chat.send", room="main", text=key, key=key)
            except Refused as refused:
                await asyncio.sleep(refused.error["retryAfter"] / 1000)
            else:
                self.acknowledged[key] = answer["message"]

    def heard(self):
        """All that was heard on all connections: number and text of each message."""
        pushes = (push for client in self.clients for push in client.said.pushes)
        return [(push["message"], push["text"]) for push in pushes if push["on"] == "chat.sent"]


async def keep_joining(address, session, ticket, outcomes):
    """Comes in and goes again until the server lets nobody in any more; notes how each attempt ended."""
    while True:
        try:
            client = await AsyncClient().connect(address, session)
        except InvalidStatus as answer:
            outcomes.append(answer.response.status_code)
            return
        except (OSError, EOFError, ConnectionClosed, TimeoutError):
            outcomes.append("refused")
            return
        try:
            await client.join(ticket)
            await client.close()
            outcomes.append("joined")
        except (ConnectionError, ConnectionClosed):
            outcomes.append(client.socket.close_code)
            return


async def the_storm(server, guests, newcomers, outcomes):
    """All talk and come and go until the process has been told to end and has; answers how long that took."""
    await asyncio.gather(*(guest.come(server.address) for guest in guests))
    talking = [asyncio.create_task(guest.talk(10_000)) for guest in guests]
    joining = [asyncio.create_task(keep_joining(server.address, guests[0].session, ticket, outcomes)) for ticket in newcomers]
    while outcomes.count("joined") < len(newcomers) or sum(len(guest.acknowledged) for guest in guests) < 4 * len(guests):
        await asyncio.sleep(0.01)
    began = time.monotonic()
    server.process.terminate()
    code = await asyncio.to_thread(server.process.wait, EXIT_SECONDS)
    took = time.monotonic() - began
    await asyncio.gather(*talking, *joining)
    for guest in guests:
        await guest.clients[-1].ended()
    return code, took


async def everybody_is_back(server, guests):
    """They resume at the new process, and say again what had no answer; all have heard what was said last."""
    resumed = await asyncio.gather(*(guest.come(server.address) for guest in guests))
    await asyncio.gather(*(guest.say(key) for guest in guests for key in guest.sent))
    last = max(message for guest in guests for message in guest.acknowledged.values())
    for guest in guests:
        await guest.clients[-1].until(lambda said=guest.clients[-1].said: said.last_seq >= last)
        await guest.clients[-1].close()
    return resumed


def started_session(server, tickets, session):
    """A session that is live; its host has left again by closing the window."""
    with Client(server.address, session) as host:
        host.join(tickets.forge(session=session, sub="host", role="host"))
        host.call("session.start")


def all_messages(server, tickets, session):
    """Every message of the main room, as somebody reads it who was not there: number and text, oldest first."""
    messages = []
    with Client(server.address, session) as reader:
        reader.join(tickets.forge(session=session, sub="reader"))
        while True:
            before = {"before": messages[0][0]} if messages else {}
            page = reader.call("chat.history", room="main", limit=100, **before)["messages"]
            if not page:
                return messages
            messages = [(message["message"], message["text"]) for message in page] + messages


def test_row_82_a_server_that_ends_in_a_storm_of_joins_loses_nothing(serve, session, tickets, noted):
    server = serve()
    started_session(server, tickets, session)
    guests = [Guest(session, f"p{number}", tickets.forge(session=session, sub=f"p{number}")) for number in range(amount(15, 100))]
    newcomers = [tickets.forge(session=session, sub=f"new{number}") for number in range(amount(30, 300))]
    outcomes = []
    code, took = asyncio.run(the_storm(server, guests, newcomers, outcomes))
    server.terminate()
    assert code == 0
    assert {guest.clients[-1].socket.close_code for guest in guests} == {1001}
    assert all(guest.clients[-1].socket.close_reason.isdigit() for guest in guests), "the wait before coming back"
    assert set(outcomes) <= {"joined", 1001, 503, "refused"}, set(outcomes)
    server.start()
    assert asyncio.run(everybody_is_back(server, guests)) == [True] * len(guests)
    messages = all_messages(server, tickets, session)
    assert sorted(text for _, text in messages) == sorted(key for guest in guests for key in guest.sent)
    places = {text: message for message, text in messages}
    for guest in guests:
        assert guest.acknowledged.items() <= places.items()
        assert guest.heard() == messages, "missed, or twice"
    noted("exit 0, all back, nothing lost or doubled", f"{took:.1f} s, {len(messages)} messages, {len(outcomes)} joins")
