"""What the page says is kept, and what becomes of it when somebody is erased."""
import pytest
from fake_server import now
from pages import assert_accessible, fake, visit
from playwright.sync_api import expect

ERASED = "erased-0123456789ab"


def what_is_kept(page):
    page.get_by_role("button", name="What is kept").click()
    return page.get_by_role("dialog", name="What is kept")


@pytest.mark.parametrize(("kept", "sentences"), [
    ({"textDays": 30, "attendanceDays": 1}, [
        "are kept for 30 days after the session's end", "in which rooms, is kept for a day after the session's end",
    ]),
    ({"textDays": None, "attendanceDays": 400}, [
        "are kept until the people who run this server delete it", "is kept for 400 days after the session's end",
    ]),
    (None, ["are kept for as long as the people who run this server decide"]),
])
def test_everybody_reads_for_how_long_things_are_kept_as_the_server_says(fake, visit, kept, sentences):
    fake.kept = kept
    page = visit("guest")
    dialog = what_is_kept(page)
    for sentence in sentences:
        expect(dialog).to_contain_text(sentence)
    expect(dialog).to_contain_text("Ask the people who invited you to this session.")
    assert_accessible(page)
    dialog.get_by_role("button", name="Close").press("Enter")
    expect(page.get_by_role("button", name="What is kept")).to_be_focused()


def test_a_server_that_was_set_up_anew_is_believed_after_a_reconnect(fake, visit):
    page = visit("guest")
    fake.kept = {"textDays": 7, "attendanceDays": 7}
    fake.close_all(1001, "1")
    expect(page.locator("#line")).to_be_hidden()
    expect(what_is_kept(page)).to_contain_text("are kept for 7 days after the session's end")
    assert fake.count("session.join") == 2


def test_after_an_erasure_the_page_takes_a_whole_state_and_forgets_who_was_erased(fake, visit):
    fake.chat["main"] = [{"message": 3, "at": now(), "from": "deputy", "text": "Something private"}]
    fake.breakouts = {"round": 1, "phase": "open", "mode": "even", "rooms": [], "closesAt": None}
    page = visit("guest")
    fake.push("breakouts.announced", text="All my words", by="deputy")
    expect(page.locator("#calls")).to_contain_text("Teacher C to all rooms: All my words")
    expect(page.locator("#messages")).to_contain_text("Something private")
    page.locator("#message").fill("a draft")
    fake.people[ERASED] = fake.people.pop("deputy") | {"name": "", "school": "", "presence": "left"}
    fake.chat["main"] = [{"message": 3, "at": now(), "from": ERASED, "deleted": True}]
    fake.epoch = "e2"
    fake.close_all(4410)
    expect(page.locator("#messages")).to_contain_text("This message was deleted.")
    expect(page.locator("#session")).not_to_contain_text("private")
    expect(page.locator("#calls")).to_be_hidden()
    expect(page.locator("#session")).not_to_contain_text("Teacher C")
    expect(page.locator("#roster li", has_text="Erased person")).to_contain_text("left")
    expect(page.locator("#message")).to_have_value("a draft")
    joins = [command for who, command in fake.commands if command["do"] == "session.join"]
    assert [command.get("resume") for command in joins] == [None, None], "there is nothing to build upon"
    assert "All my words" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_it_is_back_at_once_after_an_erasure_but_not_everybody_in_one_moment(fake, visit):
    page = visit("guest", clock=True)
    page.clock.run_for(200)
    expect(page.locator("#session")).to_be_visible()
    fake.close_all(4410)
    expect(page.locator("#line-text")).to_contain_text("Something was erased for good")
    page.clock.run_for(1500)
    expect(page.locator("#line")).to_be_hidden()


def test_who_was_erased_stays_out(fake, visit):
    page = visit("guest")
    fake.close_all(4503)
    expect(page.locator("#line-text")).to_contain_text("removed you from this session")
    expect(page.locator("#line-try")).to_be_hidden()
    assert fake.count("session.join") == 1
