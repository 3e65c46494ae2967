"""What a figure was measured on, and where it is written to."""
import datetime
import json
import os
import pathlib
import platform
import subprocess

from servers import ROOT, TOOLS

RESULTS = ROOT / "LoadTests" / "Results"


def stamp():
    """What every report begins with."""
    now = datetime.datetime.now(datetime.timezone.utc)
    return {"commit": commit(), "date": now.isoformat("T", "seconds"), "machine": machine()}


def folder_for(is_whole):
    """A whole run goes among the results, a look at a part of it does not."""
    return RESULTS if is_whole else TOOLS


def write(name, found, text, folder):
    """Writes a page and its figures into a folder; answers the page's file."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}-{found['commit']}.json"
    file.write_text(json.dumps(found, indent=1) + "\n")
    file.with_suffix(".md").write_text(text)
    return file.with_suffix(".md")


def machine():
    """Processor, cores, kernel."""
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": names[0] if names else platform.machine(), "cores": os.cpu_count(),
        "kernel": f"{platform.system()} {platform.release()}",
    }


def commit():
    """The commit's short hash, with `-changed` when the tree is not what was committed."""
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty=-changed", "--exclude=*"], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )
    return done.stdout.strip() or "unknown"
