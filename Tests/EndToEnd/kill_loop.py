"""`make kill ROUNDS=200 CLIENTS=200`: a release server killed again and again under load, and what was lost: nothing.

Ends with the totals and 0, or with what was lost and another code. See `killing.py` for what is checked.
"""
import argparse
import pathlib
import random
import sys
import tempfile

from killing import Evening, Totals, play
from running import Server, run
from tickets import Tickets

PEOPLE_PER_SESSION = 40
# One leads, and of forty so many talk; the others are moved.
TALKERS = 24
# A session keeps ten thousand messages in memory, and all of them are looked at; after so many deaths come other sessions.
DEATHS_PER_SESSION = 40


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    totals = Totals()
    with tempfile.TemporaryDirectory(prefix="plenary-kill-") as folder:
        tickets = Tickets(folder)
        data = pathlib.Path(folder) / "data"
        # All come back at once from one address, and say more than people would.
        rates = ("--chat-burst", "1000", "--commands-per-second", "1000", "--commands-burst", "1000")
        server = Server("serve", "--data", data, "--secret-file", tickets.secret_file, "--away-seconds", "60", *rates).start()
        chance = random.Random(asked.seed)
        while totals.deaths < asked.rounds:
            evenings = evenings_of(asked.clients, f"after-{totals.deaths}", tickets, chance)
            deaths = min(DEATHS_PER_SESSION, asked.rounds - totals.deaths)
            play(server, evenings, deaths, (asked.clients // 2, 2 * asked.clients), chance, totals)
            print(totals, flush=True)
        code = server.terminate()
        verified = run("verify", "--data", data)
    print(verified.stdout.strip() or verified.stderr.strip())
    return code or verified.returncode


def evenings_of(clients, prefix, tickets, chance):
    """Sessions of forty, and one with the rest."""
    sizes = [PEOPLE_PER_SESSION] * (clients // PEOPLE_PER_SESSION)
    if rest := clients % PEOPLE_PER_SESSION:
        sizes.append(max(rest, 3))
    evenings = []
    for number, size in enumerate(sizes):
        talkers = max(1, size * TALKERS // PEOPLE_PER_SESSION)
        evenings.append(Evening(f"{prefix}-{number}", talkers, size - 1 - talkers, tickets, chance.getrandbits(32)))
    return evenings


if __name__ == "__main__":
    sys.exit(main())
