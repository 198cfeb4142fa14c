"""The numbers under which a platform keeps a notice: learnt from its answers, several at a time."""

from datetime import datetime

from core import blind
from notices.models import Message, Notice, Reference
from notices.states import Genuineness

PURPOSE = "reference"


def note(notice: Notice, number: str, at: datetime, message: Message | None = None) -> bool:
    """Keep a number of theirs; return whether it is new for this notice."""
    number = _plain(number)
    if not number:
        return False
    found, is_new = Reference.objects.get_or_create(
        notice=notice,
        number_index=_index(number),
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


def unlearn(message: Message) -> None:
    """Forget the number that a person noted when she filed; what was read in the mail stays."""
    read = [_index(str(number)) for number in message.reading.get("tickets") or ()]
    Reference.objects.filter(message=message).exclude(number_index__in=read).delete()


def of(notice: Notice) -> list[str]:
    """Return their numbers for a notice, the one learnt first in front."""
    return [row.number for row in notice.references.all()]


def notices_with(numbers: list[str]) -> list[Notice]:
    """Return the sent notices that one of these numbers stands for.

    Numbers are short: two platforms may use the same one.
    """
    indexes = [_index(number) for number in numbers]
    rows = Notice.objects.filter(references__number_index__in=indexes).exclude(sent_at=None)
    return list(rows.select_related("case", "platform").distinct())


def _index(number: str) -> str:
    return blind.index(PURPOSE, _plain(number))


def _plain(number: str) -> str:
    return " ".join(number.split())
