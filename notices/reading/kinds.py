"""Which of the eight kinds a mail is, and which answer of the catalogue, by what it says.

Where two readings contradict each other it is "other": a person reads it anyway.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from . import removal
from .automatic import Automatic
from .bounces import Bounce, Outcome, is_from_mailer
from .parsed import Parsed
from .removal import Said
from .rules import Hits, languages, look
from .words import Sentence, sentences

OTHER = "other"
RECEIPT = "automatic_receipt"
LONGEST_TEXT = 12_000
MOST_SENTENCES = 150
# What says less than "gone" may stand beside "it stays online": that is its point.
LESS = ("partially_removed", "removed_geo", "delisted", "visibility_restricted")
GONE = ("already_gone", "removed", "account_or_group_actioned", "hash_banked")
IDENTITY = ("verification_images_requested", "identity_requested")
# That the material follows their rules: a refusal, unless it says that it does not.
COMPLIES = "complies"
REFUSED = (
    "refused_no_violation", COMPLIES, "refused_court_order", "refused_not_authorised",
    "refused_private_area", "refused_cannot_see", "refused_contact_uploader",
    "refused_not_rights_holder", "refused_jurisdiction", "refused_wrong_language",
    "refused_duplicate", "refused_incomplete", "refused_out_of_scope",
)  # fmt: skip
APART = (
    "counter_notice", "restored", "complaint_upheld", "complaint_rejected", "regulator_ack",
    "court_order_issued",
)  # fmt: skip
RECEIPTS = ("ticket_assigned", "out_of_office", "ack_auto")
# What a receipt may consist of for nobody to have to read it.
COURTESY = "courtesy"
BARE = frozenset({"ticket_assigned", "ack_auto", COURTESY})
# What tells a person's voice; a single word that may stand in any sentence.
SIGNS = frozenset({"voice", "matter"})
LONGEST_BARE, ADDRESS = 200, re.compile(r"\w@\w|://|www\.", re.I)
HUMAN = ("forwarded_to_customer", "ack_human")
ACKNOWLEDGING = (RECEIPT, "human_answer")
BOUNCED = ("bounced_mailbox_full", "bounced_no_such_address", "bounced_refused")
# Rules that are no answer of their own but a sign of one.
QUESTION = "question"
NOT_RECEIVED = "not_received"
STANDS_FOR = {
    "out_of_office": "ack_auto",
    QUESTION: "info_requested",
    NOT_RECEIVED: "info_requested",
    COMPLIES: "refused_no_violation",
}
_FAMILIES = {
    **dict.fromkeys(REFUSED, "refused"),
    "refused_no_reason": "refused",
    **dict.fromkeys(IDENTITY, "demands_identity"),
    **dict.fromkeys(
        ("info_requested", "authority_requested", "wrong_channel", QUESTION, NOT_RECEIVED),
        "wants_more",
    ),
    **dict.fromkeys(RECEIPTS, RECEIPT),
    **dict.fromkeys(HUMAN, "human_answer"),
    **dict.fromkeys((*BOUNCED, "bounced_not_read"), "bounce"),
    **dict.fromkeys((*LESS, *GONE), "says_removed"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a mail is. `answer` is empty where no code of the catalogue is sure enough.

    `phrase` is the sentence that made it so; `reasons` are codes. `is_bare`: a program's receipt in
    which every sentence is known to say no more than that something came in.
    """

    kind: str
    answer: str = ""
    phrase: str = ""
    reasons: tuple[str, ...] = ()
    is_bare: bool = False


@dataclass(slots=True)
class Evidence:
    """The first sentence for each answer, and for each claim about the material.

    Not `is_whole`: the mail is longer than what was read of it. Not `is_bare`: a sentence says
    something else than a receipt does, or nobody knows what it says.
    """

    said: dict[str, str] = field(default_factory=dict)
    claimed: dict[str, str] = field(default_factory=dict)
    is_whole: bool = True
    is_bare: bool = True

    def first(self, *codes: str) -> str:
        return next((code for code in codes if code in self.said), "")

    def kind(self, code: str, *reasons: str) -> Kind:
        phrase = self.claimed.get(code) or self.said.get(code, "")
        return Kind(family(code), STANDS_FOR.get(code, code), phrase, reasons)


def family(code: str) -> str:
    return _FAMILIES.get(code, OTHER)


def decide(parsed: Parsed, text: str, automatic: Automatic, bounce: Bounce | None) -> Kind:
    """Read the new text of a mail. That they never received ours is a reason beside any kind."""
    if bounce is not None:
        return _of_bounce(bounce, text)
    found = gather(text[:LONGEST_TEXT])
    found.is_whole = found.is_whole and len(text) <= LONGEST_TEXT
    kind = _kind(parsed, found, automatic)
    if kind.answer in BARE and found.first(kind.answer):
        return replace(kind, is_bare=bool(automatic) and found.is_whole and found.is_bare)
    if NOT_RECEIVED not in found.said:
        return kind
    return replace(kind, reasons=(*kind.reasons, NOT_RECEIVED))


def _kind(parsed: Parsed, found: Evidence, automatic: Automatic) -> Kind:
    if is_from_mailer(parsed) and found.first(*BOUNCED):
        return found.kind(found.first(*BOUNCED), "mailer")
    for step in (_apart, _removed, _asks, _refuses, _receives):
        kind = step(found, automatic)
        if kind is not None:
            return kind
    return _rest(parsed, found, automatic)


def gather(text: str) -> Evidence:
    """Look at every sentence in every language."""
    found = Evidence()
    before: Sentence | None = None
    for number, sentence in enumerate(sentences(text)):
        if number == MOST_SENTENCES:
            found.is_whole = False
            break
        hits_by_language = look(sentence.folded)
        for code, hits in hits_by_language.items():
            _note(found, Said(sentence, before, languages()[code], hits))
        found.is_bare = found.is_bare and _is_bare(sentence, hits_by_language)
        before = sentence
    return found


def _is_bare(sentence: Sentence, hits: Mapping[str, Hits]) -> bool:
    """Tell whether a sentence is known to be of a receipt, and asks nothing.

    An address in it is something to be clicked or written to.
    """
    answers = {answer for one in hits.values() for answer in one.answers} - SIGNS
    if sentence.is_question or len(sentence.written) > LONGEST_BARE or not answers <= BARE:
        return False
    if ADDRESS.search(sentence.written) or any(one.claims for one in hits.values()):
        return False
    if COURTESY in answers:
        return True
    words, known = sentence.folded, languages().values()
    spoken = [languages()[code] for code in hits] if answers else known
    if not answers and not any(one.estimates.occur(words) for one in known):
        return False
    doubts = (doubt for one in spoken for doubt in (one.asks, one.demands, one.negations))
    return not any(doubt.occur(words) for doubt in doubts)


def _note(found: Evidence, said: Said) -> None:
    claimed = removal.claim(said)
    for answer in _answers(said):
        if not (claimed in GONE and family(answer) == "refused"):
            found.said.setdefault(answer, said.sentence.written)
    if said.sentence.is_question and not said.language.content.isdisjoint(
        said.sentence.folded.split()
    ):
        found.said.setdefault(QUESTION, said.sentence.written)
    if claimed:
        found.claimed.setdefault(claimed, said.sentence.written)
    if removal.speaks_against(said):
        found.claimed.setdefault(removal.CONTRARY, said.sentence.written)


def _answers(said: Said) -> Iterator[str]:
    """Yield the answers that a sentence gives, but for families that it leaves in doubt.

    "We never received your notice" acknowledges nothing, whatever words of a receipt are in it.
    """
    doubted: dict[str, bool] = {}
    never = NOT_RECEIVED in said.hits.answers
    for code in said.hits.answers:
        if code == COMPLIES and said.language.negations.occur(said.sentence.folded):
            continue
        kind = NOT_RECEIVED if code == NOT_RECEIVED else family(code)
        if never and kind in ACKNOWLEDGING:
            continue
        if kind not in doubted:
            doubts = said.language.doubts.get(kind)
            doubted[kind] = doubts is not None and doubts.occur(said.sentence.folded)
        if not doubted[kind]:
            yield code


def _of_bounce(bounce: Bounce, text: str) -> Kind:
    reason = f"report_{bounce.outcome}"
    if bounce.outcome in {Outcome.DELIVERED, Outcome.RELAYED}:
        return Kind(OTHER, "", bounce.status, (reason,))
    first = next((line.strip() for line in text.split("\n") if line.strip()), "")
    return Kind("bounce", bounce.answer, bounce.diagnostic or first[:300], (reason,))


def _apart(found: Evidence, automatic: Automatic) -> Kind | None:
    code = found.first(*APART)
    return found.kind(code) if code else None


def _removed(found: Evidence, automatic: Automatic) -> Kind | None:
    """Say removed only when nothing else in the mail speaks against it."""
    less = next((code for code in LESS if code in found.claimed), "")
    gone = next((code for code in GONE if code in found.claimed), "")
    if not (less or gone):
        return None
    if found.first(*IDENTITY, "info_requested", "authority_requested"):
        return _mixed(found, less or gone)
    if less and found.is_whole:
        return found.kind(less)
    if not found.is_whole or removal.CONTRARY in found.claimed:
        return _mixed(found, less or gone)
    if found.first(*REFUSED, "refused_no_reason"):
        return _mixed(found, gone)
    return found.kind(gone)


def _mixed(found: Evidence, code: str) -> Kind:
    return Kind(OTHER, "", found.claimed[code], ("contradicts_itself",))


def _asks(found: Evidence, automatic: Automatic) -> Kind | None:
    """What they want from us. A program's receipt asks for nothing but identity and authority."""
    code = found.first(*IDENTITY, "authority_requested")
    if not code and not (automatic and found.first(*RECEIPTS)):
        code = found.first("bounced_not_read", "wrong_channel", NOT_RECEIVED)
        code = code or found.first("info_requested", QUESTION)
        if code in {"info_requested", QUESTION} and found.first(*REFUSED[:-2]):
            code = ""
    return found.kind(code) if code else None


def _refuses(found: Evidence, automatic: Automatic) -> Kind | None:
    code = found.first(*REFUSED)
    if code == "refused_out_of_scope" and found.first("forwarded_to_customer"):
        return None
    if not code and not found.first(*HUMAN):
        code = found.first("refused_no_reason")
    return found.kind(code) if code else None


def _receives(found: Evidence, automatic: Automatic) -> Kind | None:
    code = found.first("forwarded_to_customer")
    if not code and not automatic:
        code = found.first("ack_human", *RECEIPTS)
    if not code:
        code = found.first(*RECEIPTS, "ack_human")
        if code == "ack_human":
            code = "ack_auto" if automatic else code
    return found.kind(code, *filter(None, [automatic.reason])) if code else None


def _rest(parsed: Parsed, found: Evidence, automatic: Automatic) -> Kind:
    subject = gather(f"{parsed.subject[:300]}\n") if automatic else Evidence()
    receipt = subject.first("ticket_assigned", "ack_auto", "out_of_office")
    if receipt:
        return subject.kind(receipt, automatic.reason)
    if found.first("unrelated") or "list-unsubscribe" in parsed.auto_headers:
        return found.kind("unrelated")
    if not automatic and found.first("voice") and found.first("matter"):
        return replace(
            found.kind("voice", "a_persons_voice"), kind="human_answer", answer="ack_human"
        )
    if parsed.auto_submitted.strip().lower().startswith("auto-replied"):
        return Kind(RECEIPT, "ack_auto", "", (automatic.reason,))
    return Kind(OTHER)
