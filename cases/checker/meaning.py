"""What a visit means, and when a machine is believed. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.states import CheckResult

# A machine is believed only when it sees the same twice, this far apart; a person at once.
APART = timedelta(hours=1)
# So many links of one host, gone within a day while nothing there answers: the host is down, or it
# turns us away.
MANY = 5
MANY_WITHIN = timedelta(days=1)
MANY_GONE = "many_gone"
THERE = frozenset({"200", "206"})

# After "the page": what stands there in words.
MET: "dict[str, str | Promise]" = {
    "200": _("answers (200)"),
    "206": _("answers (206)"),
    "404": _("is not found (404)"),
    "410": _("is gone for good (410)"),
    "sign_in": _("asked us to sign in"),
    "refused": _("turned us away (403)"),
    "too_many": _("asked us to come back later (429)"),
    "redirect": _("sent us to another page"),
    "timeout": _("did not answer in time"),
    "tls": _("has no certificate that holds"),
    "no_connection": _("could not be reached"),
    "no_address": _("has no address on the internet"),
    "not_public": _("is not on the public internet"),
    "odd_address": _("is no address that is looked at automatically"),
    "odd_answer": _("gave an answer that nobody can read"),
    MANY_GONE: _("says so of too many links at once"),
    "451": _("is withheld for legal reasons (451)"),
}


def said(met: str) -> str:
    """Return what the machine met in words; a status without words of its own stays a number."""
    return str(MET.get(met, _("answers with %(status)s") % {"status": met} if met else ""))


def result_of(met: str, *, is_telling: bool, was_reached: bool) -> str:
    """Return what a visit says of the link.

    `is_telling`: a 200 of this platform means that the page is there. Where it does not, a 404
    counts only if the page was reached before: some platforms answer a stranger so for everything.
    """
    if met == "410":
        return CheckResult.GONE
    if met == "404" and (is_telling or was_reached):
        return CheckResult.GONE
    return CheckResult.ONLINE if met in THERE and is_telling else CheckResult.UNCLEAR


def as_believed(sightings: Sequence[tuple[datetime, str]], at: datetime) -> str:
    """Return what a machine's "gone" is at `at`: gone, or a first sighting that waits for a second.

    `sightings`: what was seen gone since the link was last seen online, oldest first.
    """
    if any(result == CheckResult.GONE for _at, result in sightings):
        return CheckResult.GONE
    waited = bool(sightings) and at - sightings[0][0] >= APART
    return CheckResult.GONE if waited else CheckResult.LOOKS_GONE


def is_too_sudden(links: int, signs_of_life: int) -> bool:
    """Tell whether so many links, this one among them, are gone at once that it is not believed.

    A sign of life is a page of the same host that answered, or that a person saw gone.
    """
    return links >= MANY and not signs_of_life
