"""Saying on the page what could not be stopped any more."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cases.landing import Landed


def say(request: HttpRequest, landed: Landed) -> None:
    if landed.left:
        left = ", ".join(sorted({code for code, _at in landed.left}))
        messages.warning(request, _("Already left: %(codes)s.") % {"codes": left})
    if landed.unknown:
        unknown = ", ".join(landed.unknown)
        messages.warning(request, _("Nobody knows yet: %(codes)s.") % {"codes": unknown})
