"""Autobahn's test suite against `plenary echo`: RFC 6455, groups 1 to 7, 9 and 10.

The harness is not part of this repository: it lies in ../shared/autobahn, or where AUTOBAHN says. Every case has to
be OK, or informational where the suite says no more than that; a lenient answer ("non-strict") fails as well.
"""
import collections
import json
import os
import pathlib
import subprocess
import sys

from running import BINARY, ROOT, Server

GROUPS = ["1", "2", "3", "4", "5", "6", "7", "9", "10"]
CASES = 301
INFORMATIONAL = {"7.1.6", "7.13.1", "7.13.2"}


def faults_of(cases):
    """What is wrong with these rows of the harness's summary: nothing, or a sentence each."""
    faults = [
        f"{case['id']}: {case['class']} {case['note']}".rstrip()
        for case in cases
        if case["class"] != "ok" and not (case["class"] == "informational" and case["id"] in INFORMATIONAL)
    ]
    if len(cases) != CASES:
        faults.append(f"{len(cases)} cases ran, {CASES} are wanted")
    return faults


def totals_of(cases):
    """A line for each group: how many cases, and how many of each class."""
    groups = collections.defaultdict(collections.Counter)
    for case in cases:
        groups[case["id"].split(".")[0]][case["class"]] += 1
    for group in sorted(groups, key=int):
        classes = ", ".join(f"{count} {name}" for name, count in sorted(groups[group].items()))
        yield f"group {group:>2}: {sum(groups[group].values()):>3} cases, {classes}"


def main():
    harness = pathlib.Path(os.environ.get("AUTOBAHN") or ROOT.parent / "shared" / "autobahn")
    if not (harness / "run.sh").exists():
        print(f"The Autobahn harness is not in {harness}; say where it is with AUTOBAHN=DIR.", file=sys.stderr)
        return 69
    tools = ROOT / ".build-tools"
    tools.mkdir(exist_ok=True)
    report = tools / "autobahn-report"
    # What an earlier run left must not be taken for the result of this one.
    summary = report / "summary.json"
    summary.unlink(missing_ok=True)
    print(f"Testing {BINARY}")
    server = Server("echo").start()
    try:
        subprocess.run(
            [harness / "run.sh", f"ws://{server.address}", *GROUPS, "-o", report], check=False,
            env=os.environ | {"AUTOBAHN_VENV": str(tools / "autobahn")},
        )
    finally:
        server.stop()
    cases = json.loads(summary.read_text())["cases"] if summary.exists() else []
    faults = faults_of(cases)
    for line in [*totals_of(cases), *faults]:
        print(line)
    print(f"{len(cases)} cases, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
