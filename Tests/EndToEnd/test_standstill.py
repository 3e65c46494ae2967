"""What row 66 says of the disk is that it stood still, and nothing that a server may cause."""
import os
import time

import standstill
from standstill import DiskWatch, counted, standstills, waiting


def samples(*counts, step=0.01):
    """A look every hundredth of a second, each with what the disk has finished and what is asked of it."""
    return [(number * step, finished, asked) for number, (finished, asked) in enumerate(counts)]


def test_a_disk_that_finishes_nothing_though_it_is_asked_stands_still():
    (span,) = standstills(samples((5, 0), (5, 1), (5, 1), (5, 2), (6, 0), (6, 0)))
    assert span == (0.01, 0.04)


def test_a_disk_that_is_busy_does_not_stand_still():
    assert standstills(samples(*((number, 9) for number in range(100)))) == []


def test_a_disk_that_nobody_asks_does_not_stand_still():
    assert standstills(samples(*[(5, 0)] * 100)) == []


def test_a_sync_of_a_hundredth_of_a_second_is_no_standstill():
    assert standstills(samples((5, 0), (5, 1), (6, 0), (6, 1), (7, 1), (8, 0))) == []


def test_a_disk_may_stand_still_until_the_end():
    assert standstills(samples((5, 1), (5, 1), (5, 1), (5, 1))) == [(0, 0.03)]
    assert standstills([]) == []


def test_who_waited_while_it_stood_still_is_found_and_nobody_else():
    before, during, through, after = (0.8, 0.2), (1.3, 0.1), (0.9, 0.9), (1.5, 0.4)
    assert waiting([before, during, through, after], [(1.0, 1.5)]) == [during, through]
    assert waiting([before, through], []) == []


def test_a_line_of_the_kernel_is_read():
    line = " 254       0 vda 10 1 2 3 20 4 5 6 7 8 9 30 0 0 0 40 11"
    assert counted(line) == (10 + 20 + 30 + 40, 7)
    # Older kernels count neither discards nor flushes.
    assert counted(" 8 1 sda1 10 1 2 3 20 4 5 6 7 8 9") == (30, 7)


def test_a_watch_looks_at_the_disk_of_its_folder(tmp_path, monkeypatch):
    device = os.stat(tmp_path).st_dev
    moves, stands = "0 0 disk 0 0 0 0 1 0 0 0 0", f"{os.major(device)} {os.minor(device)} disk 0 0 0 0 1 0 0 0 2"
    counters = tmp_path / "diskstats"
    counters.write_text(f"{moves} 0 0\n{stands} 0 0\n")
    monkeypatch.setattr(standstill, "COUNTERS", counters)
    with DiskWatch(tmp_path) as watch:
        began = time.monotonic()
        while not watch.spans:
            assert time.monotonic() < began + 60, "it has not looked"
            # Only looking again tells.
            time.sleep(0.01)
    ((begin, end),) = watch.spans
    assert end - begin >= standstill.LONG_SECONDS
