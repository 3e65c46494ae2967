"""A server killed with SIGKILL while people talk and a host puts them into rooms, again and again, on one data folder.

Everybody comes back with a resume after each death, and talkers send again, under the same key, whatever was not answered.
What is acknowledged is noted, and so is what is heard. After each death the state that a newcomer is given must be what
the pushes so far come to; in the end, of all deaths together (`Evening.account`):

- every message that was acknowledged is in the history exactly once, at the place that was acknowledged, and so is what
  nobody heard an answer to, since it was sent again;
- each person's messages stand in the order in which they were sent, and everybody saw each of them once, in that order;
- every change of room or role that was acknowledged was told under the number that it was acknowledged with;
- everybody's attendance is the sum of what they were there for, to the millisecond: from each join to the moment that the
  journal knew when the server died, which is not before the last thing that anybody heard.
"""
import asyncio
import contextlib
import dataclasses
import random

from client import AsyncClient, Client, Refused
from websockets.exceptions import ConnectionClosed

IN_FLIGHT = 3
ROOMS = 3


@dataclasses.dataclass
class Totals:
    """What a run came to."""

    people: int = 0
    deaths: int = 0
    sent: int = 0
    acknowledged: int = 0
    found_done: int = 0
    seen: int = 0
    moves: int = 0
    roles: int = 0
    attended_ms: int = 0

    def __str__(self):
        return (
            f"{self.deaths} deaths, {self.people} people: {self.sent} messages sent, {self.acknowledged} acknowledged, "
            f"{self.found_done} sent again and found done, {self.seen} seen; {self.moves} moves and {self.roles} changes of "
            f"role acknowledged; {self.attended_ms / 1000:.3f} s of attendance; nothing lost, doubled or out of order"
        )


class Seat:
    """One person over all connections: where the last one ended, when each began, and what was heard."""

    def __init__(self, session, person, ticket):
        self.session = session
        self.person = person
        self.ticket = ticket
        self.client = None
        self.resume = None
        self.attended_before = 0
        self.joined_at = []
        self.heard_at = []
        self.pushes = []

    async def join(self, address):
        """Comes back where the last connection ended; from the second time on without a state."""
        self.client = await AsyncClient().connect(address, self.session)
        welcome = await self.client.join(self.ticket, self.resume)
        assert welcome["resumed"] is (self.resume is not None), "the backlog did not reach back"
        assert self.resume is None or welcome["epoch"] == self.resume["epoch"]
        if self.resume is None:
            self.take(welcome["state"])
            self.resume = {"epoch": welcome["epoch"], "after": welcome["seq"]}
        self.joined_at.append(welcome["now"])

    def take(self, state):
        """The first state, on the first connection; here nothing is made of it."""

    def note(self):
        """Notes what this connection brought, once it has ended; `Conversation` saw to it that nothing came twice."""
        said = self.client.said
        self.pushes += [push for push in said.pushes if "seq" in push]
        self.heard_at.append(max([push["at"] for push in said.pushes if "seq" in push] + [self.joined_at[-1]]))
        self.resume["after"] = said.last_seq

    async def act(self, acknowledged):
        """What somebody does until the connection ends: here nothing, but to listen."""

    async def send_again(self):
        """What had no answer; here nothing."""


class Talker(Seat):
    """Keeps messages in flight: what was sent, and what was acknowledged."""

    def __init__(self, *seat):
        super().__init__(*seat)
        self.sent = []
        self.attempts = 0
        # The last attempt at a message that has no answer yet, and the attempt at which an answered one was done.
        self.unanswered = {}
        self.done_at = {}
        self.acknowledged = {}
        self.repeated = 0

    async def act(self, acknowledged):
        await asyncio.gather(*(self._talk_on(acknowledged) for _ in range(IN_FLIGHT)))

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
                await waited(refused)
                continue
            del self.unanswered[key]
            self.acknowledged[key] = ok["message"]
            self.repeated += ok.get("repeated", False)
            self.done_at[key] = before if ok.get("repeated") else attempt
            return


class Leader(Seat):
    """The host: moves those who do not talk from room to room and makes co-hosts of them, or takes that back."""

    def __init__(self, session, person, ticket, led, chance):
        super().__init__(session, person, ticket)
        self.led = led
        self.chance = chance
        self.acknowledged = []
        self._rows = {}
        # So many pushes of this connection are in `_rows`.
        self._folded = 0

    def take(self, state):
        self._rows = {row["person"]: [row["room"], row["role"]] for row in state["participants"]}

    def note(self):
        self.picture()
        self._folded = 0
        super().note()

    def picture(self):
        """Room and role of everybody, as the first state and all pushes since have it."""
        rows, pushes = self._rows, self.client.said.pushes
        for push in pushes[self._folded:]:
            if push["on"] == "participant.joined":
                rows[push["person"]] = [push["room"], push["role"]]
            elif push["on"] == "participant.moved":
                rows[push["person"]][0] = push["to"]
            elif push["on"] == "role.changed":
                rows[push["person"]][1] = push["role"]
        self._folded = len(pushes)
        return {person: tuple(row) for person, row in rows.items()}

    async def act(self, acknowledged):
        workers = min(IN_FLIGHT, len(self.led))
        await asyncio.gather(*(self._change_on(self.led[first::workers], acknowledged) for first in range(workers)))

    async def _change_on(self, people, acknowledged):
        """One change after the other of these people, whom nobody else changes."""
        with contextlib.suppress(ConnectionError, ConnectionClosed):
            while True:
                await self._change(self.chance.choice(people))
                acknowledged()

    async def _change(self, person):
        room, role = self.picture()[person]
        if self.chance.random() < 0.7:
            others = [other for other in ("main", *(f"b1-{number}" for number in range(1, ROOMS + 1))) if other != room]
            to = self.chance.choice(others)
            await self._ask("breakouts.move", {"person": person, "room": to}, "participant.moved", person=person, to=to)
        elif role == "cohost":
            await self._ask("cohost.remove", {"person": person}, "role.changed", person=person, role="participant")
        else:
            await self._ask("cohost.add", {"person": person}, "role.changed", person=person, role="cohost")

    async def _ask(self, command, fields, push, **told):
        try:
            ok = await self.client.call(command, **fields)
        except Refused as refused:
            await waited(refused)
            return
        self.acknowledged.append((ok["seq"], {"on": push} | told))


async def waited(refused):
    """Waits as long as a refusal for haste asks for; any other is a failure."""
    assert refused.error.get("retryAfter"), refused
    await asyncio.sleep(refused.error["retryAfter"] / 1000)


class Evening:
    """A session: a host, talkers in the main room, and people who are moved and made co-hosts."""

    def __init__(self, session, talkers, led, tickets, seed):
        self.session = session
        self.tickets = tickets

        def seat(kind, person, role, *more):
            return kind(session, person, tickets.forge(session=session, sub=person, name=person, role=role), *more)

        people = [f"m{number}" for number in range(1, led + 1)]
        self.host = seat(Leader, "host", "host", people, random.Random(seed))
        self.talkers = [seat(Talker, f"t{number}", "participant") for number in range(1, talkers + 1)]
        self.led = [seat(Seat, person, "participant") for person in people]
        self.seats = [self.host, *self.talkers, *self.led]
        # Reads what hosts may read, and is nobody whose time is counted here.
        self.clerk = tickets.forge(session=session, sub="clerk", name="Clerk", role="cohost")

    async def begin(self, address):
        """Opens the session and its rooms; everybody has a seat before the first of them is moved."""
        clients = [await AsyncClient().connect(address, self.session) for _ in self.seats]
        for seat, client in zip(self.seats, clients):
            await client.join(seat.ticket)
        host = clients[0]
        await host.call("session.start")
        rooms = [{"name": f"Room {number}"} for number in range(1, ROOMS + 1)]
        await host.call("breakouts.open", rooms=rooms, mode="manual", late="main")
        await asyncio.gather(*(client.close() for client in clients))
        report, _ = await asyncio.to_thread(self._read, address)
        for seat, present in zip(self.seats, self._present(report)):
            seat.attended_before = present

    def check_picture(self, address):
        """Nobody acts: what somebody is given who comes now is what the host has been told bit by bit."""
        with Client(address, self.session) as newcomer:
            rows = newcomer.join(self.host.ticket)["state"]["participants"]
        given = {row["person"]: (row["room"], row["role"]) for row in rows}
        assert given == self.host.picture(), "rooms or roles are not as they were told"

    def account(self, address, totals):
        """Checks all that was acknowledged, and adds it to the totals; the server is up, and nobody acts."""
        report, messages = self._read(address)
        self._check_messages(messages, totals)
        self._check_changes(totals)
        self._check_attendance(report, totals)
        totals.people += len(self.seats)

    def _read(self, address):
        """The report of attendance, and all messages."""
        with Client(address, self.session) as reader:
            reader.join(self.clerk)
            return reader.call("attendance.report"), history(reader)

    def _present(self, report):
        """How long each of the seats was there, in milliseconds."""
        rows = {row["person"]: row["present"] for row in report["people"]}
        return [rows[seat.person] for seat in self.seats]

    def _check_messages(self, messages, totals):
        places = {message["text"].removeprefix("text of "): message["message"] for message in messages}
        order = [message["message"] for message in messages]
        assert len(places) == len(messages), "a message stands twice"
        assert order == sorted(order), "the history is out of order"
        assert sorted(places) == sorted(key for talker in self.talkers for key in talker.sent), "lost, or never sent"
        acknowledged = {key: place for talker in self.talkers for key, place in talker.acknowledged.items()}
        assert places == acknowledged, "a message is not where it was acknowledged"
        texts = [(message["message"], message["text"]) for message in messages]
        for talker in self.talkers:
            own = [message["text"] for message in messages if message["from"] == talker.person]
            assert own == [f"text of {key}" for key in sorted(talker.sent, key=talker.done_at.get)], "out of order"
            seen = [(push["message"], push["text"]) for push in talker.pushes if push["on"] == "chat.sent"]
            assert seen == texts, f"{talker.person} did not see each message once, in its order"
            totals.sent += len(talker.sent)
            totals.found_done += talker.repeated
            totals.seen += len(seen)
        totals.acknowledged += len(acknowledged)

    def _check_changes(self, totals):
        told = {push["seq"]: push for push in self.host.pushes}
        for seq, change in self.host.acknowledged:
            assert change.items() <= told[seq].items(), f"acknowledged as {change}, told as {told[seq]}"
        totals.moves += sum(change["on"] == "participant.moved" for _, change in self.host.acknowledged)
        totals.roles += sum(change["on"] == "role.changed" for _, change in self.host.acknowledged)

    def _check_attendance(self, report, totals):
        """Each connection counts from its join to the moment that the journal knew when the server died."""
        ends = [outage["from"] for outage in report["outages"]]
        for seat, present in zip(self.seats, self._present(report)):
            assert len(seat.joined_at) == len(ends), f"{len(ends)} outages, {len(seat.joined_at)} connections"
            for heard, end in zip(seat.heard_at, ends):
                assert end >= heard, f"the journal's time ends at {end}, and {seat.person} heard something at {heard}"
            there = seat.attended_before + sum(end - began for began, end in zip(seat.joined_at, ends))
            assert present == there, f"{seat.person} was there for {there} ms, and {present} are told"
            totals.attended_ms += present


async def one_life(server, evenings, acknowledgements, later=0):
    """Everybody comes back and acts until so much was acknowledged; `later` seconds after that the server is killed.

    Not at once: it is to be met in whatever it does, also between the disk and the answer. With no `acknowledgements` at
    all it is killed when everything that had no answer was sent again, and everybody has heard it.
    """
    seats = [seat for evening in evenings for seat in evening.seats]
    await asyncio.gather(*(seat.join(server.address) for seat in seats))
    await asyncio.gather(*(seat.send_again() for seat in seats))
    for evening in evenings:
        # Pushes come before the answer to what was asked behind them.
        await asyncio.gather(*(seat.client.call("time.sync") for seat in evening.seats))
        await asyncio.to_thread(evening.check_picture, server.address)
    count = 0

    def acknowledged():
        nonlocal count
        count += 1
        if count == acknowledgements:
            asyncio.get_running_loop().call_later(later, server.process.kill)

    if acknowledgements:
        await asyncio.gather(*(seat.act(acknowledged) for seat in seats))
    else:
        server.process.kill()
    for seat in seats:
        await seat.client.ended()
        seat.note()
    server.kill()
    server.start()


def play(server, evenings, deaths, acknowledgements, chance, totals):
    """Plays all evenings over so many deaths, each after a random number of acknowledgements between two.

    The server has been started, and is up again at the end. What it comes to is added to the totals.
    """
    for evening in evenings:
        asyncio.run(evening.begin(server.address))
    for _ in range(deaths - 1):
        asyncio.run(one_life(server, evenings, chance.randint(*acknowledgements), chance.random() * 0.02))
    asyncio.run(one_life(server, evenings, 0))
    totals.deaths += deaths
    for evening in evenings:
        evening.account(server.address, totals)


def history(reader):
    """All messages of `main`, oldest first."""
    messages = []
    while True:
        before = {"before": messages[0]["message"]} if messages else {}
        page = reader.call("chat.history", room="main", limit=100, **before)["messages"]
        if not page:
            return messages
        messages = page + messages
