from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import codes
from core.deadlines import end_of_day
from core.forms import BaseForm
from notices import answers
from notices.answers import Answer
from notices.forms.chasing import last_day
from notices.models import Message
from notices.replies import proposing
from notices.states import Via

WITH_NUMBER = {"ack_auto": "ticket_assigned"}


class PasteForm(BaseForm):
    """The one box: what they said, wherever it was said."""

    text = forms.CharField(
        label=gettext_lazy("What do they say?"),
        help_text=gettext_lazy(
            "Paste the text, the lines above it too. Or write down what was said. Pictures are"
            " never kept."
        ),
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    via = forms.ChoiceField(label=gettext_lazy("How did it come?"), choices=Via.choices)


class ReplyForm(PasteForm):
    """The same with what was found in it, for a person to confirm."""

    received_at = forms.DateTimeField(
        label=gettext_lazy("When did it arrive?"),
        help_text=gettext_lazy("For example 2026-11-21 14:02."),
        widget=forms.DateTimeInput(attrs={"class": "input-medium"}, format="%Y-%m-%d %H:%M"),
        input_formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S"],
    )
    sender = forms.CharField(label=gettext_lazy("From whom?"), max_length=254, required=False)
    code = forms.CharField(
        label=gettext_lazy("Which notice does it answer?"),
        help_text=gettext_lazy("For example K7Q4-2M-1. Leave it empty if you do not know."),
        max_length=12,
        required=False,
    )
    ticket = forms.CharField(
        label=gettext_lazy("Their number, if they gave one"), max_length=80, required=False
    )
    answer = forms.CharField(max_length=40, required=False)
    form = forms.CharField(
        initial=codes.new_token, widget=forms.HiddenInput, max_length=32, required=False
    )

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip().upper()


class FilingForm(BaseForm):
    """What the answer is: one of the closed list, and what its kind asks for."""

    answer = forms.ChoiceField(label=gettext_lazy("What kind of answer is it?"))
    is_automatic = forms.BooleanField(label=gettext_lazy("A machine wrote it"), required=False)
    about = forms.MultipleChoiceField(
        label=gettext_lazy("Which links is it about?"),
        help_text=gettext_lazy("Tick none for all of them."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    ticket = forms.CharField(
        label=gettext_lazy("Their number, if they gave one"), max_length=80, required=False
    )
    wait_until = forms.DateField(
        label=gettext_lazy("Until which day do they ask us to wait, if they do?"),
        help_text=gettext_lazy("For example 2026-11-28. No reminder leaves before."),
        widget=forms.DateInput(attrs={"class": "input-medium"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        required=False,
    )
    asked_for = forms.CharField(
        label=gettext_lazy("What do they ask for, if anything?"), max_length=200, required=False
    )

    def __init__(self, *args: Any, message: Message, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _read(message))
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = [  # type: ignore[attr-defined]
            (one.code, one.label) for one in answers.answers().values()
        ]
        self.fields["about"].choices = _links(message)  # type: ignore[attr-defined]

    def clean_answer(self) -> Answer:
        known = answers.answers().get(self.cleaned_data["answer"])
        if known is None:
            raise ValidationError(_("Choose one of the answers shown."))
        return known

    def filing(self) -> dict[str, Any]:
        """Return what the verb needs. A receipt that names a number is one with a number."""
        data = self.cleaned_data
        code = data["answer"].code
        return {
            "code": WITH_NUMBER.get(code, code) if data["ticket"] else code,
            "is_automatic": data["is_automatic"],
            "about": [UUID(pk) for pk in data["about"]],
            "details": {name: data[name] for name in ("ticket", "asked_for") if data[name]}
            | self._estimate(),
        }

    def _estimate(self) -> dict[str, str]:
        """Return the end of the day in the reader's zone; "" where a day that was read is out."""
        day = self.cleaned_data["wait_until"]
        if day is None:
            is_out = "wait_until" in self.data and self.initial["wait_until"] is not None
            return {"estimate_until": ""} if is_out else {}
        return {"estimate_until": end_of_day(day, timezone.get_current_timezone()).isoformat()}


class MatchForm(BaseForm):
    code = forms.CharField(
        label=gettext_lazy("Which notice does it answer?"),
        help_text=gettext_lazy("Its code, the code of the case, or the platform's number for it."),
        max_length=80,
    )


def _read(message: Message) -> dict[str, Any]:
    """Return what the machine found, for the fields that a person would fill in."""
    until = proposing.wait_until_read(message)
    return {**proposing.details_read(message), "wait_until": last_day(until) if until else None}


def _links(message: Message) -> list[tuple[str, str]]:
    if message.notice is None:
        return []
    outcomes = message.notice.outcomes.select_related("link").order_by("link__number")
    words = gettext_lazy("Link %(n)d")
    return [(str(o.pk), str(words) % {"n": o.link.number}) for o in outcomes if o.link]
