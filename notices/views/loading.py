"""How a page gets its notice: through `visible_to`; unknown and forbidden are both 404."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.decorators import StaffRequest
from cases.views import typed
from core.errors import WrongState
from notices.models import Notice


def notice_or_404(request: StaffRequest, code: str, right: str = "notice.view") -> Notice:
    """Return the notice if this person may do `right` to it; looking needs its being visible."""
    visible = Notice.objects.visible_to(request.user).select_related(
        "case", "case__advocate", "platform", "channel", "taken_by", "prepared_by", "earlier"
    )
    notice = get_object_or_404(visible, code=code)
    if right != "notice.view" and not may(request.user, right, notice):
        raise Http404
    return notice


def refuse_another_version(request: StaffRequest, notice: Notice) -> None:
    """Raise WrongState when the page whose button was pressed showed an earlier version."""
    if "version" in request.POST and typed.version(request) != notice.version:
        raise WrongState(
            _("%(code)s was changed while you were reading. Read it again before you decide.")
            % {"code": notice.code}
        )
