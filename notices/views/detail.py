"""What was sent, to whom, what they said, what runs, and what can be done next."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import may
from accounts.decorators import StaffRequest, right_required
from accounts.models import User
from cases import checks, landing
from cases.models import Check, Link
from cases.views import landed
from core import clock
from core.errors import RuleBroken
from core.messages import offer_undo
from notices import clocks, lifecycle, troubles
from notices.desk import Desk
from notices.forms.chasing import AnsweredForm, EstimateForm, last_day
from notices.models import Notice, Outcome
from notices.reminding import showing
from notices.replies.showing import Reply
from notices.states import NOT_CLAIMED, DeliveryKind
from notices.views.loading import notice_or_404

# More than any notice has; a platform that loops must not make its page endless.
THREAD = 100
RIGHTS = ("edit", "approve", "send", "withdraw", "prepare", "take")


@require_safe
@right_required("notice.view")
def detail(request: StaffRequest, code: str) -> HttpResponse:
    notice = notice_or_404(request, code)
    at = clock.now()
    approval = notice.approvals.filter(voided_at=None).select_related("approver").first()
    context = {
        "notice": notice,
        "at": at,
        "approval": approval,
        "desk": None if approval else Desk(notice, at),
        **_what_happened(notice),
        "replies": _thread(notice, request.user, at),
        **_what_follows(notice, at),
        **troubles.on_page(notice, at),
        **_what_may_be_done(notice, request.user),
    }
    return render(request, "notices/detail.html", context)


@require_POST
@right_required("link.check")
def look(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """Mark what somebody saw at one link of this notice."""
    notice = notice_or_404(request, code, "link.check")
    links = Link.objects.filter(outcomes__notice=notice).select_related("case", "platform")
    link = get_object_or_404(links, number=number)
    try:
        check = checks.look(link, request.POST.get("result", ""), request.user, clock.now())
    except RuleBroken as no:
        messages.error(request, no.sentence)
    else:
        undo = reverse("notices:undo_look", args=[code, number])
        said = {"n": number, "what": check.get_result_display()}
        offer_undo(request, _("Link %(n)d: %(what)s.") % said, undo)
    return redirect("notices:detail", code)


@require_POST
@right_required("link.check")
def undo_look(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """Take back one's own newest look at this link."""
    notice = notice_or_404(request, code, "link.check")
    mine = Check.objects.filter(by=request.user, undone_at=None, link__number=number)
    check = mine.filter(link__outcomes__notice=notice).order_by("-at", "-id").first()
    if check is None:
        raise Http404
    try:
        checks.undo(check, request.user, clock.now())
    except RuleBroken as no:
        messages.error(request, no.sentence)
    return redirect("notices:detail", code)


@require_POST
@right_required("notice.withdraw")
def withdraw(request: StaffRequest, code: str) -> HttpResponse:
    """Withdraw a notice; a reminder that was being handed over is waited for and named."""
    notice = notice_or_404(request, code, "notice.withdraw")
    at = clock.now()
    try:
        lifecycle.withdraw(notice, request.user, at)
    except RuleBroken as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, _("%(code)s is withdrawn.") % {"code": code})
        landed.say(request, landing.wait(Notice.objects.filter(pk=notice.pk), at))
    return redirect("notices:detail", code)


@require_POST
@right_required("notice.withdraw")
def finish(request: StaffRequest, code: str) -> HttpResponse:
    notice = notice_or_404(request, code, "notice.withdraw")
    try:
        lifecycle.finish(notice, request.user, clock.now())
    except RuleBroken as no:
        messages.error(request, no.sentence)
    return redirect("notices:detail", code)


def _what_happened(notice: Notice) -> dict[str, Any]:
    outcomes = _outcomes(notice)
    return {
        "outcomes": outcomes,
        "back": notice.outcomes.came_back().order_by("reappeared_at").first(),
        "deliveries": notice.deliveries.prefetch_related("log").order_by("made_at"),
        "held": notice.deliveries.filter(kind=DeliveryKind.NOTICE, state__in=NOT_CLAIMED).first(),
        "clocks": clocks.of(notice),
        "disclosed": notice.disclosures.order_by("at"),
        "by_mail": lifecycle.goes_by_mail(notice),
    }


def _what_follows(notice: Notice, at: datetime) -> dict[str, Any]:
    until = notice.estimate_until
    return {
        "follow": showing.follow_up(notice, at),
        "estimate_form": EstimateForm(initial={"until": last_day(until) if until else None}),
        "answered_form": AnsweredForm(),
    }


def _what_may_be_done(notice: Notice, user: User) -> dict[str, Any]:
    return {
        "may": {right: may(user, f"notice.{right}", notice) for right in RIGHTS},
        "may_remind": may(user, "reminder.send", notice),
        "may_file": may(user, "reply.file", notice),
        "may_look": may(user, "link.check", notice),
        "may_see_case": may(user, "case.view", notice.case),
    }


def _thread(notice: Notice, user: User, at: datetime) -> list[Reply]:
    """Return what they wrote, in its order; the notice at hand serves each of them."""
    rows = notice.messages.select_related("mail", "filed_by").defer("mail__stripped")
    newest = list(rows.order_by("-received_at", "-id")[:THREAD])
    for message in newest:
        message.notice = notice
    return [Reply(message, user, at) for message in reversed(newest)]


def _outcomes(notice: Notice) -> list[Outcome]:
    links = Link.objects.with_state_facts().select_related("case", "platform")
    rows = notice.outcomes.prefetch_related(Prefetch("link", queryset=links))
    return list(rows.order_by("link__number"))
