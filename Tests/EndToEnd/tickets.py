"""Tickets: good ones made by `plenary ticket`, and made here whatever that command would never sign."""
import base64
import hashlib
import hmac
import json
import pathlib
import secrets
import subprocess
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
        key = secret or self.secret
        mac = hmac.new(key if isinstance(key, bytes) else key.encode(), signed.encode(), hashlib.sha256)
        return signed + "." + encoded(mac.digest())


class SigningKey:
    """A pair of Ed25519 keys, made and used by OpenSSL's own command."""

    def __init__(self, folder, kid):
        self.kid = kid
        self.file = pathlib.Path(folder) / f"{kid}.pem"
        self._openssl("genpkey", "-algorithm", "ed25519", "-out", self.file)
        # The last 32 bytes of the frame around a public key (RFC 8410 section 4).
        self.public = self._openssl("pkey", "-in", self.file, "-pubout", "-outform", "DER")[-32:]

    @property
    def jwk(self):
        """The public key as it stands in a JWK Set."""
        return {"kty": "OKP", "crv": "Ed25519", "kid": self.kid, "x": encoded(self.public)}

    def sign(self, claims, header=None):
        """A token with these claims."""
        header = json.dumps(header or {"alg": "EdDSA", "kid": self.kid})
        signed = encoded(header.encode()) + "." + encoded(json.dumps(claims).encode())
        message = self.file.with_suffix(".message")
        message.write_text(signed)
        signature = self._openssl("pkeyutl", "-sign", "-rawin", "-inkey", self.file, "-in", message)
        return signed + "." + encoded(signature)

    def _openssl(self, *arguments):
        return subprocess.run(["openssl", *map(str, arguments)], capture_output=True, check=True).stdout


def secret_jwk(kid, secret):
    """A secret as it stands in a JWK Set."""
    return {"kty": "oct", "alg": "HS256", "kid": kid, "k": encoded(secret.encode())}


def keys_file(path, *keys):
    """Writes a JWK Set."""
    path.write_text(json.dumps({"keys": keys}))
    path.chmod(0o600)
    return path


def encoded(data):
    """Base64 for URLs, without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
