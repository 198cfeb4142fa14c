"""Who the case is about: shown on request, changed, and what is safe kept up to date."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.chain import record
from cases import contact, timeline
from cases.models import Case, Person
from core import blind
from core.errors import WrongState

CONTACTS = ("phone", "email", "postal", "other")


def show(case: Case, user: User, at: datetime, *, all_of_it: bool = True) -> Person:
    """Return the person for showing; that it was shown is written down first."""
    kind = "contact.shown" if all_of_it else "name.shown"
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case.pk)
        timeline.add(case, kind, user, at)
        record(kind, user, case, at=at)
    return case.person


def change_safe(
    person: Person, safe: Mapping[str, Any], version: int, user: User, at: datetime
) -> None:
    """Write what is safe, as it was just asked. Raises WrongState when it was changed meanwhile."""
    with transaction.atomic():
        case, row = _held(person, version)
        row.safe = dict(safe)
        row.safe_summary = contact.summary(safe)
        row.no_contact = "any" in safe.get("never", ())
        row.safe_confirmed_at = at
        row.version += 1
        row.save(
            update_fields=["safe", "safe_summary", "no_contact", "safe_confirmed_at", "version"]
        )
        timeline.add(case, "contact.changed", user, at)
        record("contact.changed", user, case, at=at)


def confirm_safe(person: Person, user: User, at: datetime) -> None:
    """Note that what is safe was asked again and still holds."""
    if person.safe_confirmed_at is None:
        raise WrongState(_("Nobody has asked yet what is safe. Write it down first."))
    with transaction.atomic():
        case, row = _held(person, person.version)
        row.safe_confirmed_at = at
        row.version += 1
        row.save(update_fields=["safe_confirmed_at", "version"])
        timeline.add(case, "contact.confirmed", user, at)
        record("contact.confirmed", user, case, at=at)


def change(person: Person, said: Mapping[str, Any], version: int, user: User, at: datetime) -> None:
    """Write name and contact: an empty value keeps what is there, `remove` takes it away."""
    with transaction.atomic():
        case, row = _held(person, version)
        before = (row.alias, row.pronoun, row.legal_name, dict(row.contacts))
        row.alias, row.pronoun = said["alias"].strip(), said["pronoun"]
        row.alias_index = blind.index("alias", row.alias)
        row.legal_name = _new(row.legal_name, "legal_name", said)
        row.contacts = {
            name: value
            for name in CONTACTS
            if (value := _new(row.contacts.get(name, ""), name, said))
        }
        row.version += 1
        row.save(
            update_fields=["alias", "alias_index", "pronoun", "legal_name", "contacts", "version"]
        )
        after = (row.alias, row.pronoun, row.legal_name, dict(row.contacts))
        timeline.add(case, "person.changed", user, at)
        record("person.changed", user, case, at=at, parts=_changed(before, after))


def known(person: Person) -> frozenset[str]:
    """Return the names of what is kept, without opening more than needed."""
    kept = {name for name in CONTACTS if person.contacts.get(name)}
    return frozenset(kept | ({"legal_name"} if person.legal_name else set()))


def _held(person: Person, version: int) -> tuple[Case, Person]:
    case = Case.objects.select_for_update().get(pk=person.case_id)
    row = Person.objects.select_for_update().get(pk=person.pk)
    if row.version != version:
        raise WrongState(_("This was changed while you were typing. Both texts are shown."))
    row.case = case
    return case, row


def _new(old: str, name: str, said: Mapping[str, Any]) -> str:
    written = str(said.get(name) or "").strip()
    if written:
        return written
    return "" if name in said["remove"] else old


def _changed(before: tuple[Any, ...], after: tuple[Any, ...]) -> list[str]:
    names = ("alias", "pronoun", "legal_name", "contacts")
    pairs = zip(names, before, after, strict=True)
    return [name for name, old, new in pairs if old != new]
