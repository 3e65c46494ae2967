"""A session that is over: its archive, its used-up id, and what `plenary verify` says of them."""
from client import Client
from running import run

FORGOTTEN, KEPT = b"a word said in haste", b"a word to be kept"


def files_with(server, words):
    """The files of the data folder in which these words stand."""
    files = (path for path in server.data.rglob("*") if path.is_file())
    return sorted(str(path.relative_to(server.data)) for path in files if words in path.read_bytes())


def closes_with(server, ticket):
    """The code with which somebody is sent away who joins now."""
    with Client(server.address, "evening") as late:
        late.send("session.join", ticket=ticket)
        return late.closed()[0]


def test_what_is_over_is_archived_without_what_was_taken_back(serve, tickets):
    server = serve("--reading-seconds", "0")
    ticket = tickets.make("evening", "host", "host")
    with Client(server.address, "evening") as host:
        host.join(ticket)
        host.call("session.start")
        said = host.call("chat.send", room="main", text=FORGOTTEN.decode())
        host.call("chat.send", room="main", text=KEPT.decode())
        host.call("chat.delete", message=said["message"])
        host.send("session.end", seconds=0)
        assert host.closed()[0] == 1000
    assert closes_with(server, ticket) == 4504
    assert server.terminate() == 0
    assert [path.name for path in (server.data / "archive").iterdir()] == ["evening.log"]
    assert "archive/evening.log" not in files_with(server, FORGOTTEN)
    assert "archive/evening.log" in files_with(server, KEPT)
    verified = run("verify", "--data", server.data)
    assert verified.returncode == 0, verified.stderr
    assert "1 archived sessions" in verified.stdout

    server.start()
    assert closes_with(server, ticket) == 4504, "an id is used once, over restarts too"
    assert server.terminate() == 0
    server.start()


def test_verify_names_a_damaged_archive(serve, tickets):
    server = serve("--reading-seconds", "0")
    with Client(server.address, "evening") as host:
        host.join(tickets.make("evening", "host", "host"))
        host.call("session.start")
        host.send("session.end", seconds=0)
        assert host.closed()[0] == 1000
    assert server.terminate() == 0
    archive = server.data / "archive" / "evening.log"
    archive.write_bytes(archive.read_bytes()[:-1])
    verified = run("verify", "--data", server.data)
    assert verified.returncode == 65
    assert "archive/evening.log" in verified.stderr and "evening is bad" in verified.stderr
    # The segments still have it: the next server writes it anew.
    server.start()
    assert server.terminate() == 0
    assert run("verify", "--data", server.data).returncode == 0
    server.start()
