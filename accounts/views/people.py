"""Seats: who has one, who is invited, who lost it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import invitations
from accounts import people as verbs
from accounts.decorators import StaffRequest, right_required
from accounts.forms import InvitationForm, SeatForm, TeamForm
from accounts.models import Invitation, Organisation, Team, User
from accounts.roles import Role
from core import clock
from core.errors import RuleBroken


@right_required("people.manage")
def people(request: StaffRequest) -> HttpResponse:
    return render(request, "accounts/people.html", _page(InvitationForm(), TeamForm()))


@require_POST
@right_required("people.manage")
def invite(request: StaffRequest) -> HttpResponse:
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/people.html", _page(form, TeamForm()), status=422)
    values = form.cleaned_data
    try:
        invitation, token = invitations.invite(
            request.user, values["email"], values["name"], values["role"], values["team"],
            clock.now(),
        )  # fmt: skip
    except RuleBroken as broken:
        form.add_error("email", broken.sentence)
        return render(request, "accounts/people.html", _page(form, TeamForm()), status=422)
    context = _page(InvitationForm(), TeamForm()) | {
        "invited": invitation,
        "invitation_link": invitations.link(token),
        "mailed": _mailed(invitation, token),
    }
    return render(request, "accounts/people.html", context)


def _mailed(invitation: Invitation, token: str) -> bool:
    """Send the link; when no mail server answers, the page shows it to be handed over."""
    try:
        invitations.mail(invitation, token, get_language() or "en")
    except OSError:
        return False
    return True


@require_POST
@right_required("people.manage")
def withdraw_invitation(request: StaffRequest, invitation_id: UUID) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=invitation_id)
    try:
        invitations.withdraw(invitation, request.user, clock.now())
    except RuleBroken as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(request, _("The invitation is withdrawn."))
    return redirect("accounts:people")


@right_required("people.manage")
def seat(request: StaffRequest, user_id: UUID) -> HttpResponse:
    person = get_object_or_404(User, pk=user_id)
    form = SeatForm(request.POST or None, instance=User.objects.get(pk=user_id))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            verbs.change_seat(person, request.user, values["role"], values["team"], clock.now())
        except RuleBroken as broken:
            form.add_error("role", broken.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:people")
    return render(request, "accounts/seat.html", {"form": form, "person": person})


@require_POST
@right_required("people.manage")
def switch(request: StaffRequest, user_id: UUID) -> HttpResponse:
    """Switch a seat off, or on again."""
    person = get_object_or_404(User, pk=user_id)
    verb = verbs.switch_off if person.is_active else verbs.switch_on
    try:
        verb(person, request.user, clock.now())
    except RuleBroken as broken:
        messages.error(request, broken.sentence)
    return redirect("accounts:people")


@require_POST
@right_required("people.manage")
def add_team(request: StaffRequest) -> HttpResponse:
    form = TeamForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/people.html", _page(InvitationForm(), form), status=422)
    form.save()
    messages.success(request, _("The team is there. Give people seats in it."))
    return redirect("accounts:people")


def _page(form: InvitationForm, team_form: TeamForm) -> dict[str, object]:
    at = clock.now()
    waiting = Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)
    return {
        "form": form,
        "team_form": team_form,
        "people": User.objects.select_related("team").order_by("-is_active", "name"),
        "waiting": waiting.select_related("team").order_by("-invited_at"),
        "teams": Team.objects.all(),
        "roles": Role,
        "organisation": Organisation.current(),
    }
