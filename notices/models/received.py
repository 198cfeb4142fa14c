"""The ledger of received mail: stored before it is understood, and only once."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.access import reach
from accounts.models import User
from core.sealed import EncryptedBytesField, EncryptedJSONField, EncryptedTextField, SealedModel
from notices.states import MailState, Source


class ReceivedMailQuerySet(models.QuerySet["ReceivedMail"]):
    def visible_to(self, user: User) -> "ReceivedMailQuerySet":
        """Return what nobody has matched yet, for those who may match it."""
        return self if reach(user, "reply.file") == "all" else self.none()


class ReceivedMail(SealedModel):
    """One mail as it came in, without pictures, films and archives.

    `content_hash` is SHA-256 of the original bytes with line ends made alike: it tells whether a
    mail was here before, whatever Message-ID it carries. `stripped` is what was kept; `dropped`
    lists (type, bytes, SHA-256) of each part that was not. Sealed with a key of its own until it
    belongs to a notice.
    """

    content_hash = models.CharField(max_length=64, unique=True)
    message_id_index = models.CharField(max_length=64, blank=True, db_index=True)
    # Another mail with the same Message-ID and other content: kept, and said.
    same_message_id = models.BooleanField(default=False)
    source = models.CharField(max_length=10, choices=Source.choices)
    mailbox = models.CharField(max_length=120, blank=True)
    uid_validity = models.PositiveBigIntegerField(null=True)
    uid = models.PositiveBigIntegerField(null=True)
    received_at = models.DateTimeField()
    envelope = EncryptedJSONField(default=dict)
    stripped = EncryptedBytesField(default=b"")
    dropped = models.JSONField(default=list)
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=12, choices=MailState.choices, default=MailState.STORED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    trouble = models.CharField(max_length=60, blank=True)
    note = EncryptedTextField(default="")

    objects: ClassVar[ReceivedMailQuerySet] = ReceivedMailQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=MailState.values), name="mail_known_state"
            ),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="mail_known_source"),
            models.UniqueConstraint(
                fields=["mailbox", "uid_validity", "uid"],
                condition=Q(uid__isnull=False),
                name="mail_once_a_uid",
            ),
        ]
        indexes = [
            # the second step: what is stored and not understood yet
            models.Index(
                fields=["next_try_at"], condition=Q(state="stored"), name="mail_to_understand"
            ),
            models.Index(
                fields=["-received_at", "-id"],
                condition=Q(state="quarantined"),
                name="mail_in_quarantine",
            ),
        ]

    def __str__(self) -> str:
        return f"mail {self.id}"
