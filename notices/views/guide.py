"""Submitting by hand, field by field: confirming it is the sending."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import StaffRequest, right_required
from core import clock
from core.errors import RuleBroken
from notices import checking, lifecycle
from notices.clocks import expected
from notices.forms.submission import SubmissionForm
from notices.models import Notice
from notices.states import NoticeStatus
from notices.views.loading import notice_or_404, refuse_another_version


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("notice.send")
def guide(request: StaffRequest, code: str) -> HttpResponse:
    notice = notice_or_404(request, code, "notice.send")
    if notice.status != NoticeStatus.APPROVED or lifecycle.goes_by_mail(notice):
        return redirect(notice)
    closed = checking.closed_sentence(notice.case)
    if closed:
        messages.error(request, closed)
        return redirect(notice)
    at = clock.now()
    form = SubmissionForm(request.POST or None, initial={"submitted_at": timezone.localtime(at)})
    if request.method == "POST" and form.is_valid():
        try:
            refuse_another_version(request, notice)
            lifecycle.confirm_submission(notice, request.user, at, **form.cleaned_data)
        except RuleBroken as no:
            form.add_error("submitted_at", no.sentence)
        else:
            messages.success(request, _("%(code)s is sent. The clocks run.") % {"code": code})
            return redirect(notice)
    return render(request, "notices/guide.html", _page(notice, form, at))


def _page(notice: Notice, form: SubmissionForm, at: datetime) -> dict[str, object]:
    return {
        "notice": notice,
        "approval": lifecycle.standing_approval(notice),
        "form": form,
        "at": at,
        "expected": expected(notice, at),
        "address": notice.channel.current_address() if notice.channel else "",
        "rule": notice.channel.current("rule") if notice.channel else "",
    }
