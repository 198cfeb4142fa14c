"""Which notices a case needs, and their drafts."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import may
from accounts.decorators import StaffRequest, right_required
from cases.models import Case
from core import clock
from core.errors import RuleBroken
from notices import plan as planning
from notices.facts import content_of_case
from notices.forms.facts import SharedFactsForm, shared_initial
from notices.models import Notice
from notices.plan import Plan
from notices.views.loading import notice_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("notice.prepare")
def plan(request: StaffRequest, code: str) -> HttpResponse:
    case = _case(request, code)
    at = clock.now()
    asked = request.POST if request.method == "POST" else request.GET
    grounds = {
        name.removeprefix("ground-"): str(value)
        for name, value in asked.items()
        if name.startswith("ground-")
    }
    made = planning.plan_for(case, at, grounds)
    making = request.method == "POST" and "make" in request.POST
    data = request.POST if request.method == "POST" else None
    form = SharedFactsForm(data, initial=shared_initial(content_of_case(case)))
    if making and form.is_valid() and _create(request, case, made, form):
        return redirect("notices:index")
    ticked = request.POST.getlist("platform") if data else [r.platform.key for r in made.rows]
    context = {"case": case, "plan": made, "form": form, "at": at, "ticked": ticked}
    return render(request, "notices/plan.html", context)


@require_POST
@right_required("notice.prepare")
def again(request: StaffRequest, code: str) -> HttpResponse:
    """Make the second notice, with the earlier words in it."""
    notice = notice_or_404(request, code, "notice.prepare")
    try:
        second = planning.prepare_again(notice, request.user, clock.now())
    except RuleBroken as no:
        messages.error(request, no.sentence)
        return redirect("notices:detail", code)
    return redirect("notices:edit", second.code)


def _case(request: StaffRequest, code: str) -> Case:
    visible = Case.objects.visible_to(request.user).select_related("person", "advocate")
    case = get_object_or_404(visible, code=code)
    if not may(request.user, "notice.prepare", case):
        raise Http404
    return case


def _create(request: StaffRequest, case: Case, made: Plan, form: SharedFactsForm) -> bool:
    """Make the drafts of every ticked row and tell the result of each; True if any was made."""
    ticked = set(request.POST.getlist("platform"))
    drafts: list[Notice] = []
    for row in made.rows:
        if row.platform.key not in ticked or not row.can_be_made:
            continue
        try:
            selections = planning.selections_of(row, form.content())
            drafts += planning.prepare(case, selections, request.user, clock.now())
        except RuleBroken as no:
            messages.error(request, f"{row.platform.name}: {no.sentence}")
    if drafts:
        words = ngettext("%(n)d draft made: %(codes)s", "%(n)d drafts made: %(codes)s", len(drafts))
        codes = ", ".join(notice.code for notice in drafts)
        messages.success(request, words % {"n": len(drafts), "codes": codes})
    else:
        messages.error(request, _("No draft was made. Tick at least one platform."))
    return bool(drafts)
