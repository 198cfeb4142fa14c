"""Writing and verifying the audit chain."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import connection, transaction

from audit.models import AuditEntry, AuditHead

SYSTEM = "Recourse"


class Actor(Protocol):
    @property
    def pk(self) -> Any: ...

    @property
    def name(self) -> Any: ...


class Subject(Protocol):
    @property
    def pk(self) -> Any: ...


@dataclass(frozen=True)
class Fault:
    """Where the chain is broken, in a sentence."""

    number: int
    sentence: str


def record(
    verb: str, actor: Actor | None, subject: Subject | None, *, at: datetime, **details: Any
) -> AuditEntry:
    """Append one act. Call it last in the transaction of the act: it locks the head of the chain.

    `details` holds ids, codes, counts and names of fields, never a text about a person.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an act and its audit entry are one change")
    head, _ = AuditHead.objects.select_for_update().get_or_create(pk=1)
    entry = AuditEntry(
        number=head.number + 1,
        at=at,
        actor_id=actor.pk if actor else None,
        actor_name=str(actor.name) if actor else SYSTEM,
        verb=verb,
        subject_type=type(subject).__name__ if subject is not None else "",
        subject_id=_uuid(subject.pk) if subject is not None else None,
        subject_code=str(getattr(subject, "code", "")),
        details=json.loads(json.dumps(details, default=str)),
        previous_hash=head.hash,
    )
    entry.hash = digest(entry)
    entry.save(force_insert=True)
    AuditHead.objects.filter(pk=1).update(number=entry.number, hash=entry.hash)
    return entry


def _uuid(pk: Any) -> UUID | None:
    return pk if isinstance(pk, UUID) else None


def digest(entry: AuditEntry) -> str:
    """Return the SHA-256 of all that the entry says and of the entry before it."""
    content = [
        entry.number,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        str(entry.actor_id),
        entry.actor_name,
        entry.verb,
        entry.subject_type,
        str(entry.subject_id),
        entry.subject_code,
        entry.details,
        entry.previous_hash,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify(known_head: tuple[int, str] | None = None) -> Iterator[Fault]:
    """Walk the whole chain and yield every place where it does not hold.

    `known_head` is a (number, hash) that was printed or mailed before: with it a tail that was cut
    off together with the head is found too.
    """
    number, previous = 0, "0" * 64
    seen_known = known_head is None
    for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=2000):
        yield from _faults(entry, number, previous)
        number, previous = entry.number, entry.hash
        seen_known = seen_known or (entry.number, entry.hash) == known_head
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    if (head.number, head.hash) != (number, previous):
        yield Fault(head.number, f"the head says {head.number}, the last entry is {number}")
    if not seen_known and known_head is not None:
        yield Fault(known_head[0], f"the chain does not hold the known entry {known_head[0]}")


def _faults(entry: AuditEntry, number: int, previous: str) -> Iterator[Fault]:
    if entry.number != number + 1:
        yield Fault(number + 1, f"entry {number + 1} is missing before entry {entry.number}")
    elif entry.previous_hash != previous:
        yield Fault(entry.number, f"entry {entry.number} does not follow the entry before it")
    if entry.hash != digest(entry):
        yield Fault(entry.number, f"entry {entry.number} was changed")
