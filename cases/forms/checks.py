"""Forms about looks: how often the checker looks at a platform."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.checker.switching import LONGEST, SHORTEST
from core.forms import BaseForm


class IntervalForm(BaseForm):
    hours = forms.IntegerField(
        label=_("Hours between two looks"), min_value=SHORTEST, max_value=LONGEST
    )
