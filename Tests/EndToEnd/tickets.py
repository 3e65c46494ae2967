"""Tickets: good ones made by `plenary ticket`, and made here whatever that command would never sign."""
import base64
import hashlib
import hmac
import json
import pathlib
import secrets
import time

from running import run


class Tickets:
    """Makes tickets that a server with this secret file takes."""

    def __init__(self, folder):
        self.secret_file = pathlib.Path(folder) / "secret"
        self.secret = secrets.token_hex(32)
        self.secret_file.write_text(self.secret + "\n")
        self.secret_file.chmod(0o600)

    def make(self, session, person, role="participant", name=None, **options):
        """A ticket from the command; `options` are more of its flags (`school="North"`, `expires="1h"`, `rehearsal=True`)."""
        named = [("--" + flag.replace("_", "-"), value) for flag, value in options.items()]
        flags = [part for flag, value in named for part in ([flag] if value is True else [flag, value])]
        done = run(
            "ticket", "--secret-file", self.secret_file, "--session", session, "--person", person,
            "--name", name or person.title(), "--role", role, *flags,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def forge(self, claims=None, header=None, secret=None, **more):
        """A token of our own making: valid unless the claims, the header or the secret say otherwise."""
        now = int(time.time())
        good = {"sub": "p1", "name": "Teacher", "role": "participant", "session": "evening", "exp": now + 3600}
        header = json.dumps(header or {"alg": "HS256", "typ": "JWT"})
        claims = claims if isinstance(claims, str) else json.dumps(good | (claims or {}) | more)
        signed = encoded(header.encode()) + "." + encoded(claims.encode())
        mac = hmac.new((secret or self.secret).encode(), signed.encode(), hashlib.sha256)
        return signed + "." + encoded(mac.digest())


def encoded(data):
    """Base64 for URLs, without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
