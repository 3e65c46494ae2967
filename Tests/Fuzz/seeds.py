"""What fuzzing begins with: real messages, journals, checkpoints, scenarios, put into the shapes that the targets read.

`Seeds/TARGET/` holds what was found once and must never be found again, in the same shapes.
"""
import pathlib
import struct

ROOT = pathlib.Path(__file__).parents[2]
JOURNALS = sorted((ROOT / "Tests" / "Journals").iterdir())
# Protocol/journal.md: the header block of a segment, the header of a record, that of a checkpoint and of its sections.
SEGMENT_HEADER, RECORD_HEADER, CHECKPOINT_HEADER, SECTION_HEADER = 4_096, 40, 64, 16

REQUEST = (
    b"GET /v1/sessions/evening HTTP/1.1\r\nHost: live.example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Protocol: plenary.v1\r\nOrigin: https://live.example.org\r\n\r\n"
)
RESPONSE = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: Bz3qJYTGdOe8gUSpLosEdiLKDrk=\r\nSec-WebSocket-Protocol: plenary.v1\r\n\r\n"
)
CLAIMS = (
    b'{"sub":"p1","name":"Teacher 1","school":"School A","role":"host","session":"evening*","exp":1790003600,'
    b'"community":"c","title":"t","place":"https://meet.example.org","nbf":1789990000,"rehearsal":true}'
)


def frame(opcode, payload, is_final=True, mask=b"\x12\x34\x56\x78"):
    """One frame (RFC 6455 section 5.2), masked unless `mask` is empty."""
    head = bytes([opcode | (128 if is_final else 0)])
    length = len(payload)
    sign = 128 if mask else 0
    head += bytes([sign | length]) if length < 126 else bytes([sign | 126]) + struct.pack(">H", length)
    return head + mask + bytes(byte ^ mask[index % 4] if mask else byte for index, byte in enumerate(payload))


def handshake():
    yield b"\x40" + REQUEST
    yield b"\x40" + RESPONSE


def frames():
    for mask, role in ((b"\x12\x34\x56\x78", b"\x0e"), (b"", b"\x0f")):
        talk = frame(1, b"hello", mask=mask) + frame(9, b"ping", mask=mask) + frame(1, "größer ".encode() * 30, mask=mask)
        parts = frame(1, b"in ", False, mask) + frame(0, b"two", True, mask) + frame(2, bytes(300), mask=mask)
        yield role + talk + frame(8, struct.pack(">H", 1000) + b"bye", mask=mask)
        yield role + parts


def json():
    for file in sorted((ROOT / "Protocol" / "messages").glob("*.json")):
        yield file.read_bytes().strip()


def tickets():
    yield CLAIMS
    yield b'{"alg":"HS256","typ":"JWT"}' + bytes(1) + CLAIMS
    yield b'{"alg":"none"}' + bytes(1) + CLAIMS
    yield b'{"alg":"HS256","kid":"autumn"}' + bytes(1) + CLAIMS
    yield b'{"alg":"EdDSA","kid":"school"}' + bytes(1) + CLAIMS
    yield b'{"alg":"HS256","kid":"school"}' + bytes(1) + CLAIMS
    yield (
        b'{"keys":[{"kty":"oct","alg":"HS256","kid":"autumn","k":"YSBzZWNyZXQgb2YgdGhlIGZ1enplcidzIG93biwgbG9uZyBlbm91Z2g"},'
        b'{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","kid":"school","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}'
    )


def journal():
    yield b"\x00" + bytes([0x10, 0x10, 3, 1, 2, 3, 0x00, 0x08, 1, 255])
    for folder in JOURNALS:
        for file in sorted((folder / "segments").glob("*.log")):
            yield b"\x01" + b"".join(records(file.read_bytes()))


def records(segment):
    """The records of a segment as the target reads them."""
    at = SEGMENT_HEADER
    while at + RECORD_HEADER <= len(segment):
        length, = struct.unpack_from("<I", segment, at + 12)
        session, kind, version = struct.unpack_from("<QBB", segment, at + 24)
        if version == 0:
            return
        payload = segment[at + RECORD_HEADER:at + RECORD_HEADER + length]
        yield bytes([kind, version, session % 256]) + struct.pack(">H", length) + payload
        at += (RECORD_HEADER + length + 8) & ~7


def checkpoint():
    for folder in JOURNALS:
        for file in sorted((folder / "checkpoints").glob("*.ckpt")):
            yield b"\x00" + file.read_bytes()
            yield b"\x01" + b"".join(sections(file.read_bytes()))


def sections(checkpoint):
    """The sections of a checkpoint as the target reads them."""
    count, = struct.unpack_from("<I", checkpoint, 12)
    at = CHECKPOINT_HEADER
    for _ in range(count):
        kind, version, _, length = struct.unpack_from("<BBHQ", checkpoint, at + 4)
        yield bytes([kind, version]) + struct.pack(">H", length) + checkpoint[at + SECTION_HEADER:][:length]
        at += SECTION_HEADER + length


def scenario():
    for file in sorted((ROOT / "LoadTests" / "Scenarios").glob("*.json")):
        yield file.read_bytes()


def configuration():
    yield b'{"listen": "127.0.0.1:8080", "loops": 2, "origin": ["https://live.example.org"], "limit-loopback": true}'
    yield b'{"data": "data", "sync": "interval:10", "silence-seconds": 30.5, "outbox-bytes": "64KiB"}'


TARGETS = {
    made.__name__: made for made in (handshake, frames, json, tickets, journal, checkpoint, scenario, configuration)
}


def write(target, folder):
    """Puts a target's seeds into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(TARGETS[target]()):
        (folder / f"seed-{number:03}").write_bytes(seed)
