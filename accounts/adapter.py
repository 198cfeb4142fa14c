from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import TemplateDoesNotExist
from django.utils.translation import gettext_lazy

from accounts import carried
from accounts.models import Organisation, User

NOT_MAILED = gettext_lazy(
    "The mail server does not answer, so no mail was sent. Try again later, or ask your"
    " administrator."
)


class InvitationOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up; what a person had typed before the session ended survives the sign-in."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": gettext_lazy("This seat is closed. Ask your administrator."),
        "email_password_mismatch": gettext_lazy("That did not match."),
        "incorrect_code": gettext_lazy("That code did not match."),
        "incorrect_password": gettext_lazy("That did not match."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        carried.keep(request)
        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return answer

    def get_from_email(self) -> str:
        """The address that the mail server lets the organisation write from."""
        organisation = Organisation.current()
        return organisation.role_mailbox if organisation else settings.DEFAULT_FROM_EMAIL

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Say it when no mail server answers, alike for addresses that have a seat or none."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:
            messages.error(self.request, NOT_MAILED)

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Leave out allauth's "signed in as": it would print a name on every first page."""
        template = kwargs.get("message_template") or (args[0] if args else "")
        if level == messages.SUCCESS and "logged_in" in str(template):
            return
        try:
            super().add_message(request, level, *args, **kwargs)
        except TemplateDoesNotExist:
            return
