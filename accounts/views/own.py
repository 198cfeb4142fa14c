"""A person's own settings, and the administrator's pages about the organisation."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts import people, set_up, unsubscribing
from accounts.decorators import StaffRequest, right_required
from accounts.forms import OrganisationForm, ProfileForm
from accounts.models import Organisation, User
from audit.models import AuditEntry, AuditHead
from core import clock
from core.paging import KeysetPage


@right_required("profile.edit")
def profile(request: StaffRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        # What she changed and no more: somebody may be closing her seat at this moment.
        form.instance.save(update_fields=form.changed_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form})


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the signed link is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def stop_digest(request: HttpRequest, token: str) -> HttpResponse:
    """End the digests of whoever holds the link; opening it alone changes nothing."""
    person = unsubscribing.person_of(token)
    if person is None:
        raise Http404
    if request.method == "POST":
        unsubscribing.stop(person)
    return render(request, "accounts/stop_digest.html", {"is_done": request.method == "POST"})


@require_POST
@right_required("profile.edit")
def stay(request: StaffRequest) -> HttpResponse:
    """Answer "Stay signed in": the request itself has extended the session."""
    return HttpResponse(status=204)


@require_POST
@right_required("profile.edit")
def end_other_sessions(request: StaffRequest) -> HttpResponse:
    ended = people.end_sessions(request.user, keep=request.session.session_key)
    messages.success(request, _("%(n)d other sessions ended.") % {"n": ended})
    return redirect("accounts:profile")


@right_required("organisation.manage")
def settings(request: StaffRequest) -> HttpResponse:
    return render(request, "accounts/settings.html")


@right_required("organisation.manage")
def organisation(request: StaffRequest) -> HttpResponse:
    current = Organisation.current()
    if current is None:
        raise Http404
    form = OrganisationForm(request.POST or None, instance=Organisation.objects.get(pk=current.pk))
    if request.method == "POST" and form.is_valid():
        set_up.change(current, request.user, form.cleaned_data, clock.now())
        messages.success(request, _("Saved."))
        return redirect("accounts:organisation")
    return render(request, "accounts/organisation.html", {"form": form})


@right_required("audit.view")
def audit(request: StaffRequest) -> HttpResponse:
    entries = AuditEntry.objects.all()
    verb = request.GET.get("verb", "")
    if verb:
        entries = entries.filter(verb=verb)
    page = KeysetPage(entries, "at", request.GET.get("cursor", ""))
    context = {"page": page, "head": AuditHead.objects.first(), "verb": verb}
    return render(request, "accounts/audit.html", context)
