"""Search: the words travel in a POST and wait encrypted; the address holds a token alone."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.decorators import StaffRequest, right_required
from cases import drafts
from cases import search as searching
from cases.views.loading import draft_or_404
from core import clock


@right_required("search.use")
@require_POST
def search(request: StaffRequest) -> HttpResponse:
    query = request.POST.get("q", "").replace("\x00", "")
    found = searching.find(request.user, query)
    if len(found.cases) == 1 and not (found.links or found.communities):
        return redirect(found.cases[0].get_absolute_url())
    token = searching.ask(request.user, query, clock.now())
    return redirect("cases:results", token.pk)


@right_required("search.use")
@require_GET
def results(request: StaffRequest, token: UUID) -> HttpResponse:
    at = clock.now()
    asked = draft_or_404(request, token, searching.FORM)
    is_over = at - asked.saved_at > drafts.SEARCH_LASTS
    query = "" if is_over else str(asked.data.get("q", ""))
    found = searching.find(request.user, query)
    page = {"found": found, "query": query, "is_over": is_over, "at": at}
    return render(request, "cases/search.html", page)
