"""Switching the checker on and off, and how often it looks at one platform."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from audit.chain import record
from cases.checker import planning
from core.errors import RuleBroken, WrongState
from platforms.models import Platform

SHORTEST, LONGEST = 1, 168


def may_visit(organisation: Organisation | None) -> bool:
    """Tell whether the checker may go out now. From a demo nothing leaves, no request either."""
    if organisation is None or organisation.is_demo or settings.DEMO:
        return False
    return organisation.checker_on


def switch(organisation: Organisation, actor: User, at: datetime, *, on: bool) -> None:
    """Let the checker visit other people's servers, or stop it: no look begins after that."""
    if on and (organisation.is_demo or settings.DEMO):
        raise RuleBroken(_("This is a demo: nothing leaves it, so no page is looked at."))
    with transaction.atomic():
        as_seen = Organisation.objects.filter(pk=organisation.pk, checker_on=not on)
        if as_seen.update(checker_on=on) != 1:
            raise WrongState(_("Somebody else switched this a moment ago."))
        organisation.checker_on = on
        if on:
            planning.begin(at)
        verb = "checker.switched_on" if on else "checker.switched_off"
        record(verb, actor, organisation, at=at)


def change_interval(platform: Platform, hours: int, actor: User, at: datetime) -> None:
    if not SHORTEST <= hours <= LONGEST:
        raise RuleBroken(
            _("Choose between %(from)d and %(to)d hours.") % {"from": SHORTEST, "to": LONGEST}
        )
    with transaction.atomic():
        platform.check_hours = hours
        platform.save(update_fields=["check_hours"])
        planning.change_interval(platform, at)
        record("platform.check_hours_changed", actor, platform, at=at, hours=hours)
