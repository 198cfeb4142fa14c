"""Mails that could not be read: why, and what to do with each."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import reach
from accounts.decorators import StaffRequest, right_required
from accounts.models import User
from core import clock
from core.errors import RuleBroken
from core.messages import offer_undo
from core.paging import KeysetPage
from notices.models import ReceivedMail
from notices.replies import lists, quarantine
from notices.states import MailState
from notices.views.replies.loading import mail_or_404

Verb = Callable[[ReceivedMail, User, datetime], None]


@require_safe
@right_required("reply.file")
def index(request: StaffRequest) -> HttpResponse:
    if reach(request.user, "reply.file") != "all":
        raise Http404
    shows_aside = request.GET.get("aside") == "1"
    state = MailState.SET_ASIDE if shows_aside else MailState.QUARANTINED
    rows = lists.quarantined(request.user, state).defer("stripped", "note", "envelope")
    context = {
        "page": KeysetPage(rows, "received_at", request.GET.get("cursor", "")),
        "shows_aside": shows_aside,
        "tabs": lists.tabs_of(request.user),
        "counts": lists.counts_of(request.user),
        "at": clock.now(),
    }
    return render(request, "notices/quarantine.html", context)


@require_POST
@right_required("reply.file")
def try_again(request: StaffRequest, mail_id: UUID) -> HttpResponse:
    return _decided(request, mail_id, quarantine.try_again, _("It is read once more."))


@require_POST
@right_required("reply.file")
def set_aside(request: StaffRequest, mail_id: UUID) -> HttpResponse:
    undo = reverse("notices:bring_back_mail", args=[mail_id])
    return _decided(request, mail_id, quarantine.set_aside, _("Set aside."), undo)


@require_POST
@right_required("reply.file")
def bring_back(request: StaffRequest, mail_id: UUID) -> HttpResponse:
    return _decided(request, mail_id, quarantine.bring_back, _("It waits again."))


def _decided(
    request: StaffRequest, mail_id: UUID, verb: Verb, said: str, undo: str = ""
) -> HttpResponse:
    mail = mail_or_404(request, mail_id)
    try:
        verb(mail, request.user, clock.now())
    except RuleBroken as no:
        messages.error(request, no.sentence)
    else:
        if undo:
            offer_undo(request, said, undo)
        else:
            messages.success(request, said)
    return redirect("notices:quarantine")
