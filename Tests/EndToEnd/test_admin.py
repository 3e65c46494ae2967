"""What operators read: sessions, attendance, counters, all that is kept of a person; with a ticket, and without one."""
import concurrent.futures
import csv
import io
import re

import pytest
from client import Client
from operators import Operator, person_path
from raw import exchange, request
from running import run


@pytest.fixture
def held(serve, tickets):
    """A server with a live session of three people, and one that is over and archived."""
    server = serve("--reading-seconds", "0", "--admin", "127.0.0.1:0")
    old = Client(server.address, "old")
    old.join(tickets.make("old", "host", "host", community="North", title="The last evening", school="School A"))
    guest = Client(server.address, "old")
    guest.join(tickets.make("old", "p1", community="North", name="Person One"))
    old.call("session.start")
    guest.call("chat.send", room="main", text="words of last time")
    old.send("session.end", seconds=0)
    assert old.closed()[0] == guest.closed()[0] == 1000
    people = [Client(server.address, "evening") for _ in range(3)]
    people[0].join(tickets.make("evening", "host", "host", community="North", title="=An evening"))
    people[1].join(tickets.make("evening", "p1", community="North", name="Person One", school="School B"))
    people[2].join(tickets.make("evening", "p2@example", name="Person Two"))
    people[0].call("session.start")
    server.people = people
    yield server
    for person in people:
        person.close()


@pytest.fixture
def operator(held, tickets):
    return Operator(held, tickets)


def test_sessions_are_listed_with_who_is_here(operator):
    (evening,) = operator.get("/v1/sessions").json["sessions"]
    expected = {
        "session": "evening", "community": "North", "title": "=An evening", "phase": "live", "here": 3, "people": 3,
        "peak": 3, "archived": False, "endedAt": None,
    }
    assert expected.items() <= evening.items()
    assert operator.get("/v1/sessions/evening").json == evening
    old = operator.get("/v1/sessions/old").json
    assert old["archived"] is True and old["phase"] == "ended" and old["people"] == 2 and old["here"] == 0


@pytest.mark.parametrize("session, rows", [("evening", 3), ("old", 2)])
def test_attendance_of_a_session_that_lives_and_of_one_in_the_archive(operator, session, rows):
    answer = operator.get(f"/v1/sessions/{session}/attendance?format=csv")
    assert answer.fields["content-type"] == "text/csv; charset=utf-8"
    assert answer.fields["content-disposition"] == f'attachment; filename="attendance-{session}.csv"'
    table = list(csv.reader(io.StringIO(answer.text)))
    assert len(table) == 1 + rows, answer.text
    assert not [cell for row in table for cell in row if cell.startswith(("=", "+", "@"))], table
    for query in ("", "?", "?format=json"):
        document = operator.get(f"/v1/sessions/{session}/attendance" + query).json
        assert [part["session"] for part in document["sessions"]] == [session]
        assert len(document["people"]) == rows


def test_counters_are_the_same_in_json_and_in_the_metrics_and_after_a_restart(operator, held):
    counters = operator.get("/v1/counters").json
    assert counters["all"] == {"membersSeen": 3, "sessionsHeld": 1, "sessionsAttended": 2, "communities": 1}
    (north,) = counters["communities"]
    assert north == {"community": "North", "membersSeen": 3, "sessionsHeld": 1, "sessionsAttended": 2}

    def totals():
        page = operator.get("/metrics").text
        return [int(number) for number in re.findall(r"^plenary_(?:members_seen|communities|sessions_held|attended)_total (\d+)", page, re.M)]

    assert totals() == [3, 1, 1, 2]
    held.kill()
    held.start()
    assert operator.get("/v1/counters").json == counters
    operator.get("/v1/sessions")
    assert totals() == [3, 1, 1, 2]


def test_all_that_is_kept_of_a_person(operator, held):
    kept = operator.get(person_path("p1")).json
    assert kept["person"] == "p1" and [part["session"] for part in kept["sessions"]] == ["old", "evening"]
    assert [words["text"] for words in kept["sessions"][0]["words"]] == ["words of last time"]
    assert kept["sessions"][1]["name"] == "Person One" and kept["sessions"][1]["school"] == "School B"
    text = operator.get(person_path("p1") + "?format=text").text
    assert "words of last time" in text and "session: evening" in text
    assert operator.get("/v1/people/p2@example").json == operator.get("/v1/people/p2%40example").json
    exported = run("export", "--data", held.data, "--person", "p1")
    assert exported.returncode == 0, exported.stderr
    assert operator.get("/v1/people/p1").text == exported.stdout
    assert run("export", "--data", held.data, "--person", "nobody").returncode == 1


def test_what_is_not_there_and_what_is_not_understood(operator):
    for path in ("/v1/sessions/nothing", "/v1/sessions/nothing/attendance", "/v1/people/nobody", "/v1/people/a%2Fb",
                 "/v1/people/a%", "/v1/session", "/v1/sessions/evening/attendances"):
        assert operator.ask("GET", path).status == 404, path
    for path in ("/v1/sessions/nothing", "/v1/people/nobody"):
        assert operator.ask("DELETE", path).status == 404, path
    for path in ("/v1/sessions?all", "/v1/counters?format=json", "/v1/people/p1?format=xml",
                 "/v1/sessions/evening/attendance?format=CSV", "/v1/sessions/evening/attendance?format=csv&x"):
        assert operator.ask("GET", path).status == 400, path
    for path in ("/v1/sessions", "/v1/counters", "/v1/sessions/evening/attendance"):
        refused = operator.ask("DELETE", path)
        assert refused.status == 405 and refused.fields["allow"] == "GET, HEAD"
    for path in ("/v1/sessions/evening", "/v1/people/p1"):
        refused = operator.ask("POST", path)
        assert refused.status == 405 and refused.fields["allow"] == "GET, HEAD, DELETE"
    head = operator.ask("HEAD", "/v1/counters")
    assert head.status == 200 and head.body == b"" and int(head.fields["content-length"]) > 0


PATHS = ("/v1/sessions", "/v1/counters", "/v1/sessions/evening/attendance", "/v1/people/p1")


def test_nobody_gets_anything_without_an_admins_ticket(held, tickets):
    stranger = Operator(held)
    host = Operator(held)
    host.fields["Authorization"] = "Bearer " + tickets.make("evening", "host", "host")
    for somebody in (stranger, host):
        for path in PATHS:
            answer = somebody.ask("GET", path)
            assert answer.status == 401 and answer.fields["www-authenticate"] == "Bearer", path
        for path in ("/v1/sessions/evening", "/v1/people/p1"):
            assert somebody.ask("DELETE", path).status == 401
    assert stranger.ask("GET", "/v1/sessions/evening").status == 426, "a participant who does not upgrade"
    assert host.ask("GET", "/v1/sessions/evening").status == 401
    assert [person.call("time.sync")["now"] > 0 for person in held.people] == [True] * 3


def test_the_listener_for_admins_asks_for_no_ticket(held):
    address = held.wait_for_log(lambda entry: entry["event"] == "listeningForAdmins")["address"]
    operator = Operator(held, address=address)
    for path in (*PATHS, "/v1/sessions/evening"):
        operator.get(path)
    assert operator.ask("DELETE", "/v1/people/p1", {"Origin": "http://" + address}).status == 403
    assert operator.delete("/v1/people/p1")["inMemory"] == ["evening"]
    assert operator.ask("GET", "/v1/people/p1").status == 404


def test_the_listener_for_admins_has_no_page_and_lets_nobody_into_a_session(held):
    address = held.wait_for_log(lambda entry: entry["event"] == "listeningForAdmins")["address"]
    for path in ("/", "/app.js", "/v1/sessions/evening/x", "/none"):
        assert Operator(held, address=address).ask("GET", path).status == 404, path
    for session in ("evening", "another"):
        head = exchange(address, request(f"GET /v1/sessions/{session} HTTP/1.1"))
        assert head.status in (200, 404) and head.field("Upgrade") is None
    assert Operator(held, address=address).ask("GET", "/healthz").status == 200


def test_a_hundred_operators_at_once_are_all_answered(operator):
    with concurrent.futures.ThreadPoolExecutor(max_workers=60) as pool:
        answers = list(pool.map(lambda n: operator.ask("GET", PATHS[n % 4]).status, range(120)))
    assert set(answers) <= {200, 503} and answers.count(200) > 30, answers
    assert operator.get("/v1/counters")
