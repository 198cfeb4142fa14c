"""The reviewer's page: what leaves, to whom, what changed, and the four answers."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import StaffRequest, right_required
from core import clock
from core.errors import RuleBroken
from core.messages import offer_undo
from notices import approving, lifecycle, queue
from notices.desk import Desk
from notices.forms.review import ChangesForm, RefusalForm
from notices.models import Notice
from notices.views.loading import notice_or_404, refuse_another_version


@require_safe
@right_required("notice.approve")
def review(request: StaffRequest, code: str) -> HttpResponse:
    notice = notice_or_404(request, code, "notice.approve")
    desk = Desk(notice, clock.now())
    return _page(request, desk, ChangesForm(rows=desk.parts), RefusalForm())


@require_POST
@right_required("notice.approve")
def approve(request: StaffRequest, code: str) -> HttpResponse:
    notice = notice_or_404(request, code, "notice.approve")
    send = "hold" not in request.POST
    try:
        refuse_another_version(request, notice)
        approving.approve(notice, request.user, clock.now(), send=send)
    except RuleBroken as no:
        messages.error(request, no.sentence)
        return redirect("notices:review", code)
    offer_undo(request, _said(notice, send), reverse("notices:undo", args=[code]))
    return _next(request, notice)


@require_POST
@right_required("notice.approve")
def ask_changes(request: StaffRequest, code: str) -> HttpResponse:
    notice = notice_or_404(request, code, "notice.approve")
    desk = Desk(notice, clock.now())
    form = ChangesForm(request.POST, rows=desk.parts)
    if not form.is_valid():
        return _page(request, desk, form, RefusalForm())
    try:
        refuse_another_version(request, notice)
        data = form.cleaned_data
        approving.ask_changes(notice, request.user, desk.at, data["part"], data["comment"])
    except RuleBroken as no:
        form.add_error("comment", no.sentence)
        return _page(request, desk, form, RefusalForm())
    messages.success(request, _("%(code)s went back to its author.") % {"code": code})
    return _next(request, notice)


@require_POST
@right_required("notice.approve")
def refuse(request: StaffRequest, code: str) -> HttpResponse:
    notice = notice_or_404(request, code, "notice.approve")
    desk = Desk(notice, clock.now())
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _page(request, desk, ChangesForm(rows=desk.parts), form)
    try:
        refuse_another_version(request, notice)
        approving.refuse(notice, request.user, desk.at, form.cleaned_data["reason"])
    except RuleBroken as no:
        form.add_error("reason", no.sentence)
        return _page(request, desk, ChangesForm(rows=desk.parts), form)
    messages.success(request, _("%(code)s is refused and will not be sent.") % {"code": code})
    return _next(request, notice)


@require_POST
@right_required("notice.send")
def undo(request: StaffRequest, code: str) -> HttpResponse:
    """Take back an approved notice while nothing has left."""
    notice = notice_or_404(request, code, "notice.send")
    try:
        lifecycle.undo_approval(notice, request.user, clock.now())
    except RuleBroken as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, _("%(code)s is a draft again. Nothing left.") % {"code": code})
    return redirect("notices:detail", code)


@require_POST
@right_required("notice.send")
def send(request: StaffRequest, code: str) -> HttpResponse:
    notice = notice_or_404(request, code, "notice.send")
    try:
        approving.send(notice, request.user, clock.now())
    except RuleBroken as no:
        messages.error(request, no.sentence)
    else:
        offer_undo(request, _said(notice, True), reverse("notices:undo", args=[code]))
    return redirect("notices:detail", code)


def _page(
    request: StaffRequest, desk: Desk, changes: ChangesForm, refusal: RefusalForm
) -> HttpResponse:
    context = {
        "desk": desk,
        "notice": desk.notice,
        "at": desk.at,
        "form": changes if changes.errors else refusal,
        "changes_form": changes,
        "refusal_form": refusal,
        "objection": approving.why_not(desk.notice, request.user, desk.at),
        "hold_seconds": settings.SEND_HOLD_SECONDS,
        "next": queue.next_in_review(request.user, desk.notice),
    }
    return render(request, "notices/review.html", context)


def _said(notice: Notice, send: bool) -> str:
    code = {"code": notice.code}
    if not lifecycle.goes_by_mail(notice):
        return _("%(code)s is approved. Its author submits it now.") % code
    if not send:
        return _("%(code)s is approved. Its author sends it.") % code
    return _("%(code)s leaves in %(n)d seconds.") % {**code, "n": settings.SEND_HOLD_SECONDS}


def _next(request: StaffRequest, done: Notice) -> HttpResponse:
    following = queue.next_in_review(request.user, done)
    if following is None:
        return redirect("notices:index")
    return redirect("notices:review", following.code)
