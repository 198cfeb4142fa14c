"""Links that wait for a person's look: no machine can tell, or a platform says they are gone."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from cases.checker.meaning import THERE
from cases.models import Check, Link
from cases.models.links import LinkQuerySet
from cases.states import CaseStatus, Pathway

# Nobody is asked to see the same page more often, however often a machine would look.
EVERY = timedelta(days=1)
AT_ONCE = 20
COUNTED = 100


def waiting(user: User, at: datetime, besides: Collection[UUID] = ()) -> LinkQuerySet:
    """Return the links that this person may look at and that wait, without those she passed on.

    Never a link of the minors' pathway: nobody is led to open such a page.
    """
    links = Link.objects.visible_to(user).current().with_state_facts().with_watch_facts()
    open_ = links.filter(
        case__pathway=Pathway.ADULT, case__status__in=[CaseStatus.NEW, CaseStatus.ACTIVE]
    ).exclude(pk__in=besides)
    unseen = Q(last_checked_at=None) | Q(last_checked_at__lte=at - EVERY) | _is_asked()
    answers = Check.objects.filter(link=OuterRef("pk"), by_machine=True, met__in=THERE)
    again = answers.filter(at__gt=OuterRef("last_checked_at"), undone_at=None)
    gone = Q(is_followed=False, watched_since__isnull=False, last_result="gone")
    return open_.filter((Q(is_followed=True) & unseen) | (gone & Exists(again)))


def how_many(count: int) -> str:
    """Say how many wait; they are counted up to a hundred."""
    if count > COUNTED:
        return _("More than %(n)d links wait for a look.") % {"n": COUNTED}
    words = ngettext("%(n)d link waits for a look.", "%(n)d links wait for a look.", count)
    return words % {"n": count}


def in_turn(links: LinkQuerySet) -> LinkQuerySet:
    """Put first what a platform says is gone, then what was never seen, then the oldest look."""
    return links.annotate(is_asked=_is_asked()).order_by(
        F("is_asked").desc(),
        F("last_checked_at").asc(nulls_first=True),
        F("last_sent_at").asc(),
        "id",
    )


def _is_asked() -> Q:
    """The platform's word is newer than anybody's look."""
    said = Q(says_gone_at__isnull=False, is_followed=True)
    return said & (Q(last_checked_at=None) | Q(last_checked_at__lt=F("says_gone_at")))
