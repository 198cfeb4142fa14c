"""Where material is, and every look whether it is still there."""

from typing import ClassVar

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from accounts.models import User
from cases.models.case import Case, Material, OfCase
from cases.states import CheckResult
from core.sealed import EncryptedJSONField, EncryptedTextField
from platforms.models import Community, Platform


class LinkQuerySet(models.QuerySet["Link"]):
    def visible_to(self, user: User) -> "LinkQuerySet":
        return self.filter(case__in=Case.objects.visible_to(user))

    def with_last_check(self) -> "LinkQuerySet":
        """Annotate `last_result` and `last_checked_at` from the newest look."""
        newest = Check.objects.filter(link=OuterRef("pk")).order_by("-at", "-id")
        return self.annotate(
            last_result=Subquery(newest.values("result")[:1]),
            last_checked_at=Subquery(newest.values("at")[:1]),
        )


class Link(OfCase):
    """One place where material is: a URL, or a place without one.

    `place` holds the parts of a place without a URL (workspace, channel, time, username, …).
    `exact` = may stand in a notice as its only location.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1, editable=False)
    platform = models.ForeignKey(Platform, null=True, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20)
    exact = models.BooleanField(default=False)
    problem = models.CharField(max_length=40, blank=True)
    verbatim = EncryptedTextField(default="")
    canonical = EncryptedTextField(default="")
    place = EncryptedJSONField(default=dict)
    canonical_index = models.CharField(max_length=64, blank=True)
    item_index = models.CharField(max_length=64, blank=True)
    handle_index = models.CharField(max_length=64, blank=True)
    domain_index = models.CharField(max_length=64, blank=True)
    community = models.ForeignKey(
        Community, null=True, on_delete=models.PROTECT, related_name="links"
    )
    material = models.ForeignKey(
        Material, null=True, on_delete=models.PROTECT, related_name="links"
    )
    found_via = EncryptedTextField(default="")
    added_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects: ClassVar[LinkQuerySet] = LinkQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="link_number_in_case"),
            models.UniqueConstraint(
                fields=["case", "canonical_index"],
                condition=~Q(canonical_index="") & Q(removed_at__isnull=True),
                name="link_once_in_case",
            ),
        ]
        indexes = [
            # exact search, and "known from another case"
            models.Index(fields=["canonical_index"], name="link_by_canonical"),
            models.Index(fields=["item_index"], name="link_by_item"),
            models.Index(fields=["handle_index"], name="link_by_handle"),
            models.Index(fields=["domain_index"], name="link_by_domain"),
        ]

    def __str__(self) -> str:
        return f"link {self.number}"

    @property
    def code(self) -> str:
        return f"{self.case.code} #{self.number}"

    def belongs_to(self, user: User) -> bool:
        return self.case.belongs_to(user)

    @property
    def location(self) -> str:
        """Return what a notice writes: the canonical address, or the place in words."""
        if self.canonical:
            return self.canonical
        return ", ".join(str(value) for value in self.place.values() if value) or self.verbatim


class Check(models.Model):
    """One look. The material itself is never fetched, shown or kept."""

    id = models.BigAutoField(primary_key=True)
    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="checks")
    at = models.DateTimeField()
    result = models.CharField(max_length=10, choices=CheckResult.choices)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    by_machine = models.BooleanField(default=False)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(result__in=CheckResult.values), name="check_known_result"
            )
        ]
        indexes = [models.Index(fields=["link", "-at", "-id"], name="check_by_link")]

    def __str__(self) -> str:
        return f"{self.result} {self.at:%Y-%m-%d %H:%M}"
