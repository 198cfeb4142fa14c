"""Forms about links: pasting, choosing what to add, one line inside the case page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import pasting, places
from cases.states import CheckResult
from core.errors import RuleBroken
from core.forms import BaseForm
from platforms.models import Platform

# A person is believed at once; "looks gone" is a machine's word.
BY_A_PERSON = [row for row in CheckResult.choices if row[0] != CheckResult.LOOKS_GONE]


class PasteForm(BaseForm):
    text = forms.CharField(
        label=_("Paste the links here"),
        help_text=_("Any text: links, @names, a chat, a table. At most 500 lines."),
        max_length=pasting.MAX_BYTES,
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 10, "spellcheck": "false", "autocomplete": "off", "autofocus": True}
        ),
    )

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if not text.strip():
            raise forms.ValidationError(_("Paste at least one link, or type a name with @."))
        try:
            self.rows = pasting.rows_of(text)
        except RuleBroken as no:
            raise forms.ValidationError(no.sentence) from no
        return text


class QuickAddForm(BaseForm):
    """One place, with the community it stands in and the material it shows."""

    text = forms.CharField(
        label=_("Link, @account or invitation"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        max_length=4096,
    )
    community = forms.CharField(
        label=_("Which group, channel or server?"),
        help_text=_("A known one, or a new name."),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"list": "community-names", "autocomplete": "off"}),
    )
    platform = forms.ModelChoiceField(
        label=_("On which platform?"),
        help_text=_("Needed for a new group only when the link does not say it."),
        queryset=Platform.objects.none(),
        required=False,
        to_field_name="key",
        empty_label=_("As the link says"),
    )
    material = forms.CharField(
        label=_("What do you call the material?"),
        help_text=_("A name such as “blue room video”. Never describe it."),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"list": "material-names", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["platform"].queryset = Platform.objects.filter(retired=False)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not said.get("text") and not said.get("community"):
            raise forms.ValidationError(_("Write a link, an account or the name of a group."))
        return said


class PlaceForm(BaseForm):
    """A place without a link, with the parts that its platform needs."""

    def __init__(self, platform_key: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in places.parts_of(platform_key):
            self.fields[part.name] = forms.CharField(
                label=part.label, required=False, max_length=300
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not any(said.values()):
            raise forms.ValidationError(_("Write at least one of these, so that it can be found."))
        return said


class LookForm(BaseForm):
    result = forms.ChoiceField(label=_("What did you see?"), choices=BY_A_PERSON)


class NoteForm(BaseForm):
    text = forms.CharField(
        label=_("Add a note"),
        help_text=_("Facts only. Do not describe the images."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
