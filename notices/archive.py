"""The organisation's archive of what left: a Maildir that its mail server fills."""

import os
import re
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings

# The header of one of our mails is far shorter; a longer one is somebody else's mail.
HEADER_BYTES = 65_536
MOST_FILES = 20_000
# The clock of the server that files the copies may be behind.
SLACK = timedelta(days=1)
HEADER_END = re.compile(rb"\r?\n\r?\n")
MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>\s]{1,250}>)", re.IGNORECASE | re.MULTILINE)


def find(message_id: str, since: datetime | None = None) -> bool:
    """Tell whether the archive holds a mail with this Message-ID."""
    return message_id in found([message_id], since)


def found(message_ids: Collection[str], since: datetime | None = None) -> dict[str, datetime]:
    """Return those Message-IDs of which the archive holds a copy, filed a day before `since` or
    later, each with the moment of the filing. The newest files are read first, and only until all
    are found.
    """
    missing, there = set(message_ids), dict[str, datetime]()
    for moment, path in _newest(since - SLACK if since else None):
        if not missing:
            break
        message_id = _message_id(path.parent, path.name)
        if message_id in missing:
            missing.discard(message_id)
            there[message_id] = datetime.fromtimestamp(moment, UTC)
    return there


def filed_after(since: datetime) -> dict[str, datetime]:
    """Return every Message-ID filed later than `since`, with its moment, oldest first."""
    filed = [(moment, _message_id(path.parent, path.name)) for moment, path in _newest(since)]
    return {name: datetime.fromtimestamp(moment, UTC) for moment, name in reversed(filed) if name}


def _newest(since: datetime | None) -> Iterator[tuple[float, Path]]:
    earliest = since.timestamp() if since else 0.0
    dated = [(moment, path) for moment, path in _files() if moment >= earliest]
    dated.sort(reverse=True)
    yield from dated[:MOST_FILES]


def _files() -> Iterator[tuple[float, Path]]:
    """Yield every filed mail with its moment; none where the archive is not on this machine."""
    if not settings.ARCHIVE_MAILDIR:
        return
    for part in ("new", "cur"):
        try:
            with os.scandir(Path(settings.ARCHIVE_MAILDIR) / part) as entries:
                for entry in entries:
                    yield entry.stat().st_mtime, Path(entry.path)
        except FileNotFoundError:  # no such folder yet, or a mail moved on while it was listed
            continue


@lru_cache(maxsize=50_000)
def _message_id(folder: Path, name: str) -> str:
    """Return the Message-ID of one file. Kept: a filed mail never changes."""
    try:
        with (folder / name).open("rb") as file:
            head = HEADER_END.split(file.read(HEADER_BYTES), 1)[0]
    except FileNotFoundError:
        return ""
    match = MESSAGE_ID.search(head)
    return match.group(1).decode("ascii", "replace") if match else ""
