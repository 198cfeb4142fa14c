"""Texts on their way: saved on the server while somebody types, so that nothing typed is lost."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.models import Draft
from core import keystore
from core.errors import RuleBroken, WrongState

RECOVER_WITHIN = timedelta(hours=24)
SEARCH_LASTS = timedelta(hours=1)


class Conflict(WrongState):
    """The draft was saved from another window since this page read it. Nothing was written."""

    def __init__(self, current: Draft) -> None:
        super().__init__(_("This was changed in another window while you were typing."))
        self.current = current


def start(
    user: User,
    form: str,
    at: datetime,
    *,
    subject_code: str = "",
    data: dict[str, Any] | None = None,
) -> Draft:
    return Draft.objects.create(
        user=user,
        form=form,
        subject_code=subject_code,
        data=data or {},
        started_at=at,
        saved_at=at,
    )


def save(draft: Draft, data: dict[str, Any], version: int, at: datetime) -> None:
    """Write what was typed, if the draft still stands as the page read it; else raise Conflict."""
    with transaction.atomic():
        as_read = Draft.objects.open().filter(pk=draft.pk, version=version)
        if as_read.update(version=version + 1, saved_at=at) != 1:
            raise Conflict(Draft.objects.get(pk=draft.pk))
        draft.version, draft.saved_at, draft.data = version + 1, at, data
        draft.save(update_fields=["data"])


def use(draft: Draft, at: datetime, *, subject_code: str) -> None:
    """Mark a draft as used, once; call it in the transaction that saves what it held.

    Its key is destroyed after the commit: a case that is erased later must not live on in a draft.
    """
    still_open = Draft.objects.open().filter(pk=draft.pk)
    if still_open.update(used_at=at, subject_code=subject_code) != 1:
        raise WrongState(_("This was saved before, or discarded."))
    draft.used_at, draft.subject_code = at, subject_code
    transaction.on_commit(lambda: keystore.destroy(draft.key_id), robust=True)


def discard(draft: Draft, at: datetime) -> None:
    if Draft.objects.open().filter(pk=draft.pk).update(discarded_at=at) != 1:
        raise WrongState(_("This was saved before, or discarded."))
    draft.discarded_at = at


def recover(draft: Draft, at: datetime) -> None:
    """Take a discarded draft back within a day; its author alone can."""
    if draft.discarded_at is None or at - draft.discarded_at > RECOVER_WITHIN:
        raise RuleBroken(
            _("A discarded draft can be taken back within 24 hours. This one is gone.")
        )
    Draft.objects.filter(pk=draft.pk, used_at=None).update(discarded_at=None)
    draft.discarded_at = None


def forget_old(user: User, at: datetime) -> None:
    """Erase what nobody will come back for: old searches, discarded and untouched drafts."""
    mine = Draft.objects.visible_to(user).filter(used_at=None)
    day_ago = at - RECOVER_WITHIN
    gone = (
        mine.filter(discarded_at__lt=day_ago)
        | mine.filter(version=1, form="intake", saved_at__lt=day_ago)
        | mine.filter(form="search", saved_at__lt=at - SEARCH_LASTS)
    )
    for draft in gone.only("id", "key_id")[:100]:
        draft.delete()
        keystore.destroy(draft.key_id)
