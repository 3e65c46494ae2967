"""The evening of the second issue, in four real browser windows on the real server: nothing that anybody saw is lost."""
import os
import pathlib
import re

import pytest
from client import Client
from pages import assert_accessible, write
from playwright.sync_api import expect

# A debug build on a busy machine; nothing waits this long unless it is broken.
expect.set_options(timeout=60_000)

SCREENSHOTS = pathlib.Path(__file__).parents[2] / "Protocol" / "ui"
PEOPLE = {
    "lead": ("Teacher H", "host", "North School"),
    "deputy": ("Teacher C", "cohost", "Vale School"),
    "guest": ("Teacher A", "participant", "Hillside School"),
    "friend": ("Teacher B", "participant", "Harbour School"),
}
LEASE_SECONDS = 5


@pytest.fixture
def windows(browser, tickets, session):
    """Opens a window of their own for each person, at the server's address; the page must not have complained."""
    contexts, complaints = [], []

    def open_window(address, person, **options):
        name, role, school = PEOPLE[person]
        ticket = tickets.make(session, person, role, name=name, school=school, title="Reading together")
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if "Security Policy" in line.text else None)
        page.goto(f"http://{address}/#session={session}&ticket={ticket}")
        expect(page.locator("#entry")).to_contain_text(f"You join as {name}")
        page.get_by_role("button", name="Join").click()
        expect(page.locator("#session")).to_be_visible()
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == []


def said(page):
    return page.locator("#messages .text")


def deadline(page):
    """When the rooms close, in seconds by this machine's clock, as the page's countdown says it (rounded up)."""
    expect(page.locator("#time-left")).to_have_text(re.compile(r"Rooms close in \d+:\d\d"))
    return page.locator("#time-left").evaluate("""(node) => {
      const [minutes, seconds] = node.textContent.match(/\\d+/g).map(Number);
      return Date.now() / 1000 + minutes * 60 + seconds;
    }""")


def open_two_rooms(host):
    host.get_by_label("How many rooms").fill("2")
    host.get_by_label("Minutes").fill("3")
    host.get_by_label("Task for all rooms").fill("Read the poem aloud, then choose one line each.")
    host.get_by_role("button", name="Open the rooms").click()
    expect(host.locator("#room-cards .card")).to_have_count(3)


def test_an_evening(serve, windows):
    server = serve("--lease-seconds", LEASE_SECONDS)
    lead, deputy, guest, friend = everybody = [
        windows(server.address, person, viewport={"width": 1400, "height": 900}) for person in PEOPLE
    ]
    for page in everybody:
        expect(page.locator("#here")).to_have_text("4 people here")
        expect(page.locator("#roster li")).to_have_count(4)
    expect(guest.locator("#leads")).to_have_text("Teacher H leads")
    expect(guest.locator("#silenced")).to_contain_text("as soon as the session has started")
    lead.get_by_role("button", name="Start the session").click()
    expect(guest.locator("#phase")).to_have_text("Live")

    lines = ["Good evening!", "Hello from Vale.", "<b>Hi</b> everybody", "Evening."]
    for number, (page, line) in enumerate(zip(everybody, lines, strict=True), start=1):
        write(page, line)
        for other in everybody:
            expect(said(other)).to_have_text(lines[:number])

    open_two_rooms(lead)
    rooms = [page.locator("#your-room").inner_text() for page in (guest, friend) if see_a_room(page)]
    assert sorted(rooms) == ["Room 1", "Room 2"], "two people in two rooms, evenly"
    expect(guest.locator("#task")).to_contain_text("Read the poem aloud")
    expect(lead.locator("#confirmed")).to_have_text("Reached 2 of 2, seen by 2.")
    guest.get_by_role("button", name="Ask for help").click()
    guest.get_by_label("What is it about?").fill("What does the third line mean?")
    guest.get_by_role("dialog").get_by_role("button", name="Ask for help").click()
    friend.get_by_role("button", name="Raise hand").click()
    expect(lead.locator("#help-queue li")).to_contain_text("What does the third line mean?")
    expect(lead.locator("#hands li")).to_contain_text("Teacher B")
    screenshot(lead, "host-two-rooms")
    deputy.get_by_role("button", name="I am coming").click()
    expect(guest.locator("#calls")).to_contain_text("Teacher C is coming.")
    write(guest, "Only for my room")
    expect(said(guest)).to_have_text(["Only for my room"])
    expect(said(friend)).to_have_count(0)

    lead.locator("#move-person").select_option("friend")
    lead.locator("#move-room").select_option(label=rooms[0])
    lead.get_by_role("button", name="Move", exact=True).click()
    expect(friend.locator("#your-room")).to_have_text(rooms[0])
    expect(said(friend)).to_have_text(["Only for my room"])
    write(friend, "Here I am")
    expect(said(guest)).to_have_text(["Only for my room", "Here I am"])
    screenshot(guest, "participant-in-a-room")
    assert_accessible(lead)
    assert_accessible(guest)

    before = deadline(guest)
    friend.locator("#message").fill("half a thought")
    server.kill()
    for page in everybody:
        expect(page.locator("#line-text")).to_contain_text("Connection lost, coming back…")
    write(guest, "Written while nobody listened")
    expect(guest.locator("[data-pending]")).to_contain_text("waiting for the connection…")
    server.start()

    for page in everybody:
        expect(page.locator("#line")).to_be_hidden()
    for page in (guest, friend):
        expect(page.locator("#your-room")).to_have_text(rooms[0])
        expect(said(page)).to_have_text(["Only for my room", "Here I am", "Written while nobody listened"])
        assert abs(deadline(page) - before) < 5, "the rooms close when they would have closed"
    expect(guest.locator("[data-pending]")).to_have_count(0)
    expect(friend.locator("#message")).to_have_value("half a thought")
    expect(friend.locator("#here")).to_have_text("4 people here")

    lead.get_by_role("button", name="Close now").click()
    for page in (guest, friend):
        expect(page.locator("#your-room")).to_have_text("Main room")
    expect(said(guest)).to_have_text(lines)
    guest.locator("#earlier").select_option(index=1)
    expect(said(guest)).to_have_text(["Only for my room", "Here I am", "Written while nobody listened"])
    expect(guest.locator("#silenced")).to_contain_text("you can read here but not write")

    lead.close()
    expect(deputy.locator("#leads")).to_have_text("You lead")
    expect(guest.locator("#leads")).to_have_text("Teacher C leads")
    expect(guest.locator("#here")).to_have_text("3 people here")


def test_after_a_reload_one_is_back_in_the_room_with_history_and_draft(serve, windows):
    server = serve()
    lead, guest = windows(server.address, "lead"), windows(server.address, "guest")
    lead.get_by_role("button", name="Start the session").click()
    open_two_rooms(lead)
    see_a_room(guest)
    write(guest, "one")
    expect(said(guest)).to_have_text(["one"])
    guest.locator("#message").fill("two, half")
    guest.reload()
    see_a_room(guest)
    expect(said(guest)).to_have_text(["one"])
    expect(guest.locator("#message")).to_have_value("two, half")


def test_the_session_is_handed_over_taken_back_and_ended_with_a_countdown(serve, windows):
    server = serve()
    lead, guest = windows(server.address, "lead"), windows(server.address, "guest")
    choose(lead, "Teacher A", "Make co-host")
    expect(guest.locator("#notices")).to_contain_text("You are now co-host.")
    expect(guest.get_by_role("button", name="Hosts", exact=True)).to_be_visible()
    lead.locator("#next-hosts").click()
    lead.get_by_label("Next to lead").select_option("guest")
    lead.locator("#succession-go").click()
    expect(guest.locator("#next-hosts")).to_have_text("If the host drops: 1. Teacher A")
    choose(lead, "Teacher A", "Hand the session over", "Hand over")
    expect(guest.locator("#leads")).to_have_text("You lead")
    expect(lead.locator("#leads")).to_have_text("Teacher A leads")
    lead.get_by_role("button", name="Lead again").click()
    expect(lead.locator("#leads")).to_have_text("You lead")
    choose(lead, "Teacher A", "Take co-host away")
    expect(guest.get_by_role("button", name="Hosts", exact=True)).to_be_hidden()

    lead.get_by_role("button", name="Start the session").click()
    lead.get_by_role("button", name="Keep new people out").click()
    expect(guest.locator("#locked")).to_have_text("Locked")
    lead.get_by_role("button", name="End the session").click()
    expect(guest.locator("#time-left")).to_have_text(re.compile(r"Session ends in 0:\d\d"))
    lead.get_by_role("button", name="Keep the session going").click()
    expect(guest.locator("#time-left")).to_have_text("")
    guest.get_by_role("button", name="Leave").click()
    expect(guest.locator("#line-text")).to_have_text("You have left the session.")
    expect(lead.locator("#roster li", has_text="Teacher A")).to_contain_text("left")


def test_a_bad_link_says_what_is_wrong_with_it(serve, browser, tickets, session):
    server = serve()
    sentences = {
        tickets.forge(session=session, exp=1): "This link has expired.",
        tickets.forge(session=session, secret="0" * 64): "This link is not valid.",
        tickets.forge(session="another"): "This link is not valid.",
    }
    for ticket, sentence in sentences.items():
        page = browser.new_page()
        page.goto(f"http://{server.address}/#session={session}&ticket={ticket}")
        page.get_by_role("button", name="Join").click()
        expect(page.locator("#line-text")).to_contain_text(sentence)
        page.close()


def choose(page, name, *actions):
    """What a host does for a person: a click on the name, then on the action, and on the answer if it asks twice."""
    page.locator("#roster").get_by_role("button", name=name).click()
    for action in actions:
        page.get_by_role("dialog").get_by_role("button", name=action, exact=True).click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_rooms_close_on_time_by_themselves_although_the_server_was_killed(serve, windows, tickets, session):
    server = serve()
    guest = windows(server.address, "guest")
    ticket = tickets.make(session, "lead", "host")
    with Client(server.address, session) as host:
        host.join(ticket)
        host.call("session.start")
        host.call("breakouts.open", count=1, seconds=20)
        resume = {"epoch": host.welcome["epoch"], "after": host.on("breakouts.opened")["seq"]}
        closes_at = host.on("breakouts.opened")["closesAt"]
        see_a_room(guest)
        server.kill()
    server.start()
    expect(guest.locator("#line")).to_be_hidden()
    expect(guest.locator("#your-room")).to_have_text("Main room")
    with Client(server.address, session) as host:
        host.join(ticket, resume)
        assert host.on("breakouts.closed")["at"] >= closes_at


def see_a_room(page):
    expect(page.locator("#your-room")).to_have_text(re.compile(r"Room \d"))
    expect(page.locator("#chat-title")).to_have_text(re.compile(r"Chat: Room \d"))
    return True


def screenshot(page, name, width=1400, height=1240):
    """For the documents, when asked for; what only passes by is waited for."""
    if os.environ.get("PLENARY_SCREENSHOTS"):
        page.set_viewport_size({"width": width, "height": height})
        expect(page.locator("#notices p")).to_have_count(0)
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}.png")
