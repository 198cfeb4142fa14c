"""What she agreed to: a row a purpose, each yes, no or not asked."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import agreeing
from cases.countries import LANGUAGES
from cases.models import Mandate
from cases.states import MandateField, MandateForm, Purpose
from core.forms import BaseForm

ANSWERS = (("yes", _("Yes")), ("no", _("No")), ("", _("Not asked")))


class AgreedForm(BaseForm):
    inline_choices = True

    fields_told = forms.MultipleChoiceField(
        label=_("What may be told about the person?"),
        help_text=_("Nothing ticked: nothing about the person leaves."),
        choices=MandateField.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    platforms = forms.MultipleChoiceField(
        label=_("To which platforms?"),
        help_text=_("None ticked: to any."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    form = forms.ChoiceField(
        label=_("How was it given?"), choices=MandateForm.choices, widget=forms.RadioSelect
    )
    given_on = forms.DateField(
        label=_("When was it given?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=_("Until when does it hold?"),
        help_text=_("Empty: until it is withdrawn."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    language = forms.ChoiceField(label=_("In which language was it explained?"), choices=LANGUAGES)
    kept_where = forms.CharField(
        label=_("Where is the paper kept?"),
        help_text=_("Only when it was given in writing. The paper itself is never stored here."),
        required=False,
    )

    def __init__(
        self, *args: Any, platforms: list[tuple[str, str]], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["platforms"].choices = platforms  # type: ignore[attr-defined]
        for value, label in Purpose.choices:
            self.fields[f"purpose_{value}"] = forms.ChoiceField(
                label=label, choices=ANSWERS, required=False, widget=forms.RadioSelect
            )

    def purposes(self) -> list[forms.BoundField]:
        return [self[f"purpose_{value}"] for value in Purpose.values]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        given_on, until = said.get("given_on"), said.get("until")
        if given_on and given_on > self.today:
            self.add_error("given_on", _("This day has not come yet."))
        if given_on and until and until < given_on:
            self.add_error("until", _("This is before the day on which it was given."))
        answered = any(said.get(f"purpose_{value}") for value in Purpose.values)
        if not answered and not self.errors:
            raise forms.ValidationError(_("Answer at least one of the questions with yes or no."))
        return said

    def agreed(self) -> agreeing.Agreed:
        said = self.cleaned_data
        return agreeing.Agreed(
            purposes=[value for value in Purpose.values if said[f"purpose_{value}"] == "yes"],
            refused=[value for value in Purpose.values if said[f"purpose_{value}"] == "no"],
            platforms=said["platforms"],
            fields=said["fields_told"],
            form=said["form"],
            given_on=said["given_on"],
            until=said["until"],
            language=said["language"],
            kept_where=said["kept_where"],
        )


def initial(standing: list[Mandate], today: date, language: str) -> dict[str, Any]:
    """Return today's answers, so that a change is a change and not a new beginning."""
    shown: dict[str, Any] = {
        "form": MandateForm.SPOKEN,
        "given_on": today,
        "language": language or "en",
    }
    for mandate in reversed(standing):
        shown |= {f"purpose_{value}": "yes" for value in mandate.purposes}
        shown |= {f"purpose_{value}": "no" for value in mandate.refused}
        shown |= {"fields_told": mandate.fields, "platforms": mandate.platforms}
        shown |= {"form": mandate.form, "kept_where": mandate.kept_where, "until": mandate.until}
    return shown
