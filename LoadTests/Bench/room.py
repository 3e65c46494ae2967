"""room.py PORT: a bare room server as people write it with Python's `websockets` (see room.c for what it does)."""
import asyncio
import sys

from websockets.asyncio.server import broadcast, serve

rooms = {}


async def take(connection):
    """Gives each message of a member to all members of the room."""
    members = rooms.setdefault(connection.request.path, set())
    members.add(connection)
    try:
        async for message in connection:
            broadcast(members, message)
    finally:
        members.discard(connection)


async def main():
    # No compression: the others do not compress, and the benchmark's client does not offer it.
    async with serve(take, "127.0.0.1", int(sys.argv[1]), compression=None, backlog=4096) as server:
        print("listening", flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
