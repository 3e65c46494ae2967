"""Protocol/asyncapi.yaml is an AsyncAPI 3.0 document, and every golden message is what it says."""
import json
import pathlib
import re

import jsonschema
import pytest
import yaml

PROTOCOL = pathlib.Path(__file__).parents[2] / "Protocol"
DOCUMENT = yaml.safe_load((PROTOCOL / "asyncapi.yaml").read_text(encoding="utf-8"))
MESSAGES = DOCUMENT["components"]["messages"]
GOLDEN = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((PROTOCOL / "messages").glob("*.json"))
}


def message_of(golden):
    """The document's message for a golden one: its own, or the plain reply."""
    name = golden.split("--")[0]
    return "reply" if name.startswith("reply-") and name not in MESSAGES else name


def closed(schema):
    """The same schema, taking no field that it does not describe: what clients are told to ignore, we do not send."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {key: closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        strict["additionalProperties"] = False
    return strict


STRICT = closed({"schemas": DOCUMENT["components"]["schemas"]})


def problems(message, value):
    """What is wrong with a value, as sentences."""
    schema = closed(MESSAGES[message]["payload"]) | {"components": STRICT}
    jsonschema.Draft7Validator.check_schema(schema)
    return [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(value)]


def resolve(reference):
    """What a reference within the document stands for."""
    assert reference.startswith("#/"), reference
    found = DOCUMENT
    for part in reference[2:].split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    return found


def references(part):
    """Every `$ref` below a part of the document."""
    if isinstance(part, dict):
        if "$ref" in part:
            assert list(part) == ["$ref"], part
            yield part["$ref"]
        part = part.values()
    elif not isinstance(part, list):
        return
    for inner in part:
        yield from references(inner)


def test_the_document_has_the_parts_of_asyncapi_3():
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= set(DOCUMENT["info"])
    allowed = {"asyncapi", "id", "info", "servers", "defaultContentType", "channels", "operations", "components"}
    assert set(DOCUMENT) <= allowed
    for server in DOCUMENT["servers"].values():
        assert {"host", "protocol"} <= set(server)
    for channel in DOCUMENT["channels"].values():
        named = set(re.findall(r"{(.*?)}", channel["address"]))
        assert named == set(channel["parameters"])
        for reference in channel["messages"].values():
            assert reference["$ref"].startswith("#/components/messages/")
    for message in MESSAGES.values():
        assert {"name", "summary", "payload"} <= set(message)


def test_every_reference_leads_somewhere():
    found = list(references(DOCUMENT))
    assert len(found) > 300
    for reference in found:
        resolve(reference)


def test_operations_use_each_message_of_the_channel():
    used = set()
    replies = set()
    for operation in DOCUMENT["operations"].values():
        assert operation["action"] in {"send", "receive"}
        groups = [operation]
        if operation["action"] == "receive":
            replies.add(operation["reply"]["$ref"].rsplit("/", 1)[1])
            groups.append(resolve(operation["reply"]["$ref"]))
        for group in groups:
            assert group["channel"] == {"$ref": "#/channels/session"}
            for reference in group["messages"]:
                assert reference["$ref"].startswith("#/channels/session/messages/")
                used.add(reference["$ref"].rsplit("/", 1)[1])
    assert used == set(DOCUMENT["channels"]["session"]["messages"])
    assert used == set(MESSAGES)
    assert replies == set(DOCUMENT["components"]["replies"])


def test_each_command_is_an_operation_that_may_be_refused():
    asked = []
    for operation in DOCUMENT["operations"].values():
        if operation["action"] == "send":
            continue
        (command,) = (reference["$ref"].rsplit("/", 1)[1] for reference in operation["messages"])
        asked.append(command)
        answers = [reference["$ref"].rsplit("/", 1)[1] for reference in resolve(operation["reply"]["$ref"])["messages"]]
        own = command.replace("command-", "reply-")
        assert answers == [own if own in MESSAGES else "reply", "error-refused", "error-malformed"]
    assert sorted(asked) == sorted(name for name in MESSAGES if name.startswith("command-"))


def test_every_message_has_a_golden_one():
    assert {message_of(golden) for golden in GOLDEN} == set(MESSAGES)


@pytest.mark.parametrize("golden", GOLDEN)
def test_golden_messages_are_what_the_document_says(golden):
    assert problems(message_of(golden), GOLDEN[golden]) == []


@pytest.mark.parametrize("golden", [name for name in GOLDEN if "--" not in name])
def test_no_field_that_is_required_may_be_missing(golden):
    """A schema that takes anything would pass the test above; this one would not let it."""
    message = message_of(golden)
    for field in MESSAGES[message]["payload"]["required"]:
        without = {key: value for key, value in GOLDEN[golden].items() if key != field}
        assert problems(message, without) != [], field
    assert problems(message, GOLDEN[golden] | {"surprise": 1}) != []


def test_commands_take_no_unknown_field_for_clients_either():
    for name, message in MESSAGES.items():
        assert (message["payload"].get("additionalProperties") is False) == name.startswith("command-"), name


def test_the_codes_of_refusals_are_those_of_the_document_for_people():
    text = (PROTOCOL / "codes.md").read_text(encoding="utf-8").split("## Malformed")[0]
    listed = re.findall(r"^\| `(\w+)`", text, re.MULTILINE)
    assert DOCUMENT["components"]["schemas"]["refusalCode"]["enum"] == listed


def test_the_commands_are_those_of_the_permission_table():
    text = (PROTOCOL / "permissions.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([\w.]+)` \|", text, re.MULTILINE)
    commands = [name.removeprefix("command-") for name in MESSAGES if name.startswith("command-")]
    assert commands == ["session.join", *listed]


def test_what_made_a_command_stale_has_the_name_of_its_push():
    edits = DOCUMENT["components"]["schemas"]["editName"]["enum"]
    assert {f"push-{name}" for name in edits} <= set(MESSAGES)


def test_commands_that_edit_take_the_seq_they_rest_on_and_no_other_does():
    areas = ("handoff.", "host.", "cohost.", "succession.", "floor.", "breakouts.")
    for name, message in MESSAGES.items():
        edits = name.startswith("command-") and name.removeprefix("command-").startswith(areas)
        assert ("ifSeq" in message["payload"]["properties"]) == edits, name
