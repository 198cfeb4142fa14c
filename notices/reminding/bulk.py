"""Many reminders at one press: each for itself, each with its own result."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.access import may
from accounts.models import User
from core.errors import RuleBroken
from notices.letters.mail import NOTICE_CODE
from notices.models import Notice
from notices.reminding import making
from notices.reminding.showing import AT_ONCE

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Result:
    """What became of one line; `said` is the reason where it was not sent."""

    code: str
    notice: Notice | None
    said: str

    @property
    def is_sent(self) -> bool:
        return not self.said


def send(codes: Iterable[str], user: User, at: datetime) -> list[Result]:
    """Send the reminders of these notices, a hundred at most; one bad line stops no other."""
    wanted = list(dict.fromkeys(codes))
    well_formed = [code for code in wanted[:AT_ONCE] if NOTICE_CODE.fullmatch(code)]
    rows = Notice.objects.visible_to(user).filter(code__in=well_formed)
    found = {
        notice.code: notice
        for notice in rows.select_related("case", "case__advocate", "platform", "channel")
        if may(user, "reminder.send", notice)
    }
    results = [_one(code, found.get(code), user, at) for code in wanted[:AT_ONCE]]
    too_many = _("Only %(n)d are sent at once. Send this one with the next.") % {"n": AT_ONCE}
    return results + [Result(code, None, too_many) for code in wanted[AT_ONCE:]]


def _one(code: str, notice: Notice | None, user: User, at: datetime) -> Result:
    if notice is None:
        return Result(code, None, _("There is no such notice for you."))
    try:
        making.remind(notice, user, at)
    except RuleBroken as no:
        return Result(code, notice, no.sentence)
    except Exception:  # noqa: BLE001 - one bad line must not keep the others from leaving
        logger.exception("reminder.stuck %s", notice.pk)
        return Result(code, notice, _("Something failed on our side. Nothing was sent."))
    return Result(code, notice, "")
