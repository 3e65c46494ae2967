"""Certificates of the tests' own, OpenSSL's client, and a proxy that speaks TLS for clients that do not."""
import asyncio
import contextlib
import pathlib
import ssl
import subprocess
import threading

from running import PATIENCE_SECONDS

GET = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Certificates:
    """Self-signed certificates for localhost in a folder, by name; each trusts itself and nobody else."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def make(self, name="server", days=30):
        """The paths of a new certificate and its key."""
        certificate, key = self.folder / f"{name}.pem", self.folder / f"{name}-key.pem"
        subprocess.run(
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-days", str(days), "-subj", "/CN=localhost",
                "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate,
            ],
            check=True, capture_output=True,
        )
        key.chmod(0o600)
        return certificate, key


def trusting(certificate):
    """A client's context that trusts this certificate alone."""
    return ssl.create_default_context(cafile=certificate)


def for_two_threads(trust):
    """The same trust for a connection on which one thread reads while another writes, as in the clients of `websockets.sync`.

    With TLS 1.3 the server sends a ticket behind the handshake. Who reads it changes the session under who writes: Python's
    `ssl` has no lock around it before 3.13, and now and then a request is never sent. TLS 1.2 has nothing of that kind.
    """
    context = ssl.create_default_context(cadata=b"".join(trust.get_ca_certs(binary_form=True)))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


def s_client(server, *options, talk=""):
    """What `openssl s_client` says of the server when its input has ended, and its exit code."""
    done = subprocess.run(
        ["openssl", "s_client", "-connect", server.address, "-CAfile", server.certificate, *options], input=talk,
        capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False,
    )
    return done.returncode, done.stdout + done.stderr


def asked(server, *options):
    """The same with a request, so that the end of the answer ends it."""
    return s_client(server, "-ign_eof", *options, talk=GET)


class Proxy:
    """Takes plain connections on a free port of the loopback, and passes their bytes on over TLS and back."""

    def __init__(self, host, port, context):
        self._target = (host, port)
        self._context = context
        self._ready = threading.Event()
        self._loop = None
        self._stopping = None
        self.port = 0
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(10)

    async def _serve(self):
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._pass, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopping.wait()
        server.close()

    async def _pass(self, reader, writer):
        with contextlib.suppress(OSError):
            far_reader, far_writer = await asyncio.open_connection(
                *self._target, ssl=self._context, server_hostname="localhost"
            )
            # TLS knows no half that is shut: whoever ends first ends both.
            halves = [
                asyncio.create_task(self._copy(reader, far_writer)), asyncio.create_task(self._copy(far_reader, writer)),
            ]
            await asyncio.wait(halves, return_when=asyncio.FIRST_COMPLETED)
            for half in halves:
                half.cancel()
            far_writer.close()
        writer.close()

    async def _copy(self, reader, writer):
        with contextlib.suppress(OSError):
            while data := await reader.read(1 << 16):
                writer.write(data)
                await writer.drain()
