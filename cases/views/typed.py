"""What somebody typed, kept whatever happens: the raw fields, never the cleaned ones."""

from types import SimpleNamespace
from typing import Any

from django.forms import BaseForm, CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.models import Draft

NOT_KEPT = frozenset({"csrfmiddlewaretoken", "version", "hide", "carried"})


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form is bound to: an empty POST is an answer too, a GET is none."""
    return request.POST if request.method == "POST" else None


def fields(request: HttpRequest) -> dict[str, list[str]]:
    return {name: values for name, values in request.POST.lists() if name not in NOT_KEPT}


def kept(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    """Return the draft's data with the fields as they were just posted."""
    return {**draft.data, "fields": fields(request)}


def version(request: HttpRequest) -> int:
    """Return the version that the page had read; a page without one has read nothing."""
    number = request.POST.get("version", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else -1


def initial(draft: Draft, form: type[BaseForm]) -> dict[str, Any]:
    """Return what was typed before, in the shape that the form's widgets expect."""
    said = draft.data.get("fields", {})
    shown: dict[str, Any] = {}
    for name, values in said.items():
        field = form.base_fields.get(name)  # type: ignore[attr-defined]
        if field is not None and values:
            many = isinstance(field.widget, CheckboxSelectMultiple)
            shown[name] = values if many else values[-1]
    return shown


def conflict_page(request: HttpRequest, draft: Draft, form: type[BaseForm]) -> HttpResponse:
    """Show both texts: what this window holds and what another one saved meanwhile."""
    pairs = _differing(request, draft, form)
    shown = {pair["name"] for pair in pairs}
    hidden = [
        (name, value)
        for name, values in fields(request).items()
        for value in values
        if name not in shown
    ]
    page = {
        "who": "",
        "pairs": pairs,
        "version": draft.version,
        "action": reverse("cases:draft", args=[draft.pk]),
        "back_url": reverse("cases:draft", args=[draft.pk]),
        "hidden": SimpleNamespace(items=hidden),
    }
    return render(request, "409.html", page, status=409)


def _differing(request: HttpRequest, draft: Draft, form: type[BaseForm]) -> list[dict[str, object]]:
    """Return the texts that are not the same in both windows, side by side."""
    theirs = draft.data.get("fields", {})
    texts = [
        {
            "label": form.base_fields[name].label,  # type: ignore[attr-defined]
            "name": name,
            "yours": request.POST.get(name, ""),
            "theirs": (theirs.get(name) or [""])[-1],
        }
        for name in form.TEXTS  # type: ignore[attr-defined]
    ]
    return [pair for pair in texts if pair["yours"] != pair["theirs"]]


def already_saved_page(request: HttpRequest, draft: Draft, form: type[BaseForm]) -> HttpResponse:
    """The report was saved from another window: offer this window's words as a note on the case."""
    said = []
    for name in form.TEXTS:  # type: ignore[attr-defined]
        if text := request.POST.get(name, "").strip():
            label = form.base_fields[name].label  # type: ignore[attr-defined]
            said.append(f"{label}\n{text}")
    page = {
        "who": "",
        "pairs": [
            {
                "label": _("What this window held"),
                "name": "text",
                "yours": "\n\n".join(said),
                "theirs": _("The report was saved as case %(code)s.")
                % {"code": draft.subject_code},
            }
        ],
        "version": draft.version,
        "action": reverse("cases:add_note", args=[draft.subject_code]),
        "back_url": reverse("cases:detail", args=[draft.subject_code]),
    }
    return render(request, "409.html", page, status=409)
