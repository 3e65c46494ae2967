"""The page's reducer and its small machines, in the browser that will run them: no server, no elements."""
import json

import pytest
from pages import OPENED, WELCOME, modules, play, seat


def test_a_join_gives_the_whole_picture(play):
    picture = play()
    assert (picture["epoch"], picture["seq"], picture["you"], picture["host"]) == ("e1", 10, "guest", "lead")
    assert picture["succession"] == ["deputy"]
    assert list(picture["participants"]) == ["lead", "deputy", "guest"]
    assert picture["chat"]["main"] == {"messages": WELCOME["state"]["chat"]["main"], "whole": True, "loaded": True}
    assert list(picture["chat"]) == ["main"], "nobody has written to anybody alone"


def test_fifty_messages_in_the_state_may_have_older_ones_before_them(play):
    many = [{"message": n, "at": n, "from": "lead", "text": "x"} for n in range(50)]
    welcome = WELCOME | {"state": WELCOME["state"] | {"chat": {"main": many}}}
    assert play(welcome=welcome)["chat"]["main"]["whole"] is False


@pytest.mark.parametrize(
    ("push", "expected"),
    [
        ({"on": "session.started", "at": 2000}, {"phase": "live", "startedAt": 2000}),
        ({"on": "session.ending", "at": 2000, "endsAt": 32000}, {"endsAt": 32000}),
        ({"on": "session.kept", "at": 2000}, {"endsAt": None}),
        ({"on": "session.ended", "at": 9, "endedAt": 5}, {"phase": "ended", "endsAt": None, "endedAt": 5}),
        ({"on": "session.changed", "at": 2000, "title": "T", "place": "P"}, {"title": "T", "place": "P"}),
        ({"on": "session.locked", "at": 2000, "locked": True}, {"locked": True}),
    ],
    ids=lambda value: value.get("on", "") if isinstance(value, dict) else "",
)
def test_the_session_changes(play, push, expected):
    picture = play(push | {"seq": 11})
    assert expected.items() <= picture["session"].items()
    assert picture["seq"] == 11
    assert picture["shared"] == ["participants", "chat"]


def test_presence_changes_and_a_newcomer_is_added(play):
    friend = {"person": "friend", "name": "Teacher B", "school": "", "role": "observer"}
    joined = friend | {"on": "participant.joined", "seq": 11, "at": 1}
    assert seat(play(joined), "friend") == friend | {"presence": "here", "room": "main"}
    for on, presence in {"away": "away", "gone": "gone", "left": "left", "returned": "here"}.items():
        picture = play(joined, {"on": f"participant.{on}", "seq": 12, "at": 2, "person": "friend", "cause": "closed"})
        assert seat(picture, "friend")["presence"] == presence
        assert picture["shared"] == ["chat", "session"]


def test_the_host_changes_and_whoever_led_stays_a_cohost(play):
    picture = play({"on": "host.changed", "seq": 11, "at": 1, "from": "lead", "to": "deputy", "reason": "given"})
    assert (picture["host"], seat(picture, "lead")["role"], seat(picture, "deputy")["role"]) == ("deputy", "cohost", "host")
    nobody = play({"on": "host.changed", "seq": 11, "at": 1, "from": "lead", "to": None, "reason": "dropped"})
    assert (nobody["host"], seat(nobody, "lead")["role"]) == (None, "cohost")


def test_roles_and_succession_change(play):
    picture = play(
        {"on": "role.changed", "seq": 11, "at": 1, "person": "guest", "role": "cohost"},
        {"on": "succession.changed", "seq": 12, "at": 1, "order": ["guest", "deputy"]},
    )
    assert seat(picture, "guest")["role"] == "cohost"
    assert picture["succession"] == ["guest", "deputy"]


def test_opening_places_people_and_the_own_new_room_has_no_history(play):
    picture = play(OPENED)
    assert seat(picture, "guest")["room"] == "b1-1"
    assert seat(picture, "lead")["room"] == "main"
    expected = {"round": 1, "phase": "open", "closesAt": 185000, "openedAt": 5000}
    assert expected.items() <= picture["breakouts"].items()
    assert picture["readable"] == [{"room": "b1-1", "name": "Owls", "round": 1}]
    assert picture["chat"]["b1-1"] == {"messages": [], "whole": True, "loaded": True}


def test_after_a_move_the_room_left_has_gaps_and_the_new_one_is_heard(play):
    moved = {"on": "participant.moved", "seq": 12, "at": 6000, "person": "guest", "from": "b1-1", "to": "b1-2"}
    said = {"on": "chat.sent", "seq": 13, "at": 7000, "message": 13, "room": "b1-2", "from": "deputy", "text": "hi"}
    picture = play(OPENED, moved, said)
    assert seat(picture, "guest")["room"] == "b1-2"
    assert [room["room"] for room in picture["readable"]] == ["b1-1", "b1-2"]
    assert picture["chat"]["b1-1"]["loaded"] is False
    assert picture["chat"]["b1-2"]["loaded"] is True
    assert [message["text"] for message in picture["chat"]["b1-2"]["messages"]] == ["hi"]


@pytest.mark.parametrize("on", ["breakouts.closed", "breakouts.undone"])
def test_a_round_that_is_over_brings_everybody_back_even_whom_it_does_not_list(play, on):
    picture = play(OPENED, {"on": on, "seq": 12, "at": 9000, "placements": []})
    assert picture["breakouts"] is None
    assert {person["room"] for person in picture["participants"].values()} == {"main"}


def test_closing_and_more_time_change_the_deadline_and_the_phase(play):
    closing = {"on": "breakouts.closing", "seq": 12, "at": 9000, "closesAt": 69000}
    assert {"phase": "closing", "closesAt": 69000}.items() <= play(OPENED, closing)["breakouts"].items()
    more = {"on": "breakouts.extended", "seq": 13, "at": 9000, "closesAt": 369000}
    assert {"phase": "open", "closesAt": 369000}.items() <= play(OPENED, closing, more)["breakouts"].items()


def test_a_little_more_time_during_the_countdown_leaves_it_a_countdown(play):
    opened = {**OPENED, "closing": 60000}
    closing = {"on": "breakouts.closing", "seq": 12, "at": 9000, "closesAt": 19000}
    little = {"on": "breakouts.extended", "seq": 13, "at": 9000, "closesAt": 39000}
    assert {"phase": "closing", "closesAt": 39000}.items() <= play(opened, closing, little)["breakouts"].items()


def test_chat_is_added_once_and_notices_have_no_number(play):
    said = {"on": "chat.sent", "seq": 11, "at": 2000, "message": 11, "room": "main", "from": "guest", "text": "hello"}
    count = {"on": "attendance.count", "here": 9, "unique": 9, "peak": 9}
    picture = play(said, said, count)
    assert [message["text"] for message in picture["chat"]["main"]["messages"]] == ["Hello", "hello"]
    assert picture["attendance"]["here"] == 9
    assert picture["seq"] == 11


def test_history_goes_in_front_and_the_newest_of_it_replaces_what_has_gaps(play):
    message = lambda number: {"message": number, "at": number, "from": "lead", "text": str(number)}
    older = play({"remember": ["main", [message(2), message(3)], False, 4]})["chat"]["main"]
    assert [known["message"] for known in older["messages"]] == [2, 3, 4]
    assert older["whole"] is True
    push = message(30) | {"on": "chat.sent", "seq": 30, "room": "main"}
    newest = play(push, {"remember": ["main", [message(20), message(21)], True]})["chat"]["main"]
    assert [known["message"] for known in newest["messages"]] == [20, 21, 30]
    assert newest["whole"] is False


def test_what_it_does_not_know_it_ignores_but_counts(play):
    for on in ["attendance.marked", "constructor", "__proto__", "toString"]:
        picture = play({"on": on, "seq": 11, "at": 1, "person": "guest"})
        assert picture["seq"] == 11
        assert picture["shared"] == ["participants", "chat", "session"]
    unknown = play({"on": "participant.away", "seq": 11, "at": 1, "person": "nobody"})
    assert list(unknown["participants"]) == ["lead", "deputy", "guest"]


def test_the_clock_follows_the_server_and_not_the_device(modules):
    now = modules.evaluate("""async () => {
      const { ServerClock } = await import("/clock.js");
      let local = 100;
      const clock = new ServerClock(() => local);
      const seen = [];
      clock.reset(5000); local = 300; seen.push(clock.now());
      clock.hear(5150); seen.push(clock.now());      // was underway for longer: no news
      clock.hear(5290); seen.push(clock.now());      // came faster than the join did
      local = 500; clock.measure(6000, 300); seen.push(clock.now());
      return seen;
    }""")
    assert now == [5200, 5200, 5290, 6100]


def test_durations_are_read_as_people_read_them(modules):
    texts = modules.evaluate("""async () => {
      const { duration } = await import("/clock.js");
      return [180000, 179001, 61000, 999, 0, -5000, 3600000].map(duration);
    }""")
    assert texts == ["3:00", "3:00", "1:01", "0:01", "0:00", "0:00", "1:00:00"]


def test_the_outbox_sends_in_order_and_again_with_the_same_key(modules):
    asked = modules.evaluate("""async () => {
      const { Outbox } = await import("/outbox.js");
      const asked = [];
      const again = { ok: { message: 7, seq: 7, repeated: true } };
      const answers = [{ lost: true, error: {} }, again, { ok: { message: 8, seq: 8 } }];
      const settled = () => new Promise((go) => setTimeout(go)); // after all that was promised
      const outbox = new Outbox("test", async (command) => { asked.push(command); return answers.shift(); }, () => {});
      outbox.add("main", "one");
      await settled();
      outbox.add("main", "two");
      await settled();
      const underway = outbox.of("main").map((entry) => entry.text);
      outbox.settle({ message: 8 });
      return { asked, underway, left: outbox.of("main") };
    }""")
    texts = [command["text"] for command in asked["asked"]]
    assert texts == ["one", "one", "two"], json.dumps(asked)
    assert asked["asked"][0]["key"] == asked["asked"][1]["key"] != asked["asked"][2]["key"]
    assert asked["underway"] == ["two"], "a repeat needs no push, a first sending waits for its own"
    assert asked["left"] == []
