"""Invented mails for the reading tests: a row of `tests/notices/reading/mails/` to a Parsed."""

from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import yaml

from notices.reading.parsed import Parsed

FOLDER = Path(__file__).parent / "notices" / "reading" / "mails"


@dataclass(frozen=True)
class Mail:
    """`kind` and `answer` are what a person would file; `tickets` the numbers that are in it."""

    id: str
    kind: str
    answer: str
    tickets: tuple[str, ...]
    parsed: Parsed


def corpus(pattern: str) -> list[Mail]:
    rows = [
        row for path in sorted(FOLDER.glob(pattern)) for row in yaml.safe_load(path.read_text())
    ]
    assert len({row["id"] for row in rows}) == len(rows)
    return [mail(row) for row in rows]


def mail(row: dict[str, Any]) -> Mail:
    return Mail(
        row["id"], row["kind"], row["answer"], tuple(row.get("tickets", ())), parsed_of(row)
    )


def parsed_of(row: dict[str, Any]) -> Parsed:
    headers = dict(row.get("headers", {}))
    name, address = parseaddr(row["from"])
    status = [{key: str(value) for key, value in part.items()} for part in row.get("status", ())]
    return Parsed(
        message_id=f"<{row['id']}@far.example>",
        from_address=address,
        from_name=name,
        from_addresses=(address,),
        subject=row["subject"],
        auto_submitted=headers.pop("auto-submitted", ""),
        precedence=headers.pop("precedence", ""),
        auto_headers=headers,
        report_type=row.get("report_type", ""),
        delivery_status=tuple(status),
        feedback=dict(row.get("feedback", {})),
        text=row["body"],
    )
