"""How the page folds what hosts and people do into its picture: each push, the `you` notice, and whose edits are unseen."""
import pytest
from pages import OPENED, WELCOME, modules, play, seat

HOST = WELCOME | {
    "you": {"person": "deputy", "role": "cohost"},
    "state": WELCOME["state"] | {"chat": {**WELCOME["state"]["chat"], "hosts": []}, "help": [], "handoff": None},
}


def push(on, seq, **fields):
    return {"on": on, "seq": seq, "at": seq * 1000, **fields}


def said(seq, **fields):
    return push("chat.sent", seq, message=seq, **{"from": "lead", "text": str(seq), **fields})


def texts(picture, channel):
    return [message["text"] for message in picture["chat"][channel]["messages"]]


def test_an_offer_stands_until_it_is_declined_withdrawn_or_somebody_else_leads(play):
    offered = push("handoff.offered", 11, **{"from": "lead", "to": "guest"})
    assert play(offered)["handoff"] == {"from": "lead", "to": "guest"}
    assert play(offered, push("handoff.declined", 12, by="guest"))["handoff"] is None
    assert play(offered, push("handoff.withdrawn", 12, by="lead", to="guest"))["handoff"] is None
    changed = push("host.changed", 12, **{"from": "lead", "to": "guest", "reason": "accepted"})
    picture = play(offered, changed)
    assert (picture["handoff"], picture["host"]) == (None, "guest")
    assert (seat(picture, "lead")["role"], seat(picture, "guest")["role"]) == ("cohost", "host")


def test_the_floor_is_taken_and_given_back(play):
    taken = push("floor.taken", 11, person="deputy", until=90_000)
    assert play(taken)["floor"] == {"person": "deputy", "until": 90_000}
    assert play(taken, push("floor.yielded", 12, by=None))["floor"] is None


def test_hands_go_up_with_the_number_of_their_event_and_down_again(play):
    raised = push("hand.raised", 11, person="guest")
    assert seat(play(raised), "guest")["hand"] == 11
    assert seat(play(raised, push("hand.lowered", 12, person="guest", by="lead")), "guest")["hand"] is None


def test_labels_mutes_passes_and_removals_change_one_seat(play):
    picture = play(
        push("participant.labelled", 11, person="guest", text="Maths", by="lead"),
        push("participant.muted", 12, person="guest", muted=True, by="lead"),
        push("room.passed", 13, **{"person": "guest", "pass": True}),
    )
    assert {"label": "Maths", "muted": True, "pass": True}.items() <= seat(picture, "guest").items()
    removed = play(OPENED, push("participant.removed", 12, person="guest", by="lead"))
    assert (seat(removed, "guest")["presence"], seat(removed, "guest")["room"]) == ("left", "main")


def test_help_is_a_queue_for_hosts_and_one_request_for_its_asker(play):
    asked = push("help.asked", 11, help=11, person=None, room="main", text="x", unnamed=True)
    claimed, resolved = push("help.claimed", 12, help=11, by="lead"), push("help.resolved", 13, help=11, by="lead")
    request = {"help": 11, "person": None, "room": "main", "text": "x", "unnamed": True, "at": 11_000, "claimedBy": None}
    assert play(asked, welcome=HOST)["help"] == [request]
    assert play(asked)["help"] == [request | {"person": "guest"}], "who is no host hears only of their own"
    assert play(asked, claimed)["help"][0]["claimedBy"] == "lead"
    assert play(asked, claimed, resolved)["help"] == []
    assert play(asked, push("help.withdrawn", 12, help=11), welcome=HOST)["help"] == []


def test_rooms_are_added_renamed_and_removed_while_they_are_open(play):
    added = push("breakouts.roomAdded", 12, room="b1-3", name="Bees", task="t", place="p", hostsRead=False, by="lead")
    renamed = push("breakouts.roomRenamed", 13, room="b1-1", name="Eagles", by="lead")
    back = [{"person": "guest", "room": "main"}]
    removed = push("breakouts.roomRemoved", 14, room="b1-1", placements=back, by="lead")
    picture = play(OPENED, added, renamed)
    assert [room["name"] for room in picture["breakouts"]["rooms"]] == ["Eagles", "Foxes", "Bees"]
    assert picture["breakouts"]["rooms"][2] == {"room": "b1-3", "name": "Bees", "task": "t", "place": "p", "hostsRead": False}
    assert picture["readable"] == [{"room": "b1-1", "name": "Eagles", "round": 1}]
    picture = play(OPENED, added, renamed, removed)
    assert [room["room"] for room in picture["breakouts"]["rooms"]] == ["b1-2", "b1-3"]
    assert seat(picture, "guest")["room"] == "main"
    assert [room["name"] for room in picture["readable"]] == ["Eagles"], "what was said there stays readable"


def test_hosts_may_read_all_rooms_of_a_round_that_says_so_in_their_order(play):
    rooms = [{"room": f"b1-{n}", "name": f"R{n}", "hostsRead": True} for n in (1, 2)]
    opened = OPENED | {"rooms": rooms, "placements": [{"person": "deputy", "room": "b1-2"}]}
    added = push("breakouts.roomAdded", 12, room="b1-10", name="R10", task="", place="", hostsRead=True, by="lead")
    assert [room["room"] for room in play(opened, added, welcome=HOST)["readable"]] == ["b1-1", "b1-2", "b1-10"]
    assert play(opened, added)["readable"] == [], "for who is no host and in no room nothing changes"


def test_direct_messages_are_kept_by_person(play):
    to_me, from_me = said(11, to="guest"), said(12, to="lead", **{"from": "guest"})
    picture = play(to_me, from_me, said(13, to="guest", **{"from": "deputy"}))
    assert texts(picture, "@lead") == ["11", "12"]
    assert texts(picture, "@deputy") == ["13"]
    direct = [{"message": 5, "at": 5, "from": "deputy", "to": "guest", "text": "5"},
              {"message": 6, "at": 6, "from": "guest", "to": "deputy", "text": "6"}]
    state = WELCOME["state"] | {"chat": {"main": [], "direct": direct}}
    assert texts(play(welcome=WELCOME | {"state": state}), "@deputy") == ["5", "6"]


def test_messages_are_changed_and_deleted_wherever_they_stand(play):
    edited = push("chat.edited", 11, message=4, text="Hallo")
    assert play(edited)["chat"]["main"]["messages"][0] | {"text": "Hallo", "editedAt": 11_000} == (
        play(edited)["chat"]["main"]["messages"][0]
    )
    sign = push("chat.reacted", 12, message=4, emoji="👍", added=True, person="lead")
    gone = play(edited, sign, push("chat.deleted", 13, message=4, by="lead"))["chat"]["main"]["messages"][0]
    assert (gone["text"], gone["deleted"]) == (None, True)
    assert "reactions" not in gone
    assert play(push("chat.deleted", 11, message=99, by="lead"))["shared"] == ["participants", "chat", "session"]


def test_signs_are_told_with_names_but_same_is_a_number(play):
    def react(seq, emoji, added=True, **who):
        return push("chat.reacted", seq, message=4, emoji=emoji, added=added, **who)

    signs = [react(11, "👍", person="lead"), react(12, "same"), react(13, "👍", person="guest"), react(14, "same")]
    expected = [{"emoji": "👍", "count": 2, "people": ["lead", "guest"]}, {"emoji": "same", "count": 2}]
    message = play(*signs)["chat"]["main"]["messages"][0]
    assert message["reactions"] == expected
    fewer = [react(15, "👍", False, person="lead"), react(16, "same", False), react(17, "same", False)]
    assert play(*signs, *fewer)["chat"]["main"]["messages"][0]["reactions"] == [
        {"emoji": "👍", "count": 1, "people": ["guest"]}
    ]
    last = play(*signs, *fewer, react(18, "👍", False, person="guest"))["chat"]["main"]["messages"][0]
    assert "reactions" not in last


def test_of_many_who_put_a_sign_only_the_first_are_named_but_all_counted(play):
    crowd = [{"emoji": "👍", "count": 150, "people": [f"p{n}" for n in range(100)]}]
    message = WELCOME["state"]["chat"]["main"][0] | {"reactions": crowd}
    welcome = WELCOME | {"state": WELCOME["state"] | {"chat": {"main": [message], "direct": []}}}
    taken = push("chat.reacted", 11, message=4, emoji="👍", added=False, person="p149")
    assert play(taken, welcome=welcome)["chat"]["main"]["messages"][0]["reactions"][0]["count"] == 149


def test_the_rules_of_the_chat_change(play):
    picture = play(push("chat.settingsChanged", 11, locked=True, slowSeconds=30, by="lead"))
    assert picture["chatSettings"] == {"locked": True, "slowSeconds": 30}


def test_you_replaces_ones_own_part_and_keeps_what_was_read_of_older_messages(play):
    older = {"remember": ["main", [{"message": 2, "at": 2, "from": "lead", "text": "2"}], False, 4]}
    role = push("role.changed", 11, person="guest", role="cohost", by="lead")
    you = {
        "on": "you", "you": {"person": "guest", "role": "cohost", "owner": False, "eligible": True},
        "chat": {"main": WELCOME["state"]["chat"]["main"], "hosts": [{"message": 9, "at": 9, "from": "lead", "text": "9"}],
                 "direct": []},
        "readable": [{"room": "b1-1", "name": "Owls", "round": 1}],
        "help": [{"help": 7, "person": None, "room": "main", "text": "", "unnamed": True, "at": 7, "claimedBy": None}],
        "handoff": {"from": "lead", "to": "deputy"},
    }
    picture = play(older, role, you)
    assert texts(picture, "main") == ["2", "Hello"]
    assert texts(picture, "hosts") == ["9"]
    assert [request["help"] for request in picture["help"]] == [7]
    assert (picture["handoff"], picture["eligible"]) == ({"from": "lead", "to": "deputy"}, True)
    assert picture["seq"] == 11, "a notice has no number of its own"
    back = push("role.changed", 12, person="guest", role="participant", by="lead")
    less = you | {"chat": {"main": you["chat"]["main"], "direct": []}, "help": [], "handoff": None}
    assert "hosts" not in play(older, role, you, back, less)["chat"]


def test_notices_of_rooms_are_kept_until_the_round_is_over(play):
    pulse = {"on": "rooms.pulse", "round": 1, "rooms": [{"room": "b1-1", "present": 1}]}
    confirmed = {"on": "breakouts.confirmed", "round": 1, "confirmed": 1, "seen": 0, "of": 2, "missing": ["guest"]}
    picture = play(OPENED, pulse, confirmed)
    assert (picture["pulse"]["rooms"][0]["present"], picture["confirmed"]["missing"]) == (1, ["guest"])
    picture = play(OPENED, pulse, confirmed, push("breakouts.closed", 12, placements=[], by=None))
    assert (picture["pulse"], picture["confirmed"]) == (None, None)


EDITS = """async ({ pushes, asks }) => {
  const { Edits } = await import("/edits.js");
  let local = 0;
  const edits = new Edits(() => local);
  for (const [at, push] of pushes) { local = at; edits.hear(push, "lead"); }
  return asks.map(([at, command, seq, basis]) => { local = at; return edits.ifSeq(command, seq, basis); });
}"""
EXTEND, GIVE = {"do": "breakouts.extend", "seconds": 60}, {"do": "handoff.give", "to": "guest"}


def moved(seq, person, by):
    return push("participant.moved", seq, person=person, reason="moved", by=by, **{"from": "main", "to": "b1-1"})


@pytest.mark.parametrize(
    ("pushes", "ask", "expected"),
    [
        ([], [0, EXTEND, 20, None], 20),
        ([[0, push("breakouts.extended", 15, by="deputy")]], [5000, EXTEND, 20, None], 20),
        ([[0, push("breakouts.extended", 15, by="deputy")]], [100, EXTEND, 20, None], 14),
        ([[0, push("breakouts.extended", 15, by="deputy")]], [5000, EXTEND, 20, 12], 14),
        ([[0, push("breakouts.extended", 15, by="deputy")]], [5000, EXTEND, 20, 15], 20),
        ([[0, push("breakouts.extended", 15, by="lead")]], [100, EXTEND, 20, 12], 20),
        ([[0, push("breakouts.extended", 15, by="deputy")]], [100, GIVE, 20, None], 20),
        ([[0, push("breakouts.closing", 15, by=None)]], [100, EXTEND, 20, 12], 20),
        ([[0, push("host.changed", 15, to="lead", reason="accepted")]], [100, GIVE, 20, 12], 20),
        ([[0, push("host.changed", 15, to="deputy", reason="reclaimed")]], [100, GIVE, 20, 12], 14),
        ([[0, push("host.changed", 15, to="deputy", reason="accepted")]], [9, {"do": "floor.take"}, 20, None], 20),
        ([[0, moved(15, "guest", "deputy")]], [9, {"do": "breakouts.move", "person": "deputy"}, 20, 12], 20),
        ([[0, moved(15, "guest", "deputy")]], [9, {"do": "breakouts.move", "person": "guest"}, 20, 12], 14),
    ],
    ids=[
        "nothing changed", "a button after a while", "a button at once", "a form begun before", "a form begun after",
        "one's own", "of the other kind", "by itself", "one's own taking over", "another's taking over",
        "stepping in", "a move of somebody else", "a move of the same person",
    ],
)
def test_an_edit_rests_on_what_the_person_has_seen(modules, pushes, ask, expected):
    assert modules.evaluate(EDITS, {"pushes": pushes, "asks": [ask]}) == [expected]


def test_after_a_whole_state_an_edit_rests_on_when_its_form_was_begun(modules):
    answers = modules.evaluate("""async (extend) => {
      const { Edits } = await import("/edits.js");
      const edits = new Edits(() => 0);
      edits.beginAt(30); // what was edited up to here is not known
      return [edits.ifSeq(extend, 40, 20), edits.ifSeq(extend, 40, 35), edits.ifSeq(extend, 40, null)];
    }""", EXTEND)
    assert answers == [20, 40, 40]
