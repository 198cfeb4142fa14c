"""What is said after an action, and the offer to undo it."""

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

_UNDO = "undo:"


def offer_undo(request: HttpRequest, sentence: str, url: str) -> None:
    """Say what was done (codes, no names), with a button that posts to `url` to take it back."""
    messages.success(request, sentence, extra_tags=f"{_UNDO}{url}")


def undo_url(message: Message) -> str:
    """Return where this message's undo button posts to, or "" when it offers none."""
    tag = message.extra_tags or ""
    url = tag.removeprefix(_UNDO) if tag.startswith(_UNDO) else ""
    return url if url_has_allowed_host_and_scheme(url, allowed_hosts=None) else ""
