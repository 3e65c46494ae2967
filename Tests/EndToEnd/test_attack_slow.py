"""People who are slow, and very many of them (HOSTILE 63 to 67), while others talk beside; see `attack.py`."""
import asyncio
import contextlib
import itertools
import math
import subprocess
import time

import pytest
from attack import FULL, ROUNDS, amount
from client import AsyncClient, Client
from narrow import Reader, heard, shown
from running import BINARY, ROOT, environment

LOAD = BINARY.parent / "plenary-load"
# One person says at once what else many say in a minute.
TALKATIVE = ("--chat-burst", "1000000", "--commands-burst", "1000000")
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
    """Ten minutes in full: the silence is noticed before the outbox. Here the outbox has half a second."""
    count = 5
    attack = attack_on(*TALKATIVE, *amount(("--outbox-seconds", "0.5", "--close-seconds", "10"), ()))
    reason = amount("slowConsumer", "silent")
    with Talk(attack) as talk, attack.watched([True] * count, {reason: count}) as scene:
        readers = [talk.reader(f"p{number}") for number in range(count)]
        began = time.monotonic()
        talk.say(60, 1_000)
        wait_until(lambda: rejected(attack, reason) >= count, "they were not cut off")
        while time.monotonic() - began < amount(0, 600):
            scene.beside.exchange()
        ends = {reader.read_to_end() for reader in readers}
        assert ends == {amount(4413, "reset")}
        assert [talk.comes_back(reader, f"p{number}") for number, reader in enumerate(readers)] == [True] * count
        for reader in readers:
            reader.close()


@pytest.mark.timeout(600)
def test_row_64_stopped_readers_share_what_waits_for_them(attack_on):
    """Communities of fifty, of each of whom all but the host have stopped; the server holds back 256 KiB for each."""
    count, share = amount(50, 1_000), 50
    attack = attack_on(*TALKATIVE, "--outbox-seconds", "60")
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
            assert len(talks[0].said) < 200, "they are not cut off"
        kept = sum(len(text) for talk in talks for text in talk.said) >> 10
        scene.memory = f"{most - before:+} KiB, {kept} of it are the messages"
        # A server that is up takes a few more pages for its own work, whoever stops.
        assert most - before - kept <= 64 * 1024 * count / 1_000 + 4 * 1024, scene.memory
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
