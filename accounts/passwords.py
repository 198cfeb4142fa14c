import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Organisation, User


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
