"""Old spreadsheets become history: rows that count, and that nothing ever acts on."""

import csv
import json
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.chain import record
from core import blind, keystore
from core.errors import RuleBroken
from notices import law
from notices.models import ImportBatch, Outcome
from notices.states import StopReason
from platforms.models import Channel, Platform

MOMENTS = (
    "sent_at",
    "delivered_at",
    "acknowledged_at",
    "answered_at",
    "decided_at",
    "last_seen_online_at",
    "first_seen_gone_at",
    "stopped_at",
    "reappeared_at",
)
COLUMNS = ("platform", "ground", "channel", *MOMENTS, "stop_reason", "case_ref", "link")
REQUIRED = ("platform", "ground", "sent_at")
LONGEST = {"stop_reason": 200, "case_ref": 200, "link": 4000}
AFTER_SENT = ("delivered_at", "acknowledged_at", "answered_at", "decided_at", "stopped_at")
CHUNK = 500
EARLIEST = 1990


@dataclass(frozen=True, slots=True)
class BadRow:
    line: int
    reason: str


@dataclass(slots=True)
class Imported:
    """What became of a file: rows read, added now, known from before, and refused."""

    read: int = 0
    added: int = 0
    known: int = 0
    bad: list[BadRow] = field(default_factory=list)


class _Refused(Exception):
    pass


class _Places:
    """The platforms and channels of the catalogue, by whatever a spreadsheet calls them."""

    def __init__(self) -> None:
        self.platforms: dict[str, Platform] = {}
        for platform in Platform.objects.all():
            aliases = platform.facts.get("aliases") or []
            for name in (platform.name, *aliases, platform.key):
                self.platforms[str(name).casefold()] = platform
        self.channels = {channel.key: channel for channel in Channel.objects.all()}
        self.grounds = {ground.id for ground in law.grounds()}

    def platform(self, text: str) -> Platform:
        found = self.platforms.get(text.casefold())
        if found is None:
            raise _Refused(_("“%(text)s” is no platform of the catalogue") % {"text": text[:80]})
        return found

    def ground(self, text: str) -> str:
        if text not in self.grounds:
            raise _Refused(_("“%(text)s” is no ground of the catalogue") % {"text": text[:80]})
        return text

    def channel(self, text: str, platform: Platform) -> Channel | None:
        if not text:
            return None
        found = self.channels.get(text)
        if found is None or found.platform_id != platform.pk:
            words = {"text": text[:80], "platform": platform.name}
            raise _Refused(_("“%(text)s” is no channel of %(platform)s") % words)
        return found


def import_history(
    text: str, actor: User | None, at: datetime, *, strict: bool = False
) -> Imported:
    """Read a CSV of past notices, one link in one notice a row, and keep its good rows.

    With `strict` one bad row means that nothing is kept. The same rows read again add nothing.
    Raises RuleBroken when the file as a whole cannot be read.
    """
    result, rows = Imported(), []
    places, seen = _Places(), Counter[str]()
    for line, cells in _lines(text):
        result.read += 1
        try:
            values = _values(cells, places, at)
        except _Refused as refused:
            result.bad.append(BadRow(line, str(refused)))
        else:
            rows.append(_indexed(values, seen))
    if not (strict and result.bad):
        _store(rows, result, actor, at)
    return result


def _lines(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row with the line on which it begins."""
    text = text.removeprefix("\ufeff")
    head = text.split("\n", 1)[0]
    reader = csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(head), strict=True)
    try:
        names = [name.strip() for name in next(reader, [])]
        _check_head(names)
        begins = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, _named(names, cells)
            begins = reader.line_num + 1
    except csv.Error as error:
        words = {"line": reader.line_num}
        raise RuleBroken(_("Line %(line)d cannot be read as CSV.") % words) from error


def _delimiter(head: str) -> str:
    return ";" if head.count(";") > head.count(",") else ","


def _check_head(names: Sequence[str]) -> None:
    missing = [name for name in REQUIRED if name not in names]
    unknown = [name for name in names if name not in COLUMNS]
    if missing:
        words = {"names": ", ".join(missing)}
        raise RuleBroken(_("The first line must name the columns; missing: %(names)s.") % words)
    if unknown or len(set(names)) != len(names):
        words = {"names": ", ".join(name[:40] for name in unknown) or _("a column named twice")}
        raise RuleBroken(_("The first line has columns that are not known: %(names)s.") % words)


def _named(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    if len(cells) > len(names):
        return {"": "more"}
    return dict.fromkeys(COLUMNS, "") | {
        name: cell.strip() for name, cell in zip(names, cells, strict=False)
    }


def _values(cells: dict[str, str], places: _Places, at: datetime) -> dict[str, Any]:
    if "" in cells:
        raise _Refused(_("more cells than the first line has columns"))
    for name, longest in LONGEST.items():
        if len(cells[name]) > longest or "\x00" in cells[name]:
            raise _Refused(_("%(name)s is too long or holds a broken character") % {"name": name})
    platform = places.platform(cells["platform"])
    moments = {name: _moment(name, cells[name], at) for name in MOMENTS}
    _check_order(moments, cells["stop_reason"])
    return {
        "platform": platform,
        "ground": places.ground(cells["ground"]),
        "channel": places.channel(cells["channel"], platform),
        "stop_note": cells["stop_reason"],
        "stop_reason": StopReason.IMPORTED if moments["stopped_at"] else "",
        "case_ref": cells["case_ref"],
        "link_text": cells["link"],
        **moments,
    }


def _moment(name: str, text: str, at: datetime) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        words = {"name": name, "text": text[:40]}
        raise _Refused(_("%(name)s “%(text)s” is not an ISO 8601 moment") % words) from error
    if moment.tzinfo is None:
        words = {"name": name, "text": text[:40]}
        raise _Refused(_("%(name)s “%(text)s” has no offset, for example +01:00 or Z") % words)
    if moment.year < EARLIEST:
        raise _Refused(_("%(name)s lies before %(year)d") % {"name": name, "year": EARLIEST})
    if moment > at:
        raise _Refused(_("%(name)s lies in the future") % {"name": name})
    return moment


def _check_order(moments: dict[str, datetime | None], stop_reason: str) -> None:
    sent, gone = moments["sent_at"], moments["first_seen_gone_at"]
    online, back = moments["last_seen_online_at"], moments["reappeared_at"]
    if sent is None:
        raise _Refused(_("sent_at is empty: a row is a notice that was sent"))
    for name in (*AFTER_SENT, "first_seen_gone_at"):
        moment = moments[name]
        if moment is not None and moment < sent:
            raise _Refused(_("%(name)s lies before sent_at") % {"name": name})
    if gone and online and online > gone:
        raise _Refused(_("last_seen_online_at lies after first_seen_gone_at"))
    if back and (gone is None or back < gone):
        raise _Refused(_("reappeared_at needs an earlier first_seen_gone_at"))
    if stop_reason and moments["stopped_at"] is None:
        raise _Refused(_("stop_reason without stopped_at"))


def _indexed(values: dict[str, Any], seen: Counter[str]) -> dict[str, Any]:
    """Add the index by which the same row is known again.

    Equal rows of one file are different links, so the first, second, … of them count apart.
    """
    content = json.dumps(
        [
            values["platform"].key,
            values["ground"],
            values["channel"].key if values["channel"] else "",
            *(values[name].timestamp() if values[name] else None for name in MOMENTS),
            *(values[name] for name in ("stop_note", "case_ref", "link_text")),
        ],
        ensure_ascii=False,
    )
    seen[content] += 1
    return values | {"row_index": blind.exact("history", f"{seen[content]}:{content}")}


def _store(
    rows: Sequence[dict[str, Any]], result: Imported, actor: User | None, at: datetime
) -> None:
    known = _known([row["row_index"] for row in rows])
    fresh = [row for row in rows if row["row_index"] not in known]
    result.known, result.added = len(rows) - len(fresh), len(fresh)
    if not fresh:
        return
    try:
        _write(fresh, result, actor, at)
    except (IntegrityError, OperationalError) as error:
        raise RuleBroken(
            _(
                "The same rows are being read in at this moment. Try again in a minute: nothing is "
                "counted twice."
            )
        ) from error


def _write(
    fresh: Sequence[dict[str, Any]], result: Imported, actor: User | None, at: datetime
) -> None:
    key_id = keystore.create()
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            imported_by=actor, imported_at=at, rows_read=result.read, rows_added=len(fresh)
        )
        Outcome.objects.bulk_create(_outcomes(fresh, batch, key_id), batch_size=CHUNK)
        record("history.imported", actor, batch, at=at, added=len(fresh), bad=len(result.bad))


def _known(indexes: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(indexes), CHUNK):
        chunk = indexes[start : start + CHUNK]
        rows = Outcome.objects.filter(row_index__in=chunk).values_list("row_index", flat=True)
        found.update(str(index) for index in rows)
    return found


def _outcomes(
    rows: Iterable[dict[str, Any]], batch: ImportBatch, key_id: uuid.UUID
) -> list[Outcome]:
    return [Outcome(batch=batch, key_id=key_id, **row) for row in rows]
