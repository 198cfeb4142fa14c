"""What sending could not finish becomes a row in somebody's list."""

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.roles import Role
from cases.models import Task
from cases.states import TaskKind
from core.keystore import KeyDestroyed
from notices.models import Notice
from platforms.models import Channel

KINDS = (TaskKind.DELIVERY_FAILED, TaskKind.DELIVERY_DELAYED, TaskKind.DELIVERY_UNCONFIRMED)


def not_delivered(notice: Notice, sentence: str, at: datetime) -> None:
    tell(notice, TaskKind.DELIVERY_FAILED, sentence, at)


def delayed(notice: Notice, at: datetime) -> None:
    words = _("%(code)s has been waiting to leave for four hours. It is tried again by itself.")
    tell(notice, TaskKind.DELIVERY_DELAYED, words % {"code": notice.code}, at)


def unconfirmed(notice: Notice, at: datetime) -> None:
    words = _(
        "Nobody can tell from here whether %(code)s left: the mail server gave no answer and the "
        "archive has no copy. Look there, then say whether it left or is to be sent again."
    )
    tell(notice, TaskKind.DELIVERY_UNCONFIRMED, words % {"code": notice.code}, at)


def left_late(notice: Notice, at: datetime) -> None:
    words = _("%(code)s had left already when it was withdrawn. Tell the person, and the platform.")
    tell(notice, TaskKind.OTHER, words % {"code": notice.code}, at)


def server_trouble(organisation: Organisation, phase: str, at: datetime) -> None:
    """Tell the coordinators once that the organisation's own mail server refuses all mail."""
    sentences = {
        "connect": _("The mail server does not answer as it should."),
        "starttls": _("The mail server's connection is not protected, so nothing is sent."),
        "auth": _("The mail server refuses the user name or password."),
        "archive": _("The mail server refuses the organisation's archive address."),
    }
    words = _("%(what)s Mail waits and is tried again by itself. Ask your administrator.")
    text = words % {"what": sentences[phase]}
    with transaction.atomic():
        # Every worker meets the same trouble, in the same second as the others.
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        _once(TaskKind.DELIVERY_DELAYED, organisation.pk, at, text=text, role=Role.COORDINATOR)


def channel_broken(notice: Notice, channel: Channel, sentence: str, at: datetime) -> None:
    """Ask the coordinators for another address, once a channel."""
    about = {"text": sentence, "subject_code": notice.code, "role": Role.COORDINATOR}
    try:
        with transaction.atomic():
            _once(TaskKind.CHANNEL_BROKEN, channel.pk, at, case=notice.case, **about)
    except KeyDestroyed:
        _once(TaskKind.CHANNEL_BROKEN, channel.pk, at, **about)


def archive_comes_back(organisation: Organisation, at: datetime) -> None:
    text = _(
        "Copies to the organisation's archive address come back. Without them nobody can prove "
        "what left. Ask your administrator."
    )
    _once(TaskKind.OTHER, organisation.pk, at, text=text, role=Role.COORDINATOR)


def over(subject_id: UUID, at: datetime) -> None:
    """Strike the open tasks about the delivery of this notice: nothing is left to decide."""
    Task.objects.open().filter(subject_id=subject_id, kind__in=KINDS).update(done_at=at)


def server_works(at: datetime) -> None:
    """Strike the coordinators' task: the server has just taken a mail."""
    about_server = Task.objects.open().filter(kind=TaskKind.DELIVERY_DELAYED, case=None)
    about_server.update(done_at=at)


def tell(
    notice: Notice,
    kind: TaskKind,
    text: str,
    at: datetime,
    *,
    role: Role | None = None,
) -> None:
    """Write a task about a notice, once while it is open: for `role`, else whoever has the case."""
    owner = notice.case.keeper if role is None else None
    about = {"text": text, "subject_code": notice.code}
    whose = {"owner": owner} if owner else {"role": role or Role.COORDINATOR}
    try:
        with transaction.atomic():
            _once(kind, notice.pk, at, case=notice.case, **about, **whose)
    except KeyDestroyed:  # the case was erased: nothing more can be written into it
        _once(kind, notice.pk, at, role=Role.COORDINATOR, **about)


def _once(kind: TaskKind, subject_id: UUID, at: datetime, **values: Any) -> None:
    """Write the task unless the same one is open: a tick that runs twice tells once.

    Where two would write it in the same moment, the database refuses one: it is told already.
    """
    if Task.objects.open().filter(kind=kind, subject_id=subject_id).exists():
        return
    with suppress(IntegrityError), transaction.atomic():
        Task.objects.create(kind=kind, subject_id=subject_id, made_at=at, due_at=at, **values)
