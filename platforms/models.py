"""Platforms, the channels by which they can be reached, and the communities seen there."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.sealed import EncryptedTextField, SealedModel

TO_BE_CONFIRMED = "to be confirmed"
LOOKED_UP = "looked up for each link"


class ServiceStatus(models.TextChoices):
    LIVE = "live", _("Live")
    RENAMED = "renamed", _("Renamed")
    DEFUNCT = "defunct", _("Shut down")
    SEIZED = "seized", _("Seized")
    ENTERPRISE_ONLY = "enterprise_only", _("For organisations only")


class Medium(models.TextChoices):
    WEB_FORM = "web_form", _("Web form")
    EMAIL = "email", _("E-mail")
    IN_APP = "in_app", _("In the app")
    POSTAL = "postal", _("Post")
    PORTAL = "portal", _("Portal")


class CommunityState(models.TextChoices):
    ALIVE = "alive", _("Alive")
    CLOSED = "closed", _("Closed")
    PRIVATE = "private", _("Private now")
    UNKNOWN = "unknown", _("Not known")


class Platform(models.Model):
    """Who hosts. Facts that no query needs stay in `facts`, as the catalogue file gives them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    family = models.CharField(max_length=40, blank=True)
    operator = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20, default="host")
    service_status = models.CharField(max_length=20, choices=ServiceStatus.choices)
    ended_on = models.DateField(null=True)
    cooperation = models.CharField(max_length=30, default="unknown")
    tida_coverage = models.CharField(max_length=20)
    status_is_telling = models.BooleanField(default=False)
    # How often the checker looks at links there, where it is switched on.
    check_hours = models.PositiveSmallIntegerField(default=6)
    facts = models.JSONField(default=dict)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(service_status__in=ServiceStatus.values),
                name="platform_known_service_status",
            ),
            models.CheckConstraint(
                condition=~Q(service_status__in=["defunct", "seized"]) | Q(ended_on__isnull=False),
                name="platform_ended_has_date",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("platforms:detail", args=[self.key])

    @property
    def takes_notices(self) -> bool:
        return not self.retired and self.service_status not in {
            ServiceStatus.DEFUNCT,
            ServiceStatus.SEIZED,
        }


class Channel(models.Model):
    """One way to reach a platform for one purpose, as the catalogue gives it.

    A coordinator's confirmed edit lies over it (`ChannelEdit`) and survives a reload.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="channels")
    key = models.SlugField(max_length=60, unique=True)
    purpose = models.CharField(max_length=30)
    grounds = models.JSONField(default=list)
    medium = models.CharField(max_length=10, choices=Medium.choices)
    address = models.CharField(max_length=300)
    audience = models.CharField(max_length=20, default="anyone")
    chase = models.CharField(max_length=10)
    min_gap_hours = models.PositiveIntegerField(default=72)
    starts_statutory_clock = models.CharField(max_length=10, blank=True)
    conf = models.CharField(max_length=10)
    seen = models.DateField(null=True)
    review_after = models.DateField()
    facts = models.JSONField(default=dict)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["platform", "key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(medium__in=Medium.values), name="channel_known_medium"
            )
        ]

    def __str__(self) -> str:
        return self.key

    def standing_edit(self) -> "ChannelEdit | None":
        edits = [
            edit
            for edit in self.edits.all()
            if edit.confirmed_at is not None and edit.discarded_at is None
        ]
        return max(edits, key=lambda edit: (edit.confirmed_at, edit.id), default=None)

    def current(self, name: str) -> Any:
        """Return what holds now for a fact: the confirmed edit's word, else the catalogue's."""
        return self.as_it_stands([name])[name]

    def as_it_stands(self, names: Iterable[str]) -> dict[str, Any]:
        """Return what holds now for several facts, the edits read once."""
        edit = self.standing_edit()
        changes = edit.changes if edit is not None else {}
        return {name: changes[name] if name in changes else self._filed(name) for name in names}

    def _filed(self, name: str) -> Any:
        return getattr(self, name) if hasattr(self, name) else self.facts.get(name)

    def current_address(self) -> str:
        return str(self.current("address"))

    def is_to_be_confirmed(self) -> bool:
        return self.current_address() == TO_BE_CONFIRMED

    def open_troubles(self) -> "list[ChannelTrouble]":
        """Return what is known against addresses of this channel, the newest first."""
        return [trouble for trouble in self.troubles.all() if trouble.cleared_at is None]

    def is_due_for_review(self, on: date) -> bool:
        edit = self.standing_edit()
        if edit is not None and edit.confirmed_at is not None:
            return (on - edit.confirmed_at.date()).days > 90
        return on > self.review_after


class ChannelEdit(models.Model):
    """A coordinator's correction of a channel; it counts once a second person has confirmed it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="edits")
    changes = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    discarded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="channel_edit_needs_second_person",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="channel_edit_confirmed_by_and_at",
            ),
        ]

    def __str__(self) -> str:
        return f"edit of {self.channel_id}"

    def is_pending(self) -> bool:
        return self.confirmed_at is None and self.discarded_at is None


class TroubleKind(models.TextChoices):
    NO_SUCH_ADDRESS = "no_such_address", _("The address does not exist")
    MAILBOX_FULL = "mailbox_full", _("The mailbox is full")
    REFUSED = "refused", _("Their mail server refuses our mail")
    NOT_READ = "not_read", _("They say that nobody reads it")


class ChannelTrouble(models.Model):
    """An address of a channel that did not take our mail, until a person clears it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="troubles")
    kind = models.CharField(max_length=20, choices=TroubleKind.choices)
    address = models.CharField(max_length=300)
    seen_at = models.DateTimeField()
    status_code = models.CharField(max_length=12, blank=True)
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-seen_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "address", "kind"],
                condition=Q(cleared_at=None),
                name="channel_trouble_once_while_open",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=TroubleKind.values), name="channel_trouble_known_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.seen_at:%Y-%m-%d}"


class Community(SealedModel):
    """An observed group, channel, workspace, server or board."""

    code = models.CharField(max_length=12, unique=True)
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="communities")
    name = EncryptedTextField()
    name_index = models.CharField(max_length=64, blank=True, db_index=True)
    kind = models.CharField(max_length=20, default="group")
    invite_link = EncryptedTextField(default="")
    backup_link = EncryptedTextField(default="")
    rule_of_entry = EncryptedTextField(default="")
    found_via = EncryptedTextField(default="")
    language = models.CharField(max_length=8, blank=True)
    state = models.CharField(
        max_length=20, choices=CommunityState.choices, default=CommunityState.ALIVE
    )
    end_cause = models.CharField(max_length=200, blank=True)
    first_seen_on = models.DateField()
    closed_on = models.DateField(null=True)
    added_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name_plural = _("communities")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=CommunityState.values), name="community_known_state"
            )
        ]

    def __str__(self) -> str:
        return self.code


class Count(models.Model):
    """The members of a community, as seen on a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="counts")
    seen_on = models.DateField()
    members = models.PositiveIntegerField()
    active = models.BooleanField(null=True)
    method = models.CharField(max_length=40, default="by_hand")
    observer = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-seen_on"]
        constraints = [
            models.UniqueConstraint(fields=["community", "seen_on"], name="count_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.members} on {self.seen_on}"


class Move(SealedModel):
    """From one community to another: succession, backup, invitation, shared admin, repost."""

    from_community = models.ForeignKey(
        Community, on_delete=models.CASCADE, related_name="moves_out"
    )
    to_community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="moves_in")
    kind = models.CharField(max_length=20)
    moved_on = models.DateField()
    evidence = EncryptedTextField(default="")
    certainty = models.CharField(max_length=10, default="certain")
    seen_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_community=F("to_community")), name="move_between_two"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "successor_of",
                        "backup_of",
                        "invites_to",
                        "shares_admin",
                        "reposts_from",
                    ]
                ),
                name="move_known_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.moved_on}"


class CatalogueVersion(models.Model):
    """A catalogue that went live."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64)
    as_of = models.DateField()
    counts = models.JSONField(default=dict)
    loaded_at = models.DateTimeField()

    objects: ClassVar[models.Manager["CatalogueVersion"]] = models.Manager()

    class Meta:
        ordering = ["-loaded_at"]

    def __str__(self) -> str:
        return self.digest[:12]

    @classmethod
    def newest(cls) -> "CatalogueVersion | None":
        return cls.objects.order_by("-loaded_at").first()
