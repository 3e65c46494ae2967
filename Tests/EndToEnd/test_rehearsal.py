"""Rehearsals: what their tickets open and what they do not, that they count nowhere, and that nothing of them stays."""
import contextlib
import datetime
import json

import pytest
from canaries import KEPT, MARK, PERSON, end, joined, play_host, play_participant
from client import Client
from operators import Operator
from playwright.sync_api import expect
from running import run


TOTALS = tuple(f"plenary_{name}_total" for name in ("members_seen", "communities", "sessions_held", "attended"))


def files_with(server, word):
    """The files of the folder in which a word stands; those that a running server removes meanwhile are left out."""
    found = []
    for path in server.data.rglob("*"):
        with contextlib.suppress(FileNotFoundError, IsADirectoryError):
            if word.encode() in path.read_bytes():
                found.append(str(path.relative_to(server.data)))
    return found


class Rehearsing:
    """Makes tickets for rehearsals, in the community that the real evening is in."""

    def __init__(self, tickets):
        self.tickets = tickets

    def make(self, session, person, role="participant", **options):
        return self.tickets.make(session, person, role, rehearsal=True, community="North", **options)


@pytest.fixture
def rehearsing(tickets):
    return Rehearsing(tickets)


def hold(server, tickets, session, people=("p1", "p2"), **options):
    """A session that has begun; answers its connections, the host's first."""
    clients = [joined(server, tickets, session, "host", "host", **options)]
    clients += [joined(server, tickets, session, person, **options) for person in people]
    clients[0].call("session.start")
    return clients


def refused_close(server, session, ticket):
    """How a join that has to be refused is answered and closed."""
    with Client(server.address, session) as client:
        error = client.refusal("session.join", ticket=ticket)
        return error["code"], client.closed()[0]


# Who gets in


def test_a_ticket_opens_rehearsals_or_other_sessions_and_never_both(server, session, tickets, rehearsing):
    practice = session + "-practice"
    host = joined(server, rehearsing, practice, "host", "host")
    assert host.welcome["state"]["session"]["rehearsal"] is True
    real = joined(server, tickets, session, "host", "host")
    assert "rehearsal" not in real.welcome["state"]["session"]
    for person in ("host", "guest"):
        wrong = refused_close(server, practice, tickets.make(practice, person))
        assert wrong == refused_close(server, session, rehearsing.make(session, person)) == ("rehearsalMismatch", 4501)
    assert joined(server, rehearsing, practice, "guest").welcome["state"]["session"]["rehearsal"] is True
    assert len(real.welcome["state"]["participants"]) == 1
    real.close()
    host.close()


def test_the_claim_is_true_or_false_and_nothing_else(server, session, tickets):
    for wrong in (None, 1, "true", [], {}):
        with Client(server.address, session) as client:
            client.send("session.join", ticket=tickets.forge(session=session, rehearsal=wrong))
            assert client.closed()[0] == 4501, wrong
    with Client(server.address, session) as client:
        assert "rehearsal" not in client.join(tickets.forge(session=session, rehearsal=False))["state"]["session"]
    assert tickets.forge(session=session, rehearsal=True) != tickets.forge(session=session, rehearsal=False)


# What it counts for


def test_it_is_in_no_report_and_no_counter_but_can_be_looked_at(serve, tickets, rehearsing):
    server = serve()
    operator = Operator(server, tickets)
    clients = hold(server, tickets, "real", community="North", school="School A")
    end_of(clients)
    day = datetime.datetime.now(datetime.UTC).date()
    days = ("--from", day - datetime.timedelta(days=1), "--to", day + datetime.timedelta(days=1))

    def reports():
        asked = ("attendance", "--data", server.data, "--community", "North", *days, "--format", "json")
        done = [run(*asked, "--by", row) for row in ("session", "person", "school")]
        assert [one.returncode for one in done] == [0, 0, 0], done
        counters = operator.get("/v1/counters").json
        totals = [line for line in operator.get("/metrics").text.splitlines() if line.startswith(TOTALS)]
        return [json.loads(one.stdout) for one in done], counters, totals

    before = reports()
    assert before[1]["all"]["sessionsHeld"] == 1 and len(before[2]) == 4
    clients += hold(server, rehearsing, "practice", people=("p1", "stranger"), school="School B")
    assert reports() == before, "a rehearsal that is going on"
    end_of(clients[3:])
    assert reports() == before, "one that is over"

    real, practice = operator.get("/v1/sessions").json["sessions"]
    assert (real["session"], real["rehearsal"]) == ("real", False)
    assert (practice["session"], practice["rehearsal"], practice["people"]) == ("practice", True, 3)
    assert operator.get("/v1/sessions/practice").json == practice
    assert "\nplenary_rehearsals 1\n" in operator.get("/metrics").text
    told = operator.get("/v1/sessions/practice/attendance").json
    assert told["sessions"][0]["rehearsal"] is True and len(told["people"]) == 3
    alone = run("attendance", "--data", server.data, "--session", "practice", "--by", "person")
    assert alone.returncode == 0 and "stranger" in alone.stdout
    assert "Session practice is a rehearsal: it counts in no other report" in alone.stdout
    story = run("replay", "--data", server.data, "--session", "practice", "--story")
    assert "the session of North, a rehearsal, began to exist" in story.stdout
    assert operator.get("/v1/people/stranger").json["sessions"][0]["rehearsal"] is True

    server.kill()
    server.start()
    assert reports() == before, "after kill -9 and a start"
    operator.delete("/v1/rehearsals")
    assert reports() == before, "erased"
    assert operator.ask("GET", "/v1/people/stranger").status == 404


def end_of(clients):
    """Ends a session that can still be read."""
    clients[0].call("session.end", seconds=0)
    for client in clients:
        client.on("session.ended")


# How it goes


@pytest.mark.parametrize("phase", ["lobby", "live", "ended"])
def test_one_is_erased_in_any_phase_and_leaves_no_word(serve, tickets, rehearsing, phase):
    server = serve()
    operator = Operator(server, tickets)
    bystanders = hold(server, tickets, "real")
    bystanders[1].call("chat.send", room="main", text=KEPT[0])
    if phase == "lobby":
        clients = [joined(server, rehearsing, "practice", PERSON, "host", name=MARK + "-name")]
        clients[0].call("session.set", title=MARK + "-title")
    else:
        clients, _ = play_host(server, rehearsing, "practice")
    if phase == "ended":
        end_of(clients)
    assert operator.get("/v1/sessions/practice").json["phase"] == phase
    assert files_with(server, MARK)
    report = operator.delete("/v1/sessions/practice")
    assert report["inMemory"] == ["practice"]
    assert files_with(server, MARK) == []
    assert [client.closed()[0] for client in clients] == [1000] * len(clients)
    assert operator.ask("GET", "/v1/sessions/practice").status == 404
    assert operator.ask("DELETE", "/v1/sessions/practice").status == 404
    with Client(server.address, "practice") as late:
        late.send("session.join", ticket=rehearsing.make("practice", PERSON))
        assert late.closed()[0] == 4504, "an id is used once"
    assert bystanders[0].call("chat.send", room="main", text="not disturbed")["seq"] > 0
    assert files_with(server, KEPT[0])
    server.kill()
    assert run("verify", "--data", server.data).returncode == 0
    server.start()
    assert files_with(server, MARK) == [] and operator.get("/v1/sessions/real").json["phase"] == "live"


def test_many_are_erased_by_one_request_and_no_others(serve, tickets, rehearsing):
    server = serve("--reading-seconds", "0")
    operator = Operator(server, tickets)
    archived = hold(server, tickets, "load-a-archived")
    archived[1].call("chat.send", room="main", text=KEPT[0])
    end(archived)
    real = hold(server, tickets, "load-a-real")
    other = hold(server, rehearsing, "load-b-1")
    clients = []
    for number in range(12):
        play = play_host if number % 2 else play_participant
        clients += play(server, rehearsing, f"load-a-{number}")[0]
    assert files_with(server, MARK)
    report = operator.delete("/v1/rehearsals?prefix=load-a-")
    assert files_with(server, MARK) == []
    assert report["inMemory"] == [f"load-a-{number}" for number in range(12)] and report["archivesRemoved"] == []
    assert [client.closed()[0] for client in clients] == [1000] * len(clients)
    left = [(one["session"], one["rehearsal"]) for one in operator.get("/v1/sessions").json["sessions"]]
    assert left == [("load-a-real", False), ("load-b-1", True)]
    for client in (real[1], other[1]):
        assert client.call("chat.send", room="main", text="still here")["seq"] > 0
    assert operator.get("/v1/sessions/load-a-archived").json["archived"] is True
    assert operator.delete("/v1/rehearsals")["inMemory"] == ["load-b-1"]
    assert operator.delete("/v1/rehearsals")["inMemory"] == []
    assert 'plenary_erasures_total{what="rehearsals"} 3' in operator.get("/metrics").text
    for wrong in ("?prefix=", "?prefix=-", "?all=1"):
        assert operator.ask("DELETE", "/v1/rehearsals" + wrong).status == 400
    assert operator.ask("GET", "/v1/rehearsals").status == 405
    assert Operator(server).ask("DELETE", "/v1/rehearsals").status == 401
    assert operator.get("/v1/sessions/load-a-real").json["phase"] == "live"


@pytest.mark.parametrize("is_killed", [False, True], ids=["stopped", "killed"])
def test_one_that_nobody_erased_goes_by_itself_and_gets_no_archive(serve, tickets, rehearsing, is_killed):
    server = serve("--reading-seconds", "0")
    clients, _ = play_host(server, rehearsing, "practice")
    end(clients)
    real = hold(server, tickets, "real")
    real[1].call("chat.send", room="main", text=KEPT[0])
    end(real)
    assert files_with(server, MARK)
    if is_killed:
        server.kill()
    else:
        assert server.terminate() == 0
    server.start()
    server.wait_until(lambda: not files_with(server, MARK))
    server.wait_for_log(lambda entry: entry["event"] == "erased")
    assert server.terminate() == 0
    assert sorted(path.name for path in (server.data / "archive").iterdir()) == ["real.log"]
    assert run("verify", "--data", server.data).returncode == 0
    assert run("replay", "--data", server.data, "--session", "practice").returncode == 1
    server.start()


# What people see


def test_the_page_says_that_it_is_a_rehearsal(server, session, tickets, rehearsing, browser):
    for maker, is_shown in ((rehearsing, True), (tickets, False)):
        place = f"{session}-{is_shown}"
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"http://{server.address}/#session={place}&ticket={maker.make(place, 'host', 'host', title='Rooms')}")
        signs = page.get_by_text("Rehearsal", exact=True)
        expect(page.get_by_role("button", name="Join")).to_be_visible()
        expect(page.locator("#entry-rehearsal")).to_be_visible(visible=is_shown)
        page.get_by_role("button", name="Join").click()
        expect(page.locator("#session")).to_be_visible()
        expect(page.locator("#rehearsal")).to_be_visible(visible=is_shown)
        expect(signs.filter(visible=True)).to_have_count(1 if is_shown else 0)
        expect(page).to_have_title("Rehearsal: Rooms – Plenary" if is_shown else "Rooms – Plenary")
        page.get_by_role("button", name="What is kept").click()
        sentence = page.get_by_role("dialog").get_by_text("This is a rehearsal. All of it, words and minutes, is erased")
        expect(sentence).to_have_count(1 if is_shown else 0)
        context.close()


def test_the_page_tells_whoever_has_the_wrong_kind_of_link(server, session, tickets, rehearsing, browser):
    joined(server, tickets, session, "host", "host").close()
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"http://{server.address}/#session={session}&ticket={rehearsing.make(session, 'guest')}")
    page.get_by_role("button", name="Join").click()
    expect(page.locator("#line-text")).to_contain_text("This link is for a rehearsal and this session is none")
    context.close()
