"""What a figure is about: the endpoint, the clock, and which rows of the history."""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from insights.endpoints import Endpoint


class Clock(TextChoices):
    SENT = "sent", _("from sending")
    ACKNOWLEDGED = "acknowledged", _("from the receipt")


class State(TextChoices):
    """Where a row stands at a given hour after its clock began."""

    WAITING = "waiting", _("still waiting")
    ENDED = "ended", _("ended")
    STOPPED = "stopped", _("no longer followed")
    BACK = "back", _("back again")


@dataclass(frozen=True, slots=True)
class Filters:
    """`since` and `until` are days of `zone`, both included; keys are those of the catalogue."""

    endpoint: Endpoint = Endpoint.GONE
    clock: Clock = Clock.SENT
    platform: str = ""
    ground: str = ""
    channel: str = ""
    since: date | None = None
    until: date | None = None
    zone: tzinfo = UTC

    @property
    def begins_at(self) -> datetime | None:
        return self._midnight(self.since) if self.since else None

    @property
    def ends_before(self) -> datetime | None:
        """The midnight after the last day; the last day that there is has none."""
        if self.until is None or self.until == date.max:
            return None
        return self._midnight(self.until + timedelta(days=1))

    def _midnight(self, day: date) -> datetime:
        # At either end of the calendar a zone's offset would lead out of it.
        edge = day.year in (date.min.year, date.max.year)
        return datetime.combine(day, time.min, UTC if edge else self.zone)

    def of(self, **changes: object) -> "Filters":
        return replace(self, **changes)  # type: ignore[arg-type]

    def query(self, **more: object) -> str:
        """The part of an address that brings these filters back, defaults left out."""
        usual = asdict(Filters())
        own = {name: value for name, value in asdict(self).items() if name != "zone"}
        changed = {name: value for name, value in own.items() if value != usual[name]}
        return urlencode({name: str(value) for name, value in (changed | more).items() if value})
