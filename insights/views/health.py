from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import may
from accounts.decorators import StaffRequest, right_required
from core import clock
from insights.health import facts, signs

PLACES = {
    "notices:outbox": "outbox.view",
    "notices:replies": "reply.list",
    "notices:quarantine": "reply.file",
}


@require_safe
@right_required("health.view")
def index(request: StaffRequest) -> HttpResponse:
    at = clock.now()
    found = facts.gather(at)
    rows = signs.read(found)
    context = {
        "at": at,
        "rows": rows,
        "jobs": [(job, signs.is_overdue(job, found)) for job in found.jobs],
        "troubles": sum(row.state == "trouble" for row in rows),
        "looks": sum(row.state == "look" for row in rows),
        "places": {place for place, right in PLACES.items() if may(request.user, right)},
    }
    return render(request, "insights/health.html", context)
