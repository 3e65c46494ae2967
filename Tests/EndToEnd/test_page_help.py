"""Help and hands: the queue that every host sees, and what the one who waits is told."""
import re

from fake_server import now
from pages import assert_accessible, fake, open_rooms, visit
from playwright.sync_api import expect


def request(**fields):
    return {"help": 5, "person": "guest", "room": "main", "text": "", "unnamed": False, "claimedBy": None} | fields


def test_somebody_asks_for_help_hears_that_a_host_comes_and_can_withdraw(fake, visit):
    page = visit("guest")
    page.get_by_role("button", name="Ask for help").click()
    dialog = page.get_by_role("dialog", name="Ask for help")
    dialog.get_by_label("What is it about?").fill("The third line")
    dialog.get_by_label("Do not tell the hosts my name").check()
    assert_accessible(page)
    dialog.get_by_role("button", name="Ask for help").click()
    expect(dialog).to_be_hidden()
    assert fake.sent("help.ask") == [{"text": "The third line", "unnamed": True}]
    hears = {"lead", "deputy", "guest"}
    fake.push("help.asked", hears, help=11, person=None, room="main", text="The third line", unnamed=True)
    expect(page.locator("#calls")).to_contain_text("You have asked for help. The hosts see it.")
    expect(page.locator("#ask-help")).to_be_hidden()
    fake.push("help.claimed", hears, help=11, by="deputy")
    expect(page.locator("#calls")).to_contain_text("Teacher C is coming.")
    expect(page.locator("#notices")).to_contain_text("Teacher C is coming to help you.")
    page.get_by_role("button", name="Not needed").click()
    expect(page.get_by_role("button", name="Not needed")).not_to_have_attribute("aria-busy", "true")
    assert fake.sent("help.withdraw") == [{"help": 11}]
    fake.push("help.withdrawn", hears, help=11)
    expect(page.locator("#calls")).to_be_hidden()
    expect(page.get_by_role("button", name="Ask for help")).to_be_visible()


def test_a_refused_request_stays_in_its_form_also_over_a_reload(fake, visit):
    fake.refuse["help.ask"] = {"code": "alreadyAsked", "message": "-"}
    page = visit("guest")
    page.get_by_role("button", name="Ask for help").click()
    page.get_by_label("What is it about?").fill("The third line")
    page.get_by_role("dialog").get_by_role("button", name="Ask for help").click()
    expect(page.locator("#help-refusal")).to_have_text("You have asked for help already; the hosts see it.")
    page.reload()
    page.get_by_role("button", name="Ask for help").click()
    expect(page.get_by_label("What is it about?")).to_have_value("The third line")


def test_hosts_see_the_queue_with_age_room_and_claimer(fake, visit):
    fake.people["guest"]["room"] = "b1-1"
    fake.own["lead"] = {"help": [
        request(text="What now?", at=now() - 240_000, room="b1-1", claimedBy="deputy"),
        request(help=6, person=None, unnamed=True, at=now() - 31_000, room="b1-2"),
    ]}
    page = visit("lead")
    open_rooms(fake)
    expect(page.locator("#help-queue li")).to_have_count(2)
    first, second = page.locator("#help-queue li").all()
    expect(first).to_contain_text("Teacher A")
    expect(first).to_contain_text("Owls")
    expect(first).to_contain_text("4 min")
    expect(first).to_contain_text("What now?")
    expect(first).to_contain_text("Teacher C is coming")
    expect(second).to_contain_text("Somebody")
    expect(second).to_contain_text("Foxes")
    # In tens of seconds, of which some may have passed by now.
    expect(second).to_contain_text(re.compile(r"Foxes([3-5]0 s|\d min)"))
    assert_accessible(page)


def test_a_host_claims_goes_there_and_resolves(fake, visit):
    page = visit("lead")
    open_rooms(fake)
    fake.push("help.asked", {"lead", "deputy"}, help=30, person="guest", room="b1-1", text="x", unnamed=False)
    expect(page.locator("#notices")).to_contain_text("Teacher A asks for help in Owls.")
    for name, do in {"I am coming": "help.claim", "Go to Owls": "room.enter", "Done": "help.resolve"}.items():
        button = page.locator("#help-queue").get_by_role("button", name=name)
        button.press("Enter")
        expect(button).not_to_have_attribute("aria-busy", "true")
        assert fake.count(do) == 1
    assert (fake.sent("help.claim"), fake.sent("help.resolve")) == ([{"help": 30}], [{"help": 30}])
    assert fake.sent("room.enter") == [{"room": "b1-1"}]
    fake.push("help.claimed", {"lead", "deputy", "guest"}, help=30, by="lead")
    expect(page.locator("#help-queue")).to_contain_text("You are coming")
    fake.push("help.resolved", {"lead", "deputy", "guest"}, help=30, by="lead")
    expect(page.locator("#help-box")).to_be_hidden()


def test_what_another_host_sees_to_is_taken_over_by_the_host_or_when_that_one_is_gone(fake, visit):
    queue = [request(at=now(), claimedBy="lead"), request(help=6, person=None, at=now(), claimedBy="deputy")]
    fake.own = {"lead": {"help": queue}, "deputy": {"help": queue}}
    lead, deputy = visit("lead"), visit("deputy")
    expect(lead.locator("#help-queue .claim:visible")).to_have_text(["I come instead"])
    expect(deputy.locator("#help-queue li")).to_have_count(2)
    expect(deputy.locator("#help-queue .claim:visible")).to_have_count(0)
    fake.push("participant.away", person="lead", cause="silent")
    expect(deputy.locator("#help-queue .claim:visible")).to_have_text(["I come instead"])


def test_who_is_waiting_is_counted_on_a_phone(fake, visit):
    fake.own["lead"] = {"help": [request(at=now())]}
    fake.people["guest"]["hand"] = 4
    page = visit("lead", viewport={"width": 360, "height": 740})
    expect(page.get_by_role("navigation").get_by_role("button", name="People")).to_have_text("People2 waiting")
    page.get_by_role("navigation").get_by_role("button", name="People").click()
    expect(page.locator("#help-queue li")).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"


def test_hands_go_up_and_down_in_their_order(fake, visit):
    page, other = visit("guest"), visit("deputy")
    page.get_by_role("button", name="Raise hand").press("Enter")
    expect(page.locator("#hand")).not_to_have_attribute("aria-busy", "true")
    assert fake.sent("hand.raise") == [{}]
    fake.push("hand.raised", person="guest")
    fake.push("hand.raised", person="deputy")
    expect(page.get_by_role("button", name="Lower hand")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#hands li bdi")).to_have_text(["Teacher A (you)", "Teacher C"])
    expect(page.locator("#roster li", has_text="Teacher A")).to_contain_text("hand up (1)")
    assert page.locator("#hands button:visible").count() == 0, "only hosts lower other hands"
    expect(other.locator("#notices")).to_contain_text("Teacher A has raised a hand.")
    other.get_by_role("button", name="Lower the hand of Teacher A").click()
    expect(other.get_by_role("button", name="Lower the hand of Teacher A")).not_to_have_attribute("aria-busy", "true")
    assert fake.sent("hand.lower", "deputy") == [{"person": "guest"}]
    fake.push("hand.lowered", person="guest", by="deputy")
    expect(page.locator("#notices")).to_contain_text("Your hand was lowered by a host.")
    expect(other.locator("#hands li bdi")).to_have_text(["Teacher C (you)"])
    other.get_by_role("button", name="Lower hand").click()
    expect(other.locator("#hand")).not_to_have_attribute("aria-busy", "true")
    assert fake.sent("hand.lower", "deputy")[1:] == [{}]


def test_in_the_lobby_and_for_observers_there_is_neither_hand_nor_help(fake, visit):
    fake.session["phase"] = "lobby"
    page = visit("guest")
    expect(page.locator("#hand")).to_be_hidden()
    expect(page.locator("#ask-help")).to_be_hidden()
    fake.push("session.started", by="lead")
    expect(page.locator("#hand")).to_be_visible()
    fake.people["guest"]["role"] = "observer"
    page.reload()
    expect(page.locator("#silenced")).to_contain_text("observer")
    expect(page.locator("#hand")).to_be_hidden()
