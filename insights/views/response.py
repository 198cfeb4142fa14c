from datetime import UTC, tzinfo

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.access import may
from accounts.decorators import StaffRequest, right_required
from accounts.models import Organisation
from core import clock
from core.paging import KeysetPage, capped_count
from insights import findings, queries
from insights.exports import write_csv
from insights.forms import SPANS, FiltersForm, MarkForm
from insights.queries import By
from insights.response import Response
from notices.models import Outcome
from platforms.models import Platform


def _zone() -> tzinfo:
    organisation = Organisation.current()
    return organisation.local_zone() if organisation else UTC


@right_required("response.view")
def index(request: StaffRequest) -> HttpResponse:
    at = clock.now()
    form = FiltersForm(request.GET, zone=_zone())
    filters = form.filters()
    found = Response(filters, at, form.span_hours, form.compared)
    return _rendered(request, "insights/response.html", form, found)


def _rendered(
    request: StaffRequest, template: str, form: FiltersForm, found: Response, **more: object
) -> HttpResponse:
    answer = render(request, template, _context(request, form, found) | more)
    found.forget_rows()
    return answer


def _context(request: StaffRequest, form: FiltersForm, found: Response) -> dict[str, object]:
    return {
        "form": form,
        "filters": found.filters,
        "response": found,
        "at": found.at,
        "late": found.late_notices(request.user),
        "may_import": may(request.user, "history.import"),
        "spans": [
            {
                "label": label,
                "url": f"?{found.filters.query(span=hours)}#curve",
                "is_current": hours == found.until,
            }
            for hours, label in SPANS
        ],
    }


@right_required("response.view")
def platform(request: StaffRequest, key: str) -> HttpResponse:
    at = clock.now()
    chosen = get_object_or_404(Platform, key=key)
    form = FiltersForm(request.GET, zone=_zone(), fixed=chosen.key)
    filters = form.filters()
    found = Response(filters, at, form.span_hours)
    template = "insights/response_platform.html"
    return _rendered(request, template, form, found, platform=chosen)


@right_required("response.view")
def notices(request: StaffRequest) -> HttpResponse:
    """Count everybody's rows behind a mark and list those that this person may open."""
    at = clock.now()
    form = MarkForm(request.GET, zone=_zone())
    filters = form.filters()
    if form.errors:
        raise Http404
    state, hours = form.state_at
    mine = Outcome.objects.visible_to(request.user)
    rows = queries.behind(filters, at, state=state, hours=hours, of=mine)
    page = KeysetPage(
        rows.select_related("notice", "platform"), "sent_at", request.GET.get("cursor", "")
    )
    everybody = capped_count(queries.behind(filters, at, state=state, hours=hours))
    context = {"filters": filters, "what": findings.behind(filters, state, hours), "at": at}
    context |= {"page": page, "everybody": everybody, "mine": capped_count(rows)}
    return render(request, "insights/response_notices.html", context)


@right_required("response.view")
def table(request: StaffRequest) -> HttpResponse:
    filters = FiltersForm(request.GET, zone=_zone()).filters()
    apart = not filters.endpoint.per_link
    found = queries.groups(filters, clock.now(), by=By.GROUND, per_notice=apart)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="response-times.csv"'
    write_csv(answer, found, filters, str(filters.endpoint.unit))  # type: ignore[arg-type]
    return answer
