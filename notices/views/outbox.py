"""What waits to leave, what is leaving, and what a person has to decide."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import may
from accounts.decorators import StaffRequest, right_required
from accounts.models import Organisation, User
from cases import landing
from cases.views import landed
from core import clock
from core.errors import RuleBroken
from core.paging import KeysetPage
from notices import delivery
from notices.models import Delivery, Notice
from notices.models.delivery import STILL_WANTED
from notices.states import DeliveryState

OVER = (DeliveryState.SENT, DeliveryState.CANCELLED)
Verb = Callable[[Delivery, User, datetime], None]


@require_safe
@right_required("outbox.view")
def outbox(request: StaffRequest) -> HttpResponse:
    at = clock.now()
    rows = Delivery.objects.visible_to(request.user).exclude(state__in=OVER)
    rows = rows.filter(STILL_WANTED | ~Q(state=DeliveryState.FAILED))
    rows = rows.select_related("notice", "notice__case", "notice__platform", "notice__taken_by")
    page = KeysetPage(rows, "due_at", request.GET.get("cursor", ""), ascending=True)
    organisation = Organisation.current()
    context = {
        "page": page,
        "at": at,
        "is_delayed": delivery.is_delayed(at),
        "stopped_at": organisation.sending_stopped_at if organisation else None,
        "stopped_by": organisation.sending_stopped_by if organisation else "",
        "may_stop": may(request.user, "sending.stop"),
        "decides": {
            row.pk: may(request.user, "notice.decide_delivery", row.notice) for row in page.rows
        },
        "undoes": {row.pk: may(request.user, "notice.send", row.notice) for row in page.rows},
    }
    return render(request, "notices/outbox.html", context)


@require_POST
@right_required("notice.decide_delivery")
def decide_left(request: StaffRequest, delivery_id: UUID) -> HttpResponse:
    return _decided(request, delivery_id, delivery.decide_left, _("Noted: it left."))


@require_POST
@right_required("notice.decide_delivery")
def decide_send_again(request: StaffRequest, delivery_id: UUID) -> HttpResponse:
    return _decided(request, delivery_id, delivery.decide_send_again, _("It is sent again."))


@require_POST
@right_required("sending.stop")
def stop(request: StaffRequest) -> HttpResponse:
    """Stop all sending, and say what had already left."""
    at = clock.now()
    try:
        delivery.stop_sending(request.user, at)
    except RuleBroken as no:
        messages.error(request, no.sentence)
        return _back(request)
    messages.success(request, _("Sending is stopped. Nothing new leaves."))
    landed.say(request, landing.wait(Notice.objects.all(), at))
    return _back(request)


@require_POST
@right_required("sending.stop")
def resume(request: StaffRequest) -> HttpResponse:
    try:
        delivery.resume_sending(request.user, clock.now())
    except RuleBroken as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, _("Sending goes on."))
    return _back(request)


def _back(request: StaffRequest) -> HttpResponse:
    """An administrator may stop sending, and sees no outbox."""
    return redirect("notices:outbox" if may(request.user, "outbox.view") else "root")


def _decided(request: StaffRequest, delivery_id: UUID, verb: Verb, said: str) -> HttpResponse:
    rows = Delivery.objects.visible_to(request.user).select_related(
        "notice", "notice__case", "approval"
    )
    row = get_object_or_404(rows, pk=delivery_id)
    if not may(request.user, "notice.decide_delivery", row.notice):
        raise Http404
    try:
        verb(row, request.user, clock.now())
    except RuleBroken as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, said)
    return redirect("notices:outbox")
