"""Saving while somebody types, discarding, taking back. Each answers for her own drafts alone."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import StaffRequest, right_required
from cases import drafts
from cases.forms.intake import IntakeForm
from cases.models import Draft
from cases.views import typed
from cases.views.loading import draft_or_404
from core import clock
from core.errors import RuleBroken
from core.messages import offer_undo


@right_required("draft.save")
@require_POST
def save(request: StaffRequest, draft_id: UUID) -> JsonResponse:
    """Keep what the form holds; 409 when another window saved in between."""
    draft = draft_or_404(request, draft_id)
    at = clock.now()
    if draft.used_at or draft.discarded_at:
        return _elsewhere(draft_id)
    try:
        drafts.save(draft, typed.kept(request, draft), typed.version(request), at)
    except drafts.Conflict:
        return _elsewhere(draft_id)
    saved_at = timezone.localtime(at).strftime("%H:%M")
    return JsonResponse({"saved_at": saved_at, "version": draft.version})


def _elsewhere(draft_id: UUID) -> JsonResponse:
    return JsonResponse({"url": reverse("cases:draft_conflict", args=[draft_id])}, status=409)


@right_required("draft.save")
@require_POST
def conflict(request: StaffRequest, draft_id: UUID) -> HttpResponse:
    """Show both texts. It is a POST, so that what was typed travels in the body."""
    draft = draft_or_404(request, draft_id)
    if draft.used_at:
        return typed.already_saved_page(request, draft, IntakeForm)
    return typed.conflict_page(request, draft, IntakeForm)


@right_required("draft.save")
@require_POST
def discard(request: StaffRequest, draft_id: UUID) -> HttpResponse:
    """Put the draft away, with what the form held last, for 24 hours."""
    draft = draft_or_404(request, draft_id)
    at = clock.now()
    try:
        is_newest = typed.version(request) == draft.version
        if draft.is_open and is_newest and len(typed.fields(request)) > 1:
            drafts.save(draft, typed.kept(request, draft), draft.version, at)
        drafts.discard(draft, at)
    except RuleBroken as no:
        messages.error(request, no.sentence)
        return redirect(_after(draft))
    words = _("The draft is discarded. You can take it back for 24 hours.")
    offer_undo(request, words, reverse("cases:recover_draft", args=[draft.pk]))
    return redirect(_after(draft))


@right_required("draft.save")
@require_POST
def recover(request: StaffRequest, draft_id: UUID) -> HttpResponse:
    draft = draft_or_404(request, draft_id)
    try:
        drafts.recover(draft, clock.now())
    except RuleBroken as no:
        messages.error(request, no.sentence)
        return redirect(_after(draft))
    return redirect(_place(draft))


def _place(draft: Draft) -> str:
    """Return where the draft goes on."""
    if draft.form == "paste":
        return reverse("cases:choose_links", args=[draft.subject_code, draft.pk])
    return reverse("cases:draft", args=[draft.pk])


def _after(draft: Draft) -> str:
    """Return where somebody goes who has put the draft away."""
    of_case = draft.subject_code and draft.form == "paste"
    return reverse("cases:detail", args=[draft.subject_code]) if of_case else reverse("root")
