"""The disk fails under a real server (HOSTILE 68, 69, 73, 74): what people are told, how it ends, and what the next start finds."""
import errno
import resource
import shutil
import time

import pytest
from attack import Bystanders
from client import Client
from disk import CANNOT_CREATE, GONE_AWAY, IO_FAILED, contents, history, leave_a_session_behind, refused, said, say, segment, told
from operators import Operator
from running import ROOT, run
from websockets.exceptions import ConnectionClosed

WAITING_SECONDS = 5
PATIENCE_SECONDS = 30


# A disk that refuses


@pytest.mark.parametrize("call, code", [("pwrite", errno.EIO), ("pwrite", errno.ENOSPC), ("fdatasync", errno.EIO)])
def test_row_68_and_69_when_the_journal_fails_nobody_hears_of_it_and_the_server_ends(
    serve, tickets, faulty_disk, evening, call, code
):
    server = serve(env=faulty_disk.env)
    host, guest = evening(server, "host", "guest")
    acknowledged = [f"word {number}" for number in range(8)]
    for text in acknowledged:
        say(host, text)
    guest.wait_for(lambda push: push.get("text") == acknowledged[-1])
    faulty_disk(f"{call} segments/0 {code}")
    number = host.send("chat.send", room="main", text="never heard of")
    assert host.closed()[0] == GONE_AWAY and guest.closed()[0] == GONE_AWAY
    assert number not in host.said.replies
    assert [push["text"] for push in guest.heard("chat.sent")] == acknowledged
    assert server.ended() == IO_FAILED
    line = told(server, "journalFailed")
    assert str(segment(server).name) in line["why"]
    assert faulty_disk.met() == 1, "it was tried again as if nothing had happened"

    faulty_disk()
    server.start()
    kept = history(server, tickets)
    assert kept[: len(acknowledged)] == acknowledged
    assert kept[len(acknowledged) :] in ([], ["never heard of"])
    assert run("verify", "--data", server.data).returncode == 0


def test_row_68_short_and_interrupted_calls_change_nothing(serve, tickets, faulty_disk, evening):
    calls = ("pwrite / half", "fdatasync / interrupt", "fsync / interrupt", "fallocate / interrupt")
    faulty_disk(*calls)
    server = serve("--reading-seconds", "0", env=faulty_disk.env)
    (host,) = evening(server, "host")
    texts = [f"word {number}" for number in range(8)]
    for text in texts:
        say(host, text)
    assert history(server, tickets) == texts
    host.send("session.end", seconds=0)
    assert host.closed()[0] == 1000
    assert server.terminate() == 0
    assert faulty_disk.met() > 20 and not said(server, "checkpointFailed") and not said(server, "archivingFailed")
    verified = run("verify", "--data", server.data)
    assert verified.returncode == 0 and "1 archived sessions" in verified.stdout, verified.stderr
    server.start()


@pytest.mark.parametrize("rule, event", [
    ("pwrite checkpoints/ 28", "checkpointFailed"), ("rename checkpoints/ 5", "checkpointFailed"),
    ("pwrite archive/ 28", "archivingFailed"), ("fdatasync archive/ 5", "archivingFailed"),
])
def test_what_fails_behind_the_journal_is_said_and_done_later(serve, tickets, faulty_disk, evening, rule, event):
    server = serve("--reading-seconds", "0", env=faulty_disk.env)
    leave_a_session_behind(server, tickets)
    (host,) = evening(server, "host")
    say(host, "before")
    faulty_disk(rule)
    # It needs a checkpoint, and then does whatever is due.
    erased = Operator(server, tickets).ask("DELETE", "/v1/people/elsewhere")
    told(server, event)
    assert erased.status == (500 if event == "checkpointFailed" else 200), erased.text
    say(host, "meanwhile")
    assert server.terminate() == 0
    faulty_disk()
    server.start()
    assert history(server, tickets) == ["before", "meanwhile"]
    assert server.terminate() == 0
    verified = run("verify", "--data", server.data)
    assert verified.returncode == 0 and "1 archived sessions" in verified.stdout, (verified.stdout, verified.stderr)
    assert not list(server.data.rglob("*.part"))
    server.start()


def test_row_68_on_a_full_disk_nobody_hears_of_what_has_no_room_and_later_all_is_there(
    small_disk, serve, tickets, evening
):
    disk = small_disk(40)
    # Its last segment has 8 KiB; there is no room for another one, which has 64 MiB.
    shutil.copytree(ROOT / "Tests" / "Journals" / "0.1", disk.folder / "data")
    server = serve(data=disk.folder / "data")
    host, guest = evening(server, "host", "guest", session="today")
    acknowledged = []
    with pytest.raises(ConnectionClosed):
        for number in range(8):
            say(host, f"{number} " + 70 * "long ")
            acknowledged.append(f"{number} " + 70 * "long ")
    assert host.closed()[0] == GONE_AWAY and guest.closed()[0] == GONE_AWAY
    assert acknowledged and [push["text"] for push in guest.heard("chat.sent")] == acknowledged
    assert server.ended() == IO_FAILED
    line = told(server, "journalFailed")
    assert "segments/next" in line["why"] and "No space left" in line["why"]
    assert "No space left" in refused(server, IO_FAILED), "there is still no room"
    disk.remount("size=200m")
    server.start()
    kept = history(server, tickets, "today")
    assert kept[: len(acknowledged)] == acknowledged and len(kept) <= len(acknowledged) + 1
    assert run("verify", "--data", server.data).returncode == 0


def test_row_68_a_disk_without_room_for_a_journal_is_said(small_disk, serve, tickets):
    disk = small_disk(200)
    server = serve(data=disk.folder / "data")
    assert server.terminate() == 0
    shutil.rmtree(server.data)
    disk.remount("size=40m")
    why = refused(server, IO_FAILED)
    assert "segments/" in why and "No space left" in why
    disk.remount("size=200m")
    server.start()


def test_row_68_on_a_full_disk_people_go_on_as_long_as_the_segment_lasts(small_disk, serve, tickets, evening):
    disk = small_disk(200)
    server = serve("--reading-seconds", "0", data=disk.folder / "data")
    leave_a_session_behind(server, tickets)
    (host,) = evening(server, "host")
    disk.fill()
    operator = Operator(server, tickets)
    erased = operator.ask("DELETE", "/v1/people/elsewhere")
    assert erased.status == 500 and "No space left" in erased.text, erased.text
    line = told(server, "erasingFailed")
    assert "No space left" in line["why"]
    say(host, "nobody notices")
    disk.empty()
    assert operator.ask("DELETE", "/v1/people/elsewhere").status == 200
    say(host, "nobody noticed")
    server.kill()
    server.start()
    assert history(server, tickets) == ["nobody notices", "nobody noticed"]


def test_a_limit_on_the_length_of_files_is_a_disk_that_refuses(serve, tickets, evening):
    server = serve()
    host, guest = evening(server, "host", "guest")
    say(host, "before")
    _, hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    # As `ulimit -f` has it: not a byte behind the segment's header.
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (4096, hard))
    host.send("chat.send", room="main", text="never heard of")
    assert host.closed()[0] == GONE_AWAY and guest.closed()[0] == GONE_AWAY
    assert server.ended() == IO_FAILED
    line = told(server, "journalFailed")
    assert "File too large" in line["why"]
    server.start()
    assert history(server, tickets) == ["before"]


# Half of the folder, or none of it


def test_row_73_a_read_only_disk_is_said(small_disk, serve):
    disk = small_disk(200)
    server = serve(data=disk.folder / "data")
    assert server.terminate() == 0
    before = contents(server.data)
    disk.remount("ro")
    why = refused(server, CANNOT_CREATE)
    assert "Read-only file system" in why and "lock" in why
    assert contents(server.data) == before
    assert run("verify", "--data", server.data).returncode == 0, "it can be read, all the same"
    disk.remount("rw")
    server.start()


def test_a_disk_that_becomes_read_only_ends_the_server(serve, faulty_disk, evening, tickets):
    server = serve(env=faulty_disk.env)
    (host,) = evening(server, "host")
    say(host, "before")
    # As the kernel does it after an error of the disk (`errors=remount-ro`).
    faulty_disk(*(f"{call} / {errno.EROFS}" for call in ("pwrite", "fdatasync", "fsync", "rename", "unlink", "fallocate")))
    host.send("chat.send", room="main", text="never heard of")
    assert host.closed()[0] == GONE_AWAY
    assert server.ended() == IO_FAILED
    faulty_disk()
    server.start()
    assert history(server, tickets) == ["before"]


def test_a_folder_that_is_removed_ends_the_server_before_anybody_is_told_what_is_not_kept(serve, evening):
    server = serve()
    host, guest = evening(server, "host", "guest")
    say(host, "kept")
    guest.on("chat.sent", text="kept")
    shutil.rmtree(server.data)
    host.send("chat.send", room="main", text="kept nowhere")
    assert host.closed()[0] == GONE_AWAY and guest.closed()[0] == GONE_AWAY
    assert [push["text"] for push in guest.heard("chat.sent")] == ["kept"]
    assert server.ended() == IO_FAILED
    line = told(server, "journalFailed")
    assert "segments/" in line["why"] and "No such file" in line["why"]
    # A new folder is a new beginning, which is what was asked for.
    server.start()


def test_row_73_a_second_server_is_told_who_holds_the_folder_and_the_first_does_not_notice(serve, tickets, session):
    server = serve()
    with Bystanders(server.address, session, tickets) as beside:
        before = server.process.pid
        why = refused(server, CANNOT_CREATE)
        assert "in use" in why and str(before) in why and str(server.data) in why
        beside.exchange()
    assert server.process.poll() is None


# A disk that waits


def test_row_74_while_the_disk_stalls_acknowledgements_wait_and_heartbeats_go_on(
    serve, tickets, faulty_disk, evening, session
):
    server = serve("--ping-seconds", "1", "--silence-seconds", "3", env=faulty_disk.env)
    host, guest = evening(server, "host", "guest")
    with Bystanders(server.address, session, tickets) as beside:
        beside.exchange()
        known = faulty_disk.met()
        faulty_disk("fdatasync segments/0 stall")
        number = host.send("chat.send", room="main", text="in good time")
        faulty_disk.wait_for_call(known)
        began = time.monotonic()
        while time.monotonic() - began < WAITING_SECONDS:
            # Three silences long: whoever was not answered would be dropped, and so would whoever the server forgot to ask.
            assert guest.socket.ping().wait(PATIENCE_SECONDS), "no pong"
            assert Operator(server).get("/healthz").status == 200
            time.sleep(0.25)
        assert faulty_disk.met() == known + 1, "the disk was asked for more while it stalled"
        assert number not in host.said.replies and not guest.heard("chat.sent")
        lifted = time.monotonic()
        faulty_disk()
        message = host.result(number)["message"]
        guest.on("chat.sent", message=message)
        beside.exchange()
    times = [(start, start + seconds) for start, seconds in beside.exchanges]
    assert sum(began < end < lifted for _, end in times) <= 1, "only what was kept before may have been heard meanwhile"
    assert any(start < lifted < end for start, end in times), "nobody beside has waited for the disk"
    for client in (host, guest):
        assert say(client, "still here")
    assert server.process.poll() is None
