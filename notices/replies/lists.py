"""The lists of the Replies page: what waits to be matched, to be filed, and what is done."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import reach
from accounts.models import User
from core.paging import capped_count
from notices.models import Message, ReceivedMail
from notices.states import Direction, MailState

# From here on a notice is proposed as the likely one; below, it is a mere hint.
SUGGESTED_FROM = 0.6
COUNT_CAP = 99
QUARANTINE = "quarantine"
# What a line of a list shows; nothing else is read for it: a mail may be a megabyte.
SHOWN = (
    "key_id", "direction", "via", "subject", "received_at", "answer", "confidence", "reasons",
    "genuineness", "proposed", "set_aside_at", "filed_at", "filed_by_machine", "mail__dropped",
    "notice__code", "notice__done_at", "notice__withdrawn_at", "notice__platform__name",
    "guess__code", "guess__platform__name",
)  # fmt: skip
LIKELY = Q(guess__isnull=False, confidence__gte=SUGGESTED_FROM)
Rows = QuerySet[Message]


@dataclass(frozen=True)
class Tab:
    """One list. `of_nobody`: its replies belong to no notice yet; only who sees all sees them."""

    key: str
    words: "str | Promise"
    empty: "str | Promise"
    rows: Callable[[Rows], Rows]
    of_nobody: bool = False
    waits: bool = True


def _unmatched(rows: Rows) -> Rows:
    return _waiting(rows).filter(notice=None).exclude(LIKELY)


def _suggested(rows: Rows) -> Rows:
    return _waiting(rows).filter(LIKELY, notice=None)


def _to_file(rows: Rows) -> Rows:
    return _waiting(rows).exclude(notice=None)


def _done(rows: Rows) -> Rows:
    return rows.exclude(filed_at=None)


def _aside(rows: Rows) -> Rows:
    return rows.exclude(set_aside_at=None)


def _waiting(rows: Rows) -> Rows:
    return rows.filter(filed_at=None, set_aside_at=None)


TABS = (
    Tab("unmatched", _("Unmatched"), _("Every reply has its notice."), _unmatched, of_nobody=True),
    Tab("suggested", _("Suggested"), _("Nothing is suggested."), _suggested, of_nobody=True),
    Tab("to_file", _("To classify"), _("All replies are filed."), _to_file),
    Tab("done", _("Done"), _("No reply was filed yet."), _done, waits=False),
    Tab("aside", _("Set aside"), _("Nothing was set aside."), _aside, waits=False),
)


def tabs_of(user: User) -> list[Tab]:
    sees_all = reach(user, "reply.file") == "all"
    return [tab for tab in TABS if sees_all or not tab.of_nobody]


def tab_of(key: str, user: User) -> Tab:
    """Return the tab that was asked for, else the one in which replies are classified."""
    known = {tab.key: tab for tab in tabs_of(user)}
    return known.get(key) or known["to_file"]


def tab_with(message: Message, user: User) -> Tab:
    """Return the list in which a reply stands now."""
    if message.filed_at:
        return tab_of("done", user)
    if message.set_aside_at:
        return tab_of("aside", user)
    if message.notice_id:
        return tab_of("to_file", user)
    likely = message.guess_id and (message.confidence or 0) >= SUGGESTED_FROM
    return tab_of("suggested" if likely else "unmatched", user)


def rows_of(tab: Tab, user: User) -> Rows:
    """Return the replies of a tab as one query, with what each line shows."""
    rows = tab.rows(received_by(user))
    return rows.select_related("notice__platform", "guess__platform", "mail").only(*SHOWN)


def quarantined(user: User, state: str = MailState.QUARANTINED) -> QuerySet[ReceivedMail]:
    """Return the mails that could not be read, for those who see replies of no notice."""
    return ReceivedMail.objects.visible_to(user).filter(state=state)


def received_by(user: User) -> Rows:
    return Message.objects.visible_to(user).filter(direction=Direction.RECEIVED)


def counts_of(user: User) -> dict[str, str]:
    """Return how much waits in each list, in words; what is over is not counted."""
    found = {
        tab.key: capped_count(tab.rows(received_by(user)), COUNT_CAP)
        for tab in tabs_of(user)
        if tab.waits
    }
    found[QUARANTINE] = capped_count(quarantined(user), COUNT_CAP)
    return {key: shown_count(count) for key, count in found.items() if count}


def waiting_for(user: User) -> int:
    """Count, up to the cap, what waits for this person in all lists together."""
    waiting = capped_count(_waiting(received_by(user)), COUNT_CAP)
    return waiting + capped_count(quarantined(user), COUNT_CAP)


def shown_count(count: int) -> str:
    return f"{COUNT_CAP}+" if count > COUNT_CAP else str(count)
