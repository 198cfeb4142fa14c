"""What mail servers say became of our mail: reports by RFC 3464, and what others write instead."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum

from flufl.bounce import scan_message

from .parsed import Parsed
from .words import folded

LONGEST_DIAGNOSTIC = 500
LONGEST_SCANNED = 16_000
LONGEST_SCANNED_LINE = 300
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_MAILERS = frozenset({"mailerdaemon", "postmaster", "maildaemon", "mailsystem", "maildelivery"})
_NO_ADDRESS = (
    "user unknown", "unknown user", "no such user", "no such address", "no such recipient",
    "no mailbox here",
    "does not exist", "doesn t exist", "not exist", "unknown recipient", "recipient unknown",
    "recipient not found",
    "address unknown", "unknown address", "invalid recipient", "mailbox unavailable",
    "mailbox not found",
    "no such mailbox", "user not found", "host not found", "domain not found",
    "unrouteable address",
    "unroutable address", "recipient address rejected", "account disabled", "mailbox disabled",
    "wasn t found", "was not found", "address not found", "account inactive", "inactive account",
    "existe pas", "adresse inconnue", "destinataire inconnu", "introuvable",
    "unbekannt", "existiert nicht", "nicht gefunden", "bestaat niet", "onbekend", "non esiste",
    "sconosciuto", "inesistente", "no existe", "no se ha encontrado", "non trovato", "introuvable",
    "desconocid", "not known",
)  # fmt: skip
_FULL = (
    "over quota", "quota exceeded", "exceeded quota", "mailbox full", "mailbox is full",
    "inbox is full",
    "out of storage", "insufficient storage", "storage limit", "exceeded storage", "over its quota",
    "overquota",
    "boite pleine", "boite aux lettres pleine", "boite est pleine", "pleine", "quota depasse",
    "postfach voll",
    "postfach ist voll", "postfach des empfangers ist voll", "ist voll", "kontingent",
    "mailbox vol", "postvak is vol",
    "is vol", "casella piena", "casella e piena", "e piena", "buzon lleno", "buzon esta lleno",
    "esta lleno",
    "esta llen",
)  # fmt: skip
_REFUSED = (
    "spam", "blacklist", "black list", "blocklist", "block list", "blocked", "policy", "reputation",
    "rejected due",
    "unsolicited", "not accepted", "access denied", "content rejected", "prohibited", "refused by",
    "rejected by",
    "not authorized", "unauthenticated", "dmarc", "message size", "too large", "indesirable",
    "rechace", "no deseado",
    "politique", "richtlinie", "richtlijn", "abgelehnt", "geweigerd", "rifiutat", "rechazad",
    "refuse",
)  # fmt: skip
_TEMPORARY = (
    "temporar", "try again", "will be retried", "will retry", "retry", "delayed", "still being",
    "timed out",
    "not yet been delivered", "has not been delivered yet", "greylist", "grey list", "verzogert",
    "vertraagd",
    "retarde", "ritardo", "retrasad", "later", "in ritardo", "connection refused", "expired",
)  # fmt: skip
_SUBJECTS = (
    "undeliver", "delivery status notification", "failure notice", "mail delivery failed",
    "returned mail",
    "delivery failure", "mail delivery failure", "non remis", "echec de la remise", "unzustellbar",
    "onbestelbaar", "mancata consegna", "no se puede entregar", "no entregado",
    "delivery has failed",
    "message not delivered", "nicht zugestellt", "warning message delayed", "delayed mail",
    "notification d etat", "delivery delayed", "delivery problem", "rejected",
)  # fmt: skip
# Enhanced status codes (RFC 3463) that mean something else than their class.
_BY_DETAIL = {
    (1, 8): "refused", (2, 1): "no_such_address", (2, 2): "mailbox_full", (2, 3): "refused",
    (3, 1): "mailbox_full", (3, 4): "refused", (4, 4): "no_such_address",
}  # fmt: skip
_BY_CLASS = {1: "no_such_address", 2: "mailbox_full", 5: "refused", 6: "refused", 7: "refused"}


class Outcome(StrEnum):
    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    COMPLAINT = "complaint"


class Reason(StrEnum):
    """Why it did not arrive; the answer's code follows from it."""

    NO_SUCH_ADDRESS = "no_such_address"
    MAILBOX_FULL = "mailbox_full"
    REFUSED = "refused"
    TEMPORARY = "temporary"
    NONE = ""


ANSWERS = {
    Reason.NO_SUCH_ADDRESS: "bounced_no_such_address",
    Reason.MAILBOX_FULL: "bounced_mailbox_full",
    Reason.TEMPORARY: "bounced_mailbox_full",
    Reason.REFUSED: "bounced_refused",
    Reason.NONE: "",
}


@dataclass(frozen=True, slots=True)
class Bounce:
    """What one report says of one recipient. `status` is an enhanced code (`5.1.1`) or empty.

    `message_ids` are those that the report gives for the mail it is about.
    """

    outcome: Outcome
    reason: Reason = Reason.NONE
    status: str = ""
    recipient: str = ""
    diagnostic: str = ""
    message_ids: tuple[str, ...] = ()
    by_standard: bool = False

    @property
    def answer(self) -> str:
        return ANSWERS[self.reason]

    @property
    def is_final(self) -> bool:
        return self.outcome == Outcome.FAILED and self.reason in {
            Reason.NO_SUCH_ADDRESS,
            Reason.REFUSED,
        }


def look(parsed: Parsed, new_text: str, ours: frozenset[str] = frozenset()) -> Bounce | None:
    """Return what a mail reports of one of ours, or None where it is no report.

    Of several recipients the one counts that fared worst; those in `ours` (our archive) do not.
    """
    ids = _message_ids(parsed)
    if parsed.report_type == "feedback-report" or parsed.feedback:
        to = _address(parsed.feedback.get("original-rcpt-to", ""))
        return Bounce(
            Outcome.COMPLAINT, Reason.REFUSED, recipient=to, message_ids=ids, by_standard=True
        )
    rows = [_of_recipient(row, ids, new_text) for row in parsed.delivery_status]
    found = [row for row in rows if row and row.recipient not in ours]
    if found:
        return min(found, key=lambda row: list(Outcome).index(row.outcome))
    if any(rows):
        return None
    return _by_words(parsed, new_text, ids) if is_from_mailer(parsed) else None


def is_from_mailer(parsed: Parsed) -> bool:
    """Tell whether a mail server wrote it, by its name, its empty return path or its subject."""
    local = parsed.from_address.partition("@")[0].lower()
    if "".join(char for char in local if char.isalnum()) in _MAILERS:
        return True
    subject = folded(parsed.subject[:300])
    is_null = parsed.auto_headers.get("return-path", "").strip() == "<>"
    return is_null and any(words in subject for words in _SUBJECTS)


def _of_recipient(row: Mapping[str, str], ids: tuple[str, ...], text: str) -> Bounce | None:
    action = row.get("action", "").strip().lower()
    recipient = row.get("final-recipient", "") or row.get("original-recipient", "")
    if not action and not recipient:
        return None
    diagnostic = row.get("diagnostic-code", "")[:LONGEST_DIAGNOSTIC]
    status = _status(row.get("status", "")[:60]) or _status(diagnostic)
    outcome = _outcome(action, status)
    reason = Reason.NONE
    if outcome in {Outcome.FAILED, Outcome.DELAYED}:
        reason = _reason(status, diagnostic, text, is_final=outcome == Outcome.FAILED)
    return Bounce(outcome, reason, status, _address(recipient), diagnostic, ids, by_standard=True)


def _outcome(action: str, status: str) -> Outcome:
    known = {
        "delivered": Outcome.DELIVERED, "relayed": Outcome.RELAYED, "expanded": Outcome.RELAYED,
        "delayed": Outcome.DELAYED, "failed": Outcome.FAILED, "failure": Outcome.FAILED,
    }  # fmt: skip
    if action in known:
        return known[action]
    by_class = {"2": Outcome.DELIVERED, "4": Outcome.DELAYED}
    return by_class.get(status[:1], Outcome.FAILED)


def _by_words(parsed: Parsed, text: str, ids: tuple[str, ...]) -> Bounce | None:
    """Read what mail servers write in their own words; flufl.bounce knows their many ways."""
    scanned = "\n".join(line[:LONGEST_SCANNED_LINE] for line in text[:LONGEST_SCANNED].split("\n"))
    addresses = _scanned(parsed, scanned)
    status = _status(scanned)
    words = folded(f"{parsed.subject[:300]} {scanned[:4000]}")
    reason = _reason(status, "", scanned, is_final=not _says(words, _TEMPORARY))
    known = _says(words, _NO_ADDRESS + _FULL + _REFUSED + _TEMPORARY + _SUBJECTS)
    if not (addresses or status or known):
        return None
    is_waiting = reason == Reason.TEMPORARY or status.startswith("4")
    outcome = Outcome.DELAYED if is_waiting else Outcome.FAILED
    return Bounce(outcome, reason, status, addresses[0] if addresses else "", message_ids=ids)


def _scanned(parsed: Parsed, text: str) -> list[str]:
    rebuilt = Message()
    rebuilt["From"] = parsed.from_address.encode("ascii", "replace").decode()
    rebuilt["Subject"] = " ".join(parsed.subject[:300].encode("ascii", "replace").decode().split())
    rebuilt.set_payload(text.encode("ascii", "replace").decode())
    return sorted(address.decode("ascii", "replace").lower() for address in scan_message(rebuilt))


def _reason(status: str, diagnostic: str, text: str, *, is_final: bool) -> Reason:
    """Take the words of the diagnosis where the code is a general one, else the code."""
    detail = _detail(status)
    coded = Reason(_BY_DETAIL.get(detail) or _BY_CLASS.get(detail[0], ""))
    if status.startswith("4"):
        return Reason.MAILBOX_FULL if coded == Reason.MAILBOX_FULL else Reason.TEMPORARY
    is_general = coded == Reason.NONE or detail[1] == 0 or detail == (2, 1)
    worded = _worded(folded(diagnostic)) or (_worded(folded(text[:2000])) if is_general else "")
    if worded and is_general:
        return Reason(worded)
    if worded == Reason.REFUSED and detail[0] == 1 and "spam" in folded(diagnostic):
        return Reason.REFUSED
    if coded:
        return coded
    return Reason.REFUSED if is_final else Reason.TEMPORARY


def _worded(words: str) -> str:
    for reason, phrases in (
        (Reason.MAILBOX_FULL, _FULL),
        (Reason.NO_SUCH_ADDRESS, _NO_ADDRESS),
        (Reason.REFUSED, _REFUSED),
        (Reason.TEMPORARY, _TEMPORARY),
    ):
        if _says(words, phrases):
            return reason
    return ""


def _says(words: str, phrases: tuple[str, ...]) -> bool:
    return any(phrase in words for phrase in phrases)


def _status(text: str) -> str:
    match = _STATUS.search(text)
    return ".".join(match.groups()) if match else ""


def _detail(status: str) -> tuple[int, int]:
    parts = status.split(".")
    return (int(parts[1]), int(parts[2])) if len(parts) == 3 else (0, 0)


def _address(field: str) -> str:
    """Return the address of `rfc822; name@host`."""
    return field.rpartition(";")[2].strip().strip("<>").lower()[:320]


def _message_ids(parsed: Parsed) -> tuple[str, ...]:
    returned = parsed.returned.get("message-id", "").strip()
    given = (returned, *parsed.in_reply_to, *parsed.references)
    return tuple(dict.fromkeys(one for one in given if one))
