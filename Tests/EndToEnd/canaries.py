"""Evenings in which one person fills every field that a person can fill with words that nobody else uses."""
from client import Client

# Who is erased; nobody else's name or word begins like this.
MARK = "Cnry"
PERSON = MARK + "-person.7"
# What others say: it has to be there afterwards.
KEPT = ["Kept-chat-of-another", "Kept-help-of-another", "Kept-room-of-another", "Kept-name-of-another"]


class Words:
    """Canary words by the name of their field; one for each, made when it is first asked for."""

    def __init__(self, session):
        self.session = session
        self.made = {}

    def __call__(self, field):
        return self.made.setdefault(field, f"{MARK}-{self.session}-{field}")


def joined(server, tickets, session, person, role="participant", **options):
    client = Client(server.address, session)
    client.join(tickets.make(session, person, role, **options))
    return client


def play_host(server, tickets, session):
    """An evening that the person leads; answers the connections and the words."""
    words = Words(session)
    person = joined(server, tickets, session, PERSON, "host", name=words("name"), school=words("school"))
    other = joined(server, tickets, session, "other", name=KEPT[3])
    person.call("session.start")
    person.call("session.set", title=words("title"), place=words("place"))
    talk(person, other, words)
    person.call("chat.send", room="hosts", text=words("chatOfHosts"))
    person.call("participant.label", person="other", text=words("labelOfOther"))
    person.call("breakouts.open", seconds=600, task=words("taskOfAll"), rooms=[
        {"name": words("room"), "task": words("task"), "place": words("placeOfRoom"), "people": ["other"]},
        {"name": "Another room"},
    ])
    added = person.call("breakouts.addRoom", name=words("roomAdded"), task=words("taskAdded"), place=words("placeAdded"))
    person.call("breakouts.renameRoom", room=added.get("room", "b1-3"), name=words("roomRenamed"))
    person.call("breakouts.announce", text=words("announcement"))
    other.call("help.ask", text=KEPT[1])
    person.call("breakouts.close", seconds=0)
    person.on("breakouts.closed")
    now = person.call("time.sync")["now"]
    person.call("attendance.mark", person="other", **{"from": now - 3, "to": now - 1}, present=True,
                reason=words("reasonOfMark"))
    return [person, other], words


def play_participant(server, tickets, session):
    """An evening that somebody else leads."""
    words = Words(session)
    other = joined(server, tickets, session, "other", "host", name=KEPT[3])
    person = joined(server, tickets, session, PERSON, name=words("name"), school=words("school"))
    other.call("session.start")
    talk(person, other, words)
    other.call("participant.label", person=PERSON, text=words("labelByHost"))
    other.call("breakouts.open", seconds=600, rooms=[{"name": KEPT[2], "people": [PERSON]}, {"name": "Second"}])
    person.call("chat.send", room="b1-1", text=words("chatInRoom"))
    person.call("help.ask", text=words("help"))
    other.call("breakouts.close", seconds=0)
    other.on("breakouts.closed")
    now = person.call("time.sync")["now"]
    person.call("attendance.claim", **{"from": now - 3, "to": now - 2})
    other.call("attendance.mark", person=PERSON, **{"from": now - 2, "to": now - 1}, present=False,
               reason=words("reasonByHost"))
    return [other, person], words


def talk(person, other, words):
    """What both say: the person's messages with keys, edited, deleted, to one; and the other's."""
    person.call("chat.send", room="main", text=words("chat"), key=words("key"))
    edited = person.call("chat.send", room="main", text=words("beforeEdit"))
    person.call("chat.edit", message=edited["message"], text=words("edit"))
    deleted = person.call("chat.send", room="main", text=words("deleted"))
    person.call("chat.delete", message=deleted["message"])
    person.call("chat.send", person="other", text=words("direct"), key=words("keyOfDirect"))
    person.call("participant.label", text=words("label"))
    said = other.call("chat.send", room="main", text=KEPT[0])
    person.call("chat.react", message=said["message"], emoji="👍", on=True)


def end(clients):
    """Ends a session that is read by nobody: it is archived."""
    host = clients[0]
    host.send("session.end", seconds=0)
    for client in clients:
        assert client.closed()[0] == 1000
