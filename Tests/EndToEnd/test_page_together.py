"""Two hosts and two participants in four browser windows on the real server: leading, helping, talking and rooms together."""
import re

import pytest
from pages import write
from playwright.sync_api import expect
from test_page import choose, said, screenshot, see_a_room, windows

WIDE = {"viewport": {"width": 1400, "height": 900}}


@pytest.fixture
def together(serve, windows):
    """The windows of host, co-host and two participants in a session that has started."""
    server = serve()
    everybody = [windows(server.address, person, **WIDE) for person in ("lead", "deputy", "guest", "friend")]
    everybody[0].get_by_role("button", name="Start the session").click()
    for page in everybody:
        expect(page.locator("#phase")).to_have_text("Live")
    return everybody


def tools(page, text):
    """Opens what can be done with a message; answers its row."""
    row = page.locator("#messages li.message").filter(has=page.locator(".text", has_text=text))
    row.locator(".more-about").click()
    return row


def test_the_session_is_offered_declined_accepted_and_taken_back(together):
    lead, deputy, guest, friend = together
    choose(lead, "Teacher A", "Ask to lead the session")
    expect(deputy.locator("#calls")).to_contain_text("Teacher H has asked Teacher A to lead.")
    expect(friend.locator("#calls")).to_be_hidden()
    guest.get_by_role("button", name="Decline").click()
    expect(lead.locator("#notices")).to_contain_text("Teacher A would rather not lead now.")
    choose(lead, "Teacher C", "Ask to lead the session")
    deputy.get_by_role("button", name="Accept").click()
    for page in (lead, guest, friend):
        expect(page.locator("#leads")).to_have_text("Teacher C leads")
        expect(page.locator("#calls")).to_be_hidden()
    lead.get_by_label("Step in for").select_option("2 minutes")
    lead.get_by_role("button", name="Step in", exact=True).click()
    expect(friend.locator("#calls")).to_contain_text("Teacher H has stepped in: 1:5")
    lead.get_by_role("button", name="Step back").click()
    expect(friend.locator("#calls")).to_be_hidden()
    lead.get_by_role("button", name="Lead again").click()
    expect(deputy.locator("#leads")).to_have_text("Teacher H leads")


def test_help_is_asked_without_a_name_claimed_and_settled_and_hands_keep_their_order(together):
    lead, deputy, guest, friend = together
    guest.get_by_role("button", name="Ask for help").click()
    guest.get_by_label("What is it about?").fill("The third line")
    guest.get_by_label("Do not tell the hosts my name").check()
    guest.get_by_role("dialog").get_by_role("button", name="Ask for help").click()
    for page in (lead, deputy):
        expect(page.locator("#help-queue li")).to_contain_text(re.compile("Somebody.*The third line"))
    expect(friend.locator("#calls")).to_be_hidden()
    deputy.reload()
    deputy.get_by_role("button", name="I am coming").click()
    expect(guest.locator("#calls")).to_contain_text("Teacher C is coming.")
    expect(lead.locator("#help-queue li")).to_contain_text("Teacher C is coming")
    deputy.locator("#help-queue").get_by_role("button", name="Done").click()
    expect(guest.locator("#calls")).to_be_hidden()
    expect(lead.locator("#help-box")).to_be_hidden()

    for page, count in ((friend, 1), (guest, 2)):
        page.get_by_role("button", name="Raise hand").click()
        expect(page.locator("#hands li")).to_have_count(count)
    expect(lead.locator("#hands bdi")).to_have_text(["Teacher B", "Teacher A"])
    lead.get_by_role("button", name="Lower the hand of Teacher B").click()
    expect(friend.locator("#hands bdi")).to_have_text(["Teacher A"])
    expect(friend.locator("#hand")).to_have_text("Raise hand")


def test_words_to_one_person_reach_two_and_what_is_said_to_all_is_answered_changed_and_deleted(together):
    lead, deputy, guest, friend = together
    guest.locator("#roster").get_by_role("button", name="Teacher C").click()
    guest.get_by_role("button", name="Write to this person alone").click()
    write(guest, "Only for you")
    deputy.locator("#channels button", has_text="Teacher A").click()
    expect(said(deputy)).to_have_text(["Only for you"])
    write(deputy, "And for you")
    expect(said(guest)).to_have_text(["Only for you", "And for you"])
    expect(guest.locator("#typing")).to_have_text("")
    for page in (lead, friend):
        assert page.locator("#channels .of-person").count() == 0
    guest.reload()
    guest.locator("#channels button", has_text="Teacher C").click()
    expect(said(guest)).to_have_text(["Only for you", "And for you"])
    for page in (guest, deputy):
        page.get_by_role("button", name="Main room", exact=True).click()

    write(guest, "A half is 0.5")
    tools(friend, "A half").get_by_role("button", name="Same here").click()
    tools(lead, "A half").get_by_role("button", name="Heart").click()
    for page in together:
        expect(page.locator("#messages .sign")).to_have_count(2)
    expect(guest.locator("#messages .sign").first).to_contain_text("Same here 1")
    tools(deputy, "A half").get_by_role("button", name="Reply").click()
    write(deputy, "It is")
    expect(friend.locator("#messages .quote")).to_have_text("Teacher A: A half is 0.5")
    tools(guest, "A half").get_by_role("button", name="Edit").click()
    write(guest, "One half is 0.5")
    expect(friend.locator("#messages .quote")).to_have_text("Teacher A: One half is 0.5")
    row = tools(lead, "One half")
    row.get_by_role("button", name="Delete").click()
    row.locator(".sure").get_by_role("button", name="Delete").click()
    expect(said(friend)).to_have_text(["This message was deleted.", "It is"])
    expect(friend.locator("#messages .quote")).to_have_text("Teacher A: (deleted)")


def test_the_chat_is_closed_and_slow_and_people_are_muted_and_removed(together):
    lead, deputy, guest, friend = together
    deputy.get_by_text("Rules of the chat").click()
    deputy.get_by_label("Closed: only hosts write").check()
    deputy.get_by_role("button", name="Set these rules").click()
    expect(guest.locator("#silenced")).to_contain_text("A host has closed the chat.")
    expect(lead.locator("#chat-locked")).to_be_checked()
    deputy.get_by_label("Closed: only hosts write").uncheck()
    deputy.get_by_label("Slow: each person waits").select_option("60")
    deputy.get_by_role("button", name="Set these rules").click()
    expect(guest.locator("#send")).to_be_enabled()
    write(guest, "one")
    expect(guest.locator("#silenced")).to_contain_text("You can send again in 0:5")
    guest.locator("#roster").get_by_role("button", name="Teacher H").click()
    guest.get_by_role("button", name="Write to this person alone").click()
    write(guest, "To a host one may always write")
    expect(lead.locator("#channels .of-person")).to_contain_text("1 new")

    choose(deputy, "Teacher B", "Mute")
    expect(friend.locator("#silenced")).to_contain_text("A host has muted you.")
    expect(lead.locator("#roster li", has_text="Teacher B")).to_contain_text("muted")
    choose(lead, "Teacher B", "Remove from the session", "Remove")
    expect(friend.locator("#line-text")).to_have_text("A host has removed you from this session.")
    expect(deputy.locator("#roster li", has_text="Teacher B")).to_contain_text("left")


def test_rooms_are_previewed_opened_undone_opened_again_and_mended(together):
    lead, deputy, guest, friend = together
    lead.get_by_label("Rooms with names").check()
    for number, name in enumerate(("Owls", "Foxes"), start=1):
        lead.get_by_role("group", name=f"Room {number}").get_by_label("Name").fill(name)
    first = lead.get_by_role("group", name="Room 1")
    first.get_by_label("Task").fill("Read the poem aloud, then choose one line each.")
    first.get_by_label("Place").fill("https://meet.example.org/owls")
    lead.get_by_label("Minutes").fill("3")
    lead.get_by_text("Facilitators, late comers, reading along").click()
    lead.get_by_label("Hosts may read what is written in the rooms").check()
    lead.get_by_role("button", name="Show who would be where").click()
    expect(lead.locator("#preview-warnings li")).to_have_count(2)
    screenshot(lead, "host-previews-rooms")
    planned = {name: room for room in ("Owls", "Foxes") for name in ("Teacher A", "Teacher B")
               if name in lead.locator("#preview-rooms li", has_text=room).inner_text()}
    lead.get_by_role("button", name="Open the rooms").click()
    expect(guest.locator("#your-room")).to_have_text(planned["Teacher A"])
    expect(friend.locator("#your-room")).to_have_text(planned["Teacher B"])
    lead.get_by_role("button", name="Undo the opening").click()
    for page in (guest, friend):
        expect(page.locator("#your-room")).to_have_text("Main room")
    lead.get_by_role("button", name="Open the rooms").click()
    expect(lead.locator("#confirmed")).to_have_text("Reached 2 of 2, seen by 2.")

    owls = guest if guest.locator("#your-room").inner_text() == "Owls" else friend
    expect(owls.locator("#task-place a")).to_have_attribute("href", "https://meet.example.org/owls")
    expect(owls.locator("#task-read")).to_have_text("Hosts can read what is written in this room.")
    owls.get_by_role("button", name="We are done").click()
    expect(lead.locator(".card", has_text="Owls").locator(".pulse")).to_have_text("1 done")
    lead.get_by_label("Say to all rooms").fill("Two more minutes!")
    lead.get_by_role("button", name="Announce").click()
    expect(friend.locator("#calls")).to_contain_text("Teacher H to all rooms: Two more minutes!")
    write(owls, "We begin with the second verse.")
    screenshot(owls, "room-on-a-phone", width=360, height=740)
    owls.set_viewport_size(WIDE["viewport"])
    deputy.locator(".card", has_text="Foxes").get_by_role("button", name="Enter Foxes").click()
    expect(lead.locator(".card", has_text="Foxes").locator(".visit")).to_contain_text("Teacher C was here")
    lead.get_by_text("Change Foxes").click()
    foxes = lead.locator(".card").nth(2)
    foxes.get_by_label("Name of the room").fill("Bears")
    foxes.get_by_role("button", name="Rename").click()
    expect(deputy.locator("#your-room")).to_have_text("Bears")
    lead.get_by_text("Change Bears").click()
    foxes.get_by_role("button", name="Remove this room").click()
    foxes.get_by_role("button", name="Remove", exact=True).click()
    expect(deputy.locator("#your-room")).to_have_text("Main room")
    expect(lead.locator(".card")).to_have_count(2)
    owls.get_by_role("button", name="Sit out").click()
    expect(owls.locator("#your-room")).to_have_text("Main room")


def test_two_hosts_who_move_the_same_person_are_told_of_each_other(together):
    lead, deputy, guest, friend = together
    lead.get_by_role("button", name="Open the rooms").click()
    see_a_room(guest)
    lead.locator("#move-person").select_option("guest")
    lead.locator("#move-room").select_option("main")
    expect(deputy.locator(".card")).to_have_count(3)
    deputy.locator("#roster").get_by_role("button", name="Teacher A").click()
    other = deputy.locator("#person-room").evaluate("(select) => select.selectedOptions[0].label")
    deputy.get_by_role("dialog").get_by_role("button", name="Move", exact=True).click()
    expect(guest.locator("#your-room")).to_have_text(other)
    lead.get_by_role("button", name="Move", exact=True).click()
    expect(lead.locator("#move-refusal")).to_contain_text(f"Meanwhile Teacher C moved Teacher A to {other}.")
    expect(guest.locator("#your-room")).to_have_text(other)
    lead.get_by_role("button", name="Move", exact=True).click()
    expect(guest.locator("#your-room")).to_have_text("Main room")
    expect(lead.locator("#move-refusal")).to_have_text("")
