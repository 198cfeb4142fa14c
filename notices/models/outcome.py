"""What became of each link in each notice: the history from which response times are read."""

import uuid
from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from accounts.access import reach
from accounts.models import User
from cases.link_states import LinkState
from cases.models import Check, Link
from cases.states import CheckResult
from core.sealed import EncryptedTextField, SealedModel
from notices.models.notice import Notice
from notices.states import StopReason
from platforms.models import Channel, Platform


class ImportBatch(models.Model):
    """One spreadsheet that was read in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    imported_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    imported_at = models.DateTimeField()
    rows_read = models.PositiveIntegerField(default=0)
    rows_added = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"import of {self.imported_at:%Y-%m-%d}"


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    def visible_to(self, user: User) -> "OutcomeQuerySet":
        """Return the rows behind which this person may look."""
        rows = Q(notice__in=Notice.objects.visible_to(user))
        if reach(user, "history.import") or reach(user, "notice.view") == "all":
            rows |= Q(batch__isnull=False)
        return self.filter(rows)

    def in_open_notices(self) -> "OutcomeQuerySet":
        """Return links that stand in a notice not sent yet, or sent and still followed."""
        waiting = Q(notice__status__in=["drafted", "in_review", "approved"])
        followed = Q(notice__status="sent", first_seen_gone_at=None, stopped_at=None)
        return self.filter(waiting | followed)

    def said_gone_but_online(self) -> "OutcomeQuerySet":
        """Return what the platform says is removed and the newest look after that found online."""
        newest = Check.telling().filter(link=OuterRef("link")).order_by("-at", "-id")
        said = self.filter(claimed="gone", first_seen_gone_at=None, stopped_at=None)
        seen = said.annotate(
            newest=Subquery(newest.values("result")[:1]),
            newest_at=Subquery(newest.values("at")[:1]),
        )
        return seen.filter(newest=CheckResult.ONLINE, newest_at__gt=F("decided_at"))

    def gone_without_a_word(self) -> "OutcomeQuerySet":
        """Return what was seen gone while nobody over there had answered or decided."""
        seen = self.exclude(first_seen_gone_at=None).filter(reappeared_at=None)
        return seen.filter(answered_at=None, decided_at=None, notice__isnull=False)

    def came_back(self) -> "OutcomeQuerySet":
        """Return what was seen gone, is online again, and that no later notice asks about."""
        newest = Check.telling().filter(link=OuterRef("link")).order_by("-at", "-id")
        later = Outcome.objects.filter(
            link=OuterRef("link"), notice__prepared_at__gte=OuterRef("reappeared_at")
        ).exclude(notice__status="withdrawn")
        back = self.exclude(reappeared_at=None).exclude(Exists(later))
        seen = back.annotate(newest=Subquery(newest.values("result")[:1]))
        return seen.filter(newest=CheckResult.ONLINE)

    def sent(self) -> "OutcomeQuerySet":
        return self.exclude(sent_at=None)


class Outcome(SealedModel):
    """One link in one notice, with its moments; or one row of an old spreadsheet.

    A moment is empty until it happened. `last_seen_online_at` and `first_seen_gone_at` bound the
    removal; a reappearance opens a new row, this one keeps its first removal.
    """

    notice = models.ForeignKey(Notice, null=True, on_delete=models.CASCADE, related_name="outcomes")
    link = models.ForeignKey(Link, null=True, on_delete=models.PROTECT, related_name="outcomes")
    batch = models.ForeignKey(
        ImportBatch, null=True, on_delete=models.CASCADE, related_name="outcomes"
    )
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=40)
    channel = models.ForeignKey(Channel, null=True, on_delete=models.PROTECT, related_name="+")
    episode = models.PositiveIntegerField(default=1)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    last_seen_online_at = models.DateTimeField(null=True)
    first_seen_gone_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=20, choices=StopReason.choices, blank=True)
    stop_note = EncryptedTextField(default="")
    reappeared_at = models.DateTimeField(null=True)
    claimed = models.CharField(max_length=20, blank=True)
    case_ref = EncryptedTextField(default="")
    link_text = EncryptedTextField(default="")
    # Only rows of a spreadsheet have one; an empty text would not be unique.
    row_index = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001

    objects: ClassVar[OutcomeQuerySet] = OutcomeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "link"], name="outcome_once_a_link_in_a_notice"
            ),
            models.CheckConstraint(
                condition=Q(notice__isnull=True, batch__isnull=False)
                | Q(notice__isnull=False, batch__isnull=True),
                name="outcome_of_a_notice_or_an_import",
            ),
            models.CheckConstraint(
                condition=Q(notice__isnull=True) | Q(link__isnull=False),
                name="outcome_of_a_notice_has_link",
            ),
            *[
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": F("sent_at")}),
                    name=f"outcome_{name}_after_sent",
                )
                for name in ("delivered_at", "acknowledged_at", "answered_at", "decided_at")
            ],
            models.CheckConstraint(
                condition=Q(first_seen_gone_at__isnull=True)
                | Q(sent_at__isnull=True)
                | Q(first_seen_gone_at__gte=F("sent_at")),
                name="outcome_gone_after_sent",
            ),
        ]
        indexes = [
            # response times: every sent row of a platform, of a period
            models.Index(fields=["platform", "sent_at"], name="outcome_by_platform"),
            models.Index(fields=["sent_at"], name="outcome_by_sent"),
            # which notices still wait for a link: what is late, navigation, response times
            models.Index(
                fields=["notice"],
                condition=Q(first_seen_gone_at=None, stopped_at=None),
                name="outcome_still_followed",
            ),
            # what is said to be gone and is still followed: Today, "says gone, still online"
            models.Index(
                fields=["claimed", "notice"],
                condition=Q(first_seen_gone_at=None, stopped_at=None) & ~Q(claimed=""),
                name="outcome_claimed_and_open",
            ),
        ]

    def __str__(self) -> str:
        return f"outcome {self.id}"

    def shared_key(self) -> uuid.UUID | None:
        return self.notice.ensure_key() if self.notice else None

    @property
    def time_away(self) -> timedelta | None:
        """How long it stayed away, for what came back."""
        if self.reappeared_at is None or self.first_seen_gone_at is None:
            return None
        return self.reappeared_at - self.first_seen_gone_at

    @property
    def state_here(self) -> LinkState:
        """Return how the link stands for this notice. Its link needs `with_state_facts()`."""
        if self.reappeared_at is not None:
            return LinkState.BACK
        if self.first_seen_gone_at is not None:
            return LinkState.GONE
        if self.sent_at is None or self.link is None:
            return LinkState.TO_DO
        state = self.link.state
        return state if state in {LinkState.ONLINE, LinkState.LOOKS_GONE} else LinkState.NOTICE_SENT

    @property
    def is_followed(self) -> bool:
        return self.first_seen_gone_at is None and self.stopped_at is None
