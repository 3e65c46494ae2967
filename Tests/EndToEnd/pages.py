"""What the page's own tests share: a scripted evening, browser windows on it, and the page's pure modules by themselves."""
import pathlib

import pytest
from axe_playwright_python.sync_playwright import Axe
from fake_server import FakeServer, now
from playwright.sync_api import expect

# Generous: nothing waits this long unless it is broken.
expect.set_options(timeout=30_000)

PAGE = pathlib.Path(__file__).parents[2] / "Sources" / "CPage" / "page"
PEOPLE = {
    "lead": {"name": "Teacher H", "role": "host", "school": "North"},
    "deputy": {"name": "Teacher C", "role": "cohost", "school": "Vale"},
    "guest": {"name": "Teacher A", "role": "participant", "school": "Hillside"},
}
ROUND = {
    "round": 1, "mode": "even", "seed": 7,
    "rooms": [
        {"room": "b1-1", "name": "Owls", "task": "Read the poem aloud", "place": "https://meet.example.org/owls"},
        {"room": "b1-2", "name": "Foxes", "task": "", "place": "javascript:alert(1)"},
    ],
}
MARKUP = '<img src=x onerror="document.title=1"> <b>bold</b> javascript:alert(1)'


WELCOME = {
    "epoch": "e1", "seq": 10, "now": 1000, "you": {"person": "guest", "role": "participant"}, "resumed": False,
    "state": {
        "session": {"id": "s", "title": "Evening", "phase": "lobby", "startedAt": None, "locked": False, "place": ""},
        "host": "lead", "succession": [{"person": "deputy"}], "breakouts": None,
        "participants": [
            {"person": "lead", "name": "Teacher H", "school": "N", "role": "host", "presence": "here", "room": "main"},
            {"person": "deputy", "name": "Teacher C", "school": "N", "role": "cohost", "presence": "here", "room": "main"},
            {"person": "guest", "name": "Teacher A", "school": "S", "role": "participant", "presence": "here", "room": "main"},
        ],
        "chat": {"main": [{"message": 4, "at": 900, "from": "lead", "text": "Hello"}], "direct": []},
        "readable": [], "attendance": {"here": 3, "unique": 3, "peak": 3},
    },
}
OPENED = {
    "on": "breakouts.opened", "seq": 11, "at": 5000, "round": 1, "mode": "even", "closesAt": 185000, "seed": 7,
    "rooms": [{"room": "b1-1", "name": "Owls", "task": "Read"}, {"room": "b1-2", "name": "Foxes"}],
    "placements": [{"person": "guest", "room": "b1-1"}],
}

PLAY = """async ({welcome, pushes, then}) => {
  const { begin, apply, remember } = await import("/session.js");
  const plain = (value) => JSON.parse(JSON.stringify(value, (key, part) =>
    part instanceof Map ? Object.fromEntries(part) : part));
  const pictures = [begin(welcome)];
  const before = [];
  for (const push of pushes) {
    before.push(JSON.stringify(plain(pictures.at(-1))));
    pictures.push(push.remember ? remember(pictures.at(-1), ...push.remember) : apply(pictures.at(-1), push));
  }
  const unchanged = before.every((text, index) => text === JSON.stringify(plain(pictures[index])));
  const [first, last] = [pictures[0], pictures.at(-1)];
  const same = (part) => first[part] === last[part];
  return { picture: plain(last), unchanged, shared: ["participants", "chat", "session"].filter(same) };
}"""


@pytest.fixture
def fake():
    """A scripted server with three people."""
    server = FakeServer({person: dict(seat) for person, seat in PEOPLE.items()}, title="An evening").start()
    yield server
    server.stop()


@pytest.fixture
def visit(fake, browser):
    """Opens the page as somebody, in a window of their own; no page may throw or break its Content-Security-Policy."""
    contexts, complaints = [], []

    def open_page(person, join=True, clock=False, **options):
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if "Security Policy" in line.text else None)
        if clock:
            page.clock.install()
        page.goto(fake.link(person) if person else fake.url)
        expect(page.locator("#loading")).to_be_hidden()
        if join and person:
            page.get_by_role("button", name="Join").click()
            if not clock:
                expect(page.locator("#session")).to_be_visible()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def write(page, text):
    page.locator("#message").fill(text)
    page.locator("#message").press("Enter")


def open_rooms(fake, **fields):
    for person, room in {"guest": "b1-1", **fields.pop("placed", {})}.items():
        fake.people[person]["room"] = room
    placements = [{"person": p, "room": s["room"]} for p, s in fake.people.items() if s.get("room", "main") != "main"]
    time = now() + fake.clock_ahead
    opened = ROUND | {"closesAt": time + 180_000} | fields
    fake.breakouts = opened | {"phase": "open", "openedAt": time}
    fake.push("breakouts.opened", placements=placements, **opened)


def assert_accessible(page):
    """A notice that still fades in has another contrast for an instant: wait for it."""
    page.evaluate("Promise.all(document.getAnimations().map((animation) => animation.finished))")
    violations = Axe().run(page).response["violations"]
    serious = [rule for rule in violations if rule["impact"] in ("serious", "critical")]
    assert serious == [], [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in serious]


@pytest.fixture(scope="module")
def modules(browser):
    """A blank page that can import the page's modules."""
    page = browser.new_page()

    def answer(route):
        file = PAGE / route.request.url.rpartition("/")[2]
        if file.is_file():
            route.fulfill(path=file, content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html><title>-</title>", content_type="text/html")

    page.route("http://page.test/**", answer)
    page.goto("http://page.test/")
    yield page
    page.close()


@pytest.fixture
def play(modules):
    """Applies pushes to the welcome; answers the picture at the end. Whatever came before it must be left as it was."""

    def run(*pushes, welcome=WELCOME):
        result = modules.evaluate(PLAY, {"welcome": welcome, "pushes": list(pushes)})
        assert result["unchanged"], "a push changed an older picture"
        return result["picture"] | {"shared": result["shared"]}

    return run


def seat(picture, person):
    return picture["participants"][person]
