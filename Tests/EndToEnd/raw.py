"""HTTP/1.1 and frames by hand, over a plain socket: what no well-behaved client would send."""
import base64
import socket
import struct

PATIENCE_SECONDS = 20
KEY = base64.b64encode(bytes(range(16))).decode()
# The accept value for KEY (RFC 6455 section 4.2.2), computed once by another implementation.
ACCEPT = "Bz3qJYTGdOe8gUSpLosEdiLKDrk="


class Response:
    """The head of a response, and all that followed it until the server closed."""

    def __init__(self, data):
        head, _, self.body = data.partition(b"\r\n\r\n")
        self.data = data
        lines = head.decode("latin-1").split("\r\n")
        self.version, _, status = lines[0].partition(" ")
        self.status = int(status[:3]) if status[:3].isdigit() else None
        self.fields = [tuple(part.strip() for part in line.split(":", 1)) for line in lines[1:] if ":" in line]

    def field(self, name):
        """The value of a field, or None."""
        return next((value for field, value in self.fields if field.lower() == name.lower()), None)


class Wire:
    """One TCP connection; over TLS with `trust`, a context of `ssl`. `source` is the address that it comes from, any of this machine's."""

    def __init__(self, address, source=None, trust=None):
        host, _, port = address.rpartition(":")
        come_from = source and (source, 0)
        self.socket = socket.create_connection((host, int(port)), timeout=PATIENCE_SECONDS, source_address=come_from)
        self.buffer = b""
        self.secure(trust)

    def secure(self, trust):
        """Shakes hands for TLS, if there is something to trust."""
        if trust:
            self.socket = trust.wrap_socket(self.socket, server_hostname="localhost")

    def send(self, data):
        """Sends bytes; that the server has closed meanwhile shows when reading."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def read_head(self):
        """A response's head; what follows it stays for the next reading."""
        while b"\r\n\r\n" not in self.buffer:
            if not self._more():
                break
        head, mark, self.buffer = self.buffer.partition(b"\r\n\r\n")
        return Response(head + mark)

    def read_frame(self):
        """One unmasked frame's opcode and payload."""
        while len(self.buffer) < 2 or len(self.buffer) < self._frame_length():
            assert self._more(), f"ended inside a frame: {self.buffer!r}"
        length = self._frame_length()
        frame, self.buffer = self.buffer[:length], self.buffer[length:]
        start = {126: 4, 127: 10}.get(frame[1], 2)
        return frame[0] & 15, frame[start:]

    def read_close(self):
        """The code of the next close frame, passing over other frames, or None; answers it, and nothing may follow."""
        opcode, payload = self.read_frame()
        while opcode != 8:
            opcode, payload = self.read_frame()
        self.send(frame(8, payload[:2]))
        behind = self.read_to_end()
        assert behind == b"", f"behind the close frame: {behind!r}"
        return int.from_bytes(payload[:2]) if payload else None

    def read_to_end(self):
        """All bytes until the server closes."""
        while self._more():
            pass
        return self.buffer

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _frame_length(self):
        short = self.buffer[1]
        if short == 126 and len(self.buffer) >= 4:
            return 4 + struct.unpack(">H", self.buffer[2:4])[0]
        if short == 127 and len(self.buffer) >= 10:
            return 10 + struct.unpack(">Q", self.buffer[2:10])[0]
        return 2 + short if short < 126 else 1 << 62

    def _more(self):
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            data = b""
        self.buffer += data
        return bool(data)


def exchange(address, data):
    """Sends these bytes and answers the response, once the server has closed."""
    with Wire(address) as wire:
        wire.send(data)
        return Response(wire.read_to_end())


def request(line="GET /v1/sessions/evening HTTP/1.1", host="plenary.test", more=(), **changed):
    """An upgrade request; `changed` replaces one of its fields (None: leaves it out), `more` are further lines."""
    fields = {
        "Host": host, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": KEY, "Sec-WebSocket-Protocol": "plenary.v1",
    }
    fields |= {name.replace("_", "-"): value for name, value in changed.items()}
    lines = [line, *(f"{name}: {value}" for name, value in fields.items() if value is not None), *more]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def opened(address, session="evening"):
    """A connection that is upgraded to the WebSocket of a session."""
    wire = Wire(address)
    wire.send(request(f"GET /v1/sessions/{session} HTTP/1.1"))
    head = wire.read_head()
    assert head.status == 101, head.data
    return wire


def frame(opcode, payload=b"", mask=b"\x01\x02\x03\x04", final=True):
    """A masked frame; an opcode over 15 has reserved bits."""
    pattern = (mask * (len(payload) // 4 + 1))[: len(payload)]
    masked = (int.from_bytes(payload) ^ int.from_bytes(pattern)).to_bytes(len(payload))
    return header(opcode, len(payload), final) + mask + masked


def header(opcode, length, final=True, masked=True, form=None):
    """A frame's first bytes, up to its mask; `form` is 126 or 127 where that is not the shortest that holds the length."""
    form = form or (length if length < 126 else 126 if length < 1 << 16 else 127)
    start = bytes([opcode | (0x80 if final else 0), form | (0x80 if masked else 0)])
    return start + {126: struct.pack(">H", length & 0xFFFF), 127: struct.pack(">Q", length)}.get(form, b"")
