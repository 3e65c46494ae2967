"""The page over TLS, in a browser that was told to take our certificate. Apart from the others: see `browser`."""
from playwright.sync_api import expect


def test_the_page_works_over_tls(secure, tickets, browser):
    server = secure()
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    ticket = tickets.make("evening", "lead", "host", name="Teacher H")
    page.goto(f"https://localhost:{server.port}/#session=evening&ticket={ticket}")
    page.get_by_role("button", name="Join").click(timeout=60_000)
    page.get_by_role("button", name="Start the session").click(timeout=60_000)
    page.locator("#message").fill("Good evening")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#messages .text")).to_have_text("Good evening", timeout=60_000)
    context.close()
    assert complaints == []
