"""What `plenary check` finds: each problem and each note in a sentence with its cure; and `serve` agrees with it."""
import json
import os
import shutil
import struct
import time

import pytest
from running import Server, run
from test_disk_damage import crc32c

BAD_DATA, CANNOT_CREATE, IO_FAILED, CONFIGURATION = 65, 73, 74, 78


@pytest.fixture(scope="module")
def left(tmp_path_factory, tickets):
    """A folder as a server has left it in order, with a segment and a checkpoint."""
    folder = tmp_path_factory.mktemp("left") / "data"
    Server("serve", "--data", folder, "--secret-file", tickets.secret_file).start().stop()
    return folder


class Setup:
    """The options of a server with which all is well, on a folder that a server has left; a case spoils one of them."""

    def __init__(self, folder, left, tickets, certificates, wall):
        self.folder = folder
        self.data = folder / "data"
        self.certificates = certificates
        self.wall = wall
        self.options = {"listen": "127.0.0.1:0", "data": self.data, "secret-file": tickets.secret_file}
        self._left = left

    def run(self, command):
        flags = [part for name, value in self.options.items() for part in (f"--{name}", value)]
        return run(command, *flags, env=self.wall.env)

    def copied(self):
        """Puts the folder there, and answers it."""
        shutil.copytree(self._left, self.data)
        return self.data

    def secured(self, days=30):
        """Gives the server TLS; answers the certificate and its key."""
        files = self.certificates.make(days=days)
        self.options |= dict(zip(("tls-cert", "tls-key"), files))
        return files

    def keys(self, text):
        """Gives the server a file of keys with this in it."""
        file = self.folder / "keys.json"
        file.write_text(text)
        file.chmod(0o600)
        self.options["keys-file"] = file


@pytest.fixture
def setup(tmp_path, left, tickets, certificates, wall):
    return Setup(tmp_path, left, tickets, certificates, wall)


def segment(folder):
    return sorted((folder / "segments").glob("0*.log"))[-1]


# What is a problem: how a server with these options ends, None if it does not, and what is said


def no_folder_above(setup):
    setup.options["data"] = setup.folder / "none" / "data"
    return CANNOT_CREATE, f"{setup.folder}/none is no folder in which it could be made: make that one first"


def a_file_above(setup):
    (setup.folder / "file").write_text("")
    setup.options["data"] = setup.folder / "file" / "data"
    return CANNOT_CREATE, f"{setup.folder}/file is no folder in which it could be made: make that one first"


def a_link_to_nothing(setup):
    setup.data.symlink_to(setup.folder / "nothing")
    return CANNOT_CREATE, f"{setup.data} is a link to what is not there: make the folder that it names"


def a_file_in_its_place(setup):
    setup.data.write_text("")
    return CANNOT_CREATE, f"{setup.data} is no folder: choose another with --data."


def a_folder_for_a_lock(setup):
    (setup.copied() / "lock").unlink()
    (setup.data / "lock").mkdir()
    return CANNOT_CREATE, f"{setup.data}/lock is no file, so that no server can lock the folder: remove it."


def a_folder_for_a_lock_alone(setup):
    (setup.data / "lock").mkdir(parents=True)
    return CANNOT_CREATE, f"{setup.data}/lock is no file, so that no server can lock the folder: remove it."


def a_file_for_segments(setup):
    setup.data.mkdir()
    (setup.data / "segments").write_text("")
    return IO_FAILED, f"{setup.data}/segments is no folder: remove it, and put that of a copy in its place if there is one."


def an_unfinished_copy(setup):
    (setup.copied() / "unfinished-copy").write_text("")
    return BAD_DATA, "that plenary backup did not finish (unfinished-copy): remove it, and make another one."


def a_damaged_segment(setup):
    file = segment(setup.copied())
    data = bytearray(file.read_bytes())
    data[20] ^= 1
    file.write_bytes(data)
    return BAD_DATA, (
        f"{setup.data}: segments/{file.name} is damaged at byte 0: the header's check is wrong. The server does not start "
        f"on it: plenary verify --data {setup.data} tells more, and a copy of plenary backup can take its place."
    )


def a_newer_segment(setup):
    file = segment(setup.copied())
    data = bytearray(file.read_bytes())
    data[8:10] = struct.pack("<H", 9)
    data[60:64] = struct.pack("<I", crc32c(data[:60]))
    file.write_bytes(data)
    return BAD_DATA, (
        f"{setup.data}: segments/{file.name} is of version 9; this server knows versions up to 2. Start the server that "
        "wrote it, or a newer one."
    )


def a_missing_segment(setup):
    segment(setup.copied()).unlink()
    return BAD_DATA, (
        f"The server does not start on it: plenary verify --data {setup.data} tells more, and a copy of plenary backup can "
        "take its place."
    )


def missing_segments(setup):
    shutil.rmtree(setup.copied() / "segments")
    return BAD_DATA, f"{setup.data}/segments is not there, and others are: if it was empty make it (mkdir), else put"


def a_clock_behind(setup):
    later = time.time() + 3600
    os.utime(segment(setup.copied()), (later, later))
    return None, "The clock of this machine is behind the last record of the journal by 3"


def a_missing_secret(setup):
    file = setup.options["secret-file"] = setup.folder / "none"
    return CONFIGURATION, f"The secret file {file} cannot be read"


def a_short_secret(setup):
    file = setup.options["secret-file"] = setup.folder / "short"
    file.write_text("short\n")
    return CONFIGURATION, (
        f"The secret file {file} holds 5 bytes; a secret has 32 to 65536. Make one with: openssl rand -base64 48 > {file}"
    )


def missing_keys(setup):
    file = setup.options["keys-file"] = setup.folder / "none"
    return CONFIGURATION, f"The keys file {file} cannot be read, or holds more than 65536 bytes: give one that this user can read."


def keys_that_are_no_json(setup):
    setup.keys('{"keys":[}')
    return CONFIGURATION, 'keys.json, line 1, column 10: this is no JSON object with each key once. A keys file is a JWK Set: {"keys":'


def a_short_key(setup):
    setup.keys(json.dumps({"keys": [{"kty": "oct", "kid": "autumn", "alg": "HS256", "k": "AAAA"}]}))
    return CONFIGURATION, 'keys.json: Key "autumn": its k has 3 bytes; HS256 needs 32 at least'


def a_missing_certificate(setup):
    file, _ = setup.secured()
    file.unlink()
    return CONFIGURATION, f"{file} cannot be read: No such file or directory. Give the path of a file that this user can read."


def a_certificate_with_another_key(setup):
    setup.secured()
    setup.options["tls-key"] = setup.certificates.make("other")[1]
    return CONFIGURATION, "do not belong together. Both have to come from the same renewal."


def a_certificate_that_is_over(setup):
    file, _ = setup.secured(days=30)
    setup.wall(40 * 24)
    return CONFIGURATION, f"The certificate in {file} is over since "


def a_key_for_everybody(setup):
    _, key = setup.secured()
    key.chmod(0o644)
    return CONFIGURATION, f"{key} can be read by everybody on this machine: chmod o-rwx {key}"


PROBLEMS = [
    no_folder_above, a_file_above, a_link_to_nothing, a_file_in_its_place, a_folder_for_a_lock, a_folder_for_a_lock_alone,
    a_file_for_segments, an_unfinished_copy, a_damaged_segment, a_newer_segment, a_missing_segment, missing_segments,
    a_clock_behind, a_missing_secret, a_short_secret, missing_keys, keys_that_are_no_json, a_short_key, a_missing_certificate,
    a_certificate_with_another_key, a_certificate_that_is_over, a_key_for_everybody,
]


@pytest.mark.parametrize("spoil", PROBLEMS, ids=lambda spoil: spoil.__name__)
def test_a_problem_is_said_with_its_cure_and_serve_fails_on_it(setup, spoil):
    code, sentence = spoil(setup)
    checked = setup.run("check")
    assert (checked.returncode, checked.stdout) == (CONFIGURATION, ""), checked.stderr
    problems = [line for line in checked.stderr.splitlines() if not line.startswith("Note: ")]
    assert len(problems) == 1 and sentence in problems[0], "one mistake, one sentence: " + checked.stderr
    if code is not None:
        served = setup.run("serve")
        assert served.returncode == code, (served.returncode, served.stderr)


def test_a_disk_that_cannot_be_written_is_a_problem(setup, small_disk):
    disk = small_disk(600)
    setup.options["data"] = disk.folder / "data"
    disk.remount("ro")
    checked = setup.run("check")
    assert checked.returncode == CONFIGURATION
    assert f"{disk.folder} is no folder in which it could be made" in checked.stderr
    disk.remount("rw")
    (disk.folder / "data").mkdir()
    disk.remount("ro")
    checked = setup.run("check")
    assert checked.returncode == CONFIGURATION
    assert f"{disk.folder}/data cannot be written by this user: chown it, run as its owner, or mount" in checked.stderr
    assert setup.run("serve").returncode == CANNOT_CREATE


# What is worth knowing


def a_certificate_near_its_end(setup):
    setup.secured(days=5)
    return "The certificate is over in 4 days: renew it, then send the server SIGHUP."


def an_origin_without_tls(setup):
    setup.secured()
    setup.options["origin"] = "http://live.example.org"
    return "The origin http://live.example.org is a page without TLS"


def plain_http_for_all(setup):
    setup.options["listen"] = "0.0.0.0:0"
    return "Beyond this machine 0.0.0.0:0 speaks plain HTTP"


def operators_for_all(setup):
    setup.options["admin"] = "0.0.0.0:0"
    return (
        "Beyond this machine 0.0.0.0:0 of --admin asks nobody for a ticket: whoever reaches it reads who was where, and can "
        "erase people. As a cure, listen on loopback (--admin 127.0.0.1:0), or let a firewall see to who can reach it."
    )


def a_secret_for_everybody(setup):
    file = setup.folder / "open"
    file.write_bytes(setup.options["secret-file"].read_bytes())
    file.chmod(0o644)
    setup.options["secret-file"] = file
    return f"Others on this machine can get at {file}, a file of keys: chmod 600 {file}"


NOTES = [a_certificate_near_its_end, an_origin_without_tls, plain_http_for_all, operators_for_all, a_secret_for_everybody]


@pytest.mark.parametrize("change", NOTES, ids=lambda change: change.__name__)
def test_what_is_worth_knowing_is_a_note_beside_the_ok(setup, change):
    sentence = change(setup)
    checked = setup.run("check")
    assert (checked.returncode, checked.stdout) == (0, "ok\n"), checked.stderr
    assert f"Note: {sentence}" in checked.stderr, checked.stderr


def test_a_server_warns_of_a_listener_for_operators_that_other_machines_can_reach(serve):
    told = serve("--admin", "0.0.0.0:0").wait_for_log(lambda entry: entry["event"] == "adminExposed")
    assert told["level"] == "warning" and told["address"] == "0.0.0.0:0"
    assert told["cure"].startswith("listen on loopback (--admin 127.0.0.1:0)")
    closed = serve("--admin", "127.0.0.1:0")
    closed.wait_for_log(lambda entry: entry["event"] == "listeningForAdmins")
    assert not [entry for entry in closed.log if entry["event"] == "adminExposed"]
