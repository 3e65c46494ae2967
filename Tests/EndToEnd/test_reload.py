"""HOSTILE 81: what SIGHUP reads again while people talk; a bad configuration leaves the old one."""
import json
import secrets
import signal

import pytest
from attack import Bystanders, Target, amount
from client import Client, Refused
from conftest import stopped_after
from operators import Operator
from raw import Wire, request
from running import Server
from tickets import keys_file, secret_jwk
from websockets.exceptions import ConnectionClosed

OLD, NEW = secrets.token_hex(24), secrets.token_hex(24)
ROUNDS = amount(10, 100)


class Configured:
    """A server with a file of options, which a test writes anew."""

    def __init__(self, serve, path, options, *more, **settings):
        self.path = path
        self.write(options)
        self.server = serve("--config", path, "--admin", "127.0.0.1:0", *more, **settings)

    def write(self, options):
        """`options`: an object, or any text."""
        self.path.write_text(options if isinstance(options, str) else json.dumps(options))

    def reload(self, options, lines=1):
        """Writes the file, sends SIGHUP, and answers what the log then says of the configuration in so many lines."""
        self.write(options)
        return self.hang_up(lines)

    def hang_up(self, lines=1):
        """Sends SIGHUP; answers what came of it: a refusal has a line for each mistake."""
        known = len(self.server.log)
        self.server.signal(signal.SIGHUP)
        self.server.wait_until(lambda: sum(map(is_outcome, self.server.log[known:])) >= lines)
        return [entry for entry in self.server.log[known:] if is_outcome(entry)]


def is_outcome(entry):
    return entry.get("event") in ("configurationRead", "configurationUnusable")


@pytest.fixture
def configured(serve, tmp_path):
    return lambda options, *more, **settings: Configured(serve, tmp_path / "plenary.json", options, *more, **settings)


def test_row_81_sighup_under_load_and_a_bad_configuration_keeps_the_old(configured, session, tickets, attack_of):
    origins = ["https://good.example", "https://better.example"]
    # Beside, they talk as fast as the rounds go.
    fast = ("--chat-burst", "100000", "--commands-per-second", "1000", "--commands-burst", "100000")
    setup = configured({"origin": [origins[0]]}, *fast)
    attack = attack_of(setup.server)
    told = []
    with Bystanders(setup.server.address, f"{session}-beside", tickets) as beside:
        for number in range(ROUNDS):
            current, other = origins[number % 2], origins[1 - number % 2]
            assert answer_to(setup.server, current) == 101 and answer_to(setup.server, other) == 403
            for bad in ("{", '{"origin": ["https://x.example/path"]}', '{"orgin": []}', '{"ping-seconds": 60}'):
                told.append(setup.reload(bad)[0]["event"])
                beside.exchange()
            assert answer_to(setup.server, current) == 101 and answer_to(setup.server, other) == 403
            told.append(setup.reload({"origin": [other]})[0]["event"])
            beside.exchange()
        assert setup.server.process.poll() is None
    assert told == (["configurationUnusable"] * 4 + ["configurationRead"]) * ROUNDS
    attack.note(told[:5], ROUNDS, {}, longest=f"{beside.longest * 1000:.0f} ms")


def answer_to(server, origin):
    """The status of an upgrade from a page of this origin."""
    with Wire(server.address) as wire:
        wire.send(request(Origin=origin))
        return wire.read_head().status


def test_every_mistake_is_said_and_what_was_joined_goes_on(configured, tickets):
    setup = configured({"chat-bytes": 100})
    with Client(setup.server.address, "evening") as client:
        client.join(tickets.make("evening", "host", "host"))
        refused = setup.reload({"chat-bytes": 0, "lease-seconds": "soon", "undo-seconds": "never"}, lines=3)
        whys = [entry["why"] for entry in refused if entry["event"] == "configurationUnusable"]
        assert len(whys) == 3
        assert any('key "chat-bytes"' in why for why in whys) and any('key "undo-seconds"' in why for why in whys)
        assert "Did you mean lease-seconds?" in setup.reload({"lease-second": 5})[0]["why"]
        client.call("chat.send", room="main", text="x" * 100)
        with pytest.raises(Refused, match="tooLong"):
            client.call("chat.send", room="main", text="x" * 101)
        setup.path.unlink()
        assert "plenary.json" in setup.hang_up()[0]["why"]
        assert setup.reload({"chat-bytes": 101})[0]["event"] == "configurationRead"
        client.call("chat.send", room="main", text="x" * 101)


def test_what_needs_a_start_is_named_and_keeps_its_value_until_then(configured, tickets):
    setup = configured({})
    server = setup.server
    options = {"listen": "127.0.0.1:1", "sync": "off", "loops": 2, "undo-seconds": 1, "max-connections": 7}
    assert setup.reload(options)[0]["waitForAStart"] == "sync, loops, max-connections"
    with Client(server.address, "evening") as client:
        client.join(tickets.make("evening", "host", "host"))


def test_a_key_comes_and_another_goes_and_seats_stay(configured, tmp_path, tickets):
    keys = keys_file(tmp_path / "keys.json", secret_jwk("old", OLD))
    setup = configured({"keys-file": str(keys)})
    server = setup.server

    def ticket(kid, secret, person):
        return tickets.forge(sub=person, header={"alg": "HS256", "kid": kid}, secret=secret)

    def admits(kid, secret, person):
        with Client(server.address, "evening") as client:
            try:
                return client.join(ticket(kid, secret, person))["you"]["person"] == person
            except ConnectionClosed as closed:
                assert closed.rcvd.code == 4501
                return False

    with Client(server.address, "evening") as seated:
        seated.join(ticket("old", OLD, "p1"))
        assert not admits("new", NEW, "p2")
        keys_file(keys, secret_jwk("old", OLD), secret_jwk("new", NEW))
        assert setup.hang_up()[0]["event"] == "configurationRead"
        assert admits("new", NEW, "p2") and admits("old", OLD, "p3")
        # Half a file, as an editor writes it.
        keys.write_text('{"keys":[')
        assert "keys.json" in setup.hang_up()[0]["why"]
        assert admits("new", NEW, "p2") and admits("old", OLD, "p3")
        keys_file(keys, secret_jwk("new", NEW))
        assert setup.hang_up()[0]["event"] == "configurationRead"
        assert admits("new", NEW, "p2") and not admits("old", OLD, "p3")
        assert seated.call("time.sync")["now"] > 0, "who has a seat is not asked again"


def test_rates_rules_and_retention_hold_from_the_next_moment_on(configured, tickets):
    setup = configured({"commands-per-second": 1, "commands-burst": 2})
    server = setup.server
    with Client(server.address, "evening") as client:
        client.join(tickets.make("evening", "host", "host"))
        client.call("session.start")
        with pytest.raises(Refused, match="slowDown"):
            for _ in range(20):
                client.call("time.sync")
        reloaded = setup.reload({"commands-per-second": 1000, "commands-burst": 5000, "retain-text": 30})
        assert reloaded[0]["event"] == "configurationRead"
        for _ in range(20):
            client.call("time.sync")
    with Client(server.address, "evening") as client:
        welcome = client.join(tickets.make("evening", "host", "host"))
        assert welcome["limits"]["commandsPerSecond"] == 1000 and welcome["kept"]["textDays"] == 30


def test_the_ceiling_is_told_anew(configured):
    setup = configured({})
    before = setup.server.wait_for_log(lambda entry: entry["event"] == "limits")["memoryBytes"]
    setup.reload({"outbox-hard-bytes": "4MiB"})
    after = [entry for entry in setup.server.log if entry["event"] == "limits"][-1]["memoryBytes"]
    connections = setup.server.wait_for_log(lambda entry: entry["event"] == "limits")["connections"]
    assert after - before == connections * (2 << 20)


def test_a_certificate_may_move_and_a_bad_configuration_does_not_keep_it_from_being_renewed(
    configured, certificates, tmp_path
):
    certificate, key = certificates.make()
    setup = configured({"tls-cert": str(certificate), "tls-key": str(key)})
    moved = tmp_path / "moved.pem"
    moved.write_bytes(certificate.read_bytes())
    certificate.unlink()
    setup.reload({"tls-cert": str(moved), "tls-key": str(key)})
    setup.server.wait_for_log(lambda entry: entry["event"] == "certificateRead")
    renewed = [entry for entry in setup.server.log if entry["event"] == "certificateRead"]
    setup.reload("no JSON")
    setup.server.wait_until(
        lambda: len([entry for entry in setup.server.log if entry["event"] == "certificateRead"]) > len(renewed)
    )
    assert setup.reload({})[0]["waitForAStart"] == "tls-cert, tls-key"


def test_a_demo_is_reloaded_too_and_operators_are_answered(tmp_path):
    with stopped_after() as servers:
        server = Server("demo", "--data", tmp_path / "demo", "--log", "json", "--admin", "127.0.0.1:0")
        servers.append(server)
        server.start()
        server.signal(signal.SIGHUP)
        assert "waitForAStart" not in server.wait_for_log(is_outcome)
        address = server.wait_for_log(lambda entry: entry["event"] == "listeningForAdmins")["address"]
        assert Operator(server, address=address).get("/v1/sessions").json["sessions"] == []
        assert Target(server).sockets() >= 1
