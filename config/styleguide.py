"""Every part of the pages on one page, for whoever builds them. Only while DEBUG is on."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.dateformat import format as date_format

from core import clock, statuses
from core.forms import BaseForm

HOUR = timedelta(hours=1)
CONFLICT = "conflict"
NOTICES = (
    ("K7Q4-2M-1", "X (Twitter)", "US 48 h", -31 * HOUR, ""),
    ("R2VD-9T-1", "Telegram", "EU notice", -75 * HOUR, ""),
    ("M8XC-4H-2", "Slack", "Copyright", 5 * HOUR, ""),
    ("B5NW-1E-1", "Reddit", "US 48 h", 29 * HOUR, ""),
    ("B5NW-1E-2", "Discord", "Own rules", -9 * HOUR, "policy"),
)


class PartsForm(BaseForm):
    safe = forms.ChoiceField(
        label="Is it safe to talk at the moment?",
        choices=[("yes", "Yes"), ("no", "No"), ("", "Not asked")],
        widget=forms.RadioSelect,
        required=False,
    )
    alias = forms.CharField(
        label="What shall we call you?", help_text="Any name. Not the legal name.", max_length=40
    )
    links = forms.CharField(
        label="Links",
        help_text="Paste or type links, one per line. Anything is fine.",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=500,
    )
    kind = forms.MultipleChoiceField(
        label="What is it?",
        choices=[("photo", "Photo"), ("video", "Video")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    country = forms.ChoiceField(
        label="Country", choices=[("BE", "Belgium"), ("IT", "Italy")], required=False
    )
    agreed = forms.BooleanField(
        label="She agreed that we keep a case", help_text="Spoken is enough.", required=False
    )


def parts(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and request.headers.get("HX-Request"):
        return HttpResponse("<strong>Maria Example</strong>")
    form = PartsForm(request.POST or None, initial={"safe": "no", "kind": ["photo"]})
    return render(request, "core/styleguide.html", _moments() | {"form": form})


def save(request: HttpRequest) -> HttpResponse:
    if request.POST.get("alias") == CONFLICT:
        return JsonResponse({"url": reverse("styleguide")}, status=409)
    version = int(request.POST.get("version") or 0) + 1
    return JsonResponse({"saved_at": date_format(clock.now(), "H:i"), "version": version})


def _moments() -> dict[str, Any]:
    at = clock.now()
    rows = [
        {"code": code, "platform": platform, "ground": ground, "due": at + due, "kind": kind}
        for code, platform, ground, due, kind in NOTICES
    ]
    return {
        "at": at,
        "late": at - 31 * HOUR,
        "soon": at + 5 * HOUR,
        "start": at - 80 * HOUR,
        "notices": rows,
        "kinds": [(kind, list(states)) for kind, states in statuses.KINDS.items()],
    }


urlpatterns = [
    path("styleguide/", parts, name="styleguide"),
    path("styleguide/save/", save, name="styleguide_save"),
]
