"""TLS from outside: foreign clients of several kinds, and what is wrong with files; attacks on it: `test_attack_tls.py`."""
import contextlib
import json
import re
import signal
import subprocess
import urllib.request

import pytest
from operators import metric
from running import PATIENCE_SECONDS, run
from tls import asked, trusting
from websockets.sync.client import connect


@contextlib.contextmanager
def connected(server, session, ticket):
    """A joined connection of PyPI's `websockets` over TLS."""
    with connect(
        f"wss://localhost:{server.port}/v1/sessions/{session}", ssl=trusting(server.certificate),
        subprotocols=["plenary.v1"],
    ) as connection:
        connection.send(json.dumps({"id": 1, "do": "session.join", "ticket": ticket}))
        assert "ok" in json.loads(connection.recv(timeout=PATIENCE_SECONDS))
        yield connection


def chat(connection, number, text):
    """Says something and waits until it is heard."""
    command = {"id": number, "do": "chat.send", "room": "main", "text": text, "key": f"k{number}"}
    connection.send(json.dumps(command))
    while True:
        message = json.loads(connection.recv(timeout=PATIENCE_SECONDS))
        assert "error" not in message, message
        if message.get("on") == "chat.sent" and message["text"] == text:
            return


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_openssl_connects_asks_and_comes_back_with_its_ticket(secure, tmp_path, version):
    server = secure()
    kept = tmp_path / "session"
    code, first = asked(server, version, "-alpn", "http/1.1", "-sess_out", kept)
    assert code == 0 and "Verification: OK" in first and "HTTP/1.1 200 OK" in first
    assert "ALPN protocol: http/1.1" in first and "Secure Renegotiation IS" in first
    assert "Compression: NONE" in first
    code, again = asked(server, version, "-sess_in", kept)
    assert code == 0 and "Reused, TLSv1." in again and "HTTP/1.1 200 OK" in again
    # Its keys outlive the certificate's renewal.
    server.signal(signal.SIGHUP)
    server.wait_for_log(lambda entry: entry["event"] == "certificateRead")
    assert "Reused, TLSv1." in asked(server, version, "-sess_in", kept)[1]
    assert metric(server.admin, "plenary_tls_handshakes_resumed_total") == 2


def test_of_tls_1_2_only_what_keeps_the_past_secret(secure):
    server = secure()
    for cipher in ("AES256-GCM-SHA384", "ECDHE-ECDSA-AES256-SHA384", "DHE-RSA-AES256-GCM-SHA384"):
        assert "alert handshake failure" in asked(server, "-tls1_2", "-cipher", cipher)[1], cipher
    assert "Cipher is ECDHE-ECDSA-CHACHA20-POLY1305" in asked(server, "-tls1_2", "-cipher", "ECDHE+CHACHA20")[1]
    assert "Server Temp Key: X25519" in asked(server)[1]
    assert "alert handshake failure" in asked(server, "-groups", "P-521")[1]


def test_who_offers_other_protocols_only_is_told_so(secure):
    server = secure()
    assert "alert no application protocol" in asked(server, "-alpn", "h2")[1]
    assert "ALPN protocol: http/1.1" in asked(server, "-alpn", "h2,http/1.1")[1]
    assert "HTTP/1.1 200 OK" in asked(server)[1], "who offers none gets HTTP/1.1"


def test_python_and_a_foreign_websocket_client_talk_over_tls(secure, tickets):
    server = secure()
    url = f"https://localhost:{server.port}/healthz"
    with urllib.request.urlopen(url, context=trusting(server.certificate)) as answer:
        assert answer.read() == b"ok\n"
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urllib.request.urlopen(url)
    with connected(server, "evening", tickets.make("evening", "lead", "host")) as lead:
        lead.send(json.dumps({"id": 2, "do": "session.start"}))
        for number in range(3, 12):
            chat(lead, number, "long " * 700 + str(number))


def test_files_that_cannot_be_used_are_named_at_the_start_with_a_cure(certificates, tickets, tmp_path, wall):
    certificate, key = certificates.make()
    other, other_key = certificates.make("other")
    locked = tmp_path / "locked.pem"
    subprocess.run(
        ["openssl", "pkey", "-in", key, "-aes256", "-passout", "pass:x", "-out", locked], check=True, capture_output=True
    )
    open_key = tmp_path / "open.pem"
    open_key.write_bytes(key.read_bytes())
    open_key.chmod(0o644)
    missing = tmp_path / "missing.pem"
    for files, sentence in [
        ((missing, key), f"{missing} cannot be read: No such file or directory."),
        ((certificate, missing), f"{missing} cannot be read: No such file or directory."),
        ((key, key), f"{key} holds no certificate in PEM form"),
        ((certificate, certificate), f"{certificate} can be read by everybody on this machine: chmod o-rwx"),
        ((certificate, locked), f"openssl pkey -in {locked} -out key.pem takes the passphrase off."),
        ((certificate, open_key), f"{open_key} can be read by everybody on this machine: chmod o-rwx {open_key}"),
        ((certificate, other_key), "do not belong together. Both have to come from the same renewal."),
        # In forty days it will be over.
        ((certificate, key), f"The certificate in {certificate} is over since "),
    ]:
        wall(40 * 24 if files == (certificate, key) else 0)
        done = run(
            "serve", "--listen", "127.0.0.1:0", "--data", tmp_path / "data", "--secret-file", tickets.secret_file,
            "--tls-cert", files[0], "--tls-key", files[1], env=wall.env,
        )
        assert done.returncode == 78, (files, done.stderr)
        assert sentence in done.stderr, (files, done.stderr)
    assert not (tmp_path / "data").exists(), "nothing was begun"
    alone = run("serve", "--data", "d", "--secret-file", tickets.secret_file, "--tls-cert", other)
    assert alone.returncode == 78 and re.search("tls-cert and tls-key belong together", alone.stderr)
