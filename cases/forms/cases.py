"""Forms about a case as a whole."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.access import RIGHTS
from accounts.models import User
from cases.intake import QUESTIONS
from cases.states import CloseReason, YesNo
from core.forms import BaseForm


class CloseForm(BaseForm):
    reason = forms.ChoiceField(
        label=_("Why is it closed?"), choices=CloseReason.choices, widget=forms.RadioSelect
    )


class AssignForm(BaseForm):
    to = forms.ModelChoiceField(
        label=_("Who keeps the case from now on?"), queryset=User.objects.none()
    )
    note = forms.CharField(
        label=_("What should the next person know?"),
        help_text=_("One line is enough."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True, role__in=list(RIGHTS["case.edit"]))
        self.fields["to"].queryset = people.order_by("name")  # type: ignore[attr-defined]


class Under18Form(BaseForm):
    inline_choices = True

    under_18 = forms.ChoiceField(
        label=QUESTIONS["under_18"],
        choices=((YesNo.NO, _("No")), (YesNo.YES, _("Yes")), (YesNo.UNSURE, _("Unsure"))),
        widget=forms.RadioSelect,
    )


class TaskForm(BaseForm):
    what = forms.CharField(label=_("What has to be done?"), max_length=200)
    calls = forms.BooleanField(label=_("It is a call to the person"), required=False)
    due_on = forms.DateField(
        label=_("Not before"),
        help_text=_("Empty: now."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
