"""The list of replies, one reply beside it, and what a person does with that one."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import StaffRequest, right_required
from accounts.models import User
from core import clock
from core.errors import RuleBroken
from core.messages import offer_undo
from notices import replies
from notices.forms.replies import FilingForm, MatchForm
from notices.models import Message
from notices.replies import demands, lists, searching
from notices.replies.demands import DEMANDS
from notices.views.replies.loading import back_to, message_or_404, onwards, page_of

Verb = Callable[[Message, User, datetime], object]


@require_safe
@right_required("reply.list")
def index(request: StaffRequest) -> HttpResponse:
    return page_of(request, lists.tab_of(request.GET.get("tab", ""), request.user))


@require_safe
@right_required("reply.list")
def reply(request: StaffRequest, message_id: UUID) -> HttpResponse:
    message = message_or_404(request, message_id)
    asked = request.GET.get("tab")
    tab = lists.tab_of(asked, request.user) if asked else lists.tab_with(message, request.user)
    return page_of(request, tab, message)


@require_POST
@right_required("reply.file")
def file_reply(request: StaffRequest, message_id: UUID) -> HttpResponse:
    message = message_or_404(request, message_id, "reply.file")
    tab = lists.tab_with(message, request.user)
    form = FilingForm(request.POST, message=message)
    if not form.is_valid():
        return page_of(request, tab, message, form=form)
    try:
        known = replies.file(message, at=clock.now(), actor=request.user, **form.filing())
    except RuleBroken as no:
        form.add_error(None, no.sentence)
        return page_of(request, tab, message, form=form)
    undo = reverse("notices:unfile", args=[message_id])
    offer_undo(request, _("Filed: %(what)s.") % {"what": known.label}, undo)
    if message.answer in DEMANDS:
        return redirect("notices:reply", message_id)
    if "tab" in request.POST or message.notice is None:
        return onwards(request, message)
    return redirect("notices:detail", message.notice.code)


@require_POST
@right_required("reply.file")
def unfile(request: StaffRequest, message_id: UUID) -> HttpResponse:
    return _done(request, message_id, replies.unfile)


@require_POST
@right_required("reply.file")
def match_reply(request: StaffRequest, message_id: UUID) -> HttpResponse:
    """Match to what was typed: a notice's code, a case's, or a number of theirs."""
    message = message_or_404(request, message_id, "reply.file")
    tab = lists.tab_with(message, request.user)
    form = MatchForm(request.POST)
    if not form.is_valid():
        return page_of(request, tab, message, match_form=form)
    found = searching.notices_for(request.user, form.cleaned_data["code"])
    if len(found) != 1:
        if not found:
            form.add_error("code", _("No notice that was sent has this code or number."))
        return page_of(request, tab, message, match_form=form, candidates=found)
    return _matched(request, message, lambda m, by, at: replies.match(m, found[0], by, at))


@require_POST
@right_required("reply.file")
def accept_guess(request: StaffRequest, message_id: UUID) -> HttpResponse:
    message = message_or_404(request, message_id, "reply.file")
    return _matched(request, message, replies.accept_guess)


@require_POST
@right_required("reply.file")
def reject_guess(request: StaffRequest, message_id: UUID) -> HttpResponse:
    said, undo = _("Noted: it is not this one."), "notices:bring_back_guess"
    return _done(request, message_id, replies.reject_guess, said, undo)


@require_POST
@right_required("reply.file")
def bring_back_guess(request: StaffRequest, message_id: UUID) -> HttpResponse:
    return _done(request, message_id, replies.bring_back_guess)


@require_POST
@right_required("reply.file")
def detach(request: StaffRequest, message_id: UUID) -> HttpResponse:
    return _done(request, message_id, replies.detach, _("It belongs to no notice now."))


@require_POST
@right_required("reply.file")
def set_aside(request: StaffRequest, message_id: UUID) -> HttpResponse:
    message = message_or_404(request, message_id, "reply.file")
    try:
        replies.set_aside(message, request.user, clock.now())
    except RuleBroken as no:
        messages.error(request, no.sentence)
        return back_to(message, "")
    offer_undo(request, _("Set aside."), reverse("notices:bring_back", args=[message_id]))
    return onwards(request, message)


@require_POST
@right_required("reply.file")
def bring_back(request: StaffRequest, message_id: UUID) -> HttpResponse:
    return _done(request, message_id, replies.bring_back)


@require_POST
@right_required("reply.file")
def ask_person(request: StaffRequest, message_id: UUID) -> HttpResponse:
    said = _("A call is on the list of who keeps the case.")
    return _done(request, message_id, demands.ask_person, said)


def _done(
    request: StaffRequest, message_id: UUID, verb: Verb, said: str = "", undo: str = ""
) -> HttpResponse:
    """Call a verb on the reply and come back to its page, with what was said about it."""
    message = message_or_404(request, message_id, "reply.file")
    try:
        verb(message, request.user, clock.now())
    except RuleBroken as no:
        messages.error(request, no.sentence)
    else:
        if undo:
            offer_undo(request, said, reverse(undo, args=[message_id]))
        elif said:
            messages.success(request, said)
    return back_to(message, "")


def _matched(request: StaffRequest, message: Message, verb: Verb) -> HttpResponse:
    """Match it, and stay: what it says comes next."""
    try:
        verb(message, request.user, clock.now())
    except RuleBroken as no:
        messages.error(request, no.sentence)
    else:
        code = message.notice.code if message.notice else ""
        undo = reverse("notices:detach", args=[message.pk])
        offer_undo(request, _("It answers %(code)s.") % {"code": code}, undo)
    return back_to(message, "")
