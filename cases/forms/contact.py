"""What is safe, and who she is. Values that are kept already are never written into the page."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import contact
from core.forms import BaseForm

STATES = (("safe", _("Safe")), ("unsafe", _("Not safe")), ("", _("Not asked")))
BLOCKS = 24 // contact.BLOCK_HOURS
PRONOUNS = (("they", _("they")), ("she", _("she")), ("he", _("he")))
ZONES = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc"))


class SafeContactForm(BaseForm):
    inline_choices = True

    who_starts = forms.ChoiceField(
        label=_("Who makes the first step?"),
        choices=(("person", _("The person contacts us")), ("us", _("We may contact the person")),
                 ("", _("Not asked"))),
        required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    never = forms.MultipleChoiceField(
        label=_("What must never happen?"),
        choices=tuple(contact.NEVER.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    grid = forms.MultipleChoiceField(
        choices=[(f"{day}-{block}",) * 2 for day in range(7) for block in range(BLOCKS)],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    zone = forms.ChoiceField(
        label=_("In which time zone are these hours?"),
        choices=[("UTC", "UTC"), *((name, name.replace("_", " ")) for name in ZONES)],
        required=False,
    )
    quick = forms.CharField(
        label=_("Anything else about when and how?"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    voicemail_ok = forms.ChoiceField(
        label=_("May we leave a voice message?"), choices=STATES, required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    may_say_org_name = forms.ChoiceField(
        label=_("May we say the name of the organisation?"), choices=STATES, required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    partner_has_access = forms.MultipleChoiceField(
        label=_("Can somebody else read along?"),
        choices=(("phone", _("On the phone")), ("email", _("In the e-mail"))),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    code_word = forms.CharField(
        label=_("Is there a code word?"),
        help_text=_("Say it first, so that the person knows it is us."),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, label in contact.CHANNELS.items():
            self.fields[f"channel_{key}"] = forms.ChoiceField(
                label=label, choices=STATES, required=False, widget=forms.RadioSelect
            )

    def channels(self) -> list[forms.BoundField]:
        return [self[f"channel_{key}"] for key in contact.CHANNELS]

    def safe(self) -> dict[str, Any]:
        """Return the cleaned answers in the shape that a person's `safe` has."""
        said = self.cleaned_data
        grid: dict[str, list[int]] = {}
        for value in said["grid"]:
            day, block = value.split("-")
            grid.setdefault(day, []).append(int(block))
        plain = ("who_starts", "zone", "quick", "voicemail_ok", "may_say_org_name", "code_word")
        return {
            **{name: said[name] for name in plain if said[name]},
            "never": said["never"],
            "partner_has_access": said["partner_has_access"],
            "grid": grid,
            "channels": {
                key: said[f"channel_{key}"] for key in contact.CHANNELS if said[f"channel_{key}"]
            },
        }


def initial(safe: dict[str, Any], zone: str) -> dict[str, Any]:
    ticks = [f"{day}-{block}" for day, blocks in safe.get("grid", {}).items() for block in blocks]
    channels = {f"channel_{key}": state for key, state in safe.get("channels", {}).items()}
    return {"zone": zone, **safe, "grid": ticks, **channels}


class PersonForm(BaseForm):
    """Name and contact. An empty field keeps what is there; a tick removes it."""

    VALUES = ("legal_name", "phone", "email", "postal", "other")

    alias = forms.CharField(label=_("What do we call the person?"), max_length=40)
    pronoun = forms.ChoiceField(label=_("Which word do we use?"), choices=PRONOUNS)
    legal_name = forms.CharField(label=_("Legal name"), required=False, max_length=200)
    phone = forms.CharField(label=_("Phone number"), required=False, max_length=60)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    postal = forms.CharField(
        label=_("Postal address"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    other = forms.CharField(
        label=_("Another way"), help_text=_("For example a user name."), required=False
    )
    remove = forms.MultipleChoiceField(
        label=_("Remove what is kept"),
        choices=(("legal_name", _("Legal name")), ("phone", _("Phone number")),
                 ("email", _("E-mail address")), ("postal", _("Postal address")),
                 ("other", _("Another way"))),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, known: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.VALUES:
            self.fields[name].widget.attrs["autocomplete"] = "off"
            if name in known:
                self.fields[name].help_text = _("Kept already. Write here only to change it.")
        kept = [choice for choice in self.fields["remove"].choices if choice[0] in known]  # type: ignore[attr-defined]
        self.fields["remove"].choices = kept  # type: ignore[attr-defined]
