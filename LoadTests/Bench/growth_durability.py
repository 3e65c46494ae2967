"""What it costs that nothing is lost: reading the journal, checkpoints under people who talk, the journal itself."""
import bisect
import contextlib
import os
import shutil
import statistics
import subprocess
import tempfile
import time

import measuring
import servers

SEATS = 30
# Memory that looks like a disk.
IN_MEMORY = "/dev/shm"
NANOSECONDS = 1_000_000_000


def recovery(plenary, load, sizes):
    """Starts after `kill -9`: with the last checkpoint, and with none, so that every event is read."""
    server = servers.Plenary(plenary)
    server.start()
    try:
        found = written(load, server, sizes) | {"withCheckpoint": [], "without": []}
        for name in ("withCheckpoint", "without"):
            for _ in range(sizes.starts):
                server.kill()
                if name == "without":
                    shutil.rmtree(server.data / "checkpoints")
                found[name].append(start(server))
                print(f"  {name}: {found[name][-1]}", flush=True)
        return found
    finally:
        server.stop()


def written(load, server, sizes):
    """Lets people talk until so many events are in the journal, and answers how many there are at the last look."""
    # Few hear each message, so that what is measured is soon there; each talks far below any limit.
    running = measuring.client(load, server, {
        "rooms": sizes.event_sessions, "members": 3, "talkers": 3, "depth": 8, "seconds": measuring.PATIENCE_SECONDS,
    })
    try:
        while (events := server.metric("plenary_events_total")) < sizes.events:
            try:
                running.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            measuring.result(running)
        size = server.metric("plenary_journal_bytes_total")
        return {"events": int(events), "bytes": int(size)}
    finally:
        running.kill()
        running.communicate()


def start(server):
    """How long a start takes from the command to the line that says that it listens, and what it read."""
    began = time.monotonic()
    server.start()
    seconds = time.monotonic() - began
    said = server.logged("recovered")
    return {
        "seconds": seconds, "cpuSeconds": measuring.cpu_milliseconds(server.process.pid) / 1_000,
        "records": said["records"], "checkpoint": said["checkpoint"], "sessions": said["sessions"],
    }


def checkpoint(plenary, load, sizes):
    """Acknowledgements around checkpoints of many seats, and away from them."""
    # Those who have gone are soon gone for the server, too, and nothing more happens to them meanwhile. Nor are those
    # who only listen pinged, which is done to many at a time and takes as long as what is looked for.
    options = {"away_seconds": 2, "lease_seconds": 2, "gone_seconds": 4, "ping_seconds": 600, "silence_seconds": 900}
    server = servers.Plenary(plenary, **options)
    server.start()
    try:
        half = sizes.seated_sessions // 2
        shape = {"rooms": half, "members": SEATS}
        talk = {"seconds": 1, "warm-up": 1}
        measuring.result(measuring.client(load, server, shape | talk))
        wait_until_quiet(server)
        before = server.metric("plenary_checkpoints_total")
        running = measuring.client(load, server, shape | {
            "what": "pace", "first-room": half, "talkers": 1, "rate": sizes.seated_rate,
            "seconds": sizes.gap * (sizes.checkpoints + 1),
        })
        if running.stdout.readline() != "ready\n":
            return measuring.result(running)
        began = time.monotonic()
        forced = [force(server, began + sizes.gap * (number + 1)) for number in range(sizes.checkpoints)]
        found = measuring.result(running)
        seats = server.metric("plenary_seats")
        happened = server.metric("plenary_checkpoints_total") - before
        if happened != sizes.checkpoints:
            raise RuntimeError(f"{happened:.0f} checkpoints were written, not {sizes.checkpoints}")
        return judged(found, forced) | {"sessions": half * 2, "seats": seats, "rate": sizes.seated_rate}
    finally:
        server.stop()


def wait_until_quiet(server):
    """Returns when nothing more happens to those who have gone."""
    last, since = None, time.monotonic()
    while time.monotonic() - since < 3:
        records = server.metric("plenary_journal_records_total")
        if records != last:
            last, since = records, time.monotonic()
        time.sleep(0.5)


def force(server, moment):
    """One checkpoint at a moment, and when it was asked for and written.

    An erasure takes one at once; of a session that nobody knows there is nothing to erase, so it is that alone.
    """
    time.sleep(max(0, moment - time.monotonic()))
    asked, wall = time.monotonic_ns(), time.time_ns()
    status, _ = server.ask("DELETE", "/v1/sessions/nobody-knows-it")
    if status != 404:
        raise RuntimeError(f"erasing a session that is not there was answered {status}")
    file = newest_checkpoint(server, wall)
    status = file.stat()
    print(f"  written after {(status.st_mtime_ns - wall) / 1e6:,.0f} ms, {status.st_size / 1e6:.1f} MB", flush=True)
    return {"asked": asked, "milliseconds": (status.st_mtime_ns - wall) / 1e6, "bytes": status.st_size}


def newest_checkpoint(server, wall):
    """Waits for a checkpoint that was finished after a moment; it is renamed into place when it is whole."""
    for _ in range(1_000):
        with contextlib.suppress(FileNotFoundError):  # the oldest goes while one looks
            files = [file for file in (server.data / "checkpoints").iterdir() if file.suffix == ".ckpt"]
            whole = [file for file in files if file.stat().st_mtime_ns > wall]
            if whole:
                return max(whole)
        time.sleep(0.01)
    raise RuntimeError("there was no checkpoint within ten seconds")


def judged(found, forced):
    """The acknowledgements in the second from each demand on, and all others second by second."""
    taken = sorted(found.pop("acknowledgements"))
    dues = [due for due, _, _ in taken]
    near = []
    for one in forced:
        first, last = (bisect.bisect_left(dues, one["asked"] + offset) for offset in (-NANOSECONDS // 10, NANOSECONDS))
        near.append(taken[first:last])
    beside = {due for part in near for due, _, _ in part}
    away = {}
    for one in taken:
        if one[0] not in beside:
            away.setdefault((one[0] - dues[0]) // NANOSECONDS, []).append(one)
    every = [one for part in near for one in part]
    rest = [one for part in away.values() for one in part]
    return {
        "run": found, "near": figures(every), "away": figures(rest),
        "checkpoints": [one | figures(part) for one, part in zip(forced, near)],
        "longestOfSecondsAway": sorted(figures(part)["max"] for part in away.values()),
    }


def figures(taken):
    """Of acknowledgements from when the message was due, in milliseconds; and how late the client said them."""
    delays = sorted(delay for _, _, delay in taken)
    lates = sorted(late for _, late, _ in taken)
    at = lambda values, share: values[min(len(values) - 1, int(len(values) * share))] / 1_000
    return {
        "count": len(taken), "p50": at(delays, 0.5), "p99": at(delays, 0.99), "max": delays[-1] / 1_000,
        "lateP99": at(lates, 0.99), "lateMax": lates[-1] / 1_000,
    }


def journal(plenary, load, sizes):
    """Acknowledgements at a light load: synced to this disk, written to it, and written to memory alone.

    No server runs without a folder; one in memory that nobody syncs is as near to none as there is.
    """
    ways = {"synced": ("batch", servers.TOOLS), "written": ("off", servers.TOOLS), "memory": ("off", IN_MEMORY)}
    found = {name: [] for name in ways}
    disk = []
    for _ in range(sizes.journal_rounds):
        disk.append(sync_milliseconds(servers.TOOLS, sizes.journal_rate))
        for name, (sync, place) in ways.items():
            options = {"what": "pace", "rooms": 10, "members": 10, "rate": sizes.journal_rate, "seconds": sizes.seconds}
            server = servers.Plenary(plenary, place, sync=sync)
            result = measuring.measure(load, server, options)
            found[name].append(figures(result.pop("acknowledgements")) | {"run": result})
            print(f"  {name}: {found[name][-1]['p50']:.3f} ms", flush=True)
    medians = {name: statistics.median(run["p50"] for run in runs) for name, runs in found.items()}
    return {
        "rate": sizes.journal_rate, "runs": found, "medians": medians, "adds": medians["synced"] - medians["memory"],
        "diskMilliseconds": statistics.median(disk),
    }


def sync_milliseconds(folder, rate):
    """The median time of one `fdatasync` after a small write in a file that is already as long: the disk's own share.

    As many in a second as the server does: a disk that has rested takes longer than one that is busy.
    """
    times = []
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        file.write(bytes(1 << 20))
        os.fsync(file.fileno())
        for number in range(200):
            time.sleep(1 / rate)
            began = time.monotonic()
            os.pwrite(file.fileno(), b"x" * 300, number * 300)
            os.fdatasync(file.fileno())
            times.append(time.monotonic() - began)
    return statistics.median(times) * 1_000
