"""Looks by hand: `/checks/`, for those who said yes to opening live pages."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.decorators import StaffRequest, right_required
from cases import by_hand, care, checks
from cases.forms.links import LookForm
from cases.link_states import LinkState
from cases.models import Link
from cases.states import CaseStatus
from cases.views.loading import link_or_404
from core import clock, keystore
from core.errors import RuleBroken
from core.messages import offer_undo
from core.paging import capped_count
from platforms.models import Platform

PASSED = "passed_on"


def opted_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """To whoever has not said yes, these pages do not exist."""

    @wraps(view)
    def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.opens_links:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@right_required("link.check")
@opted_in
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    at = clock.now()
    links = by_hand.waiting(request.user, at, _passed(request, at))
    platforms = Platform.objects.filter(Exists(links.filter(platform=OuterRef("pk"))))
    chosen = next((p for p in platforms if p.key == request.GET.get("platform")), None)
    if chosen is not None:
        links = links.filter(platform=chosen)
    rows = by_hand.in_turn(links).select_related("case", "platform")
    page = list(rows[: by_hand.AT_ONCE])
    keystore.prime(link.key_id for link in page)
    context = {
        "links": page,
        "how_many": by_hand.how_many(capped_count(links, by_hand.COUNTED)),
        "platforms": platforms,
        "chosen": chosen,
        **_care(request, at),
    }
    return render(request, "cases/checks.html", context)


@right_required("link.check")
@opted_in
@require_GET
def carefully(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """Interrupt before a live page: what may be seen, and that somebody else may look."""
    link = _link(request, code, number)
    context = {"link": link, "case": link.case, **_care(request, clock.now())}
    return render(request, "cases/check.html", context)


@right_required("link.check")
@opted_in
@require_POST
def open_link(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """Lead a new tab to the live page; no site learns where the reader came from."""
    link = _link(request, code, number)
    if not link.can_be_opened:
        raise Http404
    care.note_opening(link, request.user, clock.now())
    page = render(request, "cases/leaving.html", {"link": link})
    page.headers["Referrer-Policy"] = "no-referrer"
    return page


@right_required("link.check")
@opted_in
@require_POST
def mark(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """Mark what was seen with one key, and go on with the next link."""
    link = _link(request, code, number)
    form = LookForm(request.POST)
    try:
        result = form.cleaned_data["result"] if form.is_valid() else ""
        check = checks.look(link, result, request.user, clock.now())
    except RuleBroken as no:
        messages.error(request, no.sentence)
    else:
        said = {"code": link.code, "what": LinkState(_state(request, link)).label}
        undo = reverse("cases:undo_look", args=[code, number, check.pk])
        offer_undo(request, _("%(code)s: %(what)s.") % said, undo)
    return _next(request)


@right_required("link.check")
@opted_in
@require_POST
def pass_on(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """Leave a link to somebody else. No reason is asked, and nothing is counted or kept."""
    link = _link(request, code, number)
    at = clock.now()
    request.session[PASSED] = {
        "day": _day(at), "links": [*map(str, _passed(request, at)), str(link.pk)][-500:]
    }  # fmt: skip
    return _next(request)


def _link(request: StaffRequest, code: str, number: int) -> Link:
    """Return a link that she may look at; of the minors' pathway nobody opens a page."""
    link = link_or_404(request, code, number)
    open_ = link.case.status in {CaseStatus.NEW, CaseStatus.ACTIVE}
    if link.case.is_minor_pathway or not open_ or link.removed_at:
        raise Http404
    return link


def _state(request: StaffRequest, link: Link) -> str:
    return link_or_404(request, link.case.code, link.number).state


def _next(request: StaffRequest) -> HttpResponse:
    key = request.POST.get("platform", "")
    known = key in set(Platform.objects.values_list("key", flat=True))
    return redirect(reverse("cases:checks") + (f"?platform={key}" if known else ""))


def _care(request: StaffRequest, at: datetime) -> dict[str, Any]:
    opened = care.openings_today(request.user, at)
    return {"opened": len(opened), "pause": care.suggests_pause(opened, at), "at": at}


def _passed(request: StaffRequest, at: datetime) -> list[UUID]:
    """What she passed on today lies in her session alone, and ends with it."""
    kept = request.session.get(PASSED) or {}
    return [UUID(pk) for pk in kept["links"]] if kept.get("day") == _day(at) else []


def _day(at: datetime) -> str:
    return timezone.localtime(at).date().isoformat()
