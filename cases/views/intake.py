"""Taking down a report: every text is on the server before anybody presses a button."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.decorators import StaffRequest, right_required
from cases import drafts, intake, pasting
from cases.forms.intake import IntakeForm
from cases.models import Draft
from cases.views import typed
from cases.views.loading import draft_or_404
from core import clock
from core.errors import RuleBroken
from platforms.models import Platform


@right_required("case.create")
@require_GET
def create(request: StaffRequest) -> HttpResponse:
    """Begin a report. Each has its own address, so that two windows never share a text."""
    draft = intake.start(request.user, clock.now())
    return redirect("cases:draft", draft.pk)


@right_required("case.create")
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, draft_id: UUID) -> HttpResponse:
    draft = draft_or_404(request, draft_id, intake.FORM)
    if draft.discarded_at and request.method == "POST":
        _take_back(draft)
    if draft.used_at or draft.discarded_at:
        return _closed(request, draft)
    if request.method != "POST":
        form = IntakeForm(initial=typed.initial(draft, IntakeForm))
        return render(request, "cases/intake.html", _page(form, draft))
    if typed.version(request) != draft.version:
        return typed.conflict_page(request, draft, IntakeForm)
    return _finish(request, draft)


def _take_back(draft: Draft) -> None:
    """Open a discarded draft again for the words that another window still held."""
    try:
        drafts.recover(draft, clock.now())
    except RuleBroken:
        return


def _finish(request: StaffRequest, draft: Draft) -> HttpResponse:
    form = IntakeForm(request.POST)
    at = clock.now()
    if not form.is_valid():
        try:
            drafts.save(draft, typed.kept(request, draft), draft.version, at)
        except drafts.Conflict as no:
            return typed.conflict_page(request, no.current, IntakeForm)
        return render(request, "cases/intake.html", _page(form, draft), status=422)
    try:
        case, unclear = intake.finish(draft, form.cleaned_data, request.user, at)  # type: ignore[arg-type]
    except RuleBroken as no:
        form.add_error(None, no.sentence)
        return render(request, "cases/intake.html", _page(form, draft), status=422)
    messages.success(request, _("Case %(code)s is saved.") % {"code": case.code})
    if unclear:
        messages.warning(request, _("Some lines were not understood. They wait under Links."))
    hide = "?hidden=1" if "hide" in request.POST else ""
    return redirect(case.get_absolute_url() + hide)


def _closed(request: StaffRequest, draft: Draft) -> HttpResponse:
    """Answer a window that still shows a draft which was saved or discarded in another one."""
    if request.method == "POST" and draft.used_at:
        return typed.already_saved_page(request, draft, IntakeForm)
    if draft.used_at:
        return redirect("cases:detail", draft.subject_code)
    return render(request, "cases/discarded.html", {"draft": draft, "at": clock.now()})


@right_required("case.create")
@require_POST
def recognise(request: StaffRequest) -> HttpResponse:
    """Say in one line which links a text holds. Nothing is stored."""
    said = _line(request.POST.get("links_text", ""))
    return render(request, "cases/_recognised.html", {"said": said})


def _page(form: IntakeForm, draft: Draft) -> dict[str, Any]:
    said = form["links_text"].value() or ""
    return {
        "form": form,
        "draft": draft,
        "pseudonym": draft.data.get("pseudonym", ""),
        "at": clock.now(),
        "said": _line(str(said)),
        "autosave_url": reverse("cases:save_draft", args=[draft.pk]),
    }


def _line(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return pasting.summary(
            pasting.rows_of(text), dict(Platform.objects.values_list("key", "name"))
        )
    except RuleBroken as no:
        return no.sentence
