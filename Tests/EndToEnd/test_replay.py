"""`plenary replay` beside a running server, after it, and of a session that is archived."""
import json
import re

import pytest
from client import Client
from running import run

USAGE, BAD_DATA, CONFIGURATION, FAILURE = 64, 65, 78, 1
FORGOTTEN, KEPT = "a word said in haste", "a word to be kept"


def replay(server, *options, session="evening"):
    """The lines that the command prints."""
    done = run("replay", "--data", server.data, "--session", session, *options)
    assert done.returncode == 0, (done.stdout, done.stderr)
    return done.stdout.splitlines()


def untimed(lines):
    """The story without its times."""
    return [re.sub(r"^\d\d:\d\d:\d\d ", "", line) for line in lines if re.match(r"\d\d:\d\d:\d\d ", line)]


class Evening:
    """People who join, drop, are moved and come back, with what each step must have left in the journal."""

    def __init__(self, server, tickets):
        self.server = server
        self.tickets = {
            person: tickets.make("evening", person, role, title="An evening", **more)
            for person, role, more in [
                ("host", "host", {}), ("deputy", "cohost", {}), ("p1", "participant", {"name": "Guest"}),
                ("p2", "participant", {"name": "Guest"}),
            ]
        }
        self.clients = {}

    def join(self, person):
        client = Client(self.server.address, "evening")
        self.clients[person] = client
        client.join(self.tickets[person])
        return client

    def play(self):
        host, deputy = self.join("host"), self.join("deputy")
        self.join("p1")
        self.join("p2")
        host.call("session.start")
        rooms = [{"name": "Room 1", "people": ["p1", "p2"]}, {"name": "Room 2", "people": []}]
        host.call("breakouts.open", rooms=rooms, mode="manual", seconds=600)
        self.clients["p1"].cut()
        host.on("participant.away", person="p1")
        deputy.call("breakouts.move", person="p1", room="b1-2")
        self.join("p1")
        host.on("participant.returned", person="p1")
        said = self.clients["p1"].call("chat.send", room="b1-2", text=FORGOTTEN)
        self.clients["p1"].call("chat.delete", message=said["message"])
        host.call("chat.send", room="main", text=KEPT)
        host.call("breakouts.close", seconds=0)
        deputy.call("session.leave")

    def close(self):
        for client in self.clients.values():
            client.close()


@pytest.fixture
def evening(serve, tickets):
    evening = Evening(serve("--away-seconds", "0.2", "--reading-seconds", "0"), tickets)
    yield evening
    evening.close()


STORY = [
    "Guest (p1) lost the connection (closed)", "Guest (p1) is shown as away (closed)",
    "Deputy moved Guest (p1) from Room 1 to Room 2", "Guest (p1) back in Room 2", "Guest (p1) is shown as here again",
]


def holds(lines, expected):
    """These lines stand there in this order, with others between them perhaps."""
    rest = iter(lines)
    assert all(line in rest for line in expected), lines


def test_the_story_beside_a_server_after_it_and_from_the_archive(evening):
    evening.play()
    server = evening.server
    beside = replay(server, "--story")
    assert beside[0] == "Session evening, \u201cAn evening\u201d; times in UTC"
    holds(untimed(beside), STORY)
    assert any("Host opened 2 rooms (round 1, by hand) until" in line for line in beside)
    assert not any(FORGOTTEN in line or KEPT in line for line in beside)
    words = replay(server, "--story", "--with-text")
    assert any(KEPT in line for line in words) and not any(FORGOTTEN in line for line in words)
    state = replay(server, "--seq", "8")

    evening.clients["host"].send("session.end", seconds=0)
    assert evening.clients["host"].closed()[0] == 1000
    assert server.terminate() == 0
    assert (server.data / "archive" / "evening.log").exists()
    archived = replay(server, "--story")
    assert archived[: len(beside)] == beside, "the archive tells what the segments told"
    assert archived[-1].endswith("nobody can join it any more")
    assert replay(server, "--seq", "8") == state, "the hash as well"
    assert replay(server, "--story", "--with-text")[: len(words)] == words
    server.start()
    assert replay(server, "--story") == archived


def test_why_somebody_was_where_they_were(evening):
    evening.play()
    lines = untimed(replay(evening.server, "--explain", "p1"))
    assert lines[0].startswith("joined as participant, in the main room")
    holds(lines, [
        "moved to Room 1 (b1-1) by host Host (host): breakouts.open, round 1, by hand",
        "lost the connection (closed); the seat stays in Room 1 (b1-1)", "shown as away (closed)",
        "moved to Room 2 (b1-2) by co-host Deputy (deputy): breakouts.move", "back, in Room 2 (b1-2)",
        "back in the main room: breakouts.close by host Host (host)",
    ])
    last = replay(evening.server, "--explain", "p1")[-1]
    assert last.startswith("Guest (p1): in the main room since ") and last.endswith(", participant, here")


def test_the_state_is_what_clients_are_told(evening):
    evening.play()
    found = json.loads("\n".join(replay(evening.server, "--format", "json")))
    late = evening.join("host")
    told = late.welcome["state"]
    for part in ("session", "host", "participants", "breakouts"):
        assert found["state"][part] == told[part], part
    hashes = run("replay", "--data", evening.server.data, "--hashes")
    session, seq, state_hash = hashes.stdout.split()
    assert session == "evening" and int(seq) >= found["seq"] and re.fullmatch("[0-9a-f]{16}", state_hash)


def test_wrong_questions_are_answered_in_a_sentence(serve):
    data = ("--data", serve().data)

    def fails(code, *arguments):
        done = run("replay", *arguments)
        assert done.returncode == code and done.stderr.strip() and not done.stdout, (done.stdout, done.stderr)
        return done.stderr

    fails(USAGE)
    fails(USAGE, *data)
    fails(USAGE, *data, "--session", "evening", "--at", "tomorrow")
    fails(USAGE, *data, "--session", "evening", "--tz", "Nowhere/Town")
    fails(CONFIGURATION, "--data", "/nowhere", "--session", "evening")
    assert "no session evening" in fails(FAILURE, *data, "--session", "evening")


def test_a_damaged_archive_is_named(evening):
    evening.play()
    evening.clients["host"].send("session.end", seconds=0)
    assert evening.clients["host"].closed()[0] == 1000
    assert evening.server.terminate() == 0
    archive = evening.server.data / "archive" / "evening.log"
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 1
    archive.write_bytes(content)
    for question in (("--session", "evening", "--story"), ("--hashes",)):
        done = run("replay", "--data", evening.server.data, *question)
        assert done.returncode == BAD_DATA and "archive/evening.log" in done.stderr
    evening.server.start()
