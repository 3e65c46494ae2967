"""How much of everything is measured."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Sizes:
    """One set of sizes; times in seconds."""

    # Of each phase of a measurement.
    seconds: float
    warm_up: float
    # Members of the one room, and how many of them are devices of one person: a session tells of 3,000 people at most.
    members: tuple
    # Sessions of ten, and how many messages each of them says in a second, for how long, at a pace.
    sessions: tuple
    session_rate: float
    paced_seconds: float
    # The joins that are looked at.
    joins: tuple
    # Events that the journal has when the server is killed, the sessions that they are about, and how often it is read.
    events: int
    event_sessions: int
    starts: int
    # Sessions of thirty; half of them have talked and gone, in the others this many messages are said in a second.
    seated_sessions: int
    seated_rate: float
    checkpoints: int
    # From one checkpoint to the next, and before the first.
    gap: float
    # Messages a second in ten sessions of ten, and how often each way of keeping them is measured.
    journal_rate: float
    journal_rounds: int


FULL = Sizes(
    seconds=4, warm_up=2, members=((10, 1), (100, 1), (1_000, 1), (5_000, 2)), sessions=(1, 10, 100, 1_000),
    session_rate=2, paced_seconds=8, joins=(10, 100, 1_000), events=1_000_000, event_sessions=1_000, starts=3,
    seated_sessions=1_000, seated_rate=300, checkpoints=8, gap=3, journal_rate=200, journal_rounds=3,
)
SMALL = Sizes(
    seconds=0.5, warm_up=0.1, members=((5, 1), (20, 2)), sessions=(1, 3), session_rate=10, paced_seconds=0.5,
    joins=(2, 5, 20), events=2_000, event_sessions=5, starts=1, seated_sessions=4, seated_rate=100, checkpoints=2, gap=1.5,
    journal_rate=50, journal_rounds=1,
)
