"""The command from outside: arguments, exit codes, what it prints, and what it refuses in a sentence."""
import base64
import csv
import io
import json
import socket

import pytest
from running import Server, run

USAGE, BAD_DATA, UNAVAILABLE, CANNOT_CREATE, CONFIGURATION = 64, 65, 69, 73, 78


def fails(code, *arguments, **options):
    """The command ends with this code and says why on standard error, not with a crash or a stack."""
    done = run(*arguments, **options)
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    assert done.stderr.strip() and "Fatal error" not in done.stderr
    return done.stderr


def claims_of(ticket):
    """What a ticket says, unverified."""
    claims = ticket.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))


# Usage


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["sevre"], ["serve", "--no-such-option"], ["serve"], ["serve", "--data"], ["serve", "surplus"],
        ["demo", "--listen"], ["demo", "surplus"], ["ticket"], ["ticket", "--session", "evening"],
        ["ticket", "--role", "emperor"], ["echo", "--listen"], ["echo", "--listen", "nonsense"],
        ["echo", "--listen", "127.0.0.1:99999"], ["verify"], ["verify", "--data"], ["version", "surplus"],
    ],
    ids=" ".join,
)
def test_wrong_arguments_are_said_in_a_sentence(arguments):
    fails(USAGE, *arguments)


def test_a_misspelt_option_is_told_the_nearest():
    assert "--listen" in fails(USAGE, "serve", "--lisen", "127.0.0.1:0")
    assert "serve" in fails(USAGE, "serv")


def test_the_version_is_one_line():
    done = run("version")
    assert done.returncode == 0 and done.stdout.startswith("plenary ") and done.stdout.count("\n") == 1


# What serve needs


def test_a_secret_that_cannot_be_read_or_is_short(tmp_path):
    serve = ["serve", "--listen", "127.0.0.1:0", "--data", tmp_path / "data", "--secret-file"]
    assert "no-such-file" in fails(CONFIGURATION, *serve, tmp_path / "no-such-file")
    short = tmp_path / "short"
    short.write_text("short\n")
    assert "32" in fails(CONFIGURATION, *serve, short)


def test_a_port_in_use_is_unavailable(tmp_path, tickets):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        said = fails(
            UNAVAILABLE, "serve", "--listen", address, "--data", tmp_path / "data", "--secret-file", tickets.secret_file
        )
        assert address in said
        fails(UNAVAILABLE, "echo", "--listen", address)


def test_a_folder_has_one_server(serve, tickets):
    server = serve()
    said = fails(
        CANNOT_CREATE, "serve", "--listen", "127.0.0.1:0", "--data", server.data, "--secret-file", tickets.secret_file
    )
    assert str(server.data) in said


def test_a_folder_that_cannot_be_made(tmp_path, tickets):
    (tmp_path / "file").write_text("")
    fails(
        CANNOT_CREATE, "serve", "--listen", "127.0.0.1:0", "--data", tmp_path / "file" / "data", "--secret-file",
        tickets.secret_file,
    )


# Options, environment, file: the first wins


def test_the_flag_wins_then_the_environment_then_the_file(tmp_path, tickets):
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"data": str(tmp_path / "file"), "secret-file": str(tickets.secret_file)}))
    server = Server("serve", "--config", config).start()
    server.stop()
    assert (tmp_path / "file").is_dir()

    environment = {"PLENARY_DATA": str(tmp_path / "environment")}
    Server("serve", "--config", config, env=environment).start().stop()
    assert (tmp_path / "environment").is_dir()

    Server("serve", "--config", config, "--data", tmp_path / "flag", env=environment).start().stop()
    assert (tmp_path / "flag").is_dir()


def test_an_unknown_key_is_named_with_the_nearest(tmp_path, tickets):
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"dta": "x", "secret-file": str(tickets.secret_file)}))
    said = fails(CONFIGURATION, "serve", "--listen", "127.0.0.1:0", "--config", config)
    assert "dta" in said and "data" in said


# Tickets


def test_a_ticket_says_what_was_asked(tickets):
    claims = claims_of(tickets.make("evening", "p1", "cohost", name="Teacher Ödön", school="North", expires="2h"))
    expected = {"sub": "p1", "name": "Teacher Ödön", "school": "North", "role": "cohost", "session": "evening"}
    assert expected.items() <= claims.items()
    assert claims["exp"] > 1_700_000_000


def test_a_link_carries_the_ticket_in_its_fragment(tickets):
    link = tickets.make("evening", "p1", url="https://plenary.test")
    address, _, fragment = link.partition("#")
    assert address == "https://plenary.test/" and fragment.startswith("session=evening&ticket=")


@pytest.mark.parametrize(
    "changed",
    [
        {"--session": "not a session"}, {"--session": "a" * 65}, {"--person": "a b"}, {"--role": "emperor"},
        {"--expires": "soon"}, {"--name": "n" * 129}, {"--name": ""},
    ],
    ids=str,
)
def test_a_ticket_that_no_server_would_take_is_not_made(tickets, changed):
    good = {
        "--secret-file": str(tickets.secret_file), "--session": "evening", "--person": "p1", "--name": "Teacher",
        "--role": "host",
    }
    fails(USAGE, "ticket", *(part for pair in (good | changed).items() for part in pair))


def with_links(tickets, people):
    """The rows of a list of people, with what the command added."""
    done = run(
        "ticket", "--secret-file", tickets.secret_file, "--session", "evening", "--people", people, "--url",
        "https://plenary.test",
    )
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    return [(row, claims_of(row["link"].partition("ticket=")[2])) for row in rows]


def test_a_list_of_people_gets_a_column_of_links(tmp_path, tickets):
    people = tmp_path / "people.csv"
    people.write_text(
        "name,school,role,id,email\n"
        '"Ödön, A",North,host,p1,\n'
        "Guest,South,participant,,guest@example.org\n"
    )
    (first, host), (second, hashed) = with_links(tickets, people)
    assert first["name"] == "Ödön, A" and second["school"] == "South"
    assert {"sub": "p1", "name": "Ödön, A", "role": "host", "session": "evening"}.items() <= host.items()
    assert "guest" not in hashed["sub"].lower() and "example" not in json.dumps(hashed)
    people.write_text("name,role,email\nGuest,participant, Guest@Example.org \n")
    ((_, again),) = with_links(tickets, people)
    assert again["sub"] == hashed["sub"], "an address is the same however it is spelled"


def test_nobody_stands_twice_in_a_list(tmp_path, tickets):
    people = tmp_path / "people.csv"
    people.write_text("name,role,id\nAna,host,p1\nAna,host,p1\n")
    said = fails(
        BAD_DATA, "ticket", "--secret-file", tickets.secret_file, "--session", "evening", "--people", people, "--url",
        "https://plenary.test",
    )
    assert "3" in said and "2" in said


def test_a_bad_row_is_named_by_its_line(tmp_path, tickets):
    people = tmp_path / "people.csv"
    people.write_text("name,school,role,id\nAna,North,host,p1\nBen,South,emperor,p2\n")
    said = fails(
        BAD_DATA, "ticket", "--secret-file", tickets.secret_file, "--session", "evening", "--people", people, "--url",
        "https://plenary.test",
    )
    assert "Line 3" in said and "role" in said


# The journal from outside


def test_verify_reads_beside_a_server_and_after_it(serve):
    server = serve()
    assert run("verify", "--data", server.data).returncode == 0
    server.stop()
    assert run("verify", "--data", server.data).returncode == 0


def test_verify_names_a_folder_that_is_none(tmp_path):
    assert str(tmp_path / "nothing") in fails(CONFIGURATION, "verify", "--data", tmp_path / "nothing")


# The demo


def test_the_demo_gives_four_links_and_keeps_its_folder(tmp_path):
    def links_of(demo):
        demo.wait_until(lambda: len([line for line in demo.output if "ticket=" in line]) == 4)
        return [line.strip() for line in demo.output if "ticket=" in line]

    demo = Server("demo", "--data", tmp_path / "demo").start()
    links = links_of(demo)
    assert demo.terminate() == 0
    roles = [claims_of(link.partition("ticket=")[2])["role"] for link in links]
    assert roles == ["host", "cohost", "participant", "participant"]
    assert all(link.startswith(f"http://{demo.address}/#session=") for link in links)
    demo.start()
    assert links_of(demo) == links, "yesterday's links go on working"
    demo.stop()


def test_the_demo_stays_on_this_machine(tmp_path):
    fails(USAGE, "demo", "--data", tmp_path / "demo", "--listen", "0.0.0.0:0")


def test_check_says_ok_or_every_problem_and_changes_nothing(tmp_path, tickets, serve):
    folder = tmp_path / "folder"
    fine = run("check", "--listen", "127.0.0.1:0", "--data", folder, "--secret-file", tickets.secret_file)
    assert (fine.returncode, fine.stdout) == (0, "ok\n"), fine.stderr
    assert not folder.exists(), "nothing is made"
    bad = run("check", "--loops", "0", "--listn", ":1")
    assert bad.returncode == 64 and "Did you mean --listen?" in bad.stderr and "--loops" in bad.stderr
    lacking = run("check")
    assert lacking.returncode == 78 and lacking.stdout == ""
    assert "--data DIR" in lacking.stderr and "--secret-file FILE" in lacking.stderr
    server = serve()
    taken = run("check", "--listen", server.address, "--data", folder, "--secret-file", tickets.secret_file)
    assert taken.returncode == 78 and f"{server.address} cannot be listened on" in taken.stderr
    beside = run("check", "--listen", server.address, "--data", server.data, "--secret-file", tickets.secret_file)
    assert beside.returncode == 0 and "A server runs on" in beside.stderr
    limits = server.wait_for_log(lambda entry: entry["event"] == "limits")
    assert limits["connections"] > 0 and limits["memoryBytes"] > 1 << 30
