"""The outbox: whatever leaves the house is a row here first."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import User
from notices.models.notice import Approval, Notice
from notices.states import DeliveryKind, DeliveryState, NoticeStatus, Phase

# What still has to leave: a notice until it has gone another way or was given up, anything else
# while its notice is followed.
STILL_WANTED = Q(kind=DeliveryKind.NOTICE, notice__status=NoticeStatus.APPROVED) | (
    ~Q(kind=DeliveryKind.NOTICE) & Q(notice__status=NoticeStatus.SENT)
)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: User) -> "DeliveryQuerySet":
        return self.filter(notice__in=Notice.objects.visible_to(user))

    def still_wanted(self) -> "DeliveryQuerySet":
        return self.filter(STILL_WANTED)


class Delivery(models.Model):
    """One attempt to get a notice, reminder or answer out.

    Its Message-ID is fixed when the row is made. `lease_until` is set by a claim; `phase` says how
    far that claim got.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deliveries")
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="deliveries")
    kind = models.CharField(max_length=10, choices=DeliveryKind.choices)
    seq = models.PositiveIntegerField()
    recipient = models.EmailField()
    archive_recipient = models.EmailField()
    message_id = models.CharField(max_length=255, unique=True)
    state = models.CharField(max_length=12, choices=DeliveryState.choices)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    first_due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    phase = models.CharField(max_length=10, choices=Phase.choices, blank=True)
    handed_over_at = models.DateTimeField(null=True)
    last_code = models.CharField(max_length=3, blank=True)
    last_reason = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)
    delayed_task_at = models.DateTimeField(null=True)
    # What their mail server told later: received there, or come back.
    delivered_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    bounce_code = models.CharField(max_length=12, blank=True)
    bounces = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[DeliveryQuerySet] = DeliveryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "kind", "seq"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="delivery_known_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
                name="delivery_sent_has_date",
            ),
        ]
        indexes = [
            # the claim: what is due to leave, oldest first
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["held", "queued", "deferred"]),
                name="delivery_to_claim",
            ),
            # the sweeper: claims whose worker died, and what waits for the archive copy
            models.Index(
                fields=["state", "lease_until"],
                condition=Q(state__in=["sending", "unconfirmed"]),
                name="delivery_in_doubt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.seq}: {self.state}"

    @property
    def code(self) -> str:
        return self.notice.code

    @property
    def content(self) -> bytes:
        """The exact bytes that leave: a reminder brings its own, else they are the approved ones.

        Empty for a reminder that was called back.
        """
        if self.kind != DeliveryKind.REMINDER:
            return self.approval.mime
        return self.reminder.mime if hasattr(self, "reminder") else b""

    @property
    def sha256(self) -> str:
        if self.kind != DeliveryKind.REMINDER:
            return self.approval.mime_sha256
        return self.reminder.mime_sha256 if hasattr(self, "reminder") else ""

    @property
    def shown_state(self) -> str:
        """What is known of it: the state, or what their mail server told after the sending."""
        if self.state != DeliveryState.SENT:
            return str(self.state)
        if self.bounced_at is not None:
            return "bounced"
        return "delivered" if self.delivered_at is not None else str(self.state)

    @property
    def goes_again(self) -> bool:
        """Tell whether it left, found a full mailbox, and waits to leave once more."""
        return self.sent_at is not None and self.state != DeliveryState.SENT


class DeliveryAttempt(models.Model):
    """One conversation with the submission server, or what was told later; never changed."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="log")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    phase = models.CharField(max_length=20)
    code = models.CharField(max_length=12, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "number"], name="attempt_number")
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.phase} {self.code}"


class Disclosure(models.Model):
    """The ledger: which data items left for which platform, with which delivery or submission."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="disclosures")
    at = models.DateTimeField()
    items = models.JSONField(default=list)
    about_person = models.BooleanField(default=False)
    mandate_id = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{len(self.items)} items"
