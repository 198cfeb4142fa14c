"""Ending the mails that tell what waits, by a link that needs no session and does nothing else."""

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from accounts.models import Digest, User

SALT = "accounts.digest"


def link(user: User) -> str:
    token = Signer(salt=SALT).sign(str(user.pk))
    return f"{settings.SITE_URL}{reverse('accounts:stop_digest', args=[token])}"


def person_of(token: str) -> User | None:
    """Return whose link this is, or None where nobody of this house signed it."""
    try:
        user_id = UUID(Signer(salt=SALT).unsign(token))
    except (BadSignature, ValueError):
        return None
    return User.objects.filter(pk=user_id).first()


def stop(user: User) -> None:
    User.objects.filter(pk=user.pk).update(digest=Digest.NONE)
