"""An answer that came by another way: pasted, read on a page of theirs, or heard on the phone."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import reach
from accounts.decorators import StaffRequest, right_required
from core import clock
from core.errors import RuleBroken, WrongState
from core.messages import offer_undo
from notices import replies
from notices.forms.replies import WITH_NUMBER, PasteForm, ReplyForm
from notices.models import Message, Notice
from notices.replies import pasted
from notices.replies.demands import DEMANDS
from notices.replies.pasted import Pasted
from notices.views.loading import notice_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("reply.file")
def add_reply(request: StaffRequest, code: str = "") -> HttpResponse:
    """One box; then what was found in it, to be confirmed with one click."""
    at = clock.now()
    notice = get_object_or_404(Notice.objects.visible_to(request.user), code=code) if code else None
    if request.method != "POST":
        return _page(request, PasteForm(), code)
    if "read" in request.POST:
        return _found(request, code, notice, at)
    form = ReplyForm(request.POST)
    message = _stored(request, form, at) if form.is_valid() else None
    if message is None:
        return _page(request, form, code, _understood(request, form, notice, at))
    return _filed(request, message, form.cleaned_data, at)


def _found(request: StaffRequest, code: str, notice: Notice | None, at: datetime) -> HttpResponse:
    """Show what was found in the text, each in the field that it fills."""
    box = PasteForm(request.POST)
    if not box.is_valid():
        return _page(request, box, code)
    found = pasted.understand(box.cleaned_data["text"], request.user, at, notice)
    told = {
        **box.cleaned_data,
        "received_at": timezone.localtime(found.received_at or at),
        "sender": found.sender,
        "code": found.notice.code if found.notice else code,
        "ticket": found.ticket,
    }
    return _page(request, ReplyForm(initial=told), code, found)


def _understood(
    request: StaffRequest, form: ReplyForm, notice: Notice | None, at: datetime
) -> Pasted | None:
    text = form.cleaned_data.get("text")
    return pasted.understand(text, request.user, at, notice) if text else None


def _stored(request: StaffRequest, form: ReplyForm, at: datetime) -> Message | None:
    data = form.cleaned_data
    try:
        notice = (
            notice_or_404(request, data["code"], "reply.file")
            if data["code"]
            else _nothing(request)
        )
        found = pasted.understand(data["text"], request.user, at, notice)
        return replies.receive(
            notice, request.user, at,
            text=found.text, quoted=found.quoted, subject=found.subject, reading=found.reading,
            proposed=found.answer.code if found.answer else "",
            received_at=data["received_at"], sender=data["sender"], via=data["via"],
            form=data["form"],
        )  # fmt: skip
    except Http404:
        form.add_error("code", _("No notice has this code."))
    except RuleBroken as no:
        form.add_error("received_at", no.sentence)
    return None


def _filed(
    request: StaffRequest, message: Message, data: dict[str, Any], at: datetime
) -> HttpResponse:
    """File it where the button said as what; else its page asks.

    What is filed already came by the same press before, and its page shows as what.
    """
    code, ticket = data["answer"], data["ticket"]
    if not code or message.notice is None or message.filed_at is not None:
        return redirect("notices:reply", message.pk)
    try:
        details = {"ticket": ticket} if ticket else {}
        code = WITH_NUMBER.get(code, code) if ticket else code
        known = replies.file(message, code, request.user, at, details=details)
    except WrongState:  # the other press of the two was quicker
        return redirect("notices:reply", message.pk)
    except RuleBroken as no:
        messages.error(request, no.sentence)
        return redirect("notices:reply", message.pk)
    undo = reverse("notices:unfile", args=[message.pk])
    offer_undo(request, _("Filed: %(what)s.") % {"what": known.label}, undo)
    if code in DEMANDS:
        return redirect("notices:reply", message.pk)
    return redirect("notices:detail", message.notice.code)


def _nothing(request: StaffRequest) -> Notice | None:
    """Let only those keep an answer without a notice who will see it again."""
    if reach(request.user, "reply.file") != "all":
        raise RuleBroken(_("Write the code of the notice, so that the answer is found again."))
    return None


def _page(
    request: StaffRequest, form: PasteForm, code: str, found: Pasted | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "code": code,
        "found": found,
        "is_confirmed": isinstance(form, ReplyForm),
        "at": clock.now(),
    }
    return render(request, "notices/add_reply.html", context)
