"""What the machine made of a mail, in words: why this notice, whether it is genuine, what failed.

A code that is not on a list is shown as it is: better a strange word than nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

Words = Mapping[str, "str | Promise"]

REASONS: Words = {
    "reply_address": lazy("it came to the notice's own reply address"),
    "nearly_reply_address": lazy("its address is nearly the notice's reply address"),
    "thread": lazy("it answers our mail"),
    "code_in_subject": lazy("the code stands in its subject"),
    "code_in_text": lazy("the code stands in its text"),
    "nearly_code": lazy("a code in it is nearly the notice's"),
    "ticket": lazy("it names their number for it"),
    "ticket_of_somebody": lazy("it names a number of the notice, and comes from elsewhere"),
    "sender_domain": lazy("the sender is the platform"),
    "one_open_notice": lazy("one notice is open there"),
    "several_open_notices": lazy("several notices are open there"),
    "link_in_text": lazy("it names a link of the notice"),
    "another_notice_too": lazy("but it may be about another notice too"),
    "not_trusted": lazy("but nobody vouches for the sender"),
}
CHECKS: Words = {
    "dkim": lazy("Signature of the sender's domain (DKIM)"),
    "spf": lazy("Server that may send for the domain (SPF)"),
    "dmarc": lazy("What the domain asks for (DMARC)"),
}
VERDICTS: Words = {
    "pass": lazy("holds"),
    "fail": lazy("does not hold"),
    "softfail": lazy("rather does not hold"),
    "none": lazy("is missing"),
    "neutral": lazy("says nothing"),
    "temperror": lazy("could not be looked up"),
    "permerror": lazy("is written wrongly"),
}
SIGNS: Words = {
    "several_senders": lazy("it names several senders"),
    "no_sender": lazy("it names no sender"),
    "lookalike": lazy("its domain only looks like the platform's"),
    "other_name": lazy("the sender's name shows another domain than the address"),
    "refuted": lazy("the sender's own domain did not send it"),
    "not_seen": lazy("our mail server says nothing about it"),
    "nobody_vouches": lazy("no domain vouches for it"),
    "named_like": lazy("the sender calls itself like a platform, from another domain"),
    "answers_elsewhere": lazy("answers to it would go to another domain"),
}
TROUBLES: Words = {
    "too_large": lazy("It is larger than 25 MB; only its headers were kept."),
    "too_deep": lazy("Its parts are nested too deeply to be taken apart."),
    "too_many_parts": lazy("It has too many parts to be taken apart."),
    "headers_too_long": lazy("Its headers are too long to be read."),
    "too_slow": lazy("Reading it took too long, each time."),
    "died": lazy("It stopped the program that reads mail, each time."),
    "unreadable": lazy("It is no mail that can be taken apart."),
    "error": lazy("The program that reads mail has a fault that this mail meets."),
}
KINDS_DROPPED = ("image", "video", "audio")


def reasons(codes: Iterable[str]) -> str:
    """Return why a notice is proposed, in one line."""
    return ", ".join(str(REASONS.get(code, code.replace("_", " "))) for code in codes)


def likelihood(confidence: float | None, codes: Iterable[str]) -> str:
    """Return `86%: the sender is the platform, one notice is open there`."""
    if confidence is None:
        return ""
    said = reasons(codes)
    share = f"{confidence:.0%}"
    return f"{share}: {said}" if said else share


def verdicts(found: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return each check of the sender with what came of it."""
    return [
        (str(words), str(VERDICTS.get(found[key], found[key])))
        for key, words in CHECKS.items()
        if found.get(key)
    ]


def signs(codes: Iterable[str]) -> str:
    """Return what is suspect about the sender, in one line."""
    return ", ".join(str(SIGNS.get(code, code.replace("_", " "))) for code in codes)


def trouble(code: str) -> str:
    return str(TROUBLES.get(code, _("It could not be read.")))


def dropped(parts: Iterable[Mapping[str, object]]) -> str:
    """Return `1 image removed, not kept` for the parts of a mail that were never stored."""
    kinds = Counter(_kind_of(part) for part in parts)
    if not kinds:
        return ""
    said = {
        "image": ngettext("%(n)d image", "%(n)d images", kinds["image"]),
        "video": ngettext("%(n)d film", "%(n)d films", kinds["video"]),
        "audio": ngettext("%(n)d sound", "%(n)d sounds", kinds["audio"]),
        "other": ngettext("%(n)d file", "%(n)d files", kinds["other"]),
    }
    listed = ", ".join(said[kind] % {"n": n} for kind, n in sorted(kinds.items()) if n)
    return _("%(what)s removed, not kept") % {"what": listed}


def _kind_of(part: Mapping[str, object]) -> str:
    kind = str(part.get("type", "")).partition("/")[0].lower()
    return kind if kind in KINDS_DROPPED else "other"
