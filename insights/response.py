"""Everything that a page of response times shows, read once a minute.

What is late is read for each reader. All else follows from the filters and the last full minute
alone, is the same for everybody, and is kept until the next one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

from django.core.cache import cache
from django.db.models import F
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.access import reach
from accounts.models import User
from core.paging import capped_count
from insights import figures, findings, queries
from insights.charts import words
from insights.charts.picture import Table
from insights.charts.survival import MOST_COMPARED
from insights.durations import Curve, Weight, combined, weight
from insights.endpoints import Endpoint
from insights.figures import Figure
from insights.filters import Filters, State
from insights.queries import By, Group
from notices.law import grounds
from notices.models import Notice

KEPT_SECONDS = 60
ROUNDED_TO_MINUTES = 10
LATE_SHOWN = 20
PANELS = (Endpoint.GONE, Endpoint.ANSWERED, Endpoint.ACKNOWLEDGED)


@dataclass(frozen=True, slots=True)
class Number:
    """One of the four linked figures at the top."""

    figure: str
    label: str
    url: str
    is_over: bool = False


Read = TypeVar("Read")


def kept(read: Callable[["Response"], Read]) -> "cached_property[Read]":
    """Work a property out once a minute for whoever asks the same in the same language."""

    def found(response: "Response") -> Read:
        key = f"{response.question}:{read.__name__}"
        known: tuple[Read] | None = cache.get(key)
        if known is None:
            known = (read(response),)
            cache.set(key, known, KEPT_SECONDS)
        return known[0]

    return cached_property(found)


@dataclass
class Response:
    """`compared` are the keys of at most two platforms; without them two are chosen."""

    filters: Filters
    at: datetime
    until: int
    compared: Sequence[str] = ()

    @cached_property
    def as_of(self) -> datetime:
        """The last full minute: what happened later is on no figure yet."""
        return self.at.replace(second=0, microsecond=0)

    @cached_property
    def open_at(self) -> datetime:
        """Open rows are followed until here, so that pictures stay the same for a while."""
        return self.as_of - timedelta(minutes=self.as_of.minute % ROUNDED_TO_MINUTES)

    @cached_property
    def question(self) -> str:
        """What the kept properties follow from, as the name under which they are kept."""
        asked = (self.filters, self.as_of, self.until, self.compared, get_language())
        return f"response:{sha256(repr(asked).encode()).hexdigest()}"

    @cached_property
    def groups(self) -> list[Group]:
        return self.groups_of(self.filters.endpoint)

    def groups_of(self, endpoint: Endpoint) -> list[Group]:
        return self._by_link(endpoint) if endpoint.per_link else self._by_notice[endpoint]

    def _by_link(self, endpoint: Endpoint) -> list[Group]:
        found: dict[Endpoint, list[Group]] = self.__dict__.setdefault("_links", {})
        if endpoint not in found:
            asked = self.filters.of(endpoint=endpoint)
            found[endpoint] = queries.groups(asked, self.as_of, open_at=self.open_at)
        return found[endpoint]

    @cached_property
    def _by_notice(self) -> dict[Endpoint, list[Group]]:
        """What is counted by notice is read together: the panels show all of it."""
        counted = [endpoint for endpoint in Endpoint if not endpoint.per_link]
        found = queries.groups_per_notice(counted, self.filters, self.as_of, open_at=self.open_at)
        return dict(zip(counted, found, strict=True))

    def forget_rows(self) -> None:
        """Let go of what the page was worked out from, once it is rendered.

        A template's context holds itself and waits for the collector; many of them would be held.
        """
        for name in ("_links", "_by_notice", "groups", "together", "pair"):
            self.__dict__.pop(name, None)

    @kept
    def n(self) -> int:
        return self.together.n

    @cached_property
    def together(self) -> Curve:
        return combined(group.curve for group in self.groups)

    @cached_property
    def pair(self) -> list[Group]:
        """What C1 compares: as asked, else the slowest beside the quickest."""
        if self.compared:
            asked = [group for group in self.groups if group.platform in self.compared]
            return asked[:MOST_COMPARED]
        known = sorted(self._strong() or figures.enough(self.groups), key=_speed)
        return known if len(known) <= MOST_COMPARED else [known[0], known[-1]]

    def _strong(self) -> list[Group]:
        return [group for group in self.groups if weight(group.curve.n) is Weight.FULL]

    # ------------------------------------------------------------------ words

    @cached_property
    def lead(self) -> str:
        """How much had ended within 72 hours, and what is late."""
        return " ".join(filter(None, [self._share, findings.late(self.late_count)]))

    @kept
    def _share(self) -> str:
        return findings.share(self.together, self.filters.endpoint)

    @kept
    def bounds(self) -> list[str]:
        return findings.bounds(self.groups, self.filters.endpoint)

    @kept
    def too_few(self) -> str:
        return findings.too_few(self.groups, self.filters.endpoint)

    @kept
    def looks(self) -> str:
        return findings.looks(queries.look_gap(self.filters, self.as_of))

    # ------------------------------------------------------------------ pictures

    @kept
    def curves(self) -> Figure:
        slowest = self.pair[-1] if self.pair else None
        title = findings.headline(slowest, self.filters.endpoint)
        return figures.curves(self.pair, self.filters, title, self.until).drawn()

    @kept
    def medians(self) -> list[Figure]:
        return [
            figures.median_panel(
                self.groups_of(endpoint), self.filters.of(endpoint=endpoint)
            ).drawn()
            for endpoint in PANELS
        ]

    @kept
    def every_platform(self) -> Figure:
        return figures.every_platform(self.groups, self.filters).drawn()

    @kept
    def within(self) -> Figure:
        return figures.within(self.groups, self.filters).drawn()

    @kept
    def by_ground(self) -> Table:
        apart = not self.filters.endpoint.per_link
        found = queries.groups(
            self.filters, self.as_of, by=By.GROUND, per_notice=apart, open_at=self.open_at
        )
        return figures.by_ground(found, {ground.id: ground.name for ground in grounds()})

    # ------------------------------------------------------------------ numbers

    @cached_property
    def _late(self) -> tuple[list[UUID], int]:
        return queries.longest_overdue(queries.overdue(self.filters, self.at), LATE_SHOWN)

    @property
    def late_count(self) -> int:
        return self._late[1]

    @cached_property
    def numbers(self) -> list[Number]:
        late, soon = self.late_count, capped_count(queries.due_soon(self.filters, self.at))
        return [
            Number(str(late), _late_words(late), "#late", is_over=late > 0),
            Number(str(soon), _("due in the next 24 h"), "#late"),
            self._within_72,
            self._back,
        ]

    @kept
    def _within_72(self) -> Number:
        endpoint, curve = self.filters.endpoint, self.together
        url = figures.marks(self.filters, State.ENDED, 72)
        told = {"unit": endpoint.unit, "ended": endpoint.ended, "n": curve.n}
        if weight(curve.n) is Weight.COUNTS:
            label = _("%(unit)s %(ended)s within 72 h, of %(n)s") % told
            return Number(str(curve.followed_at(72).gone), label, url)
        share = curve.share_gone(72)
        label = _("of %(unit)s %(ended)s within 72 h, n=%(n)s") % told
        return Number(words.percent(share.value if share else None), label, url)

    @kept
    def _back(self) -> Number:
        k, n = queries.came_back(self.filters, self.as_of)
        url = figures.marks(self.filters.of(endpoint=Endpoint.GONE), State.BACK)
        if weight(n) is Weight.COUNTS:
            return Number(str(k), _("back again, of %(n)s gone") % {"n": n}, url)
        return Number(words.percent(k / n), _("came back so far, of %(n)s gone") % {"n": n}, url)

    def late_notices(self, user: User) -> Sequence[Notice]:
        """The latest first, of those that this person may open."""
        chosen, count = self._late
        if count and reach(user, "notice.view") != "all":
            mine = queries.overdue(self.filters, self.at) & Notice.objects.visible_to(user)
            chosen, _count = queries.longest_overdue(mine, LATE_SHOWN)
        if not chosen:
            return []
        shown = Notice.objects.filter(pk__in=chosen).with_next_clock()
        return list(shown.select_related("platform", "taken_by").order_by(F("due_at"), "id"))


def _speed(group: Group) -> tuple[float, float]:
    """By the median, and what never reached one by how much still waits."""
    median = group.curve.median
    return (float("inf") if median is None else median, group.curve.left)


def _late_words(late: int) -> str:
    return ngettext("notice past its deadline", "notices past their deadline", late)
