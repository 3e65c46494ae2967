"""A proxy that is believed: the limits per address go by whom it speaks for, and nobody else can say who they are."""
import pytest
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
