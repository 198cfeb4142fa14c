"""A mail server that takes everything, as quickly as it can, and keeps nothing.

`python -m benching.sink` prints its port and serves until it is killed.
"""

import asyncio

GREETING, OK = b"220 sink.example\r\n", b"250 OK\r\n"
ANSWERS = {b"DATA": b"354 go ahead\r\n", b"QUIT": b"221 bye\r\n"}


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(GREETING)
    while line := await reader.readline():
        word = line[:4].upper()
        writer.write(ANSWERS.get(word, OK))
        if word == b"DATA":
            await reader.readuntil(b"\r\n.\r\n")
            writer.write(OK)
    writer.close()


async def main() -> None:
    server = await asyncio.start_server(talk, "127.0.0.1", 0, limit=32 * 1024**2)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
