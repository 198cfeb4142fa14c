"""Filters of the response-time pages: enumerations and days, so that an address can be kept."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import BaseForm
from insights.charts.frame import MONTH, QUARTER, WEEK
from insights.endpoints import Endpoint
from insights.filters import Clock, Filters, State
from notices.law import grounds
from platforms.models import Channel, Platform

SPANS = [(WEEK, gettext_lazy("7 days")), (MONTH, gettext_lazy("30 days"))]
SPANS += [(QUARTER, gettext_lazy("90 days"))]
LONGEST_HOURS = 24 * 365 * 20


class DayInput(forms.DateInput):
    input_type = "date"


class FiltersForm(BaseForm):
    endpoint = forms.ChoiceField(
        label=gettext_lazy("Time until"), choices=Endpoint.choices, required=False
    )
    clock = forms.ChoiceField(label=gettext_lazy("Counted"), choices=Clock.choices, required=False)
    platform = forms.ChoiceField(label=gettext_lazy("Platform"), required=False)
    ground = forms.ChoiceField(label=gettext_lazy("Ground"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), required=False)
    since = forms.DateField(
        label=gettext_lazy("Sent from"), required=False, widget=DayInput(format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=gettext_lazy("Sent up to"), required=False, widget=DayInput(format="%Y-%m-%d")
    )
    span = forms.ChoiceField(label=gettext_lazy("Show"), choices=SPANS, required=False)
    first = forms.ChoiceField(label=gettext_lazy("Compare"), required=False)
    second = forms.ChoiceField(label=gettext_lazy("with"), required=False)

    def __init__(self, data: Mapping[str, Any], *, zone: tzinfo, fixed: str = "") -> None:
        """`fixed` is the platform of a platform's own page, whatever the address says."""
        super().__init__(data)
        self.zone, self.fixed = zone, fixed
        platforms = list(Platform.objects.order_by("name").values_list("key", "name"))
        laws = [(ground.id, ground.name) for ground in grounds()]
        self._offer("platform", _("All platforms"), platforms)
        self._offer("ground", _("All grounds together"), laws)
        self._offer("channel", _("All channels"), self._channels(dict(platforms)))
        self._offer("first", _("Chosen for you"), platforms)
        self._offer("second", _("Chosen for you"), platforms)

    def _offer(self, name: str, none: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", none), *choices]  # type: ignore[attr-defined]

    def _channels(self, platforms: Mapping[str, str]) -> list[tuple[str, str]]:
        """Those of the chosen platform; of all platforms together they would mean nothing."""
        chosen = self.fixed or self.data.get("platform", "")
        if chosen not in platforms:
            self.fields["channel"].widget = forms.HiddenInput()
            return []
        keys = Channel.objects.filter(platform__key=chosen).values_list("key", flat=True)
        return [(key, key) for key in keys]

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        since, until = found.get("since"), found.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day lies before the first one. Choose a later day."))
        return found

    def filters(self) -> Filters:
        """What was understood; a filter with a mistake in it does not apply."""
        self.is_valid()
        found = self.cleaned_data
        return Filters(
            endpoint=Endpoint(found.get("endpoint") or Endpoint.GONE),
            clock=Clock(found.get("clock") or Clock.SENT),
            platform=self.fixed or found.get("platform", ""),
            ground=found.get("ground", ""),
            channel=found.get("channel", ""),
            since=found.get("since"),
            until=found.get("until"),
            zone=self.zone,
        )

    @property
    def span_hours(self) -> int:
        return int(self.cleaned_data.get("span") or WEEK)

    @property
    def compared(self) -> list[str]:
        names = (self.cleaned_data.get(name, "") for name in ("first", "second"))
        return [name for name in names if name]


class MarkForm(FiltersForm):
    """The same filters, with the state and the hour of the mark that was clicked."""

    state = forms.ChoiceField(required=False, choices=[("", ""), *State.choices])
    hours = forms.FloatField(required=False, min_value=0, max_value=LONGEST_HOURS)

    @property
    def state_at(self) -> tuple[State | None, float | None]:
        state = self.cleaned_data.get("state")
        return (State(state) if state else None, self.cleaned_data.get("hours"))
