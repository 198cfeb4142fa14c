"""The numbers under which a platform keeps a notice: learnt from its answers, several at a time."""

from datetime import datetime
from uuid import UUID

from core import blind
from notices.models import Message, Notice, Reference
from notices.states import Genuineness

PURPOSE = "reference"


def note(notice: Notice, number: str, at: datetime, message: Message | None = None) -> bool:
    """Keep a number of theirs; return whether it is new for this notice."""
    number = " ".join(number.split())
    if not number:
        return False
    found, is_new = Reference.objects.get_or_create(
        notice=notice,
        number_index=blind.index(PURPOSE, number),
        defaults={"number": number, "message": message, "seen_at": at},
    )
    return is_new


def learn(message: Message, at: datetime) -> int:
    """Keep the numbers that a matched mail names; return how many are new. A forged one has none.

    Call it in the transaction of the match: undoing that forgets them again.
    """
    if message.notice is None or message.genuineness == Genuineness.FORGED:
        return 0
    numbers = [str(number) for number in message.reading.get("tickets", ())]
    return sum(note(message.notice, number, at, message) for number in numbers)


def of(notice: Notice) -> list[str]:
    """Return their numbers for a notice, the one learnt first in front."""
    return [row.number for row in notice.references.all()]


def notices_with(numbers: list[str], platform_id: UUID | None = None) -> list[Notice]:
    """Return the sent notices that one of these numbers stands for; one platform's alone if given.

    Numbers are short: two platforms may use the same one.
    """
    indexes = [blind.index(PURPOSE, number) for number in numbers]
    rows = Notice.objects.filter(references__number_index__in=indexes).exclude(sent_at=None)
    if platform_id is not None:
        rows = rows.filter(platform_id=platform_id)
    return list(rows.select_related("case", "platform").distinct())
