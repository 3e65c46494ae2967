"""When a disk answers nobody, by the kernel's own count: who waits then waits for the machine, whatever a server does."""
import os
import pathlib
import threading
import time

COUNTERS = pathlib.Path("/proc/diskstats")
POLL_SECONDS = 0.005
# A good sync takes a hundredth of that, and a disk that is only busy finishes something all the time.
LONG_SECONDS = 0.02


class DiskWatch:
    """Looks at the disk of a folder until the end; then `spans` says from when to when it stood still.

    A file system that stands on no disk of its own, such as memory, never does.
    """

    def __init__(self, folder):
        device = os.stat(folder).st_dev
        self._name = [str(os.major(device)), str(os.minor(device))]
        self._samples = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    @property
    def spans(self):
        """Seconds of `time.monotonic`, in order."""
        return standstills(self._samples)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _look(self):
        while not self._over.wait(POLL_SECONDS):
            for line in COUNTERS.read_text().splitlines():
                if line.split(maxsplit=2)[:2] == self._name:
                    self._samples.append((time.monotonic(), *counted(line)))


def counted(line):
    """Of a disk's line: how many reads, writes, discards and flushes it has finished, and how many it is at."""
    # Behind the numbers of the device and its name (the kernel's Documentation/admin-guide/iostats.rst).
    fields = [int(field) for field in line.split()[3:]]
    return sum(fields[place] for place in (0, 4, 11, 15) if place < len(fields)), fields[8]


def standstills(samples):
    """When something was asked of the disk and it finished nothing; of samples of moment, finished, and asked for."""
    spans, since, before = [], None, None
    for moment, finished, asked in samples:
        if since is not None and (finished != before or not asked):
            spans.append((since, moment))
            since = None
        if since is None and asked:
            since = moment
        before = finished
    if since is not None:
        spans.append((since, samples[-1][0]))
    return [(begin, end) for begin, end in spans if end - begin >= LONG_SECONDS]


def waiting(exchanges, spans):
    """The exchanges, each when it began and how long it took, during which the disk stood still."""
    return [(began, took) for began, took in exchanges if any(began < end and began + took > begin for begin, end in spans)]
