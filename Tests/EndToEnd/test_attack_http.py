"""Attacks by HTTP (HOSTILE 10 to 26), ten rounds of each while others talk beside; see `attack.py` for what each asserts."""
import secrets

import pytest
from attack import ORIGIN, amount
from client import Client
from raw import ACCEPT, KEY, Wire, exchange, frame, opened, request

SOCKET = "/v1/sessions/evening"


def statuses(address, requests, and_check=lambda response: True):
    """The status of each answer; the server must say how long the body is, and close."""
    told = []
    for data in requests:
        response = exchange(address, data)
        assert response.version == "HTTP/1.1" and int(response.field("Content-Length")) >= len(response.body)
        assert and_check(response), response.data
        told.append(response.status)
    return told


def all_refused(attack, requests, status, reason, and_check=lambda response: True):
    """Each of the requests gets this status, in each round, and is counted under this reason."""
    attack(lambda address: statuses(address, requests, and_check), [status] * len(requests), {reason: len(requests)})


def test_row_10_post_head_and_options_are_405(attack):
    requests = [request(f"{method} {SOCKET} HTTP/1.1") for method in ("POST", "HEAD", "OPTIONS")]
    all_refused(attack, requests, 405, "method", lambda response: "GET" in response.field("Allow"))


def test_row_11_other_versions_are_505(attack):
    requests = [request(f"GET {SOCKET} {version}") for version in ("HTTP/1.0", "HTTP/1.2")]
    all_refused(attack, [*requests, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"], 505, "badRequest")


def test_row_12_no_host_or_two_are_400(attack):
    all_refused(attack, [request(Host=None), request(more=["Host: plenary.test"])], 400, "badRequest")


def test_row_13_no_upgrade_is_426(attack):
    all_refused(attack, [request(Upgrade=None)], 426, "handshake", lambda response: response.field("Upgrade") == "websocket")


def test_row_14_another_version_is_426_with_ours(attack):
    requests = [request(Sec_WebSocket_Version=version) for version in ("8", "14", "0", "", "13, 8", None)]
    all_refused(attack, requests, 426, "handshake", lambda response: response.field("Sec-WebSocket-Version") == "13")


def test_row_15_a_bad_key_is_400(attack):
    keys = [None, "", "AAAA", KEY[:-2], KEY + "AAAA", KEY[:-1] + "!"]
    requests = [request(Sec_WebSocket_Key=key) for key in keys] + [request(more=[f"Sec-WebSocket-Key: {KEY}"])]
    all_refused(attack, requests, 400, "handshake")


def test_row_16_an_upgrade_in_any_spelling_is_fine(attack):
    spellings = [
        {"Connection": "keep-alive, Upgrade"}, {"Connection": "UPGRADE"}, {"Upgrade": "WebSocket"},
        {"Connection": "  upgrade ,keep-alive"}, {"Upgrade": "h2c, WEBSOCKET"},
    ]

    def one_round(address):
        told = []
        for spelling in spellings:
            with Wire(address) as wire:
                wire.send(request(**spelling))
                head = wire.read_head()
                assert head.field("Sec-WebSocket-Accept") == ACCEPT
                told.append(head.status)
        return told

    attack(one_round, [101] * len(spellings), {})


def test_row_17_an_upgrade_with_a_body_is_400(attack):
    lines = ["Content-Length: 5", "Content-Length: 0", "Transfer-Encoding: chunked", "Content-Length: 5\r\nContent-Length: 6"]
    all_refused(attack, [request(more=[line]) + b"hello" for line in lines], 400, "handshake")


def test_row_18_doubtful_lines_are_400(attack):
    lines = ["X-A: b\n", "X-A: b\r\n folded", "X-A: b\r\n\tfolded", "X-A : b", "X-A: b\0c", "X-\xe4: b", "X-\xff: b", "X-A: b\rc"]
    requests = [request(more=[line]) for line in lines] + [request().replace(b"\r\n", b"\n") + b"\r\n\r\n"]
    all_refused(attack, requests, 400, "badRequest")


def test_row_19_too_large_is_431_or_414(attack):
    requests = [
        request(more=[f"X-A: {'b' * 9000}"]), request(more=[f"X-{number}: b" for number in range(64)]),
        # Without an end: refused as soon as it is too large.
        request()[:-2] + b"X-A: " + b"b" * 9000,
        request(f"GET {SOCKET}?{'a' * 2100} HTTP/1.1"),
    ]
    attack(lambda address: statuses(address, requests), [431, 431, 431, 414], {"badRequest": 4})


def test_row_20_a_second_request_is_frame_bytes(attack):
    def one_round(address):
        with Wire(address) as wire:
            wire.send(request() + b"GET /metrics HTTP/1.1\r\nHost: plenary.test\r\n\r\n")
            return [wire.read_head().status, wire.read_close()]

    attack(one_round, [101, 1002], {"violation": 1})


def test_row_21_frames_in_the_packet_of_the_request_are_taken(attack):
    def one_round(address):
        with Wire(address) as wire:
            wire.send(request() + frame(9, b"early") + frame(8, b"\x03\xe8"))
            told = [wire.read_head().status]
            assert wire.read_frame() == (10, b"early")
            return [*told, wire.read_close()]

    attack(one_round, [101, 1000], {})


def test_row_22_a_foreign_origin_is_403(attack):
    origins = [
        "null", "https://good.evil.example", "https://evilgood.example", f"{ORIGIN}:444", f"{ORIGIN}.", "",
        "https://user@good.example", "http://good.example", f"{ORIGIN}/", f"{ORIGIN} https://evil.example",
    ]
    two = request(more=[f"Origin: {ORIGIN}", "Origin: https://evil.example"])
    all_refused(attack, [*(request(Origin=origin) for origin in origins), two], 403, "origin")


def test_row_23_another_subprotocol_is_400_with_ours(attack):
    offers = [None, "other.v1", "plenary.v2", "Plenary.V1", "plenary.v1x"]
    requests = [request(Sec_WebSocket_Protocol=offer) for offer in offers]
    all_refused(attack, requests, 400, "handshake", lambda response: b"plenary.v1" in response.body)


def test_row_24_a_path_that_is_none_is_404(attack):
    paths = [
        "/..%2f..%2fetc/passwd", "/%00", "//", "/\\..\\secret", "/../secret", "/v1/sessions/..%2fmetrics",
        "/v1/sessions/a%00", "/v1//sessions/evening", "/index.html%00.js", "/%2e%2e/secret",
    ]
    all_refused(attack, [request(f"GET {path} HTTP/1.1") for path in paths], 404, "noSuchPath")


def test_row_25_who_comes_while_the_server_drains_is_503_with_a_wait(attack_on, tickets):
    """A server drains once, and nobody can ask it then what it has counted: what attacks share does not fit."""
    attack = attack_on("--close-seconds", "10")
    server = attack.target.server
    with Client(server.address, "evening") as beside, opened(server.address) as silent:
        beside.join(tickets.forge(session="evening", role="host"))
        early = [Wire(server.address) for _ in range(20)]
        for wire in early:
            wire.send(request()[:40])
        # What came before is read: the answers of one loop are in order.
        assert beside.call("time.sync")["now"] > 0
        server.signal(15)
        code, wait = beside.closed()
        assert (code, wait.isdigit()) == (1001, True)
        late = [Wire(server.address) for _ in range(20)]
        answers = [wire.read_head() for wire in [*early, *late]]
        for wire in [*early, *late]:
            wire.close()
        assert silent.read_close() == 1001
    assert [answer.status for answer in answers] == [503] * 40
    waits = {int(answer.field("Retry-After")) for answer in answers}
    assert len(waits) > 1 and all(1 <= wait <= 60 for wait in waits), waits
    assert server.terminate() == 0
    attack.note([503] * 40, 1, {})


def test_row_26_a_full_server_is_503(attack_on):
    attack = attack_on("--max-connections", "30")

    def one_round(address):
        inside = []
        try:
            while True:
                wire = Wire(address)
                inside.append(wire)
                wire.send(request())
                if (head := wire.read_head()).status != 101:
                    break
            assert 20 <= len(inside) <= 30 and int(head.field("Retry-After")) > 0
            return [head.status, *statuses(address, [request()] * 4)]
        finally:
            for wire in inside:
                wire.close()

    attack(one_round, [503] * 5, {"full": 5})


@pytest.mark.timeout(1800)
def test_a_million_random_paths_make_no_new_series(attack):
    number = amount(20, 100_000)
    exchange(attack.target.server.address, request("GET /random/first HTTP/1.1"))
    before = attack.target.series().keys()

    def one_round(address):
        return sorted({status for _ in range(number) for status in statuses(address, [some_path()])})

    def some_path():
        return request(f"GET /random/{secrets.token_urlsafe(12)} HTTP/1.1")

    attack(one_round, [404], {"noSuchPath": number})
    assert attack.target.series().keys() == before
