"""Which notices a case needs: one row for each platform, and the drafts made from it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation, User
from audit.chain import record
from cases import mandates, timeline
from cases.models import Case, Link
from cases.states import CheckResult, Purpose
from core.errors import RuleBroken
from notices import checking, editing, law, troubles
from notices.drafting import Offer, Offers
from notices.facts import Content, content_of_case, link_facts, of_place, workspace_of
from notices.models import Notice, NoticeEdit, Outcome
from notices.speeds import speeds_of
from platforms.models import Channel, Platform

ANY_GROUND = "eu-dsa-16"


@dataclass(frozen=True)
class Excluded:
    link: Link
    reason: str


@dataclass(frozen=True)
class Row:
    """One platform of the case: the ground that is chosen, and what would be made on it."""

    platform: Platform
    offers: Offers
    offer: Offer | None
    batches: list[list[Link]]
    excluded: list[Excluded]
    split: str = ""

    @property
    def links(self) -> int:
        return sum(len(batch) for batch in self.batches)

    @property
    def choices(self) -> list[Offer]:
        first = [self.offers.recommended] if self.offers.recommended else []
        return [*first, *self.offers.possible]

    @property
    def can_be_made(self) -> bool:
        return self.offer is not None and bool(self.batches)


@dataclass(frozen=True)
class Plan:
    rows: list[Row]
    homeless: list[Excluded]
    closed: str = ""
    warning: str = ""

    @property
    def drafts(self) -> int:
        return sum(len(row.batches) for row in self.rows if row.can_be_made)


@dataclass(frozen=True)
class Selection:
    """One draft to be made."""

    platform: Platform
    ground: str
    channel: Channel
    links: Sequence[UUID]
    content: Content = field(default_factory=lambda: Content())
    earlier: Notice | None = None
    tone: str = "standard"


def plan_for(case: Case, at: datetime, grounds: Mapping[str, str] | None = None) -> Plan:
    """Return a row for each platform on which the case has links.

    `grounds`: platform key -> ground id, where somebody chose another than the recommended one.
    """
    closed = checking.closed_sentence(case)
    if closed:
        return Plan([], [], closed)
    links = list(_links(case))
    platforms = _platforms({link.platform_id for link in links if link.platform_id})
    rows = [
        _row(case, platform, [link for link in links if link.platform_id == platform.pk], at,
             (grounds or {}).get(platform.key, ""))
        for platform in platforms
    ]  # fmt: skip
    homeless = [
        Excluded(link, _("No platform is known for it. Choose one on the link's page."))
        for link in links
        if link.platform_id is None
    ]
    return Plan(rows, homeless, warning=_warning(case, at))


def prepare(case: Case, selections: Iterable[Selection], actor: User, at: datetime) -> list[Notice]:
    """Make one draft for each selection, all or none, and put them into the queue.

    Whoever prepares chooses ground and links, so this counts as editing: the approval has to come
    from somebody else. Raises RuleBroken.
    """
    with transaction.atomic():
        # Two people preparing at once must not make two open notices for one link and ground.
        locked = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        closed = checking.closed_sentence(locked)
        if closed:
            raise RuleBroken(closed)
        return [_make(locked, selection, actor, at) for selection in selections]


def prepare_again(notice: Notice, actor: User, at: datetime) -> Notice:
    """Make the second notice about links that came back, or that are still there.

    It keeps the earlier words; the first removal stays counted, a return is a new episode.
    """
    if notice.sent_at is None or notice.channel is None:
        raise RuleBroken(_("%(code)s was never sent: change the draft instead.") % _code(notice))
    links = [link.pk for link in _to_ask_again(notice)]
    if not links:
        raise RuleBroken(_("Every link of %(code)s is gone.") % _code(notice))
    content = cast(Content, {**notice.content, "ticks": []})
    channel = troubles.working_channel(notice, at) or notice.channel
    selection = Selection(notice.platform, notice.ground, channel, links, content, notice, "second")
    return prepare(notice.case, [selection], actor, at)[0]


def selections_of(row: Row, content: Content) -> Iterator[Selection]:
    """Yield what `prepare` needs for each draft of a row."""
    if row.offer is None:
        return
    channel = next(c for c in row.platform.channels.all() if c.key == row.offer.channel_id)
    for batch in row.batches:
        links = [link.pk for link in batch]
        yield Selection(row.platform, row.offer.ground_id, channel, links, content)


def _links(case: Case) -> Iterator[Link]:
    links = Link.objects.filter(case=case, removed_at=None).with_last_check()
    for link in links.order_by("number"):
        link.case = case
        yield link


def _platforms(ids: set[UUID]) -> list[Platform]:
    rows = Platform.objects.filter(pk__in=ids).prefetch_related("channels__edits")
    return list(rows.order_by("name"))


def _row(case: Case, platform: Platform, links: list[Link], at: datetime, wanted: str) -> Row:
    organisation = Organisation.current() or Organisation()
    day = organisation.day_at(at)
    facts = of_place(case, platform, ANY_GROUND, None, organisation, day)
    facts = replace(facts, links=tuple(link_facts(links)))
    offers = checking.offers(facts, speeds_of(platform.key, at))
    offer = _chosen(offers, wanted)
    excluded = list(_excluded(links, offer))
    out = {each.link.pk for each in excluded}
    free = [link for link in links if link.pk not in out]
    batches, split = _split(free, platform, offer)
    return Row(platform, offers, offer, batches, excluded, split)


def _chosen(offers: Offers, wanted: str) -> Offer | None:
    known = [offers.recommended] if offers.recommended else []
    for offer in [*known, *offers.possible]:
        if offer.ground_id == wanted:
            return offer
    return offers.recommended


def _excluded(links: list[Link], offer: Offer | None) -> Iterator[Excluded]:
    taken = _open_notices(links, offer.ground_id if offer else "")
    for link in links:
        result = getattr(link, "last_result", None)
        if link.pk in taken:
            yield Excluded(link, _("Already in %(code)s") % {"code": taken[link.pk]})
        elif result == CheckResult.GONE:
            yield Excluded(link, _("Gone at the last look"))
        elif link.problem:
            yield Excluded(link, _("Not a link that can be sent; correct it first"))


def _open_notices(links: list[Link], ground: str) -> dict[UUID, str]:
    rows = Outcome.objects.in_open_notices().filter(link__in=links)
    found: dict[UUID, str] = {}
    for link_id, its_ground, status, code in rows.values_list(
        "link_id", "ground", "notice__status", "notice__code"
    ):
        if its_ground == ground or status != "sent":
            found[link_id] = code
    return found


def _split(
    links: list[Link], platform: Platform, offer: Offer | None
) -> tuple[list[list[Link]], str]:
    """Cut the links into notices as the channel wants them, and say why."""
    if offer is None or not links:
        return ([links] if links else []), ""
    channel = next(c for c in platform.channels.all() if c.key == offer.channel_id)
    limit = _limit(channel)
    groups = [links]
    notes = []
    if channel.current("one_workspace_per_notice"):
        by_place: dict[str, list[Link]] = {}
        for link in links:
            by_place.setdefault(workspace_of(link), []).append(link)
        groups = list(by_place.values())
        notes.append(_("one workspace a notice"))
    if limit:
        words = ngettext("at most %(n)d link a notice", "at most %(n)d links a notice", limit)
        notes.append(words % {"n": limit})
        groups = [group[n : n + limit] for group in groups for n in range(0, len(group), limit)]
    return groups, ", ".join(notes) if len(groups) > 1 else ""


def _limit(channel: Channel) -> int:
    kept: Any = channel.current("max_items_per_notice")
    return int(kept["value"]) if isinstance(kept, Mapping) else 0


def _warning(case: Case, at: datetime) -> str:
    held = list(case.mandates.all())
    organisation = Organisation.current() or Organisation()
    said = mandates.answer(held, Purpose.WRITE, organisation.day_at(at))
    if said == "no":
        return _("The person said no to writing to platforms. Nothing will be approved.")
    if not said:
        return _("Nobody has noted yet that the person agrees to writing to platforms.")
    return ""


def _make(case: Case, selection: Selection, actor: User, at: datetime) -> Notice:
    wanted = Link.objects.filter(
        pk__in=selection.links, case=case, platform=selection.platform, removed_at=None
    )
    links = list(wanted.order_by("number"))
    if not links:
        raise RuleBroken(_("A notice needs at least one link."))
    editing.refuse_taken(links, selection.ground, besides=selection.earlier)
    case.notices_made += 1
    Case.objects.filter(pk=case.pk).update(notices_made=case.notices_made)
    notice = Notice.objects.create(
        case=case,
        number=case.notices_made,
        code=f"{case.code}-{case.notices_made}",
        platform=selection.platform,
        channel=selection.channel,
        ground=selection.ground,
        content={**content_of_case(case), **selection.content},
        tone=selection.tone,
        language="en",
        earlier=selection.earlier,
        prepared_by=actor,
        prepared_at=at,
        changed_at=at,
    )
    NoticeEdit.objects.create(notice=notice, version=notice.version, user=actor, at=at)
    for link in links:
        editing.add_link(notice, link, _episode(link))
    params = {
        "platform": selection.platform.name,
        "ground": law.ground(selection.ground).name,
        "links": len(links),
    }
    timeline.add(case, "notice.prepared", actor, at, subject=notice, params=params)
    record("notice.prepared", actor, notice, at=at, ground=selection.ground, links=len(links))
    return notice


def _episode(link: Link) -> int:
    """Return 2 for a link that was gone and came back, and so on; 1 for one that never was gone."""
    rows = Outcome.objects.filter(link=link)
    newest = rows.aggregate(newest=Max("episode"))["newest"] or 1
    came_back = rows.filter(episode=newest).exclude(reappeared_at=None).exists()
    return newest + 1 if came_back else newest


def _to_ask_again(notice: Notice) -> list[Link]:
    back = notice.outcomes.came_back()
    rows = back if back.exists() else notice.outcomes.filter(first_seen_gone_at=None)
    return [row.link for row in rows.select_related("link") if row.link]


def _code(notice: Notice) -> dict[str, str]:
    return {"code": notice.code}
