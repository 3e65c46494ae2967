"""HOSTILE 49 to 51: who says to be somebody else, too late, too early or twice.

Ten rounds of what can be repeated, while others talk beside (see `attack.py`); a person beside all else goes on being answered.
"""
import base64
import json
import secrets
import time

import pytest
from attack import Target
from client import Client, closed_for
from conftest import stopped_after
from operators import Operator
from raw import Wire, exchange, request
from running import Server, run
from tickets import SigningKey, keys_file, secret_jwk

AUTUMN, SPRING = secrets.token_hex(24), secrets.token_hex(24)


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """A school that signs its own tickets: the server knows its public key alone."""
    return SigningKey(tmp_path_factory.mktemp("school"), "school")


@pytest.fixture(scope="module")
def keyed(tmp_path_factory, tickets, school):
    """A server with a secret that has no name, two that have one, and a public key."""
    with stopped_after() as servers:
        folder = tmp_path_factory.mktemp("identity")
        keys = keys_file(folder / "keys.json", secret_jwk("autumn", AUTUMN), secret_jwk("spring", SPRING), school.jwk)
        options = ("--data", folder / "data", "--secret-file", tickets.secret_file, "--keys-file", keys)
        server = Server("serve", *options, "--join-seconds", "2", "--admin", "127.0.0.1:0")
        server.keys = keys
        servers.append(server)
        yield server.start()


@pytest.fixture(scope="module")
def attacked(keyed):
    """The server that `attack` is on."""
    return Target(keyed)


@pytest.fixture(autouse=True)
def bystander(keyed, tickets):
    """Somebody else, before and after."""
    # Made before: whoever has connected has to join in time.
    ticket = tickets.make("beside", "host", "host")
    with Client(keyed.address, "beside") as client:
        client.join(ticket)
        yield
        assert client.call("time.sync")["now"] > 0
    assert keyed.process.poll() is None


def claims(session, **more):
    now = int(time.time())
    return {"sub": "p1", "name": "Teacher", "role": "participant", "session": session, "exp": now + 3600} | more


def joined(server, session, ticket):
    """Who one is with this ticket."""
    with Client(server.address, session) as client:
        return client.join(ticket)["you"]


def test_row_49_no_join_in_time(attack):
    def silent(address):
        with Client(address, attack.session) as client:
            return [client.closed()[0]]

    attack(silent, [4408], {"joinTimeout": 1})


def forged(tickets, school, session):
    """Tickets that are not to be believed, by what is wrong with them."""
    good = claims(session)
    public = school.public
    kid = {"alg": "HS256", "kid": "autumn"}
    as_secret = {"alg": "HS256", "kid": "school"}
    return {
        "none": tickets.forge(good, {"alg": "none"}),
        "none, without a signature": tickets.forge(good, {"alg": "none"}).rpartition(".")[0] + ".",
        "none, with the name of a key": tickets.forge(good, {"alg": "none", "kid": "school"}),
        "HS256 with the public key's bytes": tickets.forge(good, as_secret, secret=public),
        "HS256 with the public key as it is published": tickets.forge(good, as_secret, secret=school.jwk["x"]),
        "HS256 with the public key, unnamed": tickets.forge(good, secret=public),
        "EdDSA for a secret": school.sign(good, {"alg": "EdDSA", "kid": "autumn"}),
        "EdDSA without a name": school.sign(good, {"alg": "EdDSA"}),
        "another session": tickets.forge(claims("elsewhere"), kid, secret=AUTUMN),
        "not yet valid": tickets.forge(claims(session, nbf=int(time.time()) + 120), kid, secret=AUTUMN),
        "not yet valid, EdDSA": school.sign(claims(session, nbf=int(time.time()) + 120)),
        "an unknown key": tickets.forge(good, {"alg": "HS256", "kid": "winter"}, secret=AUTUMN),
        "another key's name": tickets.forge(good, {"alg": "HS256", "kid": "spring"}, secret=AUTUMN),
        "a named key, unnamed": tickets.forge(good, secret=AUTUMN),
        "a claim twice": tickets.forge(json.dumps(good)[:-1] + ',"sub":"p2"}', kid, secret=AUTUMN),
        "a header field twice": tickets.forge(good, secret=AUTUMN).replace(
            tickets.forge().split(".")[0], "eyJhbGciOiJIUzI1NiIsImFsZyI6Im5vbmUifQ"
        ),
        "a critical extension": tickets.forge(good, kid | {"crit": ["exp"]}, secret=AUTUMN),
        "nothing": "",
    }


def test_row_50_tickets_that_are_not_to_be_believed(attack, keyed, tickets, school, session):
    bad = forged(tickets, school, session)
    bad |= {"expired": tickets.forge(claims(session, exp=1_600_000_000)), "over 4 KiB": "t" * 4096}
    expected = dict.fromkeys(bad, 4501) | {"expired": 4401, "over 4 KiB": 1009}
    attack(
        lambda _: [f"{why}: {closed_for(keyed.address, session, ticket)}" for why, ticket in bad.items()],
        [f"{why}: {code}" for why, code in expected.items()], {"ticket": len(bad) - 2, "ticketExpired": 1, "violation": 1},
        {"ticketExpired": 1},
    )


def test_row_50_and_the_good_ones_with_each_of_the_keys(keyed, tickets, school, session):
    for kid, secret in (("autumn", AUTUMN), ("spring", SPRING)):
        ticket = tickets.forge(claims(session), {"alg": "HS256", "kid": kid}, secret=secret)
        assert joined(keyed, session, ticket)["person"] == "p1"
    assert joined(keyed, session, school.sign(claims(session, sub="p2")))["person"] == "p2"
    assert joined(keyed, session, tickets.make(session, "p3"))["person"] == "p3"


def test_row_50_a_clock_may_be_half_a_minute_off(keyed, tickets, session):
    now = int(time.time())
    assert joined(keyed, session, tickets.forge(claims(session, nbf=now + 20)))["person"] == "p1"
    assert joined(keyed, session, tickets.forge(claims(session, sub="p2", exp=now - 20)))["person"] == "p2"
    assert closed_for(keyed.address, session, tickets.forge(claims(session, sub="p3", exp=now - 60))) == 4401


def test_row_51_a_second_join(attack, keyed, tickets, session):
    ticket = tickets.make(session, "p1")

    def twice(address):
        with Client(address, session) as client:
            client.join(ticket)
            client.send("session.join", ticket=ticket)
            return [client.closed()[0]]

    attack(twice, [4500], {"closedMalformed": 1})
    assert joined(keyed, session, ticket)["person"] == "p1"


# Admin's paths, with each kind of key


def test_an_admin_may_have_any_key_and_nobody_else_is_one(keyed, tickets, school, session):
    admin = claims("*", role="admin", sub="ops")
    good = [
        tickets.make("*", "ops", "admin"), school.sign(admin),
        tickets.forge(admin, {"alg": "HS256", "kid": "autumn"}, secret=AUTUMN),
    ]
    bad = [
        *forged(tickets, school, "*").values(), tickets.forge(admin, {"alg": "none"}), school.sign(claims("*", role="host")),
        tickets.forge(admin, {"alg": "HS256", "kid": "school"}, secret=school.public), tickets.forge(admin, exp=1_600_000_000),
    ]
    operator = Operator(keyed)
    for path in ("/metrics", "/v1/sessions", "/v1/counters", "/v1/people/p1"):
        for ticket, statuses in [(each, {200, 404}) for each in good] + [(each, {401}) for each in bad]:
            assert operator.ask("GET", path, {"Authorization": f"Bearer {ticket}"}).status in statuses, (path, ticket)
    for ticket in bad:
        assert operator.ask("DELETE", "/v1/people/p1", {"Authorization": f"Bearer {ticket}"}).status == 401
    for ticket in good:
        assert closed_for(keyed.address, session, ticket) == 4501, "an admin takes no seat"


# 22: what an operator is told of a page that may not connect


def test_a_foreign_origin_is_told_once_a_minute_with_its_cure(serve):
    server = serve("--origin", "https://good.example")
    for origin in ("https://evil.example:8443", "https://\x1b[2Jevil.example", "null") * 5:
        head = request(Origin=origin)
        assert exchange(server.address, head).status in (400, 403), origin
    server.wait_for_log(lambda entry: entry["event"] == "originRefused")
    told = [entry for entry in server.log if entry["event"] == "originRefused"]
    assert len(told) == 1 and told[0]["status"] == 403
    assert told[0]["came"] == "https://evil.example:8443" and told[0]["expected"] == "https://good.example"
    option, _, value = told[0]["cure"].rpartition(": ")[2].partition(" ")
    assert option == "--origin"
    server.terminate()
    more = [entry for entry in server.log if entry["event"] == "originRefused"][1:]
    assert [entry["more"] for entry in more] == [9], "those that were held back, once, at the end"
    cured = serve("--origin", "https://good.example", option, value)
    with Wire(cured.address) as wire:
        wire.send(request(Origin="https://evil.example:8443"))
        assert wire.read_head().status == 101


# Changing keys


def test_keys_are_changed_by_having_both_for_a_while(serve, tickets, tmp_path):
    path = tmp_path / "keys.json"
    old = tickets.forge(claims("evening"), {"alg": "HS256", "kid": "autumn"}, secret=AUTUMN)
    server = serve("--keys-file", keys_file(path, secret_jwk("autumn", AUTUMN)))
    assert joined(server, "evening", old)["person"] == "p1"
    server.terminate()
    keys_file(path, secret_jwk("autumn", AUTUMN), secret_jwk("spring", SPRING))
    new = run("ticket", "--keys-file", path, "--kid", "spring", "--session", "evening", "--person", "p2", "--name", "P")
    assert new.returncode == 0, new.stderr
    server.start()
    assert joined(server, "evening", old)["person"] == "p1"
    assert joined(server, "evening", new.stdout.strip())["person"] == "p2"
    server.terminate()
    keys_file(path, secret_jwk("spring", SPRING))
    server.start()
    assert closed_for(server.address, "evening", old) == 4501
    assert joined(server, "evening", new.stdout.strip())["person"] == "p2"


def test_the_command_signs_with_a_private_key(keyed, school, session, tmp_path, tickets):
    order = ("ticket", "--session", session, "--person", "p1", "--name", "P")
    signed = run(*order, "--signing-key-file", school.file, "--kid", "school")
    assert signed.returncode == 0, signed.stderr
    assert joined(keyed, session, signed.stdout.strip())["person"] == "p1"
    checked = run(*order, "--signing-key-file", school.file, "--kid", "school", "--keys-file", keyed.keys)
    assert checked.stdout.split(".")[0] == signed.stdout.split(".")[0]
    stranger = SigningKey(tmp_path, "school")
    rsa = tmp_path / "rsa.pem"
    school._openssl("genpkey", "-algorithm", "rsa", "-out", rsa)
    wrong = {
        "is not the private half": ("--signing-key-file", stranger.file, "--kid", "school", "--keys-file", keyed.keys),
        "no key \"winter\"; it has autumn, spring, school": ("--keys-file", keyed.keys, "--kid", "winter"),
        "is a public one": ("--keys-file", keyed.keys, "--kid", "school"),
        "needs --kid": ("--signing-key-file", school.file),
        "which of its keys": ("--keys-file", keyed.keys),
        "--secret-file has none": ("--secret-file", tickets.secret_file, "--kid", "autumn"),
        "another algorithm": ("--signing-key-file", rsa, "--kid", "school"),
        "no private key in PEM": ("--signing-key-file", tickets.secret_file, "--kid", "school"),
    }
    for sentence, options in wrong.items():
        done = run(*order, *options)
        assert done.returncode in (64, 78) and sentence in done.stderr, (sentence, done.stderr)
        assert not done.stdout and AUTUMN not in done.stderr and tickets.secret not in done.stderr


def test_addresses_are_hashed_with_the_secret_that_stays(tickets, school, tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("email,name,role\nteacher@school.example,Teacher,participant\n")
    order = ("ticket", "--session", "evening", "--people", people)
    ids = set()
    for options in ((), ("--signing-key-file", school.file, "--kid", "school")):
        done = run(*order, "--secret-file", tickets.secret_file, *options)
        assert done.returncode == 0, done.stderr
        ids.add(claims_of(done.stdout.splitlines()[1].split(",")[-1])["sub"])
    assert len(ids) == 1
    done = run(*order, "--signing-key-file", school.file, "--kid", "school")
    assert done.returncode == 65 and "--secret-file" in done.stderr and not done.stdout


def claims_of(ticket):
    """What a ticket says, unverified."""
    part = ticket.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_a_file_of_keys_that_others_can_read_is_told(serve, tickets, tmp_path):
    keys = keys_file(tmp_path / "keys.json", secret_jwk("autumn", AUTUMN))
    keys.chmod(0o644)
    server = serve("--keys-file", keys)
    told = server.wait_for_log(lambda entry: entry["event"] == "keysExposed")
    assert told["level"] == "warning" and told["mode"] == "644" and told["cure"] == f"chmod 600 {keys}"


def test_a_file_of_keys_with_a_mistake_stops_the_start(tickets, tmp_path):
    private = {"kty": "OKP", "crv": "Ed25519", "kid": "school", "x": "A" * 43, "d": "canary-7c21" + "A" * 32}
    keys = keys_file(tmp_path / "keys.json", secret_jwk("autumn", "canary-7c21, short"), private)
    done = run("serve", "--listen", "127.0.0.1:0", "--data", tmp_path / "data", "--keys-file", keys)
    assert done.returncode == 78 and not (tmp_path / "data").exists()
    assert 'Key "autumn": its k has 18 bytes' in done.stderr and 'Key "school": it holds its private part' in done.stderr
    assert "canary" not in done.stderr and private["d"] not in done.stderr
