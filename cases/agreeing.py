"""What she agreed to, written down, and taken back. A row is never changed."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.chain import record
from cases import lifecycle, mandates, signals, timeline
from cases.models import Case, Mandate
from cases.states import MandateForm
from core.errors import RuleBroken, WrongState


class Agreed(TypedDict):
    """One act: what was said yes and no to, for which platforms and fields, how, from, until."""

    purposes: list[str]
    refused: list[str]
    platforms: list[str]
    fields: list[str]
    form: str
    given_on: date
    until: date | None
    language: str
    kept_where: str


def shrinks(case: Case, agreed: Agreed, on: date) -> bool:
    """Tell whether something that holds today would not hold any more."""
    standing = mandates.live(case.mandates.all(), on)
    return any(_loses(each, agreed) for each in standing)


def record_agreement(case: Case, agreed: Agreed, user: User, at: datetime) -> Mandate:
    """Write down a new answer. It replaces what was agreed before; that is withdrawn with it."""
    if not agreed["purposes"] and not agreed["refused"]:
        raise RuleBroken(_("Answer at least one of the questions with yes or no."))
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case.pk)
        before = [each for each in case.mandates.all() if each.withdrawn_at is None]
        made = Mandate.objects.create(
            case=case, recorded_by=user, recorded_at=at, text_version="1", **agreed
        )
        _end(case, [each for each in before if _loses(each, agreed)], user, at, tell=True)
        _end(case, [each for each in before if not _loses(each, agreed)], user, at, tell=False)
        params = {"purposes": made.purposes, "refused": made.refused, "form": made.form}
        timeline.add(case, "mandate.recorded", user, at, subject=made, params=params)
        record("mandate.recorded", user, case, at=at, mandate=made.pk, purposes=made.purposes)
        if made.purposes:
            lifecycle.activate(case, user, at)
    return made


def withdraw(case: Case, user: User, at: datetime) -> list[Mandate]:
    """Take back everything that holds. Nothing is claimed for sending once this commits."""
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case.pk)
        standing = [each for each in case.mandates.all() if each.withdrawn_at is None]
        if not standing:
            raise WrongState(_("Nothing is agreed that could be withdrawn."))
        _end(case, standing, user, at, tell=True)
        timeline.add(case, "mandate.withdrawn", user, at)
    return standing


def _end(case: Case, ended: Iterable[Mandate], user: User, at: datetime, *, tell: bool) -> None:
    for mandate in ended:
        as_seen = Mandate.objects.filter(pk=mandate.pk, withdrawn_at=None)
        if as_seen.update(withdrawn_at=at, withdrawn_by=user) != 1:
            raise WrongState(_("This was changed a moment ago. Look at it again."))
        mandate.withdrawn_at, mandate.withdrawn_by = at, user
        if tell:
            signals.mandate_withdrawn.send(Case, case=case, mandate=mandate, actor=user, at=at)
            record("mandate.withdrawn", user, case, at=at, mandate=mandate.pk)


def _loses(mandate: Mandate, agreed: Agreed) -> bool:
    """Tell whether the new answer allows less than this mandate did."""
    if set(mandate.purposes) - set(agreed["purposes"]):
        return True
    if set(mandate.fields) - set(agreed["fields"]):
        return True
    if agreed["platforms"] and not mandate.platforms:
        return True
    fewer = bool(agreed["platforms"]) and bool(set(mandate.platforms) - set(agreed["platforms"]))
    on_paper = mandate.form == MandateForm.WRITTEN and agreed["form"] != MandateForm.WRITTEN
    sooner = agreed["until"] is not None and (
        mandate.until is None or agreed["until"] < mandate.until
    )
    return fewer or on_paper or sooner
