"""Pretend people for a host who learns the rooms: who leads, whom the drill cuts off, and what is left behind."""
import queue
import signal
import subprocess
import threading

import pytest
from client import Client
from operators import Operator
from rehearsing import LOAD
from running import PATIENCE_SECONDS, environment


class Practice:
    """A `plenary-load practise` that runs beside a server, read line by line."""

    def __init__(self, url, tickets, session, *more):
        self.session = session
        self.process = subprocess.Popen(
            [
                LOAD, "practise", "--session", session, "--people", "3", "--url", url, "--secret-file", tickets.secret_file,
                *map(str, more),
            ],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment(),
        )
        self.lines = queue.Queue()
        self.said = ""
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def _next(self):
        """The next line, or None at the end."""
        line = self.lines.get(timeout=PATIENCE_SECONDS)
        self.said += line or ""
        return line

    def line(self, *parts):
        """The next line that has all of these in it."""
        try:
            while line := self._next():
                if all(part in line for part in parts):
                    return line.strip()
        except queue.Empty:
            pass
        raise AssertionError(f"nothing was said of {parts}: {self.said}")

    def link(self):
        """The link for the host: its origin, and the ticket in it."""
        words = self.line("The host's link: ").partition(": ")[2]
        origin, _, ticket = words.partition(f"#session={self.session}&ticket=")
        return origin, ticket

    def end(self):
        """Waits for its end; answers the exit code, and all that it has said."""
        while self._next():
            pass
        return self.process.wait(timeout=PATIENCE_SECONDS), self.said


@pytest.fixture
def practise(tickets):
    begun = []

    def begin(url, *more, session="practice-1"):
        begun.append(Practice(url, tickets, session, *more))
        return begun[-1]

    yield begin
    for practice in begun:
        practice.process.kill()
        practice.process.wait(timeout=PATIENCE_SECONDS)


def everybody_comes(host):
    """The host hears all three pretend people come."""
    for person in ("pretend-1", "pretend-2", "pretend-3"):
        if person not in {seat["person"] for seat in host.welcome["state"]["participants"]}:
            host.on("participant.joined", person=person)


def leads(host):
    """Whether the host leads, by the state and what came behind it."""
    changes = host.heard("host.changed")
    return (changes[-1]["to"] if changes else host.welcome["state"]["host"]) == "host"


def test_the_host_leads_and_a_drill_cuts_them_off_and_shows_who_takes_over(serve, tickets, practise):
    server = serve("--lease-seconds", "1")
    practice = practise(f"http://{server.address}", "--drill-after", 4)
    origin, ticket = practice.link()
    assert origin == f"http://{server.address}/"
    with Client(server.address, "practice-1") as host:
        host.join(ticket)
        everybody_comes(host)
        # All that could lead came behind the host.
        assert leads(host)
        practice.line("The host is there")
        host.call("session.start")
        host.call("breakouts.open", count=2, mode="even", seconds=300)
        # Cut off for longer than the lease; the page would come back after it.
        assert host.closed() == (1001, "45000")
    practice.line("Drill: the host is cut off", "Who leads meanwhile?")
    practice.line("Co-host (pretend) leads now, ")
    with Client(server.address, "practice-1") as host:
        host.join(ticket)
        host.call("host.reclaim")
        practice.line("Host leads now, ")
        host.call("session.end", seconds=0)
        code, said = practice.end()
    assert code == 0 and "The rules held." in said, said
    assert Operator(server, tickets).get("/v1/sessions").json["sessions"] == []


def test_the_drill_cuts_off_whoever_has_the_link_also_when_somebody_else_leads(serve, practise):
    server = serve()
    practice = practise(f"http://{server.address}", "--drill-after", 1)
    _, ticket = practice.link()
    with Client(server.address, "practice-1") as host:
        host.join(ticket)
        everybody_comes(host)
        host.call("session.start")
        host.call("session.leave")
    # There is nobody to be cut off.
    practice.line("The drill waits")
    with Client(server.address, "practice-1") as host:
        host.join(ticket)
        assert host.welcome["state"]["host"] == "pretend-2"
        assert host.closed() == (1001, "45000")
    practice.line("Drill: the host is cut off", "Somebody else leads already.")


def test_over_tls_the_link_says_so(secure, practise):
    server = secure()
    practice = practise(f"wss://{server.address}", "--ca-file", server.certificate)
    origin, ticket = practice.link()
    assert origin == f"https://{server.address}/"
    with Client(server.address, "practice-1", trust=server.trust) as host:
        host.join(ticket)
        everybody_comes(host)
        host.call("session.start")
        host.call("session.end", seconds=0)
        code, said = practice.end()
    assert code == 0 and "The rules held." in said, said


def test_a_practice_erases_its_own_session_and_none_whose_id_begins_like_it(serve, tickets, practise):
    server = serve()
    one, other = (practise(f"http://{server.address}", session=session) for session in ("pp-1", "pp-12"))
    (_, ticket), _ = one.link(), other.link()
    with Client(server.address, "pp-1") as host:
        host.join(ticket)
        one.process.send_signal(signal.SIGINT)
        code, said = one.end()
        assert code == 0 and "Note:" not in said, said
        assert host.closed()[0] == 1000
    left = Operator(server, tickets).get("/v1/sessions").json["sessions"]
    assert "pp-12" in [session["session"] for session in left] and "pp-1" not in [session["session"] for session in left]


# Ids that will not do


def refused(practice):
    """What is said when no link is printed."""
    code, said = practice.end()
    assert code == 64 and "link" not in said and practice.session in said, said
    return said


def test_an_id_that_is_used_up_is_refused_before_a_link_is_printed(serve, tickets, practise):
    server = serve()
    url = f"http://{server.address}"
    first = practise(url, "--keep")
    _, ticket = first.link()
    # Others practise there at this moment.
    with Client(server.address, "practice-1") as host:
        host.join(ticket)
        everybody_comes(host)
        assert "used up" in refused(practise(url))
        host.call("session.start")
        host.call("session.end", seconds=0)
        code, said = first.end()
        assert code == 0 and "The rules held." in said, said
    # It is over and can be read; then it is erased.
    assert "used up" in refused(practise(url))
    Operator(server, tickets).delete("/v1/sessions/practice-1")
    assert "used up" in refused(practise(url))
    # Of the looks before them nothing is left but that of the run that was to keep all.
    left = [session["session"] for session in Operator(server, tickets).get("/v1/sessions").json["sessions"]]
    assert len(left) == 1 and left[0].startswith("load-"), left


def test_a_real_session_is_refused_and_stays_as_it_is(serve, tickets, practise):
    server = serve()
    with Client(server.address, "evening-1") as host:
        host.join(tickets.make("evening-1", "host", "host"))
        assert "real session" in refused(practise(f"http://{server.address}", session="evening-1"))
        host.call("session.start")
    sessions = Operator(server, tickets).get("/v1/sessions").json["sessions"]
    assert [(session["session"], session["people"], session["phase"]) for session in sessions] == [("evening-1", 1, "live")]
