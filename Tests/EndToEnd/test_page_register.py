"""The hosts' table of attendance: whose claims wait, sorting, marks with a reason, and the file that is saved."""
import csv
import io

from book import MINUTE, PHONE, WIDE, book, clock, names, show
from pages import fake, visit
from playwright.sync_api import expect
from test_page import screenshot


def test_a_host_marks_somebody_with_a_reason(fake, visit, book):
    page, guest = visit("lead", **WIDE), visit("guest", **WIDE)
    show(page)
    page.get_by_role("button", name="Mark Teacher A").click()
    dialog = page.get_by_role("dialog", name="Teacher A")
    expect(dialog).to_contain_text("Credited with 4 of 52 minutes: not attended.")
    expect(dialog.get_by_label("From")).to_be_focused()
    dialog.get_by_role("button", name="Mark").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Say why")
    dialog.get_by_label("Reason").fill("Was on the phone line")
    dialog.get_by_role("button", name="Mark").press("Enter")
    expect(dialog.locator(".marks li")).to_contain_text("by Teacher H: Was on the phone line")
    mark = {"person": "guest", "from": book.start, "to": book.end, "present": True, "reason": "Was on the phone line"}
    assert fake.sent("attendance.mark") == [mark]
    expect(guest.locator("#notices")).to_contain_text("Teacher H has marked you as present")
    expect(guest.locator("#notices")).to_contain_text("Was on the phone line")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Mark Teacher A")).to_be_focused()
    expect(page.locator("#register tr", has_text="Teacher A").locator(".marked")).to_have_text("52")


def test_what_waits_can_be_looked_at_before_it_is_accepted(fake, visit, book):
    book.rows["guest"]["claims"] = [{"from": book.at(10), "to": book.at(20), "by": None}]
    page = visit("lead", **WIDE)
    expect(page.locator("#attendance-open")).to_contain_text("1 claim waits")
    show(page)
    page.locator("#register").get_by_role("button", name="Teacher A", exact=True).click()
    dialog = page.get_by_role("dialog", name="Teacher A")
    expect(dialog.locator(".claims li")).to_have_text(
        [f"In the video {clock(page, book.at(10))}–{clock(page, book.at(20))}: waits for a host"]
    )
    dialog.get_by_role("button", name="Accept what they said").click()
    expect(dialog.locator(".claims li")).to_contain_text("accepted by Teacher H")
    expect(dialog.get_by_role("button", name="Accept what they said")).to_be_hidden()
    fake.refuse["attendance.accept"] = {"code": "noClaim", "message": "-"}


def test_the_table_is_sorted_by_any_column_with_the_keyboard(fake, visit, book):
    book.rows["guest"]["claims"] = [{"from": book.at(10), "to": book.at(20), "by": None}]
    page = visit("lead", **WIDE)
    show(page)
    expect(names(page)).to_have_text(["Teacher A", "Teacher C", "Teacher H (you)"])
    head = lambda name: page.get_by_role("columnheader", name=name)
    expect(head("Present")).to_have_attribute("aria-sort", "none")
    head("Present").get_by_role("button").press("Enter")
    expect(head("Present")).to_have_attribute("aria-sort", "descending")
    expect(names(page)).to_have_text(["Teacher H (you)", "Teacher C", "Teacher A"])
    head("Present").get_by_role("button").press("Enter")
    expect(head("Present")).to_have_attribute("aria-sort", "ascending")
    expect(names(page)).to_have_text(["Teacher A", "Teacher C", "Teacher H (you)"])
    head("School").get_by_role("button").press("Enter")
    expect(head("Present")).to_have_attribute("aria-sort", "none")
    expect(names(page)).to_have_text(["Teacher A", "Teacher H (you)", "Teacher C"])
    expect(head("School").get_by_role("button")).to_be_focused()
    expect(page.locator("#register-caption")).to_have_text(
        "3 people, 52 minutes since the start. 2 attended: 26 or more credited (50 %, rule 1)."
    )


def test_the_file_opens_in_a_spreadsheet_and_holds_no_formula(fake, visit, book):
    wild = {"eq": '=HYPERLINK("x")', "plus": "+1", "minus": "-1", "at": "@SUM(A1)", "tab": "\tx", "cr": "\rx"}
    for person, text in wild.items():
        fake.people[person] = {"name": text, "school": f'{text}, "Old"\nSchool', "role": "participant"}
        book.add(person, 26)
    fake.session["title"] = "=1+1"
    book.rows["guest"]["marks"] = [{"from": book.at(0), "to": book.at(2), "present": False, "reason": "x", "by": "lead"}]
    page = visit("lead", **WIDE)
    show(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file (CSV)").click()
    assert download.value.suggested_filename == "attendance-s.csv"
    data = open(download.value.path(), "rb").read()
    assert data.startswith(b"\xef\xbb\xbf"), "or a spreadsheet takes umlauts for something else"
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert ",".join(rows[0]) == (
        "session,title,date,person,name,school,role,present_minutes,counted_minutes,accepted_minutes,marked_minutes,"
        "credited_minutes,attended,rule"
    )
    by_person = {row[3]: row for row in rows[1:]}
    assert len(by_person) == 9 and {len(row) for row in rows} == {14}
    for person, text in wild.items():
        assert by_person[person][4:6] == ["'" + text, f"'{text}, \"Old\"\nSchool"]
    assert {row[1] for row in rows[1:]} == {"'=1+1"}
    assert by_person["guest"][6:] == ["participant", "4", "4", "0", "-2", "2", "no", "1"]
    assert by_person["eq"][6:] == ["participant", "26", "26", "0", "0", "26", "yes", "1"]


def test_reports_are_fetched_while_they_are_looked_at_and_not_for_every_push(fake, visit, book):
    page = visit("lead", **WIDE)
    expect(page.locator("#session")).to_be_visible()
    show(page)
    expect(names(page)).to_have_count(3)
    for minute in range(20):
        fake.push("attendance.claimed", person="guest", **{"from": book.at(minute), "to": book.at(minute + 1)})
    book.rows["guest"]["claims"] = [{"from": book.at(0), "to": book.at(20), "by": None}]
    expect(page.locator("#register .waits", has_text="1 claim waits")).to_be_visible()
    assert fake.count("attendance.report") <= 4, "twenty pushes, one more report"


def test_who_becomes_cohost_learns_of_the_claims_that_wait(fake, visit, book):
    book.rows["guest"]["claims"] = [{"from": book.at(0), "to": book.at(20), "by": None}]
    fake.people["friend"] = {"name": "Teacher B", "role": "participant", "school": "Harbour"}
    book.add("friend", 40)
    page = visit("friend", **WIDE)
    show(page)
    expect(page.locator("#own-figure")).to_contain_text("40 of 52")
    fake.people["friend"]["role"] = "cohost"
    fake.push("role.changed", person="friend", role="cohost", by="lead")
    expect(page.locator("#attendance-title")).to_contain_text("1 claim waits")
    expect(names(page)).to_have_count(4)
    fake.people["friend"]["role"] = "participant"
    fake.push("role.changed", person="friend", role="participant", by="lead")
    expect(page.locator("#register")).to_be_hidden()
    expect(page.locator("#attendance-waiting")).to_be_hidden()


def test_text_of_people_stays_text(fake, visit, book):
    fake.people["guest"] |= {"name": "<b>bold</b>", "school": "<img src=x>"}
    book.rows["guest"]["marks"] = [{"from": book.start, "to": book.end, "present": True, "reason": "<i>x</i>", "by": "lead"}]
    page = visit("lead", **WIDE)
    show(page)
    page.locator("#register").get_by_role("button", name="<b>bold</b>", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("<i>x</i>")
    assert page.locator("#session b, #session img, #session i").count() == 0


def test_twenty_people_on_a_wide_screen_and_a_phone(fake, visit, book):
    schools = ["North", "Vale", "Hillside", "Harbour", "Mill Lane"]
    for number in range(20):
        person = f"p{number}"
        here = (52, 51, 34, 52, 20, 48)[number % 6]
        fake.people[person] = {"name": f"Teacher {number + 1}", "role": "participant", "school": schools[number % 5]}
        book.add(person, here, counted=min(here + number % 3, 52))
    book.rows["guest"] |= {
        "claims": [{"from": book.at(5), "to": book.at(50), "by": None}],
        "filled": [{"from": book.at(2), "to": book.at(3)}],
        "rooms": [{"room": "b1-1", "name": "Owls", "round": 1, "time": 2 * MINUTE, "with": [{"person": "p3", "time": MINUTE}]}],
    }
    book.rows["p4"]["claims"] = [{"from": book.at(20), "to": book.at(41), "by": None}]
    book.rows["p10"]["claims"] = [{"from": book.at(20), "to": book.at(40), "by": "deputy"}]
    book.rows["p5"]["marks"] = [{"from": book.at(40), "to": book.at(48), "present": False, "reason": "Left early", "by": "lead"}]
    page, phone = visit("lead", **WIDE), visit("guest", **PHONE)
    show(page)
    expect(names(page)).to_have_count(23)
    screenshot(page, "attendance-of-everybody", height=1000)
    show(phone)
    expect(phone.locator("#own-figure")).to_contain_text("4 of 52")
    phone.get_by_text("I was in the video").click()
    screenshot(phone, "own-attendance-on-a-phone", width=360, height=960)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"
