"""A server really killed with SIGKILL while eight people talk, twenty times in a row, on one data folder.

Everybody keeps three messages in flight, comes back with a resume after each death and sends again, under the same
key, whatever was not answered. In the end the history is asked for, by somebody who was not there before, and:

- every message that was acknowledged is in it exactly once, at the place that was acknowledged;
- what nobody heard an answer to is in it exactly once as well, since it was sent again;
- each person's messages stand in the order in which they were sent;
- what anybody saw is in it, and each saw all of it: every message once, in its order, over all twenty deaths.
"""
import asyncio
import contextlib
import random

from client import AsyncClient, Client, Refused
from running import run
from websockets.exceptions import ConnectionClosed

PEOPLE = [f"p{number}" for number in range(1, 9)]
DEATHS = 20
IN_FLIGHT = 3
SEED = 20


class Talker:
    """One person: what was sent, what was acknowledged, what was seen, over all connections."""

    def __init__(self, person, ticket):
        self.person = person
        self.ticket = ticket
        self.client = None
        self.resume = None
        self.sent = []
        self.attempts = 0
        # The last attempt at a message that has no answer yet, and the attempt at which an answered one was done.
        self.unanswered = {}
        self.done_at = {}
        self.acknowledged = {}
        self.repeated = 0
        self.seen = []

    async def join(self, address):
        """Comes back where the last connection ended; from the second time on without a state."""
        self.client = await AsyncClient().connect(address, "evening")
        welcome = await self.client.join(self.ticket, self.resume)
        assert welcome["resumed"] is (self.resume is not None), "the backlog did not reach back"
        assert self.resume is None or welcome["epoch"] == self.resume["epoch"]
        self.resume = {"epoch": welcome["epoch"], "after": welcome["seq"]} if self.resume is None else self.resume

    async def talk(self, acknowledged):
        """Keeps messages in flight until the connection ends."""
        await asyncio.gather(*(self._talk_on(acknowledged) for _ in range(IN_FLIGHT)))

    def note(self):
        """Notes what this connection brought, once it has ended; `Conversation` saw to it that nothing came twice."""
        said = self.client.said
        self.seen += [push for push in said.pushes if push["on"] == "chat.sent"]
        self.resume["after"] = said.last_seq

    async def send_again(self):
        """Sends under its old key whatever had no answer, in the old order."""
        for key in sorted(self.unanswered, key=self.unanswered.get):
            await self._send(key)

    async def _talk_on(self, acknowledged):
        with contextlib.suppress(ConnectionError, ConnectionClosed):
            while True:
                key = f"{self.person}-{len(self.sent)}"
                self.sent.append(key)
                await self._send(key)
                acknowledged()

    async def _send(self, key):
        """Sends until it is done; a repeat was done at the attempt that the death left without an answer."""
        while True:
            before = self.unanswered.get(key)
            self.attempts += 1
            self.unanswered[key] = attempt = self.attempts
            try:
                ok = await self.client.call("chat.send", room="main", text=f"text of {key}", key=key)
            except Refused as refused:
                assert refused.error.get("retryAfter"), refused
                await asyncio.sleep(refused.error["retryAfter"] / 1000)
                continue
            del self.unanswered[key]
            self.acknowledged[key] = ok["message"]
            self.repeated += ok.get("repeated", False)
            self.done_at[key] = before if ok.get("repeated") else attempt
            return


async def one_life(server, talkers, acknowledgements):
    """Everybody comes back and talks until so many messages were acknowledged; then the server is killed."""
    await asyncio.gather(*(talker.join(server.address) for talker in talkers))
    await asyncio.gather(*(talker.send_again() for talker in talkers))
    count = 0

    def acknowledged():
        nonlocal count
        count += 1
        if count == acknowledgements:
            server.process.kill()

    await asyncio.gather(*(talker.talk(acknowledged) for talker in talkers))
    for talker in talkers:
        await talker.client.ended()
        talker.note()
    server.kill()


async def the_end(server, talkers):
    """Everybody comes back, sends what had no answer, and hears all that was said."""
    await asyncio.gather(*(talker.join(server.address) for talker in talkers))
    await asyncio.gather(*(talker.send_again() for talker in talkers))
    last = max(message for talker in talkers for message in talker.acknowledged.values())
    for talker in talkers:
        await talker.client.until(lambda said=talker.client.said: said.last_seq >= last)
        await talker.client.close()
        talker.note()


def history(server, ticket):
    """All messages of `main`, oldest first, as somebody reads them who comes in the end."""
    messages = []
    with Client(server.address, "evening") as reader:
        reader.join(ticket)
        while True:
            before = {"before": messages[0]["message"]} if messages else {}
            page = reader.call("chat.history", room="main", limit=100, **before)["messages"]
            if not page:
                return messages
            messages = page + messages


def test_nothing_is_lost_doubled_or_out_of_order(serve, tickets):
    chance = random.Random(SEED)
    server = serve()
    roles = {person: "host" if person == PEOPLE[0] else "participant" for person in PEOPLE}
    talkers = [Talker(person, tickets.make("evening", person, role)) for person, role in roles.items()]
    with Client(server.address, "evening") as host:
        host.join(talkers[0].ticket)
        host.call("session.start")

    for _ in range(DEATHS):
        asyncio.run(one_life(server, talkers, acknowledgements=chance.randint(8, 40)))
        server.start()
    asyncio.run(the_end(server, talkers))
    messages = history(server, tickets.make("evening", "reader"))

    places = {message["text"].removeprefix("text of "): message["message"] for message in messages}
    order = [message["message"] for message in messages]
    acknowledged = {key: place for talker in talkers for key, place in talker.acknowledged.items()}
    sent = [key for talker in talkers for key in talker.sent]
    print(
        f"{DEATHS} deaths, {len(PEOPLE)} people: {len(sent)} sent, {len(acknowledged)} acknowledged, "
        f"{sum(talker.repeated for talker in talkers)} sent again and found done, {len(messages)} in the history, "
        f"{sum(len(talker.seen) for talker in talkers)} seen"
    )
    assert len(places) == len(messages), "a message stands twice"
    assert order == sorted(order), "the history is out of order"
    assert sorted(places) == sorted(sent), "a message is missing, or was never sent"
    assert places == acknowledged, "a message is not where it was acknowledged"
    for talker in talkers:
        own = [message["text"] for message in messages if message["from"] == talker.person]
        assert own == [f"text of {key}" for key in sorted(talker.sent, key=talker.done_at.get)], "out of order"
        assert [(push["message"], push["text"]) for push in talker.seen] == [
            (message["message"], message["text"]) for message in messages
        ], f"{talker.person} did not see each message once, in its order"
    assert server.terminate() == 0
    verified = run("verify", "--data", server.data)
    assert verified.returncode == 0, verified.stderr

