"""The timeline, what waits for a person, and texts that are not saved yet."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from accounts.access import reach
from accounts.models import Team, User
from cases.models.case import Case, OfCase
from cases.states import ASKED_ONCE, EventShape, TaskKind
from core.sealed import EncryptedJSONField, EncryptedTextField, SealedModel


class TimelineEvent(OfCase):
    """A fact for the caseworker. It goes when the case goes."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    shape = models.CharField(max_length=10, choices=EventShape.choices)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=120, blank=True)
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.UUIDField(null=True)
    subject_code = models.CharField(max_length=40, blank=True)
    params = EncryptedJSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["case", "-at", "-id"], name="event_by_case")]

    def __str__(self) -> str:
        return self.kind


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User) -> "TaskQuerySet":
        """Return tasks of cases that this person may open, and those given to her or her role."""
        mine = Q(owner=user) | Q(role=user.role, team=user.team_id) | Q(role=user.role, team=None)
        if reach(user, "case.view"):
            mine |= Q(case__in=Case.objects.visible_to(user))
        return self.filter(mine)

    def open(self) -> "TaskQuerySet":
        return self.filter(done_at=None)

    def due(self, at: datetime) -> "TaskQuerySet":
        return self.open().filter(Q(due_at=None) | Q(due_at__lte=at))


class Task(SealedModel):
    """What a machine could not finish or a person put off: a row in somebody's list."""

    case = models.ForeignKey(Case, null=True, on_delete=models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=30, choices=TaskKind.choices)
    subject_id = models.UUIDField(null=True, db_index=True)
    subject_code = models.CharField(max_length=40, blank=True)
    text = EncryptedTextField(default="")
    owner = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="tasks")
    role = models.CharField(max_length=20, blank=True)
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects: ClassVar[TaskQuerySet] = TaskQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TaskKind.values), name="task_known_kind"),
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=Q(done_at=None, kind__in=ASKED_ONCE),
                name="task_asked_once_while_open",
            ),
        ]
        indexes = [
            # Today: what is open, by person
            models.Index(
                fields=["owner", "due_at"], condition=Q(done_at=None), name="task_open_by_owner"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_code}"

    def shared_key(self) -> UUID | None:
        return self.case.ensure_key() if self.case else None


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, user: User) -> "DraftQuerySet":
        """Return her own drafts: nobody else reads a text that is not saved yet."""
        return self.filter(user=user)

    def open(self) -> "DraftQuerySet":
        return self.filter(used_at=None, discarded_at=None)


class Draft(SealedModel):
    """A text on its way: saved while somebody types, kept on the server alone, gone after use."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=40)
    subject_code = models.CharField(max_length=40, blank=True)
    data = EncryptedJSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    discarded_at = models.DateTimeField(null=True)

    objects: ClassVar[DraftQuerySet] = DraftQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["user", "-saved_at"], name="draft_by_user")]

    @property
    def is_open(self) -> bool:
        return self.used_at is None and self.discarded_at is None

    def __str__(self) -> str:
        return f"{self.form} {self.saved_at:%Y-%m-%d %H:%M}"
