"""What an author chooses for a notice; everything else is filled from what is known."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import defang
from core.forms import BaseForm
from notices import drafting
from notices.drafting import phrases, saying
from notices.drafting.facts import Facts
from notices.facts import Content
from notices.forms import choices
from notices.law.addressees import LOOKED_UP
from notices.models import Notice
from notices.states import Tone
from platforms.models import Channel

MOST_FACTS = 2


class SharedFactsForm(BaseForm):
    """What holds for every notice of a plan: asked once."""

    inline_choices = True

    material = forms.ChoiceField(
        label=gettext_lazy("What is it?"), choices=choices.MATERIAL, required=False
    )
    pictures = forms.ChoiceField(
        label=gettext_lazy("Photo or video?"), choices=choices.MEDIA, required=False
    )
    identifiable_by = forms.MultipleChoiceField(
        label=gettext_lazy("How can the person be recognised?"),
        help_text=gettext_lazy("Without describing the image."),
        choices=choices.IDENTIFIABLE_BY,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    context = forms.MultipleChoiceField(
        label=gettext_lazy("Which facts show that there was no consent?"),
        help_text=gettext_lazy("One or two. The notice states them word for word."),
        choices=choices.context_facts,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    context_free = forms.CharField(
        label=gettext_lazy("The other fact, if you ticked it"),
        help_text=gettext_lazy("Facts only; no names, no description of the image."),
        max_length=60,
        required=False,
    )

    def clean_context(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["context"]
        if len(chosen) > MOST_FACTS:
            raise ValidationError(_("At most two facts: a notice tells no story."))
        return chosen

    def content(self) -> Content:
        data = self.cleaned_data
        return {
            "material": data.get("material") or "ncii_authentic",
            "media": data.get("pictures") or "photo",
            "identifiable_by": data.get("identifiable_by") or [],
            "context": data.get("context") or [],
            "context_free": data.get("context_free") or "",
        }


class ComposerForm(SharedFactsForm):
    """The facts of one notice, with what its ground and channel ask besides."""

    links = forms.MultipleChoiceField(
        label=gettext_lazy("Which links is it about?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    ticks = forms.MultipleChoiceField(
        label=gettext_lazy("What do you confirm?"),
        help_text=gettext_lazy("Tick only what you know to be true. Some stand in the letter."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    opted_in = forms.BooleanField(
        label=gettext_lazy(
            "This notice may be passed to the uploader or published, with our signer's name and"
            " address. I chose this ground knowing that."
        ),
        required=False,
    )
    work_kind = forms.ChoiceField(
        label=gettext_lazy("Which work is it?"), choices=choices.WORKS, required=False
    )
    work_made_on = forms.DateField(
        label=gettext_lazy("When was it made?"),
        help_text=gettext_lazy("For example 2024-05-03. Leave it empty if nobody knows."),
        required=False,
    )
    work_precision = forms.ChoiceField(
        label=gettext_lazy("How exactly is that known?"), choices=choices.PRECISION, required=False
    )
    work_published = forms.BooleanField(
        label=gettext_lazy("The person had published it before"), required=False
    )
    work_several = forms.BooleanField(
        label=gettext_lazy("It is about several pictures or videos"), required=False
    )
    channel = forms.ChoiceField(label=gettext_lazy("How does it reach them?"), required=False)
    address = forms.EmailField(
        label=gettext_lazy("To which address?"),
        help_text=gettext_lazy("Look it up for this link, and check it twice."),
        required=False,
    )
    language = forms.ChoiceField(label=gettext_lazy("In which language?"), required=False)
    tone = forms.ChoiceField(
        label=gettext_lazy("How firmly?"), choices=Tone.choices, required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, notice: Notice, facts: Facts, links: Iterable[Any],
        channels: Iterable[Channel], **kwargs: Any,
    ) -> None:  # fmt: skip
        kwargs.setdefault("initial", initial_of(notice, facts))
        super().__init__(*args, **kwargs)
        self._choose_from(notice, facts, links, channels)
        self._leave_out(facts)

    def _choose_from(
        self, notice: Notice, facts: Facts, links: Iterable[Any], channels: Iterable[Channel]
    ) -> None:
        _choices(self, "links", [(str(link.pk), link_words(link)) for link in links])
        _choices(self, "ticks", list(ticks_of(facts)))
        _choices(self, "channel", [(c.key, channel_words(c)) for c in channels])
        _choices(self, "language", languages())

    def _leave_out(self, facts: Facts) -> None:
        """Drop what this ground does not ask; what was typed for another ground stays stored."""
        if not facts.is_copyright:
            for name in ("kind", "made_on", "precision", "published", "several"):
                del self.fields[f"work_{name}"]
        if facts.ground.default_enabled:
            del self.fields["opted_in"]
        if facts.ground.element("context_facts") is None and not _uses_context(facts):
            del self.fields["context"], self.fields["context_free"]
        if not self.fields["ticks"].choices:  # type: ignore[attr-defined]
            del self.fields["ticks"]
        if len(self.fields["language"].choices) < 2:  # type: ignore[attr-defined]
            del self.fields["language"]
        if facts.channel is None or facts.channel.address != LOOKED_UP:
            del self.fields["address"]

    def clean_context(self) -> list[str]:
        return super().clean_context() if "context" in self.fields else []

    def changed_content(self, stored: Content) -> Content:
        """Return the stored choices with those of this form laid over them."""
        data = self.cleaned_data
        given = {name: data[name] for name in CONTENT_FIELDS if name in data}
        given["media"] = data.get("pictures") or "photo"
        content: Content = {**stored, **given}  # type: ignore[typeddict-item]
        if "ticks" in data:
            shown = {code for code, _words in self.fields["ticks"].choices}  # type: ignore[attr-defined]
            others = [tick for tick in stored.get("ticks", []) if tick not in shown]
            content["ticks"] = sorted({*others, *data["ticks"]})
        if "work_kind" in data:
            content["work"] = _work(data)
        return content


CONTENT_FIELDS = (
    "material", "identifiable_by", "context", "context_free", "opted_in",
)  # fmt: skip


class ReasonForm(BaseForm):
    """Why a recommended part is left out."""

    key = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Leave out because"), required=False)


def shared_initial(content: Content) -> dict[str, Any]:
    return {**content, "pictures": content.get("media", "photo")}


def initial_of(notice: Notice, facts: Facts) -> dict[str, Any]:
    work = notice.content.get("work") or {}
    return {
        **notice.content,
        "material": facts.material,
        "pictures": facts.media,
        "context": list(facts.context),
        "context_free": facts.context_free,
        "links": [str(pk) for pk in notice.outcomes.values_list("link_id", flat=True)],
        "work_kind": work.get("kind", ""),
        "work_made_on": work.get("made_on"),
        "work_precision": work.get("precision", "day"),
        "work_published": not work.get("unpublished", True),
        "work_several": work.get("several", False),
        "channel": notice.channel.key if notice.channel else "",
        "address": notice.address,
        "language": notice.language,
        "tone": notice.tone,
        "version": notice.version,
    }


def ticks_of(facts: Facts) -> Iterable[tuple[str, str]]:
    """Yield the statements that a person makes by a tick, and what she confirms unprinted."""
    for one in saying.statements_of(facts):
        if saying.must_be_ticked(one, facts):
            yield one.id, one.text
    rows = {row.key: row.words for row in drafting.checklist(facts) if row.group == "tick"}
    for tick in facts.ground.ticks:
        yield tick.key, rows.get(tick.key, tick.key)


def languages() -> list[tuple[str, str]]:
    names = {"en": "English", "fr": "Français", "nl": "Nederlands", "it": "Italiano",
             "de": "Deutsch", "es": "Español"}  # fmt: skip
    return [(code, names.get(code, code)) for code in drafting.languages()]


def link_words(link: Any) -> str:
    words = defang.shortened(defang.defanged(link.location), 70)
    return f"{link.number}. {words}"


def channel_words(channel: Channel) -> str:
    to = "" if channel.is_to_be_confirmed() else channel.current_address()
    shown = to or _("address to be confirmed by a coordinator")
    words = f"{channel.get_medium_display()}: {defang.shortened(defang.defanged(shown), 60)}"
    known = [one for one in channel.open_troubles() if one.address == to]
    return f"{words} ({known[0].get_kind_display()})" if known else words


def _choices(form: forms.Form, name: str, given: list[tuple[str, str]]) -> None:
    form.fields[name].choices = given  # type: ignore[attr-defined]


def _uses_context(facts: Facts) -> bool:
    plan = phrases.plan_of(facts.ground_id, facts.language)
    return any("context" in section["parts"] for section in plan["sections"])


def _work(data: dict[str, Any]) -> dict[str, Any]:
    made_on = data.get("work_made_on")
    return {
        "kind": data["work_kind"],
        "made_on": made_on.isoformat() if made_on else None,
        "precision": data.get("work_precision") or "day",
        "unpublished": not data.get("work_published"),
        "several": bool(data.get("work_several")),
    }
