from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import BaseForm
from platforms import edits
from platforms.models import LOOKED_UP, TO_BE_CONFIRMED, Channel, Medium


class ChannelEditForm(BaseForm):
    address = forms.CharField(label=gettext_lazy("Where does one write?"), max_length=300)
    email = forms.EmailField(label=gettext_lazy("E-mail beside it"), required=False, max_length=254)
    form = forms.CharField(label=gettext_lazy("Name or number of the form"), required=False)
    category = forms.CharField(label=gettext_lazy("What to choose in the form"), required=False)
    subject_line = forms.CharField(label=gettext_lazy("Subject line they ask for"), required=False)
    postal = forms.CharField(label=gettext_lazy("Postal address"), required=False)
    rule = forms.CharField(
        label=gettext_lazy("What to do or to expect"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Where and when did you see this?"),
        help_text=gettext_lazy("The person who confirms looks at the same place."),
        max_length=300,
    )

    def __init__(self, *args: Any, channel: Channel, **kwargs: Any) -> None:
        super().__init__(*args, initial=edits.standing(channel), **kwargs)
        self.channel = channel

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip()
        if address in (TO_BE_CONFIRMED, LOOKED_UP) and address == self.initial["address"]:
            return address
        if self.channel.medium in (Medium.WEB_FORM, Medium.PORTAL) and not _is_page(address):
            raise ValidationError(_("Write the address of a page that begins with https://."))
        if self.channel.medium == Medium.EMAIL:
            validate_email(address)
        return address

    @property
    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in edits.FIELDS}


def _is_page(address: str) -> bool:
    """An https page of a host, without a sign-in in front of it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and "." in parts.netloc and "@" not in parts.netloc
