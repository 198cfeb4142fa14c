"""One link: its history, and what somebody saw, with one key."""

import re
from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import may
from accounts.decorators import StaffRequest, right_required
from cases import checks, links, runs, surroundings
from cases.forms.links import LookForm, QuickAddForm
from cases.link_states import LinkState
from cases.models import Case, Check, Link
from cases.views.loading import case_or_404, link_or_404
from core import clock
from core.errors import RuleBroken
from core.messages import offer_undo

AT_MOST = 100
LOOKS_SHOWN = 1000
NUMBER = re.compile(r"[0-9]{1,6}")


@right_required("link.check")
@require_GET
def detail(request: StaffRequest, code: str, number: int) -> HttpResponse:
    link = link_or_404(request, code, number)
    user = request.user
    page = {
        "link": link,
        "case": link.case,
        "at": clock.now(),
        "runs": runs.of(link.checks.select_related("by").order_by("-at", "-id")[:LOOKS_SHOWN]),
        "notices": _notices(link),
        "may_view_case": may(user, "case.view", link.case),
        "may_edit": may(user, "link.add", link.case),
    }
    return render(request, "cases/link.html", page)


@right_required("link.check")
@require_POST
def look(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """Mark what was seen: gone, online, here only, delisted, can't tell."""
    link = link_or_404(request, code, number)
    form = LookForm(request.POST)
    try:
        result = form.cleaned_data["result"] if form.is_valid() else ""
        check = checks.look(link, result, request.user, clock.now())
    except RuleBroken as no:
        messages.error(request, no.sentence)
        return _back(request, link)
    state = LinkState(link_or_404(request, code, number).state).label
    words = _("Link %(n)d: %(state)s.") % {"n": number, "state": state}
    offer_undo(request, words, reverse("cases:undo_look", args=[code, number, check.pk]))
    return _back(request, link)


@right_required("link.check")
@require_POST
def undo(request: StaffRequest, code: str, number: int, check_id: int) -> HttpResponse:
    link = link_or_404(request, code, number)
    check = get_object_or_404(Check.objects.select_related("link"), pk=check_id, link=link)
    try:
        checks.undo(check, request.user, clock.now())
        messages.success(request, _("Taken back."))
    except RuleBroken as no:
        messages.error(request, no.sentence)
    return _back(request, link)


@right_required("link.add")
@require_POST
def many(request: StaffRequest, code: str) -> HttpResponse:
    """Mark or remove the ticked links, each for itself: one that fails does not stop the others."""
    case = case_or_404(request, code, "link.add")
    numbers = [int(n) for n in request.POST.getlist("link")[:AT_MOST] if NUMBER.fullmatch(n)]
    if not numbers:
        messages.error(request, _("Tick at least one link first."))
        return redirect(case.get_absolute_url())
    chosen = case.links.current().filter(number__in=numbers).select_related("platform")
    done, refused = _each(request, case, chosen)
    if done:
        words = ngettext("%(n)d link is marked.", "%(n)d links are marked.", done) % {"n": done}
        messages.success(request, words)
    for sentence in refused:
        messages.error(request, sentence)
    return redirect(case.get_absolute_url())


def _each(request: StaffRequest, case: Case, chosen: Iterable[Link]) -> tuple[int, list[str]]:
    result, at = request.POST.get("result", ""), clock.now()
    done, refused = 0, []
    for link in chosen:
        link.case = case
        try:
            if result == "remove":
                links.remove(link, request.user, at)
            else:
                checks.look(link, result, request.user, at)
            done += 1
        except RuleBroken as no:
            refused.append(_("Link %(n)d: %(why)s") % {"n": link.number, "why": no.sentence})
    return done, refused


@right_required("link.add")
@require_POST
def remove(request: StaffRequest, code: str, number: int) -> HttpResponse:
    case = case_or_404(request, code, "link.add")
    link = get_object_or_404(case.links.current(), number=number)
    try:
        links.remove(link, request.user, clock.now())
        undo_url = reverse("cases:restore_link", args=[code, number])
        offer_undo(request, _("Link %(n)d is removed.") % {"n": number}, undo_url)
    except RuleBroken as no:
        messages.error(request, no.sentence)
    return redirect(case.get_absolute_url())


@right_required("link.add")
@require_POST
def restore(request: StaffRequest, code: str, number: int) -> HttpResponse:
    case = case_or_404(request, code, "link.add")
    link = get_object_or_404(case.links.exclude(removed_at=None), number=number)
    try:
        links.restore(link, request.user, clock.now())
        messages.success(request, _("Link %(n)d is back in the case.") % {"n": number})
    except RuleBroken as no:
        messages.error(request, no.sentence)
    return redirect(case.get_absolute_url())


@right_required("link.add")
@require_POST
def quick_add(request: StaffRequest, code: str) -> HttpResponse:
    """Add a link, an account or a community without leaving the case."""
    case = case_or_404(request, code, "link.add")
    form = QuickAddForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            made, community = surroundings.add_here(
                case, said["text"], said["community"], said["platform"], said["material"],
                request.user, clock.now(),
            )  # fmt: skip
            messages.success(request, _said(len(made), community is not None))
            return redirect(case.get_absolute_url())
        except RuleBroken as no:
            form.add_error(None, no.sentence)
    page = {"case": case, "form": form, "at": clock.now(), **surroundings.suggestions(request.user)}
    return render(request, "cases/quick_add.html", page, status=422)


def _said(made: int, with_community: bool) -> str:
    if made:
        return ngettext("%(n)d link is added.", "%(n)d links are added.", made) % {"n": made}
    return _("The group is kept.") if with_community else _("The case has this link already.")


def _notices(link: Link) -> list[object]:
    found = link.outcomes.exclude(notice=None).select_related("notice", "platform")
    return list(found.order_by("-notice__prepared_at"))


def _back(request: StaffRequest, link: Link) -> HttpResponse:
    """Return to where the key was pressed: the case, the link's own page, or a notice."""
    came_from = request.POST.get("from", "")
    if came_from == "case" and may(request.user, "case.view", link.case):
        return redirect(link.case.get_absolute_url())
    return redirect(link.get_absolute_url())
