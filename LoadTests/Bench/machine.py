"""What a figure was measured on."""
import os
import pathlib
import platform
import subprocess

from servers import ROOT


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
