"""What a digest says: how much waits, in one sentence, and the codes. Nothing else leaves."""

from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import unsubscribing
from accounts.access import reach
from accounts.models import User
from insights import today
from insights.today import Section, Today
from notices.letters.mail import NOTICE_CODE, UNFOLDED


def mail(user: User, sender: str, message_id: str, at: datetime) -> bytes | None:
    """Return the digest in her language and of her day, or None when nothing waits for her."""
    with timezone.override(user.local_zone()), translation.override(user.language):
        found = today.of(user, at)
        if not found.sections:
            return None
        message = EmailMessage(policy=UNFOLDED)
        for name, value in _headers(user, sender, message_id, found, at).items():
            message[name] = value
        text = "\n".join(_lines(user, found)) + "\n"
        message.set_content(text, charset="utf-8", cte="quoted-printable")
        return message.as_bytes()


def _headers(
    user: User, sender: str, message_id: str, found: Today, at: datetime
) -> dict[str, str]:
    count = sum(section.count for section in found.sections)
    words = ngettext("%(n)d item needs you today", "%(n)d items need you today", count)
    return {
        "From": sender,
        "To": user.email,
        "Subject": words % {"n": count},
        "Date": format_datetime(at),
        "Message-ID": message_id,
        # Out-of-office programs answer nothing that says so.
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{unsubscribing.link(user)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _lines(user: User, found: Today) -> Iterator[str]:
    yield found.sentence
    yield ""
    for section in found.sections:
        yield _line(user, section)
    yield ""
    yield f"{settings.SITE_URL}{reverse('insights:today')}"
    yield ""
    yield _("No such mail any more: %(link)s") % {"link": unsubscribing.link(user)}


def _line(user: User, section: Section) -> str:
    codes = list(dict.fromkeys(row.code for row in section.rows if _may_read(user, row.code)))
    head = _("%(what)s: %(n)d") % {"what": section.title, "n": section.count}
    return f"{head} ({', '.join(codes)})" if codes else head


def _may_read(user: User, code: str) -> bool:
    """Whoever sees no cases gets the codes of notices alone."""
    if not code:
        return False
    return bool(reach(user, "case.view")) or NOTICE_CODE.fullmatch(code) is not None
