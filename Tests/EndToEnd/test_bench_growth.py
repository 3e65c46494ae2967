"""`make bench-growth` at sizes that tell whether it works: everything is counted, nothing is lost. How fast is not asked."""
import json
import subprocess
import sys

import pytest

from running import BINARY, PATIENCE_SECONDS, ROOT

BENCH = ROOT / "LoadTests" / "Bench"
LOAD = BINARY.parent / "plenary-load"
sys.path.append(str(BENCH))
import growth_report
import machine
from growth_durability import judged
from growth_people import by_join
from growth_sizes import SMALL


@pytest.fixture
def grown(tmp_path):
    """Runs one part, and answers what was found and the page."""

    def run(part):
        done = subprocess.run(
            [sys.executable, BENCH / "growth.py", "--plenary", BINARY, "--load", LOAD, "--small", "--parts", part,
             "--out", tmp_path],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
            timeout=4 * PATIENCE_SECONDS,
        )
        assert done.returncode == 0, done.stderr
        page, = tmp_path.glob("growth-*.md")
        found = json.loads(page.with_suffix(".json").read_text())
        assert list(found["parts"]) == [part]
        assert page.read_text() == growth_report.page(found) and page.read_text() in done.stdout
        assert "**Lost:**" not in page.read_text()
        return found["parts"][part], page.read_text()

    return run


def test_rooms_of_each_size_are_measured_and_lose_nothing(grown):
    found, _ = grown("members")
    assert [one["connections"] for one in found] == [count for count, _ in SMALL.members]
    assert all(one["lost"] == 0 and one["deliveries"] > 0 and one["serverMilliseconds"] > 0 for one in found)


def test_sessions_are_measured_at_full_speed_and_at_a_pace_that_is_kept(grown):
    found, _ = grown("sessions")
    assert [one["sessions"] for one in found] == list(SMALL.sessions)
    for one in found:
        assert one["fast"]["lost"] == 0 and one["paced"]["lost"] == 0 and one["paced"]["unacknowledged"] == 0
        assert one["paced"]["deliveries"] == 10 * one["sessions"] * SMALL.session_rate * SMALL.paced_seconds


def test_each_join_tells_who_was_there_one_push(grown):
    found, _ = grown("joins")
    assert found["all"] == max(SMALL.joins)
    assert [one["join"] for one in found["joins"]] == list(SMALL.joins)
    assert all(one["pushes"] == 1 and 100 < one["bytes"] < 400 for one in found["joins"])


def test_a_killed_server_reads_its_journal_and_says_how_much_of_it(grown):
    found, page = grown("recovery")
    assert found["events"] >= SMALL.events
    for start in found["withCheckpoint"] + found["without"]:
        # So small a journal has no checkpoint yet: both read it all, texts in records of their own.
        assert start["checkpoint"] == 0 and start["records"] > found["events"] and start["sessions"] == SMALL.event_sessions
    assert f"{found['without'][0]['records']:,}" in page


def test_acknowledgements_around_checkpoints_are_set_beside_the_others(grown):
    found, _ = grown("checkpoint")
    assert found["seats"] == SMALL.seated_sessions * 30
    assert len(found["checkpoints"]) == SMALL.checkpoints
    assert found["run"]["lost"] == 0 and found["run"]["unacknowledged"] == 0
    said = SMALL.seated_rate * SMALL.gap * (SMALL.checkpoints + 1)
    assert found["near"]["count"] + found["away"]["count"] == said
    assert all(one["count"] > 0 and one["bytes"] > 0 for one in found["checkpoints"])


def test_each_way_of_keeping_is_measured(grown):
    found, _ = grown("journal")
    assert list(found["runs"]) == ["synced", "written", "memory"]
    for runs in found["runs"].values():
        assert [run["count"] for run in runs] == [SMALL.journal_rate * SMALL.seconds] * SMALL.journal_rounds


def test_only_a_whole_run_is_a_result():
    assert machine.folder_for(True) == ROOT / "LoadTests" / "Results"
    assert machine.folder_for(False) == ROOT / ".build-tools"


def test_a_part_that_there_is_not_is_named():
    done = subprocess.run(
        [sys.executable, BENCH / "growth.py", "--plenary", BINARY, "--load", LOAD, "--parts", "members,moon"],
        capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 2 and "there is no part moon" in done.stderr


def test_acknowledgements_belong_to_a_checkpoint_by_when_their_message_was_due():
    second = 1_000_000_000
    every = [[10 * second + offset * second // 10, 0, 1_000 + offset] for offset in range(40)]
    found = judged({"acknowledgements": every}, [{"asked": 12 * second}])
    # From a tenth of a second before to just under a second after.
    assert found["near"] == found["near"] | {"count": 11, "max": 1.029}
    assert found["away"] == found["away"] | {"count": 29, "max": 1.039}
    assert found["longestOfSecondsAway"] == [1.009, 1.018, 1.039]


def test_frames_belong_to_the_join_before_them_and_notices_are_counted_apart():
    joined = {"on": "participant.joined", "seq": 1}
    led, notice = {"on": "host.changed", "seq": 2}, {"on": "attendance"}
    frames = [(notice, 9), (joined, 200), (joined, 210), (led, 50), (notice, 7)]
    assert by_join(frames) == [
        {"pushes": 1, "bytes": 200, "notices": 0, "noticeBytes": 0},
        {"pushes": 2, "bytes": 260, "notices": 1, "noticeBytes": 7},
    ]


def test_the_report_says_when_figures_are_void():
    run = {"lost": 1, "othersShare": 0.5}
    said = " ".join(growth_report.remarks({"journal": {"runs": {"synced": [{"run": run | {"unacknowledged": 2}}]}}}))
    assert "**Lost:** 3" in said and "**Disturbed:** in 1 of 1" in said
