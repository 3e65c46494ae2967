"""HTTP on the socket's port: health, figures, and every way in which an upgrade can be wrong (HOSTILE 10 to 24).

After each attack a well-behaved connection beside it is still answered.
"""
import re

import pytest
from client import Client
from conftest import stopped_after
from raw import ACCEPT, KEY, Response, Wire, exchange, frame, request
from running import Server

ORIGIN = "https://good.example"
SOCKET = "/v1/sessions/evening"


@pytest.fixture(scope="module")
def server(tmp_path_factory, tickets):
    with stopped_after() as servers:
        folder = tmp_path_factory.mktemp("http") / "data"
        options = ("--data", folder, "--secret-file", tickets.secret_file, "--origin", ORIGIN)
        servers.append(Server("serve", *options))
        yield servers[0].start()


@pytest.fixture(scope="module")
def bystander(server, tickets):
    """Somebody in a session who has nothing to do with any attack, and hears all that is said in it."""
    ticket = tickets.make("beside", "host", "host")
    with Client(server.address, "beside") as client:
        client.join(ticket)
        client.call("session.start")
        yield ticket
        said = client.call("chat.send", room="main", text="all heard")
        assert client.on("chat.sent", message=said["message"])


@pytest.fixture(autouse=True)
def others_go_on(server, bystander):
    """Whatever a test did to the server: others come in and are answered, and its log is whole."""
    yield
    with Client(server.address, "beside") as client:
        client.join(bystander)
        assert client.call("time.sync")["now"] > 0
    assert server.process.poll() is None
    assert not [entry for entry in server.log if "text" in entry and "event" not in entry], "a line that is no JSON"


def refused(server, data, status):
    """The server refuses these bytes with this status, says something, and closes."""
    response = exchange(server.address, data)
    assert response.status == status, response.data
    assert response.version == "HTTP/1.1"
    length = response.field("Content-Length")
    assert length is not None and int(length) == len(response.body)
    return response


def get(address, path, *fields):
    lines = [f"GET {path} HTTP/1.1", "Host: plenary.test", *fields]
    return exchange(address, ("\r\n".join(lines) + "\r\n\r\n").encode())


# What operators ask


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_open_to_all(server, path):
    assert get(server.address, path).status == 200


def test_the_page_is_served_with_its_modules(server):
    page = get(server.address, "/")
    assert page.status == 200 and page.field("Content-Type").startswith("text/html")
    sources = re.findall(r'(?:src|href)="([^"#:]+\.(?:js|css))"', page.body.decode())
    assert sources
    for source in sources:
        assert get(server.address, "/" + source.lstrip("./")).status == 200, source


def test_figures_are_for_admins(server, tickets):
    for fields in [(), ("Authorization: Bearer nonsense",), ("Authorization: Basic YTpi",)]:
        assert get(server.address, "/metrics", *fields).status == 401
    host = tickets.make("evening", "host", "host")
    assert get(server.address, "/metrics", f"Authorization: Bearer {host}").status in {401, 403}
    admin = tickets.make("*", "ops", "admin")
    metrics = get(server.address, "/metrics", f"Authorization: Bearer {admin}")
    assert metrics.status == 200 and metrics.field("Content-Type").startswith("text/plain")
    figures = metrics.body.decode()
    for name in ["connections", "seats", "sessions", "commands", "refusals", "deliveries", "outbox", "journal"]:
        assert re.search(rf"^plenary_\w*{name}\w*(?:{{[^}}]*}})? [0-9.e+]+$", figures, re.MULTILINE), name
    assert re.search(r'^plenary_\w*sync\w*_bucket{le="[^"]+"} \d+$', figures, re.MULTILINE)
    assert metrics.body.endswith(b"\n")


def test_a_second_listener_needs_no_ticket_for_figures(serve):
    server = serve("--admin", "127.0.0.1:0")
    admin = server.wait_for_log(lambda entry: entry.get("event") == "listeningForAdmins")
    assert get(admin["address"], "/metrics").status == 200
    assert get(server.address, "/metrics").status == 401


def test_rejections_are_counted(server, tickets):
    admin = f"Authorization: Bearer {tickets.make('*', 'ops', 'admin')}"

    def rejected():
        figures = get(server.address, "/metrics", admin).body.decode()
        return sum(float(value) for value in re.findall(r"^plenary_rejected_total{[^}]*} (\S+)$", figures, re.MULTILINE))

    before = rejected()
    refused(server, request(Sec_WebSocket_Version="8"), 426)
    refused(server, request(Host=None), 400)
    assert rejected() >= before + 2


def test_random_paths_make_no_new_series(server, tickets):
    admin = f"Authorization: Bearer {tickets.make('*', 'ops', 'admin')}"

    def series():
        return {line.rpartition(" ")[0] for line in get(server.address, "/metrics", admin).body.decode().splitlines()}

    get(server.address, "/path/first")
    before = series()
    for number in range(50):
        assert get(server.address, f"/path/{number}").status == 404
    assert series() == before


# HOSTILE 10 to 15: not an upgrade


@pytest.mark.parametrize("method", ["POST", "HEAD", "OPTIONS", "PUT", "DELETE", "get"])
def test_other_methods_are_not_allowed(server, method):
    response = exchange(server.address, request(f"{method} {SOCKET} HTTP/1.1"))
    assert response.status == 405
    assert "GET" in response.field("Allow")
    assert method != "HEAD" or response.body == b""


@pytest.mark.parametrize("version", ["HTTP/1.0", "HTTP/1.2", "HTTP/2.0"])
def test_other_versions_are_not_spoken(server, version):
    refused(server, request(f"GET {SOCKET} {version}"), 505)


def test_the_preface_of_http_2_is_not_spoken(server):
    refused(server, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505)


def test_one_host_is_needed(server):
    refused(server, request(Host=None), 400)
    refused(server, request(more=["Host: plenary.test"]), 400)


def test_an_upgrade_is_required(server):
    assert refused(server, request(Upgrade=None), 426).field("Upgrade") == "websocket"


@pytest.mark.parametrize("version", ["8", "14", "", "13, 8", None])
def test_another_version_is_told_ours(server, version):
    assert refused(server, request(Sec_WebSocket_Version=version), 426).field("Sec-WebSocket-Version") == "13"


@pytest.mark.parametrize("key", [None, "", "AAAA", KEY[:-2], KEY + "AAAA", "not base64 at all!!!===", KEY[:-1] + "!"])
def test_a_key_is_sixteen_bytes(server, key):
    refused(server, request(Sec_WebSocket_Key=key), 400)


def test_a_key_comes_once(server):
    refused(server, request(more=[f"Sec-WebSocket-Key: {KEY}"]), 400)


# 16: an upgrade however it is spelled


@pytest.mark.parametrize(
    "spelled",
    [
        {"Connection": "keep-alive, Upgrade"}, {"Connection": "UPGRADE"}, {"Upgrade": "WebSocket"},
        {"Connection": "  upgrade ,keep-alive"}, {"Sec_WebSocket_Protocol": "other, plenary.v1"},
    ],
)
def test_an_upgrade_is_one_however_it_is_spelled(server, spelled):
    with Wire(server.address) as wire:
        wire.send(request(**spelled))
        head = wire.read_head()
        assert head.status == 101 and head.field("Sec-WebSocket-Accept") == ACCEPT
        assert head.field("Sec-WebSocket-Protocol") == "plenary.v1"
        assert head.field("Connection").lower() == "upgrade" and head.field("Upgrade").lower() == "websocket"


# 17 to 19: heads that are doubtful or too large


@pytest.mark.parametrize("line", ["Content-Length: 5", "Transfer-Encoding: chunked", "Content-Length: 5\r\nContent-Length: 6"])
def test_an_upgrade_has_no_body(server, line):
    refused(server, request(more=[line]) + b"GET /x", 400)


@pytest.mark.parametrize(
    "line",
    [
        "X-A: b\n", "X-A: b\r\n folded", "X-A : b", "X-A: b\0c", "X-\xe4: b", "X-A: b\rc", ": b", "no colon", "X A: b",
        "X-A: b\x01c",
    ],
)
def test_a_doubtful_field_is_refused(server, line):
    refused(server, request(more=[line]), 400)


def test_bare_line_feeds_end_no_line(server):
    refused(server, request().replace(b"\r\n", b"\n") + b"\r\n\r\n", 400)


def test_a_head_has_limits(server):
    refused(server, request(f"GET {SOCKET}?{'a' * 2100} HTTP/1.1"), 414)
    refused(server, request(more=[f"X-A: {'b' * 9000}"]), 431)
    refused(server, request(more=[f"X-{number}: b" for number in range(64)]), 431)


def test_a_head_without_end_is_refused_as_soon_as_it_is_too_large(server):
    refused(server, request()[:-2] + b"X-A: " + b"b" * 9000, 431)


# 20, 21: what follows the upgrade is frames


def test_a_second_request_is_taken_for_a_frame(server):
    with Wire(server.address) as wire:
        wire.send(request() + b"GET /metrics HTTP/1.1\r\nHost: plenary.test\r\n\r\n")
        assert wire.read_head().status == 101
        opcode, payload = wire.read_frame()
        assert (opcode, payload[:2]) == (8, (1002).to_bytes(2, "big"))
        assert b"HTTP/" not in wire.read_to_end()


def test_frames_in_the_packet_of_the_request_are_taken(server):
    with Wire(server.address) as wire:
        wire.send(request() + frame(9, b"early"))
        assert wire.read_head().status == 101
        assert wire.read_frame() == (10, b"early")
        wire.send(frame(8, (1000).to_bytes(2, "big")))
        assert wire.read_frame() == (8, (1000).to_bytes(2, "big"))
        assert wire.read_to_end() == b""


def test_a_head_may_come_byte_by_byte(server):
    with Wire(server.address) as wire:
        for byte in request():
            wire.send(bytes([byte]))
        assert wire.read_head().status == 101


# 22, 23: origins and subprotocols


@pytest.mark.parametrize(
    "origin",
    [
        "null", "https://good.evil.example", "https://evilgood.example", "https://good.example:444",
        "https://good.example.", "https://user@good.example", "http://good.example", "https://good.example/",
        "https://good.example https://evil.example", "",
    ],
)
def test_a_foreign_origin_is_forbidden(server, origin):
    refused(server, request(Origin=origin), 403)


def test_two_origins_are_forbidden(server):
    refused(server, request(more=[f"Origin: {ORIGIN}", "Origin: https://evil.example"]), 403)


@pytest.mark.parametrize("more", [[], [f"Origin: {ORIGIN}"]])
def test_our_origin_and_none_are_welcome(server, more):
    with Wire(server.address) as wire:
        wire.send(request(more=more))
        assert wire.read_head().status == 101


@pytest.mark.parametrize("offer", [None, "other.v1", "plenary.v2", "Plenary.V1", "plenary.v1x"])
def test_another_subprotocol_is_told_ours(server, offer):
    assert b"plenary.v1" in refused(server, request(Sec_WebSocket_Protocol=offer), 400).data


# 24: paths


@pytest.mark.parametrize(
    "path",
    [
        "/..%2f..%2fetc/passwd", "/%00", "//", "/\\..\\secret", "/../secret", "/v1/sessions/..%2fmetrics",
        "/v1/sessions/a%00", "/v1//sessions/evening", "/V1/sessions/evening", "/v1/sessions/evening/", "/healthz/",
        "/%2e%2e/secret", "/index.html%00.js", "/v1/sessions/",
    ],
)
def test_a_path_that_is_none_is_not_found(server, path):
    refused(server, request(f"GET {path} HTTP/1.1"), 404)


@pytest.mark.parametrize("line", ["GET", "GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1 x", "/ HTTP/1.1", "\x16\x03\x01\x02"])
def test_a_request_line_that_is_none_is_refused(server, line):
    response = exchange(server.address, request(line))
    assert response.status == 400, response.data


def test_nothing_of_a_ticket_is_in_the_log(server, tickets):
    canary = tickets.forge(session="evening", name="Canary-7b1f")
    get(server.address, f"/v1/sessions?ticket={canary}", f"Authorization: Bearer {canary}")
    with Client(server.address, "evening") as client:
        client.join(canary)
    log = str(server.log)
    assert canary not in log and canary.rpartition(".")[2] not in log and "Canary-7b1f" not in log


def test_responses_are_read_as_they_are():
    response = Response(b"HTTP/1.1 404 Not Found\r\nA: b\r\n\r\nbody")
    assert (response.status, response.field("a"), response.body) == (404, "b", b"body")
