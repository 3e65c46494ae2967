"""A proxy that is believed: the limits per address go by whom it speaks for, and nobody else can say who they are."""
import json

import pytest
from client import Client
from operators import Operator
from raw import Wire, exchange, request
from running import run


@pytest.fixture(params=[1, 2])
def server(serve, request):
    options = ("--pending-per-address", "2", "--loops", request.param, "--join-seconds", "60")
    return serve("--trusted-proxy", "127.0.0.1", "--trusted-proxy", "10.0.0.0/8", *options)


def forwarded(server, *lists):
    """A connection that a proxy passes on, and the status that it is answered with."""
    wire = Wire(server.address)
    wire.send(request(more=[f"X-Forwarded-For: {each}" for each in lists]))
    return wire, wire.read_head()


def test_a_client_behind_a_proxy_is_limited_and_the_proxy_is_not(server, tickets):
    open_wires = []
    for lists in (["203.0.113.7"], ["198.51.100.1, 203.0.113.7", "10.1.2.3"]):
        wire, head = forwarded(server, *lists)
        assert head.status == 101
        open_wires.append(wire)
    for _ in range(3):
        _, head = forwarded(server, "203.0.113.7")
        assert head.status == 503 and 2 <= int(head.field("Retry-After")) <= 10
    others = [["203.0.113.8"], ["2001:db8::1"], ["203.0.113.7, 203.0.113.9"], [], ["unknown"], ["10.9.9.9"]]
    for lists in others:
        wire, head = forwarded(server, *lists)
        assert head.status == 101, lists
        open_wires.append(wire)
    figures = Operator(server, tickets).get("/metrics").text
    assert 'plenary_rejected_total{reason="addressPending"} 3\n' in figures
    open_wires.pop(0).close()
    # The server sees the end when it sees it: until then the client has two.
    while True:
        wire, head = forwarded(server, "203.0.113.7")
        if head.status == 101:
            break
        assert head.status == 503
    for each in (*open_wires, wire):
        each.close()


def test_a_request_through_a_proxy_is_answered_and_forgotten(server):
    head = b"GET /healthz HTTP/1.1\r\nHost: plenary.test\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n"
    for _ in range(10):
        assert exchange(server.address, head).status == 200


@pytest.mark.parametrize("text", ["10.0.0.1/8", "10.0.0.0/33", "proxy.example", "", "10.0.0.0/8,11.0.0.0/8"])
def test_what_is_no_network_is_said(tickets, tmp_path, text):
    done = run("serve", "--data", tmp_path / "data", "--secret-file", tickets.secret_file, "--trusted-proxy", text)
    assert done.returncode == 64 and "--trusted-proxy" in done.stderr and "10.0.0.0/8" in done.stderr


def test_the_log_has_networks_and_no_addresses(serve, tickets):
    server = serve("--trusted-proxy", "127.0.0.1", "--origin", "https://good.example")
    foreign = ["Origin: https://evil.example", "X-Forwarded-For: 203.0.113.77"]
    assert exchange(server.address, request(more=foreign)).status == 403
    assert exchange(server.address, request("GET /none HTTP/1.1", more=["X-Forwarded-For: 2001:db8:1:2::77"])).status == 404
    fields = {"additional_headers": {"X-Forwarded-For": "198.51.100.77"}}
    for command in ({"do": "session.join", "ticket": "none"}, {"do": "chat.send"}):
        with Client(server.address, "evening", **fields) as client:
            client.send(command.pop("do"), **command)
            assert client.closed()[0] in (4500, 4501)
    server.terminate()
    seen = {entry["event"]: entry["from"] for entry in server.log if "from" in entry}
    assert seen == {
        "originRefused": "203.0.113.0/24", "requestRefused": "2001:db8:1::/48", "ticketRefused": "198.51.100.0/24",
        "commandsMalformed": "198.51.100.0/24",
    }
    text = json.dumps(server.log)
    assert not [host for host in ("203.0.113.77", "198.51.100.77", "2001:db8:1:2") if host in text]


def test_nobody_becomes_an_operator_by_saying_where_they_come_from(serve):
    server = serve("--admin", "127.0.0.1:0", "--trusted-proxy", "127.0.0.1")
    for path in ("/metrics", "/v1/sessions", "/v1/counters", "/v1/people/p1"):
        for claimed in ("127.0.0.1", "::1", "10.0.0.1"):
            head = f"GET {path} HTTP/1.1\r\nHost: plenary.test\r\nX-Forwarded-For: {claimed}\r\n\r\n".encode()
            assert exchange(server.address, head).status == 401, (path, claimed)
