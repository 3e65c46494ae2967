"""`plenary-load report`: the page that shows what a run came to, in a browser, on its own."""
import json
import math
import os
import pathlib
import subprocess

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from running import BINARY

LOAD_BINARY = pathlib.Path(os.environ.get("PLENARY_LOAD_BIN") or BINARY.with_name("plenary-load"))
MARKUP = '<img src="http://elsewhere.test/x.png" onerror="document.title=1"> & \x1b[31m'


def second(at, length):
    """A second of an evening that fills, works, loses its connections once, and empties."""
    share = min(1, at / (length * 0.2), (length - at) / (length * 0.05))
    people = round(1200 * share) if not length * 0.6 <= at < length * 0.61 else 90
    quiet = people < 100
    return {
        "at": at, "connected": people, "sent": people // 5, "heard": people * 6 + at * 37 % 400, "joined": at % 7,
        "driverCPU": 0.1 + people / 6000, "lagP99Ms": 0.4 + at * 7 % 10 / 10, "serverCPU": people / 2400 + at % 9 / 100,
        "serverMemoryMB": 60 + people / 20 + at / length * 9,
    } | ({} if quiet else {
        "p50Ms": 1.2 + at * 13 % 10 / 9, "p99Ms": 9 + 6 * math.sin(at / 9), "maxMs": 412.5 if at == length // 2 else 31 + at % 5,
    })


def latency(name, meaning, p50):
    times = {"p50Ms": 1, "p90Ms": 2.4, "p99Ms": 8, "p999Ms": 21, "p9999Ms": 60, "maxMs": 90}
    return {"name": name, "meaning": meaning, "count": 81234, "meanMs": p50 * 1.3} | {
        key: p50 * factor for key, factor in times.items()
    }


def outcome(length=600, **changes):
    """Made up for the test: what a result.json may hold, with a text that would like to be markup."""
    violation = {
        "rule": "order", "atSeconds": 252.4, "session": "c1-s2", "person": MARKUP, "sentence": "seq 41 came after seq 42.",
        "evidence": ['{"on":"chat.message","seq":42,"text":"' + MARKUP + '"}', '{"on":"chat.message","seq":41}'],
    }
    marks = [(0.2, "round 1 opens"), (0.35, "round 1 closes"), (0.5, "hosts drop"), (0.6, "a storm"), (0.605, "all back")]
    return {
        "format": 1, "startedAtMs": 1_770_000_000_000, "seconds": length + 1.5, "remarks": [MARKUP],
        "scenario": {
            "name": "evening", "about": "Many communities meet at once.", "seed": 7, "seconds": length, "communities": 40,
            "sessions": 40, "people": 1200,
        },
        "target": {"url": "ws://127.0.0.1:8080", "server": "plenary 1", "machine": "2 cores, 8 GiB"},
        "verdict": {"kind": "thresholdsNotMet", "sentence": "Not met: p99DeliveryMs was 312 ms (limit 250 ms).", "exitCode": 99},
        "counts": {
            "connectedPeak": 1200, "connections": 2345, "joins": 2340, "resumed": 1110, "messagesDue": 81234,
            "messagesSent": 81230, "pushes": 2345678, "commands": 90000, "violations": 140,
            "refusals": {"slowDown": 3, "ended": 12}, "closes": {"1001": 40, "lost": 1110},
        },
        "latencies": [
            latency("delivery", "From when a message was due to when each who is in its audience has heard it.", 4),
            latency("acknowledgement", "From when a command was due to its reply.", 1.5),
            latency("join", "From when somebody was to arrive to the reply to the join.", 12),
        ],
        "thresholds": [
            {"name": "p99DeliveryMs", "limit": 250, "actual": 312, "isMet": False},
            {"name": "p99AckMs", "limit": 250, "actual": 12, "isMet": True},
            {"name": "backWithinSeconds", "limit": 5, "isMet": False},
            {"name": "violations", "limit": 0, "actual": 140, "isMet": False},
        ],
        "violations": [violation] * 12,
        "timeline": [second(at, length) for at in range(length)],
        "marks": [{"at": length * share, "text": text} for share, text in marks],
        "driver": {"lagP99Ms": 0.9, "cpuPeak": 0.31, "memoryMB": 91, "faults": []},
    } | changes


@pytest.fixture
def report(tmp_path):
    """Writes results as files, runs the command on them, and answers the process and the page's path."""

    def make(result, old=None, out=None):
        arguments = []
        for name, content in (("new", result), ("old", old)):
            if content is not None:
                path = tmp_path / name / "result.json"
                path.parent.mkdir(exist_ok=True)
                path.write_text(content if isinstance(content, str) else json.dumps(content))
                arguments += ["--compare"] * (name == "old") + [str(path)]
        page = out or tmp_path / "new" / "report.html"
        arguments += ["--out", str(page)] if out else []
        run = subprocess.run([LOAD_BINARY, "report", *arguments], capture_output=True, text=True, check=False)
        return run, page

    return make


@pytest.fixture
def look(browser):
    """Opens a page from the disk; it may ask for nothing else, run no script and complain of nothing."""
    contexts, asked, complaints = [], [], []

    def open_page(path, **options):
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text))
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith("file:") or not url.endswith("report.html")] == []
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1400])
def test_the_page_stands_alone_and_axe_finds_nothing(report, look, width, scheme):
    # Short: axe reads every cell of the tables.
    run, path = report(outcome(length=40), old=outcome(startedAtMs=1_760_000_000_000))
    assert run.returncode == 0, run.stderr
    page = look(path, viewport={"width": width, "height": 900}, color_scheme=scheme)
    for summary in page.locator("summary").all():
        summary.click()
    found = Axe().run(page).response["violations"]
    assert found == [], [(rule["id"], [node["html"] for node in rule["nodes"]][:3]) for rule in found]
    # Nothing is wider than the window: tables scroll by themselves.
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_verdict_is_a_word_and_everything_has_its_place(report, look):
    run, path = report(outcome())
    assert run.stdout == f"Written: {path}\n"
    page = look(path, java_script_enabled=False)
    expect(page.get_by_role("region", name="Verdict")).to_contain_text("Not met")
    for heading in ("Thresholds", "Violations", "Over time", "Latencies", "The driver", "Counts", "What was played", "Remarks"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    row = page.get_by_role("row", name="until all were back")
    expect(row).to_contain_text("not measured")
    expect(row).to_contain_text("not met")
    delivery = page.get_by_role("figure").filter(has=page.get_by_role("heading", name="Delivery latency"))
    expect(delivery.get_by_role("img", name="the worst took 413 ms (at 5:00)")).to_be_visible()
    expect(delivery.get_by_role("listitem").filter(has_text="hosts drop")).to_contain_text("3")
    delivery.get_by_text("The figures as a table").click()
    expect(delivery.get_by_role("row", name="5:00")).to_contain_text("413 ms")
    expect(page.locator("main")).to_contain_text(MARKUP.replace("\x1b", "<1B>"))


def test_an_hour_fits_a_phone_and_names_its_worst_second(report, look):
    _, path = report(outcome(length=3600))
    page = look(path, viewport={"width": 360, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    delivery = page.get_by_role("figure").filter(has=page.get_by_role("heading", name="Delivery latency"))
    delivery.locator("summary").click()
    assert delivery.locator("tbody tr").count() <= 400
    expect(delivery.locator("td", has_text="413 ms")).to_have_count(1)


def test_a_comparison_shows_both_and_warns_of_what_differs(report, look):
    old = outcome(length=300, latencies=[latency("delivery", "-", 2)])
    run, path = report(outcome(), old=old)
    assert "Warning: The runs differ in planned length: 5 min before, 10 min now." in run.stdout
    section = look(path).get_by_role("region", name="Compared with an older run")
    expect(section.get_by_role("row", name="delivery p50")).to_contain_text("+100 %")
    expect(section).to_contain_text("may be chance")


def test_what_cannot_be_read_or_written_is_said(report, tmp_path):
    for content, words in (
        ("{", "is not a result of plenary-load"), (outcome(format=2), "is of format 2"), (outcome(seconds="x"), "seconds"),
    ):
        run, path = report(content)
        assert (run.returncode, run.stdout, path.exists()) == (65, "", False)
        assert words in run.stderr
    run, _ = report(outcome(), out=tmp_path / "nowhere" / "report.html")
    assert run.returncode == 73
    assert "cannot be written" in run.stderr
    assert subprocess.run([LOAD_BINARY, "report"], capture_output=True, check=False).returncode == 64
