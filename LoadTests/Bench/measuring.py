"""One measurement each: a server, and `plenary-load bench` beside it on the other core."""
import json
import pathlib
import resource
import subprocess

from servers import CLIENT_CORE, on_core

# Longer than any run takes; what hangs is an error.
PATIENCE_SECONDS = 900


def measure(load, server, options):
    """Starts the server, measures it, stops it; what `plenary-load bench` found."""
    server.start()
    try:
        return result(client(load, server, options))
    finally:
        server.stop()


def measure_resuming(load, server, options):
    """The same with a `kill -9` and a new start in the same folder, as soon as everybody is here."""
    server.start()
    try:
        running = client(load, server, options)
        if running.stdout.readline() != "ready\n":
            return result(running)
        server.kill()
        server.start()
        listening = cpu_milliseconds(server.process.pid)
        found = result(running)
        used = cpu_milliseconds(server.process.pid) - listening
        return found | {"resumeMicroseconds": used * 1_000 / found["connections"]}
    finally:
        server.stop()


def client(load, server, options):
    """The running client."""
    flags = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    return subprocess.Popen(
        [*on_core(CLIENT_CORE), load, "bench", *server.arguments(), *flags],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )


def result(running):
    """What a client says at its end."""
    try:
        said, wrong = running.communicate(timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        running.kill()
        running.communicate()
        raise
    if running.returncode != 0:
        raise RuntimeError(wrong.strip() or f"plenary-load ended with {running.returncode}")
    # Before the last line stands at most that it was ready.
    return json.loads(said.splitlines()[-1])


def cpu_milliseconds(process):
    """Time on a CPU of a process's threads, since each began."""
    threads = pathlib.Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e6


def raise_descriptors():
    """As many descriptors as this process may have, for all that it starts; answers how many."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    return limit
