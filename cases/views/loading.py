"""How a page gets its row: through `visible_to`, and 404 for what is unknown or forbidden alike."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.access import may
from accounts.decorators import StaffRequest
from cases.models import Case, Draft, Link


def case_or_404(request: StaffRequest, code: str, right: str = "case.view") -> Case:
    visible = Case.objects.visible_to(request.user).select_related("advocate", "team", "person")
    case = get_object_or_404(visible, code=code)
    if not may(request.user, right, case):
        raise Http404
    return case


def link_or_404(request: StaffRequest, code: str, number: int) -> Link:
    visible = Link.objects.visible_to(request.user).with_state_facts()
    visible = visible.select_related("case", "case__advocate", "platform", "community", "material")
    return get_object_or_404(visible, case__code=code, number=number)


def draft_or_404(request: StaffRequest, draft_id: UUID, form: str | None = None) -> Draft:
    drafts = Draft.objects.visible_to(request.user)
    return get_object_or_404(drafts.filter(form=form) if form else drafts, pk=draft_id)
