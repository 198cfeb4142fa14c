"""How every state is shown: its word, its family of colour, its drawing. The one place for that."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FAMILIES = ("neutral", "ok", "wait", "soon", "over", "hold")


class Look(NamedTuple):
    word: "str | Promise"
    family: str
    icon: str


CASE = {
    "new": Look(_("New"), "neutral", "circle"),
    "active": Look(_("Active"), "wait", "clock"),
    "paused": Look(_("Paused"), "hold", "pause"),
    "closed": Look(_("Closed"), "neutral", "box"),
    "erased": Look(_("Erased"), "neutral", "dash"),
}
NOTICE = {
    "drafted": Look(_("Drafted"), "neutral", "pencil"),
    "in_review": Look(_("In review"), "wait", "eye"),
    "approved": Look(_("Approved"), "wait", "tick"),
    "sent": Look(_("Sent"), "wait", "arrow"),
    "done": Look(_("Done"), "ok", "tick"),
    "withdrawn": Look(_("Withdrawn"), "neutral", "dash"),
}
DELIVERY = {
    "queued": Look(_("Sending"), "wait", "arrow"),
    "held": Look(_("Held"), "soon", "clock"),
    "sending": Look(_("Sending"), "wait", "arrow"),
    "sent": Look(_("Sent"), "wait", "tick"),
    "deferred": Look(_("Trying again"), "soon", "loop"),
    "failed": Look(_("Failed"), "over", "bang"),
    "unconfirmed": Look(_("Unconfirmed"), "soon", "question"),
    "bounced": Look(_("Bounced"), "over", "bang"),
    "delivered": Look(_("Delivered"), "ok", "tick"),
    "cancelled": Look(_("Undone"), "neutral", "dash"),
}
LINK = {
    "to_do": Look(_("To do"), "neutral", "circle"),
    "notice_sent": Look(_("Notice sent"), "wait", "clock"),
    "gone": Look(_("Gone"), "ok", "tick"),
    "looks_gone": Look(_("Looks gone"), "soon", "question"),
    "online": Look(_("Still online"), "over", "bang"),
    "back": Look(_("Back again"), "hold", "loop"),
    "here_only": Look(_("Gone here only"), "soon", "question"),
    "delisted": Look(_("Delisted"), "soon", "question"),
    "unclear": Look(_("Can't tell"), "soon", "question"),
}
# What is computed from moments and never stored.
COMPUTED = {
    "waiting": Look(_("Waiting for the person"), "wait", "clock"),
    "changes_asked": Look(_("Changes asked"), "soon", "pencil"),
    "acknowledged": Look(_("Acknowledged"), "wait", "tick"),
    "answered": Look(_("Answered"), "wait", "tick"),
    "decided": Look(_("Decided"), "ok", "tick"),
    "said_gone": Look(_("Says removed, still online"), "over", "bang"),
    "silent": Look(_("Gone without a word"), "soon", "question"),
    "late": Look(_("Late"), "over", "bang"),
    "demands_id": Look(_("Demands ID"), "soon", "bang"),
    "check_contact": Look(_("Check contact"), "soon", "question"),
    "no_contact": Look(_("No contact"), "hold", "pause"),
    "not_sent": Look(_("Not sent"), "ok", "tick"),
    "sent_out": Look(_("Sent"), "soon", "bang"),
    "possible": Look(_("Possible"), "soon", "question"),
    "yes": Look(_("Yes"), "ok", "tick"),
    "no": Look(_("No"), "hold", "cross"),
    "unsure": Look(_("Unsure"), "soon", "question"),
    "not_asked": Look(_("Not asked"), "neutral", "circle"),
    "minor": Look(_("Under 18 route"), "over", "bang"),
    "unverified": Look(_("Contact unverified"), "soon", "question"),
    "rule_not_reviewed": Look(_("Rule not reviewed"), "soon", "question"),
    "shut": Look(_("Shut"), "neutral", "lock"),
    "after_closing": Look(_("After closing"), "hold", "loop"),
    "set_aside": Look(_("Set aside"), "neutral", "dash"),
}
# Whether a mail comes from whom it says it does.
GENUINENESS = {
    "verified": Look(_("Verified"), "ok", "tick"),
    "unverified": Look(_("Unverified"), "soon", "question"),
    "forged": Look(_("Forged"), "over", "bang"),
}
HEALTH = {
    "fine": Look(_("Fine"), "ok", "tick"),
    "look": Look(_("Look at it"), "soon", "question"),
    "trouble": Look(_("Trouble"), "over", "bang"),
    "off": Look(_("Off"), "neutral", "dash"),
}
KINDS = {
    "case": CASE,
    "notice": NOTICE,
    "delivery": DELIVERY,
    "link": LINK,
    "is": COMPUTED,
    "health": HEALTH,
    "mail": GENUINENESS,
}


def look(kind: str, value: str) -> Look:
    """Return how a state of `kind` is shown; a state nobody described is a mistake of the program.

    Raises KeyError.
    """
    return KINDS[kind][str(value)]
