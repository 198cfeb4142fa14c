"""The pages before and around a sign-in: first run, invitations, what was carried over."""

from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts import carried, invitations
from accounts.forms import AcceptForm, FirstAdministratorForm, OrganisationForm
from accounts.models import Organisation
from accounts.set_up import set_up as make_organisation
from core import clock
from core.errors import RuleBroken

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def set_up(request: HttpRequest) -> HttpResponse:
    """The first run. Once there is an organisation this page does not exist."""
    if Organisation.objects.exists():
        raise Http404
    form = OrganisationForm(request.POST or None)
    administrator = FirstAdministratorForm(request.POST or None)
    if request.method == "POST" and all([form.is_valid(), administrator.is_valid()]):
        person = administrator.cleaned_data
        try:
            user = make_organisation(
                form.cleaned_data,
                person["admin_name"],
                person["admin_email"],
                person["password"],
                clock.now(),
            )
        except RuleBroken as broken:
            form.add_error(None, broken.sentence)
        else:
            login(request, user, backend=BACKEND)
            return redirect("accounts:people")
    return render(request, "accounts/set_up.html", {"form": form, "administrator": administrator})


def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    invitation = invitations.find_open(token, clock.now())
    if invitation is None:
        return render(request, "accounts/invitation_over.html", status=404)
    form = AcceptForm(request.POST or None, initial={"name": invitation.name})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            user = invitations.accept(invitation, values["name"], values["password"], clock.now())
        except RuleBroken as broken:
            form.add_error(None, broken.sentence)
        else:
            login(request, user, backend=BACKEND)
            return redirect("root")
    context = {"form": form, "invitation": invitation}
    return render(request, "accounts/accept_invitation.html", context)


@login_required
def carried_over(request: HttpRequest) -> HttpResponse:
    """What was typed before the session ended: one button saves it where it was meant to go."""
    found = carried.take(request)
    if found is None:
        return redirect("root")
    shown = [(name, value) for name, value in found.fields if value.strip()]
    return render(request, "accounts/carried.html", {"carried": found, "shown": shown})
