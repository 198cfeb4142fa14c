"""What she agreed to: written down, changed, withdrawn. The effect is said before the button."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import StaffRequest, right_required
from cases import agreeing, closing, landing, mandates
from cases.forms.mandates import AgreedForm, initial
from cases.models import Case
from cases.views import typed
from cases.views.loading import case_or_404
from core import clock
from core.errors import RuleBroken
from platforms.models import Platform


@right_required("mandate.record")
@require_http_methods(["GET", "POST"])
def agreed(request: StaffRequest, code: str) -> HttpResponse:
    case = case_or_404(request, code, "mandate.record")
    today = timezone.localdate(clock.now())
    standing = mandates.live(case.mandates.select_related("recorded_by"), today)
    start = initial(standing, today, case.language or request.user.language)
    form = AgreedForm(
        typed.posted(request), platforms=_platforms(case, standing), today=today, initial=start
    )
    if request.method != "POST" or not form.is_valid():
        page = _page(case, form, today)
        return render(request, "cases/agreed.html", page, status=422 if form.errors else 200)
    if agreeing.shrinks(case, form.agreed(), today) and "confirmed" not in request.POST:
        return render(request, "cases/agreed_less.html", _effect(request, case))
    try:
        agreeing.record_agreement(case, form.agreed(), request.user, clock.now())
    except RuleBroken as no:
        form.add_error(None, no.sentence)
        return render(request, "cases/agreed.html", _page(case, form, today), status=422)
    messages.success(request, _("What was agreed is saved."))
    return redirect("cases:mandates", case.code)


@right_required("mandate.record")
@require_http_methods(["GET", "POST"])
def withdraw(request: StaffRequest, code: str) -> HttpResponse:
    """Say what stops and what cannot be recalled; the second press withdraws."""
    case = case_or_404(request, code, "mandate.record")
    if request.method != "POST":
        return render(request, "cases/withdraw.html", _effect(request, case))
    try:
        agreeing.withdraw(case, request.user, clock.now())
    except RuleBroken as no:
        messages.error(request, no.sentence)
        return redirect("cases:mandates", case.code)
    return redirect("cases:withdrawn", case.code)


@right_required("mandate.record")
@require_http_methods(["GET"])
def withdrawn(request: StaffRequest, code: str) -> HttpResponse:
    """Say what had left already, and wait for what is on its way at this moment."""
    case = case_or_404(request, code, "mandate.record")
    ended = case.mandates.exclude(withdrawn_at=None).order_by("-withdrawn_at").first()
    effect = closing.effect(case)
    since = ended.withdrawn_at if ended else None
    left = landing.left_since(case.notices.all(), since) if since else []
    waited = (clock.now() - since).total_seconds() if since else 0
    page = {
        "case": case,
        "at": clock.now(),
        "effect": effect,
        "left": left,
        "waits": bool(effect.leaving) and waited < 25,
    }
    name = "cases/_withdrawn.html" if request.headers.get("HX-Request") else "cases/withdrawn.html"
    return render(request, name, page)


def _page(case: Case, form: AgreedForm, today: date) -> dict[str, Any]:
    rows = list(case.mandates.select_related("recorded_by").order_by("-given_on", "-recorded_at"))
    return {
        "case": case,
        "form": form,
        "at": clock.now(),
        "history": [(row, mandates.is_live(row, today)) for row in rows],
        "holds": any(mandates.is_live(row, today) for row in rows),
    }


def _effect(request: StaffRequest, case: Case) -> dict[str, Any]:
    said = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", "confirmed"}
        for value in values
    ]
    return {"case": case, "at": clock.now(), "effect": closing.effect(case), "said": said}


def _platforms(case: Case, standing: list[Any]) -> list[tuple[str, str]]:
    """Return the platforms of the case's links, and those that a mandate names already."""
    named = {key for mandate in standing for key in mandate.platforms}
    here = Platform.objects.filter(link__case=case) | Platform.objects.filter(key__in=named)
    return list(here.distinct().values_list("key", "name"))
