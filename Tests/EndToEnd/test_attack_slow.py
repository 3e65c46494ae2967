"""People who are slow, and very many of them (HOSTILE 63 to 67), while others talk beside; see `attack.py`."""
import asyncio
import collections
import contextlib
import itertools
import json
import math
import subprocess
import threading
import time

import pytest
from attack import FULL, SANITIZED, Bystanders, amount
from client import AsyncClient, Client
from narrow import Reader, heard, shown
from operators import metric
from raw import frame, opened
from running import BINARY, ROOT, environment
from standstill import DiskWatch, waiting

LOAD = BINARY.parent / "plenary-load"
# One person says at once what else many say in a minute.
TALKATIVE = ("--chat-burst", "1000000", "--commands-burst", "1000000")
# What a message takes beside its words, as the server counts it for its ceiling.
MESSAGE_BYTES = 256
# Of who is not slow to read the welcome; a window of one byte waits for the kernel again and again.
WINDOW = 16 << 10


class Talk:
    """A live session whose host talks; what was said is kept."""

    def __init__(self, attack, session=None):
        self.attack = attack
        self.session = session or attack.session
        self.said = []
        self.host = Client(attack.target.server.address, self.session)
        self.host.join(attack.tickets.forge(session=self.session, sub="host", role="host"))
        self.host.call("session.start")

    def ticket(self, person):
        return self.attack.tickets.forge(session=self.session, sub=person)

    def say(self, count, length):
        """Says so many messages of so many bytes at once, and waits until all are acknowledged and heard."""
        words = [f"{len(self.said) + number} ".ljust(length, ".") for number in range(count)]
        for number in [self.host.send("chat.send", room="main", text=text) for text in words]:
            last = self.host.result(number)["message"]
        self.host.on("chat.sent", message=last)
        self.said += words

    def reader(self, person, point=None, window=1):
        """A person who joins, or comes back, through a small window; has read all that was there."""
        reader = Reader(self.attack.target.server.address, self.session, window)
        reader.join(self.ticket(person), point)
        return reader

    def comes_back(self, reader, person, known=0):
        """Whether somebody resumes, and hears on two connections all that was said after what was known: once, in order."""
        with self.reader(person, reader.point, WINDOW) as again:
            again.read_until(lambda: again.said.last_seq >= self.host.said.last_seq)
            assert heard(reader.said) + heard(again.said) == self.said[known:]
            return again.said.welcome["resumed"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.host.close()


def wait_until(is_so, what):
    """For what only the metrics tell."""
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def rejected(attack, *reasons):
    """How often the server has counted one of the reasons."""
    counted = attack.target.rejected()
    return sum(counted[reason] for reason in reasons)


@pytest.mark.timeout(1200)
def test_row_63_who_stops_reading_is_cut_off_and_comes_back_to_all_that_was_said(attack_on):
    """Ten minutes in full. Here the outbox has half a second instead of twenty."""
    count = 5
    attack = attack_on(*TALKATIVE, *amount(("--outbox-seconds", "0.5", "--close-seconds", "10"), ()))
    reason = "slowConsumer"
    with Talk(attack) as talk, attack.watched([True] * count, {reason: count}) as scene:
        readers = [talk.reader(f"p{number}") for number in range(count)]
        began = time.monotonic()
        talk.say(60, 1_000)
        wait_until(lambda: rejected(attack, reason) >= count, "they were not cut off")
        while (since := time.monotonic() - began) < amount(0, 600):
            scene.beside.exchange()
            if since > 10 * (len(talk.said) - 60):
                # Short: all that was said must fit into the backlog.
                talk.say(1, 100)
        ends = {reader.read_to_end() for reader in readers}
        assert ends == {amount(4413, "reset")}
        assert [talk.comes_back(reader, f"p{number}") for number, reader in enumerate(readers)] == [True] * count
        for reader in readers:
            reader.close()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("count, share, most_each", [
    pytest.param(amount(50, 1_000), 50, 64, id="of fifty"), pytest.param(amount(12, 200), 1, 320, id="alone"),
])
def test_row_64_stopped_readers_take_no_more_than_waits_for_them(attack_on, count, share, most_each):
    """All but the host of each session have stopped, and the server holds back 256 KiB for each of them.

    A session of fifty shares what waits: of them 1,000 take 64 MiB at most. Who is alone in a session shares with nobody, and
    takes all of the 256 KiB that `--outbox-bytes` allows, and some for arrays that grow in steps; either way, beside the messages
    themselves.
    """
    # Neither silence nor slowness ends them, only how much waits.
    attack = attack_on(*TALKATIVE, "--outbox-seconds", "600", "--silence-seconds", "600")
    with contextlib.ExitStack() as stack:
        talks = [stack.enter_context(Talk(attack, f"s{number}")) for number in range(count // share)]
        scene = stack.enter_context(attack.watched([4413] * count, {"slowConsumer": count}))
        readers = [
            (talk, f"p{number}", stack.enter_context(talk.reader(f"p{number}", window=WINDOW))) for talk in talks for number in range(share)
        ]
        before, most = attack.target.memory(), 0
        while rejected(attack, "slowConsumer") < count:
            for talk in talks:
                talk.say(4, 4_000)
            most = max(most, attack.target.memory())
            assert len(talks[0].said) < 500, "they are not cut off"
        kept = sum(len(text) + MESSAGE_BYTES for talk in talks for text in talk.said) >> 10
        scene.memory = f"{most - before:+} KiB for {count} in sessions of {share}, {kept} of it are the messages"
        # A server that is up takes a few more pages for its own work, whoever stops.
        assert SANITIZED or most - before - kept <= most_each * count + 4 * 1024, scene.memory
        for talk, person, reader in readers[:: amount(10, 50)]:
            reader.read_to_end()
            # More was said than the backlog holds: a state, with the newest fifty at most.
            with talk.reader(person, reader.point, WINDOW) as again:
                again.read_until(lambda again=again, talk=talk: again.said.last_seq >= talk.host.said.last_seq)
                newest = shown(again.said)
                assert newest == talk.said[-len(newest):] and len(newest) >= 15


def test_row_65_through_a_window_of_one_byte_one_is_served_or_cut_off_and_loses_nothing(attack_on):
    attack = attack_on(*TALKATIVE, "--outbox-seconds", "0.3")

    def patient(talk):
        """Reads a byte at a time for as long as others talk a little, and hears it as it is said."""
        with talk.reader("patient") as reader:
            known = len(talk.said)
            talk.say(5, 100)
            while len(heard(reader.said)) < 5:
                assert reader.read_bytes(), "ended"
            assert heard(reader.said) == talk.said[known:]
            return "served"

    def slow(talk):
        """Takes a byte now and then; so much is said meanwhile that no more fits."""
        with talk.reader("slow") as reader:
            known, before = len(talk.said), rejected(attack, "slowConsumer")
            talk.say(18, 4_000)
            while rejected(attack, "slowConsumer") == before:
                assert reader.read_bytes(), "ended before"
            return [reader.read_to_end(), talk.comes_back(reader, "slow", known)]

    numbers = itertools.count()

    def one_round(_):
        # A session each: a long welcome would widen what the kernel holds for a connection.
        with Talk(attack, f"{attack.session}-{next(numbers)}") as talk:
            return [patient(talk), *slow(talk)]

    attack(one_round, ["served", 4413, True], {"slowConsumer": 1})


class Member:
    """Somebody in the storm: the connection, those that were before it, and what was heard on all of them."""

    def __init__(self, talk, person):
        self.talk = talk
        self.ticket = talk.ticket(person)
        self.clients = []
        self.resumed = []

    async def come(self):
        """Joins; with a resume, if this is a return."""
        said = self.clients[-1].said if self.clients else None
        point = said and {"epoch": said.welcome["epoch"], "after": said.last_seq}
        client = await AsyncClient().connect(self.talk.attack.target.server.address, self.talk.session)
        self.clients.append(client)
        self.resumed.append((await client.join(self.ticket, point))["resumed"])

    async def lose(self, after, is_told):
        """Is cut off: by a reset, or without the server hearing anything of it."""
        await asyncio.sleep(after)
        if is_told:
            await self.clients[-1].cut()
        else:
            self.clients[-1].fall_silent()

    async def catch_up(self):
        """Waits for what was said last; answers all that was heard."""
        said = self.clients[-1].said
        await self.clients[-1].until(lambda: said.last_seq >= self.talk.host.said.last_seq)
        return [text for client in self.clients for text in heard(client.said)]

    async def leave(self):
        """Ends all connections."""
        await self.clients[-1].close()
        for client in self.clients[:-1]:
            client.socket.transport.abort()


async def storm(talks, members, within):
    """All are cut and come back within some seconds, while their hosts go on; answers what each one resumed and heard."""
    await asyncio.gather(*(member.come() for member in members))
    for talk in talks:
        await asyncio.to_thread(talk.say, 2, 100)
    for is_told in (True, False):
        cuts = (member.lose(within * n / len(members), is_told == (n % 2 == 0)) for n, member in enumerate(members))
        await asyncio.gather(*cuts)
        for talk in talks:
            await asyncio.to_thread(talk.say, 2, 100)
        await asyncio.gather(*(member.come() for member in members))
    for talk in talks:
        await asyncio.to_thread(talk.say, 1, 100)
    outcome = [(member.resumed, await member.catch_up()) for member in members]
    await asyncio.gather(*(member.leave() for member in members))
    return outcome


def test_row_66_who_are_cut_all_at_once_come_back_and_miss_nothing(attack):
    share, within = 40, 0.5
    with contextlib.ExitStack() as stack:
        talks = [stack.enter_context(Talk(attack, f"{attack.session}-{number}")) for number in range(amount(3, 10))]
        members = [Member(talk, f"p{number}") for talk in talks for number in range(share)]
        stack.enter_context(attack.watched(["resumed"] * 2 * len(members), {}))
        outcome = asyncio.run(storm(talks, members, within))
        for member, (resumed, heard_all) in zip(members, outcome):
            assert resumed == [False, True, True]
            assert heard_all == member.talk.said


def congress():
    """The load driver's wifi-drop as it stands; in `make test` with few people, briefly, and without its times."""
    scenario = json.loads((ROOT / "LoadTests" / "Scenarios" / "wifi-drop.json").read_text())
    if not FULL:
        scenario |= {"seconds": 8, "communities": 3, "people": {"each": 15}, "arrival": {"shape": "even", "seconds": 2}}
        scenario["drops"] = {"storms": [{"at": 4, "share": 1, "within": 0.3, "seconds": {"from": 1, "to": 1}}]}
        scenario["thresholds"] = {"violations": 0, "missingPeople": 0}
    return scenario


@pytest.mark.timeout(600)
def test_row_66_a_congress_is_back_within_thirty_seconds_and_others_are_served(attack_on, tmp_path, tickets):
    """The load driver plays it and judges that nobody missed anything; who sits beside must hardly notice."""
    # In the end all are sent away while the driver waits for just that, and nobody is there to answer.
    attack = attack_on("--close-seconds", "60")
    scenario, file = congress(), tmp_path / "scenario.json"
    file.write_text(json.dumps(scenario))
    storm_at = scenario["drops"]["storms"][0]["at"]
    address = attack.target.server.address
    command = [LOAD, file, "--url", f"http://{address}", "--secret-file", tickets.secret_file]
    with attack.watched(["met"], {}) as scene, contextlib.ExitStack() as stack:
        # Of one session's few exchanges the 99th percentile would be the longest.
        sessions = (f"{attack.session}-beside-{number}" for number in range(amount(1, 10)))
        beside = [scene.beside, *(stack.enter_context(Bystanders(address, session, tickets)) for session in sessions)]
        disk = stack.enter_context(DiskWatch(attack.target.server.data))
        began = time.monotonic()
        played = subprocess.run([*command, "--out", tmp_path / "out"], env=environment(), capture_output=True, text=True, check=False)
        assert played.returncode == 0, played.stdout + played.stderr
        result = json.loads((tmp_path / "out" / "result.json").read_text())
        assert result["counts"]["resumed"] >= scenario["communities"] * scenario["people"]["each"] * 0.9
        exchanges = [exchange for people in beside for exchange in people.exchanges]
        calm = percentile_99(exchanges, began + 0.6 * storm_at, began + storm_at)
        stormy = percentile_99(exchanges, began + storm_at, began + storm_at + 30)
        # A standstill of the machine's disk holds all eleven sessions up: whoever reads of a failure has to know of it.
        held_up = len(waiting(exchanges, disk.spans))
        scene.remark = (
            f" (99th percentile {calm * 1000:.0f} ms before the storm, {stormy * 1000:.0f} ms in it; "
            f"the disk stood still in {held_up} of {len(exchanges)} exchanges)"
        )
        print(played.stdout)
    assert not FULL or stormy <= 2 * calm, scene.remark


def percentile_99(exchanges, since, until):
    """Of the exchanges that began between two moments."""
    times = sorted(seconds for began, seconds in exchanges if since <= began < until)
    return times[math.ceil(len(times) * 0.99) - 1]


class Asker(threading.Thread):
    """A co-host whose page asks for the whole report again and again, without waiting for an answer."""

    def __init__(self, talk, person, count):
        super().__init__(daemon=True)
        self.count = count
        self.answers = collections.Counter()
        self.wire = opened(talk.attack.target.server.address, talk.session)
        # Whose turn comes once in four may wait.
        self.wire.socket.settimeout(300)
        ticket = talk.attack.tickets.forge(session=talk.session, sub=person, role="cohost")
        self.wire.send(frame(1, json.dumps({"id": 1, "do": "session.join", "ticket": ticket}).encode()))
        self._next_reply()

    def run(self):
        questions = (json.dumps({"id": 2 + number, "do": "attendance.report"}) for number in range(self.count))
        asking = threading.Thread(target=self.wire.send, args=(b"".join(frame(1, text.encode()) for text in questions),))
        asking.start()
        for _ in range(self.count):
            self.answers["ok" if b'"ok":' in self._next_reply()[:40] else "error"] += 1
        asking.join()
        self.wire.close()

    def _next_reply(self):
        while not (reply := self.wire.read_frame()[1]).startswith(b'{"re":'):
            pass
        return reply


def test_row_67_beside_a_session_that_saturates_the_engine_others_are_served_in_turn(attack_on):
    """More dear questions than the engine answers in seconds; whoever asks when all have been read waits for a few of them."""
    count, askers = amount(100, 2_000), 4
    attack = attack_on(*TALKATIVE, "--outbox-bytes", "1073741824", "--outbox-hard-bytes", "1073741824")
    address = attack.target.operator_address
    with Talk(attack) as talk:
        for number in range(amount(40, 200)):
            Asker(talk, f"p{number}", 0).wire.close()
        with attack.watched(["ok"] * count * askers, {}) as scene:
            asking = [Asker(talk, f"asker{number}", count) for number in range(askers)]
            most = metric(address, "plenary_messages_received_total") + count * askers
            for asker in asking:
                asker.start()
            wait_until(lambda: metric(address, "plenary_messages_received_total") >= most, "the questions were not read")
            # The first may have been on its way before; the second comes behind all questions.
            for _ in range(2):
                scene.beside.exchange()
            meanwhile = int(metric(address, "plenary_commands_total", "attendance.report"))
            for asker in asking:
                asker.join(300)
            assert sum((asker.answers for asker in asking), collections.Counter()) == {"ok": count * askers}
            scene.remark = f" (two exchanges while {meanwhile} of {count * askers} were answered)"
        assert meanwhile < count * askers, "the others waited until all was answered"
