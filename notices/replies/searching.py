"""Which notice is meant by what somebody types: its code, its case's code, or their number."""

import re

from django.db.models import Q

from accounts.models import User
from core import codes
from notices import references
from notices.models import Notice

MANY = 10
NOTICE_CODE = re.compile(rf"{codes.CASE_CODE.pattern}-\d{{1,4}}")


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


def codes_in(text: str) -> list[str]:
    """Return the codes of notices that stand in a text, each once, in their order."""
    return list(dict.fromkeys(NOTICE_CODE.findall(text[:200_000].upper())))
