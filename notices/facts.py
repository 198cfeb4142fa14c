"""From the rows of a case to the facts that a notice may use, and nothing more."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, TypedDict

from accounts.models import Organisation
from cases import mandates
from cases.models import Case, Check, Link, Mandate
from cases.states import CheckResult, ContentKind, MandateField, Purpose
from notices import law, references
from notices.drafting.facts import (
    COVERED_DEMANDS,
    Earlier,
    Facts,
    LinkFact,
    MandateFacts,
    Signer,
    Work,
    only_mandated,
)
from notices.drafting.facts import Organisation as OrganisationFacts
from notices.law import ChannelFacts, PlatformFacts
from notices.models import Notice, Outcome
from platforms.models import Channel, Platform

NO_ORGANISATION = Organisation()
# Stands for the token that a notice gets when it is made.
UNGUESSED = "0" * 32


class Content(TypedDict, total=False):
    """What the authors of a notice chose, as `Notice.content` keeps it."""

    material: str
    media: str
    identifiable_by: list[str]
    context: list[str]
    context_free: str
    ticks: list[str]
    left_out: dict[str, str]
    opted_in: bool
    work: dict[str, Any]


def of_notice(notice: Notice, at: datetime) -> Facts:
    """Return what this notice would say at this moment.

    Nothing about the person is in it but the fields that a mandate covers for this platform.
    """
    bare = of_reminder(notice, at)
    return replace(
        bare,
        platform=platform_facts(notice.platform),
        links=tuple(link_facts(links_of(notice), notice)),
        hours_since_last=hours_since_last(notice, at),
        disclosed=_disclosed(notice, bare.on_day),
    )


def of_reminder(notice: Notice, at: datetime) -> Facts:
    """Return what a reminder repeats of its notice: no link, nothing of her, no other channel."""
    organisation = Organisation.current() or NO_ORGANISATION
    day = organisation.day_at(at)
    channel = channel_facts(notice.channel) if notice.channel else None
    platform = platform_itself(notice.platform)
    return replace(
        _of(notice.case, platform, notice.ground, channel, organisation, day),
        code=notice.code,
        address=notice.address,
        reply_address=reply_address(notice, organisation),
        language=notice.language,
        tone=notice.tone,
        earlier=_earlier(notice),
        **_chosen(notice.content),
    )


def of_place(
    case: Case,
    platform: Platform,
    ground: str,
    channel: ChannelFacts | None,
    organisation: Organisation,
    day: date,
) -> Facts:
    """Return what is known before a notice exists: for the plan, and to build on."""
    return _of(case, platform_facts(platform), ground, channel, organisation, day)


def has_needed_mandate(notice: Notice, organisation: Organisation, day: date) -> bool:
    """Tell whether a mandate covers this notice on this day; no channel is read for that."""
    platform = platform_itself(notice.platform)
    return _of(notice.case, platform, notice.ground, None, organisation, day).has_needed_mandate


def _of(
    case: Case,
    platform: PlatformFacts,
    ground: str,
    channel: ChannelFacts | None,
    organisation: Organisation,
    day: date,
) -> Facts:
    held = list(case.mandates.all())
    return Facts(
        code=case.code,
        ground_id=ground,
        platform=platform,
        channel=channel,
        on_day=day,
        organisation=OrganisationFacts(
            organisation.name, organisation.postal_address, organisation.phone
        ),
        signer=Signer(organisation.signatory_name, organisation.signatory_role),
        reply_address=_address(UNGUESSED, organisation),
        country=case.country or None,
        mandate=_mandate(acting_mandate(held, platform.key, ground, day)),
        self_taken=case.self_taken,
        owner_mandate=_mandate(mandates.written(held, Purpose.COPYRIGHT, platform.key, day)),
        is_minor=case.is_minor_pathway,
        **_chosen(content_of_case(case)),
    )


def acting_mandate(
    held: Iterable[Mandate], platform_key: str, ground: str, day: date
) -> Mandate | None:
    """Return the mandate on which we act: to sign for the person, or at least to write."""
    held = list(held)
    signing = mandates.written(held, Purpose.SIGN, platform_key, day) or mandates.covers(
        held, Purpose.SIGN, platform_key, None, day
    )
    if signing is not None or law.ground(ground).needs_mandate != "none":
        return signing
    return mandates.covers(held, Purpose.WRITE, platform_key, None, day)


def content_of_case(case: Case) -> Content:
    """Return what the case already tells of the material, so that nobody is asked twice."""
    kinds = set(case.content_kinds)
    material = "ncii_synthetic" if ContentKind.SYNTHETIC in kinds else "ncii_authentic"
    media = "video" if ContentKind.VIDEO in kinds else "photo"
    if {ContentKind.PHOTO, ContentKind.VIDEO} <= kinds:
        media = "both"
    context = ["synthetic"] if ContentKind.SYNTHETIC in kinds else []
    return {"material": material, "media": media, "context": context}


def platform_facts(platform: Platform) -> PlatformFacts:
    """Return a platform with its channels as they hold now, coordinators' edits included."""
    channels = platform.channels.filter(retired=False).prefetch_related("edits", "troubles")
    built = tuple(channel_facts(channel) for channel in channels)
    return replace(platform_itself(platform), channels=built)


def platform_itself(platform: Platform) -> PlatformFacts:
    """Return a platform without its channels."""
    row = {
        **platform.facts,
        "key": platform.key,
        "name": platform.name,
        "operator": platform.operator,
        "role": platform.role,
        "service_status": platform.service_status,
        "ended_on": platform.ended_on,
        "tida_coverage": platform.tida_coverage,
    }
    return replace(PlatformFacts.from_catalogue(row), channels=())


CHANNEL_COLUMNS = (
    "purpose", "grounds", "medium", "address", "audience", "min_gap_hours",
    "starts_statutory_clock", "conf", "seen", "review_after",
)  # fmt: skip


def channel_facts(channel: Channel) -> ChannelFacts:
    names = {*channel.facts, *CHANNEL_COLUMNS}
    row = dict(channel.as_it_stands(names))
    # The column has no null: what the catalogue does not give is an empty text there.
    row["starts_statutory_clock"] = row["starts_statutory_clock"] or None
    troubles = [(one.address, one.get_kind_display()) for one in channel.open_troubles()]
    return ChannelFacts.from_catalogue({**row, "id": channel.key, "troubles": troubles})


def links_of(notice: Notice) -> list[Link]:
    outcomes = notice.outcomes.select_related("link__case").order_by("link__number")
    return [outcome.link for outcome in outcomes if outcome.link]


def link_facts(links: Iterable[Link], notice: Notice | None = None) -> Iterable[LinkFact]:
    """Yield what a notice says of each place; `notice` is left out when others are looked for."""
    links = list(links)
    looks = _looks(links)
    taken = taken_links(links, notice) if notice else set()
    for link in links:
        yield LinkFact(
            url=link.canonical or "",
            kind=link.kind,
            exact=link.exact,
            warns=link.kind in {"folder", "cdn"},
            locators=tuple(_locators(link)),
            workspace=workspace_of(link),
            seen_on=looks.get(link.pk, (None, ""))[0],
            problem=link.problem,
            is_private=bool(link.place.get("private")),
            looks_gone=looks.get(link.pk, (None, ""))[1] == CheckResult.GONE,
            in_open_notice=link.pk in taken,
        )


def workspace_of(link: Link) -> str:
    """Return the workspace, where a platform wants one notice for each of them."""
    named = str(link.place.get("workspace") or "")
    host = link.canonical.partition("://")[2].partition("/")[0] if link.canonical else ""
    return named or (host if host.endswith(".slack.com") else "")


def taken_links(links: Iterable[Link], notice: Notice) -> set[Any]:
    """Return the ids of links that stand in another notice of the same ground that is not over."""
    rows = Outcome.objects.in_open_notices().filter(link__in=list(links), ground=notice.ground)
    return set(rows.exclude(notice=notice).values_list("link_id", flat=True))


def reply_address(notice: Notice, organisation: Organisation) -> str:
    """Return the unguessable address at which answers to this notice arrive."""
    return _address(notice.reply_token, organisation)


def _address(token: str, organisation: Organisation) -> str:
    return f"r-{token}@{organisation.reply_domain}" if organisation.reply_domain else ""


def hours_since_last(notice: Notice, at: datetime) -> int | None:
    """Return the hours since anything left for the same platform about the same links."""
    others = Notice.objects.filter(
        platform=notice.platform, outcomes__link__in=[link.pk for link in links_of(notice)]
    ).exclude(pk=notice.pk)
    newest = others.exclude(sent_at=None).order_by("-sent_at").values_list("sent_at", flat=True)
    last = newest.first()
    return (at - last) // timedelta(hours=1) if last else None


def _chosen(content: Mapping[str, Any]) -> dict[str, Any]:
    """Turn what is kept as JSON into the fields of Facts; unknown keys are left alone."""
    given: dict[str, Any] = {
        name: content[name]
        for name in ("material", "media", "context_free", "left_out", "opted_in")
        if name in content
    }
    for name in ("identifiable_by", "context"):
        if name in content:
            given[name] = tuple(content[name])
    if "ticks" in content:
        given["ticks"] = frozenset(content["ticks"])
    if content.get("work"):
        given["work"] = _work(content["work"])
    return given


def _work(kept: Mapping[str, Any]) -> Work:
    made_on = kept.get("made_on")
    return Work(
        kind=kept.get("kind", ""),
        made_on=date.fromisoformat(made_on) if made_on else None,
        precision=kept.get("precision", "day"),
        unpublished=bool(kept.get("unpublished", True)),
        several=bool(kept.get("several", False)),
    )


def _mandate(row: Mandate | None) -> MandateFacts | None:
    return MandateFacts(row.form, row.given_on, row.until) if row else None


def _earlier(notice: Notice) -> Earlier | None:
    before = notice.earlier
    if before is None or before.sent_at is None:
        return None
    came_back = before.outcomes.exclude(reappeared_at=None).exists()
    return Earlier(before.code, before.sent_at.date(), ", ".join(references.of(before)), came_back)


def _disclosed(notice: Notice, day: date) -> dict[str, str]:
    """Return her data that a mandate covers for this platform and that its channel demands.

    Her row is not even read where the channel demands nothing of her.
    """
    demanded = notice.channel.current("platform_demands") if notice.channel else None
    if not set(demanded or ()) & set(COVERED_DEMANDS):
        return {}
    held = list(notice.case.mandates.all())
    key = notice.platform.key
    covered = {
        field
        for field in (MandateField.LEGAL_NAME,)
        if mandates.covers(held, Purpose.NAME, key, field, day)
    }
    if not covered:
        return {}
    return only_mandated({MandateField.LEGAL_NAME.value: notice.case.person.legal_name}, covered)


def _locators(link: Link) -> Iterable[tuple[str, str]]:
    for name, value in link.place.items():
        if value and isinstance(value, str):
            yield name.replace("_", " ").capitalize(), value


def _looks(links: list[Link]) -> dict[Any, tuple[date | None, str]]:
    """Return, for each link, the day on which it was first seen online and the newest result."""
    found: dict[Any, tuple[date | None, str]] = {}
    rows = Check.telling().filter(link__in=links).order_by("at", "id")
    for check in rows:
        first, _last = found.get(check.link_id, (None, ""))
        if first is None and check.result == CheckResult.ONLINE:
            first = check.at.date()
        found[check.link_id] = (first, check.result)
    return found
