from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitationOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up: seats are offered by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
