"""Seats are given out: by an invitation that names the role, and expires."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Invitation, Organisation, Team, User
from audit.chain import record
from core.errors import RuleBroken

LASTS = timedelta(days=7)


def invite(
    actor: User, email: str, name: str, role: str, team: Team, at: datetime
) -> tuple[Invitation, str]:
    """Offer a seat; return the invitation and the link's secret, which is kept nowhere."""
    email = email.strip().lower()
    if User.objects.filter(email__iexact=email).exists():
        raise RuleBroken(_("Somebody with this e-mail address has a seat already."))
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        Invitation.objects.filter(email__iexact=email, accepted_at=None, withdrawn_at=None).update(
            withdrawn_at=at
        )
        invitation = Invitation.objects.create(
            email=email,
            name=name,
            role=role,
            team=team,
            token_hash=hash_of(token),
            invited_by=actor,
            invited_at=at,
            expires_at=at + LASTS,
        )
        record("person.invited", actor, invitation, at=at, role=role)
    return invitation, token


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def link(token: str) -> str:
    return f"{settings.SITE_URL}{reverse('accounts:accept_invitation', args=[token])}"


def mail(invitation: Invitation, token: str, language: str) -> None:
    """Send the link by the submission server; raises OSError when it cannot be reached."""
    organisation = Organisation.current()
    with translation.override(language):
        body = _(
            "You are invited to %(site)s as %(role)s.\n\nOpen this link within seven days and "
            "choose a password:\n%(link)s\n"
        ) % {
            "site": settings.SITE_NAME,
            "role": str(invitation.get_role_display()).lower(),
            "link": link(token),
        }
        subject = _("Your seat")
    sender = organisation.role_mailbox if organisation else settings.DEFAULT_FROM_EMAIL
    EmailMessage(subject, body, sender, [invitation.email]).send()


def find_open(token: str, at: datetime) -> Invitation | None:
    invitation = Invitation.objects.filter(token_hash=hash_of(token)).first()
    return invitation if invitation and invitation.is_open(at) else None


def accept(invitation: Invitation, name: str, password: str, at: datetime) -> User:
    """Make the account; an invitation makes one account, also when it is posted twice."""
    try:
        return _accept(invitation, name, password, at)
    except IntegrityError as error:
        raise RuleBroken(_("This invitation was used already. Sign in instead.")) from error


def _accept(invitation: Invitation, name: str, password: str, at: datetime) -> User:
    with transaction.atomic():
        fresh = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
        if fresh.update(accepted_at=at) != 1:
            raise RuleBroken(_("This invitation was used already. Sign in instead."))
        organisation = Organisation.current()
        user = User.objects.create_user(
            invitation.email,
            password,
            name=name,
            role=invitation.role,
            team=invitation.team,
            zone=organisation.zone if organisation else "UTC",
            date_joined=at,
        )
        record("person.joined", user, user, at=at, role=user.role)
    return user


def withdraw(invitation: Invitation, actor: User, at: datetime) -> None:
    with transaction.atomic():
        open_one = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
        if open_one.update(withdrawn_at=at) != 1:
            raise RuleBroken(_("This invitation is not open any more."))
        record("person.invitation_withdrawn", actor, invitation, at=at)
