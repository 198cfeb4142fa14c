"""From the moments in the history to waiting times, computed and grouped by the database.

Every row counts, whoever asks: a figure that changed with the reader's rights would be no figure.
A page that lists the rows or notices behind a figure narrows them to what its reader may open.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from statistics import median
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper as Connection
from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateTimeField,
    Expression,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Min,
    Q,
    QuerySet,
    TextChoices,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, Greatest, Least
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import gettext_lazy as _

from insights.durations import Curve, counted
from insights.endpoints import Endpoint
from insights.filters import Clock, Filters, State
from notices.models import Notice, Outcome
from notices.models.notice import NoticeQuerySet
from notices.models.outcome import OutcomeQuerySet
from platforms.models import Platform

HOUR = 3600
# In seconds, and far beyond any wait: see `_fate`.
NEVER = 2**40
EVENTS = {
    Endpoint.GONE: "first_seen_gone_at",
    Endpoint.ACKNOWLEDGED: "acknowledged_at",
    Endpoint.ANSWERED: "answered_at",
    Endpoint.DECIDED: "decided_at",
}
# As conditions and not as keywords: the columns come from `followed`, not from the model.
ENDED, OPEN = Q(ended=True), Q(ended=False)
_PLATFORMS = Platform.objects.order_by().values_list("pk", "key", "name")
Sql = tuple[str, Any]
Key = tuple[str, ...]
STARTS = {Clock.SENT: "sent_at", Clock.ACKNOWLEDGED: "acknowledged_at"}


class Epoch(Func):
    """The nearest whole second since 1970, which both databases subtract and group quickly."""

    output_field = IntegerField()

    def as_sqlite(self, compiler: SQLCompiler, connection: Connection, **more: Any) -> Sql:
        template = "CAST(ROUND((julianday(%(expressions)s) - 2440587.5) * 86400) AS INTEGER)"
        return super().as_sql(compiler, connection, template=template, **more)

    def as_postgresql(self, compiler: SQLCompiler, connection: Connection, **more: Any) -> Sql:
        # `EXTRACT` answers in decimal numbers, which cost several times as much.
        template = "FLOOR(DATE_PART('epoch', %(expressions)s) + 0.5)::bigint"
        return super().as_sql(compiler, connection, template=template, **more)


class By(TextChoices):
    """What is kept apart; platforms always are."""

    PLATFORM = "platform", _("platform")
    GROUND = "ground", _("ground")
    CHANNEL = "channel", _("channel")


PARTS: dict[By, tuple[str, ...]] = {
    By.PLATFORM: (),
    By.GROUND: ("ground",),
    By.CHANNEL: ("channel__key",),
}


@dataclass(frozen=True)
class Group:
    """The waiting times of one platform, or of one ground or channel of it.

    `ended` and `stopped` say of how many after so many seconds.
    """

    platform: str
    name: str
    ended: Mapping[int, int]
    stopped: Mapping[int, int]
    ground: str | None = None
    channel: str | None = None

    @cached_property
    def curve(self) -> Curve:
        return counted(self.ended, self.stopped, HOUR)


def chosen(filters: Filters, of: OutcomeQuerySet | None = None) -> OutcomeQuerySet:
    """The rows that the filters mean: only what was sent has a waiting time."""
    every = Outcome.objects.all() if of is None else of
    rows = every.sent().exclude(**{STARTS[filters.clock]: None})
    wanted = {
        "platform__key": filters.platform,
        "ground": filters.ground,
        "channel__key": filters.channel,
        "sent_at__gte": filters.begins_at,
        "sent_at__lt": filters.ends_before,
    }
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def followed(
    filters: Filters,
    at: datetime,
    open_at: datetime | None = None,
    of: OutcomeQuerySet | None = None,
) -> OutcomeQuerySet:
    """The chosen rows with `length` in seconds, and `ended`: False where following stopped first.

    What happened after `at` is not known yet. Rows still open are followed until `open_at`, by
    default `at`; a page rounds it down, so that its pictures stay the same for a while.
    """
    ended, (after, without) = _ended(filters, at), _lengths(filters, at, open_at)
    length = Case(When(ended, then=after), default=without, output_field=IntegerField())
    flag = Case(When(ended, then=True), default=False, output_field=BooleanField())
    return chosen(filters, of).annotate(length=length, ended=flag)


def _ended(filters: Filters, at: datetime) -> Q:
    event = EVENTS[filters.endpoint]
    known = Q(**{f"{event}__lte": at})
    return known & (Q(stopped_at=None) | Q(stopped_at__gte=F(event)))


def _lengths(
    filters: Filters, at: datetime, open_at: datetime | None
) -> tuple[Expression, Expression]:
    """The seconds waited by a row that ended, and by one that did not."""
    start = F(STARTS[filters.clock])
    until = Least(_followed_until(filters.endpoint, open_at or at), _moment(at))
    return _seconds(start, F(EVENTS[filters.endpoint])), _seconds(start, until)


def _seconds(start: F, end: F | Expression) -> Expression:
    length = Epoch(Greatest(end, start)) - Epoch(start)
    return ExpressionWrapper(length, output_field=IntegerField())


def _fate(filters: Filters, at: datetime, open_at: datetime | None) -> Expression:
    """Both in one number: of a notice the least is the first end, or else the longest wait.

    A row that ended has its length, one that did not how much that falls short of `NEVER`.
    """
    after, without = _lengths(filters, at, open_at)
    never = ExpressionWrapper(Value(NEVER) - without, output_field=IntegerField())
    ended = When(_ended(filters, at), then=after)
    return Case(ended, default=never, output_field=IntegerField())


def _moment(at: datetime) -> Value:
    return Value(at, output_field=DateTimeField())


def _followed_until(endpoint: Endpoint, open_at: datetime) -> Case:
    """When following stopped, or how far it reaches for a row that is still open.

    Nobody looks after the links of an old spreadsheet. What it says last about a link is when
    that was last seen online; without that, as for answers, what was known on the day of import.
    """
    imported = Q(batch__isnull=False)
    seen_since = imported & Q(last_seen_online_at__gte=F("sent_at"))
    last_seen = [When(seen_since, then=F("last_seen_online_at"))]
    return Case(
        When(stopped_at__isnull=False, then=F("stopped_at")),
        *(last_seen if endpoint is Endpoint.GONE else []),
        When(imported, then=F("batch__imported_at")),
        default=_moment(open_at),
        output_field=DateTimeField(),
    )


def groups(
    filters: Filters,
    at: datetime,
    *,
    by: By = By.PLATFORM,
    per_notice: bool = False,
    open_at: datetime | None = None,
) -> list[Group]:
    """Waiting times of every platform with a row, in the order of their names.

    One row is one link in one notice. `per_notice` counts a notice once, by its first event or
    else by the longest that it was followed; an imported row counts as a notice of its own.
    """
    if per_notice:
        return groups_per_notice([filters.endpoint], filters, at, by=by, open_at=open_at)[0]
    rows = chosen(filters).order_by()
    alike = rows.values("platform_id", *PARTS[by], fate=_fate(filters, at, open_at))
    found: defaultdict[Key, dict[int, int]] = defaultdict(dict)
    told = alike.annotate(count=Count("id"))
    for row in _plainly(told.values_list("platform_id", *PARTS[by], "fate", "count")):
        found[row[:-2]][row[-2]] = row[-1]
    return _groups(by, found)


def groups_per_notice(
    endpoints: Sequence[Endpoint],
    filters: Filters,
    at: datetime,
    *,
    by: By = By.PLATFORM,
    open_at: datetime | None = None,
) -> list[list[Group]]:
    """Waiting times of notices for each of these endpoints, which are read together.

    The links of a notice share its platform, ground and channel.
    """
    firsts = {
        endpoint.value: Min(_fate(filters.of(endpoint=endpoint), at, open_at))
        for endpoint in endpoints
    }
    rows = chosen(filters).order_by()
    single = rows.values("platform_id", *PARTS[by], single=Coalesce("notice_id", "id"))
    found: defaultdict[Key, list[list[int]]] = defaultdict(lambda: [[] for _ in endpoints])
    width = -len(endpoints)
    told = single.annotate(**firsts).values_list("platform_id", *PARTS[by], *firsts)
    for row in _plainly(told):
        for fates, fate in zip(found[row[:width]], row[width:], strict=True):
            fates.append(fate)
    return [
        _groups(by, {key: Counter(fates[place]) for key, fates in found.items()})
        for place in range(len(endpoints))
    ]


def _plainly(rows: QuerySet[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield what the driver gives: to look at each number again would double what reading costs."""
    with connection.cursor() as cursor:
        cursor.execute(*rows.query.sql_with_params())
        yield from cursor


def _groups(by: By, found: Mapping[Key, Mapping[int, int]]) -> list[Group]:
    """Name what was grouped by the platform's id: to group by key and name costs half again."""
    platforms = {pk: names for pk, *names in _plainly(_PLATFORMS)}
    made = [_group(by, (*platforms[pk], *part), fates) for (pk, *part), fates in found.items()]
    return sorted(made, key=lambda g: (g.name, g.platform, g.ground or "", g.channel or ""))


def _group(by: By, key: Key, fates: Mapping[int, int]) -> Group:
    part = {by.value: key[2]} if by is not By.PLATFORM else {}
    ended = {fate: count for fate, count in fates.items() if fate <= NEVER // 2}
    stopped = {NEVER - fate: count for fate, count in fates.items() if fate > NEVER // 2}
    return Group(key[0], key[1], ended, stopped, **part)


def behind(
    filters: Filters,
    at: datetime,
    *,
    state: State | None,
    hours: float | None = None,
    of: OutcomeQuerySet | None = None,
) -> OutcomeQuerySet:
    """The rows behind a mark: those in `state` that many hours after their clock began.

    Without `hours` it means the state at `at`. What stopped at the very hour was still followed.
    """
    rows = followed(filters, at, of=of)
    if state is State.BACK:
        return rows.filter(ENDED, reappeared_at__lte=at)
    if state is None:
        return rows
    if hours is None:
        return rows.filter(_now(state, at))
    return rows.filter(_then(state, round(hours * HOUR)))


def _now(state: State, at: datetime) -> Q:
    stopped = Q(stopped_at__lte=at) | Q(batch__isnull=False)
    return {
        State.ENDED: ENDED,
        State.STOPPED: OPEN & stopped,
    }.get(state, OPEN & ~stopped)


def _then(state: State, span: int) -> Q:
    return {
        State.ENDED: ENDED & Q(length__lte=span),
        State.STOPPED: OPEN & Q(length__lt=span),
    }.get(state, Q(length__gt=span) | (OPEN & Q(length=span)))


def came_back(filters: Filters, at: datetime) -> tuple[int, int]:
    """How many of the links that were seen gone were seen again later: k and n."""
    found = _seen_gone(filters, at).aggregate(
        n=Count("id"), k=Count("id", filter=Q(reappeared_at__lte=at))
    )
    return found["k"], found["n"]


def look_gap(filters: Filters, at: datetime) -> float | None:
    """The usual hours between the last look that found a link and the one that did not."""
    seen = _seen_gone(filters, at).filter(last_seen_online_at__lte=F("first_seen_gone_at"))
    gap = Epoch(F("first_seen_gone_at")) - Epoch(F("last_seen_online_at"))
    gaps = seen.annotate(gap=ExpressionWrapper(gap, output_field=IntegerField()))
    alike = gaps.order_by().values("gap").annotate(count=Count("id"))
    found = Counter[int](dict(alike.values_list("gap", "count")))
    return median(found.elements()) / HOUR if found else None


def _seen_gone(filters: Filters, at: datetime) -> OutcomeQuerySet:
    return chosen(filters).filter(_ended(filters.of(endpoint=Endpoint.GONE), at))


def overdue(filters: Filters, at: datetime) -> NoticeQuerySet:
    return _notices(filters).late(at)


def longest_overdue(late: NoticeQuerySet, most: int) -> tuple[list[UUID], int]:
    """Return those of these late notices whose limit passed first, and how many there are."""
    since = Min("clocks__due_at", filter=Q(clocks__is_limit=True))
    each = late.values("pk").annotate(since=since, count=Window(Count("*")))
    rows = list(each.order_by("since", "pk")[:most])
    return [row["pk"] for row in rows], rows[0]["count"] if rows else 0


def due_soon(filters: Filters, at: datetime) -> NoticeQuerySet:
    """Sent notices whose limit runs out within a day."""
    soon = {"clocks__is_limit": True, "clocks__due_at__gte": at}
    ends = {"clocks__due_at__lt": at + timedelta(days=1)}
    return _notices(filters).unanswered().filter(**soon, **ends).distinct()


def _notices(filters: Filters) -> NoticeQuerySet:
    wanted = {"platform__key": filters.platform, "ground": filters.ground}
    return Notice.objects.filter(**{name: value for name, value in wanted.items() if value})
