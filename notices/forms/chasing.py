from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.deadlines import end_of_day
from core.forms import BaseForm
from notices.states import Via


def last_day(until: datetime) -> date:
    """Return the last whole day before `until` where the reader is: what `end_of_day` was given."""
    return timezone.localtime(until - timedelta(seconds=1)).date()


class EstimateForm(BaseForm):
    """Until when a platform asks us to wait."""

    until = forms.DateField(
        label=_("They ask us to wait until"),
        help_text=_("No reminder leaves before the end of this day. A law does not wait."),
        widget=forms.DateInput(attrs={"type": "date", "class": "input-medium"}, format="%Y-%m-%d"),
        required=False,
    )

    def moment(self, zone: ZoneInfo) -> datetime | None:
        """Return the end of that day where the reader is, or None when nothing was given."""
        day = self.cleaned_data["until"]
        return end_of_day(day, zone) if day else None


class AnsweredForm(BaseForm):
    """That we answered their question outside this system."""

    via = forms.ChoiceField(label=_("How did you answer?"), choices=Via.choices)
    text = forms.CharField(
        label=_("What did you answer?"),
        help_text=_("One line. Nothing that names the person."),
        max_length=300,
        required=False,
    )


class ByHandForm(BaseForm):
    """When a person put the reminder into the platform's form."""

    sent_at = forms.DateTimeField(
        label=_("When did you submit it?"),
        help_text=_("The next reminder counts from this moment."),
        widget=forms.DateTimeInput(attrs={"class": "input-medium"}, format="%Y-%m-%d %H:%M"),
        input_formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S"],
    )
