"""What was received in a notice's thread (or waits to be matched to one)."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.access import reach
from accounts.models import User
from core.sealed import EncryptedJSONField, EncryptedTextField, SealedModel
from notices.models.notice import Notice
from notices.models.received import ReceivedMail
from notices.states import Direction, Genuineness, Via

RECEIPTS = ("ack_auto", "ticket_assigned")


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User) -> "MessageQuerySet":
        """Return the messages of visible notices; what belongs to none, to who may see all."""
        sees_every_notice = reach(user, "notice.view") == "all"
        if sees_every_notice and reach(user, "reply.file") == "all":
            return self
        if sees_every_notice:
            return self.exclude(notice=None)
        return self.filter(notice__in=Notice.objects.visible_to(user))

    def unread(self) -> "MessageQuerySet":
        """Return what came in and nobody has filed or set aside."""
        return self.filter(direction=Direction.RECEIVED, filed_at=None, set_aside_at=None)


class Message(SealedModel):
    """A received (or pasted) text. `answer` is a code of the answers catalogue, once filed.

    `text` is what is new in it, `quoted` what it repeats of earlier mails. `about` names the
    outcomes (links of the notice) that the answer is about; empty means all. `details` holds what
    the answer's kind asks for: their ticket number, what they demand.

    What the machine makes of it stands beside: `guess` is the notice it may belong to, with
    `confidence` (0 to 1) and `reasons` in codes; `proposed` the answer it reads in it, with what
    made it so in `reading`. Neither moves a clock: a person files, but for a bare receipt, which
    is `filed_by_machine`.
    """

    notice = models.ForeignKey(Notice, null=True, on_delete=models.PROTECT, related_name="messages")
    direction = models.CharField(max_length=10, choices=Direction.choices)
    via = models.CharField(max_length=20, choices=Via.choices, default=Via.MAIL)
    sender = EncryptedTextField(default="")
    subject = EncryptedTextField(default="")
    text = EncryptedTextField(default="")
    quoted = EncryptedTextField(default="")
    mail = models.OneToOneField(
        ReceivedMail, null=True, on_delete=models.PROTECT, related_name="message"
    )
    # The moment that their clock gave, where it cannot be true; `received_at` is ours then.
    claimed_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    # The filled-in form that it was logged with: posted again, it is the same reply.
    form_index = models.UUIDField(null=True, unique=True)
    logged_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    logged_at = models.DateTimeField()
    answer = models.CharField(max_length=40, blank=True)
    about = models.JSONField(default=list)
    details = EncryptedJSONField(default=dict)
    is_automatic = models.BooleanField(default=False)
    guess = models.ForeignKey(Notice, null=True, on_delete=models.SET_NULL, related_name="+")
    confidence = models.FloatField(null=True)
    reasons = models.JSONField(default=list)
    matched_at = models.DateTimeField(null=True)
    matched_by_machine = models.BooleanField(default=False)
    genuineness = models.CharField(max_length=10, choices=Genuineness.choices, blank=True)
    # Verdicts on DKIM, SPF and DMARC, each a word, with the domain that signed.
    verdicts = models.JSONField(default=dict)
    proposed = models.CharField(max_length=40, blank=True)
    reading = EncryptedJSONField(default=dict)
    set_aside_at = models.DateTimeField(null=True)
    set_aside_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    filed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    filed_by_machine = models.BooleanField(default=False)
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
            models.CheckConstraint(
                condition=Q(filed_by_machine=False)
                | Q(answer__in=RECEIPTS, is_automatic=True, filed_by=None, matched_by_machine=True),
                name="message_machine_files_receipts_alone",
            ),
            models.CheckConstraint(condition=Q(via__in=Via.values), name="message_known_via"),
            models.CheckConstraint(
                condition=Q(genuineness__in=["", *Genuineness.values]),
                name="message_known_genuineness",
            ),
            models.CheckConstraint(
                condition=Q(confidence=None) | Q(confidence__gte=0, confidence__lte=1),
                name="message_confidence_is_a_share",
            ),
        ]
        indexes = [
            models.Index(fields=["notice", "-received_at"], name="message_by_notice"),
            # the Replies page: what is not filed yet
            models.Index(
                fields=["-received_at", "-id"], condition=Q(filed_at=None), name="message_to_file"
            ),
            # its tabs of what is over
            models.Index(
                fields=["-received_at", "-id"],
                condition=Q(filed_at__isnull=False),
                name="message_filed",
            ),
            models.Index(
                fields=["-received_at", "-id"],
                condition=Q(set_aside_at__isnull=False),
                name="message_aside",
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.id}"

    def shared_key(self) -> uuid.UUID | None:
        return self.notice.ensure_key() if self.notice else None

    def as_read(self) -> MessageQuerySet:
        """Return this row while nobody has filed, moved, sealed or put it aside since it was read.

        Whoever changes it changes these rows, and did so if there was one.
        """
        names = ("key_id", "notice_id", "guess_id", "filed_at", "set_aside_at")
        return Message.objects.filter(pk=self.pk, **{name: getattr(self, name) for name in names})

    @property
    def came_after_closing(self) -> bool:
        """Tell whether the notice was over when this came: it is taken all the same, and said."""
        over_at = self.notice and (self.notice.done_at or self.notice.withdrawn_at)
        return bool(over_at and self.received_at > over_at)


class Reference(SealedModel):
    """A number that the platform gave a notice; there may be several."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="references")
    number = EncryptedTextField()
    number_index = models.CharField(max_length=64, db_index=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["seen_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "number_index"], name="reference_once_a_notice"
            )
        ]

    def __str__(self) -> str:
        return f"reference of {self.notice_id}"

    def shared_key(self) -> uuid.UUID | None:
        return self.notice.ensure_key()
