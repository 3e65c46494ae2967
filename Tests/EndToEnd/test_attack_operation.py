"""What befalls the process (HOSTILE 82 to 84, and what has no number): ended, stopped, short of what a process needs."""
import asyncio
import contextlib
import os
import pathlib
import re
import resource
import signal
import socket
import subprocess
import time
import urllib.request

import pytest
from attack import Target, amount
from client import AsyncClient, Client, Refused
from operators import Operator, person_path
from raw import Wire, request
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


class Unheard:
    """A server whose standard error goes where nobody reads; so its port is known before, and it is asked whether it is up."""

    def __init__(self, folder, tickets, stream):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self.process = subprocess.Popen(
            [BINARY, "serve", "--listen", self.address, "--data", folder, "--secret-file", tickets.secret_file],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stream, env=environment(),
        )
        deadline = time.monotonic() + 60
        while not self._is_up():
            assert self.process.poll() is None and time.monotonic() < deadline, "it did not come up"
            time.sleep(0.05)

    def _is_up(self):
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(f"http://{self.address}/readyz", timeout=5) as answer:
                return answer.status == 200
        return False


def full_pipe():
    """The end of a pipe into which not a byte more fits, and its other end, which nobody reads."""
    out, end = os.pipe()
    os.set_blocking(end, False)
    with contextlib.suppress(BlockingIOError):
        while os.write(end, b"x" * 4_096):
            pass
    os.set_blocking(end, True)
    return out, end


@pytest.mark.parametrize("kind", ["a full disk", "a pipe that nobody reads"])
def test_row_83_a_log_that_takes_nothing_holds_nobody_up(tmp_path, tickets, session, noted, kind):
    out, end = full_pipe() if kind != "a full disk" else (None, os.open("/dev/full", os.O_WRONLY))
    server = Unheard(tmp_path / "data", tickets, end)
    try:
        with Client(server.address, session) as host, Client(server.address, session) as guest:
            host.join(tickets.forge(session=session, sub="host", role="host"))
            guest.join(tickets.forge(session=session, sub="guest"))
            host.call("session.start")
            for number in range(8):
                # Each brings a line of the log of its own kind, or would.
                with Client(server.address, session) as stranger:
                    for _ in range(3 * (number % 2)):
                        stranger.send_raw("no JSON")
                    if number % 2 == 0:
                        stranger.send("session.join", ticket="none")
                    assert stranger.closed()[0] == (4500 if number % 2 else 4501)
                message = host.call("chat.send", room="main", text=f"{number}")["message"]
                guest.on("chat.sent", message=message)
        server.process.terminate()
        assert server.process.wait(EXIT_SECONDS) == 0
    finally:
        server.process.kill()
        server.process.wait()
        for descriptor in filter(None, (out, end)):
            os.close(descriptor)
    assert run("verify", "--data", tmp_path / "data").returncode == 0
    noted("service goes on, exit 0", f"{kind}: 8 of 8 heard, exit 0")


def test_row_84_metrics_asked_a_hundred_times_a_second_hold_nobody_up(attack):
    count, used = amount(15, 100), []
    operator = Operator(attack.target.server, address=attack.target.operator_address)

    def one_round(_):
        before, began = attack.target.processor_seconds(), time.monotonic()
        told = []
        for number in range(count):
            told.append(operator.get("/metrics").status)
            # Not more than a hundred a second, which is what is asked here.
            time.sleep(max(0, began + number / 100 - time.monotonic()))
        used.append((attack.target.processor_seconds() - before) / count)
        return told

    attack(one_round, [200] * count, {})
    attack.note(["computing for one page"], count * len(used), {}, longest=f"({sum(used) / len(used) * 1000:.2f} ms of computing each)")


def test_a_process_that_was_stopped_drops_nobody_when_it_goes_on(serve, session, tickets, noted):
    """In full a minute, beyond 25 s of silence; here as much beyond a silence of three seconds."""
    server = serve(*amount(("--silence-seconds", "3", "--ping-seconds", "1"), ()))
    people = [Guest(session, f"p{number}", tickets.forge(session=session, sub=f"p{number}")) for number in range(8)]
    host = Guest(session, "host", tickets.forge(session=session, sub="host", role="host"))

    async def evening():
        for person in (host, *people):
            await person.come(server.address)
        await host.clients[0].call("session.start")
        for person in people:
            await person.say(f"{person.person} before")
        server.signal(signal.SIGSTOP)
        await asyncio.sleep(amount(4, 60))
        # What is said meanwhile lies in sockets.
        talking = [asyncio.create_task(person.say(f"{person.person} meanwhile")) for person in people[:4]]
        gone = people.pop()
        await gone.clients[0].cut()
        await asyncio.sleep(amount(1, 5))
        server.signal(signal.SIGCONT)
        await asyncio.gather(*talking)
        for person in people:
            await person.say(f"{person.person} after")
        # Long enough for whoever was taken for silent, or gone, to be shown so.
        await host.clients[0].until(lambda: "participant.away" in heard_by(host))
        report = await host.clients[0].call("attendance.report", person="p1")
        for person in (host, *people):
            await person.clients[0].close()
        return report["people"][0], report["live"]

    row, live = asyncio.run(evening())
    pushes = [push for push in host.clients[0].said.pushes if "seq" in push]
    assert [push["person"] for push in pushes if push["on"] == "participant.away"] == ["p7"]
    assert not [push for push in pushes if push["on"].startswith(("host.", "handoff.", "participant.returned"))][1:]
    said = [text for _, text in host.heard()]
    assert sorted(said[8:12]) == [f"p{number} meanwhile" for number in range(4)]
    assert said[:8] + said[12:] == [f"p{n} before" for n in range(8)] + [f"p{n} after" for n in range(7)]
    assert row["filled"] == [] and row["present"] == row["counted"] >= live["to"] - live["from"] - 1_000
    noted("nobody dropped but who left, nothing lost, no hand-over", "8 of 8 stayed, 4 said meanwhile, attendance whole")


def heard_by(person):
    """The names of all pushes on somebody's last connection."""
    return {push["on"] for push in person.clients[-1].said.pushes}


def come_until_full(server, strangers, descriptors):
    """Strangers come, and stay, until there is no more room; answers those who got in.

    The first who finds none is told so in words.
    """
    inside = []
    for _ in range(descriptors):
        wire = Wire(server.address)
        wire.send(request())
        head = wire.read_head()
        if head.status == 503:
            wire.close()
            assert int(head.field("Retry-After")) > 0
            return inside
        inside.append(strangers.enter_context(wire))
    raise AssertionError("there was always room")


def sockets(server):
    """How many of a server's descriptors are sockets; for when there is none left to ask it by."""
    found = 0
    for entry in os.scandir(f"/proc/{server.process.pid}/fd"):
        # It may have been closed since.
        with contextlib.suppress(FileNotFoundError):
            found += os.readlink(entry.path).startswith("socket:")
    return found


def test_without_descriptors_files_are_written_all_the_same(serve, session, tickets, noted):
    """Strangers hold all descriptors that sockets may have: the journal, checkpoints, the archive and erasing go on."""
    descriptors = 64
    options = ("--reading-seconds", "0", "--join-seconds", "600", "--admin", "127.0.0.1:0")
    server = serve(*options, under=("prlimit", f"--nofile={descriptors}:{descriptors}"))
    operator = Operator(server, tickets)
    with contextlib.ExitStack() as strangers, Client(server.address, session) as host, Client(server.address, "over") as over:
        for client, each in ((host, session), (over, "over")):
            client.join(tickets.forge(session=each, sub=f"host-{each}", role="host"))
            client.call("session.start")
            client.call("chat.send", room="main", text="before")
        before = sockets(server)
        wires = come_until_full(server, strangers, descriptors)
        over.call("session.end", seconds=0)
        over.closed()
        wires += come_until_full(server, strangers, descriptors)
        # The place of one of them is the operator's, once the server has seen it go; one of the two clients has gone too.
        wires.pop().close()
        server.wait_until(lambda: sockets(server) < before + len(wires))
        # What is erased takes a checkpoint, and that the archive with it.
        erased = operator.delete(person_path("host-over"))
        assert erased["problems"] == []
        server.wait_for_log(lambda entry: entry.get("event") == "archived")
        host.call("chat.send", room="main", text="after")
    assert server.terminate() == 0
    assert run("verify", "--data", server.data).returncode == 0
    noted("503 for more, files are written", "503 for more, archived while full, exit 0")


def fill_memory(server, tickets, session):
    """Talks until the server is gone; answers what was acknowledged."""
    acknowledged = []
    with Client(server.address, session) as host:
        host.join(tickets.forge(session=session, sub="host", role="host"))
        host.call("session.start")
        status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
        most = (int(re.search(r"VmData:\s+(\d+) kB", status)[1]) << 10) + (1 << 20)
        resource.prlimit(server.process.pid, resource.RLIMIT_DATA, (most, most))
        with contextlib.suppress(ConnectionClosed):
            while len(acknowledged) < 20_000:
                text = f"{len(acknowledged)} ".ljust(4_000, ".")
                acknowledged.append((host.call("chat.send", room="main", text=text)["message"], text))
    return acknowledged


@pytest.mark.own_memory
def test_without_memory_the_process_ends_and_says_so_and_nothing_is_lost(serve, session, tickets, noted):
    """It may grow by a megabyte: no more than that can be had, as under `ulimit`."""
    server = serve("--chat-burst", "1000000", "--commands-burst", "1000000", "--admin", "127.0.0.1:0")
    # Behind the reading of its journal, for which it takes a segment's memory and gives it back.
    Target(server)
    acknowledged = fill_memory(server, tickets, session)
    code = server.process.wait(EXIT_SECONDS)
    server.terminate()
    assert code < 0, "it ends by itself, at once"
    assert any("failed to allocate" in entry.get("text", "") for entry in server.log), server.log[-5:]
    assert run("verify", "--data", server.data).returncode == 0
    server.start()
    known = all_messages(server, tickets, session)
    assert known[: len(acknowledged)] == acknowledged and len(known) - len(acknowledged) in (0, 1)
    noted("a clear end, nothing lost", f"signal {-code}, {len(acknowledged)} acknowledged, {len(known)} there")
