"""The load driver's judges: each is shown a server that does something wrong, by somebody who meddles with what it says."""
import json
import subprocess

import pytest
from meddler import Meddler
from rehearsing import SMALL
from running import PATIENCE_SECONDS, environment


def told(result):
    return {(violation["rule"], violation.get("person")) for violation in result["violations"]}


def lost_push(person, message, seen):
    """One person misses one message that all others of the room hear."""
    if person == "c1-p3" and message.get("on") == "chat.sent" and "lost" not in seen:
        seen["lost"] = True
        return []
    return None


def doubled_push(_, message, seen):
    if message.get("on") == "chat.sent" and "doubled" not in seen:
        seen["doubled"] = True
        return [message, message]
    return None


def changed_text(person, message, seen):
    if person == "c1-p4" and message.get("on") == "chat.sent" and "changed" not in seen:
        seen["changed"] = True
        return [message | {"text": message["text"] + "!"}]
    return None


def wrong_room(_, message, seen):
    joined = message.get("ok", {}).get("you")
    if joined and joined["role"] == "participant" and "room" not in seen:
        seen["room"] = True
        return [message | {"ok": message["ok"] | {"you": joined | {"room": "b9-1"}}}]
    return None


def late_rooms(_, message, seen):
    if message.get("on") in {"breakouts.opened", "breakouts.closing"}:
        return [message | {"closesAt": message["closesAt"] - 1500}]
    return None


def wrong_minutes(_, message, seen):
    if message.get("ok", {}).get("live") and message["ok"].get("people"):
        first, *rest = message["ok"]["people"]
        return [message | {"ok": message["ok"] | {"people": [first | {"present": first["present"] + 5000}, *rest]}}]
    return None


def swallowed_answer(_, message, seen):
    """A message is acknowledged and comes to nobody."""
    if message.get("on") == "chat.sent":
        seen.setdefault("swallowed", message["seq"])
        if message["seq"] == seen["swallowed"]:
            return []
    return None


def deaf_person(person, message, seen):
    """One person is pushed nothing more from the first words on, however well the connection answers."""
    if message.get("on") == "chat.sent":
        seen["deaf"] = True
    return [] if "deaf" in seen and person == "c1-p3" and "on" in message else None


def secret_closing(_, message, seen):
    return [] if message.get("on") == "breakouts.closed" else None


def secret_end(_, message, seen):
    return [] if message.get("on") == "session.ended" else None


@pytest.mark.parametrize(
    ("meddle", "rule"),
    [
        (lost_push, "missed"), (doubled_push, "order"), (changed_text, "same"), (wrong_room, "room"),
        (late_rooms, "rooms"), (wrong_minutes, "attendance"), (swallowed_answer, "own"), (deaf_person, "missed"),
        (secret_closing, "rooms"), (secret_end, "attendance"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_judge_notices_what_a_server_does_wrong(serve, load, meddle, rule):
    server = serve()
    seen = {}
    meddler = Meddler(server, lambda person, message: meddle(person, message, seen))
    try:
        # Direct messages are heard by two alone, so the fault would concern nobody else.
        scenario = load.file(drops={}, chat=SMALL["chat"] | {"direct": 0})
        done, result = load.play(meddler.address, scenario=scenario)
    finally:
        meddler.close()
    assert done.returncode == 99, done.stdout + done.stderr
    assert result["verdict"]["kind"] == "thresholdsNotMet"
    assert rule in {found for found, _ in told(result)}, result["violations"]
    assert all(violation["session"] and violation["sentence"] for violation in result["violations"])


def test_a_server_that_dies_for_good_is_no_good_evening(serve, load):
    server = serve()
    # Nothing is asked of it but that the rules hold: who says nothing breaks none, and delays nothing.
    process = subprocess.Popen(
        load.arguments(server.address, load.file(rounds=[], drops={}, seconds=12), "--out", load.folder / "out"),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
    )
    # The first line comes after five seconds, when everybody is there.
    assert process.stdout.readline()
    server.kill()
    output, errors = process.communicate(timeout=3 * PATIENCE_SECONDS)
    assert process.returncode == 99, output + errors
    result = json.loads((load.folder / "out" / "result.json").read_text())
    assert {violation["rule"] for violation in result["violations"]} == {"attendance"}
    missing = [threshold for threshold in result["thresholds"] if threshold["name"] == "missingPeople"]
    assert [(threshold["actual"], threshold["isMet"]) for threshold in missing] == [(12, False)]
    assert any("Nobody was connected at the end" in remark for remark in result["remarks"])
