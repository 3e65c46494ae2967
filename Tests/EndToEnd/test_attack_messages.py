"""Attacks by messages (HOSTILE 41 to 48), ten rounds of each while others talk beside; see `attack.py` for what each asserts."""
import collections
import itertools
import json

import pytest
from attack import FULL, ROUNDS, amount
from client import Client, Refused, closed_for

MESSAGE_BYTES = 64 * 1024
MARK = "\u0301"
# What people cannot see, or see elsewhere than it stands.
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
HIDDEN = "\u00ad\u200b\u2060\u2064\ufeff\u180e\U000e0041"


@pytest.fixture
def live(attack, tickets):
    """A live session; answers who comes into it: forty people in turn, with all rights."""
    people = itertools.cycle(f"p{number}" for number in range(40))
    # Gone again: who never reads what the others cause does not get to the end of it when it closes.
    with Client(attack.target.server.address, attack.session) as host:
        host.join(tickets.forge(session=attack.session, sub="host", role="host"))
        host.call("session.start")

    def join(address):
        client = Client(address, attack.session)
        client.join(tickets.forge(session=attack.session, sub=next(people), role="cohost"))
        return client

    return join


def malformed(address, live, messages):
    """What three of the same message on a connection are told, for each of them."""
    told = []
    for message in messages:
        with live(address) as client:
            for _ in range(3):
                client.send_raw(message)
            code, _ = client.closed()
            told += [error["code"] for error in client.said.errors] + [code]
    return told


def all_malformed(attack, live, messages):
    """Each is answered with an error, its third time ends the connection, and all of it is counted."""
    attack(
        lambda address: malformed(address, live, messages), ["malformed", "malformed", "malformed", 4500] * len(messages),
        {"malformed": 3 * len(messages), "closedMalformed": len(messages)},
    )


def answers(client, commands):
    """The error code of each command and the field that it names, or "ok"."""
    return [outcome(client, client.send(do, **fields)) for do, fields in commands]


def answers_to_raw(client, texts):
    """The same for commands that are sent as they stand, but for `%d`, their number."""
    told = []
    for text in texts:
        client.said.number += 1
        client.send_raw(text.replace("%d", str(client.said.number)))
        told.append(outcome(client, client.said.number))
    return told


def outcome(client, number):
    try:
        client.result(number)
        return "ok"
    except Refused as refused:
        return f"{refused.code} {refused.error.get('field', '')}".strip()


def codes(answers):
    """How often each code is among them."""
    return collections.Counter(answer.split()[0] for answer in answers)


def test_row_41_what_is_no_json_is_an_error_and_the_third_closes_4500(attack, live):
    all_malformed(attack, live, [
        "no JSON", "", "[]", '[{"id":50,"do":"time.sync"}]', '"text"', "null", "{}", '{"id":50,"do":"time.sync"} {}',
        '{"id":50,"do":"time.sync"}x', '\ufeff{"id":50,"do":"time.sync"}', '{"id":50,"do":"time.sync","a":NaN}',
        '{"id":50,"do":"time.sync","a":Infinity}', '{"id":50,/* a */"do":"time.sync"}', '{"id":50,"do":"time.sync"}// a',
        '{"id":50,"do":"time.sync",}', "{'id':50,'do':'time.sync'}", '{"id":50,"do":"time.sync"',
    ])


def test_row_42_too_deep_too_many_members_and_a_key_twice_are_malformed(attack, live):
    members = {f"m{number}": 0 for number in range(63)}
    all_malformed(attack, live, [
        '{"id":50,"do":"time.sync","a":%s}' % ("[" * 16 + "]" * 16), '{"id":50,"do":"time.sync","a":%s' % ("[" * 60_000),
        '{"id":50,"do":"time.sync","a":%s1%s}' % ('{"a":' * 16, "}" * 16), json.dumps({"id": 50, "do": "time.sync"} | members),
        '{"id":50,"do":"time.sync","do":"time.sync"}', '{"id":50,"do":"time.sync","a":{"b":1,"\\u0062":2}}',
    ])


def test_row_42_an_unknown_key_is_refused_by_name(attack, live):
    deep = '{"id":%d,"do":"time.sync","a":' + "[" * 15 + "]" * 15 + "}"
    wide = '{"id":%d,"do":"time.sync",' + ",".join(f'"m{number}":0' for number in range(62)) + "}"

    few = [("time.sync", {"colour": "red"}), ("chat.send", {"room": "main", "text": "a", "Text": "b"})]

    def one_round(address):
        with live(address) as client:
            return answers(client, few) + answers_to_raw(client, [deep, wide])

    expected = ["unknownField colour", "unknownField Text", "unknownField a", "unknownField m0"]
    attack(one_round, expected, {}, {"unknownField": len(expected)})


NUMBERS = [
    "1.5", "1e400", "-0", "9007199254740993", "18446744073709551616", "5" * 60_000, "-" + "5" * 60_000, "0." + "3" * 60_000,
]


def test_row_43_numbers_that_are_no_id_are_malformed(attack, live):
    all_malformed(attack, live, ['{"id":%s,"do":"time.sync"}' % number for number in NUMBERS])


def test_row_43_numbers_that_are_no_value_are_refused(attack, live):
    texts = ['{"id":%%d,"do":"chat.history","room":"main","limit":%s}' % number for number in NUMBERS]

    def one_round(address):
        with live(address) as client:
            return answers_to_raw(client, texts)

    attack(one_round, ["badValue limit"] * len(texts), {}, {"badValue": len(texts)})


def marked(template):
    """A command that is filled up with combining marks to the last byte."""
    room = MESSAGE_BYTES - len(template % ("%d", "")) - 8
    return template % ("%d", MARK * (room // 2))


MARKS_EVERYWHERE = {
    marked('{"id":%s,"do":"chat.send","room":"main","text":"%s"}'): "tooLong text",
    marked('{"id":%s,"do":"chat.send","room":"main","text":"a","key":"%s"}'): "tooLong key",
    marked('{"id":%s,"do":"chat.send","room":"%s","text":"a"}'): "tooLong room",
    marked('{"id":%s,"do":"session.set","title":"%s"}'): "tooLong title",
    marked('{"id":%s,"do":"breakouts.open","rooms":[{"name":"%s"}]}'): "tooLong rooms[0].name",
    marked('{"id":%s,"do":"%s"}'): "unknownCommand",
    marked('{"id":%s,"do":"time.sync","%s":1}'): "unknownField " + 64 * "?",
}


def test_row_44_64_kib_of_combining_marks_are_refused_wherever_they_stand(attack, live):
    def one_round(address):
        with live(address) as client:
            few = [("chat.send", {"room": "main", "text": "e" + MARK * 31}), ("session.set", {"title": "e" + MARK * 31})]
            return answers_to_raw(client, MARKS_EVERYWHERE) + answers(client, few)

    expected = [*MARKS_EVERYWHERE.values(), "badValue text", "badValue title"]
    attack(one_round, expected, {}, codes(expected))


def test_row_44_combining_marks_as_a_ticket_or_in_one_are_refused(attack, tickets):
    session = attack.session
    attempts = [tickets.forge(session=session, name="e" + MARK * number) for number in (31, 400)] + [MARK * 1_000, MARK * 2_100]

    def one_round(address):
        return [closed_for(address, session, ticket) for ticket in attempts]

    attack(one_round, [4501, 4501, 4501, 1009], {"ticket": 3, "violation": 1})


def test_row_44_64_kib_of_combining_marks_take_less_than_a_millisecond(attack, live):
    """Of computing, the least of some measurements: what a busy machine does in between is not the server's."""
    number, times, costs = amount(3, 10), amount(1, 4), {}
    before = attack.target.refused()
    for text, expected in MARKS_EVERYWHERE.items():
        with live(attack.target.server.address) as client:
            costs[expected] = min(cost_of_refusal(attack, client, text, expected, number) for _ in range(times))
    refused = attack.target.refused() - before
    assert refused == codes(list(MARKS_EVERYWHERE.values()) * number * times)
    dearest = max(costs.values()) * 1000
    remark = f"(at most {dearest:.2f} ms of computing)"
    attack.note(["refused in under 1 ms"], len(costs) * number * times, {}, longest=remark, refused=refused)
    assert not FULL or dearest < 1, costs


def cost_of_refusal(attack, client, text, expected, number):
    """Seconds of computing for one of so many messages, all of which have to be refused."""
    before = attack.target.processor_seconds()
    assert set(answers_to_raw(client, [text] * number)) == {expected}
    return (attack.target.processor_seconds() - before) / number


def test_row_45_half_a_surrogate_pair_is_malformed(attack, live):
    halves = [r"\ud800", r"\udc00", r"\ud800\ud800", r"a\udbffb", r"\ud83d\u0041"]
    texts = ['{"id":50,"do":"chat.send","room":"main","text":"%s"}' % half for half in halves]
    all_malformed(attack, live, [*texts, r'{"id":50,"do":"time.sync","\ud800":1}', r'{"id":50,"do":"\udfff"}'])


def test_row_45_an_escaped_zero_is_refused(attack, live):
    texts = [
        r'{"id":%d,"do":"chat.send","room":"main","text":"a\u0000b"}',
        r'{"id":%d,"do":"chat.send","room":"main\u0000","text":"a"}',
        r'{"id":%d,"do":"chat.send","room":"main","text":"a","key":"k\u0000"}', r'{"id":%d,"do":"session.set","title":"a\u0000"}',
        r'{"id":%d,"do":"time.sync\u0000"}', r'{"id":%d,"do":"participant.label","text":"\u0000"}',
    ]
    expected = ["badValue text", "badValue room", "badValue key", "badValue title", "unknownCommand", "badValue text"]

    def one_round(address):
        with live(address) as client:
            return answers_to_raw(client, texts)

    attack(one_round, expected, {}, codes(expected))


def test_row_46_names_with_tricks_are_no_names(attack, live, tickets):
    names = [f"Te{trick}acher" for trick in TURNING + HIDDEN] + ["Teacher\u200d", "\u200fTeacher", "\u3164", "Teacher\u2028"]
    bad_tickets = [tickets.forge(session=attack.session, name=name) for name in names[::4]]
    bad_schools = [tickets.forge(session=attack.session, school=name) for name in names[1::4]]

    def one_round(address):
        refused = [closed_for(address, attack.session, ticket) for ticket in bad_tickets + bad_schools]
        with live(address) as client:
            return refused + answers(client, [("session.set", {"title": name}) for name in names])

    expected = [4501] * len(bad_tickets + bad_schools) + ["badValue title"] * len(names)
    attack(one_round, expected, {"ticket": len(bad_tickets + bad_schools)}, {"badValue": len(names)})


def test_row_46_room_names_with_tricks_are_refused_and_scripts_that_need_joiners_are_not(attack, live):
    tricks = [TURNING[4], TURNING[5], *HIDDEN]
    opening = [("breakouts.preview", {"rooms": [{"name": f"Room{trick} 1"}]}) for trick in tricks]
    proper = ["می\u200cخواهم", "क्\u200dष", "👩\u200d👩\u200d👧", "שלום\u200e 1", "Ångström"]

    def one_round(address):
        with live(address) as client:
            return answers(client, opening) + answers(client, [("session.set", {"title": name}) for name in proper])

    expected = ["badValue rooms[0].name"] * len(tricks) + ["ok"] * len(proper)
    attack(one_round, expected, {}, {"badValue": len(tricks)})


def test_row_47_html_and_javascript_are_delivered_as_text(attack, live):
    texts = [
        "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(document.cookie)",
        "</textarea><svg/onload=alert(1)>&lt;&amp;", "data:text/html,<b>x</b> {{7*7}} ${7*7} %s \\u003c ]]>",
    ]

    def one_round(address):
        with live(address) as writer, live(address) as reader:
            sent = [writer.call("chat.send", room="main", text=text)["message"] for text in texts]
            heard = [[client.on("chat.sent", message=message)["text"] for message in sent] for client in (writer, reader)]
            return ["as it was written" if each == texts else each for each in heard]

    attack(one_round, ["as it was written"] * 2, {})


def test_row_48_an_id_repeated_or_falling_is_malformed(attack, live):
    def one_round(address):
        said = []
        for second in (7, 6, 1):
            with live(address) as client:
                client.send_raw('{"id":7,"do":"time.sync"}')
                assert client.result(7)["now"] > 0
                for _ in range(3):
                    client.send_raw('{"id":%d,"do":"time.sync"}' % second)
                code, _ = client.closed()
                said += [error["code"] for error in client.said.errors] + [code]
        return said

    attack(one_round, ["malformed", "malformed", "malformed", 4500] * 3, {"malformed": 9, "closedMalformed": 3})


def test_row_48_a_repeated_key_answers_the_first_result_and_does_nothing_more(attack, live):
    def one_round(address):
        with live(address) as writer, live(address) as reader:
            first = writer.call("chat.send", room="main", text="once", key="k")
            again = [writer.call("chat.send", room="main", text=text, key="k") for text in ("once", "another", "once")]
            last = writer.call("chat.send", room="main", text="after")
            reader.on("chat.sent", message=last["message"])
            assert [push["text"] for push in reader.heard("chat.sent")] == ["once", "after"]
            assert "repeated" not in first
            return ["first result again" if (a["message"], a["repeated"]) == (first["message"], True) else a for a in again]

    attack(one_round, ["first result again"] * 3, {})


def test_row_48_a_key_holds_across_crash_and_restart(attack_on, tickets):
    """Each round is another process, so there is no memory to compare; the session beside it comes back as well."""
    attack = attack_on()
    server, session = attack.target.server, attack.session
    people = {person: tickets.forge(session=session, sub=person, role="host") for person in ("host", "beside")}
    resume, seen, said = {}, [], []

    def joined(person):
        client = Client(server.address, session)
        welcome = client.join(people[person], resume.get(person))
        assert welcome["resumed"] is (person in resume)
        resume.setdefault(person, {"epoch": welcome["epoch"], "after": welcome["seq"]})
        return client

    for number in range(ROUNDS):
        with joined("host") as host, joined("beside") as beside:
            if number == 0:
                host.call("session.start")
            else:
                again = host.call("chat.send", room="main", text="once", key=f"k{number - 1}")
                assert (again["message"], again["repeated"]) == (said[-1][0], True)
            first = host.call("chat.send", room="main", text=f"once {number}", key=f"k{number}")
            said.append((first["message"], f"once {number}"))
            for client in (host, beside):
                client.on("chat.sent", message=first["message"])
            seen += [(push["message"], push["text"]) for push in beside.heard("chat.sent")]
            resume["host"]["after"], resume["beside"]["after"] = host.said.last_seq, beside.said.last_seq
            server.kill()
        server.start()
    with joined("host") as host:
        kept = host.call("chat.history", room="main", limit=100)["messages"]
        assert [(message["message"], message["text"]) for message in kept] == said == seen
    attack.note(["first result again"], ROUNDS - 1, {})
