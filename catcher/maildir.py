"""The two Maildirs: written so that an accepted mail survives the next power cut, and read."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

OUTSIDE, ARCHIVE = "outside", "archive"
BOXES = (OUTSIDE, ARCHIVE)
NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Caught:
    """One mail for one recipient, as a file."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def caught_at(self) -> datetime:
        return datetime.fromtimestamp(self.path.stat().st_mtime, UTC)


def prepare(root: Path) -> None:
    for box in BOXES:
        for part in ("tmp", "new", "cur"):
            (root / box / part).mkdir(parents=True, exist_ok=True, mode=0o700)


def store(root: Path, box: str, sender: str, recipient: str, content: bytes) -> Path:
    """Write one mail under the name of its envelope and return only when it is on the disk."""
    name = uuid4().hex
    draft = root / box / "tmp" / name
    with draft.open("xb") as file:
        file.write(_envelope_lines(sender, recipient))
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    kept = root / box / "new" / name
    draft.rename(kept)
    _sync_folder(kept.parent)
    return kept


def _envelope_lines(sender: str, recipient: str) -> bytes:
    """Return the envelope as the two headers that a delivering server puts on top."""
    return f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n".encode(
        "utf-8", "surrogateescape"
    )


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable; a synced file without a name is lost all the same."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def newest(root: Path, box: str) -> list[Caught]:
    files = [*_entries(root / box / "new"), *_entries(root / box / "cur")]
    files.sort(key=lambda entry: (entry.stat().st_mtime_ns, entry.name), reverse=True)
    return [Caught(Path(entry.path)) for entry in files]


def _entries(folder: Path) -> Iterable[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return [entry for entry in entries if NAME.fullmatch(entry.name)]


def find(root: Path, box: str, name: str) -> Caught | None:
    if box not in BOXES or not NAME.fullmatch(name):
        return None
    for part in ("new", "cur"):
        path = root / box / part / name
        if path.is_file():
            return Caught(path)
    return None
