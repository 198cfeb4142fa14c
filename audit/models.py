"""Who did what, in a chain that nobody can change unseen. Nothing personal stands here."""

import uuid

from django.db import models


class AuditEntry(models.Model):
    """One act. Ids and codes only, and no foreign keys: it outlives account and case alike."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200)
    verb = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=80)
    subject_id = models.UUIDField(null=True)
    subject_code = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            # the history of one case or notice, and of one person
            models.Index(fields=["subject_id", "number"], name="audit_by_subject"),
            models.Index(fields=["actor_id", "number"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.verb} {self.subject_code}"


class AuditHead(models.Model):
    """The end of the chain: the one row that every act locks, last of all."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="audit_head_is_one_row")
        ]

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"
