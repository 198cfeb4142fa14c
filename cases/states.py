"""Closed lists of the cases app, and the moves that a case may make."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CaseStatus(TextChoices):
    NEW = "new", _("New")
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    CLOSED = "closed", _("Closed")
    ERASED = "erased", _("Erased")


CASE_MOVES: dict[str, frozenset[str]] = {
    CaseStatus.NEW: frozenset({CaseStatus.ACTIVE, CaseStatus.PAUSED, CaseStatus.CLOSED}),
    CaseStatus.ACTIVE: frozenset({CaseStatus.PAUSED, CaseStatus.CLOSED}),
    CaseStatus.PAUSED: frozenset({CaseStatus.ACTIVE, CaseStatus.CLOSED}),
    CaseStatus.CLOSED: frozenset({CaseStatus.ACTIVE, CaseStatus.ERASED}),
    CaseStatus.ERASED: frozenset(),
}


class Pathway(TextChoices):
    ADULT = "adult", _("Adult")
    MINOR = "minor", _("Under 18 route")


class CloseReason(TextChoices):
    ALL_GONE = "all_gone", _("All gone, and quiet for 30 days")
    WITHDREW = "withdrew", _("The person withdrew")
    NOTHING_POSSIBLE = "nothing_possible", _("Nothing more is possible")
    HANDED_OVER = "handed_over", _("Handed over to somebody else")
    DUPLICATE = "duplicate", _("The same as another case")
    MISTAKE = "mistake", _("Opened by mistake")


class YesNo(TextChoices):
    """An answer that may not have been asked for yet."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNSURE = "unsure", _("Unsure")
    NOT_ASKED = "", _("Not asked")


class ContentKind(TextChoices):
    PHOTO = "photo", _("Photo")
    VIDEO = "video", _("Video")
    SYNTHETIC = "synthetic", _("Edited or made with AI")
    PERSONAL_DETAILS = "personal_details", _("Personal details posted too")
    IMPERSONATION = "impersonation", _("An account pretending to be the person")


class Want(TextChoices):
    REMOVAL = "removal", _("Removal")
    EVIDENCE = "evidence", _("Evidence for the police")
    TALK = "talk", _("Someone to talk to")
    ADVICE = "advice", _("Advice only")


class Purpose(TextChoices):
    """What a mandate can be given for."""

    KEEP_CASE = "keep_case", _("Keep a case")
    WRITE = "write", _("Write to platforms in the organisation's name")
    SIGN = "sign", _("Sign on the person's behalf")
    NAME = "name", _("Name the person to the platform")
    COPYRIGHT = "copyright", _("Act for the owner of the copyright")
    FINGERPRINTS = "fingerprints", _("Send fingerprints of the material")
    POLICE = "police", _("Share with the police")
    REGULATOR = "regulator", _("Escalate to a regulator")
    STATISTICS = "statistics", _("Count anonymously in statistics")
    RESEARCH = "research", _("Be contacted for research")


class MandateField(TextChoices):
    """Data about the person that a mandate may let out."""

    LEGAL_NAME = "legal_name", _("Legal name")
    ALIAS = "alias", _("The name used here")
    EMAIL = "email", _("E-mail address")
    PHONE = "phone", _("Phone number")
    POSTAL = "postal", _("Postal address")
    AGE_STATEMENT = "age_statement", _("A statement of age")
    ACCOUNT_NAMES = "account_names", _("Own account names")


class MandateForm(TextChoices):
    SPOKEN = "spoken", _("Spoken")
    WRITTEN = "written", _("Written")


class CheckResult(TextChoices):
    ONLINE = "online", _("Still online")
    GONE = "gone", _("Gone")
    # A machine's first sight of it: nothing counts it as gone until a second one agrees.
    LOOKS_GONE = "looks_gone", _("Looks gone")
    HERE_ONLY = "here_only", _("Gone here only")
    DELISTED = "delisted", _("Delisted")
    UNCLEAR = "unclear", _("Can't tell")


class TaskKind(TextChoices):
    CALL_BACK = "call_back", _("Call back")
    ASK_LATER = "ask_later", _("Ask the person")
    SUBMIT_FORM = "submit_form", _("Submit by hand")
    DELIVERY_FAILED = "delivery_failed", _("Not delivered")
    DELIVERY_DELAYED = "delivery_delayed", _("Delivery is delayed")
    DELIVERY_UNCONFIRMED = "delivery_unconfirmed", _("Did it leave?")
    MINOR_ROUTE = "minor_route", _("Under 18 route")
    SHARED_LINK = "shared_link", _("A link stands in two cases")
    REPLY_UNREAD = "reply_unread", _("Read the reply")
    CHANNEL_BROKEN = "channel_broken", _("Find another address")
    LOOK_NOW = "look_now", _("Look now")
    ESCALATE = "escalate", _("Decide the next step")
    OTHER = "other", _("To do")


# What is true of its subject until it is done: a second open row would ask for the same thing.
ASKED_ONCE = (
    TaskKind.DELIVERY_FAILED,
    TaskKind.DELIVERY_DELAYED,
    TaskKind.DELIVERY_UNCONFIRMED,
    TaskKind.REPLY_UNREAD,
    TaskKind.CHANNEL_BROKEN,
    TaskKind.ESCALATE,
)


class EventShape(TextChoices):
    """The mark of a timeline entry: shapes differ, not only colours."""

    SENT = "sent", _("Sent")
    RECEIVED = "received", _("Received")
    DEADLINE = "deadline", _("Deadline missed")
    GONE = "gone", _("Gone")
    CONTACT = "contact", _("Contact")
    LINK = "link", _("Link")
    INTERNAL = "internal", _("Internal")
