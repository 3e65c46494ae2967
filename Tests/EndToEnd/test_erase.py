"""Forgetting: words that nobody else uses, in every field that a person can fill, and then no byte of them in the folder.

`plenary` is asked to delete, to erase a person or a session, running and stopped, and to let time do it (`--retain-text`,
`--retain-attendance`); each time it is killed and started again, and what others have said and how long everybody was
there is as before.
"""
import contextlib
import http.client
import json
import random
import subprocess
import threading

import pytest
from canaries import KEPT, MARK, PERSON, end, joined, play_host, play_participant
from client import Client
from operators import Operator
from running import BINARY, environment, run


@pytest.fixture
def evenings(serve, tickets):
    """A server with two sessions that are over and two that live, with the person as host and as participant.

    It was started again since: there are archives, and a checkpoint with the sessions that live.
    """
    server = serve("--reading-seconds", "0")
    server.words = {}
    for session, play in (("oldLed", play_host), ("oldHeard", play_participant)):
        clients, server.words[session] = play(server, tickets, session)
        end(clients)
    for session, play in (("led", play_host), ("heard", play_participant)):
        clients, server.words[session] = play(server, tickets, session)
        for client in clients:
            client.cut()
    assert server.terminate() == 0
    server.start()
    server.clients = [
        joined(server, tickets, "led", PERSON, "host"), joined(server, tickets, "led", "other"),
        joined(server, tickets, "heard", "other", "host"), joined(server, tickets, "heard", PERSON),
    ]
    yield server
    for client in server.clients:
        client.close()


def planted(server):
    """All canary words by session and field, the person's id as well."""
    found = {("all", "person"): PERSON}
    for session, words in server.words.items():
        found |= {(session, field): word for field, word in words.made.items()}
    return found


def contents(server):
    """All files of the folder, by name, as bytes; those that a running server removes meanwhile are left out."""
    files = {}
    for path in server.data.rglob("*"):
        with contextlib.suppress(FileNotFoundError, IsADirectoryError):
            files[str(path.relative_to(server.data))] = path.read_bytes()
    return files


def files_with(server, word):
    """The files of the folder in which a word stands."""
    return sorted(name for name, data in contents(server).items() if word.encode() in data)


def found(server, words):
    """In how many files each word stands."""
    files = contents(server)
    return {name: sum(word.encode() in data for data in files.values()) for name, word in words.items()}


def table(title, before, after):
    """Prints what was in how many files."""
    print(f"\n{title}\n| session | field | files before | files after |\n| --- | --- | --- | --- |")
    for (session, field), count in before.items():
        print(f"| {session} | {field} | {count} | {after[session, field]} |")


def minutes(operator, sessions):
    """How long everybody was there by seats, whatever they are called: (present, counted, accepted, marked)."""
    def figures(session):
        people = operator.get(f"/v1/sessions/{session}/attendance").json["people"]
        return sorted((row["present"], row["counted"], row["accepted"], row["marked"]) for row in people)

    return {session: figures(session) for session in sessions}


def hashes(server):
    """The hash of each session's state, by its id."""
    done = run("replay", "--hashes", "--data", server.data)
    assert done.returncode == 0, done.stderr
    return {line.split()[0]: line.split()[-1] for line in done.stdout.splitlines()}


def hash_at(server, session, seq):
    """The hash of a session's state behind one event."""
    done = run("replay", "--data", server.data, "--session", session, "--seq", seq, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["hash"]


def sound(server):
    """`plenary verify` finds nothing wrong."""
    verified = run("verify", "--data", server.data)
    assert verified.returncode == 0, verified.stdout + verified.stderr


def nothing_of(server, before, words, title):
    after = found(server, words)
    table(title, before, after)
    assert not [name for name, count in after.items() if count], after
    assert MARK.encode() not in b"".join(contents(server).values())
    kept = found(server, {word: word for word in KEPT})
    assert all(kept.values()), kept


def test_a_person_is_forgotten_while_the_server_runs(evenings, tickets):
    server, operator = evenings, Operator(evenings, tickets)
    words = planted(server)
    before = found(server, words)
    assert all(before.values()), [name for name, count in before.items() if not count]
    old = minutes(operator, ("oldLed", "oldHeard"))
    hashed, early = hashes(server), {session: hash_at(server, session, 12) for session in server.words}

    report = operator.delete(f"/v1/people/{PERSON}")
    assert report["inMemory"] == ["led", "heard"] and report["archivesRewritten"] == ["oldHeard", "oldLed"]
    nothing_of(server, before, words, "A person, while the server runs")
    codes = [client.closed()[0] for client in server.clients]
    assert codes == [4503, 4410, 4410, 4503]
    assert operator.ask("DELETE", f"/v1/people/{PERSON}").status == 404
    assert operator.ask("GET", f"/v1/people/{PERSON}").status == 404

    assert minutes(operator, old) == old
    after = hashes(server)
    assert {id: after[id] for id in old} == {id: hashed[id] for id in old}
    assert {session: hash_at(server, session, 12) for session in server.words} == early
    sound(server)
    again = joined(server, tickets, "heard", "other", "host")
    assert not again.welcome["resumed"]
    assert KEPT[0] in json.dumps(again.welcome) and MARK not in json.dumps(again.welcome)
    again.call("chat.send", room="main", text="We go on.")
    again.close()
    server.kill()
    server.start()
    nothing_of(server, before, words, "The same, after kill -9 and a start")
    assert minutes(operator, old) == old
    assert server.terminate() == 0
    nothing_of(server, before, words, "The same, after a stop")
    sound(server)
    server.start()


def test_a_person_is_forgotten_in_the_folder_of_a_stopped_server(evenings, tickets):
    server, operator = evenings, Operator(evenings, tickets)
    words = planted(server)
    before = found(server, words)
    old = minutes(operator, ("oldLed", "oldHeard"))
    busy = run("erase", "--data", server.data, "--person", PERSON)
    assert busy.returncode == 73 and f"DELETE /v1/people/{PERSON}" in busy.stderr
    server.kill()
    hashed = hashes(server)
    unknown = run("erase", "--data", server.data, "--person", "nobody")
    assert unknown.returncode == 1 and unknown.stderr
    assert run("erase", "--data", server.data).returncode == 64
    assert run("erase", "--data", server.data, "--person", "p", "--session", "s").returncode == 64
    done = run("erase", "--data", server.data, "--person", PERSON)
    assert done.returncode == 0, done.stderr
    assert "Erased: 2 archives written anew" in done.stdout
    nothing_of(server, before, words, "A person, with the server stopped")
    assert {id: hashes(server)[id] for id in old} == {id: hashed[id] for id in old}
    assert run("erase", "--data", server.data, "--person", PERSON).returncode == 1
    sound(server)
    server.start()
    assert minutes(operator, old) == old
    joined(server, tickets, "led", "other").close()
    assert server.terminate() == 0
    nothing_of(server, before, words, "The same, after a start and a stop")
    server.start()


@pytest.mark.parametrize("is_running", [True, False], ids=["running", "stopped"])
@pytest.mark.parametrize("session", ["oldLed", "heard"])
def test_a_session_is_forgotten(evenings, tickets, session, is_running):
    server, operator = evenings, Operator(evenings, tickets)
    words = {name: word for name, word in planted(server).items() if name[0] == session}
    others = {name: word for name, word in planted(server).items() if name[0] not in (session, "all")}
    before = found(server, words)
    kept = {name for name, count in found(server, others).items() if count}
    if is_running:
        operator.delete(f"/v1/sessions/{session}")
        assert operator.ask("GET", f"/v1/sessions/{session}").status == 404
        assert operator.ask("DELETE", f"/v1/sessions/{session}").status == 404
    else:
        busy = run("erase", "--data", server.data, "--session", session)
        assert busy.returncode == 73 and f"DELETE /v1/sessions/{session}" in busy.stderr
        assert server.terminate() == 0
        done = run("erase", "--data", server.data, "--session", session)
        assert done.returncode == 0, done.stderr
        assert run("erase", "--data", server.data, "--session", session).returncode == 1
    after = found(server, words)
    table(f"The session {session}", before, after)
    assert not any(after.values()), after
    taken_back = {"deleted", "beforeEdit"}
    assert {name for name in kept if name[1] not in taken_back} <= {
        name for name, count in found(server, others).items() if count
    }
    sound(server)
    if is_running:
        server.kill()
    server.start()
    assert operator.ask("GET", f"/v1/sessions/{session}/attendance").status == 404
    with Client(server.address, session) as late:
        late.send("session.join", ticket=tickets.make(session, "other"))
        assert late.closed()[0] == 4504, "an id is used once"


def test_words_go_and_then_all_that_was_kept_of_sessions_that_are_old_enough(serve, tickets, wall):
    server = serve("--reading-seconds", "0", env=wall.env)
    clients, words = play_host(server, tickets, "old")
    end(clients)
    server.words = {"old": words}
    all_words = planted(server)
    before = found(server, all_words)
    operator = Operator(server, tickets)
    old = minutes(operator, ["old"])
    assert server.terminate() == 0
    hashed = hashes(server)

    # Who was there stays as long as attendance is kept: names, schools and ids are no text.
    names = {("all", "person"), ("old", "name"), ("old", "school")}
    wall(50)
    server.arguments += ["--retain-text", "2", "--retain-attendance", "4"]
    server.start()
    server.wait_for_log(lambda entry: entry["event"] == "erased" and entry["what"] == "retention")
    after = found(server, all_words)
    table("--retain-text 2, after 50 hours", before, after)
    assert {name for name, count in after.items() if count} == names, after
    operator = Operator(server, tickets)
    assert minutes(operator, ["old"]) == old
    assert 'plenary_erasures_total{what="retention"} 1' in operator.get("/metrics").text
    with joined(server, tickets, "new", "somebody") as client:
        assert client.welcome["kept"] == {"textDays": 2, "attendanceDays": 4}
    assert server.terminate() == 0
    assert hashes(server)["old"] == hashed["old"]
    sound(server)

    wall(100)
    server.start()
    server.wait_for_log(lambda entry: entry["event"] == "erased" and entry["what"] == "retention")
    after = found(server, all_words)
    table("--retain-attendance 4, after 100 hours", before, after)
    assert not any(after.values()), after
    operator = Operator(server, tickets)
    assert operator.ask("GET", "/v1/sessions/old/attendance").status == 404
    assert operator.get("/v1/counters").json["all"]["sessionsHeld"] >= 1
    sound(server)
    assert server.terminate() == 0
    server.arguments[-1] = "1"
    wrong = run("serve", *server.arguments)
    assert wrong.returncode in (64, 78) and "retain-attendance" in wrong.stderr
    server.arguments[-1] = "4"
    server.start()


def ask_in_vain(operator, path):
    """Asks a server to erase something that may be killed meanwhile."""
    with contextlib.suppress(OSError, http.client.HTTPException):
        operator.ask("DELETE", path)


def test_killed_in_the_middle_of_erasing_it_ends_clean(serve, tickets):
    """Five people, each erased by a server that is killed meanwhile; whatever was begun is finished by the next one."""
    server = serve("--reading-seconds", "0")
    # From before the journal knows of it to when it is as good as done.
    for number, seconds in enumerate((0.1, 0.7, 1.4, 2.2, 3.2)):
        person = f"{MARK}{number}-person"
        for session in (f"old{number}", f"live{number}"):
            host = joined(server, tickets, session, "host", "host")
            guest = joined(server, tickets, session, person, name=f"{MARK}{number}-name")
            host.call("session.start")
            guest.call("chat.send", room="main", text=f"{MARK}{number}-said")
            host.call("chat.send", room="main", text=KEPT[0])
            if session.startswith("old"):
                end([host, guest])
            else:
                host.cut()
                guest.cut()
        operator = Operator(server, tickets)
        erasing = threading.Thread(target=ask_in_vain, args=(operator, f"/v1/people/{person}"))
        erasing.start()
        erasing.join(seconds)
        server.kill()
        erasing.join()
        sound(server)
        server.start()
        again = Operator(server, tickets).ask("DELETE", f"/v1/people/{person}")
        assert again.status in (200, 404), again.text
        print(f"killed in erasure {number}: then {again.status}")
        # When nobody knows of them any more, the rest goes by itself.
        server.wait_until(lambda mark=f"{MARK}{number}": not files_with(server, mark))
        sound(server)
    everything = b"".join(contents(server).values())
    assert KEPT[0].encode() in everything and MARK.encode() not in everything


def test_the_command_killed_in_the_middle_ends_clean(evenings):
    server = evenings
    server.kill()
    draw = random.Random(7)
    for _ in range(4):
        arguments = [BINARY, "erase", "--data", server.data, "--person", PERSON]
        process = subprocess.Popen(arguments, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=draw.uniform(0.02, 1.5))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        sound(server)
    done = run("erase", "--data", server.data, "--person", PERSON)
    assert done.returncode in (0, 1), done.stderr
    if done.returncode == 1:
        server.start()
        server.wait_until(lambda: not files_with(server, MARK))
        assert server.terminate() == 0
    assert not files_with(server, MARK)
    sound(server)
    server.start()
