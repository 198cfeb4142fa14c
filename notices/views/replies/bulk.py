"""Many ticked replies at once, with a result for each."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import may
from accounts.decorators import StaffRequest, right_required
from core import clock
from notices import replies
from notices.models import Message
from notices.replies import lists
from notices.replies.many import AT_MOST

VERBS = {"receipts": replies.file_many, "aside": replies.set_many_aside}


@require_POST
@right_required("reply.file")
def many(request: StaffRequest) -> HttpResponse:
    """File the ticked receipts, or set what is ticked aside."""
    at = clock.now()
    verb = VERBS.get(request.POST.get("do", ""))
    ticked = _ticked(request)
    refused = ""
    if verb is None or not ticked:
        refused = _("Tick at least one reply first.")
    elif len(ticked) > AT_MOST:
        refused = _("Tick at most %(n)d at a time.") % {"n": AT_MOST}
    results = verb(_replies(request, ticked), request.user, at) if verb and not refused else []
    context = {
        "results": results,
        "refused": refused,
        "done": sum(result.is_done for result in results),
        "verb": request.POST.get("do", ""),
        "tab": lists.tab_of(request.POST.get("tab", ""), request.user),
        "at": at,
    }
    return render(request, "notices/replies_done.html", context)


def _ticked(request: StaffRequest) -> list[UUID]:
    found = []
    for value in dict.fromkeys(request.POST.getlist("message")):
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found


def _replies(request: StaffRequest, ticked: list[UUID]) -> list[Message]:
    """Return those that this person sees and may file, in the order of the list."""
    rows = lists.received_by(request.user).filter(pk__in=ticked)
    joined = rows.select_related("notice", "notice__case", "notice__platform", "mail")
    return [
        message
        for message in joined.order_by("-received_at", "-id")
        if may(request.user, "reply.file", message.notice)
    ]
