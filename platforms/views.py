from datetime import UTC, date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import may
from accounts.decorators import StaffRequest, right_required
from accounts.models import Organisation
from core import clock, keystore
from core.errors import RuleBroken
from platforms import edits, troubles
from platforms.forms import ChannelEditForm
from platforms.models import CatalogueVersion, Channel, ChannelEdit, ChannelTrouble
from platforms.profiles import Profile, communities_of, for_pages
from platforms.ways import Way


def _today(at: datetime) -> date:
    organisation = Organisation.current()
    return at.astimezone(organisation.local_zone() if organisation else UTC).date()


@right_required("platform.view")
def index(request: StaffRequest) -> HttpResponse:
    on = _today(clock.now())
    shows = may(request.user, "platform.view_authorities")
    context = {
        "profiles": [Profile(platform, on, shows) for platform in for_pages()],
        "version": CatalogueVersion.newest(),
    }
    return render(request, "platforms/index.html", context)


@right_required("platform.view")
def detail(request: StaffRequest, key: str) -> HttpResponse:
    platform = get_object_or_404(for_pages(), key=key)
    communities = list(communities_of(platform))
    may_name = may(request.user, "community.view")
    if may_name:
        keystore.prime(community.key_id for community in communities)
    context = {
        "profile": Profile(
            platform, _today(clock.now()), may(request.user, "platform.view_authorities")
        ),
        "communities": communities,
        "may_name": may_name,
        "may_edit": may(request.user, "platform.edit"),
        "may_confirm": may(request.user, "platform.confirm_edit"),
        "may_clear": may(request.user, "platform.clear_trouble"),
    }
    return render(request, "platforms/detail.html", context)


@require_POST
@right_required("platform.clear_trouble")
def clear_trouble(request: StaffRequest, trouble_id: UUID) -> HttpResponse:
    trouble = get_object_or_404(
        ChannelTrouble.objects.select_related("channel__platform"), pk=trouble_id
    )
    try:
        troubles.clear(trouble, request.user, clock.now())
    except RuleBroken as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(request, _("Cleared. The address is offered again."))
    return redirect(trouble.channel.platform)


@right_required("platform.edit")
def propose_edit(request: StaffRequest, key: str) -> HttpResponse:
    channels = Channel.objects.select_related("platform").filter(retired=False)
    channel = get_object_or_404(channels, key=key)
    form = ChannelEditForm(request.POST or None, channel=channel)
    if form.is_valid():
        try:
            edits.propose(
                channel, request.user, form.values, form.cleaned_data["reason"], clock.now()
            )
        except RuleBroken as broken:
            form.add_error(None, broken.sentence)
        else:
            messages.success(request, _("Noted. It counts once somebody else has confirmed it."))
            return redirect(channel.platform)
    context = {"form": form, "way": Way(channel, _today(clock.now())), "channel": channel}
    return render(request, "platforms/edit.html", context, status=422 if form.errors else 200)


@require_POST
@right_required("platform.confirm_edit")
def confirm_edit(request: StaffRequest, edit_id: UUID) -> HttpResponse:
    edit = get_object_or_404(ChannelEdit.objects.select_related("channel__platform"), pk=edit_id)
    try:
        edits.confirm(edit, request.user, clock.now())
    except RuleBroken as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(request, _("Confirmed. It holds from now on."))
    return redirect(edit.channel.platform)


@require_POST
@right_required("platform.edit")
def discard_edit(request: StaffRequest, edit_id: UUID) -> HttpResponse:
    edit = get_object_or_404(ChannelEdit.objects.select_related("channel__platform"), pk=edit_id)
    try:
        edits.discard(edit, request.user, clock.now())
    except RuleBroken as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(request, _("Taken out of use."))
    return redirect(edit.channel.platform)
