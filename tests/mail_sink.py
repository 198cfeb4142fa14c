"""A far mail server with moods: a real SMTP server in a process of its own.

`python tests/mail_sink.py FOLDER [--tls CERT KEY]` prints its port and serves until it is killed.
Each accepted transaction is on the disk before the server says 250, so that a test can compare what
was accepted with what the database says. The mood is read at each step from FOLDER/mood:

normal            accepts
greylist          451 at RCPT for an outside recipient's first try, then accepts
busy              421 instead of a banner
outside-CODE      CODE at RCPT of any recipient but the archive
archive-CODE      CODE at RCPT of the archive
dot-CODE          CODE after the final dot
drop-N            accepts, then cuts each N-th connection instead of saying 250
drop              accepts, then cuts the connection instead of saying 250
swallow           cuts the connection at the dot, and accepts nothing
hang-banner, hang-tls, hang-dot     goes silent at that place
refuse-tls        454 to STARTTLS
cut-tls           says yes to STARTTLS and cuts the connection
dot-hang-accepted accepts, then goes silent
"""

import argparse
import asyncio
import json
import os
import ssl
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from aiosmtpd.smtp import SMTP

FOREVER = 3600
ARCHIVE = "archive@"


class Sink(SMTP):
    """One conversation. What it said and heard is kept for the tests to read."""

    folder: Path

    def __init__(self, folder: Path, tls: ssl.SSLContext | None) -> None:
        super().__init__(
            self, hostname="sink.example", tls_context=tls, require_starttls=False, timeout=600
        )
        self.folder = folder

    @property
    def mood(self) -> str:
        return (self.folder / "mood").read_text().strip()

    def _is(self, start: str) -> str:
        """Return the code of a mood such as `dot-552`, or nothing in another mood."""
        begin, _, code = self.mood.rpartition("-")
        return code if begin == start and code.isdigit() else ""

    def _is_nth(self, start: str) -> bool:
        each = self._is(start)
        accepted = (self.folder / "accepted").read_text().count("\n") if each else 0
        return bool(each) and accepted % int(each) == 0

    def heard(self, word: str) -> None:
        _append(self.folder / "heard", word)

    async def _handle_client(self) -> None:
        self.heard("CONNECT")
        if self.mood == "hang-banner":
            await asyncio.sleep(FOREVER)
        if self.mood == "busy":
            await self.push("421 4.3.2 busy, try again later")
            self.transport.close()
            return
        await super()._handle_client()

    async def smtp_STARTTLS(self, arg: str) -> None:
        self.heard("STARTTLS")
        if self.mood == "hang-tls":
            await asyncio.sleep(FOREVER)
        if self.mood == "refuse-tls":
            await self.push("454 4.7.0 TLS not available now")
        elif self.mood == "cut-tls":
            await self.push("220 go ahead")
            self.transport.abort()
        else:
            await super().smtp_STARTTLS(arg)

    async def smtp_DATA(self, arg: str) -> None:
        self.heard("DATA")
        await super().smtp_DATA(arg)

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        refusal = self._is("archive" if address.startswith(ARCHIVE) else "outside")
        if not refusal and self.mood == "greylist" and self._is_new(address):
            refusal = "451"
        if refusal:
            return f"{refusal} 4.0.0 <{address}> not now or never"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def _is_new(self, address: str) -> bool:
        if address.startswith(ARCHIVE):
            return False
        seen = self.folder / "greylisted"
        known = seen.read_text().split() if seen.exists() else []
        if address in known:
            return False
        _append(seen, address)
        return True

    async def handle_DATA(self, server, session, envelope) -> str:
        mood, code = self.mood, self._is("dot")
        if code:
            return f"{code} 5.0.0 not this mail"
        if mood == "hang-dot":
            await asyncio.sleep(FOREVER)
        if mood != "swallow":
            self._accept(envelope)
        if mood == "dot-hang-accepted":
            await asyncio.sleep(FOREVER)
        if mood in {"drop", "swallow"} or self._is_nth("drop"):
            self.transport.abort()
            await asyncio.sleep(FOREVER)
        return "250 2.0.0 accepted"

    def _accept(self, envelope) -> None:
        content = envelope.original_content
        (self.folder / "archive" / "new").mkdir(parents=True, exist_ok=True)
        row = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "content": content.decode("latin-1"),
        }
        if any(address.startswith(ARCHIVE) for address in envelope.rcpt_tos):
            _write(self.folder / "archive" / "new" / uuid4().hex, content)
        _append(self.folder / "accepted", json.dumps(row))


def _append(path: Path, line: str) -> None:
    with path.open("a") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@dataclass
class MailSink:
    """The test's end of a running sink."""

    folder: Path
    port: int
    process: subprocess.Popen[str]

    @classmethod
    def start(cls, folder: Path, tls: Sequence[Path] = ()) -> "MailSink":
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "mood").write_text("normal")
        command = [sys.executable, __file__, str(folder)]
        if tls:
            command += ["--tls", *map(str, tls)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        return cls(folder, int(process.stdout.readline()), process)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def be(self, mood: str) -> None:
        (self.folder / "mood.new").write_text(mood)
        (self.folder / "mood.new").replace(self.folder / "mood")

    def clear(self) -> None:
        self.be("normal")
        for name in ("accepted", "heard", "greylisted"):
            (self.folder / name).unlink(missing_ok=True)
        for copy in (self.folder / "archive" / "new").glob("*"):
            copy.unlink()

    @property
    def archive(self) -> Path:
        return self.folder / "archive"

    @property
    def heard(self) -> list[str]:
        path = self.folder / "heard"
        return path.read_text().split() if path.exists() else []

    @property
    def accepted(self) -> list[dict]:
        """Return every accepted transaction: from, to (as the envelope says) and content."""
        path = self.folder / "accepted"
        lines = path.read_text().splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]

    @property
    def message_ids(self) -> list[str]:
        return [message_id(mail["content"]) for mail in self.accepted]


def message_id(content: str) -> str:
    lines = content.replace("\r\n", "\n").partition("\n\n")[0].split("\n")
    return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("Message-ID:"))


async def serve(folder: Path, tls: ssl.SSLContext | None) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Sink(folder, tls), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - the port, for the starter
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tls", nargs=2, type=Path)
    options = parser.parse_args()
    context = None
    if options.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*options.tls)
    asyncio.run(serve(options.folder, context))


if __name__ == "__main__":
    main()
