"""Forms about people and the organisation: shapes and sentences only."""

import re
import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.hours import is_within
from accounts.models import Digest, Organisation, Security, Team, Theme, User
from accounts.roles import Role
from core.addresses import is_address
from core.forms import BaseForm, BaseModelForm

HOST = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9-]{1,63})*"
)
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def zones() -> list[tuple[str, str]]:
    return [(zone, zone.replace("_", " ")) for zone in sorted(zoneinfo.available_timezones())]


def _host(value: str) -> str:
    if value and not HOST.fullmatch(value):
        raise ValidationError(_("Write a host name, for example reply.organisation.example."))
    return value.lower()


def _plain_address(value: str) -> str:
    if not is_address(value):
        raise ValidationError(_("Write one plain e-mail address, in letters without accents."))
    return value


class HourField(forms.TypedChoiceField):
    """A full hour of the day."""

    def __init__(self, **kwargs: Any) -> None:
        hours = [(hour, f"{hour:02}:00") for hour in range(24)]
        super().__init__(choices=hours, coerce=int, **kwargs)


class PasswordMixin(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        help_text=_("At least 12 characters. A few words in a row are easy to keep."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password)
        return str(password)


class OrganisationForm(BaseModelForm):
    """What notices are signed with, where answers come in, and how mail leaves."""

    zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    submission_port = forms.IntegerField(
        label=_("Its port"), min_value=1, max_value=65_535, initial=587
    )
    submission_password = forms.CharField(
        label=_("Password of the mail server"),
        max_length=300,
        required=False,
        help_text=_("Kept encrypted. Leave empty to keep the present one."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = Organisation
        fields = [
            "name",
            "postal_address",
            "country",
            "phone",
            "signatory_name",
            "signatory_role",
            "role_mailbox",
            "archive_address",
            "reply_domain",
            "zone",
            "submission_host",
            "submission_port",
            "submission_security",
            "submission_username",
            "dmca_enabled",
        ]
        labels = {
            "name": _("What is the organisation called?"),
            "postal_address": _("What is its postal address?"),
            "country": _("In which country is it?"),
            "phone": _("Which phone number may platforms see?"),
            "signatory_name": _("Who signs the notices?"),
            "signatory_role": _("What is her or his role?"),
            "role_mailbox": _("From which address do notices come?"),
            "archive_address": _("To which address goes a copy of everything sent?"),
            "reply_domain": _("Under which domain do answers come in?"),
            "submission_host": _("Through which mail server does mail leave?"),
            "submission_security": _("How is the connection protected?"),
            "submission_username": _("User name there"),
            "dmca_enabled": _("Offer copyright notices (DMCA)"),
        }
        help_texts = {
            "country": _("Two letters, for example BE."),
            "signatory_role": _("For example case worker."),
            "archive_address": _("It proves what left, and nothing is sent twice thanks to it."),
            "reply_domain": _("Every notice gets an unguessable address of its own there."),
            "submission_host": _("Leave empty when the administrator sets it in SUBMISSION_URL."),
            "dmca_enabled": _("Such notices often show names to the uploader: off by default."),
        }
        widgets = {"postal_address": forms.Textarea(attrs={"rows": 3})}

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"]).upper()
        if not re.fullmatch(r"[A-Z]{2}", country):
            raise ValidationError(_("Write the two letters of the country, for example BE."))
        return country

    def clean_role_mailbox(self) -> str:
        return _plain_address(self.cleaned_data["role_mailbox"])

    def clean_archive_address(self) -> str:
        return _plain_address(self.cleaned_data["archive_address"])

    def clean_reply_domain(self) -> str:
        return _host(self.cleaned_data["reply_domain"])

    def clean_submission_host(self) -> str:
        return _host(self.cleaned_data["submission_host"])

    def clean_submission_password(self) -> str:
        return str(self.cleaned_data["submission_password"] or self.instance.submission_password)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        host = cleaned.get("submission_host") or ""
        if cleaned.get("submission_security") == Security.NONE and host not in {"", *LOOPBACK}:
            self.add_error(
                "submission_security",
                _("Without protection the mail server must be on this machine."),
            )
        if not host and not settings.SUBMISSION_URL and "submission_host" not in self.errors:
            self.add_error("submission_host", _("Name the server through which mail leaves."))
        return cleaned


class FirstAdministratorForm(PasswordMixin, BaseForm):
    admin_name = forms.CharField(label=_("Your name"), max_length=120)
    admin_email = forms.EmailField(
        label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    field_order = ["admin_name", "admin_email", "password"]


class InvitationForm(BaseForm):
    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=120)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.all())

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if not is_address(email):
            raise ValidationError(_("Write one e-mail address."))
        return email


class SeatForm(BaseModelForm):
    class Meta:
        model = User
        fields = ["role", "team"]


class TeamForm(BaseModelForm):
    class Meta:
        model = Team
        fields = ["name"]
        labels = {"name": _("Name of the new team")}


class AcceptForm(PasswordMixin, BaseForm):
    name = forms.CharField(
        label=_("What is your name?"),
        max_length=120,
        help_text=_("Your colleagues see it, platforms do not."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "password"]


class ProfileForm(BaseModelForm):
    zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    digest_hour = HourField(label=_("From which hour?"))
    quiet_from = HourField(label=_("From when do you want no mail?"))
    quiet_until = HourField(
        label=_("Until when?"), help_text=_("The same hour twice means that mail may always come.")
    )

    class Meta:
        model = User
        fields = [
            "name",
            "language",
            "zone",
            "theme",
            "single_keys",
            "opens_links",
            "digest",
            "digest_hour",
            "quiet_from",
            "quiet_until",
        ]
        labels = {
            "name": _("Name"),
            "theme": _("Light or dark"),
            "single_keys": _("Use single-letter keys, for example n for a new case"),
            "opens_links": _("I look at live pages, to see whether material is gone"),
            "digest": _("How often shall a mail tell you what waits for you?"),
        }
        help_texts = {
            "opens_links": _(
                "You may see distressing material. Nobody expects it of you, and nobody is told if"
                " you stop."
            ),
            "digest": _("It holds codes only, and comes only when something waits."),
        }
        widgets = {
            "theme": forms.RadioSelect(choices=Theme.choices),
            "digest": forms.RadioSelect(choices=Digest.choices),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        hours: list[Any] = [
            cleaned.get(name) for name in ("digest_hour", "quiet_from", "quiet_until")
        ]
        if None not in hours and is_within(*hours):
            self.add_error("digest_hour", _("Choose an hour outside the hours without mail."))
        return cleaned
