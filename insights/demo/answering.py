"""What the platforms answer in the demo, and when."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random

from insights.demo.agenda import Agenda
from insights.demo.cast import Cast
from insights.demo.speeds import Speed, shares
from notices import replies
from notices.models import Notice
from notices.states import NoticeStatus

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


@dataclass
class Talk:
    """For each platform, whether the coming notices get a receipt, an answer, and of what kind."""

    receipts: dict[str, Iterator[bool]] = field(default_factory=dict)
    answers: dict[str, Iterator[bool]] = field(default_factory=dict)
    demands: dict[str, Iterator[bool]] = field(default_factory=dict)
    refusals: dict[str, Iterator[bool]] = field(default_factory=dict)


def plan(talk: Talk, speed: Speed, count: int, dice: Random) -> None:
    talk.receipts[speed.platform] = shares(count, speed.receipts, dice)
    talk.answers[speed.platform] = shares(count, speed.answers, dice)
    talk.demands[speed.platform] = shares(count, speed.demands, dice)
    talk.refusals[speed.platform] = shares(count, speed.refuses, dice)


def answer(
    talk: Talk,
    agenda: Agenda,
    speed: Speed,
    notice: Notice,
    cast: Cast,
    dice: Random,
    sent_at: datetime,
) -> None:
    """Put what the platform answers to this notice on the agenda."""
    key = speed.platform
    demands, refuses = next(talk.demands[key]), next(talk.refusals[key])
    say = partial(_say, agenda.until, notice.pk, cast)
    if next(talk.receipts[key]):
        at = sent_at + timedelta(minutes=dice.uniform(1, 40))
        agenda.put(at, partial(say, "ticket_assigned"))
    if next(talk.answers[key]) or demands or refuses:
        hours = speed.answer_hours * dice.lognormvariate(0, 0.5)
        code = "identity_requested" if demands else "refused_no_violation" if refuses else ""
        agenda.put(sent_at + timedelta(hours=hours), partial(say, code))


def _say(until: datetime, notice_id: object, cast: Cast, code: str, at: datetime) -> None:
    """Receive an answer, and file it within the hour unless it is from the last days."""
    notice = Notice.objects.select_related("case__advocate", "platform").get(pk=notice_id)
    if notice.status not in {NoticeStatus.SENT, NoticeStatus.DONE}:
        return
    all_gone = not notice.outcomes.filter(first_seen_gone_at=None).exists()
    code = code or ("removed" if all_gone else "ack_human")
    clerk = notice.taken_by or cast.volunteers[0]
    message = replies.receive(
        notice,
        clerk,
        at,
        text=WORDS[code].format(ticket=f"T-{at:%m%d%H%M}"),
        received_at=at,
        sender=f"support@{notice.platform.key}.example",
    )
    if at < until - LEFT_TO_FILE or code == "ticket_assigned":
        replies.file(message, code, clerk, at)
