"""What can be said and to whom: direct messages, answers, changed and deleted words, signs, and the rules of the chat."""
import pytest
from fake_server import now
from pages import MARKUP, assert_accessible, fake, open_rooms, visit, write
from playwright.sync_api import expect


def say(number, author="lead", room="main", **fields):
    return {"message": number, "room": room, "at": now(), "from": author, "text": f"line {number}"} | fields


def direct(number, author, to, **fields):
    return {"message": number, "at": now(), "from": author, "to": to, "text": f"line {number}"} | fields


def tools(page, text):
    """Opens what can be done with a message; answers its row."""
    row = page.locator("#messages li.message").filter(has=page.locator(".text", has_text=text))
    row.locator(".more-about").click()
    return row


def idle(page, selector):
    expect(page.locator(selector)).not_to_have_attribute("aria-busy", "true")


# To one person alone


def test_a_message_to_one_person_begins_at_their_name(fake, visit):
    page, other, third = visit("guest"), visit("lead"), visit("deputy")
    page.locator("#roster").get_by_role("button", name="Teacher H").click()
    page.get_by_role("button", name="Write to this person alone").click()
    expect(page.locator("#message")).to_be_focused()
    expect(page.locator("#silenced")).to_have_text("Only you and Teacher H can read this.")
    write(page, "Only for you")
    expect(page.locator("#messages .text")).to_have_text(["Only for you"])
    sent = fake.sent("chat.send")[0]
    assert (sent["person"], sent["text"], "room" in sent) == ("lead", "Only for you", False)
    expect(other.locator("#notices")).to_contain_text("Teacher A has written to you alone.")
    expect(other.locator("#channels button", has_text="Teacher A")).to_contain_text("1 new")
    other.locator("#channels button", has_text="Teacher A").click()
    expect(other.locator("#messages .text")).to_have_text(["Only for you"])
    expect(other.locator("#channels button", has_text="Teacher A")).to_have_attribute("aria-pressed", "true")
    expect(third.locator("#channels button")).to_have_text(["Main room", "Hosts"])


def test_conversations_are_there_after_a_join_and_older_words_when_asked_for(fake, visit):
    fake.own["guest"] = {"direct": [direct(n, *(("lead", "guest") if n % 2 else ("guest", "lead"))) for n in range(10, 60)]}
    fake.older["@lead"] = [direct(n, "lead", "guest") for n in range(1, 10)]
    fake.seq = 100
    page = visit("guest")
    page.locator("#channels button", has_text="Teacher H").click()
    expect(page.locator("#messages li")).to_have_count(50)
    page.get_by_role("button", name="Load older messages").click()
    expect(page.locator("#messages li")).to_have_count(59)
    expect(page.get_by_role("button", name="Load older messages")).to_be_hidden()
    assert fake.sent("chat.history")[-1] == {"person": "lead", "limit": 50, "before": 10}


def test_many_conversations_leave_room_for_the_chat(fake, visit):
    for n in range(8):
        fake.people[f"p{n}"] = {"name": f"Person {n}", "role": "participant", "school": ""}
    fake.own["guest"] = {"direct": [direct(20 + n, f"p{n}", "guest") for n in range(8)]}
    page = visit("guest")
    expect(page.locator("#channels button")).to_have_text(["Main room", *[f"Person {n}" for n in (7, 6, 5, 4)]])
    page.locator("#earlier").select_option("Person 0")
    expect(page.locator("#chat-title")).to_have_text("Chat: Person 0")
    expect(page.locator("#messages .text")).to_have_text(["line 20"])


def test_a_half_written_word_to_one_person_is_not_sent_to_all(fake, visit):
    fake.own["guest"] = {"direct": [direct(5, "lead", "guest")]}
    page = visit("guest")
    page.locator("#channels button", has_text="Teacher H").click()
    page.locator("#message").fill("only for you")
    page.get_by_role("button", name="Main room", exact=True).click()
    expect(page.locator("#message")).to_have_value("")
    page.locator("#channels button", has_text="Teacher H").click()
    expect(page.locator("#message")).to_have_value("only for you")


# With a message


def test_an_answer_shows_what_it_answers_and_leads_there(fake, visit):
    fake.chat["main"] = [say(3, text=MARKUP)]
    page = visit("guest")
    tools(page, "bold").get_by_role("button", name="Reply").click()
    expect(page.locator("#about-text")).to_have_text("You answer Teacher H")
    expect(page.locator("#message")).to_be_focused()
    write(page, "I agree")
    expect(page.locator("#about")).to_be_hidden()
    assert fake.sent("chat.send")[0]["replyTo"] == 3
    expect(page.locator("#messages .quote")).to_have_text(f"Teacher H: {MARKUP}")
    page.locator("#messages .quote").click()
    expect(page.locator("#messages li").first.locator(".more-about")).to_be_focused()


def test_an_answer_can_be_left_and_outlives_a_reload(fake, visit):
    fake.chat["main"] = [say(3)]
    page = visit("guest")
    tools(page, "line 3").get_by_role("button", name="Reply").click()
    page.locator("#message").fill("half")
    page.reload()
    expect(page.locator("#about-text")).to_have_text("You answer Teacher H")
    page.locator("#message").press("Escape")
    expect(page.locator("#about")).to_be_hidden()
    expect(page.locator("#message")).to_have_value("half")


def test_own_words_are_changed_in_the_field_and_the_draft_waits_meanwhile(fake, visit):
    fake.chat["main"] = [say(3, "guest")]
    page, other = visit("guest"), visit("lead")
    page.locator("#message").fill("a draft")
    tools(page, "line 3").get_by_role("button", name="Edit").click()
    expect(page.locator("#about-text")).to_have_text("You change your message")
    expect(page.locator("#message")).to_have_value("line 3")
    fake.refuse["chat.edit"] = {"code": "slowDown", "message": "-"}
    write(page, "line three")
    expect(page.locator("#chat-refusal")).to_contain_text("That was very quick.")
    expect(page.locator("#message")).to_have_value("line three")
    del fake.refuse["chat.edit"]
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#message")).to_have_value("a draft")
    assert fake.sent("chat.edit")[-1] == {"message": 3, "text": "line three"}
    fake.push("chat.edited", message=3, text="line three")
    expect(other.locator("#messages li")).to_contain_text("line three")
    expect(other.locator("#messages .edited")).to_be_visible()
    assert fake.count("chat.send") == 0


def test_own_words_and_for_hosts_those_of_others_are_deleted_after_a_question(fake, visit):
    fake.chat["main"] = [say(3, "guest", reactions=[{"emoji": "same", "count": 2}]), say(4, "deputy")]
    page, host = visit("guest"), visit("lead")
    expect(tools(page, "line 4").get_by_role("button", name="Delete")).to_have_count(0)
    row = tools(page, "line 3")
    row.get_by_role("button", name="Delete").click()
    expect(row.get_by_role("button", name="Delete", exact=True).last).to_be_focused()
    page.keyboard.press("Enter")
    expect(row.locator(".sure")).to_be_hidden()
    assert fake.sent("chat.delete", "guest") == [{"message": 3}]
    fake.push("chat.deleted", message=3, by="guest")
    expect(page.locator("#message")).to_be_focused()
    expect(page.locator("#messages .text").first).to_have_text("This message was deleted.")
    expect(page.locator("#messages .signs").first).to_be_hidden()
    expect(page.locator("#messages .more-about").first).to_be_hidden()
    row = tools(host, "line 4")
    row.get_by_role("button", name="Delete").click()
    row.get_by_role("button", name="Keep").click()
    expect(row.get_by_role("button", name="Delete")).to_be_focused()
    assert fake.count("chat.delete", "lead") == 0


def test_signs_are_put_on_and_taken_off_and_same_is_told_as_a_number(fake, visit):
    fake.chat["main"] = [say(3, reactions=[{"emoji": "same", "count": 2}])]
    page = visit("guest")
    tools(page, "line 3").get_by_role("button", name="Thumbs up").click()
    expect(page.locator(".tools")).to_have_count(0)
    fake.push("chat.reacted", message=3, emoji="👍", added=True, person="guest")
    fake.push("chat.reacted", message=3, emoji="same", added=True)
    signs = page.locator("#messages .sign")
    expect(signs).to_have_text(["Same here 3Same here: 3", "👍 1Thumbs up: you"])
    row = tools(page, "line 3")
    expect(row.get_by_role("button", name="Thumbs up")).to_have_attribute("aria-pressed", "true")
    row.get_by_role("button", name="Thumbs up").click()
    expect(page.locator(".tools")).to_have_count(0)
    for _ in range(2):
        tools(page, "line 3").get_by_role("button", name="Same here").click()
        expect(page.locator(".tools")).to_have_count(0)
    assert fake.sent("chat.react") == [
        {"message": 3, "emoji": "👍", "on": True}, {"message": 3, "emoji": "👍", "on": False},
        {"message": 3, "emoji": "same", "on": True}, {"message": 3, "emoji": "same", "on": False},
    ]


def test_a_refused_sign_says_why_beside_the_message(fake, visit):
    fake.chat["main"] = [say(3)]
    fake.refuse["chat.react"] = {"code": "tooManyReactions", "message": "-"}
    page = visit("guest")
    row = tools(page, "line 3")
    row.get_by_role("button", name="Heart").click()
    expect(row.locator(".refusal")).to_have_text("There are as many signs here as there can be.")


def test_the_arrow_keys_lead_from_message_to_message(fake, visit):
    fake.chat["main"] = [say(number) for number in range(3, 6)]
    page = visit("guest")
    stops = page.locator("#messages .more-about[tabindex='0']")
    expect(stops).to_have_count(1)
    stops.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    row = page.locator("#messages li", has_text="line 4")
    expect(row.get_by_role("button", name="Reply")).to_be_focused()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(row.locator(".more-about")).to_be_focused()
    expect(page.locator(".tools")).to_have_count(0)


# The rules of the chat


def test_a_closed_chat_says_so_and_who_closed_it_can_open_it(fake, visit):
    page, host = visit("guest"), visit("lead")
    host.get_by_text("Rules of the chat").click()
    host.get_by_label("Closed: only hosts write").check()
    host.get_by_label("Slow: each person waits").select_option("30 s")
    host.get_by_role("button", name="Set these rules").click()
    idle(host, "#chat-rules-set")
    assert fake.sent("chat.settings") == [{"locked": True, "slowSeconds": 30}]
    fake.push("chat.settingsChanged", locked=True, slowSeconds=30, by="lead")
    told = "The chat is closed: only hosts write in it. The chat is slow now: one message each 30 s."
    expect(page.locator("#notices")).to_contain_text(told)
    expect(page.locator("#chat-rules-now")).to_contain_text("The chat is closed: only hosts write.")
    expect(page.locator("#silenced")).to_contain_text("A host has closed the chat. You can still write to a host")
    expect(page.locator("#message")).to_have_attribute("readonly", "")
    expect(page.locator("#send")).to_be_disabled()
    expect(host.locator("#send")).to_be_enabled()
    expect(host.locator("#chat-slow")).to_have_value("30")
    assert_accessible(host)
    fake.push("chat.settingsChanged", locked=False, slowSeconds=0, by="lead")
    expect(page.locator("#send")).to_be_enabled()
    expect(page.locator("#chat-rules-now")).to_have_text("")


def test_to_a_host_one_may_write_although_muted(fake, visit):
    fake.own["guest"] = {"direct": [direct(5, "lead", "guest"), direct(6, "third", "guest")]}
    fake.people["third"] = {"name": "Teacher D", "role": "participant", "school": ""}
    page, host = visit("guest"), visit("lead")
    host.locator("#roster").get_by_role("button", name="Teacher A").click()
    host.get_by_role("button", name="Mute").click()
    expect(host.get_by_role("dialog")).to_be_hidden()
    assert fake.sent("participant.mute") == [{"person": "guest", "muted": True}]
    fake.push("participant.muted", person="guest", muted=True, by="lead")
    expect(page.locator("#notices")).to_contain_text("A host has muted you")
    expect(page.locator("#silenced")).to_contain_text("A host has muted you.")
    page.locator("#channels button", has_text="Teacher D").click()
    expect(page.locator("#send")).to_be_disabled()
    page.locator("#channels button", has_text="Teacher H").click()
    expect(page.locator("#send")).to_be_enabled()
    expect(host.locator("#roster li", has_text="Teacher A")).to_contain_text("muted")
    host.locator("#roster").get_by_role("button", name="Teacher A").click()
    expect(host.get_by_role("button", name="Let them write again")).to_be_visible()


def test_slow_mode_says_how_long_one_still_waits_and_keeps_the_draft(fake, visit):
    fake.state["chatSettings"] = {"locked": False, "slowSeconds": 30}
    page = visit("guest")
    write(page, "one")
    expect(page.locator("#messages .text")).to_have_text(["one"])
    expect(page.locator("#silenced")).to_contain_text("The chat is slow: one message each 0:30. You can send again in 0:")
    expect(page.locator("#send")).to_be_disabled()
    page.locator("#message").fill("two")
    page.locator("#message").press("Enter")
    expect(page.locator("#message")).to_have_value("two")
    assert fake.count("chat.send") == 1
    fake.notice("tick", now=now() + 31_000)
    expect(page.locator("#send")).to_be_enabled()
    expect(page.locator("#silenced")).to_have_text("")
    expect(page.locator("#message")).to_have_value("two")


def test_what_is_too_quick_for_the_server_waits_and_goes_out_by_itself(fake, visit):
    fake.refuse["chat.send"] = {"code": "slowDown", "message": "-", "retryAfter": 60_000}
    page = visit("guest")
    write(page, "one")
    expect(page.locator("[data-pending]")).to_contain_text("goes out in a moment…")
    fake.push("chat.settingsChanged", locked=False, slowSeconds=60, by="lead")
    expect(page.locator("[data-pending]")).to_contain_text("goes out when slow mode lets it…")
    del fake.refuse["chat.send"]
    fake.push("chat.settingsChanged", locked=False, slowSeconds=0, by="lead")
    expect(page.locator("#messages .text")).to_have_text(["one"])
    expect(page.locator("[data-pending]")).to_have_count(0)
    keys = [command["key"] for command in fake.sent("chat.send")]
    assert len(keys) == 3 and len(set(keys)) == 1


def test_who_writes_is_shown_for_a_while(fake, visit):
    page, other = visit("guest"), visit("lead")
    page.locator("#message").press_sequentially("abc")
    expect(page.locator("#message")).to_have_value("abc")
    assert fake.sent("chat.typing") == [{"room": "main"}], "once, not for each letter"
    fake.notice("chat.typing", room="main", people=["guest"], count=1)
    expect(other.locator("#typing")).to_have_text("Teacher A is writing…")
    expect(page.locator("#typing")).to_have_text("")
    fake.notice("chat.typing", room="main", people=["guest", "deputy", "p1", "p2", "p3"], count=7)
    expect(other.locator("#typing")).to_have_text("7 people are writing…")
    fake.notice("chat.typing", room="main", people=["guest", "deputy"], count=2)
    fake.push("chat.sent", **say(fake.seq + 1, "deputy"))
    expect(other.locator("#typing")).to_have_text("Teacher A is writing…")
    fake.whisper("lead", "chat.typing", to="lead", people=["deputy"], count=1)
    expect(other.locator("#typing")).to_have_text("Teacher A is writing…")
    expect(other.locator("#typing")).to_have_text("", timeout=10_000)


# Labels, removal, other rooms


def test_labels_stand_beside_names_and_words(fake, visit):
    fake.chat["main"] = [say(3, "guest")]
    page = visit("guest")
    page.locator("#roster").get_by_role("button", name="Teacher A (you)").click()
    page.get_by_label("Label beside the name").fill("Maths")
    page.get_by_role("button", name="Set", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert fake.sent("participant.label") == [{"text": "Maths"}]
    fake.push("participant.labelled", person="guest", text="Maths", by="guest")
    expect(page.locator("#roster .label:visible")).to_have_text(["Maths"])
    expect(page.locator("#messages .label")).to_have_text("Maths")


def test_a_person_is_removed_after_a_question_and_told_so(fake, visit):
    page, host = visit("guest"), visit("lead")
    host.locator("#roster").get_by_role("button", name="Teacher A").click()
    dialog = host.get_by_role("dialog")
    dialog.get_by_role("button", name="Remove from the session").click()
    expect(dialog).to_contain_text("Send Teacher A away? They cannot come back into this session.")
    assert fake.count("participant.remove") == 0
    dialog.get_by_role("button", name="Remove", exact=True).click()
    expect(dialog).to_be_hidden()
    assert fake.sent("participant.remove") == [{"person": "guest"}]
    fake.push("participant.removed", person="guest", by="lead")
    expect(host.locator("#roster li", has_text="Teacher A")).to_contain_text("left")
    expect(host.locator("#notices")).to_contain_text("Teacher A was removed from the session.")
    fake.close_all(4503)
    expect(page.locator("#line-text")).to_have_text("A host has removed you from this session.")


def test_a_cohost_removes_no_other_cohost_and_nobody_the_host(fake, visit):
    page = visit("deputy")
    for name, may in {"Teacher H": False, "Teacher A": True, "Teacher C (you)": False}.items():
        page.locator("#roster").get_by_role("button", name=name).click()
        expect(page.locator("#remove")).to_be_visible(visible=may)
        expect(page.locator("#mute")).to_be_visible(visible=may)
        page.get_by_role("button", name="Close", exact=True).click()


def test_a_room_of_an_earlier_round_is_read_with_its_older_messages(fake, visit):
    fake.own["guest"] = {"readable": [{"room": "b1-2", "name": "Foxes", "round": 1}]}
    fake.older["b1-2"] = [say(number, room="b1-2") for number in range(1, 61)]
    page = visit("guest")
    page.locator("#earlier").select_option("Foxes, round 1")
    expect(page.locator("#messages li")).to_have_count(50)
    page.get_by_role("button", name="Load older messages").click()
    expect(page.locator("#messages li")).to_have_count(60)
    expect(page.get_by_role("button", name="Load older messages")).to_be_hidden()
    expect(page.locator("#silenced")).to_contain_text("you can read here but not write")
    row = tools(page, "line 60")
    expect(row.locator(".tools")).to_contain_text("You can only read here.")


def test_a_host_reads_along_in_a_room_that_says_so(fake, visit):
    page = visit("lead", clock=True)
    page.clock.run_for(500)
    expect(page.locator("#session")).to_be_visible()
    rooms = [{"room": "b1-1", "name": "Owls", "task": "", "place": "", "hostsRead": True}]
    open_rooms(fake, rooms=rooms)
    fake.chat["b1-1"] = [say(5, "guest", "b1-1")]
    expect(page.locator("#your-room")).to_have_text("Main room")
    page.clock.run_for(500)
    page.locator("#earlier").select_option("Owls")
    page.clock.run_for(500)
    expect(page.locator("#messages .text")).to_have_text(["line 5"])
    fake.chat["b1-1"].append(say(6, "guest", "b1-1"))
    page.clock.run_for(11_000)
    expect(page.locator("#messages .text")).to_have_text(["line 5", "line 6"])


@pytest.mark.parametrize(("scheme", "width"), [("dark", 360), ("light", 1400)])
def test_the_chat_is_accessible_with_all_that_it_can_show(fake, visit, scheme, width):
    signs = [{"emoji": "same", "count": 2}, {"emoji": "👍", "count": 1, "people": ["guest"]}]
    fake.chat["main"] = [say(3, "guest", reactions=signs), say(4, replyTo=3, editedAt=5), say(5, text=None, deleted=True)]
    fake.people["guest"]["label"] = "Maths"
    page = visit("lead", color_scheme=scheme, viewport={"width": width, "height": 740})
    page.get_by_text("Rules of the chat").click()
    tools(page, "line 3")
    fake.notice("chat.typing", room="main", people=["guest"], count=1)
    expect(page.locator("#typing")).to_have_text("Teacher A is writing…")
    assert_accessible(page)
    page.locator(".tools").get_by_role("button", name="Reply").click()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"
