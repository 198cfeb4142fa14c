"""The help: one printable page per task, the keys, the words."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.decorators import right_required

TOPICS = {
    "call": _("Log a call"),
    "links": _("Paste links"),
    "contact": _("Safe contact, and what the person agreed to"),
    "notice": _("Finish a notice"),
    "approval": _("Approve a notice"),
    "sending": _("What happens when a notice is sent"),
    "replies": _("File a reply"),
    "looks": _("Look whether it is gone"),
    "response-times": _("Read the response times"),
    "saving": _("Saving, signing out, hiding the screen"),
    "care": _("Looking after yourself"),
    "keys": _("Keys"),
    "glossary": _("Words"),
}


@right_required("help.view")
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "help/index.html", {"topics": TOPICS})


@right_required("help.view")
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in TOPICS:
        raise Http404
    return render(request, f"help/{slug}.html", {"topic": TOPICS[slug], "topics": TOPICS})
