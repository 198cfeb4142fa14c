"""Answers: paste one, say which notice it is about, say what it means."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import may, reach
from accounts.decorators import StaffRequest, right_required
from core import clock
from core.errors import RuleBroken
from core.messages import offer_undo
from core.paging import KeysetPage
from notices import answers, replies
from notices.forms.replies import FilingForm, MatchForm, ReplyForm
from notices.models import Message, Notice
from notices.states import Direction
from notices.views.loading import notice_or_404

TABS = ("to_file", "done", "unmatched")


@require_safe
@right_required("reply.list")
def index(request: StaffRequest) -> HttpResponse:
    tab = request.GET.get("tab", "to_file")
    sees_all = reach(request.user, "reply.file") == "all"
    if tab not in TABS or (tab == "unmatched" and not sees_all):
        tab = "to_file"
    page = KeysetPage(_rows(request, tab), "received_at", request.GET.get("cursor", ""))
    context = {"page": page, "tab": tab, "sees_all": sees_all, "at": clock.now()}
    return render(request, "notices/replies.html", context)


@require_safe
@right_required("reply.list")
def reply(request: StaffRequest, message_id: UUID) -> HttpResponse:
    message = _message(request, message_id)
    return _page(request, message, FilingForm(message=message), MatchForm())


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("reply.file")
def add_reply(request: StaffRequest, code: str = "") -> HttpResponse:
    at = clock.now()
    if code:
        get_object_or_404(Notice.objects.visible_to(request.user), code=code)
    initial = {"received_at": timezone.localtime(at), "code": code}
    form = ReplyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        message = _stored(request, form)
        if message is not None:
            return redirect("notices:reply", message.pk)
    return render(request, "notices/add_reply.html", {"form": form, "code": code, "at": at})


@require_POST
@right_required("reply.file")
def file_reply(request: StaffRequest, message_id: UUID) -> HttpResponse:
    message = _message(request, message_id, "reply.file")
    form = FilingForm(request.POST, message=message)
    if not form.is_valid():
        return _page(request, message, form, MatchForm())
    data = form.cleaned_data
    details = {name: data[name] for name in ("ticket", "asked_for") if data[name]}
    try:
        known = replies.file(
            message,
            data["answer"].code,
            request.user,
            clock.now(),
            is_automatic=data["is_automatic"],
            about=[UUID(pk) for pk in data["about"]],
            details=details,
        )
    except RuleBroken as no:
        form.add_error(None, no.sentence)
        return _page(request, message, form, MatchForm())
    undo = reverse("notices:unfile", args=[message_id])
    offer_undo(request, _("Filed: %(what)s.") % {"what": known.label}, undo)
    return redirect("notices:detail", message.notice.code if message.notice else "")


@require_POST
@right_required("reply.file")
def unfile(request: StaffRequest, message_id: UUID) -> HttpResponse:
    message = _message(request, message_id, "reply.file")
    try:
        replies.unfile(message, request.user, clock.now())
    except RuleBroken as no:
        messages.error(request, no.sentence)
    return redirect("notices:reply", message_id)


@require_POST
@right_required("reply.file")
def match_reply(request: StaffRequest, message_id: UUID) -> HttpResponse:
    message = _message(request, message_id, "reply.file")
    form = MatchForm(request.POST)
    if not form.is_valid():
        return _page(request, message, FilingForm(message=message), form)
    try:
        notice = notice_or_404(request, form.cleaned_data["code"], "reply.file")
        replies.match(message, notice, request.user, clock.now())
    except Http404:
        form.add_error("code", _("No notice has this code."))
        return _page(request, message, FilingForm(message=message), form)
    except RuleBroken as no:
        messages.error(request, no.sentence)
    return redirect("notices:reply", message_id)


def _rows(request: StaffRequest, tab: str) -> QuerySet[Message]:
    rows = Message.objects.visible_to(request.user).filter(direction=Direction.RECEIVED)
    rows = rows.select_related("notice", "notice__platform", "notice__case")
    if tab == "unmatched":
        return rows.filter(notice=None)
    rows = rows.exclude(notice=None)
    return rows.filter(filed_at=None) if tab == "to_file" else rows.exclude(filed_at=None)


def _message(request: StaffRequest, message_id: UUID, right: str = "") -> Message:
    visible = Message.objects.visible_to(request.user).select_related(
        "notice", "notice__platform", "notice__case", "notice__case__advocate", "filed_by"
    )
    message = get_object_or_404(visible, pk=message_id)
    if right and not may(request.user, right, message.notice):
        raise Http404
    return message


def _stored(request: StaffRequest, form: ReplyForm) -> Message | None:
    data = dict(form.cleaned_data)
    code = data.pop("code")
    try:
        notice = notice_or_404(request, code, "reply.file") if code else _nothing(request)
        return replies.receive(notice, request.user, clock.now(), **data)
    except Http404:
        form.add_error("code", _("No notice has this code."))
    except RuleBroken as no:
        form.add_error("received_at", no.sentence)
    return None


def _nothing(request: StaffRequest) -> Notice | None:
    """Let only those keep an answer without a notice who will see it again."""
    if reach(request.user, "reply.file") != "all":
        raise RuleBroken(_("Write the code of the notice, so that the answer is found again."))
    return None


def _page(
    request: StaffRequest, message: Message, form: FilingForm, matching: MatchForm
) -> HttpResponse:
    may_file = (
        may(request.user, "reply.file", message.notice)
        if message.notice
        else (reach(request.user, "reply.file") == "all")
    )
    context = {
        "message": message,
        "form": form,
        "match_form": matching,
        "families": answers.families(),
        "filed": answers.answers().get(message.answer),
        "may_file": may_file,
        "at": clock.now(),
    }
    return render(request, "notices/reply.html", context)
