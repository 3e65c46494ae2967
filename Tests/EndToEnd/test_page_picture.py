"""The page's picture and the server's state cannot drift apart: an evening folded push by push equals a fresh state."""
import pytest
from client import Client
from pages import modules

FOLD = """async ({ welcome, pushes, fresh }) => {
  const { begin, apply } = await import("/session.js");
  const folded = pushes.reduce(apply, begin(welcome));
  const told = begin(fresh);
  const parts = ["session", "host", "succession", "floor", "chatSettings", "breakouts", "readable", "help", "handoff", "owner"];
  const plain = (picture) => ({
    ...Object.fromEntries(parts.map((part) => [part, picture[part]])),
    participants: [...picture.participants.values()],
    // The page keeps more than a state brings; what a state brings has to be the newest of it.
    chat: Object.fromEntries([...told.chat].map(([channel, { messages }]) =>
      [channel, messages.length === 0 ? [] : (picture.chat.get(channel)?.messages ?? []).slice(-messages.length)])),
  });
  return { folded: plain(folded), told: plain(told) };
}"""
PEOPLE = {"lead": "host", "deputy": "cohost", "guest": "participant", "friend": "participant", "watcher": "observer"}


class Evening:
    """Everybody's clients on one session, with all that each seat was told since its first join."""

    def __init__(self, server, session, tickets):
        self.address, self.session = server.address, session
        self.tickets = {person: tickets.make(session, person, role, name=person) for person, role in PEOPLE.items()}
        self.clients, self.welcomes, self.told = {}, {}, {person: [] for person in PEOPLE}

    def join(self, person, resume=None):
        self.clients[person] = Client(self.address, self.session)
        welcome = self.clients[person].join(self.tickets[person], resume)
        if resume is None:
            self.welcomes[person] = welcome
        assert welcome["resumed"] is (resume is not None)

    def cut(self, person):
        """The line is cut, and the person comes back to where they were."""
        said = self.clients[person].said
        self.told[person] += said.pushes
        self.clients[person].cut()
        self.join(person, {"epoch": self.welcomes[person]["epoch"], "after": said.last_seq})

    def call(self, who, do, /, **fields):
        """A command of somebody, carried out before the next one."""
        return self.clients[who].call(do, **fields)

    def settle(self):
        """Everybody has heard everything: the last thing that happens is heard by all."""
        title = f"Evening {len(self.told)}"
        self.call("lead", "session.set", title=title)
        for client in self.clients.values():
            client.on("session.changed", title=title)

    def fresh(self, person):
        """What the seat would be told if it came now."""
        with Client(self.address, self.session) as client:
            return client.join(self.tickets[person])

    def close(self):
        for client in self.clients.values():
            client.close()


@pytest.fixture
def evening(server, session, tickets):
    evening = Evening(server, session, tickets)
    for person in PEOPLE:
        evening.join(person)
    yield evening
    evening.close()


def test_what_the_page_folds_is_what_the_server_would_send(evening, modules):
    call, cut = evening.call, evening.cut
    call("deputy", "participant.label", text="Maths")
    call("lead", "handoff.offer", to="guest")
    call("guest", "handoff.decline")
    call("lead", "succession.set", order=["deputy", "guest"])
    call("lead", "session.start")
    hello = call("guest", "chat.send", room="main", text="Hello", key="k")["message"]
    call("guest", "chat.send", person="deputy", text="Only for you")
    call("deputy", "chat.send", person="guest", text="And for you", replyTo=hello + 1)
    call("friend", "chat.react", message=hello, emoji="same", on=True)
    call("lead", "chat.react", message=hello, emoji="👍", on=True)
    call("deputy", "chat.react", message=hello, emoji="👍", on=True)
    call("lead", "chat.react", message=hello, emoji="👍", on=False)
    call("guest", "chat.edit", message=hello, text="Hello all")
    call("lead", "chat.send", room="hosts", text="Ready?")
    cut("guest")
    asked = call("friend", "help.ask", text="x", unnamed=True)["help"]
    call("guest", "help.ask")
    call("deputy", "help.claim", help=asked)
    call("guest", "hand.raise")
    call("friend", "hand.raise")
    call("lead", "hand.lower", person="guest")
    call("deputy", "floor.take", seconds=600)
    call("lead", "chat.settings", slowSeconds=5)
    call("lead", "chat.settings", slowSeconds=0)
    call("lead", "participant.mute", person="friend", muted=True)
    rooms = [{"name": "Owls", "people": ["guest"]}, {"name": "Foxes", "people": ["friend"], "task": "t", "place": "p"}]
    call("lead", "breakouts.open", rooms=rooms, seconds=600, hostsRead=True)
    call("lead", "breakouts.undo")
    call("lead", "breakouts.open", rooms=rooms, seconds=600, hostsRead=True)
    call("guest", "chat.send", room="b2-1", text="In my room")
    call("deputy", "room.enter", room="b2-1")
    call("guest", "chat.send", room="b2-1", text="Somebody comes")
    call("lead", "breakouts.addRoom", name="Bees")
    call("lead", "breakouts.renameRoom", room="b2-1", name="Eagles")
    call("lead", "breakouts.extend", seconds=60)
    cut("deputy")
    call("lead", "breakouts.move", person="friend", room="b2-1")
    call("friend", "room.signal", signal="done")
    call("lead", "breakouts.removeRoom", room="b2-2")
    call("lead", "breakouts.announce", text="Soon")
    call("lead", "cohost.add", person="guest")
    cut("guest")
    call("lead", "handoff.give", to="deputy")
    call("deputy", "handoff.offer", to="guest")
    call("guest", "handoff.accept")
    call("lead", "host.reclaim")
    call("lead", "cohost.remove", person="guest")
    call("friend", "room.pass", **{"pass": True})
    call("guest", "chat.send", person="deputy", text="Bye")
    call("lead", "breakouts.close", seconds=300)
    call("lead", "chat.delete", message=hello)
    call("lead", "session.lock", locked=True)
    call("lead", "handoff.offer", to="deputy")
    cut("watcher")
    evening.settle()
    for person in PEOPLE:
        pushes = evening.told[person] + evening.clients[person].said.pushes
        facts = {"welcome": evening.welcomes[person], "pushes": pushes, "fresh": evening.fresh(person)}
        result = modules.evaluate(FOLD, facts)
        for part, told in result["told"].items():
            assert result["folded"][part] == told, f"{part} of {person}"
        heard = {push["on"] for push in pushes}
        assert person != "guest" or {"you", "chat.reacted", "breakouts.roomRemoved", "host.changed"} <= heard


def test_who_leaves_and_who_is_removed_is_folded_too(evening, modules):
    call = evening.call
    call("lead", "session.start")
    call("guest", "hand.raise")
    call("guest", "help.ask", text="x")
    call("lead", "breakouts.open", count=2)
    call("deputy", "floor.take", seconds=600)
    call("lead", "participant.remove", person="guest")
    call("friend", "session.leave")
    call("lead", "handoff.offer", to="deputy")
    call("deputy", "session.leave")
    for person in ("guest", "friend", "deputy"):
        evening.clients.pop(person).close()
    evening.settle()
    for person in ("lead", "watcher"):
        pushes = evening.clients[person].said.pushes
        facts = {"welcome": evening.welcomes[person], "pushes": pushes, "fresh": evening.fresh(person)}
        result = modules.evaluate(FOLD, facts)
        for part, told in result["told"].items():
            assert result["folded"][part] == told, f"{part} of {person}"
