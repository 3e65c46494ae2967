"""A session with several people in it, for tests that look at it as a newcomer does; and a crowd that only listens."""
import selectors
import threading
import time

from client import Client
from raw import frame, opened

TEXT = 1


class Meeting:
    """Clients in one session by person; at the end all are closed."""

    def __init__(self, address, session, tickets):
        self.address = address
        self.session = session
        self._tickets = tickets
        self._made = {}
        self._clients = []

    def ticket(self, person, role="participant"):
        """Somebody's ticket: whoever had one before has the same."""
        if person not in self._made:
            self._made[person] = self._tickets.forge(session=self.session, sub=person, role=role, exp=int(time.time()) + 86_400)
        return self._made[person]

    def join(self, person, role="participant"):
        """A connection of somebody's."""
        client = Client(self.address, self.session)
        self._clients.append(client)
        client.join(self.ticket(person, role))
        return client

    def state(self):
        """The whole state as somebody is told who has just come; one person leads, and everybody is in a room that is there."""
        with Client(self.address, self.session) as client:
            state = client.join(self.ticket("witness", "observer"))["state"]
        people = {each["person"]: each for each in state["participants"]}
        assert len(people) == len(state["participants"]), "somebody is there twice"
        leading = [person for person, each in people.items() if each["role"] == "host"]
        assert leading == ([state["host"]] if state["host"] else [])
        rooms = {"main"} | {room["room"] for room in (state["breakouts"] or {"rooms": []})["rooms"]}
        assert {each["room"] for each in people.values()} <= rooms
        return state

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for client in self._clients:
            # Whoever has not read all that the others caused does not get to the end of it in order.
            client.cut()


class Crowd:
    """Many connections that joined and are read all the time, unparsed, so that none of them is slow: who sits there and listens."""

    def __init__(self, address, session, tickets):
        self.wires = []
        self.taken = 0
        self._selector = selectors.DefaultSelector()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        for ticket in tickets:
            wire = opened(address, session)
            wire.send(frame(TEXT, f'{{"id":1,"do":"session.join","ticket":"{ticket}"}}'.encode()))
            opcode, welcome = wire.read_frame()
            assert opcode == TEXT and b'"ok"' in welcome[:20], welcome[:200]
            wire.socket.setblocking(False)
            self.wires.append(wire)
            self._selector.register(wire.socket, selectors.EVENT_READ)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._is_over.set()
        self._thread.join()
        for wire in self.wires:
            wire.close()

    def _read(self):
        while not self._is_over.is_set():
            for key, _ in self._selector.select(0.1):
                self._take(key.fileobj)

    def _take(self, socket):
        try:
            data = socket.recv(1 << 16)
        except BlockingIOError:
            return
        except ConnectionResetError:
            data = b""
        self.taken += len(data)
        if not data:
            # The test's own look at who is here tells of it.
            self._selector.unregister(socket)
