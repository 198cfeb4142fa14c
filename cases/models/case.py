"""A case, the person it is about, and what she agreed to."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import reach
from accounts.models import Team, User
from cases.states import (
    CASE_MOVES,
    CaseStatus,
    CloseReason,
    MandateForm,
    Pathway,
    YesNo,
)
from core.sealed import EncryptedJSONField, EncryptedTextField, SealedModel


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> "CaseQuerySet":
        """Return the cases whose page this person may open: her own, her team's, or all."""
        how_far = reach(user, "case.view")
        if how_far == "all":
            return self
        if how_far == "own":
            return self.filter(Q(advocate=user) | Q(team=user.team_id))
        return self.none()

    def open(self) -> "CaseQuerySet":
        return self.filter(status__in=[CaseStatus.NEW, CaseStatus.ACTIVE, CaseStatus.PAUSED])


class Case(SealedModel):
    """One person's request. Its key opens everything that belongs to it."""

    code = models.CharField(max_length=7, unique=True)
    status = models.CharField(
        max_length=10, choices=CaseStatus.choices, default=CaseStatus.NEW, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    pathway = models.CharField(max_length=10, choices=Pathway.choices, default=Pathway.ADULT)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="cases")
    advocate = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="own_cases"
    )
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(max_length=20, choices=CloseReason.choices, blank=True)
    notices_made = models.PositiveIntegerField(default=0, editable=False)
    links_made = models.PositiveIntegerField(default=0, editable=False)

    country = models.CharField(max_length=6, blank=True)
    language = models.CharField(max_length=8, blank=True)
    under_18 = models.CharField(max_length=6, choices=YesNo.choices, blank=True)
    self_taken = models.CharField(max_length=6, choices=YesNo.choices, blank=True)
    content_kinds = models.JSONField(default=list)
    wants = models.JSONField(default=list)
    note = EncryptedTextField(default="")
    answers = EncryptedJSONField(default=dict)
    reporter = EncryptedJSONField(default=dict)

    objects: ClassVar[CaseQuerySet] = CaseQuerySet.as_manager()  # type: ignore[assignment]

    MOVES: ClassVar[dict[str, frozenset[str]]] = CASE_MOVES

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=CaseStatus.values), name="case_known_status"
            ),
            models.CheckConstraint(
                condition=Q(pathway__in=Pathway.values), name="case_known_pathway"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["closed", "erased"])
                | (Q(closed_at__isnull=False) & ~Q(close_reason="")),
                name="case_closed_has_reason",
            ),
            # "unsure" counts as under 18: ordinary notices stay shut until somebody knows better.
            models.CheckConstraint(
                condition=~Q(under_18__in=["yes", "unsure"]) | Q(pathway="minor"),
                name="case_under_18_is_minor_pathway",
            ),
        ]
        indexes = [
            # the case list of a team, newest change first
            models.Index(fields=["team", "-changed_at", "-id"], name="case_by_team"),
            models.Index(fields=["advocate", "-changed_at", "-id"], name="case_by_advocate"),
            models.Index(fields=["-changed_at", "-id"], name="case_by_change"),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("cases:detail", args=[self.code])

    def timeline_case(self) -> "Case":
        return self

    def belongs_to(self, user: User) -> bool:
        return self.advocate_id == user.pk or self.team_id == user.team_id

    @property
    def keeper(self) -> User | None:
        """Return her advocate, if that seat can still keep cases: else the coordinators act."""
        advocate = self.advocate
        return advocate if advocate and reach(advocate, "case.edit") else None

    @property
    def is_open(self) -> bool:
        return self.status in {CaseStatus.NEW, CaseStatus.ACTIVE, CaseStatus.PAUSED}

    @property
    def is_minor_pathway(self) -> bool:
        return self.pathway == Pathway.MINOR


class OfCase(SealedModel):
    """A row that belongs to a case and is sealed with the case's key."""

    class Meta:
        abstract = True

    def shared_key(self) -> UUID | None:
        case: Case = self.case  # type: ignore[attr-defined]
        return case.ensure_key()


class Person(OfCase):
    """Who the case is about. `contacts`: {phone, email, postal, other}; `safe`: see contact.py."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="person")
    alias = EncryptedTextField(default="")
    alias_index = models.CharField(max_length=64, blank=True, db_index=True)
    legal_name = EncryptedTextField(default="")
    pronoun = models.CharField(max_length=4, default="they")
    contacts = EncryptedJSONField(default=dict)
    safe = EncryptedJSONField(default=dict)
    safe_summary = EncryptedTextField(default="")
    no_contact = models.BooleanField(default=False)
    safe_confirmed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    def __str__(self) -> str:
        return f"person of {self.case_id}"


class Mandate(OfCase):
    """What she agreed to, as one act on one day.

    `purposes`: values of Purpose. `platforms`: platform keys, empty = any. `fields`: values of
    MandateField that may be told to these platforms. Never changed: a change is a withdrawal and a
    new row.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="mandates")
    purposes = models.JSONField(default=list)
    refused = models.JSONField(default=list)
    platforms = models.JSONField(default=list)
    fields = models.JSONField(default=list)
    form = models.CharField(max_length=10, choices=MandateForm.choices)
    given_on = models.DateField()
    until = models.DateField(null=True)
    text_version = models.CharField(max_length=20, default="1")
    language = models.CharField(max_length=8, default="en")
    kept_where = EncryptedTextField(default="")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(form__in=MandateForm.values), name="mandate_known_form"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("given_on")),
                name="mandate_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"mandate of {self.given_on}"


class Material(OfCase):
    """A name for one thing that circulates ("blue room video"): never the thing itself."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="materials")
    name = EncryptedTextField()
    made_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = _("materials")

    def __str__(self) -> str:
        return f"material of {self.case_id}"
