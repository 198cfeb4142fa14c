"""Changing who may do what. Every change is an audit entry."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Team, User
from accounts.roles import Role
from audit.chain import record
from core.errors import RuleBroken


def change_seat(user: User, actor: User, role: str, team: Team, at: datetime) -> None:
    """Give another role or team; the last administrator stays one."""
    with transaction.atomic():
        if role != Role.ADMINISTRATOR:
            _keep_an_administrator(user)
        before = {"role": user.role, "team": str(user.team_id)}
        user.role, user.team = role, team
        user.save(update_fields=["role", "team"])
        record("person.seat_changed", actor, user, at=at, before=before, role=role)


def switch_off(user: User, actor: User, at: datetime) -> None:
    """End somebody's access at once, sessions included."""
    with transaction.atomic():
        _keep_an_administrator(user)
        user.is_active = False
        user.save(update_fields=["is_active"])
        end_sessions(user)
        record("person.switched_off", actor, user, at=at)


def switch_on(user: User, actor: User, at: datetime) -> None:
    with transaction.atomic():
        user.is_active = True
        user.save(update_fields=["is_active"])
        record("person.switched_on", actor, user, at=at)


def end_sessions(user: User, keep: str | None = None) -> int:
    """End every session of this person except `keep`; return how many ended."""
    ended = 0
    for session in Session.objects.iterator():
        owner = session.get_decoded().get("_auth_user_id")
        if owner == str(user.pk) and session.session_key != keep:
            session.delete()
            ended += 1
    return ended


def _keep_an_administrator(user: User) -> None:
    others = User.objects.select_for_update().filter(role=Role.ADMINISTRATOR, is_active=True)
    if user.role == Role.ADMINISTRATOR and not others.exclude(pk=user.pk).exists():
        raise RuleBroken(_("This is the last administrator. Name another one first."))
