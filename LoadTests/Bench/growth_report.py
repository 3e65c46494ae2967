"""How cost grows, as people read it: what was found in each part, beside what is wanted."""
import statistics

from report import DISTURBED, table

# DESIGN 9.
START_SECONDS_TARGET, READING_TARGET = 5, 200_000
CHECKPOINT_TARGET, JOURNAL_TARGET = 5, 0.4


def page(found):
    """The whole report, in Markdown."""
    machine = found["machine"]
    raised = ", ".join(f"`--{name} {value}`" for name, value in found["raised"].items())
    parts = [
        f"# How cost grows: `make bench-growth` at {found['commit']}, {found['date'][:10]}",
        f"{machine['processor']}, {machine['cores']} cores, {machine['kernel']}. The server has one core with all its "
        f"threads, the client the other; loopback; text of 150 bytes; tickets, rules, JSON and the journal with `--sync "
        f"batch`. Raised: the two rate limits and the seat limit ({raised}), nothing else. CPU is the server's time on a core.",
    ]
    for name, part in found["parts"].items():
        parts.append(SECTIONS[name](part, found["sizes"]))
    return "\n\n".join([*parts, *remarks(found["parts"])]) + "\n"


def members(found, _):
    rows = [
        [f"{one['members']:,}" + (" *" if one["devices"] > 1 else ""),
         f"{100_000_000 / one['serverMilliseconds']:,.0f}", f"{one['serverMilliseconds']:.1f}",
         f"{one['deliveriesPerWrite']:.1f}", f"{one['joinMicroseconds']:,.0f} µs", *shares(one)]
        for one in found
    ]
    header = ["members", "deliveries a CPU second", "ms for 100,000", "frames a send", "CPU of a join", *SHARES]
    return (
        "## Members of one room\n\nTen talkers, each with one message on its way. Cost that grows with the deliveries alone "
        "is a level column; a small room has fewer deliveries to each message. With * each person has two devices: a session "
        "takes no more people than it can tell of at once.\n\n" + table(header, rows)
    )


def sessions(found, sizes):
    rows = []
    for one in found:
        fast, paced = one["fast"], one["paced"]
        share = paced["serverShare"]
        rows.append([
            f"{one['sessions']:,}", f"{fast['serverMilliseconds']:.1f}", f"{fast['deliveriesPerSecond']:,.0f}",
            f"{share:.4f}", f"{share * 1e6 / one['sessions']:,.0f} µs", f"{paced['p50Milliseconds']:.2f} / "
            f"{paced['p99Milliseconds']:.1f}", *shares(fast),
        ])
    header = [
        "sessions", "ms for 100,000", "deliveries a second", "at a pace: CPU seconds a second", "for each session",
        "p50 / p99 ms", *SHARES,
    ]
    return (
        "## Sessions of ten\n\nFirst as fast as they can, ten talkers in each, one message of each on its way: cost, rate "
        f"and cores are of that. Then each session says {sizes['session_rate']:g} messages a second, however many there are: "
        "CPU for each session is level where growth is linear, and falls where a server does once what is for many.\n\n"
        + table(header, rows)
    )


def joins(found, _):
    rows = [
        [f"{one['join']:,}", f"{one['pushes']}", f"{one['bytes']:,}", f"{one['notices']}"] for one in found["joins"]
    ]
    return (
        "## The n-th join\n\nWhat somebody who was there first hears between it and the next join, in frames and bytes on "
        "the wire.\n\n" + table(["join", "pushes", "bytes", "notices"], rows)
        + f"\n\nOf all {found['all']:,} joins the one that told most told {found['mostPushes']} pushes, the "
        f"longest {found['mostBytes']:,} bytes (the host's join also says who leads). Beside them came {found['notices']} "
        f"notices with {found['noticeBytes']:,} bytes, which are sent every so often and not for each join."
    )


def recovery(found, _):
    rows = []
    for name, title in (("withCheckpoint", "with the last checkpoint"), ("without", "with no checkpoint")):
        seconds = statistics.median(one["seconds"] for one in found[name])
        cpu = statistics.median(one["cpuSeconds"] for one in found[name])
        records = found[name][0]["records"]
        events = f"{found['events'] / seconds:,.0f}" if name == "without" else ""
        rows.append([title, f"{records:,}", f"{seconds:.2f} s", f"{cpu:.2f} s", f"{records / seconds:,.0f}", events])
    rows.append(["wanted", "", f"({START_SECONDS_TARGET} s)", "", "", f"({READING_TARGET:,})"])
    last = found["withCheckpoint"][0]
    return (
        "## A start after `kill -9`\n\n"
        + table(["start", "records read", "until it listens", "CPU", "records a second", "events a second"], rows)
        + f"\n\nThe journal of {last['sessions']:,} sessions had {found['events']:,} events and "
        f"{found['bytes'] / 1e6:,.0f} MB; the text of a message is a record beside that of its event. The last checkpoint stood behind record {last['checkpoint']:,}. Medians of "
        f"{len(found['without'])} starts; the time is from the command to the line of the log that says where it listens; the "
        "files are in the kernel's memory."
    )


def checkpoint(found, _):
    rows = [
        ["away from checkpoints", "", "", *delays(found["away"])],
        ["all around checkpoints", "", "", *delays(found["near"])],
    ]
    for number, one in enumerate(found["checkpoints"], 1):
        rows.append([f"{number}", f"{one['milliseconds']:,.0f} ms", f"{one['bytes'] / 1e6:.1f} MB", *delays(one)])
    seconds = found["longestOfSecondsAway"]
    return (
        f"## Checkpoints under way\n\n{found['sessions']:,} sessions, {found['seats']:,.0f} seats, half of them connected, "
        f"{found['rate']:g} messages a second, each heard by thirty. Acknowledgements are timed from when their message was "
        "due, in milliseconds; around a checkpoint are those of messages from a tenth of a second before it was asked for "
        "until a second after it.\n\n"
        + table(["", "written after", "size", "messages", "p50", "p99", "longest", "client late, longest"], rows)
        + f"\n\nAway from checkpoints the longest of a second was at most {statistics.median(seconds):.1f} ms in half of "
        f"the seconds, and {seconds[-1]:.1f} ms in the worst. Around checkpoints the longest was "
        f"{found['near']['max']:.1f} ms. Wanted: no acknowledgement later by more than {CHECKPOINT_TARGET} ms."
    )


def delays(figures):
    return [f"{figures['count']:,}", *(f"{figures[key]:.2f}" for key in ("p50", "p99", "max", "lateMax"))]


def journal(found, _):
    titles = {
        "synced": "synced to this disk (`--sync batch`)", "written": "written to it (`--sync off`)",
        "memory": "written to memory (`--sync off`)",
    }
    rows = [
        [titles[name], f"{found['medians'][name]:.3f}", f"{statistics.median(run['p99'] for run in runs):.2f}",
         f"{statistics.median(run['run']['serverShare'] for run in runs):.3f}"]
        for name, runs in found["runs"].items()
    ]
    return (
        f"## What the journal adds\n\nAcknowledgements of {found['rate']:g} messages a second in ten sessions of ten, medians "
        f"of {len(found['runs']['synced'])} runs each.\n\n"
        + table(["journal", "p50 ms", "p99 ms", "server's core"], rows)
        + f"\n\nThe journal adds {found['adds']:.2f} ms to the median; wanted: {JOURNAL_TARGET} ms. "
        f"One `fdatasync` of as little takes this disk {found['diskMilliseconds']:.2f} ms at that rate with no server beside it "
        "(median). No server runs without a journal: one in memory that nobody syncs is as near to none as there is, and what it costs "
        "to encode a record and to copy it is in both."
    )


SECTIONS = {
    "members": members, "sessions": sessions, "joins": joins, "recovery": recovery, "checkpoint": checkpoint,
    "journal": journal,
}
SHARES = ["cores: server, client, others"]


def shares(result):
    return [f"{result['serverShare']:.2f}, {result['clientShare']:.2f}, {result['othersShare']:.2f}"]


def runs(parts):
    """Every measurement of the client's."""
    yield from parts.get("members", [])
    for one in parts.get("sessions", []):
        yield from (one["fast"], one["paced"])
    if "checkpoint" in parts:
        yield parts["checkpoint"]["run"]
    for way in parts.get("journal", {}).get("runs", {}).values():
        yield from (one["run"] for one in way)


def remarks(parts):
    """What the reader has to know before believing a figure."""
    every = list(runs(parts))
    disturbed = sum(1 for one in every if one["othersShare"] > DISTURBED)
    lost = sum(one["lost"] + one.get("unacknowledged", 0) for one in every)
    if disturbed:
        yield (
            f"**Disturbed:** in {disturbed} of {len(every)} measurements other processes used more than {DISTURBED} of a "
            "core. CPU suffers less from that than times do."
        )
    if lost:
        yield f"**Lost:** {lost:,} deliveries or acknowledgements never came. These figures are void."
