"""What the house remembers about its own workings."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import User
from notices.states import DeliveryState


class Heartbeat(models.Model):
    """When a recurring job last ran: its age tells whether beat and the workers are alive."""

    job = models.CharField(max_length=80, primary_key=True)
    # When this installation first heard of the job: a run that never came is late from then on.
    known_at = models.DateTimeField(null=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    found = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=60, blank=True)

    objects: ClassVar[models.Manager["Heartbeat"]] = models.Manager()

    def __str__(self) -> str:
        return self.job


class DigestMail(models.Model):
    """One mail that tells a member of staff, in codes only, what waits: at most one a day.

    A mail in doubt is never sent again: a missed digest harms nobody, two are a nuisance.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    message_id = models.CharField(max_length=255, unique=True)
    state = models.CharField(max_length=12, choices=DeliveryState.choices)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="digest_once_a_day"),
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="digest_known_state"
            ),
        ]
        indexes = [
            # the tick: digests that wait to leave
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["queued", "deferred", "sending"]),
                name="digest_to_send",
            )
        ]

    def __str__(self) -> str:
        return f"digest of {self.day}"
