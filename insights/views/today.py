from django.http import HttpResponse
from django.shortcuts import render

from accounts.access import reach
from accounts.decorators import StaffRequest, right_required
from core import clock
from insights import today


@right_required("today.view")
def index(request: StaffRequest) -> HttpResponse:
    at = clock.now()
    found = today.of(request.user, at)
    context = {"today": found, "at": at}
    if not found.sections and reach(request.user, "notice.view"):
        context["next"] = today.next_deadline(request.user, at)
    return render(request, "insights/today.html", context)
