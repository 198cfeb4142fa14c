"""An answer that came by another way: pasted, read on a page of theirs, or heard on the phone."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import reach
from accounts.decorators import StaffRequest, right_required
from core import clock
from core.errors import RuleBroken
from notices import replies
from notices.forms.replies import ReplyForm
from notices.models import Message, Notice
from notices.views.loading import notice_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("reply.file")
def add_reply(request: StaffRequest, code: str = "") -> HttpResponse:
    at = clock.now()
    if code:
        get_object_or_404(Notice.objects.visible_to(request.user), code=code)
    initial = {"received_at": timezone.localtime(at), "code": code}
    form = ReplyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        message = _stored(request, form)
        if message is not None:
            return redirect("notices:reply", message.pk)
    return render(request, "notices/add_reply.html", {"form": form, "code": code, "at": at})


def _stored(request: StaffRequest, form: ReplyForm) -> Message | None:
    data = dict(form.cleaned_data)
    code = data.pop("code")
    try:
        notice = notice_or_404(request, code, "reply.file") if code else _nothing(request)
        return replies.receive(notice, request.user, clock.now(), **data)
    except Http404:
        form.add_error("code", _("No notice has this code."))
    except RuleBroken as no:
        form.add_error("received_at", no.sentence)
    return None


def _nothing(request: StaffRequest) -> Notice | None:
    """Let only those keep an answer without a notice who will see it again."""
    if reach(request.user, "reply.file") != "all":
        raise RuleBroken(_("Write the code of the notice, so that the answer is found again."))
    return None
