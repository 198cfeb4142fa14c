"""What waits among notices and replies, for the navigation: one capped count each."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.access import reach
from accounts.models import User
from core.paging import capped_count
from core.shell import Badge, badge
from notices.models import Notice
from notices.replies import lists

CAP = 99


@badge("notices")
def late(person: User, at: datetime) -> Badge | None:
    """Platforms that are past a statutory limit or their own promise."""
    if reach(person, "notice.list") is None:
        return None
    count = capped_count(Notice.objects.visible_to(person).late(at), CAP)
    return Badge(_("%(n)s late") % {"n": _shown(count)}, is_late=True) if count else None


@badge("replies")
def waiting_replies(person: User, at: datetime) -> Badge | None:
    """Replies that wait for this person: to be matched, to be filed, or not readable."""
    if reach(person, "reply.file") is None:
        return None
    count = lists.waiting_for(person)
    return Badge(lists.shown_count(count)) if count else None


def _shown(count: int) -> str:
    return f"{CAP}+" if count > CAP else str(count)
