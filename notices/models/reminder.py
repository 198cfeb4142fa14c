"""Follow-ups on a notice: planned, made or dropped, each exactly once."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import User
from cases.models.case import Case, OfCase
from core.sealed import EncryptedBytesField, EncryptedTextField
from notices.models.delivery import Delivery
from notices.models.notice import Notice
from notices.states import ReminderKind, ReminderState


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def visible_to(self, user: User) -> "ReminderQuerySet":
        return self.filter(notice__in=Notice.objects.visible_to(user))


class Reminder(OfCase):
    """The n-th follow-up of its kind on a notice. `due_at` is when the clock says so.

    `mime` is the mail, frozen when it is made; `text` what it says, and what is pasted where a form
    takes it. One that a machine dropped, or whose mail was called back, may be planned again.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=10, choices=ReminderKind.choices)
    n = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=ReminderState.choices)
    due_at = models.DateTimeField()
    planned_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    dropped_at = models.DateTimeField(null=True)
    # Set where a person left it out: it counts as a step then, and the next one is planned.
    dropped_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    delivery = models.OneToOneField(
        Delivery, null=True, on_delete=models.PROTECT, related_name="reminder"
    )
    mime = EncryptedBytesField(default=b"")
    mime_sha256 = models.CharField(max_length=64, blank=True)
    text = EncryptedTextField(default="")

    objects: ClassVar[ReminderQuerySet] = ReminderQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "kind", "n"], name="reminder_once"),
            models.CheckConstraint(
                condition=Q(kind__in=ReminderKind.values), name="reminder_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReminderState.values), name="reminder_known_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="made") | Q(made_at__isnull=False),
                name="reminder_made_has_date",
            ),
        ]
        indexes = [
            # the tick: what is due
            models.Index(fields=["due_at"], condition=Q(state="planned"), name="reminder_to_make"),
            # the list of follow-ups that a person decides
            models.Index(
                fields=["due_at", "id"], condition=Q(state="proposed"), name="reminder_to_decide"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.n}: {self.state}"
