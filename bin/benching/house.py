"""A made-up house of any size, the same every time: its cases, notices, answers and clocks.

Each case is drawn from dice of its own, so that a house grows by adding to it. Nothing goes through
the verbs, which would take hours; every row is sealed and shaped as they would have left it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, Model, OuterRef

from accounts.models import Organisation, User
from accounts.roles import Role
from benching.copying import copy
from cases import timeline
from cases.models import Case, Check, Link, Mandate, Person, Task, TimelineEvent
from core import blind, codes, keystore
from insights.demo import cast
from insights.demo.speeds import SPEEDS, Speed, durations
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
    Reminder,
)
from platforms.models import Channel

NOTICES_A_CASE, LINKS_A_NOTICE = 4, (2, 3, 2, 3)
CASES_AT_ONCE = 1_000
PAST = timedelta(days=728)
FOLLOWED = timedelta(days=300)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GROUNDS = ("us-tida-s3", "eu-dsa-16", "search-delist", "platform-terms")
# Multiplied with the case's number this visits every code once, in no order that shows.
STRIDE, CODES = 7_654_321, len(codes.ALPHABET) ** 6
TEXT = "\r\n".join(["Please remove the material at the addresses below. " * 2] * 12)
TABLES: tuple[type[Model], ...] = (
    Case, Person, Mandate, Link, Notice, Outcome, NoticeEdit, Approval, NoticeClock, Disclosure,
    Delivery, DeliveryAttempt, Check, Message, Reminder, Task, TimelineEvent,
)  # fmt: skip


@dataclass(frozen=True)
class Way:
    speed: Speed
    channel: Channel
    ground: str
    hours: list[float | None]


@dataclass
class House:
    until: datetime
    people: cast.Cast
    ways: list[Way]
    rows: dict[type[Model], list[Model]] = field(default_factory=dict)

    def add(self, row: Any) -> Any:
        self.rows.setdefault(type(row), []).append(row)
        return row

    def store(self) -> None:
        for table in TABLES:
            copy(table, self.rows.pop(table, []))


def furnish(at: datetime) -> datetime:
    """Make the organisation and its people, once; return the moment at which they were made."""
    known = Organisation.current()
    if known is None:
        known = cast.organisation(at)
        cast.cast(at)
    return known.set_up_at


def fill(until: datetime, first: int, last: int) -> None:
    """Add the cases from number `first` up to but not including `last`."""
    house = House(until, _people(), list(_ways()))
    with connection.cursor() as cursor:
        # The rows are right by construction: to look every reference up would double the time.
        cursor.execute("SET session_replication_role = replica; SET statement_timeout = 0")
    for start in range(first, last, CASES_AT_ONCE):
        with keystore.scope():
            numbers = range(start, min(start + CASES_AT_ONCE, last))
            for number, key_id in zip(numbers, keystore.create_many(len(numbers)), strict=True):
                _case(house, number, key_id)
            house.store()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("RESET session_replication_role; RESET statement_timeout")


def _people() -> cast.Cast:
    def of(role: Role) -> tuple[User, ...]:
        return tuple(User.objects.filter(role=role).order_by("email"))

    return cast.Cast(
        of(Role.ADVOCATE),
        of(Role.VOLUNTEER),
        of(Role.REVIEWER),
        of(Role.COORDINATOR)[0],
        of(Role.ADMINISTRATOR)[0],
    )


def _ways() -> Iterator[Way]:
    """Yield, for each platform of the demo, the ways by which notices go there."""
    channels = Channel.objects.filter(retired=False, audience__in=["anyone", "members"])
    for speed in SPEEDS:
        hours = durations(speed, 997, Random(speed.platform))
        of_platform = channels.filter(platform__key=speed.platform).select_related("platform")
        for channel in of_platform.order_by("key"):
            for ground in (each for each in GROUNDS if each in channel.grounds):
                yield Way(speed, channel, ground, hours)


def _case(house: House, number: int, key_id: UUID) -> None:
    dice = Random(f"case {number}")
    opened_at = house.until - PAST * dice.random()
    advocate = dice.choice(house.people.advocates)
    closed_at = opened_at + 200 * DAY if dice.random() < 0.55 else None
    if closed_at and closed_at > house.until:
        closed_at = None
    status = "closed" if closed_at else dice.choices(("active", "paused"), (95, 5))[0]
    if house.until - opened_at < 2 * DAY:
        status = "new"
    case = house.add(
        Case(
            key_id=key_id, code=_code(number), status=status, team=advocate.team,
            advocate=advocate, opened_at=opened_at, changed_at=opened_at + 40 * DAY * dice.random(),
            closed_at=closed_at, close_reason="all_gone" if closed_at else "",
            paused_at=opened_at if status == "paused" else None,
            notices_made=NOTICES_A_CASE, links_made=sum(LINKS_A_NOTICE), country="BE",
            language="nl", under_18="no", self_taken="no", content_kinds=["photo"],
            wants=["removal"], note="Found by a friend. The person wants it gone.",
            answers={"safe_now": "yes", "threat": "no", "danger": "no"},
        )
    )  # fmt: skip
    _person(house, case, dice)
    _tell(house, case, "case.opened", advocate, opened_at, None, {})
    for nth in range(NOTICES_A_CASE):
        _notice(house, case, nth, dice)


def _code(number: int) -> str:
    left, six = (number * STRIDE + 12_345) % CODES, ""
    for _ in range(6):
        left, place = divmod(left, len(codes.ALPHABET))
        six += codes.ALPHABET[place]
    return f"{six[:4]}-{six[4:]}"


def _person(house: House, case: Case, dice: Random) -> None:
    alias, at = dice.choice(cast.ALIASES), case.opened_at
    house.add(
        Person(
            key_id=case.key_id, case=case, alias=alias, alias_index=blind.index("alias", alias),
            contacts={"phone": "+32 2 555 01 99"}, safe_confirmed_at=at,
            safe_summary="Signal, weekdays 12:00-14:00. Never phone.",
        )
    )  # fmt: skip
    house.add(
        Mandate(
            key_id=case.key_id, case=case, purposes=["keep_case", "write", "sign", "statistics"],
            form="spoken", given_on=at.date(), recorded_by=case.advocate, recorded_at=at,
        )
    )  # fmt: skip
    if dice.random() < 0.1:
        house.add(
            Task(
                key_id=case.key_id, case=case, kind=dice.choice(("other", "call_back")),
                subject_id=case.pk, subject_code=case.code, text="Ask how she is.",
                owner=case.advocate, made_at=at, done_at=at if dice.random() < 0.8 else None,
            )
        )  # fmt: skip


def _notice(house: House, case: Case, nth: int, dice: Random) -> None:
    way = dice.choices(house.ways, [each.speed.notices for each in house.ways])[0]
    prepared_at = case.opened_at + 20 * DAY * dice.random()
    status = _status(house, case, prepared_at, dice)
    sent_at = prepared_at + 20 * HOUR if status in ("sent", "done") else None
    volunteer = dice.choice(house.people.volunteers)
    is_taken = status != "drafted" or dice.random() < 0.4
    notice = house.add(
        Notice(
            key_id=case.key_id, case=case, number=nth + 1, code=f"{case.code}-{nth + 1}",
            status=status, platform=way.channel.platform, channel=way.channel, ground=way.ground,
            content={"context": ["consent_never_given"], "ticks": []}, prepared_by=case.advocate,
            prepared_at=prepared_at, changed_at=sent_at or prepared_at, sent_at=sent_at,
            taken_by=volunteer if is_taken else None, taken_at=prepared_at if is_taken else None,
            asked_at=prepared_at if status == "in_review" else None,
            approved_at=prepared_at if status == "approved" or sent_at else None,
            done_at=house.until if status == "done" else None, reply_token=_token(case, nth),
            withdrawn_at=prepared_at if status == "withdrawn" else None,
            withdrawn_reason="not_needed" if status == "withdrawn" else "",
        )
    )  # fmt: skip
    house.add(NoticeEdit(notice=notice, version=1, user=volunteer, at=prepared_at))
    _tell(house, case, "notice.prepared", case.advocate, prepared_at, notice, _about(notice))
    answered_at = _papers(house, notice, way, dice) if sent_at else None
    first = sum(LINKS_A_NOTICE[:nth]) + 1
    for number in range(first, first + LINKS_A_NOTICE[nth]):
        _link(house, notice, number, answered_at, _gone_at(house, notice, dice.choice(way.hours)))


def _status(house: House, case: Case, prepared_at: datetime, dice: Random) -> str:
    if house.until - prepared_at < DAY or dice.random() < 0.02:
        return dice.choices(("drafted", "in_review", "approved"), (6, 3, 1))[0]
    if dice.random() < 0.05:
        return "withdrawn"
    over = case.status == "closed" or house.until - prepared_at > FOLLOWED
    return "done" if over else "sent"


def _token(case: Case, nth: int) -> str:
    return sha256(f"{case.code}-{nth}".encode()).hexdigest()[:32]


def _about(notice: Notice) -> dict[str, Any]:
    return {"platform": notice.platform.name, "ground": notice.ground}


def _papers(house: House, notice: Notice, way: Way, dice: Random) -> datetime | None:
    """Add what lies around a sent notice; return when a person answered, if one did."""
    case, at = notice.case, notice.sent_at or house.until
    is_mail = way.channel.medium == "email"
    approval = house.add(
        Approval(
            key_id=case.key_id, case=case, notice=notice, notice_version=1,
            approver=house.people.reviewers[0], at=at, mime=TEXT.encode() if is_mail else b"",
            text=TEXT, mime_sha256=sha256(TEXT.encode()).hexdigest(), pdf_sha256="",
            message_id=f"<{notice.reply_token}@harbour.example>", reply_token=notice.reply_token,
            recipient=_recipient(notice) if is_mail else "", items=["organisation.name", "links"],
        )
    )  # fmt: skip
    house.add(Disclosure(notice=notice, at=at, items=approval.items))
    if is_mail:
        _delivery(house, notice, approval, at)
    for kind, hours in (("policy", 168), ("statutory", 48)):
        due_at, is_limit = at + hours * HOUR, kind == "statutory"
        house.add(
            NoticeClock(
                notice=notice, key=kind, kind=kind, starts_at=at, due_at=due_at, is_limit=is_limit
            )
        )  # fmt: skip
    if notice.status == "sent":
        house.add(
            Reminder(
                key_id=case.key_id, case=case, notice=notice, kind="chase", n=1, state="planned",
                due_at=house.until + 30 * DAY, planned_at=at,
            )
        )  # fmt: skip
    _tell(house, case, "notice.sent", notice.taken_by, at, notice, _about(notice))
    return _answers(house, notice, way, dice, at)


def _recipient(notice: Notice) -> str:
    return f"removal@{notice.platform.key}.example"


def _delivery(house: House, notice: Notice, approval: Approval, at: datetime) -> None:
    delivery = house.add(
        Delivery(
            notice=notice, approval=approval, kind="notice", seq=1, recipient=approval.recipient,
            archive_recipient="archive@harbour.example", message_id=approval.message_id,
            state="sent", phase="done", made_at=at, due_at=at, first_due_at=at, attempts=1,
            handed_over_at=at, last_code="250", sent_at=at,
        )
    )  # fmt: skip
    house.add(DeliveryAttempt(delivery=delivery, number=1, at=at, phase="dot", code="250"))


def _answers(
    house: House, notice: Notice, way: Way, dice: Random, sent_at: datetime
) -> datetime | None:
    found = None
    for code, share, hours in (
        ("ticket_assigned", way.speed.receipts, 1.0),
        ("removed", way.speed.answers, way.speed.answer_hours),
    ):
        at = sent_at + hours * HOUR * dice.uniform(0.5, 2)
        if dice.random() < share and at < house.until:
            _message(house, notice, code, at)
            found = at if code == "removed" else found
    return found


def _message(house: House, notice: Notice, code: str, at: datetime) -> None:
    is_new = house.until - at < 10 * DAY
    clerk = None if is_new else notice.taken_by
    house.add(
        Message(
            key_id=notice.key_id, notice=notice, direction="received", received_at=at, logged_at=at,
            sender=f"support@{notice.platform.key}.example", text=TEXT[:900],
            answer="" if is_new else code, is_automatic=code == "ticket_assigned",
            filed_by=clerk, filed_at=None if is_new else at, genuineness="verified",
        )
    )  # fmt: skip
    _tell(house, notice.case, "reply.filed", clerk, at, notice, {"answer": code, "label": code})


def _link(
    house: House,
    notice: Notice,
    number: int,
    answered_at: datetime | None,
    gone_at: datetime | None,
) -> None:
    case, at = notice.case, notice.prepared_at
    url = f"https://{notice.platform.key}.example/{case.code}/{number}"
    index = blind.exact("link", url)
    link = house.add(
        Link(
            key_id=case.key_id, case=case, number=number, platform=notice.platform, kind="post",
            exact=True, verbatim=url, canonical=url, canonical_index=index, item_index=index,
            domain_index=blind.index("domain", f"{notice.platform.key}.example"),
            added_by=case.advocate, added_at=at,
        )
    )  # fmt: skip
    stopped_at = notice.done_at if gone_at is None else None
    house.add(
        Outcome(
            key_id=case.key_id, notice=notice, link=link, platform=notice.platform,
            ground=notice.ground, channel=notice.channel, sent_at=notice.sent_at,
            answered_at=answered_at, decided_at=answered_at, first_seen_gone_at=gone_at,
            last_seen_online_at=notice.sent_at, stopped_at=stopped_at,
            stop_reason="we_stopped" if stopped_at else "",
        )
    )  # fmt: skip
    if notice.sent_at:
        house.add(Check(link=link, at=notice.sent_at, result="online", by=case.advocate))
    if gone_at:
        house.add(Check(link=link, at=gone_at, result="gone", by=case.advocate))


def _gone_at(house: House, notice: Notice, hours: float | None) -> datetime | None:
    if notice.sent_at is None or hours is None:
        return None
    at = notice.sent_at + hours * HOUR
    return at if at < house.until else None


def _tell(
    house: House,
    case: Case,
    kind: str,
    actor: User | None,
    at: datetime,
    subject: Any,
    params: dict[str, Any],
) -> None:
    house.add(timeline.entry(case, kind, actor, at, subject=subject, params=params))


def make_ready(until: datetime, mails: Mapping[UUID, bytes]) -> None:
    """Put one more notice into the outbox for each of these sent ones, due now, with this mail."""
    house = House(until, _people(), [])
    sent = Notice.objects.filter(pk__in=mails).select_related("case", "platform", "channel")
    with keystore.scope():
        for earlier in sent:
            _ready(house, earlier, mails[earlier.pk])
        house.store()


def _ready(house: House, earlier: Notice, mime: bytes) -> None:
    case, at, number = earlier.case, house.until, NOTICES_A_CASE + 1
    message_id = message_id_of(earlier)
    notice = house.add(
        Notice(
            key_id=case.key_id, case=case, number=number, code=f"{case.code}-{number}",
            status="approved", platform=earlier.platform, channel=earlier.channel,
            ground=earlier.ground, prepared_by=earlier.prepared_by, prepared_at=at, changed_at=at,
            taken_by=earlier.taken_by, taken_at=at, approved_at=at, reply_token=_token(case, 4),
        )
    )  # fmt: skip
    approval = house.add(
        Approval(
            key_id=case.key_id, case=case, notice=notice, notice_version=1, at=at, mime=mime,
            approver=house.people.reviewers[0], text=TEXT, pdf_sha256="",
            mime_sha256=sha256(mime).hexdigest(), message_id=message_id,
            reply_token=notice.reply_token, recipient=_recipient(notice),
        )
    )  # fmt: skip
    house.add(
        Delivery(
            notice=notice, approval=approval, kind="notice", seq=1, recipient=approval.recipient,
            archive_recipient="archive@harbour.example", message_id=message_id, state="queued",
            made_at=at, due_at=at, first_due_at=at,
        )
    )  # fmt: skip


def message_id_of(earlier: Notice) -> str:
    return f"<again-{earlier.reply_token}@harbour.example>"


def plan_reminders(until: datetime, waiting: int) -> None:
    """Have `waiting` reminders planned, none of them due."""
    with keystore.scope():
        for n in range(1, 9):
            lacking = waiting - Reminder.objects.filter(state="planned").count()
            if lacking <= 0:
                break
            sent = Notice.objects.filter(status__in=["sent", "done"])
            sent = sent.exclude(reminders__n=n).select_related("case").only("id", "key_id", "case")
            copy(Reminder, (_reminder(notice, n, until) for notice in sent[:lacking].iterator()))


def let_fall_due(until: datetime, due: int) -> None:
    """Let `due` reminders be due: of notices that are followed, whose cases are at work.

    They go by mail or by hand, as their channels are; some have an unread reply before them.
    """
    followed = Outcome.objects.filter(
        notice=OuterRef("notice"), first_seen_gone_at=None, stopped_at=None
    )
    first = Reminder.objects.filter(Exists(followed), state="planned", n=1)
    at_work = first.filter(notice__status="sent", case__status="active").order_by("id")
    chosen = list(at_work.values_list("pk", flat=True)[:due])
    if len(chosen) < due:
        raise RuntimeError(f"only {len(chosen)} reminders can be due")
    Reminder.objects.filter(pk__in=chosen).update(due_at=until - HOUR)


def _reminder(notice: Notice, n: int, until: datetime) -> Reminder:
    return Reminder(
        key_id=notice.key_id, case_id=notice.case_id, notice=notice, kind="chase", n=n,
        state="planned", due_at=until + 30 * DAY, planned_at=until,
    )  # fmt: skip
