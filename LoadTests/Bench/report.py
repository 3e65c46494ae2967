"""The figures as people read them: medians over the rounds, and ratios to the C program of the same run."""
import statistics

# DESIGN 9: at most so many times the C program's CPU.
TARGETS = {"1x1000": 1.1, "100x10": 1.5, "1x1000-deep": 1.4, "100x10-deep": 1.5}
TITLES = {
    "1x1000": "1 room of 1,000", "100x10": "100 rooms of 10", "1x1000-deep": "1 × 1,000, deep",
    "100x10-deep": "100 × 10, deep",
}
SERVERS = {
    "plenary": "Plenary", "c": "the same system calls in C, coalesced", "node": "node `ws`",
    "python": "Python `websockets`",
}
IDLE_BYTES_TARGET, RESUME_SECONDS_TARGET = 2_048, 5
# More of the two cores for others, and coalescing is not what it would be.
DISTURBED = 0.1


def sentence(result):
    """A measurement as a line while the run goes on."""
    lost = f", {result['lost']:,} LOST" if result["lost"] else ""
    return (
        f"{result['serverMilliseconds']:8.1f} ms for 100,000, {result['deliveriesPerSecond']:11,.0f}/s, "
        f"{per_write(result):5.1f} a write, p99 {result['p99Milliseconds']:.1f} ms at half the rate; cores: server "
        f"{result['serverShare']:.2f}, client {result['clientShare']:.2f}, others {result['othersShare']:.2f}{lost}"
    )


def page(found, shapes):
    """The whole report, in Markdown."""
    machine = found["machine"]
    raised = ", ".join(f"`--{name} {value}`" for name, value in found["raised"].items())
    parts = [
        f"# `make bench` at {found['commit']}, {found['date'][:10]}",
        f"{machine['processor']}, {machine['cores']} cores, {machine['kernel']}. Server and client have a core each; "
        f"loopback; text of 150 bytes; {found['rounds']} rounds, medians. Plenary runs with tickets, rules, JSON and the "
        f"journal with `--sync batch`. Raised: the two rate limits and the seat limit ({raised}), nothing else.",
        *found["lacking"],
    ]
    if shapes:
        parts += [
            "## CPU of a delivery\n\nServer's on-CPU milliseconds for 100,000 deliveries; in parentheses the ratio to the "
            "C program.\n\n" + costs(found, shapes),
            "## Behind it\n\nAt half the rate (open loop) a delivery is timed from when it was due.\n\n"
            + details(found, shapes),
        ]
    if any(found["idle"].values()):
        parts.append("## Coming in and staying\n\n" + coming_in(found))
    if found["resume"]:
        parts.append("## After `kill -9` and a new start\n\n" + resuming(found["resume"]))
    return "\n\n".join([*parts, *remarks(found)]) + "\n"


def costs(found, shapes):
    """CPU for each server and shape, and the ratios that are wanted."""
    rows = []
    for name, runs in found["runs"].items():
        cells = []
        for shape in shapes:
            cost = median(runs[shape], "serverMilliseconds")
            bound = found["runs"].get("c", {}).get(shape)
            ratio = f" ({cost / median(bound, 'serverMilliseconds'):.2f})" if bound and name != "c" else ""
            cells.append(f"{cost:,.1f}{ratio}")
        rows.append([SERVERS[name], *cells])
    rows.append(["Plenary's target", *(f"({TARGETS[shape]})" for shape in shapes)])
    return table(["server", *(TITLES[shape] for shape in shapes)], rows)


def details(found, shapes):
    """What else each server did in each shape."""
    rows = []
    for shape in shapes:
        for name, runs in found["runs"].items():
            of = runs[shape]
            times = [f"{median(of, key):.1f}" for key in ("p50Milliseconds", "p99Milliseconds", "p999Milliseconds")]
            if median(of, "lateMilliseconds") > median(of, "p50Milliseconds") / 10:
                times[-1] += " *"
            counted = "" if "deliveriesPerWrite" in of[0] else " ~"
            rows.append([
                TITLES[shape], name, f"{median(of, 'deliveriesPerSecond'):,.0f}",
                f"{statistics.median(per_write(result) for result in of):.1f}{counted}", " / ".join(times),
                f"{median(of, 'serverShare'):.2f}, {median(of, 'clientShare'):.2f}, {median(of, 'othersShare'):.2f}",
                f"{sum(result['lost'] for result in of):,}",
            ])
    header = [
        "shape", "server", "deliveries a second", "frames a send", "p50 / p99 / p99.9 ms",
        "cores: server, client, others", "lost",
    ]
    return table(header, rows) + (
        "\n\nFrames a send: by the server's own count; with ~ estimated as what the client found at each read. "
        "Of times with * a tenth of the median or more is the client's own lateness (p99)."
    )


def coming_in(found):
    """Memory of idle connections, CPU of handshakes and joins."""
    rows = []
    for name, results in found["idle"].items():
        if results:
            join = f"{median(results, 'joinMicroseconds'):.0f} µs" if "joinMicroseconds" in results[0] else "–"
            rows.append([
                SERVERS[name], f"{median(results, 'idleBytes'):,.0f}",
                f"{median(results, 'handshakeMicroseconds'):.0f} µs", join,
            ])
    connections = next(results[0]["connections"] for results in found["idle"].values() if results)
    return table(["server", "bytes a connection", "handshake", "join"], rows) + (
        f"\n\n{connections:,} connections in sessions of 50 that say nothing; a join includes telling the others in the "
        f"session. Plenary's target: {IDLE_BYTES_TARGET:,} bytes."
    )


def resuming(results):
    """How fast everybody is back."""
    clients, resumed = results[0]["connections"], min(result["resumed"] for result in results)
    kill, listening = median(results, "resumeSecondsFromKill"), median(results, "resumeSecondsFromListening")
    rest = "" if resumed == clients else ", the others were told the whole state"
    return (
        f"{clients:,} clients in sessions of 50; {resumed:,} went on where they had been{rest}. All were back {kill:.2f} s "
        f"after the kill, {listening:.2f} s after the new server had answered the first of them: {clients / listening:,.0f} a second, "
        f"{median(results, 'resumeMicroseconds'):.0f} µs of the server's CPU each. Target: {RESUME_SECONDS_TARGET} s."
    )


def remarks(found):
    """What the reader has to know before believing a figure."""
    every = [result for runs in found["runs"].values() for results in runs.values() for result in results]
    disturbed = sum(1 for result in every if result["othersShare"] > DISTURBED)
    lost = sum(result["lost"] for result in every)
    if disturbed:
        yield (
            f"**Disturbed:** in {disturbed} of {len(every)} measurements other processes used more than {DISTURBED} of a "
            "core. CPU for a delivery suffers less from that than rates do, but servers that are interrupted coalesce less."
        )
    if lost:
        yield f"**Lost:** {lost:,} deliveries never came or came twice. These figures are void."


def per_write(result):
    """Frames for each send: as counted by the server, else as found by the client at each read."""
    return result.get("deliveriesPerWrite", result["deliveriesPerRead"])


def median(results, key):
    return statistics.median(result[key] for result in results)


def table(header, rows):
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
