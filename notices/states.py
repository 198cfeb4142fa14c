"""Closed lists of the notices app, and the moves that a notice and a delivery may make."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NoticeStatus(TextChoices):
    DRAFTED = "drafted", _("Drafted")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    SENT = "sent", _("Sent")
    DONE = "done", _("Done")
    WITHDRAWN = "withdrawn", _("Withdrawn")


NOTICE_MOVES: dict[str, frozenset[str]] = {
    NoticeStatus.DRAFTED: frozenset({NoticeStatus.IN_REVIEW, NoticeStatus.WITHDRAWN}),
    NoticeStatus.IN_REVIEW: frozenset(
        {NoticeStatus.APPROVED, NoticeStatus.DRAFTED, NoticeStatus.WITHDRAWN}
    ),
    NoticeStatus.APPROVED: frozenset(
        {NoticeStatus.SENT, NoticeStatus.DRAFTED, NoticeStatus.WITHDRAWN}
    ),
    NoticeStatus.SENT: frozenset({NoticeStatus.DONE, NoticeStatus.WITHDRAWN}),
    NoticeStatus.DONE: frozenset(),
    NoticeStatus.WITHDRAWN: frozenset(),
}


class Tone(TextChoices):
    STANDARD = "standard", _("Standard")
    FIRM = "firm", _("Firm")
    SECOND = "second", _("Second notice")


class DeliveryKind(TextChoices):
    NOTICE = "notice", _("Notice")
    REMINDER = "reminder", _("Reminder")
    ANSWER = "answer", _("Answer")


class DeliveryState(TextChoices):
    """Where an attempt to get something out of the house stands.

    `cancelled`: undone while held, or ended by a withdrawal; nothing left.
    """

    HELD = "held", _("Held")
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    DEFERRED = "deferred", _("Waiting to try again")
    UNCONFIRMED = "unconfirmed", _("Unconfirmed")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


# Not in a worker's hands: it can still be taken back.
NOT_CLAIMED = (DeliveryState.HELD, DeliveryState.QUEUED, DeliveryState.DEFERRED)


class Phase(TextChoices):
    """How far a claim got. From `DATA` on nobody can know from here whether the mail left."""

    NONE = "", _("Not started")
    CLAIMED = "claimed", _("Claimed")
    DATA = "data", _("Handed over")
    DONE = "done", _("Answered")


class Direction(TextChoices):
    RECEIVED = "received", _("Received")
    SENT = "sent", _("Sent")


class MailState(TextChoices):
    """How far a received mail got. It is stored before anybody tries to understand it.

    `set_aside`: could not be read, and a person decided that nobody has to.
    """

    STORED = "stored", _("Stored")
    UNDERSTOOD = "understood", _("Understood")
    QUARANTINED = "quarantined", _("Could not be read")
    SET_ASIDE = "set_aside", _("Set aside")


class Source(TextChoices):
    """By which door a mail came in."""

    SMTP = "smtp", _("Our own receiver")
    IMAP = "imap", _("The mailbox")
    FILES = "files", _("Read from files")


class Genuineness(TextChoices):
    """Whether the mail comes from whom it says it does."""

    VERIFIED = "verified", _("Verified")
    UNVERIFIED = "unverified", _("Unverified")
    FORGED = "forged", _("Forged")


class ReminderKind(TextChoices):
    """A mail or form that reminds them, or the question to a person how to go on."""

    CHASE = "chase", _("Reminder")
    ESCALATE = "escalate", _("Decide the next step")


class ReminderState(TextChoices):
    """Where one follow-up stands.

    `planned`: its moment has not come, or the tick has not seen it. `blocked`: an unread reply or
    a question of theirs comes first. `proposed`: a person decides. `made`: its mail is in the
    outbox or it was sent by hand, or the task stands. `dropped`: nothing is to be chased any more,
    or a person left this one out.
    """

    PLANNED = "planned", _("Planned")
    BLOCKED = "blocked", _("Waiting for us")
    PROPOSED = "proposed", _("To decide")
    MADE = "made", _("Made")
    DROPPED = "dropped", _("Dropped")


# A follow-up that may still come.
PENDING = (ReminderState.PLANNED, ReminderState.BLOCKED, ReminderState.PROPOSED)


class Via(TextChoices):
    """By which way an answer came; all of them count alike."""

    MAIL = "mail", _("E-mail")
    PORTAL = "portal", _("Their form or portal")
    PHONE = "phone", _("Phone")
    POST = "post", _("Post")


class WithdrawnReason(TextChoices):
    """Why a notice was stopped."""

    MANDATE = "mandate", _("The person withdrew what was agreed")
    CASE_CLOSED = "case_closed", _("The case was closed")
    REFUSED = "refused", _("Refused in review")
    NOT_NEEDED = "not_needed", _("Not needed any more")
    OTHER_GROUND = "other_ground", _("Another notice takes its place")


class Endpoint(TextChoices):
    """The moments whose time is measured."""

    GONE = "gone", _("Seen gone")
    ACKNOWLEDGED = "acknowledged", _("Automatic receipt")
    ANSWERED = "answered", _("First human answer")
    DECIDED = "decided", _("Decision")


ENDPOINT_FIELDS: dict[str, str] = {
    Endpoint.GONE: "first_seen_gone_at",
    Endpoint.ACKNOWLEDGED: "acknowledged_at",
    Endpoint.ANSWERED: "answered_at",
    Endpoint.DECIDED: "decided_at",
}


class StopReason(TextChoices):
    """Why a link in a notice is no longer followed."""

    PERSON_WITHDREW = "person_withdrew", _("The person withdrew")
    WE_STOPPED = "we_stopped", _("We stopped following")
    UPLOADER_DELETED = "uploader_deleted", _("Deleted by the uploader")
    PLACE_CLOSED = "place_closed", _("Account or community closed")
    IMPORTED = "imported", _("As the spreadsheet says")
