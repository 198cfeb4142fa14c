"""The months behind: the rows that a year of work has left, written in bulk.

Playing four hundred notices through the verbs takes minutes, and a newcomer waits for it. Here
every row is written as it ended; letters, clocks and links come from the same code as real ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db.models import Model

from accounts.models import User
from cases import timeline
from cases.links import columns
from cases.models import Case, Check, Link, TimelineEvent
from cases.pasting import rows_of
from cases.states import CheckResult
from insights.demo import answering, places, routes
from insights.demo.cast import Cast, keeper
from insights.demo.speeds import SPEEDS, Speed, durations
from notices import answers, clocks, frozen, law
from notices.models import (
    Approval,
    Delivery,
    DeliveryAttempt,
    Disclosure,
    Message,
    Notice,
    NoticeClock,
    NoticeEdit,
    Outcome,
)
from notices.states import Direction, NoticeStatus, StopReason
from platforms.models import Medium, Platform

FOLLOWED = timedelta(days=45)
YEAR = timedelta(days=350)
LOOK_BEFORE = timedelta(hours=6)
LINKS_A_NOTICE = (1, 1, 1, 2, 2, 3)
# In the order in which one refers to another.
TABLES: tuple[type[Model], ...] = (
    Link, Notice, Outcome, NoticeEdit, Approval, NoticeClock, Disclosure, Delivery,
    DeliveryAttempt, Check, Message, TimelineEvent,
)  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """One notice to be: when it left, the hours until each of its links was gone, its answers."""

    speed: Speed
    sent_at: datetime
    fates: list[float | None]
    replies: list[tuple[str, datetime]]


@dataclass
class Past:
    cast: Cast
    dice: Random
    until: datetime
    cases: list[Case]
    rows: dict[type[Model], list[Any]] = field(default_factory=lambda: {t: [] for t in TABLES})
    platforms: dict[str, Platform] = field(default_factory=dict)

    def add(self, row: Any) -> Any:
        self.rows[type(row)].append(row)
        return row


def write(past: Past, scale: float) -> None:
    """Write every notice of the year up to `past.until`."""
    past.platforms = {platform.key: platform for platform in Platform.objects.all()}
    story = [sent for speed in SPEEDS for sent in _sendings(past, speed, scale)]
    made = [(sent, _notice(past, sent)) for sent in sorted(story, key=lambda sent: sent.sent_at)]
    _store(past, Link, Notice, Outcome)
    for sent, notice in made:
        _papers(past, sent, notice)
    _store(past, *TABLES[3:])
    for case in past.cases:
        Case.objects.filter(pk=case.pk).update(
            links_made=case.links_made, notices_made=case.notices_made, changed_at=case.changed_at
        )


def _store(past: Past, *tables: type[Model]) -> None:
    for table in tables:
        table._default_manager.bulk_create(past.rows[table], batch_size=200)


def _sendings(past: Past, speed: Speed, scale: float) -> Iterator[Sent]:
    count = max(1, round(speed.notices * scale))
    sizes = [1 if speed.platform == "discord" else past.dice.choice(LINKS_A_NOTICE)
             for _ in range(count)]  # fmt: skip
    fates = durations(speed, sum(sizes), past.dice)
    says = answering.kinds(speed, count, past.dice)
    for number, size in enumerate(sizes):
        sent_at = past.until - YEAR + YEAR * (number + past.dice.random()) / count
        own, fates = fates[:size], fates[size:]
        yield Sent(speed, sent_at, own, answering.replies(speed, next(says), sent_at, past.dice))


def _notice(past: Past, sent: Sent) -> Notice:
    """Make a notice with its links and their outcomes, in a case that was open at the time."""
    opened = [case for case in past.cases if case.opened_at < sent.sent_at - timedelta(days=1)]
    case = past.dice.choice(opened[-9:])
    route = routes.route(sent.speed.platform, case, sent.sent_at, past.dice)
    ends = _ends(past, sent)
    volunteer = past.dice.choice(past.cast.volunteers)
    case.notices_made += 1
    case.changed_at = max(case.changed_at, sent.sent_at)
    notice: Notice = past.add(
        Notice(
            case=case,
            number=case.notices_made,
            code=f"{case.code}-{case.notices_made}",
            status=NoticeStatus.DONE if ends else NoticeStatus.SENT,
            platform=route.platform,
            channel=route.channel,
            ground=route.ground,
            content=routes.content(case, route.ground),
            prepared_by=case.advocate,
            prepared_at=sent.sent_at - timedelta(hours=20),
            taken_by=volunteer,
            taken_at=sent.sent_at - timedelta(hours=6),
            asked_at=sent.sent_at - timedelta(hours=5),
            approved_at=sent.sent_at - timedelta(minutes=20),
            sent_at=sent.sent_at,
            done_at=ends,
            changed_at=ends or sent.sent_at,
        )
    )
    for fate in sent.fates:
        _outcome(past, sent, notice, _link(past, case, route.platform, sent.sent_at), fate)
    return notice


def _ends(past: Past, sent: Sent) -> datetime | None:
    """Return when the notice was put away: a day after the last link went, or after 45 days."""
    last = max(FOLLOWED if fate is None else timedelta(hours=fate) for fate in sent.fates)
    ends = sent.sent_at + min(last + timedelta(days=1), FOLLOWED)
    return ends if ends < past.until else None


def _link(past: Past, case: Case, platform: Platform, at: datetime) -> Link:
    (row,) = rows_of(places.link(platform.key, past.dice))
    case.links_made += 1
    added_at = at - timedelta(hours=21)
    # What a search engine shows lies elsewhere: somebody says whose results these are.
    values = columns(row, past.platforms, keeper(case), added_at) | {"platform": platform}
    link: Link = past.add(Link(case=case, number=case.links_made, **values))
    _tell(past, case, "link.added", case.advocate, added_at, None,
          {"n": 1, "platforms": {platform.name: 1}})  # fmt: skip
    return link


def _outcome(past: Past, sent: Sent, notice: Notice, link: Link, fate: float | None) -> None:
    ends = notice.done_at or past.until
    gone_at = sent.sent_at + timedelta(hours=fate) if fate is not None else None
    if gone_at is not None and gone_at >= ends:
        gone_at = None
    online_at = max(sent.sent_at, gone_at - LOOK_BEFORE) if gone_at else min(
        sent.sent_at + timedelta(days=9), ends - timedelta(minutes=1)
    )  # fmt: skip
    stopped = notice.done_at if gone_at is None else None
    past.add(
        Outcome(
            notice=notice,
            link=link,
            platform=notice.platform,
            ground=notice.ground,
            channel=notice.channel,
            sent_at=sent.sent_at,
            last_seen_online_at=online_at,
            first_seen_gone_at=gone_at,
            stopped_at=stopped,
            stop_reason=StopReason.WE_STOPPED if stopped else "",
            **_moments(sent, ends),
        )
    )
    watcher = notice.case.advocate
    past.add(Check(link=link, at=online_at, result=CheckResult.ONLINE, by=watcher))
    if gone_at:
        past.add(Check(link=link, at=gone_at, result=CheckResult.GONE, by=watcher))
        _tell(past, notice.case, "link.gone", watcher, gone_at, link,
              {"number": link.number, "platform": notice.platform.name})  # fmt: skip


def _moments(sent: Sent, ends: datetime) -> dict[str, datetime]:
    """Return the first moment of each kind that the answers set."""
    found: dict[str, datetime] = {}
    for code, at in sent.replies:
        answer = answers.answer(code)
        for name in answer.moments(is_automatic=answer.family == "auto_receipt"):
            if at < ends:
                found.setdefault(f"{name}_at", at)
    return found


def _papers(past: Past, sent: Sent, notice: Notice) -> None:
    """Add what lies around a notice: editors, the frozen letter, clocks, ledger, answers."""
    case, reviewer = notice.case, past.cast.reviewers[0]
    for editor, before in ((case.advocate, 20), (notice.taken_by, 6)):
        at = sent.sent_at - timedelta(hours=before)
        past.add(NoticeEdit(notice=notice, version=1, user=editor, at=at))
    approved_at = sent.sent_at - timedelta(minutes=20)
    approval = past.add(frozen.approval_of(notice, reviewer, approved_at))
    past.rows[NoticeClock].extend(clocks.rows(notice, sent.sent_at))
    past.add(Disclosure(notice=notice, at=sent.sent_at, items=approval.items))
    if notice.channel and notice.channel.medium == Medium.EMAIL:
        for row in routes.delivered(notice, approval, sent.sent_at):
            past.add(row)
    about = {"platform": notice.platform.name, "ground": law.ground(notice.ground).name}
    _tell(past, case, "notice.prepared", case.advocate, notice.prepared_at, notice, about)
    _tell(past, case, "notice.approved", reviewer, approved_at, notice, about)
    _tell(past, case, "notice.sent", notice.taken_by, sent.sent_at, notice, about)
    for code, at in sent.replies:
        if at < past.until:
            _reply(past, notice, code, at)


def _reply(past: Past, notice: Notice, code: str, at: datetime) -> None:
    """Add an answer; the ones of the last days still wait to be filed."""
    filed = at < past.until - answering.LEFT_TO_FILE or code == "ticket_assigned"
    clerk = notice.taken_by
    past.add(
        Message(
            notice=notice,
            direction=Direction.RECEIVED,
            sender=f"support@{notice.platform.key}.example",
            text=answering.words(code, at),
            received_at=at,
            logged_by=clerk,
            logged_at=at,
            answer=code if filed else "",
            is_automatic=filed and code == "ticket_assigned",
            filed_by=clerk if filed else None,
            filed_at=at if filed else None,
        )
    )
    label = answers.answer(code).label
    kind = "reply.filed" if filed else "reply.received"
    _tell(past, notice.case, kind, clerk, at, notice, {"answer": code, "label": label})


def _tell(
    past: Past,
    case: Case,
    kind: str,
    actor: User | None,
    at: datetime,
    subject: Any,
    params: dict[str, Any],
) -> None:
    past.add(timeline.entry(case, kind, actor, at, subject=subject, params=params))
