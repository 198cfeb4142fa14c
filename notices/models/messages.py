"""What was received in a notice's thread (or waits to be matched to one)."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.access import reach
from accounts.models import User
from core.sealed import EncryptedJSONField, EncryptedTextField, SealedModel
from notices.models.notice import Notice
from notices.states import Direction, Via


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User) -> "MessageQuerySet":
        """Return the messages of visible notices; what belongs to none, to who may see all."""
        rows = Q(notice__in=Notice.objects.visible_to(user))
        if reach(user, "reply.file") == "all":
            rows |= Q(notice=None)
        return self.filter(rows)


class Message(SealedModel):
    """A received (or pasted) text. `answer` is a code of the answers catalogue, once filed.

    `about` names the outcomes (links of the notice) that the answer is about; empty means all.
    `details` holds what the answer's kind asks for: their ticket number, what they demand.
    """

    notice = models.ForeignKey(Notice, null=True, on_delete=models.PROTECT, related_name="messages")
    direction = models.CharField(max_length=10, choices=Direction.choices)
    via = models.CharField(max_length=20, choices=Via.choices, default=Via.MAIL)
    sender = EncryptedTextField(default="")
    subject = EncryptedTextField(default="")
    text = EncryptedTextField(default="")
    received_at = models.DateTimeField()
    logged_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    logged_at = models.DateTimeField()
    answer = models.CharField(max_length=40, blank=True)
    about = models.JSONField(default=list)
    details = EncryptedJSONField(default=dict)
    is_automatic = models.BooleanField(default=False)
    filed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    filed_at = models.DateTimeField(null=True)

    objects: ClassVar[MessageQuerySet] = MessageQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(direction__in=Direction.values), name="message_known_direction"
            ),
            models.CheckConstraint(
                condition=Q(answer="") | Q(filed_at__isnull=False), name="message_filed_has_date"
            ),
            models.CheckConstraint(condition=Q(via__in=Via.values), name="message_known_via"),
        ]
        indexes = [
            models.Index(fields=["notice", "-received_at"], name="message_by_notice"),
            # the Replies page: what is not filed yet
            models.Index(
                fields=["-received_at", "-id"], condition=Q(filed_at=None), name="message_to_file"
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.id}"

    def shared_key(self) -> uuid.UUID | None:
        return self.notice.ensure_key() if self.notice else None
