"""Somebody on plenary.v1 behind a small window, who reads when told to: stopped, slow, or a byte at a time."""
import json
import socket

from client import Conversation, joining
from raw import PATIENCE_SECONDS, Wire, frame, request

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
# As on Ethernet. With the loopback's segments of 64 KiB the kernel takes in megabytes for whoever does not read.
SEGMENT_BYTES = 1_400


class NarrowWire(Wire):
    """A TCP connection with so small a receive buffer and window, or the smallest that the kernel grants."""

    def __init__(self, address, window):
        host, _, port = address.rpartition(":")
        self.socket = socket.socket()
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT_BYTES)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_WINDOW_CLAMP, window)
        self.socket.settimeout(PATIENCE_SECONDS)
        self.socket.connect((host, int(port)))
        self.buffer = b""

    def open_wide(self):
        """From here on the window is as large as anybody's."""
        for level, option in ((socket.SOL_SOCKET, socket.SO_RCVBUF), (socket.IPPROTO_TCP, socket.TCP_WINDOW_CLAMP)):
            self.socket.setsockopt(level, option, 1 << 20)


class Reader:
    """One person on one such connection; what is read is judged as `Conversation` does."""

    def __init__(self, address, session, window=1):
        self.wire = NarrowWire(address, window)
        self.wire.send(request(f"GET /v1/sessions/{session} HTTP/1.1"))
        head = self.wire.read_head()
        assert head.status == 101, head.data
        self.said = Conversation()
        self.code = None
        self._part = b""

    @property
    def point(self):
        """Where a resume goes on."""
        return {"epoch": self.said.welcome["epoch"], "after": self.said.last_seq}

    def join(self, ticket, resume=None):
        """Joins and reads the welcome."""
        self.send("session.join", **joining(ticket, resume))
        return self.read_until(lambda: self.said.welcome)

    def send(self, do, **fields):
        """Sends a command and does not wait; answers its number."""
        number, text = self.said.command(do, fields)
        self.wire.send(frame(TEXT, text.encode()))
        return number

    def read_until(self, is_so):
        """Reads until something is so that depends on what was said; answers it."""
        while not (answer := is_so()):
            assert self._take(*self.wire.read_frame()), f"closed with {self.code}"
        return answer

    def read_bytes(self, count=1):
        """Reads so many bytes with one call for each; false at the end of the connection."""
        for _ in range(count):
            try:
                byte = self.wire.socket.recv(1)
            except ConnectionResetError:
                byte = b""
            if not byte:
                return False
            self.wire.buffer += byte
            self._take_complete()
        return True

    def read_to_end(self):
        """Takes whatever still comes, as fast as it can; answers the close code, or "reset" where there was no close frame."""
        self.wire.open_wide()
        while self.wire._more():
            self._take_complete()
        self._take_complete()
        return self.code or "reset"

    def close(self):
        """Closes the TCP connection, and nothing is said."""
        self.wire.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _take_complete(self):
        wire = self.wire
        while len(wire.buffer) >= 2 and len(wire.buffer) >= wire._frame_length():
            self._take(*wire.read_frame())

    def _take(self, opcode, payload):
        """False: that was the end."""
        if opcode == TEXT:
            self.said.take(payload.decode())
        elif opcode == PING:
            self.wire.send(frame(PONG, payload))
        elif opcode == CLOSE:
            self.code = int.from_bytes(payload[:2])
            self.wire.send(frame(CLOSE, payload[:2]))
        return opcode != CLOSE


def heard(said):
    """The texts that were pushed, in order."""
    return [push["text"] for push in said.pushes if push["on"] == "chat.sent"]


def shown(said):
    """The texts of the main room that a whole state showed."""
    return [message["text"] for message in said.welcome["state"]["chat"]["main"]]
