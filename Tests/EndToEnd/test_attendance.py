"""Attendance over a real socket, and the same figures from `plenary attendance`: running, killed, stopped, archived."""
import csv
import io
import json
import subprocess
import time
import urllib.request

import pytest
from client import Client
from running import BINARY, PATIENCE_SECONDS, environment, run

WORDS = ("present", "counted", "claimed", "accepted", "marked", "credited")
HEAD = ["person", "name", "school", "role", "sessions", "sessions_joined", "sessions_attended", "live_minutes"]
TAIL = [f"{word}_minutes" for word in WORDS] + ["open_claims", "rule_version", "rule_percent"]


def told(server, *arguments):
    """What `plenary attendance` prints of the folder, as it is on the disk; complaints fail."""
    done = subprocess.run(
        [BINARY, "attendance", "--data", server.data, *arguments], stdin=subprocess.DEVNULL, capture_output=True,
        env=environment(), timeout=PATIENCE_SECONDS, check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout


def report(server, row="person"):
    """The session's report as the command has it, read from JSON."""
    return json.loads(told(server, "--session", "evening", "--by", row, "--format", "json"))


def table(server, *arguments):
    """The rows of a CSV table, as Python reads them."""
    text = told(server, *arguments, "--format", "csv").decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def over_http(server, tickets, query=""):
    """What an admin is answered."""
    request = urllib.request.Request(
        f"http://{server.address}/v1/sessions/evening/attendance{query}",
        headers={"Authorization": "Bearer " + tickets.make("*", "ops", "admin")},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
        return answer.read()


def figures(people, fields=WORDS):
    """Person by person."""
    return {row["person"]: [row[field] for field in fields] for row in people}


@pytest.fixture
def evening(serve, tickets):
    """A server with a session that runs, and a way to join it with a ticket once made."""
    server = serve()
    made, clients = {}, []

    def join(person, role="participant", **options):
        if person not in made:
            made[person] = tickets.make("evening", person, role, community="Teachers", **options)
        client = Client(server.address, "evening")
        clients.append(client)
        client.join(made[person])
        return client

    server.join = join
    yield server
    for client in clients:
        client.close()


def lived(host, milliseconds):
    """Waits until the session has been live for so long, by the server's clock; answers from when to when."""
    while True:
        live = host.call("attendance.report")["live"]
        if live["to"] - live["from"] >= milliseconds:
            return live["from"], live["to"]
        time.sleep(0.05)


def test_claims_and_marks_are_heard_by_hosts_and_whom_they_concern(evening):
    host, cohost = evening.join("host", "host"), evening.join("cohost", "cohost")
    guest, other = evening.join("guest"), evening.join("other")
    assert host.refusal("attendance.report")["code"] == "notLive"
    host.call("session.start")
    start, until = lived(host, 200)

    assert guest.refusal("attendance.accept", person="guest")["code"] == "hostsOnly"
    assert guest.refusal("attendance.report")["code"] == "hostsOnly"
    assert guest.refusal("attendance.claim", **{"from": start - 1, "to": until})["field"] == "from"
    assert guest.refusal("attendance.claim", **{"from": start, "to": until + 3_600_000})["field"] == "to"
    assert host.refusal("attendance.accept", person="guest")["code"] == "noClaim"

    claim = {"from": start, "to": until}
    guest.call("attendance.claim", **claim)
    for client in (host, cohost, guest):
        assert claim.items() <= client.on("attendance.claimed", person="guest").items()
    cohost.call("attendance.accept", person="guest")
    for client in (host, cohost, guest):
        client.on("attendance.accepted", person="guest", by="cohost")
    mark = claim | {"person": "guest", "present": False, "reason": "Asleep"}
    host.call("attendance.mark", **mark)
    for client in (host, cohost, guest):
        assert (mark | {"by": "host"}).items() <= client.on("attendance.marked").items()
    # What comes after all of that has come, and nothing of it before.
    host.call("chat.send", room="main", text="enough")
    other.on("chat.sent", text="enough")
    assert [push["on"] for push in other.said.pushes if push["on"].startswith("attendance.")
            and push["on"] != "attendance.count"] == []

    mine = guest.call("attendance.mine")
    assert [row["person"] for row in mine["people"]] == ["guest"]
    assert mine["people"][0]["claims"] == [claim | {"by": "cohost"}]
    assert mine["people"][0]["marks"] == [claim | {"present": False, "reason": "Asleep", "by": "host"}]
    assert mine["people"][0]["marked"] == start - until
    everybody = host.call("attendance.report")
    assert [row["person"] for row in everybody["people"]] == ["host", "cohost", "guest", "other"]
    assert everybody["rule"] == {"version": 1, "percent": 50}
    assert "claims" not in everybody["people"][0]


def test_the_report_is_the_same_killed_restarted_stopped_and_archived(evening, serve, tickets):
    host, guest, phone = evening.join("host", "host"), evening.join("guest"), evening.join("guest")
    evening.join("eye", "observer")
    host.call("session.start")
    start, until = lived(host, 300)
    guest.call("attendance.claim", **{"from": start, "to": until})
    host.call("attendance.mark", **{"person": "host", "from": start, "to": until, "present": False, "reason": "No"})
    host.call("breakouts.open", rooms=[{"name": "One", "people": ["guest", "host"]}])
    lived(host, 600)

    # While it runs: as of the last record, and said to be running.
    running = report(evening)
    assert running["sessions"][0]["state"] == "running"
    assert running["sessions"][0]["asOf"] <= host.call("time.sync")["now"]
    before = host.call("attendance.report")["live"]
    evening.kill()
    assert report(evening)["sessions"][0]["asOf"] >= before["from"]
    evening.start()
    host, guest = evening.join("host", "host"), evening.join("guest")
    outage = host.call("attendance.report")["outages"][0]
    assert before["from"] < outage["from"] <= before["to"] <= outage["to"]

    host.call("session.end", seconds=0)
    # An outage counts against nobody who was here and came back.
    wire = host.call("attendance.report")
    whole = wire["live"]["to"] - wire["live"]["from"]
    assert {row["person"]: row["counted"] for row in wire["people"]} == {"host": whole, "guest": whole}
    rooms = guest.call("attendance.mine")["people"][0]["rooms"]
    assert [room["name"] for room in rooms] == ["One"]
    assert rooms[0]["with"] == [{"person": "host", "time": rooms[0]["time"]}]

    beside = report(evening)
    assert figures(beside["people"]) == figures(wire["people"])
    assert [row["attended"] for row in beside["people"]] == [int(row["attended"]) for row in wire["people"]]
    assert beside["sessions"][0]["outages"] == wire["outages"]
    assert beside["sessions"][0]["live"] == wire["live"]
    assert json.loads(over_http(evening, tickets)) == beside
    assert over_http(evening, tickets, "?format=csv") == told(
        evening, "--session", "evening", "--by", "person", "--format", "csv"
    )

    evening.kill()
    assert report(evening) == beside
    evening.start()
    assert evening.join("host", "host").call("attendance.report") == wire
    assert evening.terminate() == 0
    assert report(evening) == beside

    archiving = serve("--reading-seconds", "0", data=evening.data)
    assert archiving.terminate() == 0
    assert [path.name for path in (archiving.data / "archive").iterdir()] == ["evening.log"]
    assert report(archiving) == beside
    archiving.start()
    assert json.loads(over_http(archiving, tickets)) == beside
    for row in ("session", "person", "school"):
        assert report(archiving, row)["sessions"] == beside["sessions"]


def test_a_table_opens_in_a_spreadsheet_and_calculates_nothing(evening):
    host = evening.join("host", "host", name="Ho, \"the\" Ст", school="École")
    evening.join("-p1", name="=HYPERLINK(1)", school="@school")
    evening.join("p2", name="+1", school="ÉCOLE")
    evening.join("p3", name="a;=1", school="Ecole")
    host.call("session.start")
    host.call("session.end", seconds=0)

    raw = told(evening, "--session", "evening", "--by", "person", "--format", "csv")
    assert raw.startswith(b"\xef\xbb\xbfperson,") and raw.endswith(b"\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n") == 5
    rows = table(evening, "--session", "evening", "--by", "person")
    assert rows[0] == HEAD + TAIL
    cells = {row[0]: row[1:4] for row in rows[1:]}
    assert cells == {
        "host": ["Ho, \"the\" Ст", "École", "host"],
        "'-p1": ["'=HYPERLINK(1)", "'@school", "participant"],
        "p2": ["'+1", "ÉCOLE", "participant"],
        "p3": ["a;'=1", "Ecole", "participant"],
    }
    assert all(cell[:1] not in ("=", "+", "-", "@", "\t", "\r") for row in rows for cell in row)

    today = time.strftime("%Y-%m-%d", time.gmtime(host.welcome["now"] / 1000))
    days = ("--community", "Teachers", "--from", "2000-01-01", "--to", today)
    assert [row[0] for row in table(evening, *days, "--by", "session")] == ["session", "evening"]
    assert table(evening, *days, "--by", "person") == rows
    schools = run("attendance", "--data", evening.data, *days, "--by", "school", "--format", "csv")
    assert schools.returncode == 0
    assert "École" in schools.stderr and "Ecole" in schools.stderr
    assert [row[:4] for row in csv.reader(io.StringIO(schools.stdout.lstrip("\ufeff")))][1:] == [
        ["'@school", "1", "1", "1"], ["Ecole", "1", "1", "1"], ["École", "2", "2", "2"],
    ]
    document = json.loads(told(evening, *days, "--by", "school", "--format", "json"))
    assert document["lookAlike"] == [["Ecole", "École"]]
    text = told(evening, *days, "--by", "school").decode()
    assert "Ecole | École" in text and "(rule 1)" in text


@pytest.mark.parametrize(("arguments", "sentence"), [
    ([], "needs --by"),
    (["--by", "person"], "needs --session"),
    (["--by", "room", "--session", "evening"], "session, person or school"),
    (["--by", "person", "--session", "even*"], "many sessions"),
    (["--by", "person", "--session", "evening", "--community", "Teachers"], "different questions"),
    (["--by", "person", "--community", "Teachers", "--from", "2026-01-01"], "--to DATE"),
    (["--by", "person", "--community", "Teachers", "--from", "10:00", "--to", "2026-01-01"], "wants a date"),
    (["--by", "person", "--session", "evening", "--format", "xls"], "text, json or csv"),
    (["--by", "person", "--session", "evening", "--tz", "Mars"], "time zone"),
])
def test_wrong_arguments_are_64_and_say_what_is_wrong(tmp_path, arguments, sentence):
    done = run("attendance", "--data", tmp_path, *arguments)
    assert done.returncode == 64
    assert sentence in done.stderr
    assert done.stdout == ""


def test_a_session_that_is_not_there_is_1_and_a_folder_without_a_journal_78(serve, tmp_path):
    server = serve()
    done = run("attendance", "--data", server.data, "--session", "evening", "--by", "person")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no session evening" in done.stderr
    (tmp_path / "empty").mkdir()
    done = run("attendance", "--data", tmp_path / "empty", "--session", "evening", "--by", "person")
    assert done.returncode == 78
