"""The list, the page of a case, and what happens to a case as a whole."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import may, reach
from accounts.decorators import StaffRequest, right_required
from accounts.models import User
from cases import closing, intake, landing, lifecycle, listing, notes, overview
from cases.forms.cases import AssignForm, CloseForm, Under18Form
from cases.forms.links import NoteForm, QuickAddForm
from cases.models import Case
from cases.surroundings import suggestions
from cases.views import landed, typed
from cases.views.loading import case_or_404
from core import clock
from core.errors import RuleBroken
from core.messages import offer_undo
from core.paging import KeysetPage


@right_required("case.list")
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    usual = "all" if reach(request.user, "case.view") == "all" else "mine"
    tab = request.GET.get("tab", usual)
    tab = tab if tab in listing.TABS else usual
    cases = listing.of_tab(tab, request.user)
    page = KeysetPage(cases, "changed_at", request.GET.get("cursor", ""))
    due = listing.deadlines(page.rows)
    context = {
        "at": clock.now(),
        "tab": tab,
        "tabs": listing.TABS,
        "page": page,
        "rows": [(row, due.get(row.case.pk)) for row in listing.rows(page.rows)],
    }
    return render(request, "cases/index.html", context)


@right_required("case.view")
@require_GET
def detail(request: StaffRequest, code: str) -> HttpResponse:
    case = case_or_404(request, code)
    context = overview.of(
        case,
        request.user,
        clock.now(),
        show=request.GET.get("show", ""),
        cursor=request.GET.get("cursor", ""),
    )
    return render(request, "cases/detail.html", {**context, **_around(request, case)})


def _around(request: StaffRequest, case: Case) -> dict[str, Any]:
    user = request.user
    return {
        "note_form": NoteForm(),
        "quick_form": QuickAddForm(),
        "notices": case.notices.select_related("platform", "taken_by")
        .with_next_clock()
        .order_by("number"),
        "may_edit": may(user, "case.edit", case),
        "may_close": may(user, "case.close", case),
        "may_assign": may(user, "case.assign", case),
        "may_prepare": may(user, "notice.prepare", case) and not case.is_minor_pathway,
        **suggestions(user),
    }


@right_required("case.note")
@require_POST
def add_note(request: StaffRequest, code: str) -> HttpResponse:
    case = case_or_404(request, code, "case.note")
    form = NoteForm(request.POST)
    if not form.is_valid():
        page = {"case": case, "form": form, "at": clock.now()}
        return render(request, "cases/note.html", page, status=422)
    notes.add(case, form.cleaned_data["text"], request.user, clock.now())
    messages.success(request, _("The note is saved."))
    return redirect(case.get_absolute_url())


@right_required("case.edit")
@require_POST
def pause(request: StaffRequest, code: str) -> HttpResponse:
    """Pause a case; what was being handed over at that moment is waited for and named."""
    case = case_or_404(request, code, "case.edit")
    at = clock.now()
    if _done(request, lambda: lifecycle.pause(case, request.user, at)):
        undo = reverse("cases:resume", args=[code])
        offer_undo(request, _("Everything is paused in %(code)s.") % {"code": code}, undo)
        landed.say(request, landing.wait(case.notices.all(), at))
    return redirect(case.get_absolute_url())


@right_required("case.edit")
@require_POST
def resume(request: StaffRequest, code: str) -> HttpResponse:
    case = case_or_404(request, code, "case.edit")
    if _done(request, lambda: lifecycle.resume(case, request.user, clock.now())):
        messages.success(request, _("%(code)s goes on.") % {"code": code})
    return redirect(case.get_absolute_url())


@right_required("case.close")
@require_http_methods(["GET", "POST"])
def close(request: StaffRequest, code: str) -> HttpResponse:
    """Close a case: one reason, and what happens then is said before."""
    case = case_or_404(request, code, "case.close")
    form = CloseForm(
        typed.posted(request), initial={"reason": closing.proposed_reason(case, clock.now())}
    )
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if _done(request, lambda: lifecycle.close(case, request.user, clock.now(), reason=reason)):
            undo = reverse("cases:reopen", args=[code])
            offer_undo(request, _("%(code)s is closed.") % {"code": code}, undo)
        return redirect(case.get_absolute_url())
    page = {"case": case, "form": form, "at": clock.now(), "effect": closing.effect(case)}
    return render(request, "cases/close.html", page, status=422 if form.errors else 200)


@right_required("case.close")
@require_POST
def reopen(request: StaffRequest, code: str) -> HttpResponse:
    case = case_or_404(request, code, "case.close")
    if _done(request, lambda: lifecycle.reopen(case, request.user, clock.now())):
        messages.success(request, _("%(code)s is open again.") % {"code": code})
    return redirect(case.get_absolute_url())


@right_required("case.assign")
@require_http_methods(["GET", "POST"])
def assign(request: StaffRequest, code: str) -> HttpResponse:
    case = case_or_404(request, code, "case.assign")
    form = AssignForm(typed.posted(request))
    if request.method == "POST" and form.is_valid():
        to: User = form.cleaned_data["to"]
        note = form.cleaned_data["note"]
        if _done(request, lambda: lifecycle.assign(case, to, request.user, clock.now(), note=note)):
            messages.success(
                request, _("%(code)s is with %(name)s now.") % {"code": code, "name": to.name}
            )
        return redirect(case.get_absolute_url())
    page = {"case": case, "form": form, "at": clock.now()}
    return render(request, "cases/assign.html", page, status=422 if form.errors else 200)


@right_required("case.edit")
@require_http_methods(["GET", "POST"])
def under_18(request: StaffRequest, code: str) -> HttpResponse:
    case = case_or_404(request, code, "case.edit")
    form = Under18Form(typed.posted(request), initial={"under_18": case.under_18})
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data["under_18"]
        if _done(request, lambda: intake.answer_under_18(case, answer, request.user, clock.now())):
            messages.success(request, _("The answer is saved."))
        return redirect(case.get_absolute_url())
    page = {"case": case, "form": form, "at": clock.now()}
    return render(request, "cases/under_18.html", page, status=422 if form.errors else 200)


def _done(request: StaffRequest, verb: Any) -> bool:
    """Run a verb; a rule that says no becomes a message."""
    try:
        verb()
    except RuleBroken as no:
        messages.error(request, no.sentence)
        return False
    return True
