"""Following up: what is due in one list, one reminder to read, and what moves the next one."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import StaffRequest, right_required
from accounts.models import User
from core import clock
from core.errors import RuleBroken
from core.messages import offer_undo
from notices.forms.chasing import AnsweredForm, ByHandForm, EstimateForm
from notices.models import Notice
from notices.reminding import bulk, making, plans, showing, writing
from notices.views.loading import notice_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("reminder.send")
def chase(request: StaffRequest) -> HttpResponse:
    """List what is due, all ticked; send what stays ticked, each with its own result."""
    at, results = clock.now(), None
    if request.method == "POST":
        codes = request.POST.getlist("notice")
        results = bulk.send(codes, request.user, at)
        sent = sum(result.is_sent for result in results)
        said = ngettext("%(n)d reminder is sent.", "%(n)d reminders are sent.", sent)
        messages.success(request, said % {"n": sent})
    context = {
        "due": showing.due_list(request.user),
        "results": results,
        "at_once": showing.AT_ONCE,
        "at": at,
    }
    return render(request, "notices/chase.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("reminder.send")
def remind(request: StaffRequest, code: str) -> HttpResponse:
    """Show one reminder as it would leave, and send it, or say that it was put into a form."""
    notice = notice_or_404(request, code, "reminder.send")
    at = clock.now()
    try:
        written = writing.write(notice, at)
    except RuleBroken as no:
        messages.error(request, no.sentence)
        return redirect(notice)
    form = ByHandForm(request.POST or None, initial={"sent_at": timezone.localtime(at)})
    if request.method == "POST" and (written.mime or form.is_valid()):
        try:
            return _sent(request, notice, form if not written.mime else None, at)
        except RuleBroken as no:
            messages.error(request, no.sentence)
    context = {
        "notice": notice,
        "written": written,
        "form": form,
        "follow": showing.follow_up(notice, at),
        "at": at,
    }
    return render(request, "notices/remind.html", context)


@require_POST
@right_required("reminder.send")
def leave_out(request: StaffRequest, code: str) -> HttpResponse:
    notice = notice_or_404(request, code, "reminder.send")
    said = _("Left out. The next reminder comes after the next interval.")
    return _done(request, notice, partial(making.leave_out, notice), said)


@require_POST
@right_required("reminder.send")
def undo_reminder(request: StaffRequest, code: str) -> HttpResponse:
    notice = notice_or_404(request, code, "reminder.send")
    verb = partial(making.take_back, notice)
    return _done(request, notice, verb, _("The reminder is taken back."))


@require_POST
@right_required("reminder.send")
def estimate(request: StaffRequest, code: str) -> HttpResponse:
    """Note until when they ask us to wait; an empty day takes it back."""
    notice = notice_or_404(request, code, "reminder.send")
    form = EstimateForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write the day like this: 2026-11-30."))
        return redirect(notice)
    verb = partial(plans.set_estimate, notice, form.moment(request.user.local_zone()))
    return _done(request, notice, verb, _("Noted. The next reminder is moved."))


@require_POST
@right_required("reminder.send")
def answered(request: StaffRequest, code: str) -> HttpResponse:
    """Note that we answered their question: our own clock goes on."""
    notice = notice_or_404(request, code, "reminder.send")
    form = AnsweredForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose how you answered."))
        return redirect(notice)
    verb = partial(making.note_answered, notice, **form.cleaned_data)
    return _done(request, notice, verb, _("Noted. Our own clock goes on."))


def _sent(
    request: StaffRequest, notice: Notice, form: ByHandForm | None, at: datetime
) -> HttpResponse:
    """Send it, or note that it was submitted. Raises RuleBroken where it may not leave."""
    if form is not None:
        making.sent_by_hand(notice, request.user, at, sent_at=form.cleaned_data["sent_at"])
        messages.success(request, _("Noted: %(code)s was reminded.") % {"code": notice.code})
    else:
        making.remind(notice, request.user, at)
        undo = reverse("notices:undo_reminder", args=[notice.code])
        offer_undo(request, _("The reminder on %(code)s leaves.") % {"code": notice.code}, undo)
    return redirect(notice)


def _done(
    request: StaffRequest, notice: Notice, verb: Callable[[User, datetime], None], said: str
) -> HttpResponse:
    try:
        verb(request.user, clock.now())
    except RuleBroken as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, said)
    return redirect(notice)
