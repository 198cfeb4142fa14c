"""Pasting links: step one is a text, step two a table, and nothing is saved before the button."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import StaffRequest, right_required
from cases import drafts, flags, links, pasting, places, shared
from cases.forms.links import PasteForm, PlaceForm
from cases.models import Case, Draft
from cases.pasting import Row
from cases.views import typed
from cases.views.loading import case_or_404, draft_or_404
from core import clock
from core.errors import RuleBroken
from platforms.models import Platform


@right_required("link.add")
@require_http_methods(["GET", "POST"])
def add(request: StaffRequest, code: str) -> HttpResponse:
    case = case_or_404(request, code, "link.add")
    form = PasteForm(typed.posted(request))
    if request.method == "POST" and form.is_valid():
        data = {"rows": form.rows}
        draft = drafts.start(request.user, "paste", clock.now(), subject_code=case.code, data=data)
        return redirect("cases:choose_links", case.code, draft.pk)
    page = {"case": case, "form": form, "at": clock.now(), "platforms": _platforms()}
    return render(request, "cases/add_links.html", page, status=422 if form.errors else 200)


@right_required("link.add")
@require_http_methods(["GET", "POST"])
def choose(request: StaffRequest, code: str, draft_id: UUID) -> HttpResponse:
    case = case_or_404(request, code, "link.add")
    draft = draft_or_404(request, draft_id, "paste")
    if not draft.is_open or draft.subject_code != case.code:
        return redirect(case.get_absolute_url())
    if request.method == "POST":
        return _add_chosen(request, case, draft)
    return render(request, "cases/choose_links.html", _table(case, draft))


@right_required("link.add")
@require_POST
def tell(request: StaffRequest, code: str, draft_id: UUID, n: int) -> HttpResponse:
    """Tell the coordinator that a link stands in two cases; she alone may see in which."""
    case = case_or_404(request, code, "link.add")
    draft = draft_or_404(request, draft_id, "paste")
    rows: list[Row] = draft.data.get("rows", []) if draft.is_open else []
    if 0 <= n < len(rows):
        at = clock.now()
        shared.tell(case, rows[n]["canonical"] or rows[n]["verbatim"], request.user, at)
        told = [*draft.data.get("told", []), n]
        drafts.save(draft, {**draft.data, "told": told}, draft.version, at)
        messages.success(request, _("The coordinator will see it on Today."))
    return redirect("cases:choose_links", case.code, draft.pk)


@right_required("link.add")
@require_http_methods(["GET", "POST"])
def add_place(request: StaffRequest, code: str) -> HttpResponse:
    """Add a place without a link, with the parts that its platform needs."""
    case = case_or_404(request, code, "link.add")
    key = request.GET.get("platform", "")
    platform = Platform.objects.filter(key=key).first()
    form = PlaceForm(key, typed.posted(request))
    if request.method == "POST" and form.is_valid():
        row = places.row_of(platform.key if platform else "", form.cleaned_data)
        return _saved(request, case, [row])
    page = {"case": case, "form": form, "platform": platform, "at": clock.now()}
    return render(request, "cases/add_place.html", page, status=422 if form.errors else 200)


def _add_chosen(request: StaffRequest, case: Case, draft: Draft) -> HttpResponse:
    table = flags.flagged(case, draft.data.get("rows", []), {})
    chosen = set(request.POST.getlist("include"))
    ticked = [one for one in table if str(one.n) in chosen and one.can_be_added]
    if not ticked:
        messages.error(request, _("Tick at least one line, or go back without adding."))
        return redirect("cases:choose_links", case.code, draft.pk)
    known = set(Platform.objects.values_list("key", flat=True))
    fresh = [_as_chosen(request, one, known) for one in ticked if not one.is_back]
    back = [one.row["canonical"] for one in ticked if one.is_back]
    return _saved(request, case, fresh, draft, back)


def _saved(
    request: StaffRequest,
    case: Case,
    rows: list[Row],
    draft: Draft | None = None,
    back: list[str] | None = None,
) -> HttpResponse:
    at = clock.now()
    try:
        made = links.add(case, rows, request.user, at, draft=draft)
        again = links.mark_back(case, back or [], request.user, at)
    except RuleBroken as no:
        messages.error(request, no.sentence)
        return redirect(case.get_absolute_url())
    n = len(made)
    words = ngettext("%(n)d link is added.", "%(n)d links are added.", n) % {"n": n}
    if again:
        m = len(again)
        words += " " + ngettext("%(n)d is back again.", "%(n)d are back again.", m) % {"n": m}
    messages.success(request, words)
    return redirect(case.get_absolute_url())


def _as_chosen(request: StaffRequest, one: flags.Flagged, known: set[str]) -> Row:
    """Return the row with the platform that a person chose for an unknown site or a text."""
    row: Row = {**one.row}
    chosen = request.POST.get(f"platform-{one.n}", "")
    if not row["platform"] and chosen in known:
        row["platform"] = chosen
    return row


def _table(case: Case, draft: Draft) -> dict[str, Any]:
    rows: list[Row] = draft.data.get("rows", [])
    names = dict(Platform.objects.values_list("key", "name"))
    table = flags.flagged(case, rows, names)
    return {
        "case": case,
        "draft": draft,
        "at": clock.now(),
        "table": table,
        "platforms": _platforms(),
        "told": set(draft.data.get("told", [])),
        "summary": pasting.summary(rows, names),
        "lines": len({row["line"] for row in rows}),
        "merged": sum(1 for row in rows if row["same_as"] is not None),
        "ticked": sum(1 for one in table if one.is_ticked),
    }


def _platforms() -> Any:
    """Return what somebody can choose; choosing nothing already means another website."""
    known = Platform.objects.filter(retired=False).exclude(key=links.OTHER_WEBSITE)
    return known.only("key", "name")
