from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import TemplateDoesNotExist

from accounts import carried
from accounts.models import User


class InvitationOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up; what a person had typed before the session ended survives the sign-in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        carried.keep(request)
        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return answer

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Leave out allauth's "signed in as": it would print a name on every first page."""
        template = kwargs.get("message_template") or (args[0] if args else "")
        if level == messages.SUCCESS and "logged_in" in str(template):
            return
        try:
            super().add_message(request, level, *args, **kwargs)
        except TemplateDoesNotExist:
            return
