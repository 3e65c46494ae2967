"""Rooms, as hosts plan, open and mend them, and as those see them who are in one."""
import re

import pytest
from fake_server import now
from pages import ROUND, assert_accessible, fake, open_rooms, visit
from playwright.sync_api import expect

PREVIEW = {
    "round": 1, "mode": "even", "seed": 4711, "closesAt": None, "closing": 60_000, "late": "place",
    "rooms": [{"room": f"b1-{n}", "name": name, "task": "", "place": "", "hostsRead": False}
              for n, name in [(1, "Owls"), (2, "Foxes")]],
    "placements": [{"person": "guest", "room": "b1-1"}, {"person": "deputy", "room": "b1-2"},
                   {"person": "lead", "room": "b1-2"}],
    "warnings": [{"kind": "away", "people": ["guest"]}, {"kind": "alone", "room": "b1-1", "people": ["guest"]},
                 {"kind": "colleagues", "room": "b1-2", "people": ["deputy", "lead"]}],
}


def idle(page, selector):
    expect(page.locator(selector)).not_to_have_attribute("aria-busy", "true")


def test_a_preview_tells_who_would_be_where_and_the_opening_does_just_that(fake, visit):
    fake.replies["breakouts.preview"] = PREVIEW
    page = visit("lead")
    page.get_by_role("button", name="Show who would be where").click()
    expect(page.locator("#preview-plan")).to_be_focused()
    expect(page.locator("#preview-rooms li")).to_have_text(
        ["Owls – 1 person: Teacher A", "Foxes – 2 people: Teacher C, Teacher H"]
    )
    expect(page.locator("#preview-warnings li")).to_have_text([
        "Teacher A is placed but not here right now.",
        "Teacher A would be alone in Owls.",
        "Teacher C, Teacher H are from one school and would share Foxes.",
    ])
    assert_accessible(page)
    page.get_by_role("button", name="Open the rooms").click()
    idle(page, "#open")
    plan = {"mode": "even", "count": 2, "seconds": 600}
    assert fake.sent("breakouts.preview") == [plan]
    assert fake.sent("breakouts.open") == [plan | {"seed": 4711, "ifSeq": 10}]


def test_mixing_schools_says_what_could_not_be_avoided_and_why(fake, visit):
    school = lambda **fields: {"kind": "sameSchool", "of": 48} | fields
    warnings = [
        school(pairs=12, fewest=12, people=24, school="School A"),
        school(pairs=1, fewest=1, people=13, school="School B"),
        school(pairs=3, fewest=2, people=14, school="School C"),
        school(pairs=2, fewest=0, people=4, school="School D"),
        {"kind": "metBefore", "pairs": 2, "budgetUsed": True},
        {"kind": "metBefore", "pairs": 1, "budgetUsed": False},
    ]
    fake.replies["breakouts.preview"] = PREVIEW | {"mode": "mix", "warnings": warnings}
    page = visit("lead")
    page.get_by_label("Who goes where").select_option("Mix schools")
    expect(page.locator("#room-mode-note")).to_contain_text("People from one school are kept apart, and nobody meets twice")
    page.get_by_role("button", name="Show who would be where").click()
    expect(page.locator("#preview-warnings li")).to_have_text([
        "12 pairs from School A must share a room: 24 of 48 people are from there.",
        "1 pair from School B must share a room: 13 of 48 people are from there.",
        "3 pairs from School C would share a room. 2 pairs would have to, but no better plan was found in the time given.",
        "2 pairs from School D would share a room. Nobody would have to, but no better plan was found in the time given.",
        "2 pairs have met before; this could not be avoided in the time given.",
        "1 pair has met before.",
    ])
    page.get_by_role("button", name="Open the rooms").click()
    idle(page, "#open")
    plan = {"mode": "mix", "count": 2, "seconds": 600}
    assert fake.sent("breakouts.preview") == [plan]
    assert fake.sent("breakouts.open") == [plan | {"seed": 4711, "ifSeq": 10}]


def test_a_changed_plan_forgets_its_preview(fake, visit):
    fake.replies["breakouts.preview"] = PREVIEW
    page = visit("lead")
    page.get_by_role("button", name="Show who would be where").click()
    expect(page.locator("#preview-plan")).to_be_visible()
    page.get_by_label("Rooms of a size").check()
    page.get_by_label("People in a room").fill("3")
    expect(page.locator("#preview-plan")).to_be_hidden()
    page.get_by_role("button", name="Open the rooms").click()
    idle(page, "#open")
    assert fake.sent("breakouts.open") == [{"mode": "even", "size": 3, "seconds": 600, "ifSeq": 10}]


def test_each_room_has_a_task_and_a_place_and_a_pasted_list_makes_a_room_of_each_line(fake, visit):
    page = visit("lead")
    page.get_by_label("Rooms with names").check()
    first = page.get_by_role("group", name="Room 1")
    first.get_by_label("Name").evaluate("""(field) => {
      const data = new DataTransfer();
      data.setData("text", "Owls\\n\\nFoxes\\n Bees ");
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }""")
    expect(page.locator("#plan-rooms .name")).to_have_count(4)
    page.get_by_role("button", name="Remove room 4").click()
    first.get_by_label("Task").fill("Read")
    page.get_by_role("group", name="Room 3").get_by_label("Place").fill("Zoom: Room 3")
    page.reload()
    page.get_by_label("Rooms with names").check()
    page.get_by_role("button", name="One more room").press("Enter")
    expect(page.get_by_role("group", name="Room 4").get_by_label("Name")).to_be_focused()
    assert_accessible(page)
    page.get_by_role("button", name="Open the rooms").click()
    idle(page, "#open")
    rooms = [{"name": "Owls", "task": "Read"}, {"name": "Foxes"}, {"name": "Bees", "place": "Zoom: Room 3"}, {}]
    assert [command["rooms"] for command in fake.sent("breakouts.open")] == [rooms]


def test_facilitators_late_comers_and_reading_along_are_asked_for(fake, visit):
    page = visit("lead")
    page.get_by_text("Facilitators, late comers, reading along").click()
    for name in ("Teacher A", "Teacher C"):
        page.get_by_label("Facilitator", exact=True).select_option(name)
        page.locator("#facilitators-go").click()
    page.get_by_role("button", name="Teacher C earlier").click()
    expect(page.locator("#facilitators bdi")).to_have_text(["Teacher C", "Teacher A"])
    page.get_by_label("Who comes late stays in the main room").check()
    page.get_by_label("Hosts may read what is written in the rooms").check()
    page.get_by_role("button", name="Open the rooms").click()
    idle(page, "#open")
    command = fake.sent("breakouts.open")[0]
    assert (command["facilitators"], command["late"], command["hostsRead"]) == (["deputy", "guest"], "main", True)


def test_an_opening_that_became_stale_keeps_the_form_and_says_who_was_first(fake, visit):
    page = visit("lead")
    page.get_by_label("Task for all rooms").fill("Read")
    opened = fake.push("breakouts.opened", **ROUND, placements=[], closesAt=None, by="deputy")
    closed = fake.push("breakouts.closed", placements=[], by="deputy")
    changed = [{"seq": opened, "on": "breakouts.opened", "by": "deputy"},
               {"seq": closed, "on": "breakouts.closed", "by": "deputy"}]
    fake.refuse["breakouts.open"] = {"code": "stale", "message": "-", "changed": changed}
    page.get_by_role("button", name="Open the rooms").click()
    expect(page.locator("#open-refusal")).to_contain_text("Meanwhile Teacher C opened rooms; Teacher C closed the rooms.")
    expect(page.get_by_label("Task for all rooms")).to_have_value("Read")
    assert fake.sent("breakouts.open")[0]["ifSeq"] == 10, "the person began with the form before that"


def test_in_a_room_that_hosts_read_it_says_so_and_the_place_is_a_link_only_if_it_is_https(fake, visit):
    page = visit("guest")
    rooms = [{**room, "hostsRead": True} for room in ROUND["rooms"]]
    open_rooms(fake, rooms=rooms)
    expect(page.locator("#task-read")).to_have_text("Hosts can read what is written in this room.")
    expect(page.locator("#silenced")).to_have_text("Hosts can read what is written here.")
    expect(page.locator("#task-place a")).to_have_attribute("href", "https://meet.example.org/owls")
    expect(page.locator(".card", has_text="Foxes").locator(".room-place")).to_have_text("javascript:alert(1)")
    assert page.locator(".card", has_text="Foxes").locator("a").count() == 0


def test_a_host_adds_renames_and_removes_rooms(fake, visit):
    page, guest = visit("lead"), visit("guest")
    open_rooms(fake)
    page.get_by_text("One more room").last.click()
    form = page.locator("#add-room")
    form.get_by_label("Name").fill("Bees")
    form.get_by_label("Place").fill("Zoom: Room 3")
    form.get_by_role("button", name="Add the room").click()
    expect(form.get_by_label("Name")).to_have_value("")
    assert fake.sent("breakouts.addRoom") == [{"name": "Bees", "place": "Zoom: Room 3", "ifSeq": 11}]
    added = {"room": "b1-3", "name": "Bees", "task": "", "place": "Zoom: Room 3", "hostsRead": False}
    fake.push("breakouts.roomAdded", **added, by="lead")
    expect(guest.locator(".card", has_text="Bees")).to_contain_text("Zoom: Room 3")

    page.get_by_text("Change Owls").click()
    owls = page.locator(".card", has_text="Read the poem aloud")
    expect(owls.get_by_label("Name of the room")).to_have_value("Owls")
    owls.get_by_label("Name of the room").fill("Eagles")
    owls.get_by_role("button", name="Rename").click()
    idle(page, ".card:nth-child(2) button[type=submit]")
    assert fake.sent("breakouts.renameRoom") == [{"room": "b1-1", "name": "Eagles", "ifSeq": 12}]
    fake.push("breakouts.roomRenamed", room="b1-1", name="Eagles", by="lead")
    expect(guest.locator("#your-room")).to_have_text("Eagles")
    expect(guest.locator("#notices")).to_contain_text("Your room is now called Eagles.")

    page.get_by_text("Change Eagles").click()
    owls.get_by_role("button", name="Remove this room").click()
    expect(owls).to_contain_text("1 person will be back in the main room.")
    owls.get_by_role("button", name="Remove", exact=True).click()
    expect(owls.get_by_role("button", name="Remove this room")).to_be_visible()
    assert fake.sent("breakouts.removeRoom") == [{"room": "b1-1", "ifSeq": 13}]
    fake.people["guest"]["room"] = "main"
    fake.push("breakouts.roomRemoved", room="b1-1", placements=[{"person": "guest", "room": "main"}], by="lead")
    expect(guest.locator("#your-room")).to_have_text("Main room")
    expect(page.locator(".card")).to_have_count(3)


def test_an_announcement_reaches_all_rooms_and_stays_until_it_is_put_away(fake, visit):
    page, guest = visit("lead"), visit("guest")
    open_rooms(fake)
    page.get_by_label("Say to all rooms").fill("Two more minutes!")
    page.get_by_role("button", name="Announce").click()
    expect(page.get_by_label("Say to all rooms")).to_have_value("")
    assert fake.sent("breakouts.announce") == [{"text": "Two more minutes!", "ifSeq": 11}]
    fake.push("breakouts.announced", text="<b>Two</b> more minutes!", by="lead")
    expect(guest.locator("#calls")).to_contain_text("Teacher H to all rooms: <b>Two</b> more minutes!")
    expect(guest.locator("#aloud")).to_have_text("Announcement by Teacher H: <b>Two</b> more minutes!")
    guest.get_by_role("button", name="Put away").click()
    expect(guest.locator("#calls")).to_be_hidden()
    fake.push("breakouts.closed", placements=[], by="lead")
    expect(page.locator("#calls")).to_be_hidden()


def test_time_is_given_and_taken_and_the_opening_undone_while_seconds_are_left(fake, visit):
    page, guest = visit("lead"), visit("guest")
    open_rooms(fake)
    expect(page.locator("#undo")).to_have_text(re.compile(r"Undo the opening \(1\d s\)"))
    for name in ("1 min more", "5 min more", "1 min less"):
        page.get_by_role("button", name=name).click()
    expect(page.get_by_role("button", name="1 min less")).not_to_have_attribute("aria-busy", "true")
    assert [command["seconds"] for command in fake.sent("breakouts.extend")] == [60, 300, -60]
    fake.push("breakouts.extended", closesAt=now() + 120_000, by="lead")
    expect(guest.locator("#notices")).to_contain_text("The rooms close in 2:00.")
    page.get_by_role("button", name="Undo the opening").click()
    idle(page, "#undo")
    assert fake.count("breakouts.undo") == 1
    fake.people["guest"]["room"] = "main"
    fake.push("breakouts.undone", placements=[{"person": "guest", "room": "main"}], by="lead")
    expect(guest.locator("#notices")).to_contain_text("The opening of the rooms was taken back.")
    expect(guest.locator("#your-room")).to_have_text("Main room")


def test_an_opening_cannot_be_undone_any_more_when_its_seconds_are_over(fake, visit):
    page = visit("lead")
    fake.clock_ahead = -20_000
    open_rooms(fake)
    fake.clock_ahead = 0
    fake.notice("tick", now=now())
    expect(page.locator("#round")).to_be_visible()
    expect(page.locator("#undo")).to_be_hidden()


def test_nothing_moves_under_the_pointer_when_the_undo_goes_and_people_arrive(fake, visit):
    page = visit("lead", clock=True)
    page.clock.run_for(500)
    expect(page.locator("#session")).to_be_visible()
    open_rooms(fake)
    expect(page.locator("#round")).to_be_visible()
    page.clock.run_for(500)
    places = lambda: [page.locator(f"#{id}").bounding_box() for id in ("extend-1", "close-now", "move-go", "announce-go")]
    expect(page.locator("#undo")).to_be_visible()
    before = places()
    fake.notice("breakouts.confirmed", round=1, confirmed=1, seen=0, of=3, missing=["guest", "deputy"])
    expect(page.locator("#confirmed")).to_contain_text("Reached 1 of 3")
    page.clock.run_for(16_000)
    expect(page.locator("#undo")).to_be_hidden()
    assert places() == before


def test_hosts_see_by_name_who_is_not_there_yet(fake, visit):
    page, guest = visit("lead"), visit("guest")
    open_rooms(fake)
    fake.notice("breakouts.confirmed", round=1, confirmed=28, seen=22, of=30, missing=["guest", "deputy"])
    sentence = "Reached 28 of 30, seen by 22. Not there yet: Teacher A, Teacher C."
    expect(page.locator("#confirmed")).to_have_text(sentence)
    expect(guest.locator("#confirmed")).to_be_hidden()
    fake.notice("breakouts.confirmed", round=1, confirmed=30, seen=30, of=30, missing=[])
    expect(page.locator("#aloud")).to_have_text("Everybody has reached their room.")


def test_the_pulse_tells_hosts_how_each_room_is_getting_on(fake, visit):
    page = visit("lead")
    open_rooms(fake)
    quiet = {"present": 1, "writing": 0, "done": 0, "moreTime": 0, "alone": None, "visitedBy": None, "visitedAt": None}
    fake.notice("rooms.pulse", round=1, rooms=[
        quiet | {"room": "b1-1", "alone": "guest", "visitedBy": "deputy", "visitedAt": now() - 240_000},
        quiet | {"room": "b1-2", "present": 4, "writing": 2, "done": 3, "moreTime": 1},
    ])
    owls, foxes = page.locator(".card", has_text="Owls"), page.locator(".card", has_text="Foxes")
    expect(owls.locator(".alone")).to_have_text("Teacher A is alone.")
    expect(owls.locator(".visit")).to_have_text("Teacher C was here 4 min ago.")
    expect(foxes.locator(".pulse")).to_have_text("2 writing · 3 done · 1 wants more time")
    expect(foxes.locator(".size")).to_have_text("0 people, 4 here")
    expect(foxes.locator(".visit")).to_be_hidden()
    assert_accessible(page)


def test_those_in_a_room_say_how_far_they_are_and_take_it_back(fake, visit):
    page = visit("guest")
    expect(page.locator("#signal-done")).to_be_hidden()
    open_rooms(fake)
    page.get_by_role("button", name="We are done").press("Enter")
    expect(page.locator("#signal-done")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="More time").click()
    expect(page.locator("#signal-more")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#signal-done")).to_have_attribute("aria-pressed", "false")
    page.reload()
    expect(page.locator("#session")).to_be_visible()
    page.get_by_role("button", name="More time").click()
    expect(page.locator("#signal-more")).to_have_attribute("aria-pressed", "false")
    assert [command["signal"] for command in fake.sent("room.signal")] == ["done", "moreTime", None]


def test_one_sits_out_and_joins_in_again(fake, visit):
    page, host = visit("guest"), visit("lead")
    expect(host.locator("#passing")).to_be_hidden()
    page.get_by_role("button", name="Sit out").click()
    idle(page, "#pass")
    fake.push("room.passed", **{"person": "guest", "pass": True})
    expect(page.locator("#pass-text")).to_contain_text("You sit rooms out")
    expect(host.locator("#roster li", has_text="Teacher A")).to_contain_text("sits rooms out")
    page.get_by_role("button", name="Join in").click()
    idle(page, "#pass")
    assert fake.sent("room.pass") == [{"pass": True}, {"pass": False}]


@pytest.mark.parametrize(("scheme", "width"), [("dark", 360), ("light", 1400)])
def test_planning_and_an_open_round_are_accessible(fake, visit, scheme, width):
    fake.replies["breakouts.preview"] = PREVIEW
    page = visit("lead", color_scheme=scheme, viewport={"width": width, "height": 740})
    if width < 900:
        page.get_by_role("navigation").get_by_role("button", name="Rooms").click()
    page.get_by_label("Rooms with names").check()
    page.get_by_text("Facilitators, late comers, reading along").click()
    page.get_by_role("button", name="Show who would be where").click()
    expect(page.locator("#preview-plan")).to_be_visible()
    assert_accessible(page)
    open_rooms(fake)
    page.get_by_text("One more room").last.click()
    page.get_by_text("Change Owls").click()
    page.get_by_role("button", name="Remove this room").first.click()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"


def test_a_room_that_is_read_anew_still_loads_what_is_older(fake, visit):
    """A room that a host only reads is fetched every ten seconds; a click must not be lost while that is under way."""
    fake.older["b1-1"] = [
        {"message": number, "room": "b1-1", "from": "guest", "text": f"line {number}", "at": now()} for number in range(1, 61)
    ]
    page = visit("lead", clock=True)
    page.clock.run_for(500)
    expect(page.locator("#session")).to_be_visible()
    open_rooms(fake, rooms=[{"room": "b1-1", "name": "Owls", "task": "", "place": "", "hostsRead": True}])
    expect(page.locator("#your-room")).to_have_text("Main room")
    page.clock.run_for(500)
    page.locator("#earlier").select_option("Owls")
    page.clock.run_for(500)
    expect(page.locator("#messages li")).to_have_count(50)
    asked = fake.count("chat.history")
    fake.mute.add("chat.history")
    page.clock.run_for(11_000)
    fake.wait("chat.history", asked + 1)
    fake.mute.clear()
    page.get_by_role("button", name="Load older messages").click()
    page.clock.run_for(500)
    expect(page.locator("#messages li")).to_have_count(60)
