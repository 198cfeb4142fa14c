"""The organisation, its teams and its people."""

import uuid
from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core.sealed import EncryptedTextField, SealedModel


class Security(models.TextChoices):
    """How the connection to the submission server is protected."""

    STARTTLS = "starttls", _("STARTTLS (usual, port 587)")
    TLS = "tls", _("TLS from the start (port 465)")
    NONE = "none", _("None (this machine only)")


class Organisation(SealedModel):
    """The one organisation of this deployment: what notices are signed with, and how they leave."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    name = models.CharField(max_length=200)
    postal_address = models.TextField(max_length=500)
    country = models.CharField(max_length=2)
    phone = models.CharField(max_length=40)
    signatory_name = models.CharField(max_length=120)
    signatory_role = models.CharField(max_length=120)
    role_mailbox = models.EmailField()
    archive_address = models.EmailField()
    reply_domain = models.CharField(max_length=253)
    zone = models.CharField(max_length=60, default="UTC")
    dmca_enabled = models.BooleanField(default=False)
    submission_host = models.CharField(max_length=253, blank=True)
    submission_port = models.PositiveIntegerField(default=587)
    submission_security = models.CharField(
        max_length=10, choices=Security.choices, default=Security.STARTTLS
    )
    submission_username = models.CharField(max_length=254, blank=True)
    submission_password = EncryptedTextField(default="")
    sending_stopped_at = models.DateTimeField(null=True)
    sending_stopped_by = models.CharField(max_length=200, blank=True)
    # The checker visits other people's servers: nobody does that without having switched it on.
    checker_on = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False, editable=False)
    set_up_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(only=True), name="organisation_is_one_row"),
            models.CheckConstraint(
                condition=models.Q(submission_security__in=Security.values),
                name="organisation_known_security",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> "Organisation | None":
        """Return the organisation, or None before the first-run set-up."""
        return cls.objects.first()

    def local_zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def day_at(self, at: datetime) -> date:
        """Return the day that the office has at this moment: mandates and channels go by it."""
        return at.astimezone(self.local_zone()).date()


class Team(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class Theme(models.TextChoices):
    AUTO = "auto", _("Like my device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Digest(models.TextChoices):
    """How often somebody is told by mail what waits for her."""

    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("On Mondays")
    NONE = "none", _("Never")


class User(AbstractBaseUser):
    """A member of staff. The person a case is about never has an account."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("E-mail"), unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=Role.choices)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="members")
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=8, default="en")
    zone = models.CharField(max_length=60, default="UTC")
    theme = models.CharField(max_length=5, choices=Theme.choices, default=Theme.AUTO)
    single_keys = models.BooleanField(default=True)
    digest = models.CharField(max_length=6, choices=Digest.choices, default=Digest.DAILY)
    digest_hour = models.PositiveSmallIntegerField(default=8)
    # Hours of the own zone between which no mail comes; the night may pass midnight.
    quiet_from = models.PositiveSmallIntegerField(default=20)
    quiet_until = models.PositiveSmallIntegerField(default=7)
    # Looking at live pages is for those who said yes to it.
    opens_links = models.BooleanField(default=False)
    date_joined = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="user_known_role"
            ),
            models.CheckConstraint(
                condition=models.Q(digest__in=Digest.values), name="user_known_digest"
            ),
            models.CheckConstraint(
                condition=models.Q(digest_hour__lt=24, quiet_from__lt=24, quiet_until__lt=24),
                name="user_hours_of_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def local_zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class Invitation(models.Model):
    """A seat offered to an address; the link's secret is stored as a hash only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=Role.choices)
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="invitation_known_role"
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.id}"

    def is_open(self, at: datetime) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and at < self.expires_at
