import re
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import Organisation, User


def tried_address(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """Return the address that a sign-in was tried with, for the count of wrong tries."""
    given = (credentials or {}).get("email") or (credentials or {}).get("username")
    typed = request.POST.get("login", "") if request is not None else ""
    return str(given or typed).strip().lower()


class OrganisationWordsValidator:
    """Refuse passwords built from words that everybody around the organisation would try."""

    def validate(self, password: str, user: User | None = None) -> None:
        organisation = Organisation.current()
        name = organisation.name if organisation else ""
        for word in {*re.findall(r"\w{4,}", name.casefold()), "recourse"}:
            if word in password.casefold() and len(password) < len(word) + 10:
                raise ValidationError(self.get_help_text(), code="organisation_word")

    def get_help_text(self) -> str:
        return str(_("Do not build the password around the organisation's name."))
