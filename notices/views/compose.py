"""The composer: finish a draft, see what it would say, hand it to approval."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import StaffRequest, right_required
from core import clock
from core.errors import RuleBroken
from notices import editing
from notices.desk import Desk
from notices.editing import Change, Stale
from notices.forms.facts import ComposerForm, ReasonForm
from notices.models import Notice
from notices.views.loading import notice_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("notice.edit")
def edit(request: StaffRequest, code: str) -> HttpResponse:
    notice = notice_or_404(request, code, "notice.edit")
    if not (notice.is_open and notice.case.is_open):
        return redirect(notice)
    desk = Desk(notice, clock.now())
    form = _form(desk, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _save(request, desk, form)
    return _page(request, desk, form)


@require_POST
@right_required("notice.edit")
def autosave(request: StaffRequest, code: str) -> HttpResponse:
    """Save while somebody types; what is not whole yet is left for the page's own button."""
    notice = notice_or_404(request, code, "notice.edit")
    desk = Desk(notice, clock.now())
    form = _form(desk, request.POST)
    if not form.is_valid():
        return JsonResponse({"saved_at": "", "version": notice.version}, status=422)
    try:
        _store(request, desk, form)
    except Stale:
        return JsonResponse({"url": reverse("notices:edit", args=[code])}, status=409)
    except RuleBroken as no:
        return JsonResponse({"sentence": no.sentence}, status=422)
    saved_at = timezone.localtime(desk.at).strftime("%H:%M")
    return JsonResponse({"saved_at": saved_at, "version": notice.version})


@require_POST
@right_required("notice.edit")
def leave_out(request: StaffRequest, code: str) -> HttpResponse:
    """Record why a recommended part is left out."""
    notice = notice_or_404(request, code, "notice.edit")
    form = ReasonForm(request.POST)
    if form.is_valid():
        given = {**notice.content.get("left_out", {})}
        given[form.cleaned_data["key"]] = form.cleaned_data["reason"]
        kept = {key: reason for key, reason in given.items() if reason}
        change = Change(content={**notice.content, "left_out": kept})
        try:
            editing.save(notice, change, request.user, notice.version, clock.now())
        except RuleBroken as no:
            messages.error(request, no.sentence)
    return redirect("notices:edit", code)


def _form(desk: Desk, data: Any) -> ComposerForm:
    return ComposerForm(
        data, notice=desk.notice, facts=desk.facts, links=desk.links, channels=desk.channels
    )


def _save(request: StaffRequest, desk: Desk, form: ComposerForm) -> HttpResponse:
    notice = desk.notice
    try:
        _store(request, desk, form)
    except Stale:
        return _conflict(request, desk, form)
    except RuleBroken as no:
        form.add_error(None, no.sentence)
        as_stored = notice_or_404(request, notice.code, "notice.edit")
        return _page(request, Desk(as_stored, desk.at), form)
    if ("ask" in request.POST and _asked(request, notice, desk.at)) or "close" in request.POST:
        return redirect("notices:index")
    return redirect(reverse("notices:edit", args=[notice.code]) + _gap(request, notice, desk.at))


def _asked(request: StaffRequest, notice: Notice, at: datetime) -> bool:
    try:
        editing.ask_approval(notice, request.user, at)
    except RuleBroken as no:
        messages.error(request, no.sentence)
        return False
    messages.success(request, _("%(code)s waits for approval.") % {"code": notice.code})
    return True


def _store(request: StaffRequest, desk: Desk, form: ComposerForm) -> None:
    version = form.cleaned_data.get("version")
    version = desk.notice.version if version is None else version
    editing.save(desk.notice, _change(request, desk, form), request.user, version, desk.at)


def _change(request: StaffRequest, desk: Desk, form: ComposerForm) -> Change:
    """Return what the form changes; another ground brings its own best channel."""
    data, notice = form.cleaned_data, desk.notice
    channels = {channel.key: channel for channel in desk.channels}
    chosen, ground = channels.get(data.get("channel", "")), None
    wanted = request.POST.get("use", "")
    offer = next((other for other in desk.others if other.ground_id == wanted), None)
    if offer is not None:
        ground = offer.ground_id
        chosen = notice.platform.channels.filter(key=offer.channel_id).first()
    return Change(
        content=form.changed_content(notice.content),
        ground=ground,
        channel=chosen,
        address=data.get("address"),
        language=data.get("language") or None,
        tone=data.get("tone") or None,
        links={UUID(pk) for pk in data["links"]},
    )


def _gap(request: StaffRequest, notice: Notice, at: datetime) -> str:
    """Return where the page should open: at the first missing part, when approval was asked."""
    gap = Desk(notice, at).first_gap if "ask" in request.POST else None
    return f"#fix-{gap.anchor}" if gap else ""


def _page(request: StaffRequest, desk: Desk, form: ComposerForm) -> HttpResponse:
    context = {"desk": desk, "notice": desk.notice, "form": form, "at": desk.at}
    status = 422 if form.errors else 200
    return render(request, "notices/edit.html", context, status=status)


def _conflict(request: StaffRequest, desk: Desk, form: ComposerForm) -> HttpResponse:
    """Show both texts; nothing that was typed is lost."""
    notice = desk.notice
    newest = notice.edits.select_related("user").order_by("-id").first()
    mine = form.cleaned_data.get("context_free", "")
    theirs = notice.content.get("context_free", "")
    pairs = [{"label": _("Another fact"), "name": "context_free", "yours": mine, "theirs": theirs}]
    hidden = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in {"version", "csrfmiddlewaretoken", "context_free", "ask", "close", "use"}
    ]
    context = {
        "who": newest.user.name if newest and newest.user_id != request.user.pk else "",
        "pairs": pairs,
        "hidden": hidden,
        "action": reverse("notices:edit", args=[notice.code]),
        "version": notice.version,
        "back_url": reverse("notices:edit", args=[notice.code]),
        "mine": _ticked(form, form.cleaned_data),
        "theirs": _ticked(form, notice.content),
    }
    return render(request, "notices/conflict.html", context, status=409)


def _ticked(form: ComposerForm, chosen: Any) -> list[str]:
    """Return the facts and confirmations that are ticked, in words, for comparing."""
    words: dict[str, str] = {}
    for name in ("context", "ticks"):
        if name in form.fields:
            words |= {code: str(text) for code, text in form.fields[name].choices}  # type: ignore[attr-defined]
    ticked = [*chosen.get("context", []), *chosen.get("ticks", [])]
    return [words[code] for code in ticked if code in words]
