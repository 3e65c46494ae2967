"""The load driver as ops teams use it: a verdict on a real server, and exit codes."""
import json
import signal
import subprocess

from operators import metric, Operator
from rehearsing import LOAD, SMALL
from running import PATIENCE_SECONDS, ROOT, environment

SCENARIOS = ROOT / "LoadTests" / "Scenarios"


# A good evening


def test_an_evening_is_played_judged_and_cleaned_up(serve, tickets, load):
    server = serve()
    done, result = load.play(server.address)
    assert done.returncode == 0, done.stdout + done.stderr
    assert result["verdict"]["kind"] == "met"
    assert result["counts"]["violations"] == 0 and result["violations"] == []
    assert result["counts"]["joins"] >= 12 + 6 and result["counts"]["resumed"] >= 1
    assert result["counts"]["messagesSent"] == result["counts"]["messagesDue"] > 20
    assert result["counts"]["pushes"] > result["counts"]["messagesSent"]
    assert len(result["timeline"]) >= 9
    assert {latency["name"] for latency in result["latencies"]} == {
        "delivery", "acknowledgement", "join", "resume", "lag",
    }
    assert any(second.get("serverMemoryMB") for second in result["timeline"])
    assert "report.html" in done.stdout
    # Nothing stays: neither in memory nor in the counters.
    operator = Operator(server, tickets)
    assert operator.get("/v1/sessions").json["sessions"] == []
    assert operator.get("/v1/counters").json["all"]["membersSeen"] == 0


def test_an_evening_is_played_over_tls_and_not_with_a_server_that_nobody_trusts(secure, load):
    server = secure()
    done, result = load.play(server.address, "--ca-file", server.certificate, scheme="wss")
    assert done.returncode == 0, done
    assert result["violations"] == [] and metric(server.admin, "plenary_tls_handshakes_total") > 1
    for more, why in [([], "certificate verify failed"), (["--ca-file", server.key], "--ca-file")]:
        done, _ = load.play(server.address, *more, scheme="https")
        assert done.returncode == (64 if more else 69) and why in done.stderr, done
    named = ["--ca-file", server.certificate, "--server-name", "elsewhere.example"]
    assert load.play(server.address, *named, scheme="wss")[0].returncode == 69


def test_with_keep_the_sessions_stay_to_be_looked_at(serve, tickets, load):
    server = serve()
    done, _ = load.play(server.address, "--keep")
    assert done.returncode == 0, done.stdout + done.stderr
    sessions = Operator(server, tickets).get("/v1/sessions").json["sessions"]
    played = [session for session in sessions if session["people"] > 1]
    assert [session["phase"] for session in played] == ["ended", "ended"]
    assert all(session["rehearsal"] for session in sessions)


def test_the_same_seed_has_the_same_traffic(serve, load):
    server = serve()
    first, second = (load.play(server.address)[1]["counts"] for _ in range(2))
    other = load.play(server.address, "--seed", "4")[1]["counts"]
    assert first["messagesDue"] == second["messagesDue"] != other["messagesDue"]


def test_a_server_is_restarted_in_the_middle_and_everybody_is_back(serve, load):
    server = serve()
    asked = load.folder / "asked"
    scenario = load.file(
        restarts=[{"at": 4}], seconds=20, drops={}, rounds=[],
        thresholds={"violations": 0, "backWithinSeconds": 60, "missingPeople": 0},
    )
    process = subprocess.Popen(
        load.arguments(server.address, scenario, "--out", load.folder / "out", "--restart-command", f"mkfifo {asked}; cat {asked}"),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
    )
    # The command runs when the driver says so: opening the other end of its pipe waits for that.
    server.wait_until(asked.exists)
    server.kill()
    server.start()
    asked.write_text("done\n")
    output, errors = process.communicate(timeout=3 * PATIENCE_SECONDS)
    assert process.returncode == 0, output + errors
    result = json.loads((load.folder / "out" / "result.json").read_text())
    assert result["counts"]["resumed"] >= 12
    assert any("restarted" in mark["text"] for mark in result["marks"])


def test_who_reads_too_slowly_is_let_go_of_comes_back_and_says_nothing_twice(serve, load):
    server = serve("--ping-seconds", "0.5", "--silence-seconds", "2")
    scenario = load.file(
        communities=1, people={"each": 10}, chat={"perMinute": 120, "bytes": {"from": 800, "to": 1_600}}, rounds=[], drops={},
        slow={"share": 0.4, "bytesPerSecond": 200}, thresholds={"violations": 0, "missingPeople": 0},
    )
    done, result = load.play(server.address, scenario=scenario)
    assert done.returncode == 0, done.stdout + done.stderr
    assert result["violations"] == []
    assert sum(result["counts"]["closes"].values()) > 0
    assert result["counts"]["joins"] > 10


# Exit codes


def test_a_threshold_that_is_not_met_is_99(serve, load):
    done, result = load.play(serve().address, scenario=load.file(thresholds={"violations": 0, "serverMemoryMB": 1}))
    assert done.returncode == 99
    missed = [threshold for threshold in result["thresholds"] if not threshold["isMet"]]
    assert [threshold["name"] for threshold in missed] == ["serverMemoryMB"] and missed[0]["actual"] > 1


def test_ctrl_c_is_130_with_the_report_so_far(serve, tickets, load):
    server = serve()
    process = subprocess.Popen(
        load.arguments(server.address, load.file(seconds=600, rounds=[], drops={}), "--out", load.folder / "out"),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
    )
    # The first line comes after five seconds.
    assert process.stdout.readline()
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=2 * PATIENCE_SECONDS)
    assert process.returncode == 130, output + errors
    result = json.loads((load.folder / "out" / "result.json").read_text())
    assert result["verdict"]["kind"] == "interrupted" and result["counts"]["joins"] >= 12
    assert "could not be measured" not in result["verdict"]["sentence"]
    assert Operator(server, tickets).get("/v1/sessions").json["sessions"] == []


def test_wrong_arguments_are_64_with_a_sentence(load, tickets):
    secret = ["--secret-file", tickets.secret_file]
    for arguments, part in [
        ([], "plenary-load SCENARIO.json --url URL"), (["--bogus"], "--bogus"), (["--ulr", "http://x"], "--url?"),
        (["practise", "--drll"], "--drill?"), ([load.file(), "--drill"], "belong"),
        (["--find-capacity", load.file(), "--out", "x"], "belong"), ([load.file(), "--url", "http://127.0.0.1:1"], "--secret-file"),
        ([load.file(), "--url", "ftp://x", *secret], "http://"),
        ([load.file(), "--url", "https://127.0.0.1:1", *secret, "--ca-file", load.folder / "none.pem"], "none.pem"),
        ([load.file(), "--url", "http://127.0.0.1:1", *secret, "--server-name", "x"], "https://"),
        ([load.file(), "--url", "http://127.0.0.1:1", *secret, "--colour"], "--colour"),
        ([load.file(), "--url", "http://192.0.2.1:80", *secret], "--target-is-mine"),
        (["--url", "http://127.0.0.1:1", *secret], "scenario"),
        (["practise", "--url", "http://127.0.0.1:1", *secret], "--session"),
        (["--find-capacity", load.file(), "--url", "http://127.0.0.1:1", *secret, "--most", "0"], "--most"),
    ]:
        done = subprocess.run([LOAD, *arguments], capture_output=True, text=True, env=environment(), check=False)
        assert done.returncode == 64, (arguments, done)
        assert part in done.stderr and "Fatal" not in done.stderr, done.stderr


def test_bad_files_are_65_and_nobody_there_is_69(load, tickets):
    secret = ["--secret-file", tickets.secret_file]
    bad = load.folder / "bad.json"
    bad.write_text('{"name":"x","secnds":5,"people":{"each":-1}}')
    done = subprocess.run(
        [LOAD, bad, "--url", "http://127.0.0.1:1", *secret], capture_output=True, text=True, env=environment(), check=False,
    )
    # Every problem is listed.
    assert done.returncode == 65 and done.stderr.count("bad.json:") >= 3, done.stderr
    done = subprocess.run(load.arguments("127.0.0.1:1"), capture_output=True, text=True, env=environment(), check=False)
    assert done.returncode == 69, done


def test_another_servers_secret_is_said_before_anybody_comes(serve, load, tmp_path):
    other = tmp_path / "other"
    other.write_text("another secret of more than thirty-two bytes")
    done = subprocess.run(
        [LOAD, load.file(), "--url", f"http://{serve().address}", "--secret-file", other],
        capture_output=True, text=True, env=environment(), check=False,
    )
    assert done.returncode == 65 and "secret" in done.stderr, done


def test_a_driver_that_has_no_descriptors_is_75_and_says_so(serve, load):
    command = ["/bin/sh", "-c", 'ulimit -n 80; exec "$@"', "sh", *load.arguments(serve().address, load.file(communities=20))]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
    assert done.returncode == 75 and "descriptors" in done.stderr, done


def test_a_folder_that_cannot_be_made_is_73_before_anybody_comes(load):
    occupied = load.folder / "a-file"
    occupied.write_text("")
    # Nobody listens there, which would be 69.
    command = load.arguments("127.0.0.1:1", None, "--out", occupied / "out")
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
    assert done.returncode == 73 and "a-file" in done.stderr, done


# Capacity


def test_how_many_sessions_fit_is_said_in_one_sentence(serve, load):
    short = load.file(communities=1, seconds=3, rounds=[], drops={})
    command = load.arguments(serve().address, short, "--find-capacity", "--from", "1", "--most", "2")
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
    assert done.returncode == 0, done
    *tried, sentence = done.stdout.splitlines()
    each = SMALL["people"]["each"]
    assert [line for line in tried if "every threshold was met" in line] == [
        f"{sessions} of {each}: every threshold was met" for sessions in ["1 session", *3 * ["2 sessions"]]
    ]
    assert sentence == f"This machine carries 2 sessions of {each} people at least; more were not asked for."


def test_a_machine_that_carries_none_is_99_with_the_limit(serve, load):
    short = load.file(communities=1, seconds=3, rounds=[], drops={}, thresholds={"violations": 0, "serverMemoryMB": 1})
    command = load.arguments(serve().address, short, "--find-capacity", "--from", "1")
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
    assert done.returncode == 99, done
    assert "serverMemoryMB" in done.stdout.splitlines()[-1], done
