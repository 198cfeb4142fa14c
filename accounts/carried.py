"""What somebody was posting when the session had ended, carried through the sign-in page.

It travels encrypted in that page, opens for the same person within a quarter of an hour, and is
never stored for a stranger.
"""

import base64
import binascii
import json
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest

from core import clock, crypto

LASTS = timedelta(minutes=15)
BOUND = "accounts.carried"
LEFT_OUT = {"csrfmiddlewaretoken", "carried", "login"}


@dataclass(frozen=True)
class Carried:
    """`fields`: name and value in the order of the form."""

    user_id: str
    path: str
    at: datetime
    fields: list[tuple[str, str]]


def seal(request: HttpRequest, user_id: str) -> str:
    """Return the posted fields of `request`, sealed for `user_id` ("" = not known)."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in LEFT_OUT and "password" not in name
        for value in values
    ]
    content = [user_id, request.get_full_path(), clock.now().isoformat(), fields]
    ring = crypto.ring()
    packed = zlib.compress(json.dumps(content).encode())
    return base64.urlsafe_b64encode(crypto.seal(ring.keys[ring.current], packed, BOUND)).decode()


def unseal(text: str, user_id: str) -> Carried | None:
    """Open what `seal` made; None when it is too old, not this person's, or not ours."""
    ring = crypto.ring()
    try:
        packed = crypto.unseal(ring.keys[ring.current], base64.urlsafe_b64decode(text), BOUND)
    except (crypto.Unreadable, binascii.Error, ValueError):
        return None
    owner, path, at, fields = json.loads(zlib.decompress(packed))
    found = Carried(owner, path, datetime.fromisoformat(at), [(n, v) for n, v in fields])
    too_old = clock.now() - found.at > LASTS
    return None if too_old or owner not in {"", user_id} else found


def keep(request: HttpRequest) -> None:
    """Put the sealed text of the sign-in page into the session of whoever just signed in."""
    text = request.POST.get("carried", "")
    if text:
        request.session["carried"] = text


def take(request: HttpRequest) -> Carried | None:
    text = request.session.get("carried", "")
    return unseal(text, str(request.user.pk)) if text else None
