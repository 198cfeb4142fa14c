"""A year of casework, played through the same verbs as the real one."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random

from accounts.models import User
from cases import checks
from cases import lifecycle as case_moves
from cases import links as case_links
from cases.models import Case, Link, Mandate, Person
from cases.pasting import rows_of
from cases.states import CaseStatus, CheckResult, CloseReason, MandateForm, Purpose
from core import blind, codes
from insights.demo import answering, places, routes
from insights.demo.agenda import Agenda
from insights.demo.cast import ALIASES, COUNTRIES, LANGUAGES, Cast
from insights.demo.speeds import LOOK_EVERY_HOURS, SPEEDS, Speed, durations
from notices import approving, editing, lifecycle, plan
from notices.models import Notice, Outcome
from notices.states import NoticeStatus

FOLLOWED_DAYS = 45
YEAR_DAYS = 350
LINKS_A_NOTICE = (1, 1, 1, 2, 2, 3)


@dataclass
class Year:
    """What the acts of the story need to know. `fates`: hours until gone, by platform, in turn."""

    cast: Cast
    dice: Random
    agenda: Agenda
    until: datetime
    cases: list[Case] = field(default_factory=list)
    fates: dict[str, list[float | None]] = field(default_factory=dict)
    busy_until: dict[str, datetime] = field(default_factory=dict)
    talk: answering.Talk = field(default_factory=answering.Talk)


def open_cases(year: Year, count: int) -> None:
    for number in range(count):
        at = year.until - timedelta(days=YEAR_DAYS + 14) * (count - number) / count
        year.cases.append(_case(year, number, at + timedelta(hours=year.dice.uniform(0, 9))))


def _case(year: Year, number: int, at: datetime) -> Case:
    """Open a case with its person and what she agreed to."""
    advocate = year.cast.advocates[number % len(year.cast.advocates)]
    country = COUNTRIES[number % len(COUNTRIES)]
    own_picture = number % 3 == 0
    case = Case.objects.create(
        code=_code(year.dice),
        team=advocate.team,
        advocate=advocate,
        opened_at=at,
        changed_at=at,
        country=country,
        language=LANGUAGES[country],
        under_18="no",
        self_taken="yes" if own_picture else "no",
        content_kinds=["photo", "video"] if number % 4 == 0 else ["photo"],
        wants=["removal"],
        note="Found by a friend. The person wants it gone and nobody told.",
        answers={"safe_now": "yes", "threat": "no", "danger": "no"},
    )
    alias = ALIASES[number % len(ALIASES)]
    Person.objects.create(
        case=case,
        alias=alias,
        alias_index=blind.index("alias", alias),
        safe_summary="Signal, weekdays 12:00-14:00. Never phone.",
        safe_confirmed_at=at,
    )
    _agree(case, at, own_picture)
    case_moves.activate(case, advocate, at)
    return case


def _code(dice: Random) -> str:
    six = "".join(dice.choice(codes.ALPHABET) for _ in range(6))
    return f"{six[:4]}-{six[4:]}"


def _agree(case: Case, at: datetime, own_picture: bool) -> None:
    purposes = [Purpose.KEEP_CASE, Purpose.WRITE, Purpose.SIGN, Purpose.STATISTICS]
    if own_picture:
        purposes.append(Purpose.COPYRIGHT)
    Mandate.objects.create(
        case=case,
        purposes=[str(purpose) for purpose in purposes],
        form=MandateForm.WRITTEN if own_picture else MandateForm.SPOKEN,
        given_on=at.date(),
        recorded_by=case.advocate,
        recorded_at=at,
        kept_where="Cabinet 2" if own_picture else "",
    )


def write_notices(year: Year, scale: float) -> None:
    """Put every notice of the year on the agenda, with the fate of each of its links."""
    for speed in SPEEDS:
        count = max(1, round(speed.notices * scale))
        sizes = [1 if speed.platform == "discord" else year.dice.choice(LINKS_A_NOTICE)
                 for _ in range(count)]  # fmt: skip
        year.fates[speed.platform] = durations(speed, sum(sizes), year.dice)
        answering.plan(year.talk, speed, count, year.dice)
        for number, size in enumerate(sizes):
            span = timedelta(days=YEAR_DAYS) * (number + year.dice.random()) / count
            sent_at = year.until - timedelta(days=YEAR_DAYS) + span
            year.agenda.put(
                sent_at - timedelta(hours=20), partial(_prepare, year, speed, size, sent_at)
            )


def _prepare(year: Year, speed: Speed, size: int, sent_at: datetime, at: datetime) -> None:
    case = _busy_case(year, at)
    year.busy_until[case.code] = max(year.busy_until.get(case.code, at), sent_at)
    notice = prepare(year, speed.platform, size, case, at, sent_at)
    fates = [year.fates[speed.platform].pop() for _ in range(size)]
    finish = partial(_finish, year, speed, notice.pk, fates, sent_at)
    year.agenda.put(sent_at - timedelta(hours=6), finish)


def prepare(
    year: Year, platform: str, size: int, case: Case, at: datetime, sent_at: datetime | None = None
) -> Notice:
    """Add fresh links to the case and prepare one notice about them."""
    text = "\n".join(places.link(platform, year.dice) for _ in range(size))
    links = case_links.add(case, rows_of(text), case.advocate, at)
    route = routes.route(platform, case, sent_at or at, year.dice)
    # What a search engine shows lies elsewhere: somebody says whose results these are.
    Link.objects.filter(pk__in=[link.pk for link in links]).update(platform=route.platform)
    selection = plan.Selection(route.platform, route.ground, route.channel, [x.pk for x in links])
    (notice,) = plan.prepare(case, [selection], case.advocate, at)
    return notice


def _busy_case(year: Year, at: datetime) -> Case:
    """Return one of the cases that were opened last before this moment."""
    opened = [case for case in year.cases if case.opened_at <= at] or year.cases[:1]
    case = year.dice.choice(opened[-9:])
    return Case.objects.select_related("advocate").get(pk=case.pk)


def _finish(
    year: Year,
    speed: Speed,
    notice_id: object,
    fates: list[float | None],
    sent_at: datetime,
    at: datetime,
) -> None:
    notice = complete(year, notice_id, fates, sent_at, at)
    answering.answer(year.talk, year.agenda, speed, notice, year.cast, year.dice, sent_at)


def complete(
    year: Year, notice_id: object, fates: list[float | None], sent_at: datetime, at: datetime
) -> Notice:
    """The volunteer takes the draft and completes it; the reviewer approves; it leaves."""
    rows = Notice.objects.select_related("case__advocate", "platform", "channel")
    notice = rows.get(pk=notice_id)
    volunteer = year.dice.choice(year.cast.volunteers)
    editing.take(notice, volunteer, at)
    change = editing.Change(content=routes.content(notice))
    editing.save(notice, change, volunteer, notice.version, at)
    editing.ask_approval(notice, volunteer, at)
    approved_at = sent_at - timedelta(minutes=20)
    approving.approve(notice, year.cast.reviewers[0], approved_at, send=False)
    year.agenda.put(sent_at, partial(_leave, year, notice_id, volunteer, fates))
    return notice


def _leave(
    year: Year, notice_id: object, volunteer: User, fates: list[float | None], at: datetime
) -> None:
    notice = Notice.objects.select_related("case", "platform", "channel").get(pk=notice_id)
    routes.leave(notice, volunteer, at)
    follow(year, notice, fates, at)


def follow(year: Year, notice: Notice, fates: list[float | None], sent_at: datetime) -> None:
    """Put the looks at each link on the agenda, and the day on which nobody looks any more."""
    outcomes = list(notice.outcomes.select_related("link").order_by("link__number"))
    for outcome, hours in zip(outcomes, fates, strict=True):
        _looks(year, outcome, hours, sent_at)
    last = max((hours for hours in fates if hours is not None), default=None)
    all_gone = None not in fates and last is not None and last < 24 * FOLLOWED_DAYS
    ends = timedelta(hours=last + 24) if all_gone and last else timedelta(days=FOLLOWED_DAYS)
    year.agenda.put(sent_at + ends, partial(_put_away, year, notice.pk))


def _looks(year: Year, outcome: Outcome, hours: float | None, sent_at: datetime) -> None:
    link, watcher = outcome.link, year.dice.choice(year.cast.advocates)
    if hours is None or hours > 24 * FOLLOWED_DAYS:
        for days in (2, 9, 30):
            at = sent_at + timedelta(days=days, hours=year.dice.uniform(0, 4))
            year.agenda.put(at, partial(_look, link, CheckResult.ONLINE, watcher))
        return
    gone_at = sent_at + timedelta(hours=hours)
    before = max(sent_at + timedelta(minutes=5), gone_at - timedelta(hours=LOOK_EVERY_HOURS))
    if before < gone_at:
        year.agenda.put(before, partial(_look, link, CheckResult.ONLINE, watcher))
    year.agenda.put(gone_at, partial(_look, link, CheckResult.GONE, watcher))


def _look(link: Link, result: str, watcher: object, at: datetime) -> None:
    checks.look(link, result, watcher, at)  # type: ignore[arg-type]


def _put_away(year: Year, notice_id: object, at: datetime) -> None:
    notice = Notice.objects.select_related("case").get(pk=notice_id)
    if notice.status == NoticeStatus.SENT:
        lifecycle.finish(notice, notice.case.advocate, at)


def close_quiet_cases(year: Year) -> None:
    """Close what has been quiet for six weeks, two cases of three."""
    last: dict[object, datetime] = defaultdict(lambda: year.until)
    for code, moment in year.busy_until.items():
        last[code] = moment
    for number, case in enumerate(year.cases):
        ends = last[case.code] + timedelta(days=FOLLOWED_DAYS + 3)
        if number % 3 and ends < year.until:
            fresh = Case.objects.get(pk=case.pk)
            if fresh.status == CaseStatus.ACTIVE:
                case_moves.close(fresh, year.cast.coordinator, ends, reason=CloseReason.ALL_GONE)
