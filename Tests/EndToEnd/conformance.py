"""Autobahn's test suite against `plenary echo`: RFC 6455, groups 1 to 7, 9 and 10, plain and over TLS.

The suite speaks no TLS that one could use today, so a proxy does it. The harness is not part of this repository: it
lies in ../shared/autobahn, or where AUTOBAHN says. Every case has to be OK, or informational where the suite says no
more than that; a lenient answer ("non-strict") fails as well.
"""
import collections
import json
import os
import pathlib
import subprocess
import sys

from running import BINARY, ROOT, Server
from tls import Certificates, Proxy, trusting

GROUPS = ["1", "2", "3", "4", "5", "6", "7", "9", "10"]
CASES = 301
TOOLS = ROOT / ".build-tools"
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
    TOOLS.mkdir(exist_ok=True)
    print(f"Testing {BINARY}")
    faults = plain(harness) + secured(harness)
    return 1 if faults else 0


def plain(harness):
    server = Server("echo").start()
    try:
        return tested(harness, server.address, "autobahn-report")
    finally:
        server.stop()


def secured(harness):
    certificate, key = Certificates(TOOLS / "certificates").make()
    server = Server("echo", "--tls-cert", certificate, "--tls-key", key).start()
    host, _, port = server.address.rpartition(":")
    try:
        with Proxy(host, int(port), trusting(certificate)) as proxy:
            return tested(harness, f"127.0.0.1:{proxy.port}", "autobahn-tls-report")
    finally:
        server.stop()


def tested(harness, address, name):
    """What is wrong with the server at an address; prints the totals."""
    report = TOOLS / name
    # What an earlier run left must not be taken for the result of this one.
    summary = report / "summary.json"
    summary.unlink(missing_ok=True)
    subprocess.run(
        [harness / "run.sh", f"ws://{address}", *GROUPS, "-o", report], check=False,
        env=os.environ | {"AUTOBAHN_VENV": str(TOOLS / "autobahn")},
    )
    cases = json.loads(summary.read_text())["cases"] if summary.exists() else []
    faults = faults_of(cases)
    print(f"{name}:")
    for line in [*totals_of(cases), *faults]:
        print(line)
    print(f"{len(cases)} cases, {len(faults)} faults")
    return faults


if __name__ == "__main__":
    sys.exit(main())
