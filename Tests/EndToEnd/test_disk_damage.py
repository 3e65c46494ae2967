"""A folder that is not as a server has left it (HOSTILE 71, 72, 75), and folders of older servers."""
import shutil
import struct

import pytest
from disk import BAD_DATA, contents, history, refused, say, segment, told
from operators import Operator
from running import ROOT, run


def crc32c(data):
    """The check of everything in a journal (Castagnoli's polynomial)."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def killed_after(serve, tickets, evening, texts):
    """A server that was killed after this was said."""
    server = serve()
    (host,) = evening(server, "host")
    for text in texts:
        say(host, text)
    server.kill()
    return server


def test_row_71_a_torn_end_is_cut_off_and_said(serve, tickets, evening):
    server = killed_after(serve, tickets, evening, ["kept", "torn"])
    file = segment(server)
    data = bytearray(file.read_bytes())
    end = len(data.rstrip(b"\0"))
    # The last write reached the disk up to some byte, and the server had not heard of it.
    data[end - 20 : end] = bytes(20)
    file.write_bytes(data)
    server.start()
    line = told(server, "tornTail")
    assert line["file"] == f"segments/{file.name}" and line["bytes"] > 0
    assert history(server, tickets) == ["kept"]


@pytest.mark.parametrize("word", [b"the middle", b"the end"])
def test_row_71_damage_is_named_and_nothing_is_touched(serve, tickets, evening, word):
    server = killed_after(serve, tickets, evening, ["the beginning", "the middle", "the end"])
    file = segment(server)
    sound = file.read_bytes()
    at = sound.index(word)
    file.write_bytes(sound[:at] + bytes([sound[at] ^ 4]) + sound[at + 1 :])
    before = contents(server.data)
    why = refused(server, BAD_DATA)
    assert f"segments/{file.name} is damaged at byte" in why and "record" in why
    assert contents(server.data) == before
    verified = run("verify", "--data", server.data)
    assert verified.returncode == BAD_DATA and file.name in verified.stderr
    file.write_bytes(sound)
    server.start()
    assert history(server, tickets) == ["the beginning", "the middle", "the end"]


def test_row_72_a_damaged_checkpoint_is_passed_over_for_the_one_before(serve, tickets, evening):
    server = serve()
    texts = []
    for number in range(3):
        (host,) = evening(server, "host")
        texts.append(f"word {number}")
        say(host, texts[-1])
        host.cut()
        # A checkpoint at each end.
        assert server.terminate() == 0
        server.start()
    server.kill()
    *_, newest = sorted((server.data / "checkpoints").glob("*.ckpt"))
    data = bytearray(newest.read_bytes())
    data[100] ^= 1
    newest.write_bytes(data)
    server.start()
    line = told(server, "checkpointFailed")
    assert newest.name in line["why"] or int(newest.stem) == line["record"]
    assert history(server, tickets) == texts


@pytest.mark.parametrize("folder", ["segments", "checkpoints"])
def test_row_75_a_journal_of_a_newer_version_is_said_and_not_touched(serve, tickets, evening, folder):
    server = serve()
    (host,) = evening(server, "host")
    say(host, "from the future")
    assert server.terminate() == 0
    file = sorted((server.data / folder).iterdir())[-1]
    data = bytearray(file.read_bytes())
    data[8:10] = struct.pack("<H", 9)
    data[60:64] = struct.pack("<I", crc32c(data[:60]))
    file.write_bytes(data)
    before = contents(server.data)
    why = refused(server, BAD_DATA)
    assert f"{folder}/{file.name} is of version 9; this server knows versions up to" in why
    assert contents(server.data) == before
    data[8:10] = struct.pack("<H", 1)
    data[60:64] = struct.pack("<I", crc32c(data[:60]))
    file.write_bytes(data)
    server.start()


@pytest.mark.parametrize("version", sorted(path.name for path in (ROOT / "Tests" / "Journals").iterdir()))
def test_journals_of_older_servers_open_and_go_on(serve, tickets, evening, tmp_path, version):
    folder = tmp_path / "kept"
    shutil.copytree(ROOT / "Tests" / "Journals" / version, folder)
    server = serve(data=folder)
    operator = Operator(server, tickets)
    known = {session["session"]: session["phase"] for session in operator.get("/v1/sessions").json["sessions"]}
    # What lived on when the folder was copied was deserted long ago; a server of today goes on with it.
    assert known.items() >= ({"workshop": "ended"} if version > "0.1" else {}).items(), known
    (host,) = evening(server, "host", session="today")
    say(host, "in a new session")
    server.kill()
    server.start()
    assert history(server, tickets, "today") == ["in a new session"]
    assert server.terminate() == 0
    verified = run("verify", "--data", folder)
    assert verified.returncode == 0, (verified.stdout, verified.stderr)
    server.start()
