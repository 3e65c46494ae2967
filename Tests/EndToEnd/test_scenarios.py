"""LoadTests/Scenarios: the schema and `plenary-load check` take every shipped scenario, and refuse the same slips."""
import copy
import json
import os
import pathlib
import subprocess

import jsonschema
import pytest
from running import BINARY, PATIENCE_SECONDS, ROOT

LOAD_BINARY = pathlib.Path(os.environ.get("PLENARY_LOAD_BIN") or BINARY.with_name("plenary-load"))
FOLDER = ROOT / "LoadTests" / "Scenarios"
SCHEMA = json.loads((FOLDER / "scenario.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
SHIPPED = sorted(path for path in FOLDER.glob("*.json") if path.name != "scenario.schema.json")
REMOVED = object()

# A place in `smoke.json`, and what stands there instead.
SLIPS = {
    "a name with blanks": (["name"], "My evening"),
    "no name": (["name"], REMOVED),
    "no length": (["seconds"], REMOVED),
    "a length in words": (["seconds"], "ten"),
    "half a second": (["seconds"], 10.5),
    "a year": (["seconds"], 31_536_000),
    "no people": (["people"], REMOVED),
    "nobody says how many": (["people", "each"], REMOVED),
    "more people than seats": (["people", "each"], 2_001),
    "a share of more than all": (["people", "secondDevice"], 10),
    "an unknown key": (["secnods"], 10),
    "an unknown key within": (["chat", "perminute"], 12),
    "an unknown shape": (["arrival", "shape"], "gauss"),
    "more chat than the server takes": (["chat", "perMinute"], 301),
    "a text beyond the limit": (["chat", "bytes", "to"], 4_001),
    "a span with one end": (["chat", "bytes", "from"], REMOVED),
    "a number for a span": (["chat", "bytes"], 100),
    "rooms that open at no time": (["rounds", 0, "at"], REMOVED),
    "no rooms": (["rounds", 0, "rooms"], 0),
    "more rooms than a server opens": (["rounds", 0, "rooms"], 201),
    "one round without its list": (["rounds"], {"at": 3, "seconds": 4, "rooms": 2}),
    "a storm that never was": (["drops", "storms", 0], None),
    "a share below nothing": (["far"], {"share": -0.1}),
    "a switch in words": (["fill"], "yes"),
    "no thresholds": (["thresholds"], REMOVED),
    "an empty list of thresholds": (["thresholds"], {}),
    "an unknown threshold": (["thresholds", "p99DeliverMs"], 250),
    "a threshold below nothing": (["thresholds", "violations"], -1),
}


def check(*files):
    """Runs `plenary-load check`."""
    return subprocess.run(
        [LOAD_BINARY, "check", *files], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, timeout=PATIENCE_SECONDS, check=False,
    )


def slipped(place, value):
    """The smoke scenario with another value at a place."""
    scenario = copy.deepcopy(json.loads((FOLDER / "smoke.json").read_text(encoding="utf-8")))
    part = scenario
    for key in place[:-1]:
        part = part[key]
    if value is REMOVED:
        del part[place[-1]]
    else:
        part[place[-1]] = value
    return scenario


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def parts(schema):
    """Every part of the schema that describes a value, with its name."""
    for name, described in schema.get("properties", {}).items():
        yield name, described
        yield from parts(described)
    yield from parts(schema["items"]) if "items" in schema else ()


def test_every_key_of_the_schema_is_explained_and_bounded():
    described = [(name, part) for name, part in parts(SCHEMA) if name not in ("from", "to")]
    assert len(described) > 50
    for name, part in described:
        assert part["title"] and part["description"], name
    for name, part in parts(SCHEMA):
        if part.get("type") in ("integer", "number"):
            assert part["minimum"] < part["maximum"], name
        if part.get("type") == "object":
            assert part["additionalProperties"] is False, name


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_scenario_is_what_the_schema_says(path):
    scenario = json.loads(path.read_text(encoding="utf-8"))
    assert [error.message for error in VALIDATOR.iter_errors(scenario)] == []
    assert scenario["$schema"] == "scenario.schema.json"


def test_check_says_what_the_shipped_ones_come_to():
    done = check(*SHIPPED)
    assert done.returncode == 0, done.stdout
    lines = done.stdout.splitlines()
    assert len(lines) == len(SHIPPED) >= 9
    for path, line in zip(SHIPPED, lines):
        assert line.startswith(f"{path}: ok ("), line
    assert "40 sessions, 1,200 people, 6 min" in done.stdout


@pytest.mark.parametrize("slip", SLIPS)
def test_schema_and_check_refuse_the_same_slip(slip, tmp_path):
    scenario = slipped(*SLIPS[slip])
    assert not VALIDATOR.is_valid(scenario)
    path = tmp_path / "slip.json"
    path.write_text(json.dumps(scenario), encoding="utf-8")
    done = check(path)
    assert done.returncode == 65, done.stdout
    assert done.stdout.splitlines() and all(line.startswith(f"{path}: ") for line in done.stdout.splitlines())


def test_check_tells_all_slips_of_a_file_at_once(tmp_path):
    scenario = slipped(["seconds"], 9)
    scenario["people"]["each"] = 3_000
    scenario["chat"]["perminute"] = 1
    scenario["rounds"][0] |= {"seconds": 8, "size": 4}
    path = tmp_path / "slips.json"
    path.write_text(json.dumps(scenario), encoding="utf-8")
    done = check(path)
    assert done.returncode == 65
    places = [line.removeprefix(f"{path}: ").split(":")[0] for line in done.stdout.splitlines()]
    assert places == ["people.each", "chat.perminute", "rounds[0]", "rounds[0].seconds"]
    assert "Did you mean perMinute?" in done.stdout


def test_check_refuses_what_it_cannot_read_and_wrong_arguments(tmp_path):
    assert check(tmp_path / "none.json").returncode == 65
    broken = tmp_path / "broken.json"
    broken.write_text('{\n  "name": "a",\n}\n', encoding="utf-8")
    done = check(broken)
    assert done.returncode == 65 and f"{broken}: line 3, column 1: " in done.stdout
    assert check().returncode == 64
    assert check("--no-such-option").returncode == 64
