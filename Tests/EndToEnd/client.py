"""A foreign client of plenary.v1, on PyPI's `websockets`: one that waits for each reply, and one for many at once."""
import asyncio
import contextlib
import json
import time

import websockets.asyncio.client
import websockets.sync.client
from tls import for_two_threads
from websockets.exceptions import ConnectionClosed

SUBPROTOCOL = "plenary.v1"
# How long anything may take that is promised at once; whoever waits hears of a lost connection before that.
PATIENCE_SECONDS = 20


class Refused(Exception):
    """The server answered a command with an error."""

    def __init__(self, error):
        super().__init__(f"{error.get('code')}: {error.get('message')}")
        self.error = error
        self.code = error["code"]


class Conversation:
    """What has been said on one connection: commands are numbered, replies kept by number, all else in order."""

    def __init__(self):
        self.number = 0
        self.join_number = None
        self.welcome = None
        self.replies = {}
        self.pushes = []
        self.errors = []
        self.messages = []
        self.last_seq = 0

    def command(self, do, fields):
        """The next command as text, under the next number."""
        self.number += 1
        if do == "session.join":
            self.join_number = self.number
            self.last_seq = fields.get("resume", {}).get("after", 0)
        return self.number, json.dumps({"id": self.number, "do": do} | fields, ensure_ascii=False)

    def take(self, text):
        """Sorts one message of the server's; what is none of the four shapes fails."""
        message = json.loads(text)
        self.messages.append(message)
        if message.get("error", {}).get("code") == "malformed":
            # It carries the number of what was not a command, if it had one: that may have been used before.
            self.errors.append(message["error"])
            self.replies.setdefault(message.get("re"), message)
        elif "re" in message:
            assert message["re"] not in self.replies, f"a second reply: {message}"
            assert ("ok" in message) != ("error" in message), f"neither done nor refused: {message}"
            self.replies[message["re"]] = message
            if message["re"] == self.join_number and "ok" in message:
                self._joined(message["ok"])
        elif "on" in message:
            self.pushes.append(message)
            if "seq" in message:
                assert message["seq"] > self.last_seq, f"seq {message['seq']} after {self.last_seq}"
                self.last_seq = message["seq"]
        else:
            raise AssertionError(f"neither reply, push nor error: {message}")

    def result(self, number):
        """What a command was answered; a refusal is raised."""
        reply = self.replies[number]
        if "error" in reply:
            raise Refused(reply["error"])
        return reply["ok"]

    def _joined(self, welcome):
        """A full state holds all up to its `seq`; a resume goes on behind what was heard last."""
        assert not self.pushes, "a push before the join"
        self.welcome = welcome
        if not welcome["resumed"]:
            self.last_seq = welcome["seq"]


def address_of(address, session, scheme="ws"):
    """The address at which a session is joined."""
    return f"{scheme}://{address}/v1/sessions/{session}"


def joining(ticket, resume):
    """The fields of `session.join`."""
    return {"ticket": ticket} | ({"resume": resume} if resume else {})


class Client:
    """Waits for what it asked, at most `patience` seconds, and collects what is pushed meanwhile."""

    patience = PATIENCE_SECONDS

    def __init__(self, address, session, trust=None, **options):
        """`trust`: over TLS, with this context of `ssl`."""
        settings = {
            "subprotocols": [SUBPROTOCOL], "compression": None, "proxy": None, "ping_interval": None,
            "open_timeout": PATIENCE_SECONDS, "close_timeout": PATIENCE_SECONDS, "max_size": 1 << 20,
        }
        settings |= {"ssl": for_two_threads(trust), "server_hostname": "localhost"} if trust else {}
        uri = address_of(address, session, "wss" if trust else "ws")
        connection = websockets.sync.client.connect(uri, **(settings | options))
        # Open until `close`: a test holds several at once.
        self.socket = connection.__enter__()
        self.said = Conversation()

    @property
    def welcome(self):
        """What the join was answered."""
        return self.said.welcome

    def join(self, ticket, resume=None):
        """Joins; `resume` is `{"epoch": …, "after": …}`. Answers the welcome."""
        return self.call("session.join", **joining(ticket, resume))

    def send(self, do, **fields):
        """Sends a command and does not wait; answers its number."""
        number, text = self.said.command(do, fields)
        self.socket.send(text)
        return number

    def send_raw(self, message):
        """Sends text or bytes as they are."""
        self.socket.send(message)

    def call(self, do, **fields):
        """Sends a command and answers its result; a refusal is raised as `Refused`."""
        return self.result(self.send(do, **fields))

    def result(self, number):
        """The result of a command that was sent."""
        self._receive_until(lambda: number in self.said.replies, f"a reply to {number}")
        return self.said.result(number)

    def refusal(self, do, **fields):
        """The error of a command that has to be refused."""
        try:
            ok = self.call(do, **fields)
        except Refused as refused:
            return refused.error
        raise AssertionError(f"{do} was not refused: {ok}")

    def error(self):
        """The next error that answers no command."""
        known = len(self.said.errors)
        self._receive_until(lambda: len(self.said.errors) > known, "an error")
        return self.said.errors[known]

    def wait_for(self, predicate, timeout=None):
        """The first push or notice of this connection that fits, if need be after waiting for it."""
        found = []

        def is_there():
            found[:] = [push for push in self.said.pushes if predicate(push)][:1]
            return bool(found)

        self._receive_until(is_there, "a push", timeout)
        return found[0]

    def on(self, name, **fields):
        """Waits for the push of that name whose fields have these values."""
        return self.wait_for(lambda push: push["on"] == name and fields.items() <= push.items())

    def heard(self, name):
        """The pushes of that name so far."""
        return [push for push in self.said.pushes if push["on"] == name]

    def closed(self, timeout=PATIENCE_SECONDS):
        """Waits for the server to close; answers the code and the reason of its close frame."""
        deadline = time.monotonic() + timeout
        while True:
            try:
                self.said.take(self.socket.recv(timeout=max(0, deadline - time.monotonic())))
            except ConnectionClosed as error:
                assert error.rcvd is not None, "the connection was cut without a close frame"
                return error.rcvd.code, error.rcvd.reason
            except TimeoutError:
                raise AssertionError(f"not closed; last heard: {self.said.messages[-3:]}") from None

    def cut(self):
        """Ends the connection as a lost link does: no close frame, no word."""
        self.socket.close_socket()

    def close(self):
        """Closes with 1000."""
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _receive_until(self, is_done, what, timeout=None):
        deadline = time.monotonic() + (self.patience if timeout is None else timeout)
        while not is_done():
            try:
                self.said.take(self.socket.recv(timeout=max(0, deadline - time.monotonic())))
            except TimeoutError:
                raise AssertionError(f"{what} did not come; last heard: {self.said.messages[-3:]}") from None


def closed_for(address, session, ticket, **more):
    """What a connection whose join has this ticket, and `more` fields, is closed with."""
    with Client(address, session) as client:
        client.send("session.join", ticket=ticket, **more)
        return client.closed()[0]


class AsyncClient:
    """The same for many at once: it reads all the time, until the connection ends."""

    def __init__(self):
        self.said = Conversation()
        self.socket = None
        self._reader = None
        self._heard = asyncio.Condition()
        self._ended = False

    async def connect(self, address, session):
        """Opens the connection and starts to read."""
        self.socket = await websockets.asyncio.client.connect(
            address_of(address, session), subprotocols=[SUBPROTOCOL], compression=None, proxy=None,
            ping_interval=None, open_timeout=PATIENCE_SECONDS, max_size=1 << 20,
        )
        self._reader = asyncio.create_task(self._read())
        return self

    async def join(self, ticket, resume=None):
        """Joins; `resume` is `{"epoch": …, "after": …}`. Answers the welcome."""
        return await self.call("session.join", **joining(ticket, resume))

    async def send(self, do, **fields):
        """Sends a command and does not wait; answers its number."""
        number, text = self.said.command(do, fields)
        await self.socket.send(text)
        return number

    async def result(self, number):
        """The result of a command that was sent; raises `ConnectionError` if the connection ended without it."""
        await self.until(lambda: number in self.said.replies)
        return self.said.result(number)

    async def call(self, do, **fields):
        """Sends a command and answers its result."""
        return await self.result(await self.send(do, **fields))

    async def until(self, is_done):
        """Waits until something is so; raises `ConnectionError` if the connection ends before it is."""

        async def wait():
            async with self._heard:
                await self._heard.wait_for(lambda: self._ended or is_done())

        await asyncio.wait_for(wait(), PATIENCE_SECONDS)
        if not is_done():
            raise ConnectionError("the connection ended")

    async def ended(self):
        """Waits until the connection has ended, and all that came before is taken."""
        await asyncio.wait_for(asyncio.shield(self._reader), PATIENCE_SECONDS)

    async def close(self):
        """Closes with 1000, and takes what was on its way."""
        await self.socket.close()
        await self.ended()

    async def cut(self):
        """Ends the connection as a network does that says so: with a reset."""
        self.socket.transport.abort()
        await self.ended()

    def fall_silent(self):
        """Neither reads nor answers any more, and the server hears of nothing: a network that is gone."""
        self.socket.transport.pause_reading()
        self._reader.cancel()

    async def _read(self):
        try:
            with contextlib.suppress(ConnectionClosed):
                async for text in self.socket:
                    self.said.take(text)
                    async with self._heard:
                        self._heard.notify_all()
        finally:
            self._ended = True
            async with self._heard:
                self._heard.notify_all()
