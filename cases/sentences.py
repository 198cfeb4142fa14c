"""Every kind of timeline entry as a line that begins with a verb. Pure."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.intake import QUESTIONS
from cases.states import CheckResult, CloseReason, Purpose, YesNo

Params = Mapping[str, Any]


class Said(NamedTuple):
    """The line, and a second one where there is more to tell."""

    head: str
    detail: str = ""


def say(kind: str, params: Params, subject_code: str = "") -> Said:
    """Return the sentence of an entry. `params` may lack anything: older entries know less."""
    maker = _MAKERS.get(kind)
    if maker is not None:
        return maker(params, subject_code)
    words = kind.replace(".", " ").replace("_", " ")
    return Said(f"{words} {subject_code}".strip().capitalize(), _free(params))


def _of_notice(words: Callable[[], str]) -> Callable[[Params, str], Said]:
    """A head with the notice's code; platform, ground and reason follow where they are known."""

    def make(params: Params, code: str) -> Said:
        head = words() % {"code": code}
        platform = params.get("platform")
        if platform:
            head = _("%(head)s to %(platform)s") % {"head": head, "platform": platform}
        return Said(head, _free(params))

    return make


def _of_link(words: Callable[[], str]) -> Callable[[Params, str], Said]:
    def make(params: Params, code: str) -> Said:
        number = params.get("number", code.rpartition("#")[2])
        return Said(words() % {"n": number}, str(params.get("platform", "")))

    return make


def _plain(words: Callable[[], str]) -> Callable[[Params, str], Said]:
    return lambda params, code: Said(words(), _free(params))


def _free(params: Params) -> str:
    """Return the texts of an entry that stand for themselves."""
    names = ("ground", "channel", "reason_words", "text", "note", "reference")
    return " · ".join(str(params[name]) for name in names if params.get(name))


def _links_added(params: Params, code: str) -> Said:
    n = int(params.get("n", 1))
    platforms = params.get("platforms") or {}
    other = _("Other website")
    listed = ", ".join(f"{name or other} {count}" for name, count in platforms.items())
    return Said(ngettext("Added %(n)d link", "Added %(n)d links", n) % {"n": n}, listed)


def _checked(params: Params, code: str) -> Said:
    result = _label(CheckResult, params.get("result"))
    head = _("Looked at link %(n)s: %(result)s") % {"n": params.get("number", ""), "result": result}
    return Said(head, str(params.get("platform", "")))


def _closed(params: Params, code: str) -> Said:
    return Said(_("Closed the case"), _label(CloseReason, params.get("reason")))


def _under_18(params: Params, code: str) -> Said:
    answer = _label(YesNo, params.get("answer"))
    return Said(_("Noted whether anyone was under 18: %(answer)s") % {"answer": answer})


def _mandate(params: Params, code: str) -> Said:
    yes = ", ".join(_label(Purpose, each) for each in params.get("purposes", ()))
    return Said(_("Recorded what was agreed"), yes)


def _assigned(params: Params, code: str) -> Said:
    head = _("Gave the case to %(name)s") % {"name": params.get("to", "")}
    return Said(head, str(params.get("text", "")))


def _task(words: Callable[[], str]) -> Callable[[Params, str], Said]:
    def make(params: Params, code: str) -> Said:
        text = str(params.get("text", ""))
        return Said(words(), str(QUESTIONS.get(text, text)))

    return make


def _answered(params: Params, code: str) -> Said:
    asked = [str(QUESTIONS[name]) for name in params.get("questions", ()) if name in QUESTIONS]
    return Said(_("Wrote down answers"), " ".join(asked))


def _label(choices: Any, value: object) -> str:
    words = dict(choices.choices)
    return str(words.get(value, value or ""))


_MAKERS: dict[str, Callable[[Params, str], Said]] = {
    "case.opened": _plain(lambda: _("Opened the case")),
    "case.activated": _plain(lambda: _("Began to work on the case")),
    "case.paused": _plain(lambda: _("Paused everything")),
    "case.resumed": _plain(lambda: _("Went on with the case")),
    "case.closed": _closed,
    "case.reopened": _plain(lambda: _("Reopened the case")),
    "case.assigned": _assigned,
    "case.under_18": _under_18,
    "case.answered": _answered,
    "case.shared_link_told": _plain(lambda: _("Told the coordinator about a shared link")),
    "note.added": _plain(lambda: _("Wrote a note")),
    "task.made": _task(lambda: _("Put on the list")),
    "task.done": _task(lambda: _("Did")),
    "task.reopened": _task(lambda: _("Put back on the list")),
    "contact.shown": _plain(lambda: _("Showed name and contact")),
    "name.shown": _plain(lambda: _("Showed the name used here")),
    "contact.changed": _plain(lambda: _("Changed what is safe")),
    "contact.confirmed": _plain(lambda: _("Confirmed that the safe contact is still true")),
    "person.changed": _plain(lambda: _("Changed name or contact")),
    "mandate.recorded": _mandate,
    "mandate.withdrawn": _plain(lambda: _("Withdrew what was agreed")),
    "link.added": _links_added,
    "link.removed": _of_link(lambda: _("Removed link %(n)s")),
    "link.restored": _of_link(lambda: _("Put link %(n)s back")),
    "link.changed": _of_link(lambda: _("Described link %(n)s")),
    "link.gone": _of_link(lambda: _("Saw that link %(n)s is gone")),
    "link.back_again": _of_link(lambda: _("Saw that link %(n)s is back again")),
    "link.checked": _checked,
    "link.check_undone": _of_link(lambda: _("Took back the look at link %(n)s")),
    "notice.prepared": _of_notice(lambda: _("Prepared notice %(code)s")),
    "notice.taken": _of_notice(lambda: _("Took notice %(code)s")),
    "notice.edited": _of_notice(lambda: _("Changed notice %(code)s")),
    "notice.asked_approval": _of_notice(lambda: _("Asked for approval of notice %(code)s")),
    "notice.approved": _of_notice(lambda: _("Approved notice %(code)s")),
    "notice.changes_asked": _of_notice(lambda: _("Asked for changes in notice %(code)s")),
    "notice.taken_back": _of_notice(lambda: _("Made notice %(code)s a draft again")),
    "notice.edited_after_approval": _of_notice(
        lambda: _("Changed notice %(code)s after its approval, which is void now")
    ),
    "notice.refused": _of_notice(lambda: _("Refused notice %(code)s")),
    "notice.undone": _of_notice(lambda: _("Took back notice %(code)s")),
    "notice.sent": _of_notice(lambda: _("Sent notice %(code)s")),
    "notice.bounced": _of_notice(lambda: _("Notice %(code)s came back")),
    "notice.done": _of_notice(lambda: _("Finished notice %(code)s")),
    "notice.late": _of_notice(lambda: _("Passed the deadline of notice %(code)s")),
    "notice.withdrawn": _of_notice(lambda: _("Withdrew notice %(code)s")),
    "notice.estimated": _of_notice(
        lambda: _("Noted until when they ask us to wait about notice %(code)s")
    ),
    "notice.answered": _of_notice(lambda: _("Answered their question about notice %(code)s")),
    "reminder.left_out": _of_notice(lambda: _("Left a reminder on notice %(code)s out")),
    "reminder.sent": _of_notice(lambda: _("Sent a reminder on notice %(code)s")),
    "delivery.failed": _of_notice(lambda: _("Could not deliver notice %(code)s")),
    "delivery.unconfirmed": _of_notice(lambda: _("Do not know whether notice %(code)s left")),
    "delivery.confirmed": _of_notice(lambda: _("Found that notice %(code)s had left")),
    "reply.received": _of_notice(lambda: _("Received a reply on notice %(code)s")),
    "reply.filed": _of_notice(lambda: _("Filed a reply on notice %(code)s")),
    "reply.unfiled": _of_notice(lambda: _("Took back the filing of a reply on notice %(code)s")),
}
KINDS = frozenset(_MAKERS)
