"""How the pages about replies get their rows, and where they lead when something was done."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Prefetch, Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import may
from accounts.decorators import StaffRequest
from core import clock
from core.paging import KeysetPage
from notices import answers
from notices.forms.replies import FilingForm, MatchForm
from notices.models import Message, Notice, ReceivedMail
from notices.replies import lists
from notices.replies.lists import Tab
from notices.replies.showing import Reply

JOINED = (
    "notice", "notice__platform", "notice__case", "notice__case__advocate", "notice__channel",
    "mail",
)  # fmt: skip
HEAVY = ("mail__stripped", "notice__seen_text")


def message_or_404(request: StaffRequest, message_id: UUID, right: str = "") -> Message:
    """Return the reply if this person may see it and, where a right is named, may use it."""
    visible = lists.received_by(request.user).select_related(*JOINED).defer(*HEAVY)
    guessed = Notice.objects.select_related("case", "platform").defer("content", "seen_text")
    # Few replies have these. Joined as well, the database plans longer than it reads.
    apart = visible.prefetch_related(Prefetch("guess", guessed), "filed_by", "set_aside_by")
    message = get_object_or_404(apart, pk=message_id)
    if right and not may(request.user, right, message.notice):
        raise Http404
    return message


def mail_or_404(request: StaffRequest, mail_id: UUID) -> ReceivedMail:
    visible = ReceivedMail.objects.visible_to(request.user).defer("stripped")
    return get_object_or_404(visible, pk=mail_id)


def page_of(
    request: StaffRequest, tab: Tab, message: Message | None = None, **changes: Any
) -> HttpResponse:
    """Render the list of a tab with one reply beside it: the given one, else the first.

    `changes` replace what stands beside: a form with its errors, notices to choose among.
    """
    at, cursor = clock.now(), request.GET.get("cursor", "")
    page = KeysetPage(lists.rows_of(tab, request.user), "received_at", cursor)
    shown = message or (message_or_404(request, page.rows[0].pk) if page.rows else None)
    context = {
        "page": page,
        "lines": [Reply(row, request.user, at) for row in page.rows],
        "tab": tab,
        "query": urlencode({"tab": tab.key} | ({"cursor": cursor} if cursor else {})),
        "tabs": lists.tabs_of(request.user),
        "counts": lists.counts_of(request.user),
        "is_alone": message is not None,
        "ticks_receipts": request.GET.get("tick") == "receipts",
        "at": at,
        **(_beside(request, shown, at) if shown else {}),
        **changes,
    }
    return render(request, "notices/replies.html", context)


def onwards(request: StaffRequest, message: Message) -> HttpResponseRedirect:
    """Go to the next reply of the list that the button stood in, so that no click is lost.

    A button that stood in no list leads to the page of the reply.
    """
    if "tab" not in request.POST:
        return redirect("notices:reply", message.pk)
    tab = lists.tab_of(request.POST["tab"], request.user)
    later = Q(received_at=message.received_at, pk__lt=message.pk)
    rows = lists.rows_of(tab, request.user).exclude(pk=message.pk)
    rows = rows.filter(Q(received_at__lt=message.received_at) | later)
    following = rows.order_by("-received_at", "-id").values_list("pk", flat=True).first()
    path = reverse("notices:reply", args=[following]) if following else reverse("notices:replies")
    return HttpResponseRedirect(f"{path}?tab={tab.key}")


def back_to(message: Message, tab: str) -> HttpResponseRedirect:
    path = reverse("notices:reply", args=[message.pk])
    return HttpResponseRedirect(f"{path}?tab={tab}" if tab else path)


def _beside(request: StaffRequest, message: Message, at: datetime) -> dict[str, Any]:
    return {
        "reply": Reply(message, request.user, at, whole=request.GET.get("whole") == "1"),
        "message": message,
        "form": FilingForm(message=message),
        "match_form": MatchForm(),
        "families": answers.families(),
    }
