"""The cases of the year, and the notices that are still being worked on: played by the verbs."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from accounts.models import User
from cases import checks
from cases import lifecycle as case_moves
from cases import links as case_links
from cases.models import Case, Link, Mandate, Person
from cases.pasting import rows_of
from cases.states import CaseStatus, CheckResult, CloseReason, MandateForm, Purpose
from core import blind, codes
from insights.demo import places, routes
from insights.demo.agenda import Agenda
from insights.demo.cast import ALIASES, COUNTRIES, LANGUAGES, Cast, keeper
from notices import approving, editing, plan
from notices.models import Notice, Outcome

YEAR_DAYS = 364


@dataclass
class Year:
    """What the acts of the story need to know."""

    cast: Cast
    dice: Random
    agenda: Agenda
    until: datetime
    cases: list[Case] = field(default_factory=list)


def open_cases(year: Year, count: int) -> None:
    for number in range(count):
        at = year.until - timedelta(days=YEAR_DAYS) * (count - number) / count
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
        recorded_by=keeper(case),
        recorded_at=at,
        kept_where="Cabinet 2" if own_picture else "",
    )


def prepare(year: Year, platform: str, case: Case, at: datetime) -> Notice:
    """Add a fresh link to the case and prepare a notice about it."""
    rows = rows_of(places.link(platform, year.dice))
    links = case_links.add(case, rows, keeper(case), at)
    route = routes.route(platform, case, at, year.dice)
    selection = plan.Selection(route.platform, route.ground, route.channel, [x.pk for x in links])
    (notice,) = plan.prepare(case, [selection], keeper(case), at)
    return notice


def hand_in(year: Year, notice_id: UUID, at: datetime) -> Notice:
    """Let a volunteer take the draft, complete it and ask for approval."""
    rows = Notice.objects.select_related("case__advocate", "platform", "channel")
    notice = rows.get(pk=notice_id)
    volunteer = year.cast.volunteers[0]
    editing.take(notice, volunteer, at)
    content = {**notice.content, **routes.content(notice.case, notice.ground)}
    editing.save(notice, editing.Change(content=content), volunteer, notice.version, at)
    editing.ask_approval(notice, volunteer, at)
    return notice


def approve(year: Year, notice: Notice, at: datetime) -> None:
    approving.approve(notice, year.cast.reviewers[0], at, send=False)


def come_back(year: Year, again: int) -> None:
    """Let removed material return on X, and write the second notice about it."""
    gone = Outcome.objects.filter(platform__key="x", first_seen_gone_at__isnull=False, episode=1)
    quiet = year.until - timedelta(days=35)
    rows = gone.filter(first_seen_gone_at__lt=quiet, notice__status="done").select_related("link")
    for outcome in rows.order_by("-first_seen_gone_at")[:again]:
        gone_at = outcome.first_seen_gone_at or quiet
        at = gone_at + timedelta(days=year.dice.uniform(4, 30))
        year.agenda.put(at, partial(_back, year, outcome))
    year.agenda.play()


def _back(year: Year, outcome: Outcome, at: datetime) -> None:
    first = Notice.objects.select_related("case__advocate", "channel").get(outcomes=outcome)
    _look(outcome.link, CheckResult.ONLINE, first.case.advocate, at)
    again = plan.prepare_again(first, keeper(first.case), at)
    notice = hand_in(year, again.pk, at + timedelta(hours=2))
    approve(year, notice, at + timedelta(hours=5))
    year.agenda.put(at + timedelta(hours=6), partial(_leave, year, again.pk))


def _leave(year: Year, notice_id: UUID, at: datetime) -> None:
    notice = Notice.objects.select_related("case", "platform", "channel").get(pk=notice_id)
    routes.leave(notice, year.cast.volunteers[0], at)
    for outcome in notice.outcomes.select_related("link"):
        hours = year.dice.choice([30.0, 70.0, 110.0])
        gone = partial(_look, outcome.link, CheckResult.GONE, notice.case.advocate)
        year.agenda.put(at + timedelta(hours=hours), gone)


def _look(link: Link | None, result: str, watcher: User | None, at: datetime) -> None:
    if link is not None:
        checks.look(link, result, watcher, at)


def close_quiet_cases(year: Year) -> None:
    """Close what has been quiet for six weeks, two cases of three."""
    for number, case in enumerate(year.cases):
        fresh = Case.objects.get(pk=case.pk)
        ends = fresh.changed_at + timedelta(days=48)
        if number % 3 and ends < year.until and fresh.status == CaseStatus.ACTIVE:
            case_moves.close(fresh, year.cast.coordinator, ends, reason=CloseReason.ALL_GONE)
