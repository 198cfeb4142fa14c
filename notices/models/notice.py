"""A notice, who edited it, and the approval that froze its bytes."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.access import reach
from accounts.models import User
from accounts.roles import Role
from cases.models.case import Case, OfCase
from core import codes
from core.sealed import EncryptedBytesField, EncryptedJSONField, EncryptedTextField
from notices.states import NOTICE_MOVES, NoticeStatus, Tone
from platforms.models import Channel, Platform


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> "NoticeQuerySet":
        """Return what this person may open: all, what she works on, and what waits in the queue.

        The queue holds drafts of the adult pathway that nobody has taken: a volunteer, who sees no
        case, may look at each of them; an advocate at those of her own and her team's cases. What a
        volunteer works on is hidden from her as soon as its case takes the under-18 route.
        """
        how_far = reach(user, "notice.view")
        if how_far == "all":
            return self
        if how_far is None:
            return self.none()
        mine = Q(taken_by=user) | Q(prepared_by=user)
        if reach(user, "case.view"):
            mine |= Q(case__advocate=user) | Q(case__team=user.team_id)
        else:
            mine = (mine | self.model.waiting_in_queue()) & Q(case__pathway="adult")
        return self.filter(mine)

    def in_queue(self) -> "NoticeQuerySet":
        return self.filter(self.model.waiting_in_queue())

    def with_next_clock(self) -> "NoticeQuerySet":
        """Annotate the next clock of a sent notice: `due_at`, `due_kind`, `due_started_at`.

        Statutory before self-declared before our own; the earliest of a kind.
        """
        clocks = NoticeClock.objects.filter(notice=OuterRef("pk"), is_limit=True).order_by("due_at")
        return self.annotate(
            due_at=Subquery(clocks.values("due_at")[:1]),
            due_kind=Subquery(clocks.values("kind")[:1]),
            due_started_at=Subquery(clocks.values("starts_at")[:1]),
        )

    def unanswered(self) -> "NoticeQuerySet":
        """Return sent notices with a link that is not seen gone and still followed."""
        still = Notice.outcomes.rel.related_model.objects.filter(  # type: ignore[attr-defined]
            notice=OuterRef("pk"), first_seen_gone_at=None, stopped_at=None
        )
        return self.filter(status=NoticeStatus.SENT).filter(Exists(still))

    def late(self, at: datetime) -> "NoticeQuerySet":
        """Return sent notices past a statutory or self-declared limit, still not all gone."""
        passed = NoticeClock.objects.filter(
            notice=OuterRef("pk"), is_limit=True, due_at__lt=at
        ).exclude(kind="policy")
        return self.unanswered().filter(Exists(passed))

    def past_target(self, at: datetime) -> "NoticeQuerySet":
        """Return sent notices past a target of our own: never called late.

        The target stands still while the answer is ours.
        """
        ran_until = Coalesce(OuterRef("waits_for_us_since"), Value(at, models.DateTimeField()))
        passed = NoticeClock.objects.filter(
            notice=OuterRef("pk"), is_limit=True, due_at__lt=ran_until, kind="policy"
        )
        return self.unanswered().filter(Exists(passed))


class Notice(OfCase):
    """One request to one channel on one ground about links of one case.

    `content` holds the author's choices as drafting.Facts reads them: context facts, the phrase of
    at most 60 characters, the work's description, ticks, reasons for parts left out. `seen_text` is
    the letter as a reviewer last saw it: against it the next review shows what changed. Answers to
    `reply_token` at the organisation's reply domain belong to this notice.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notices")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=12, unique=True)
    status = models.CharField(
        max_length=10, choices=NoticeStatus.choices, default=NoticeStatus.DRAFTED, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="notices")
    channel = models.ForeignKey(Channel, null=True, on_delete=models.PROTECT)
    ground = models.CharField(max_length=40)
    language = models.CharField(max_length=8, default="en")
    tone = models.CharField(max_length=10, choices=Tone.choices, default=Tone.STANDARD)
    content = EncryptedJSONField(default=dict)
    address = models.CharField(max_length=254, blank=True)
    prepared_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="taken_notices"
    )
    taken_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    changes_asked = EncryptedTextField(default="")
    changes_asked_part = models.CharField(max_length=60, blank=True)
    sent_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=40, blank=True)
    # Until when they asked us to wait; a follow-up comes no earlier. Worked out from the filed
    # answers and from what a person said (`said_until_at` is when; nothing: no need to wait).
    estimate_until = models.DateTimeField(null=True)
    said_until = models.DateTimeField(null=True)
    said_until_at = models.DateTimeField(null=True)
    # Since when the answer is ours: our own clock stands still, no other one does.
    waits_for_us_since = models.DateTimeField(null=True)
    platform_claims_incomplete_at = models.DateTimeField(null=True)
    reply_token = models.CharField(max_length=32, unique=True, default=codes.new_token)
    seen_text = EncryptedTextField(default="")
    earlier = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="later")

    objects: ClassVar[NoticeQuerySet] = NoticeQuerySet.as_manager()  # type: ignore[assignment]

    MOVES: ClassVar[dict[str, frozenset[str]]] = NOTICE_MOVES

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="notice_number_in_case"),
            models.CheckConstraint(
                condition=Q(status__in=NoticeStatus.values), name="notice_known_status"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["sent", "done"]) | Q(sent_at__isnull=False),
                name="notice_sent_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(approved_at__isnull=False),
                name="notice_approved_has_date",
            ),
            models.CheckConstraint(
                condition=Q(said_until=None) | Q(said_until_at__isnull=False),
                name="notice_said_until_has_date",
            ),
        ]
        indexes = [
            # the queue, oldest first
            models.Index(
                fields=["prepared_at", "id"],
                condition=Q(status="drafted", taken_by=None),
                name="notice_queue",
            ),
            # every tab of the notice list
            models.Index(fields=["status", "-changed_at", "-id"], name="notice_by_status"),
            models.Index(fields=["-changed_at", "-id"], name="notice_by_change"),
            models.Index(fields=["taken_by", "-changed_at"], name="notice_by_taker"),
            models.Index(fields=["platform", "-sent_at"], name="notice_by_platform"),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("notices:detail", args=[self.code])

    @staticmethod
    def waiting_in_queue() -> Q:
        return Q(
            status=NoticeStatus.DRAFTED,
            taken_by=None,
            case__pathway="adult",
            case__status__in=["new", "active"],
        )

    def timeline_case(self) -> Case:
        return self.case

    def belongs_to(self, user: User) -> bool:
        """Tell whether this person works on it: took it, prepared it, or has its case."""
        if user.pk in {self.taken_by_id, self.prepared_by_id}:
            return True
        return user.role != Role.VOLUNTEER and self.case.belongs_to(user)

    def was_edited_by(self, user: User) -> bool:
        return self.edits.filter(user=user).exists()

    @property
    def is_draft(self) -> bool:
        return self.status == NoticeStatus.DRAFTED

    @property
    def is_open(self) -> bool:
        return self.status in {NoticeStatus.DRAFTED, NoticeStatus.IN_REVIEW, NoticeStatus.APPROVED}


class NoticeEdit(models.Model):
    """Who edited which version. The database refuses their approval."""

    id = models.BigAutoField(primary_key=True)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="edits")
    version = models.PositiveIntegerField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["notice", "user"], name="edit_by_notice_and_user")]

    def __str__(self) -> str:
        return f"version {self.version}"


class Approval(OfCase):
    """The yes of a second person to exact bytes. Nothing is rendered after it.

    `mime` is the mail (or, for a form, the text to submit), `pdf` the letter; the hashes are of the
    plain bytes. `fields` are the form's fields, as (label, value), in the platform's order. `items`
    are the data items that leave, for the ledger; `mandate_id` is the mandate that lets them.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="approvals")
    notice_version = models.PositiveIntegerField()
    approver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    mime = EncryptedBytesField(default=b"")
    pdf = EncryptedBytesField(default=b"")
    text = EncryptedTextField(default="")
    mime_sha256 = models.CharField(max_length=64)
    pdf_sha256 = models.CharField(max_length=64)
    message_id = models.CharField(max_length=255)
    reply_token = models.CharField(max_length=32)
    recipient = models.CharField(max_length=254, blank=True)
    fields = EncryptedJSONField(default=list)
    items = models.JSONField(default=list)
    about_person = models.BooleanField(default=False)
    mandate_id = models.UUIDField(null=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice"], condition=Q(voided_at=None), name="approval_one_stands"
            )
        ]

    def __str__(self) -> str:
        return f"approval of version {self.notice_version}"


class NoticeClock(models.Model):
    """A limit or target that began to run when the notice left.

    `is_limit`: the clock by which this notice counts as late (or past our target). `certain` is
    False where the statutory time may not have begun with our sending. `stood_still` is the time
    that `due_at` was put off because the answer was ours: of our own targets alone, for a law and
    a promise never pause.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="clocks")
    key = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField()
    basis = models.CharField(max_length=200, blank=True)
    is_limit = models.BooleanField(default=False)
    certain = models.BooleanField(default=True)
    stood_still = models.DurationField(default=timedelta)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "key"], name="clock_once_a_notice"),
            models.CheckConstraint(
                condition=Q(stood_still=timedelta()) | Q(kind="policy"),
                name="clock_of_others_never_pauses",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=F("starts_at")), name="clock_ends_after_it_starts"
            ),
        ]
        indexes = [
            # what is late, and when is the next deadline
            models.Index(fields=["due_at"], condition=Q(is_limit=True), name="clock_by_due")
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.due_at:%Y-%m-%d %H:%M}"
