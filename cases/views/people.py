"""Safe contact, name and contact: shown on request, written down, confirmed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import StaffRequest, right_required
from cases import contact, people
from cases.forms import contact as forms
from cases.forms.contact import PersonForm, SafeContactForm
from cases.models import Case
from cases.views import typed
from cases.views.loading import case_or_404
from core import clock
from core.errors import RuleBroken, WrongState

CHANGED = gettext_lazy(
    "Somebody changed this while you were typing. What you typed is still here. Look at the case"
    " in a second window, then save again: your words replace the others."
)


@right_required("case.edit")
@require_http_methods(["GET", "POST"])
def safe(request: StaffRequest, code: str) -> HttpResponse:
    case = case_or_404(request, code, "case.edit")
    person = case.person
    if request.method != "POST":
        zone = person.safe.get("zone") or str(request.user.zone)
        form = SafeContactForm(initial=forms.initial(person.safe, zone))
        return render(request, "cases/contact.html", _page(case, form, person.version))
    form = SafeContactForm(request.POST)
    if not form.is_valid():
        page = _page(case, form, typed.version(request))
        return render(request, "cases/contact.html", page, status=422)
    try:
        people.change_safe(person, form.safe(), typed.version(request), request.user, clock.now())
    except WrongState as no:
        return _conflict(request, case, form, no)
    messages.success(request, _("What is safe is saved."))
    return redirect("cases:contact", case.code)


@right_required("case.edit")
@require_POST
def confirm(request: StaffRequest, code: str) -> HttpResponse:
    case = case_or_404(request, code, "case.edit")
    try:
        people.confirm_safe(case.person, request.user, clock.now())
        messages.success(request, _("Confirmed: the safe contact is still true."))
    except RuleBroken as no:
        messages.error(request, no.sentence)
    return redirect("cases:contact", case.code)


@right_required("case.show_contact")
@require_POST
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Answer with name and contact. They are in no page before this was pressed."""
    case = case_or_404(request, code, "case.show_contact")
    at = clock.now()
    person = people.show(case, request.user, at)
    page = {"case": case, "person": person, "at": at, "not_now": contact.not_now(person.safe, at)}
    name = "cases/_shown.html" if request.headers.get("HX-Request") else "cases/shown.html"
    return render(request, name, page)


@right_required("case.show_contact")
@require_POST
def show_name(request: StaffRequest, code: str) -> HttpResponse:
    case = case_or_404(request, code, "case.show_contact")
    person = people.show(case, request.user, clock.now(), all_of_it=False)
    page = {"case": case, "person": person, "alias_only": True}
    name = "cases/_shown.html" if request.headers.get("HX-Request") else "cases/shown.html"
    return render(request, name, page)


@right_required("case.show_contact")
@require_http_methods(["GET", "POST"])
def person(request: StaffRequest, code: str) -> HttpResponse:
    """Change name and contact. What is kept stays out of the page: empty fields keep it."""
    case = case_or_404(request, code, "case.show_contact")
    known = people.known(case.person)
    start = {"alias": case.person.alias, "pronoun": case.person.pronoun}
    form = PersonForm(typed.posted(request), known=known, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            people.change(
                case.person, form.cleaned_data, typed.version(request), request.user, clock.now()
            )
        except WrongState:
            form.add_error(None, str(CHANGED))
            case.person.refresh_from_db()
            page = {"case": case, "form": form, "version": case.person.version, "at": clock.now()}
            return render(request, "cases/person.html", page, status=409)
        messages.success(request, _("Name and contact are saved."))
        return redirect("cases:contact", case.code)
    page = {"case": case, "form": form, "version": case.person.version, "at": clock.now()}
    return render(request, "cases/person.html", page, status=422 if form.errors else 200)


def _conflict(
    request: StaffRequest, case: Case, form: SafeContactForm, no: WrongState
) -> HttpResponse:
    """Show both: the form as it was typed, above it what was saved meanwhile."""
    case.person.refresh_from_db()
    page = {**_page(case, form, case.person.version), "meanwhile": case.person.safe_summary}
    page["conflict"] = no.sentence
    return render(request, "cases/contact.html", page, status=409)


def _page(case: Case, form: SafeContactForm, version: int) -> dict[str, Any]:
    at = clock.now()
    ticked = set(form["grid"].value() or [])
    days = [
        (day, name, [(block, f"{day}-{block}" in ticked) for block in range(forms.BLOCKS)])
        for day, name in enumerate(contact.DAYS)
    ]
    blocks = [block * contact.BLOCK_HOURS for block in range(forms.BLOCKS)]
    return {
        "case": case,
        "form": form,
        "version": version,
        "at": at,
        "safe": contact.bar(case.person, at),
        "clashes": contact.contradictions(case.person.safe),
        "days": days,
        "hours": [(start, start + contact.BLOCK_HOURS) for start in blocks],
    }
