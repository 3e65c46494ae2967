"""Leading, as the page shows it: handing over, stepping in, who leads next, and two hosts at once."""
import pytest
from fake_server import now
from pages import assert_accessible, fake, open_rooms, visit
from playwright.sync_api import expect

OFFER = {"from": "lead", "to": "guest"}


def person(page, name):
    """Opens what can be done with somebody."""
    page.locator("#roster").get_by_role("button", name=name).click()
    return page.get_by_role("dialog")


def test_a_host_asks_somebody_to_lead_and_can_withdraw_it(fake, visit):
    page = visit("lead")
    person(page, "Teacher A").get_by_role("button", name="Ask to lead").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert fake.sent("handoff.offer") == [{"to": "guest", "ifSeq": 10}]
    fake.push("handoff.offered", {"lead", "deputy", "guest"}, **OFFER)
    expect(page.locator("#calls")).to_contain_text("You have asked Teacher A to lead.")
    page.get_by_role("button", name="Withdraw the offer").click()
    expect(page.get_by_role("button", name="Withdraw the offer")).not_to_have_attribute("aria-busy", "true")
    assert fake.sent("handoff.withdraw") == [{"ifSeq": 11}]
    fake.push("handoff.withdrawn", {"lead", "deputy", "guest"}, by="lead", to="guest")
    expect(page.locator("#calls")).to_be_hidden()


def test_who_is_asked_accepts_with_the_keyboard(fake, visit):
    page, deputy = visit("guest"), visit("deputy")
    fake.push("handoff.offered", {"lead", "deputy", "guest"}, **OFFER)
    expect(page.locator("#calls")).to_contain_text("Teacher H asks you to lead the session.")
    expect(page.locator("#aloud")).to_have_text("Teacher H asks you to lead the session. You can accept or decline.")
    expect(deputy.locator("#calls")).to_contain_text("Teacher H has asked Teacher A to lead.")
    assert deputy.locator("#calls button").count() == 0, "it is for whom is asked"
    assert_accessible(page)
    page.get_by_role("button", name="Accept").press("Enter")
    expect(page.get_by_role("button", name="Accept")).not_to_have_attribute("aria-busy", "true")
    assert fake.sent("handoff.accept", "guest") == [{"ifSeq": 11}], "the offer itself has been seen"
    fake.push("host.changed", **{"from": "lead", "to": "guest", "reason": "accepted"})
    expect(page.locator("#leads")).to_have_text("You lead")
    expect(page.locator("#calls")).to_be_hidden()


def test_who_declines_is_named_to_the_hosts(fake, visit):
    page, host = visit("guest"), visit("lead")
    fake.push("handoff.offered", {"lead", "deputy", "guest"}, **OFFER)
    page.get_by_role("button", name="Decline").click()
    fake.push("handoff.declined", {"lead", "deputy", "guest"}, by="guest")
    expect(page.locator("#calls")).to_be_hidden()
    expect(host.locator("#notices")).to_contain_text("Teacher A would rather not lead now.")
    assert fake.sent("handoff.decline") == [{"ifSeq": 11}]


def test_an_offer_outlives_a_reload_and_ends_when_it_is_withdrawn(fake, visit):
    fake.own["guest"] = {"handoff": OFFER}
    page = visit("guest")
    expect(page.get_by_role("button", name="Accept")).to_be_visible()
    fake.push("handoff.withdrawn", {"lead", "deputy", "guest"}, by="lead", to="guest")
    expect(page.get_by_role("button", name="Accept")).to_be_hidden()
    expect(page.locator("#notices")).to_contain_text("You are not asked to lead any more.")


def test_handing_over_at_once_asks_twice(fake, visit):
    page = visit("lead")
    dialog = person(page, "Teacher A")
    dialog.get_by_role("button", name="Hand the session over").click()
    expect(dialog.get_by_role("group")).to_contain_text("Teacher A leads at once, and you are a co-host.")
    expect(dialog.get_by_role("button", name="Hand over", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog.get_by_role("button", name="Hand the session over")).to_be_focused()
    assert fake.count("handoff.give") == 0
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    assert fake.sent("handoff.give") == [{"to": "guest", "ifSeq": 10}]


def test_an_owner_leads_again_and_a_cohost_has_no_such_button(fake, visit):
    fake.people["lead"]["role"], fake.people["deputy"]["role"] = "cohost", "host"
    page = visit("lead")
    expect(page.get_by_role("button", name="Lead again")).to_be_hidden()
    ticket_says_host = visit("deputy")
    fake.push("host.changed", **{"from": "deputy", "to": "lead", "reason": "given"})
    expect(ticket_says_host.locator("#leads")).to_have_text("Teacher H leads")
    ticket_says_host.get_by_role("button", name="Lead again").click()
    expect(ticket_says_host.get_by_role("button", name="Lead again")).not_to_have_attribute("aria-busy", "true")
    assert len(fake.sent("host.reclaim", "deputy")) == 1


def test_a_cohost_steps_in_for_some_minutes_and_everybody_sees_how_long(fake, visit):
    page, guest, lead = visit("deputy"), visit("guest"), visit("lead")
    expect(lead.get_by_role("button", name="Step in")).to_be_hidden()
    page.get_by_label("Step in for").select_option("5 minutes")
    page.get_by_role("button", name="Step in", exact=True).click()
    expect(page.get_by_role("button", name="Step in", exact=True)).not_to_have_attribute("aria-busy", "true")
    assert fake.sent("floor.take") == [{"seconds": 300, "ifSeq": 10}]
    fake.push("floor.taken", person="deputy", until=now() + 300_000)
    expect(guest.locator("#calls")).to_contain_text("Teacher C has stepped in: 4:5")
    expect(guest.locator("#aloud")).to_contain_text("Teacher C has stepped in for")
    assert guest.locator("#calls button").count() == 0
    expect(lead.get_by_role("button", name="End it")).to_be_visible()
    page.get_by_role("button", name="Step back").click()
    fake.push("floor.yielded", by="deputy")
    expect(guest.locator("#calls")).to_be_hidden()
    expect(guest.locator("#notices")).to_contain_text("Teacher C has stepped back.")
    assert len(fake.sent("floor.yield", "deputy")) == 1


def test_everybody_sees_who_leads_next_and_the_host_puts_them_in_order(fake, visit):
    fake.state["succession"] = ["deputy", "guest"]
    page, guest = visit("lead"), visit("guest")
    expect(guest.locator("#next-hosts")).to_have_text("If the host drops: 1. Teacher C, 2. Teacher A")
    guest.locator("#next-hosts").click()
    expect(guest.locator("#succession li")).to_have_text(["Teacher C", "Teacher A"], use_inner_text=True)
    assert guest.locator("#succession button:visible").count() == 0
    page.locator("#next-hosts").click()
    page.get_by_role("button", name="Teacher A earlier").press("Enter")
    expect(page.get_by_role("button", name="Teacher A earlier")).not_to_have_attribute("aria-busy", "true")
    fake.push("succession.changed", order=["guest", "deputy"], by="lead")
    expect(guest.locator("#next-hosts")).to_have_text("If the host drops: 1. Teacher A, 2. Teacher C")
    expect(page.get_by_role("button", name="Teacher A later")).to_be_focused()
    page.get_by_role("button", name="Remove Teacher C").click()
    expect(page.get_by_role("button", name="Remove Teacher C")).not_to_have_attribute("aria-busy", "true")
    fake.push("succession.changed", order=["guest"], by="lead")
    page.get_by_label("Next to lead").select_option("Teacher C")
    page.locator("#succession-go").click()
    expect(page.locator("#succession-go")).not_to_have_attribute("aria-busy", "true")
    orders = [command["order"] for command in fake.sent("succession.set")]
    assert orders == [["guest", "deputy"], ["guest"], ["guest", "deputy"]]


def test_cohosts_come_and_go(fake, visit):
    page, guest = visit("lead"), visit("guest")
    person(page, "Teacher A").get_by_role("button", name="Make co-host").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    fake.push("role.changed", person="guest", role="cohost", by="lead")
    expect(guest.locator("#notices")).to_contain_text("You are now co-host.")
    expect(guest.get_by_role("button", name="Hosts", exact=True)).to_be_visible()
    person(page, "Teacher A").get_by_role("button", name="Take co-host away").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    fake.push("role.changed", person="guest", role="participant", by="lead")
    you = {"person": "guest", "role": "participant"}
    fake.whisper("guest", "you", you=you, chat={"main": []}, readable=[], help=[], handoff=None)
    expect(guest.get_by_role("button", name="Hosts", exact=True)).to_be_hidden()
    assert fake.sent("cohost.add") == [{"person": "guest", "ifSeq": 10}]
    assert fake.sent("cohost.remove") == [{"person": "guest", "ifSeq": 11}]


def test_that_nobody_leads_is_said_aloud_and_stays_to_be_seen(fake, visit):
    page = visit("guest")
    fake.push("host.changed", **{"from": "lead", "to": None, "reason": "dropped"})
    expect(page.locator("#notices")).to_contain_text("Nobody leads at the moment.")
    expect(page.locator("#calls")).to_contain_text("Nobody leads at the moment. The first host or co-host to arrive will.")
    expect(page.locator("#leads")).to_have_text("Nobody leads at the moment")
    fake.push("host.changed", **{"from": None, "to": "deputy", "reason": "arrived"})
    expect(page.locator("#calls")).to_be_hidden()
    expect(page.locator("#notices")).to_contain_text("Teacher C is here and leads now.")


def test_the_session_gets_another_title_and_place(fake, visit):
    page, guest = visit("lead"), visit("guest")
    page.get_by_text("Title and meeting place").click()
    page.get_by_label("Title").fill("Reading alone")
    page.get_by_label("Meeting place").fill("https://meet.example.org/2")
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.locator("#session-facts-set")).not_to_have_attribute("aria-busy", "true")
    assert fake.sent("session.set") == [{"title": "Reading alone", "place": "https://meet.example.org/2"}]
    fake.push("session.changed", title="Reading alone", place="https://meet.example.org/2", by="lead")
    expect(guest.locator("#title")).to_have_text("Reading alone")
    expect(guest.locator("#place a")).to_have_attribute("href", "https://meet.example.org/2")
    expect(guest.locator("#notices")).to_contain_text("another meeting place")


def test_a_stale_edit_says_what_changed_and_by_whom_and_the_form_stays_filled(fake, visit):
    fake.people["guest"]["room"] = "b1-1"
    page = visit("lead")
    open_rooms(fake)
    page.locator("#move-person").select_option("guest")
    page.locator("#move-room").select_option("main")
    seen = fake.seq
    moved = {"person": "guest", "from": "b1-1", "to": "b1-2", "reason": "moved", "by": "deputy"}
    seq = fake.push("participant.moved", **moved)
    changed = [{"seq": seq, "on": "participant.moved", "by": "deputy"}]
    fake.refuse["breakouts.move"] = {"code": "stale", "message": "-", "changed": changed}
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator("#move-refusal")).to_contain_text("Meanwhile Teacher C moved Teacher A to Foxes. Nothing was done.")
    expect(page.locator("#move-person")).to_have_value("guest")
    expect(page.locator("#move-room")).to_have_value("main")
    del fake.refuse["breakouts.move"]
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator("#move-person")).to_have_value("")
    bases = [command["ifSeq"] for command in fake.sent("breakouts.move")]
    assert bases == [seen, seq], "first what was seen when the form was begun, then what was told"


def test_what_one_did_oneself_a_moment_ago_is_asked_again_silently(fake, visit):
    page = visit("lead")
    changed = [{"seq": 10, "on": "role.changed", "by": "lead"}]
    fake.refuse["handoff.offer"] = {"code": "stale", "message": "-", "changed": changed}
    person(page, "Teacher A").get_by_role("button", name="Ask to lead").click()
    expect(page.locator("#person-refusal")).to_contain_text("Somebody else changed this")
    assert [command["ifSeq"] for command in fake.sent("handoff.offer")] == [10, 10]


@pytest.mark.parametrize(("scheme", "width"), [("dark", 360), ("light", 1400)])
def test_the_dialog_and_the_calls_are_accessible(fake, visit, scheme, width):
    fake.own["lead"] = {"handoff": {"from": "lead", "to": "deputy"}}
    fake.state["floor"] = {"person": "deputy", "until": now() + 60_000}
    page = visit("lead", color_scheme=scheme, viewport={"width": width, "height": 740})
    expect(page.locator("#calls li")).to_have_count(2)
    assert_accessible(page)
    if width < 900:
        page.get_by_role("navigation").get_by_role("button", name="People").click()
    dialog = person(page, "Teacher A")
    dialog.get_by_role("button", name="Remove from the session").click()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"
