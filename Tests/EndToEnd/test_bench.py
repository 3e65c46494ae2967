"""`plenary-load bench` against Plenary and the bare servers of LoadTests/Bench: nothing is lost. How fast is not asked."""
import json
import shutil
import socket
import subprocess
import sys

import pytest

from running import BINARY, PATIENCE_SECONDS, ROOT, Server
from tickets import Tickets

LOAD = BINARY.parent / "plenary-load"
BENCH = ROOT / "LoadTests" / "Bench"
RAISED = ["--commands-per-second", "1000", "--commands-burst", "1000000", "--chat-burst", "1000000"]
SHAPE = ["--rooms", "3", "--members", "20", "--depth", "4", "--warm-up", "0.1", "--seconds", "0.5"]


def begin(*arguments):
    """A client that runs beside the test."""
    return subprocess.Popen(
        [LOAD, "bench", *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )


def end(client):
    """What the client found."""
    said, wrong = client.communicate(timeout=PATIENCE_SECONDS)
    assert client.returncode == 0, wrong
    return json.loads(said.splitlines()[-1])


@pytest.fixture
def plenary(tmp_path):
    tickets = Tickets(tmp_path)
    server = Server(
        "serve", "--data", tmp_path / "data", "--secret-file", tickets.secret_file, "--admin", "127.0.0.1:0", *RAISED
    ).start()
    yield server, ["--server-address", server.address, "--secret-file", tickets.secret_file]
    server.stop()


def check(found):
    """Everybody heard everything, and each figure is one."""
    assert found["lost"] == 0
    assert found["connections"] == 60
    assert found["deliveries"] > 0 and found["deliveries"] % 1 == 0
    assert found["serverMilliseconds"] > 0 and found["deliveriesPerRead"] > 0
    assert 0 < found["p50Milliseconds"] <= found["p99Milliseconds"] <= found["p999Milliseconds"]


def test_plenary_loses_nothing_at_saturation_and_at_half_the_rate(plenary):
    server, arguments = plenary
    check(end(begin(*arguments, "--server-pid", server.process.pid, *SHAPE)))


def test_everybody_comes_back_to_where_they_were_after_a_kill(plenary):
    server, arguments = plenary
    client = begin(*arguments, "--what", "resume", "--rooms", "4", "--members", "25")
    assert client.stdout.readline() == "ready\n"
    server.kill()
    server.start()
    found = end(client)
    assert found["connections"] == 100 and found["resumed"] == 100


@pytest.fixture(params=["c", "python"])
def bare(request, tmp_path):
    """A bare server; node's is left to `make bench`, since not every machine has node."""
    if request.param == "c":
        room = tmp_path / "room"
        compiler = shutil.which("cc") or "clang"
        subprocess.run(
            [compiler, "-Wall", "-Wextra", "-Werror", "-std=gnu2x", BENCH / "room.c", "-lcrypto", "-o", room], check=True
        )
        command = [room]
    else:
        command = [sys.executable, BENCH / "room.py"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([*command, str(port)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "listening\n"
    yield process, port
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_bare_server_gives_each_message_to_all_members_of_its_room(bare):
    process, port = bare
    check(end(begin("--dialect", "bare", "--server-address", f"127.0.0.1:{port}", "--server-pid", process.pid, *SHAPE)))
    assert process.poll() is None
