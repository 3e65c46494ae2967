"""Stands between clients and a server, and changes what the server says: for those who should notice."""
import json
import socket
import threading


class Meddler:
    """A TCP proxy that takes the server's frames apart and hands each message to `meddle`.

    `meddle(person, message)` gets the person to whom the connection belongs (None before the join is answered) and the message as an
    object; it answers the messages to pass on instead, or None to leave it as it is. What clients say passes unchanged.
    """

    def __init__(self, server, meddle):
        self.server_port = server.port
        self.meddle = meddle
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            upstream = socket.create_connection(("127.0.0.1", self.server_port))
            for work in (self._pass_on, self._take_apart):
                threading.Thread(target=work, args=(client, upstream), daemon=True).start()

    @staticmethod
    def _pass_on(client, upstream):
        with upstream, client:
            try:
                while data := client.recv(65536):
                    upstream.sendall(data)
            except OSError:
                return

    def _take_apart(self, client, upstream):
        buffer = b""
        who = {}
        is_open = False
        try:
            while data := upstream.recv(65536):
                buffer += data
                out = b""
                if not is_open:
                    head, end, rest = buffer.partition(b"\r\n\r\n")
                    if not end:
                        continue
                    is_open = head.startswith(b"HTTP/1.1 101")
                    out, buffer = (head + end, rest) if is_open else (buffer, b"")
                while is_open and (frame := self._frame(buffer)):
                    buffer = buffer[len(frame):]
                    out += self._changed(frame, who)
                client.sendall(out)
        except OSError:
            pass
        # Both sides hear of the end.
        for side in (client, upstream):
            try:
                side.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    @staticmethod
    def _frame(buffer):
        """The first whole frame; servers do not mask (RFC 6455 section 5.2)."""
        if len(buffer) < 2:
            return b""
        head, length = 2, buffer[1]
        if length == 126:
            head, length = 4, int.from_bytes(buffer[2:4])
        elif length == 127:
            head, length = 10, int.from_bytes(buffer[2:10])
        return buffer[: head + length] if len(buffer) >= head + length else b""

    def _changed(self, frame, who):
        if frame[0] != 0x81:
            return frame
        payload = frame[{126: 4, 127: 10}.get(frame[1], 2):]
        message = json.loads(payload)
        with self.lock:
            changed = self.meddle(who.get("person"), message)
        if you := message.get("ok", {}).get("you"):
            who["person"] = you["person"]
        if changed is None:
            return frame
        return b"".join(self._text(json.dumps(message, separators=(",", ":")).encode()) for message in changed)

    @staticmethod
    def _text(payload):
        length = len(payload)
        if length < 126:
            return bytes([0x81, length]) + payload
        return b"\x81\x7e" + length.to_bytes(2) + payload
