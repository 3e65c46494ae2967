"""Attendance on the page: the figure of one's own, a claim and its way, and the same on the real server."""
import csv
import io

import pytest
from book import MINUTE, PHONE, WIDE, book, clock, names, show
from pages import assert_accessible, fake, modules, visit
from playwright.sync_api import expect
from test_page import windows


def test_everybody_sees_how_many_are_here_and_their_own_figure(fake, visit, book):
    book.add("guest", 34)
    page = visit("guest", **WIDE)
    panel = show(page)
    expect(panel).to_be_focused()
    expect(page.locator("#attendance-count")).to_have_text("3 people here now; 3 have come, 3 at once at most.")
    expect(page.locator("#own-figure")).to_have_text("You have been here 34 of 52 minutes; counted as attended from 26 on.")
    expect(panel).to_contain_text("That counts as attended.")
    fake.notice("attendance.count", here=24, unique=27, peak=25)
    expect(page.locator("#attendance-count")).to_have_text("24 people here now; 27 have come, 25 at once at most.")
    panel.get_by_text("How this is counted").click()
    expect(panel).to_contain_text("Rule 1: whoever has at least 50 % of the time")
    assert page.locator("#register").count() == 0 or page.locator("#register").is_hidden()
    assert fake.count("attendance.report") == 0, "a table of everybody is for hosts"


def test_rooms_and_gaps_are_told_on_request(fake, visit, book):
    book.rows["guest"] |= {
        "counted": 6,
        "filled": [{"from": book.at(10), "to": book.at(12)}],
        "rooms": [{"room": "b1-1", "name": "Owls", "round": 1, "time": 3 * MINUTE, "with": [{"person": "lead", "time": MINUTE}]}],
    }
    page = visit("guest", **WIDE)
    panel = show(page)
    expect(panel).to_contain_text("6 minutes count: 4 on this page, 2 in gaps that were filled.")
    expect(panel).to_contain_text("That does not count as attended yet.")
    panel.get_by_text("Gaps that were filled", exact=True).click()
    expect(panel).to_contain_text(f"{clock(page, book.at(10))}–{clock(page, book.at(12))}")
    panel.get_by_text("Breakout rooms, and with whom").click()
    expect(panel).to_contain_text("Round 1, Owls: 3 minutes with Teacher H (1 minute)")


def test_who_was_in_the_video_says_so_and_a_host_accepts_it(fake, visit, book):
    guest, host = visit("guest", **PHONE), visit("lead", **WIDE)
    panel = show(guest)
    expect(guest.locator("#own-figure")).to_have_text("You have been here 4 of 52 minutes; counted as attended from 26 on.")
    panel.get_by_text("I was in the video").click()
    panel.get_by_label("From").fill(clock(guest, book.at(5)))
    panel.get_by_label("to", exact=True).fill(clock(guest, book.at(52)))
    panel.get_by_role("button", name="Send to the hosts").click()
    expect(panel).to_contain_text("The hosts see it now.")
    assert fake.sent("attendance.claim") == [{"from": book.at(5), "to": book.at(52)}]
    claimed = f"{clock(guest, book.at(5))}–{clock(guest, book.at(52))}"
    expect(panel.locator(".claims li")).to_have_text([f"In the video {claimed}: waits for a host"])
    expect(host.locator("#notices")).to_contain_text(f"Teacher A says they were here {claimed}.")
    expect(host.locator("#attendance-open")).to_contain_text("1 claim waits")
    show(host)
    expect(host.locator("#attendance-title")).to_contain_text("1 claim waits")
    expect(names(host)).to_have_text(["Teacher A", "Teacher C", "Teacher H (you)"])
    expect(host.locator("#register tbody tr").first).to_contain_text("1 claim waits")
    host.get_by_role("button", name="Accept what Teacher A said: in the video for 47 minutes more").click()
    expect(host.locator("#attendance-waiting")).to_be_hidden()
    expect(host.locator("#register tr", has_text="Teacher A").locator("td")).to_have_text(
        ["Hillside", "Participant", "4", "4", "47", "0", "51", "yes", "Mark"], use_inner_text=True
    )
    expect(guest.locator("#notices")).to_contain_text("Teacher H has accepted when you say you were here.")
    expect(panel.locator(".claims li")).to_have_text([f"In the video {claimed}: accepted by Teacher H"])
    expect(panel).to_contain_text("51 minutes count: 4 on this page, 47 accepted by a host. That counts as attended.")


def test_what_is_no_time_of_the_session_is_not_sent(fake, visit, book):
    page = visit("guest", **WIDE)
    panel = show(page)
    panel.get_by_text("I was in the video").click()
    send = panel.get_by_role("button", name="Send to the hosts")
    panel.get_by_label("From").fill("")
    send.click()
    expect(panel.locator(".claim-form .refusal")).to_have_text("Say from when to when.")
    panel.get_by_label("From").fill(clock(page, book.at(30)))
    panel.get_by_label("to", exact=True).fill(clock(page, book.at(20)))
    send.click()
    expect(panel.locator(".claim-form .refusal")).to_contain_text("say times within it, the earlier one first.")
    fake.refuse["attendance.claim"] = {"code": "tooManyClaims", "message": "-"}
    panel.get_by_label("to", exact=True).fill(clock(page, book.at(40)))
    send.click()
    expect(panel.locator(".claim-form .refusal")).to_contain_text("You have said this as often as can be.")
    expect(panel.get_by_label("From")).to_have_value(clock(page, book.at(30)))


def test_the_form_suggests_the_last_time_in_which_the_page_slept(fake, visit, book):
    page = visit("guest", **WIDE)
    page.evaluate("""(from) => {
      for (const name of Object.keys(sessionStorage)) if (name.startsWith("plenary.gap.")) sessionStorage.removeItem(name);
      sessionStorage.setItem("plenary.heard.s.guest", JSON.stringify(from));
    }""", book.at(30))
    page.reload()
    expect(page.locator("#session")).to_be_visible()
    panel = show(page)
    panel.get_by_text("I was in the video").click()
    expect(panel.get_by_label("From")).to_have_value(clock(page, book.at(30)))
    expect(panel.get_by_label("to", exact=True)).to_have_value(clock(page, book.end))


def test_times_of_day_become_times_of_the_session_also_past_midnight(modules):
    moments = lambda live, start, end: modules.evaluate(
        """async ([live, from, to]) => {
          const { moments } = await import("/minutes.js");
          const at = (text) => new Date(text).getTime();
          const said = moments({ from: at(live[0]), to: at(live[1]) }, from, to);
          return said.problem ? "problem" : [said.from, said.to].map((time) => {
            const date = new Date(time);
            return date.getDate() + " " + date.toTimeString().slice(0, 8);
          });
        }""",
        [live, start, end],
    )
    evening = ["2026-03-02T22:30:20", "2026-03-03T00:40:50"]
    assert moments(evening, "22:30", "23:00") == ["2 22:30:20", "2 23:00:00"]
    assert moments(evening, "23:50", "00:10") == ["2 23:50:00", "3 00:10:00"]
    assert moments(evening, "00:10", "00:41") == ["3 00:10:00", "3 00:40:50"]
    for wrong in [("23:00", "22:40"), ("22:00", "23:00"), ("00:10", "00:50"), ("00:50", "00:55"), ("", "23:00")]:
        assert moments(evening, *wrong) == "problem", wrong


def test_a_report_that_is_late_or_refused_is_told(fake, visit, book):
    page = visit("guest", clock=True, **WIDE)
    page.clock.run_for(200)
    fake.mute = {"attendance.mine"}
    panel = show(page)
    page.clock.run_for(4500)
    expect(panel.get_by_role("status").last).to_have_text("The report has not arrived yet.")
    fake.mute = set()
    fake.close_all(1001, "1")
    page.clock.run_for(2000)
    expect(page.locator("#own-figure")).to_contain_text("4 of 52")
    fake.refuse["attendance.mine"] = {"code": "slowDown", "message": "-"}
    panel.get_by_role("button", name="Refresh").click()
    expect(panel.locator(".fetching .refusal")).to_contain_text("That was very quick.")
    expect(page.locator("#own-figure")).to_contain_text("4 of 52")


def test_before_the_start_it_says_when_counting_begins_and_asks_for_nothing(fake, visit, book):
    fake.session |= {"phase": "lobby", "startedAt": None}
    page = visit("lead", **WIDE)
    panel = show(page)
    expect(panel).to_contain_text("Counting begins when the session starts.")
    assert fake.count("attendance.mine") == 0 and fake.count("attendance.report") == 0
    fake.push("session.started", by="lead")
    expect(names(page)).to_have_count(3)


def test_it_works_after_the_end(fake, visit, book):
    fake.session |= {"phase": "ended", "endedAt": book.end}
    page = visit("guest", **WIDE)
    panel = show(page)
    expect(page.locator("#own-figure")).to_have_text("You were here 4 of 52 minutes; counted as attended from 26 on.")
    expect(panel).to_contain_text("That does not count as attended.")
    panel.get_by_text("I was in the video").click()
    panel.get_by_label("From").fill(clock(page, book.at(5)))
    panel.get_by_label("to", exact=True).fill(clock(page, book.at(50)))
    panel.get_by_role("button", name="Send to the hosts").click()
    expect(panel.locator(".claims li")).to_contain_text("waits for a host")


@pytest.mark.parametrize(("scheme", "options"), [("dark", PHONE), ("light", WIDE)])
def test_the_panel_is_accessible_and_fits(fake, visit, book, scheme, options):
    book.rows["guest"]["claims"] = [{"from": book.at(0), "to": book.at(20), "by": None}]
    page = visit("lead", color_scheme=scheme, **options)
    panel = show(page)
    expect(names(page)).to_have_count(3)
    for summary in panel.locator("summary").all():
        if summary.is_visible():
            summary.click()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"
    page.get_by_role("button", name="Mark Teacher A").click()
    expect(page.get_by_role("dialog")).to_contain_text("Credited with")
    assert_accessible(page)


def test_on_the_real_server_a_claim_is_accepted_and_a_mark_stands_beside_it(serve, windows):
    server = serve()
    lead, deputy, guest = [windows(server.address, person, **WIDE) for person in ("lead", "deputy", "guest")]
    expect(show(guest)).to_contain_text("Counting begins when the session starts.")
    lead.get_by_role("button", name="Start the session").click()
    expect(guest.locator("#own-figure")).to_have_text("Counting has just begun.")
    panel = guest.locator("#attendance")
    panel.get_by_text("I was in the video").click()
    # Whole minutes around this one: what is beyond the session is cut off.
    start = guest.evaluate("Date.now()") // MINUTE * MINUTE
    panel.get_by_label("From").fill(clock(guest, start))
    panel.get_by_label("to", exact=True).fill(clock(guest, start + MINUTE))
    panel.get_by_role("button", name="Send to the hosts").click()
    expect(panel.locator(".claims li")).to_contain_text("waits for a host")
    for host in (lead, deputy):
        expect(host.locator("#attendance-open")).to_contain_text("1 claim waits")
        expect(host.locator("#notices")).to_contain_text("Teacher A says they were here")
    show(deputy)
    expect(names(deputy)).to_have_text(["Teacher A", "Teacher C (you)", "Teacher H"])
    deputy.get_by_role("button", name="Accept what Teacher A said").click()
    expect(panel.locator(".claims li")).to_contain_text("accepted by Teacher C")
    expect(lead.locator("#attendance-waiting")).to_have_attribute("data-count", "0")
    show(lead)
    lead.get_by_role("button", name="Mark Teacher A").click()
    dialog = lead.get_by_role("dialog", name="Teacher A")
    expect(dialog).to_contain_text("attended.")
    dialog.get_by_label("They were").select_option("Absent")
    dialog.get_by_label("Reason").fill("Only the phone was here")
    dialog.get_by_role("button", name="Mark").click()
    expect(dialog.locator(".marks li")).to_contain_text("by Teacher H: Only the phone was here")
    dialog.get_by_role("button", name="Close").click()
    expect(panel.locator(".marks li")).to_contain_text("Absent")
    with lead.expect_download() as download:
        lead.get_by_role("button", name="Save as a file (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(open(download.value.path(), newline="", encoding="utf-8-sig").read(), newline="")))
    assert [(row["name"], row["role"]) for row in rows] == [
        ("Teacher H", "host"), ("Teacher C", "cohost"), ("Teacher A", "participant"),
    ]
    assert [row["attended"] for row in rows[:2]] == ["yes", "yes"]

    guest.get_by_role("button", name="What is kept").click()
    expect(guest.get_by_role("dialog")).to_contain_text("until the people who run this server delete it")
    guest.get_by_role("button", name="Close").click()
    lead.reload()
    show(lead)
    lead.locator("#register").get_by_role("button", name="Teacher A", exact=True).click()
    expect(dialog.locator(".claims li")).to_contain_text("accepted by Teacher C")
    expect(dialog.locator(".marks li")).to_contain_text("Only the phone was here")
    dialog.get_by_role("button", name="Close").click()
    for page in (lead, deputy, guest):
        assert_accessible(page)
