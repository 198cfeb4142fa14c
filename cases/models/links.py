"""Where material is, and every look whether it is still there."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.access import reach
from accounts.models import User
from cases.link_states import LinkState, state_of
from cases.models.case import Case, Material, OfCase
from cases.states import CheckResult, Pathway
from core.sealed import EncryptedJSONField, EncryptedTextField
from platforms.models import Community, Platform


class LinkQuerySet(models.QuerySet["Link"]):
    def visible_to(self, user: User) -> "LinkQuerySet":
        """Return the links of cases that this person may open; to a volunteer those of her notices.

        Links of the minors' pathway stay hidden from volunteers whatever they work on.
        """
        if reach(user, "case.view"):
            return self.filter(case__in=Case.objects.visible_to(user))
        if reach(user, "link.check"):
            hers = self.model.sent_out().filter(notice__taken_by=user)
            return self.filter(Exists(hers), case__pathway=Pathway.ADULT)
        return self.none()

    def current(self) -> "LinkQuerySet":
        return self.filter(removed_at=None)

    def with_last_check(self) -> "LinkQuerySet":
        """Annotate `last_result` and `last_checked_at` from the newest look that says something.

        A machine's "can't tell" says nothing: it never hides what was seen before it.
        """
        newest = Check.telling().filter(link=OuterRef("pk")).order_by("-at", "-id")
        facts: dict[str, Any] = {
            "last_result": Subquery(newest.values("result")[:1]),
            "last_checked_at": Subquery(newest.values("at")[:1]),
        }
        return self.annotate(**facts)

    def with_state_facts(self) -> "LinkQuerySet":
        """Annotate all that `Link.state` needs, so that a list asks once for every row."""
        gone = Check.objects.filter(
            link=OuterRef("pk"), undone_at=None, result=CheckResult.GONE
        ).order_by("-at", "-id")
        sent = self.model.sent_out().exclude(sent_at=None).order_by("-sent_at")
        said = sent.filter(claimed="gone", first_seen_gone_at=None).order_by("-decided_at")
        silent = sent.filter(answered_at=None, decided_at=None).exclude(first_seen_gone_at=None)
        facts: dict[str, Any] = {
            "was_gone": Exists(gone),
            "last_gone_at": Subquery(gone.values("at")[:1]),
            "last_sent_at": Subquery(sent.values("sent_at")[:1]),
            "says_gone_at": Subquery(said.values("decided_at")[:1]),
            "went_silently": Exists(silent),
        }
        return self.with_last_check().annotate(**facts)

    def with_watch_facts(self) -> "LinkQuerySet":
        """Annotate what the plan of the checker needs."""
        looks = Check.objects.filter(link=OuterRef("pk"), undone_at=None).order_by("-at", "-id")
        sent = self.model.sent_out().filter(stopped_at=None).exclude(sent_at=None)
        gone = sent.exclude(first_seen_gone_at=None)
        since = gone.annotate(since=Coalesce("reappeared_at", "first_seen_gone_at"))
        facts: dict[str, Any] = {
            "last_looked_at": Subquery(looks.values("at")[:1]),
            "is_followed": Exists(sent.filter(notice__status="sent", first_seen_gone_at=None)),
            "watched_since": Subquery(since.order_by("-since").values("since")[:1]),
        }
        return self.with_last_check().annotate(**facts)

    def back_again(self) -> "LinkQuerySet":
        """Return links that were gone and that the newest look found online."""
        gone = Check.objects.filter(link=OuterRef("pk"), undone_at=None, result=CheckResult.GONE)
        newest = Check.telling().filter(link=OuterRef("pk")).order_by("-at", "-id")
        seen = self.current().annotate(newest_result=Subquery(newest.values("result")[:1]))
        return seen.filter(Exists(gone), newest_result=CheckResult.ONLINE)


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
    # When the checker looks next; empty while it has no business here.
    next_check_at = models.DateTimeField(null=True)

    # What `with_state_facts()` adds to a row.
    last_result: str | None
    last_checked_at: datetime | None
    last_gone_at: datetime | None
    last_sent_at: datetime | None
    was_gone: bool
    says_gone_at: datetime | None
    went_silently: bool
    # What `with_watch_facts()` adds.
    last_looked_at: datetime | None
    is_followed: bool
    watched_since: datetime | None

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
            # the checker's tick: what is due for a look
            models.Index(
                fields=["next_check_at"],
                condition=Q(next_check_at__isnull=False),
                name="link_to_check",
            ),
        ]

    def __str__(self) -> str:
        return f"link {self.number}"

    @classmethod
    def sent_out(cls) -> "models.QuerySet[Any]":
        """Return, for use inside a query of links, what notices hold about the link at hand."""
        held: models.QuerySet[Any] = cls._meta.get_field("outcomes").related_model._base_manager  # type: ignore[union-attr,assignment]
        return held.filter(link=OuterRef("pk"))

    @property
    def state(self) -> LinkState:
        """Return what its looks and notices amount to. The query needs `with_state_facts()`."""
        return state_of(self.last_result, self.last_checked_at, self.last_sent_at, self.was_gone)

    @property
    def last_seen_as(self) -> str:
        """Return the newest look that says something in words, or nothing before the first."""
        return str(CheckResult(self.last_result).label) if self.last_result else ""

    @property
    def is_said_gone_but_online(self) -> bool:
        """Tell whether the platform says "removed" and the newest look after that found it."""
        if self.state != LinkState.ONLINE or not self.says_gone_at or not self.last_checked_at:
            return False
        return self.last_checked_at > self.says_gone_at

    @property
    def is_gone_without_a_word(self) -> bool:
        return self.state == LinkState.GONE and self.went_silently

    @property
    def can_be_opened(self) -> bool:
        """Tell whether a browser may be sent there: a web page, and no link that hides another."""
        return not self.problem and self.canonical.startswith(("http://", "https://"))

    @property
    def code(self) -> str:
        return f"{self.case.code} #{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("cases:link", args=[self.case.code, self.number])

    def belongs_to(self, user: User) -> bool:
        return type(self).objects.visible_to(user).filter(pk=self.pk).exists()

    @property
    def short(self) -> str:
        """Return the location without its scheme: short enough for a list, and nothing opens it."""
        return self.location.removeprefix("https://").removeprefix("www.")

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
    # What the machine met: an HTTP status ("404") or a word ("timeout", "sign_in", "refused").
    met = models.CharField(max_length=20, blank=True)
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

    @classmethod
    def telling(cls) -> "models.QuerySet[Check]":
        """Return the looks that say something of a link, and were not taken back."""
        silent = Q(by_machine=True, result=CheckResult.UNCLEAR)
        return cls.objects.filter(undone_at=None).exclude(silent)
