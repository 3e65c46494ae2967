"""HOSTILE 70, for real: a server killed with SIGKILL while people talk and are moved, twenty times on one data folder.

`make kill` is the same with more people and more deaths; what is checked stands in `killing.py`.
"""
import random

from killing import Evening, Totals, play
from running import run

DEATHS = 20
SEED = 20


def test_nothing_is_lost_doubled_or_out_of_order(serve, tickets):
    server = serve("--away-seconds", "60")
    evenings = [Evening(f"evening-{number}", talkers=4, led=3, tickets=tickets, seed=SEED + number) for number in range(2)]
    totals = Totals()
    play(server, evenings, DEATHS, (8, 40), random.Random(SEED), totals)
    print(totals)
    assert totals.acknowledged > 0 and totals.moves > 0 and totals.roles > 0 and totals.attended_ms > 0
    assert server.terminate() == 0
    verified = run("verify", "--data", server.data)
    assert verified.returncode == 0, verified.stderr
