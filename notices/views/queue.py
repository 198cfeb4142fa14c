"""The lists of notices, and taking the next one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import StaffRequest, right_required
from core import clock
from core.errors import RuleBroken
from core.paging import KeysetPage
from notices import editing, queue
from notices.views.loading import notice_or_404


@require_safe
@right_required("notice.list")
def index(request: StaffRequest) -> HttpResponse:
    at = clock.now()
    tab = queue.tab_of(request.GET.get("tab", ""), request.user)
    page = KeysetPage(
        queue.rows_of(tab, request.user, at),
        tab.moment,
        request.GET.get("cursor", ""),
        ascending=tab.ascending,
    )
    context = {"page": page, "tab": tab, "tabs": queue.TABS, "at": at}
    return render(request, "notices/index.html", context)


@require_POST
@right_required("notice.take")
def take_next(request: StaffRequest) -> HttpResponse:
    notice = editing.take_next(request.user, clock.now())
    if notice is None:
        messages.info(request, _("The queue is empty."))
        return redirect("notices:index")
    return redirect("notices:edit", notice.code)


@require_POST
@right_required("notice.take")
def take(request: StaffRequest, code: str) -> HttpResponse:
    notice = notice_or_404(request, code)
    try:
        editing.take(notice, request.user, clock.now())
    except RuleBroken as no:
        messages.error(request, no.sentence)
        return redirect("notices:index")
    return redirect("notices:edit", code)


@require_POST
@right_required("notice.take")
def pass_on(request: StaffRequest, code: str) -> HttpResponse:
    notice = notice_or_404(request, code)
    try:
        editing.pass_on(notice, request.user, clock.now())
    except RuleBroken as no:
        messages.error(request, no.sentence)
    return redirect("notices:index")
