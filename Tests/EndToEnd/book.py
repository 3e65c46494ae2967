"""The server's part in attendance, played for the page's tests: rows of minutes, claims, marks; and how a test looks at them."""
import pytest
from fake_server import now

MINUTE = 60_000
WIDE = {"viewport": {"width": 1400, "height": 900}, "timezone_id": "UTC", "locale": "en-GB"}
PHONE = {"viewport": {"width": 360, "height": 740}, "timezone_id": "UTC", "locale": "en-GB"}


class Book:
    """Rows of minutes, claims and marks, as `attendance.*` answers them."""

    def __init__(self, fake, length=52):
        self.fake = fake
        self.end = now() // MINUTE * MINUTE
        self.start = self.end - length * MINUTE
        fake.session["startedAt"] = self.start
        self.rows = {}
        for person, here in {"lead": 52, "deputy": 50, "guest": 4}.items():
            self.add(person, here)
        fake.replies["attendance.mine"] = lambda person, command: self.report([person], True)
        fake.replies["attendance.report"] = lambda person, command: (
            self.report([command["person"]], True) if "person" in command else self.report(self.rows)
        )
        fake.replies["attendance.claim"] = self.claim
        fake.replies["attendance.accept"] = self.accept
        fake.replies["attendance.mark"] = self.mark

    def add(self, person, here, counted=None):
        self.rows[person] = {"present": here, "counted": counted or here, "claims": [], "marks": [], "filled": [], "rooms": []}

    def at(self, minute):
        return self.start + minute * MINUTE

    def report(self, people, detailed=False):
        return {
            "rule": {"version": 1, "percent": 50}, "live": {"from": self.start, "to": self.end}, "outages": [],
            "people": [self.row(person, detailed) for person in people],
        }

    def row(self, person, detailed):
        row, seat = self.rows[person], self.fake.people[person]
        time = lambda spans: sum(span["to"] - span["from"] for span in spans)
        accepted = time(claim for claim in row["claims"] if claim["by"])
        marked = time(m for m in row["marks"] if m["present"]) - time(m for m in row["marks"] if not m["present"])
        credited = row["counted"] * MINUTE + accepted + marked
        short = {
            "person": person, "name": seat["name"], "school": seat["school"], "role": seat["role"],
            "present": row["present"] * MINUTE, "counted": row["counted"] * MINUTE, "claimed": time(row["claims"]),
            "accepted": accepted, "marked": marked, "credited": credited,
            "attended": credited * 2 >= self.end - self.start,
            "openClaims": sum(1 for claim in row["claims"] if not claim["by"]),
        }
        return short | ({part: row[part] for part in ("filled", "claims", "marks", "rooms")} if detailed else {})

    def hearers(self, person):
        return {who for who, seat in self.fake.people.items() if seat["role"] in ("host", "cohost")} | {person}

    def tell(self, on, person, **fields):
        # On the server's own thread already: the reply goes first.
        self.fake._loop.call_soon(lambda: self.fake._event(on, self.hearers(person), {"person": person, **fields}))
        return {"seq": self.fake.seq + 1}

    def claim(self, person, command):
        time = {"from": command["from"], "to": command["to"]}
        self.rows[person]["claims"].append(time | {"by": None})
        return self.tell("attendance.claimed", person, **time)

    def accept(self, person, command):
        for claim in self.rows[command["person"]]["claims"]:
            claim["by"] = claim["by"] or person
        return self.tell("attendance.accepted", command["person"], by=person)

    def mark(self, person, command):
        mark = {part: command[part] for part in ("from", "to", "present", "reason")} | {"by": person}
        self.rows[command["person"]]["marks"].append(mark)
        return self.tell("attendance.marked", command["person"], **mark)


@pytest.fixture
def book(fake):
    return Book(fake)


def show(page):
    """Opens the panel, by the tab on a phone, by the button at the top else."""
    page.get_by_role("button", name="Attendance").locator("visible=true").click()
    return page.locator("#attendance")


def names(page):
    return page.locator("#register tbody .person")


def clock(page, time):
    return page.evaluate("(time) => new Date(time).toTimeString().slice(0, 5)", time)
