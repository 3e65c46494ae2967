"""Measures how Plenary's cost grows, and writes a table for each part (see LoadTests/README.md).

It builds nothing; `make bench-growth` does, and calls it.
"""
import argparse
import os
import pathlib
import sys

import growth_report
import growth_sizes
import machine
import measuring
import servers
from growth_durability import checkpoint, journal, recovery
from growth_people import joins, members, sessions

PARTS = {
    "members": members, "sessions": sessions, "joins": joins, "recovery": recovery, "checkpoint": checkpoint,
    "journal": journal,
}


def parsed():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plenary", type=pathlib.Path, required=True, help="the built server")
    parser.add_argument("--load", type=pathlib.Path, required=True, help="the built plenary-load")
    parser.add_argument("--parts", default=",".join(PARTS), help="which parts")
    parser.add_argument("--small", action="store_true", help="as little of each as tells whether it works")
    parser.add_argument("--out", type=pathlib.Path, help="the folder of the report, whatever it tells")
    arguments = parser.parse_args()
    arguments.parts = arguments.parts.split(",")
    if unknown := [part for part in arguments.parts if part not in PARTS]:
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    return arguments


def main():
    arguments = parsed()
    sizes = growth_sizes.SMALL if arguments.small else growth_sizes.FULL
    measuring.raise_descriptors()
    found = machine.stamp() | {"raised": servers.RAISED, "sizes": sizes.__dict__, "parts": {}}
    for part in arguments.parts:
        print(f"{part}:", flush=True)
        found["parts"][part] = PARTS[part](arguments.plenary, arguments.load, sizes)
    text = growth_report.page(found)
    folder = arguments.out or machine.folder_for(arguments.parts == list(PARTS) and not arguments.small)
    file = machine.write("growth", found, text, folder)
    print(f"\n{text}\nWritten to {os.path.relpath(file)} and {file.stem}.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
