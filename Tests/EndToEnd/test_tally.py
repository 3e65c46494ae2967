"""The last line of `make test` is computed; here is what it is computed from, and when it refuses to be glad."""
import pathlib
import subprocess
import sys

import pytest

TALLY = pathlib.Path(__file__).parents[2] / ".ci" / "tally"
PASSED = '<testcase name="a"/>'
FAILED = '<testcase name="b"><failure message="no"/></testcase>'
BROKEN = '<testcase name="c"><error message="no"/></testcase>'
SKIPPED = '<testcase name="d"><skipped/></testcase>'


@pytest.fixture
def tally(tmp_path):
    """Runs the tally over reports with these contents; answers its exit code and its last line."""

    def run(*reports):
        paths = []
        for number, cases in enumerate(reports):
            path = tmp_path / f"{number}.xml"
            if cases is not None:
                path.write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
            paths.append(str(path))
        done = subprocess.run([sys.executable, TALLY, *paths], stdout=subprocess.PIPE, text=True, check=False)
        return done.returncode, done.stdout.splitlines()[-1]

    return run


def test_adds_up_what_passed(tally):
    assert tally(PASSED * 3, PASSED) == (0, "4 passed, 0 failed")


@pytest.mark.parametrize("bad", [FAILED, BROKEN])
def test_a_failure_in_any_report_fails(tally, bad):
    assert tally(PASSED, PASSED + bad) == (1, "2 passed, 1 failed")


@pytest.mark.parametrize("bad", ["", None, "<", SKIPPED])
def test_a_report_that_is_empty_missing_broken_or_skips_fails(tally, bad):
    assert tally(PASSED, bad) == (1, "1 passed, 0 failed")


def test_no_report_at_all_fails(tally):
    assert tally() == (1, "0 passed, 0 failed")
