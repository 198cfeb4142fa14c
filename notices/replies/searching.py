"""Which notice is meant by what somebody types: its code, its case's code, or their number."""

from django.db.models import Q

from accounts.models import User
from notices import references
from notices.models import Notice

MANY = 10


def notices_for(user: User, typed: str) -> list[Notice]:
    """Return the sent notices that this person sees and that may be meant, newest first."""
    words = " ".join(typed.split())
    code = words.upper()
    sent = Notice.objects.visible_to(user).exclude(sent_at=None)
    sent = sent.select_related("case", "platform")
    found = list(sent.filter(Q(code=code) | Q(case__code=code)).order_by("-sent_at")[:MANY])
    if found or not words:
        return found
    known = [notice.pk for notice in references.notices_with([words])]
    return list(sent.filter(pk__in=known).order_by("-sent_at")[:MANY])
