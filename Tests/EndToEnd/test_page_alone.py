"""The page in a real Chromium against a scripted server: what it shows, and how it comes back when something breaks."""
import re

import pytest
from fake_server import now
from pages import MARKUP, assert_accessible, fake, open_rooms, visit, write
from playwright.sync_api import expect


def test_the_ticket_leaves_the_address_bar_at_once_and_the_bearer_is_greeted(fake, visit):
    page = visit("guest", join=False)
    expect(page).to_have_url(f"{fake.url}/")
    assert page.evaluate("JSON.parse(sessionStorage['plenary.link']).session") == "s"
    expect(page.locator("#entry")).to_contain_text("You join as Teacher A")
    expect(page.locator("#entry")).to_contain_text("An evening")
    expect(page.locator("#entry")).to_contain_text("Participant")
    assert fake.joined() == 0, "nobody joins without a click"


def test_without_a_link_it_says_what_is_needed(visit):
    page = visit(None)
    expect(page.get_by_role("main")).to_contain_text("you need your personal link")
    expect(page.get_by_role("button")).to_have_count(0)


def test_a_page_of_which_a_part_did_not_arrive_is_loaded_again(fake, browser):
    context = browser.new_context()
    page = context.new_page()
    page.clock.install()
    page.route("**/outbox.js", lambda route: route.fulfill(status=503), times=1)
    page.goto(fake.link("guest"))
    expect(page.locator("#loading")).to_contain_text("did not arrive")
    with page.expect_navigation():
        page.clock.run_for(7000)
    expect(page.get_by_role("button", name="Join")).to_be_visible()
    context.close()


def test_after_a_reload_it_joins_by_itself_with_the_draft(fake, visit):
    page = visit("guest")
    page.locator("#message").fill("half a thought")
    page.reload()
    expect(page.locator("#session")).to_be_visible()
    expect(page.locator("#message")).to_have_value("half a thought")
    assert fake.count("session.join") == 2


def test_who_is_here_and_who_leads(fake, visit):
    page = visit("guest")
    expect(page.locator("#here")).to_have_text("3 people here")
    expect(page.locator("#leads")).to_have_text("Teacher H leads")
    rows = page.locator("#roster li")
    expect(rows).to_have_count(3)
    expect(rows.nth(2)).to_contain_text("Teacher A (you)")
    fake.push("participant.away", person="deputy", cause="silent")
    expect(rows.nth(1)).to_contain_text("away")
    fake.push("host.changed", **{"from": "lead", "to": "deputy", "reason": "dropped"})
    expect(page.locator("#leads")).to_have_text("Teacher C leads")
    expect(page.locator("#notices")).to_contain_text("Teacher C leads now, since the host lost the connection.")


def test_text_of_people_stays_text(fake, visit):
    fake.people["deputy"]["name"] = MARKUP
    fake.session["title"] = MARKUP
    fake.chat["main"] = [{"message": 3, "at": now(), "from": "deputy", "text": MARKUP}]
    page = visit("guest")
    expect(page.locator("#messages .text")).to_have_text(MARKUP)
    open_rooms(fake)
    expect(page.locator("#room-cards li.card")).to_have_count(3)
    assert page.locator("#session img, #session b, #session script").count() == 0
    assert page.locator("a").evaluate_all("links => links.map(link => [link.protocol, link.rel])") == [
        ["https:", "noopener noreferrer"], ["https:", "noopener noreferrer"],
    ], "only an https place is a link: in the header and on the card"


def test_time_left_is_counted_by_the_clock_of_the_server(fake, visit):
    fake.clock_ahead = 3_600_000
    page = visit("guest")
    open_rooms(fake)
    expect(page.locator("#time-left")).to_have_text(re.compile(r"Rooms close in (3:00|2:5\d)"))
    expect(page.locator("#your-room")).to_have_text("Owls")
    expect(page.locator("#task")).to_contain_text("Read the poem aloud")
    confirmed = [command for who, command in fake.commands if command["do"] == "room.confirm"]
    assert [(command["room"], command["seen"]) for command in confirmed] == [("b1-1", True)]


def test_a_half_written_text_is_not_taken_into_another_room(fake, visit):
    page = visit("guest")
    page.locator("#message").fill("only for ma")
    open_rooms(fake)
    expect(page.locator("#your-room")).to_have_text("Owls")
    expect(page.locator("#chat-title")).to_have_text("Chat: Main room")
    page.get_by_role("button", name="Owls", exact=True).click()
    expect(page.locator("#message")).to_have_value("")
    page.get_by_role("button", name="Main room", exact=True).click()
    expect(page.locator("#message")).to_have_value("only for ma")


def test_older_messages_come_when_asked_for(fake, visit):
    message = lambda number: {"message": number, "at": now(), "from": "lead", "text": f"line {number}"}
    fake.seq = 200
    fake.older["main"] = [message(number) for number in range(1, 31)]
    fake.chat["main"] = [message(number) for number in range(31, 81)]
    page = visit("guest")
    expect(page.locator("#messages li")).to_have_count(50)
    page.get_by_role("button", name="Load older messages").click()
    expect(page.locator("#messages li")).to_have_count(80)
    expect(page.locator("#messages li").first).to_contain_text("line 1")
    expect(page.get_by_role("button", name="Load older messages")).to_be_hidden()


def test_a_refusal_is_shown_where_it_was_asked_in_plain_words(fake, visit):
    fake.refuse = {"breakouts.open": {"code": "tooManyRooms", "message": "-"}, "chat.send": {"code": "notInRoom"}}
    page = visit("lead")
    page.get_by_role("button", name="Open the rooms").click()
    expect(page.locator("#open-refusal")).to_have_text("That is more rooms than a session can have.")
    write(page, "hello")
    expect(page.locator("#messages li")).to_contain_text("You can only write in the room that you are in.")
    page.get_by_role("button", name="Back to the text field").click()
    expect(page.locator("#message")).to_have_value("hello")
    expect(page.locator("#messages li")).to_have_count(0)


def test_a_host_asks_for_what_the_form_says(fake, visit):
    page = visit("lead")
    page.get_by_label("Rooms with names").check()
    page.get_by_role("group", name="Room 1").get_by_label("Name").fill("Owls")
    page.get_by_role("group", name="Room 1").get_by_label("Place").fill("https://meet.example.org/owls")
    page.get_by_role("group", name="Room 2").get_by_label("Name").fill(" Foxes ")
    page.get_by_label("Who goes where").select_option("manual")
    page.get_by_label("Minutes").fill("3")
    page.get_by_label("Task for all rooms").fill("Read")
    page.get_by_role("button", name="Open the rooms").click()
    expect(page.locator("#open")).not_to_have_attribute("aria-busy", "true")
    rooms = [{"name": "Owls", "place": "https://meet.example.org/owls"}, {"name": "Foxes"}]
    plan = {"mode": "manual", "seconds": 180, "task": "Read", "rooms": rooms}
    assert fake.sent("breakouts.open") == [{**plan, "ifSeq": fake.seq}]


def test_some_closes_are_final_and_say_why(fake, visit):
    page = visit("guest")
    sentences = {
        1000: "The session has ended.", 4401: "This link has expired.", 4500: "could not understand this page",
        4501: "This link is not valid.", 4503: "A host has removed you", 4504: "no such session",
        4509: "more than eight places", 4777: "has closed this session for you",
    }
    for times, (code, sentence) in enumerate(sentences.items(), start=1):
        fake.close_all(code)
        expect(page.locator("#line-text")).to_contain_text(sentence)
        expect(page.locator("#line-wait")).to_have_text("")
        page.reload()
        expect(page.get_by_role("button", name="Join")).to_be_enabled()
        assert fake.count("session.join") == times, "what was final is not tried again without a click"
        page.get_by_role("button", name="Join").click()
        expect(page.locator("#session")).to_be_visible()


def test_from_all_other_closes_it_comes_back(fake, visit):
    page = visit("guest")
    for times, code in enumerate([1001, 1011, 1013, 4408, 4413, 4429, 4444], start=2):
        fake.close_all(code)
        expect(page.locator("#line-text")).to_contain_text("Connection lost, coming back…")
        page.evaluate("document.getElementById('line-try').click()")  # or it is back before the mouse is there
        expect(page.locator("#line")).to_be_hidden()
        assert fake.count("session.join") == times
    fake.push("session.locked", locked=True)
    expect(page.locator("#locked")).to_have_text("Locked")


def test_the_wait_of_a_restart_is_the_one_that_the_server_gave(fake, visit):
    page = visit("guest", clock=True)
    page.clock.run_for(100)
    expect(page.locator("#session")).to_be_visible()
    fake.close_all(1001, "100000")
    expect(page.locator("#line-text")).to_contain_text("The server is restarting.")
    page.clock.run_for(70_000)
    expect(page.locator("#line-wait")).to_have_text(re.compile(r"Next try in [123]?\d s\."))
    assert fake.count("session.join") == 1
    page.clock.run_for(31_000)
    expect(page.locator("#line")).to_be_hidden()
    assert fake.count("session.join") == 2


def test_silence_of_twenty_seconds_is_a_lost_connection(fake, visit):
    page = visit("guest", clock=True)
    page.clock.run_for(100)
    expect(page.locator("#session")).to_be_visible()
    fake.mute = {"session.join"}
    page.clock.run_for(10_000)
    expect(page.locator("#line")).to_be_hidden()
    page.clock.run_for(11_000)
    expect(page.locator("#line-text")).to_contain_text("Connection lost, coming back…")
    fake.mute = set()
    page.clock.run_for(30_000)
    expect(page.locator("#line")).to_be_hidden()


def test_it_resumes_where_it_was_and_sends_again_what_was_not_confirmed(fake, visit):
    page, other = visit("guest"), visit("deputy")
    write(page, "one")
    expect(other.locator("#messages li")).to_have_count(1)
    fake.mute = {"chat.send"}
    write(page, "two")
    expect(page.locator("#messages [data-pending]")).to_contain_text("sending…")
    fake.close_all(1001, "60000")
    expect(page.locator("#messages [data-pending]")).to_contain_text("waiting for the connection…")
    write(page, "three")
    page.locator("#message").fill("a draft")
    fake.push("chat.sent", room="main", message=fake.seq + 1, **{"from": "deputy"}, text="meanwhile")
    fake.mute = set()
    for somebody in (page, other):
        somebody.get_by_role("button", name="Try now").click()
        expect(somebody.locator("#messages .text")).to_have_text(["one", "meanwhile", "two", "three"])
    expect(page.locator("[data-pending]")).to_have_count(0)
    expect(page.locator("#message")).to_have_value("a draft")
    joins = [command for who, command in fake.commands if who == "guest" and command["do"] == "session.join"]
    assert joins[1]["resume"] == {"epoch": "e1", "after": 11}
    keys = [c["key"] for who, c in fake.commands if c["do"] == "chat.send" and c["text"] == "two"]
    assert len(keys) == 2 and keys[0] == keys[1]


def test_unsent_messages_outlive_a_reload(fake, visit):
    page = visit("guest")
    fake.mute = {"chat.send"}
    write(page, "not yet")
    expect(page.locator("[data-pending]")).to_have_count(1)
    fake.mute = set()
    page.reload()
    expect(page.locator("#messages .text")).to_have_text(["not yet"])
    expect(page.locator("[data-pending]")).to_have_count(0)
    assert len(fake.chat["main"]) == 1


def test_back_online_means_back_at_once(fake, visit):
    page = visit("guest")
    fake.close_all(1001, "60000")
    expect(page.locator("#line-wait")).to_contain_text("Next try in")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#line")).to_be_hidden()


def test_leaving_is_final_until_one_joins_again(fake, visit):
    page = visit("guest")
    page.get_by_role("button", name="Leave").click()
    expect(page.locator("#line-text")).to_have_text("You have left the session.")
    page.get_by_role("button", name="Join again").click()
    expect(page.locator("#line")).to_be_hidden()
    assert fake.count("session.leave") == 1


def test_two_hundred_people_and_one_change_touches_one_row(fake, visit):
    for number in range(197):
        fake.people[f"p{number}"] = {"name": f"Person {number}", "role": "participant", "school": "Far"}
    page = visit("lead")
    expect(page.locator("#roster li")).to_have_count(200)
    page.evaluate("""() => {
      window.touched = new Set();
      new MutationObserver((changes) => changes.forEach(({ target }) => {
        const row = (target.nodeType === 1 ? target : target.parentElement).closest("li.seat, #roster");
        if (row) touched.add(row);
      })).observe(document.getElementById("roster"), { subtree: true, childList: true, attributes: true, characterData: true });
    }""")
    fake.push("participant.away", person="p77", cause="silent")
    expect(page.locator("#roster li", has_text="Person 77")).to_contain_text("away")
    assert page.evaluate("touched.size") == 1
    page.get_by_label("Find somebody").fill("person 19")
    expect(page.locator("#roster li")).to_have_count(8)


def test_everything_can_be_reached_and_done_with_the_keyboard(fake, visit):
    page = visit("lead", join=False)
    expect(page.get_by_role("button", name="Join")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#session")).to_be_visible()
    reached = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
    wanted = {"leave", "message", "send", "log", "room-count", "room-mode", "open", "lock", "end", "next-hosts", "Hosts"}
    assert wanted <= reached, wanted - reached
    page.get_by_role("button", name="Teacher C").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Teacher C")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Teacher C").first).to_be_focused()


@pytest.mark.parametrize(("scheme", "width"), [("dark", 360), ("light", 1400)])
def test_axe_finds_no_serious_violation(fake, visit, scheme, width):
    fake.chat["main"] = [{"message": 3, "at": now(), "from": "guest", "text": "hello"}]
    page = visit("lead", join=False, color_scheme=scheme, viewport={"width": width, "height": 800})
    assert_accessible(page)
    page.get_by_role("button", name="Join").click()
    expect(page.locator("#session")).to_be_visible()
    sections = ["People", "Rooms", "Chat"] if width < 900 else [None]
    for section in sections:
        if section:
            page.get_by_role("navigation").get_by_role("button", name=section).click()
        assert_accessible(page)
    open_rooms(fake)
    expect(page.locator("#time-left")).to_contain_text("Rooms close in")
    assert_accessible(page)
    fake.close_all(1001, "60000")
    write(page, "later")
    expect(page.locator("#line-text")).to_contain_text("Connection lost")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"
