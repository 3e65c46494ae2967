"""What the end-to-end tests share: servers on free ports, tickets, clients, a browser."""
import contextlib
import os
import zlib

import pytest
from client import Client
from playwright.sync_api import sync_playwright
from rehearsing import Load
from running import BINARY, Server, preloadable
from tickets import Tickets
from tls import Certificates, trusting

# The fixture `attack`, and the table of what the attacks came to.
pytest_plugins = ["attack", "disk"]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


def pytest_report_header():
    return f"plenary: {BINARY}"


@contextlib.contextmanager
def stopped_after():
    """A list of servers; at the end each is stopped, even if one of them had died."""
    servers = []
    try:
        yield servers
    finally:
        failures = []
        for server in servers:
            try:
                server.stop()
            except AssertionError as failure:
                failures.append(str(failure))
        assert not failures, failures


@pytest.fixture(scope="session")
def tickets(tmp_path_factory):
    """Makes tickets for every server that `serve` starts."""
    return Tickets(tmp_path_factory.mktemp("tickets"))


@pytest.fixture
def load(tmp_path, tickets):
    return Load(tmp_path, tickets)


@pytest.fixture
def serve(tmp_path, tickets):
    """Starts `plenary serve` with more options, on a data folder of the test's own unless `data` names another.

    At the end of the test each one must still run (unless the test ended it) and drain with exit code 0.
    """
    with stopped_after() as servers:

        def start(*options, data=None, **settings):
            folder = data or tmp_path / f"data{len(servers)}"
            arguments = ("--data", folder, "--secret-file", tickets.secret_file, *options)
            server = Server("serve", *arguments, **settings)
            server.data = folder
            servers.append(server)
            return server.start()

        yield start


@pytest.fixture
def certificates(tmp_path):
    return Certificates(tmp_path / "certificates")


@pytest.fixture
def secure(serve, certificates):
    """A server that speaks TLS, with operators' answers on a second listener in the plain."""

    def start(*options, **settings):
        certificate, key = certificates.make()
        server = serve("--tls-cert", certificate, "--tls-key", key, "--admin", "127.0.0.1:0", *options, **settings)
        server.certificate, server.key, server.trust = certificate, key, trusting(certificate)
        server.admin = server.wait_for_log(lambda entry: entry["event"] == "listeningForAdmins")["address"]
        return server

    return start


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """What is preloaded into the server: see `wall_clock.c`."""
    return preloadable("wall_clock", tmp_path_factory.mktemp("library"))


@pytest.fixture
def wall(tmp_path, library):
    """Sets the server's calendar off by so many hours; `wall.env` is what the server is to be started with."""
    file = tmp_path / "wall"

    def jump(hours):
        # Renamed into place: the server must never read half a file.
        part = tmp_path / "wall.part"
        part.write_text(f"{hours * 3600}\n")
        part.rename(file)

    jump(0)
    jump.env = {"LD_PRELOAD": str(library), "WALL_OFFSET_FILE": str(file)}
    return jump


@pytest.fixture(scope="module")
def server(tmp_path_factory, tickets):
    """One `plenary serve` for all tests of a module; each takes a session of its own (see `session`)."""
    with stopped_after() as servers:
        folder = tmp_path_factory.mktemp("server") / "data"
        server = Server("serve", "--data", folder, "--secret-file", tickets.secret_file)
        server.data = folder
        servers.append(server)
        yield server.start()


@pytest.fixture
def session(request):
    """The id of a session that no other test uses."""
    return f"s{zlib.crc32(request.node.nodeid.encode()):08x}"


@pytest.fixture
def join(server, session, tickets):
    """Joins the test's session on the module's server as somebody; closes all connections at the end."""
    clients = []
    made = {}

    def join_as(person, role="participant", resume=None, **options):
        if person not in made:
            made[person] = tickets.make(session, person, role, **options)
        client = Client(server.address, session)
        clients.append(client)
        client.ticket = made[person]
        client.join(client.ticket, resume)
        return client

    yield join_as
    for client in clients:
        client.close()


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium, headless. Of the module's scope: while it lives, this thread cannot run another loop."""
    with sync_playwright() as playwright:
        # As root, which test machines often are, Chromium refuses to start in its sandbox.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
