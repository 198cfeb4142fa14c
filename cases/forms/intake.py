"""The form of a report. Page order follows a call; nothing in it is required by itself."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from cases import intake, pasting
from cases.countries import COUNTRIES, LANGUAGES
from cases.states import ContentKind, Want, YesNo
from core.errors import RuleBroken
from core.forms import BaseForm

YES_NO = ((YesNo.NO, _("No")), (YesNo.YES, _("Yes")), (YesNo.NOT_ASKED, _("Not asked")))
YES_NO_UNSURE = (
    (YesNo.NO, _("No")),
    (YesNo.YES, _("Yes")),
    (YesNo.UNSURE, _("Unsure")),
    (YesNo.NOT_ASKED, _("Not asked")),
)
KNOWS = (
    (YesNo.YES, _("Yes")),
    (YesNo.NO, _("No")),
    ("unwilling", _("Prefers not to say")),
    (YesNo.NOT_ASKED, _("Not asked")),
)
NO_ANSWER = (("", _("Not asked")),)


def _radio(name: str, choices: Any, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=more.pop("label", intake.QUESTIONS.get(name)),
        choices=choices,
        required=False,
        widget=forms.RadioSelect,
        initial="",
        **more,
    )


class Question(NamedTuple):
    """A question of the second block with its chip."""

    field: BoundField
    name: str
    is_later: bool


class IntakeForm(BaseForm):
    inline_choices = True

    safe_now = _radio(
        "safe_now",
        ((YesNo.YES, _("Yes")), (YesNo.NO, _("No")), ("", _("Not asked"))),
        label=_("Is it safe to talk at the moment?"),
    )
    alias = forms.CharField(
        label=_("What shall we call you?"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    safe_contact = forms.CharField(
        label=_("How may we reach you, and when?"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    links_text = forms.CharField(
        label=_("Where is it?"),
        help_text=_("Paste or type links, one per line. Anything is fine."),
        required=False,
        max_length=pasting.MAX_BYTES,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("What happened?"),
        help_text=_("Facts only. Do not describe the images."),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
    under_18 = _radio("under_18", YES_NO_UNSURE)
    threat = _radio("threat", YES_NO)
    danger = _radio("danger", YES_NO)
    knows_who = _radio("knows_who", KNOWS)
    content_kind = forms.MultipleChoiceField(
        label=intake.QUESTIONS["content_kind"],
        choices=ContentKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    self_taken = _radio("self_taken", YES_NO_UNSURE)
    country = forms.ChoiceField(
        label=intake.QUESTIONS["country"], choices=(*NO_ANSWER, *COUNTRIES), required=False
    )
    language = forms.ChoiceField(
        label=intake.QUESTIONS["language"], choices=(*NO_ANSWER, *LANGUAGES), required=False
    )
    wants = forms.MultipleChoiceField(
        label=intake.QUESTIONS["wants"],
        choices=Want.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    first_seen = forms.CharField(
        label=intake.QUESTIONS["first_seen"],
        help_text=_("A day, or words such as “about a week ago”."),
        required=False,
        max_length=120,
    )
    contacted = _radio("contacted", YES_NO)
    contacted_what = forms.CharField(
        label=_("What did you write, and what happened?"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reporter_name = forms.CharField(label=_("Name of the caller"), required=False, max_length=120)
    reporter_relation = forms.CharField(
        label=_("Who is the caller to the person?"),
        help_text=_("For example sister, teacher, lawyer."),
        required=False,
        max_length=120,
    )
    reporter_contact = forms.CharField(
        label=_("How may we reach the caller?"), required=False, max_length=200
    )
    later = forms.MultipleChoiceField(
        choices=tuple(intake.QUESTIONS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    TEXTS = (
        "alias", "safe_contact", "links_text", "note", "first_seen", "contacted_what",
        "reporter_name", "reporter_relation", "reporter_contact",
    )  # fmt: skip

    def questions(self) -> Iterator[Question]:
        later = self["later"].value() or []
        for name in intake.QUESTIONS:
            yield Question(self[name], name, name in later)

    def clean_links_text(self) -> str:
        text = str(self.cleaned_data["links_text"])
        try:
            pasting.rows_of(text)
        except RuleBroken as no:
            raise forms.ValidationError(no.sentence) from no
        return text

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        texts = [said.get(name) for name in ("alias", "links_text", "note")]
        missing = [name for name in ("alias", "links_text", "note") if name in self.errors]
        if not missing and not any(text and text.strip() for text in texts):
            raise forms.ValidationError(str(intake.NOTHING))
        return said


class AnswersForm(IntakeForm):
    """The questions that can be answered later; the first block is done."""

    NOT_HERE = (
        "safe_now", "alias", "safe_contact", "links_text", "note", "under_18", "later",
        "reporter_name", "reporter_relation", "reporter_contact",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.NOT_HERE:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data
