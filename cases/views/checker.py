"""The checker's switch, with what it does and what it risks, and its interval for a platform."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import may
from accounts.decorators import StaffRequest, right_required
from accounts.models import Organisation
from cases.checker import switching
from cases.forms.checks import IntervalForm
from cases.models import Link
from core import clock
from core.errors import RuleBroken
from core.paging import capped_count
from platforms.models import Platform


@right_required("checker.switch")
@require_http_methods(["GET", "POST"])
def switch(request: StaffRequest) -> HttpResponse:
    organisation = Organisation.current()
    if organisation is None:
        raise Http404
    at = clock.now()
    if request.method == "POST":
        try:
            on = request.POST.get("on") == "yes"
            switching.switch(organisation, request.user, at, on=on)
        except RuleBroken as no:
            messages.error(request, no.sentence)
        return redirect("cases:checker")
    planned = Link.objects.exclude(next_check_at=None)
    page = {
        "may_manage": may(request.user, "organisation.manage"),
        "is_on": organisation.checker_on,
        "planned": capped_count(planned),
        "behind": capped_count(planned.filter(next_check_at__lt=at)),
        "telling": Platform.objects.filter(status_is_telling=True, retired=False),
    }
    return render(request, "cases/checker.html", page)


@right_required("platform.edit")
@require_POST
def interval(request: StaffRequest, key: str) -> HttpResponse:
    platform = get_object_or_404(Platform, key=key, retired=False)
    form = IntervalForm(request.POST)
    try:
        if not form.is_valid():
            raise RuleBroken(form.errors["hours"][0])
        hours = form.cleaned_data["hours"]
        switching.change_interval(platform, hours, request.user, clock.now())
        messages.success(request, _("Saved."))
    except RuleBroken as no:
        messages.error(request, no.sentence)
    return redirect(platform)
