"""How cost grows with the people of a room, with sessions, and with who is there when somebody joins."""
import subprocess
import sys

import measuring
import servers

sys.path.append(str(servers.ROOT / "Tests" / "EndToEnd"))
from client import Client

SESSION_MEMBERS = 10


def members(plenary, load, sizes):
    """One room of more and more members; ten of them talk, each with one message on its way."""
    found = []
    for count, devices in sizes.members:
        options = {"rooms": 1, "members": count, "devices": devices, "talkers": min(10, count)} | phases(sizes)
        result = measuring.measure(load, servers.Plenary(plenary), options)
        found.append({"members": count, "devices": devices} | result)
        print(f"  {count:,} members: {result['serverMilliseconds']:.1f} ms for 100,000", flush=True)
    return found


def sessions(plenary, load, sizes):
    """More and more sessions, as fast as they can and then each at one and the same pace."""
    found = []
    for count in sizes.sessions:
        shape = {"rooms": count, "members": SESSION_MEMBERS}
        fast = measuring.measure(load, servers.Plenary(plenary), shape | phases(sizes))
        pace = {"what": "pace", "rate": count * sizes.session_rate, "seconds": sizes.paced_seconds}
        paced = measuring.measure(load, servers.Plenary(plenary), shape | pace)
        del paced["acknowledgements"]
        found.append({"sessions": count, "fast": fast, "paced": paced})
        print(f"  {count:,} sessions: {fast['serverMilliseconds']:.1f} ms for 100,000; at a pace "
              f"{paced['serverShare']:.4f} of a core", flush=True)
    return found


def joins(plenary, load, sizes):
    """What somebody who was there first hears of all who join after them, frame by frame."""
    server = servers.Plenary(plenary)
    server.start()
    try:
        ticket = subprocess.run(
            [plenary, "ticket", "--secret-file", server.secret, "--session", "bench-0", "--person", "first", "--name",
             "First"], stdout=subprocess.PIPE, text=True, check=True,
        ).stdout.strip()
        with Client(f"127.0.0.1:{server.port}", "bench-0") as first:
            first.join(ticket)
            # The joins themselves: they say nothing.
            options = {"what": "idle", "rooms": 1, "members": max(sizes.joins)}
            running = measuring.client(load, server, options)
            frames = heard(first, max(sizes.joins))
        measuring.result(running)
    finally:
        server.stop()
    found = by_join(frames)
    for number in sizes.joins:
        print(f"  join {number:,}: {found[number - 1]}", flush=True)
    return {
        "joins": [{"join": number} | found[number - 1] for number in sizes.joins], "all": len(found),
        "mostPushes": max(join["pushes"] for join in found), "mostBytes": max(join["bytes"] for join in found),
        "notices": sum(join["notices"] for join in found), "noticeBytes": sum(join["noticeBytes"] for join in found),
    }


def heard(client, count):
    """The messages that a client hears until so many have joined: the push or notice, and its bytes on the wire."""
    taken = []
    joined = 0
    while joined < count:
        text = client.socket.recv(timeout=measuring.PATIENCE_SECONDS)
        length = len(text.encode())
        client.said.take(text)
        message = client.said.messages[-1]
        taken.append((message, length + (2 if length < 126 else 4 if length < 65_536 else 10)))
        joined += message["on"] == "participant.joined"
    return taken


def by_join(frames):
    """What belongs to each join: the pushes from it to the next one, and the notices, which are not sent for each."""
    found = []
    for message, length in frames:
        if message["on"] == "participant.joined":
            found.append({"pushes": 0, "bytes": 0, "notices": 0, "noticeBytes": 0})
        if not found:
            continue
        kind, size = ("pushes", "bytes") if "seq" in message else ("notices", "noticeBytes")
        found[-1][kind] += 1
        found[-1][size] += length
    return found


def phases(sizes):
    return {"seconds": sizes.seconds, "warm-up": sizes.warm_up}
