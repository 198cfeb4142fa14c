"""The first run: the organisation, the first team and the first administrator, in one act."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, Team, User
from accounts.roles import Role
from audit.chain import record
from core.errors import RuleBroken


def set_up(
    organisation: dict[str, Any], admin_name: str, admin_email: str, password: str, at: datetime
) -> User:
    """Make the organisation and its first administrator; refused once an organisation exists."""
    try:
        with transaction.atomic():
            made = Organisation.objects.create(set_up_at=at, **organisation)
            team = Team.objects.create(name=_("Casework"))
            user = User.objects.create_user(
                admin_email,
                password,
                name=admin_name,
                role=Role.ADMINISTRATOR,
                team=team,
                zone=made.zone,
                date_joined=at,
            )
            record("organisation.set_up", user, made, at=at)
    except IntegrityError as error:
        raise RuleBroken(_("The organisation is set up already. Sign in.")) from error
    return user


def change(organisation: Organisation, actor: User, values: dict[str, Any], at: datetime) -> None:
    """Store what changed; the audit entry names the fields, not their values."""
    changed = [name for name, value in values.items() if getattr(organisation, name) != value]
    if not changed:
        return
    with transaction.atomic():
        for name in changed:
            setattr(organisation, name, values[name])
        organisation.save(update_fields=changed)
        record("organisation.changed", actor, organisation, at=at, fields=changed)
