"""What the platforms answer in the demo, and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from insights.demo.speeds import Speed, shares

LEFT_TO_FILE = timedelta(hours=60)
WORDS = {
    "ticket_assigned": "Thank you for your report. It has the number {ticket}. This is an automatic"
    " message.",
    "removed": "We looked at the material that you reported and removed it.",
    "ack_human": "I have your report and pass it to the team that decides. It may take some days.",
    "identity_requested": "Before we can act, please send the full legal name of the person shown"
    " and a copy of an identity document.",
    "refused_no_violation": "We looked at the material and found nothing that breaks our rules.",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """Whether a notice gets a receipt, an answer, a demand for identity, a refusal."""

    receipt: bool
    answer: bool
    demand: bool
    refusal: bool


def kinds(speed: Speed, count: int, dice: Random) -> Iterator[Kind]:
    """Yield for each coming notice what it will get, in the written-down shares."""
    wanted = (speed.receipts, speed.answers, speed.demands, speed.refuses)
    for each in zip(*(shares(count, share, dice) for share in wanted), strict=True):
        yield Kind(*each)


def replies(
    speed: Speed, kind: Kind, sent_at: datetime, dice: Random
) -> list[tuple[str, datetime]]:
    """Return the answers to a notice as (code, moment), first to last."""
    said = []
    if kind.receipt:
        said.append(("ticket_assigned", sent_at + timedelta(minutes=dice.uniform(1, 40))))
    if kind.answer or kind.demand or kind.refusal:
        hours = 1 + speed.answer_hours * dice.lognormvariate(0, 0.5)
        said.append((_code(speed, kind, dice), sent_at + timedelta(hours=hours)))
    return said


def _code(speed: Speed, kind: Kind, dice: Random) -> str:
    if kind.demand:
        return "identity_requested"
    if kind.refusal:
        return "refused_no_violation"
    return "removed" if dice.random() < speed.gone else "ack_human"


def words(code: str, at: datetime) -> str:
    return WORDS[code].format(ticket=f"T-{at:%m%d%H%M}")
