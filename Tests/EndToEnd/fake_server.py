"""A scripted server for the page's own tests: serves the page's files as the real one does and plays one session.

It knows no rules. It answers `session.join` with a state, puts `chat.send` into the room, and lets a test push, refuse,
fall silent or close with any code: what a real server does only when something is wrong with it.
"""

import asyncio
import http
import json
import pathlib
import re
import threading
import time

from websockets.asyncio.server import serve
from websockets.datastructures import Headers
from websockets.http11 import Response

PAGE = pathlib.Path(__file__).resolve().parents[2] / "Sources" / "CPage" / "page"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


def now():
    return int(time.time() * 1000)


class FakeServer:
    """Runs on a thread of its own; the methods without underscore may be called from the test."""

    def __init__(self, people, title="A session"):
        self.people = people
        self.seq = 10
        self.epoch = "e1"
        self.backlog = []
        self.chat = {"main": [], "hosts": []}
        self.keys = {}
        self.breakouts = None
        self.session = {"id": "s", "title": title, "phase": "live", "startedAt": now(), "locked": False, "place": ""}
        self.state = {}  # parts of the state that differ from those of a quiet session
        self.own = {}  # person → own parts of their state: help, handoff, readable, direct
        self.refuse = {}  # do → error: answered instead of carrying it out
        self.replies = {}  # do → ok, or what makes it of person and command: answered when it is not refused
        counted = lambda person, command: {
            "rule": {"version": 1, "percent": 50}, "live": {"from": self.session["startedAt"], "to": now()},
            "outages": [], "people": [],
        }
        self.replies |= {"attendance.mine": counted, "attendance.report": counted}
        self.kept = {"textDays": None, "attendanceDays": None}
        self.mute = set()  # commands that get no answer
        self.commands = []  # (person, command) as they came
        self._came = threading.Condition()
        self.clock_ahead = 0  # how far the server's clock is ahead of this machine's
        self.join_close = None  # (code, reason): what a join is answered with
        self.older = {}  # room → messages before those in `chat`, for chat.history
        self._sockets = {}
        self._ready = threading.Event()
        self._loop = None
        self.port = 0
        self._thread = threading.Thread(target=self._run, daemon=True)

    # From the test

    def start(self):
        self._thread.start()
        self._ready.wait(10)
        return self

    def stop(self):
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(10)

    def link(self, person):
        claims = {"sub": person, "session": "s", **{k: v for k, v in self.people[person].items() if k != "room"}}
        claims["title"] = self.session["title"]
        return f"{self.url}/#session=s&ticket={fake_ticket(claims)}"

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def push(self, on, only=None, **fields):
        """An event: numbered, kept in the backlog, sent to everybody or to `only`. Returns its number."""
        return self._call(lambda: self._event(on, only, fields))

    def notice(self, on, **fields):
        self._call(lambda: self._send_all({"on": on, **fields}))

    def whisper(self, person, on, **fields):
        """A notice for one person, such as `you`."""
        self._call(lambda: self._send_all({"on": on, **fields}, {person}))

    def close_all(self, code, reason=""):
        asyncio.run_coroutine_threadsafe(self._close_all(code, reason), self._loop).result(5)

    def count(self, do, person=None):
        return sum(1 for who, command in self.commands if command["do"] == do and person in (None, who))

    def sent(self, do, person=None):
        """The commands of this name that came, without their ids; waits for the first."""
        with self._came:
            self._came.wait_for(lambda: self.count(do, person) > 0, timeout=30)
        commands = [command for who, command in self.commands if command["do"] == do and person in (None, who)]
        return [{name: value for name, value in command.items() if name not in ("id", "do")} for command in commands]

    def wait(self, do, count):
        """Waits until so many commands of this name have come."""
        with self._came:
            assert self._came.wait_for(lambda: self.count(do) >= count, timeout=30), f"{do} did not come"

    def joined(self):
        return len(self._sockets)

    # On the server's thread

    def _call(self, action):
        async def run():
            return action()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(5)

    def _run(self):
        asyncio.run(self._serve())

    async def _serve(self):
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        async with serve(
            self._session, "127.0.0.1", self.port, process_request=self._file, subprotocols=["plenary.v1"],
            ping_interval=None, close_timeout=1,
        ) as server:
            self.port = server.sockets[0].getsockname()[1]
            self._ready.set()
            await self._stopping.wait()

    def _file(self, connection, request):
        path = request.path.split("?")[0]
        if path.startswith("/v1/"):
            return None
        file = PAGE / ("index.html" if path == "/" else path.lstrip("/"))
        if not re.fullmatch(r"/[a-z-]*(\.[a-z]+)?", path) or not file.is_file():
            return Response(404, "Not Found", Headers({"Content-Length": "0"}), b"")
        body = file.read_bytes()
        fields = Headers({"Content-Type": TYPES[file.suffix], "Content-Length": str(len(body))})
        fields["Content-Security-Policy"] = POLICY
        return Response(http.HTTPStatus.OK, "OK", fields, body)

    async def _session(self, socket):
        person = None
        try:
            async for text in socket:
                command = json.loads(text)
                if person is None:
                    person = claims_of(command["ticket"])["sub"]
                with self._came:
                    self.commands.append((person, command))
                    self._came.notify_all()
                if command["do"] == "session.join" and self.join_close is not None:
                    await socket.close(*self.join_close)
                    return
                for answer in self._answer(person, command, socket):
                    await socket.send(json.dumps(answer))
        finally:
            self._sockets.pop(socket, None)

    def _answer(self, person, command, socket):
        do, re_ = command["do"], command["id"]
        if do in self.mute:
            return []
        if do in self.refuse:
            return [{"re": re_, "error": self.refuse[do]}]
        if do == "session.join":
            return self._join(person, command, socket)
        if do == "chat.send":
            return self._chat(person, command)
        if do in self.replies:
            reply = self.replies[do]
            return [{"re": re_, "ok": reply(person, command) if callable(reply) else reply}]
        if do == "chat.history":
            place = command.get("room") or f"@{command['person']}"
            known = self.older.get(place, []) + self.chat.get(place, [])
            before = [m for m in known if m["message"] < command.get("before", 10**9)]
            limit = command["limit"]
            return [{"re": re_, "ok": {"messages": before[-limit:], "more": len(before) > limit}}]
        return [{"re": re_, "ok": {"now": now() + self.clock_ahead}}]

    def _join(self, person, command, socket):
        self._sockets[socket] = person
        resume = command.get("resume")
        ok = {"epoch": self.epoch, "seq": self.seq, "now": now() + self.clock_ahead, "server": "fake", "resumed": False}
        ok["you"] = {"person": person, "role": self.people[person]["role"]}
        ok["limits"] = {}
        ok["kept"] = self.kept
        if resume and resume["epoch"] == self.epoch:
            ok["resumed"] = True
            missed = [m for m, only in self.backlog if m["seq"] > resume["after"] and (only is None or person in only)]
            return [{"re": command["id"], "ok": ok}, *missed]
        hosting = self.people[person]["role"] in ("host", "cohost")
        room = self.people[person].get("room", "main")
        rooms = ["main", *(["hosts"] if hosting else []), *([room] if room != "main" else [])]
        leading = [p for p, seat in self.people.items() if seat["role"] == "host"]
        seat = {"presence": "here", "room": "main", "school": "", "hand": None, "muted": False, "pass": False, "label": ""}
        own = {"direct": [], "readable": [], "help": [], "handoff": None, **self.own.get(person, {})}
        direct = own.pop("direct")
        ok["state"] = {
            "session": self.session, "host": leading[0] if leading else None, "succession": [], "floor": None,
            "chatSettings": {"locked": False, "slowSeconds": 0},
            "participants": [{"person": p, **seat, **known} for p, known in self.people.items()],
            "breakouts": self.breakouts,
            "chat": {**{r: self.chat.get(r, [])[-50:] for r in rooms}, "direct": direct},
            **own,
            "attendance": {"here": len(self.people), "unique": len(self.people), "peak": len(self.people)},
            **self.state,
        }
        return [{"re": command["id"], "ok": ok}]

    def _chat(self, person, command):
        key = (person, command["key"])
        if key in self.keys:
            return [{"re": command["id"], "ok": {"message": self.keys[key], "seq": self.seq, "repeated": True}}]
        seq = self.seq + 1
        self.keys[key] = seq
        message = {"message": seq, "from": person, "text": command["text"]}
        message |= {"replyTo": command["replyTo"]} if "replyTo" in command else {}
        if "person" in command:
            message |= {"to": command["person"]}
            only = {person, command["person"]}
        else:
            room = command["room"]
            message |= {"room": room}
            only = None if room == "main" else {p for p, s in self.people.items() if s.get("room", "main") == room}
            self.chat.setdefault(room, []).append({**message, "at": now() + self.clock_ahead})
        self._loop.call_soon(lambda: self._event("chat.sent", only, message, seq))
        self.seq = seq
        return [{"re": command["id"], "ok": {"message": seq, "seq": seq}}]

    def _event(self, on, only, fields, seq=None):
        if seq is None:
            self.seq += 1
        message = {"seq": seq or self.seq, "at": now() + self.clock_ahead, "on": on, **fields}
        self.backlog.append((message, only))
        self._send_all(message, only)
        return message["seq"]

    def _send_all(self, message, only=None):
        for socket, person in list(self._sockets.items()):
            if only is None or person in only:
                self._loop.create_task(self._send(socket, message))

    async def _send(self, socket, message):
        try:
            await socket.send(json.dumps(message))
        except Exception:
            pass  # that page is gone; it will resume

    async def _close_all(self, code, reason):
        for socket in list(self._sockets):
            await socket.close(code, reason)


def fake_ticket(claims):
    import base64

    part = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{part}.x"


def claims_of(ticket):
    import base64

    part = ticket.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
