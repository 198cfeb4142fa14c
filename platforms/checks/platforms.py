"""Rules 17 to 27: hosts and forms, channels and what they serve."""

import re
from collections.abc import Iterator
from typing import Any

from platforms.catalogue.files import Row, entries

from .base import Catalogue, Mistake, rule
from .law import DMCA

TO_BE_CONFIRMED = "to be confirmed"
LOOKED_UP = "looked up for each link"
ENDED = ("defunct", "seized")
EMPTY_PURPOSES = ("law_enforcement", "contact_point", "trusted_flagger", "dsa_complaint")
ALWAYS_ANSWERED = ("us-tida-s3", "eu-dsa-16", "uk-osa-20a", "eu-gdpr-17")
SHORTEST_GAP = 24  # hours
_EMAIL = re.compile(r"[^@\s]+@[a-z0-9.-]+\.[a-z]{2,}\Z", re.I)
_OPEN_END = re.compile(r"\.[*+]\)*\??\$\Z")


@rule(17)
def ended_platforms_take_nothing(catalogue: Catalogue) -> Iterator[Mistake]:
    for platform in catalogue.rows("platforms"):
        if platform.get("service_status") not in ENDED:
            continue
        if "ended_on" not in platform:
            yield catalogue.wrong(17, platform, "service_status", "ended without ended_on")
        for channel in entries(platform.get("channels")):
            if _audience(catalogue, channel) != "authorities":
                yield catalogue.wrong(17, channel, None, "a channel of a platform that has ended")


def _audience(catalogue: Catalogue, channel: Row) -> str:
    return str(_with_default(catalogue, channel, "audience"))


def _with_default(catalogue: Catalogue, channel: Row, key: str) -> Any:
    defaults = catalogue.table("platforms", "defaults").get("channel")
    default = defaults.get(key) if isinstance(defaults, Row) else None
    return channel.get(key, default)


@rule(18)
def hosts_and_patterns(catalogue: Catalogue) -> Iterator[Mistake]:
    owners: dict[str, str] = {}
    for platform in catalogue.rows("platforms"):
        for host in _hosts(platform):
            if host != host.lower():
                yield catalogue.wrong(18, platform, "hosts", f"{host} is not in lower case")
            if owners.setdefault(host, str(platform.get("key"))) != platform.get("key"):
                yield catalogue.wrong(
                    18, platform, "hosts", f"{host} belongs to {owners[host]} already"
                )
        yield from _bad_patterns(catalogue, platform)
        yield from _bad_forms(catalogue, platform)


def _hosts(platform: Row) -> Iterator[str]:
    for key in ("hosts", "exact_hosts"):
        yield from (str(host) for host in platform.get(key) or ())
    for short in entries(platform.get("short_hosts")):
        yield str(short.get("host"))


def _bad_patterns(catalogue: Catalogue, platform: Row) -> Iterator[Mistake]:
    for key in ("canonical", "location_grammar", "handles"):
        for row in entries(platform.get(key)):
            for name in ("url", "unwrap", "regex"):
                if name in row and (why := _why_not(str(row[name]))):
                    yield catalogue.wrong(18, row, name, f"does not compile: {why}")
    why = _why_not(str(platform.get("clone_host_regex", "")))
    if why:
        yield catalogue.wrong(18, platform, "clone_host_regex", f"does not compile: {why}")


def _why_not(pattern: str) -> str | None:
    try:
        re.compile(pattern)
    except re.error as mistake:
        return str(mistake)
    return None


def _bad_forms(catalogue: Catalogue, platform: Row) -> Iterator[Mistake]:
    kinds = catalogue.table("platforms", "kinds")
    for form in entries(platform.get("location_grammar")):
        pattern = str(form.get("regex"))
        if form.get("kind") not in kinds:
            yield catalogue.wrong(18, form, "kind", f"{form.get('kind')} is no kind")
        if not pattern.startswith("^https"):
            yield catalogue.wrong(18, form, "regex", "does not begin with ^https")
        if not pattern.endswith("$") or _OPEN_END.search(pattern):
            yield catalogue.wrong(18, form, "regex", "allows something after the place")


@rule(19)
def terms_channels(catalogue: Catalogue) -> Iterator[Mistake]:
    for channel, _platform in catalogue.channels:
        if "platform-terms" not in _grounds(channel):
            continue
        open_to_us = _audience(catalogue, channel) in ("anyone", "members")
        if channel.get("purpose") not in ("ncii", "privacy") or not open_to_us:
            yield catalogue.wrong(
                19,
                channel,
                "purpose",
                "platform-terms goes to ncii or privacy, for anyone or members",
            )


def _grounds(channel: Row) -> list[str]:
    value = channel.get("grounds")
    return value if isinstance(value, list) else []


@rule(20)
def purpose_fits_grounds(catalogue: Catalogue) -> Iterator[Mistake]:
    minors = {key for key, row in catalogue.grounds.items() if row.get("minors_route")}
    for channel, _platform in catalogue.channels:
        purpose, grounds = channel.get("purpose"), _grounds(channel)
        if not all(_serves(str(purpose), ground, minors) for ground in grounds):
            yield catalogue.wrong(20, channel, "grounds", f"{purpose} cannot serve {grounds}")
        if purpose not in EMPTY_PURPOSES and not grounds:
            yield catalogue.wrong(20, channel, "grounds", f"{purpose} serves no ground")


def _serves(purpose: str, ground: str, minors: set[str]) -> bool:
    if purpose in EMPTY_PURPOSES:
        return False
    if (purpose == "csam") != (ground in minors):
        return False
    only = {"dpo": "eu-gdpr-17", "dsa_illegal": "eu-dsa-16"}
    if purpose in only:
        return ground == only[purpose]
    return (purpose == "copyright") == ground.startswith(DMCA)


@rule(21)
def authorities_only(catalogue: Catalogue) -> Iterator[Mistake]:
    for channel, _platform in catalogue.channels:
        authorities = _audience(catalogue, channel) == "authorities"
        if authorities != (channel.get("purpose") == "law_enforcement"):
            yield catalogue.wrong(
                21, channel, "audience", "authorities and law_enforcement go together"
            )
        if authorities and channel.get("chase") != "never":
            yield catalogue.wrong(
                21, channel, "chase", "nobody here reminds an authority's channel"
            )


@rule(22)
def unknown_addresses(catalogue: Catalogue) -> Iterator[Mistake]:
    for channel, _platform in catalogue.channels:
        if channel.get("address") != TO_BE_CONFIRMED:
            continue
        if channel.get("conf") != "low":
            yield catalogue.wrong(22, channel, "conf", "an unknown address has conf low")
        if channel.get("chase") not in ("never", "propose"):
            yield catalogue.wrong(
                22, channel, "chase", "an unknown address is never reminded alone"
            )


@rule(23)
def addresses_fit_the_medium(catalogue: Catalogue) -> Iterator[Mistake]:
    for channel, _platform in catalogue.channels:
        medium, address = channel.get("medium"), str(channel.get("address"))
        if not _fits(str(medium), address, "address_rule" in channel):
            yield catalogue.wrong(23, channel, "address", f"{address} is no address for {medium}")
        if channel.get("chase") == "send" and medium != "email":
            yield catalogue.wrong(23, channel, "chase", "only e-mail is sent without a person")


def _fits(medium: str, address: str, has_rule: bool) -> bool:
    if address == TO_BE_CONFIRMED:
        return True
    if address == LOOKED_UP:
        return has_rule
    if medium in ("web_form", "portal"):
        return address.startswith("https://")
    return bool(_EMAIL.match(address)) if medium == "email" else True


@rule(24)
def statutory_clock_is_answered(catalogue: Catalogue) -> Iterator[Mistake]:
    starting = {key for key, row in catalogue.grounds.items() if _starts_with_us(row)}
    for channel, _platform in catalogue.channels:
        starts = bool(starting & set(_grounds(channel)))
        if starts != ("starts_statutory_clock" in channel):
            says = "is missing" if starts else "has no clock to start"
            yield catalogue.wrong(24, channel, "grounds", f"starts_statutory_clock {says}")


def _starts_with_us(ground: Row) -> bool:
    """A number of the law that runs from our sending, at least as far as anybody can see."""
    return any(
        clock.get("kind") == "statutory"
        and "submitted_at" in (clock.get("starts"), clock.get("proxy_start"))
        and ground.get("addressee") != "authority"
        for clock in entries(ground.get("clocks"))
    )


@rule(25)
def what_is_passed_on(catalogue: Catalogue) -> Iterator[Mistake]:
    for channel, _platform in catalogue.channels:
        forwards = channel.get("forwards_complainant_data")
        if forwards == "optional" and "rule" not in channel:
            yield catalogue.wrong(
                25, channel, "forwards_complainant_data", "optional: rule has to say what to choose"
            )
        if channel.get("publishes_owner_name") and forwards not in ("yes", "optional"):
            yield catalogue.wrong(
                25, channel, "publishes_owner_name", "a channel that publishes also passes on"
            )


@rule(26)
def gaps_and_limits(catalogue: Catalogue) -> Iterator[Mistake]:
    for channel, _platform in catalogue.channels:
        gap = _with_default(catalogue, channel, "min_gap_hours")
        if not isinstance(gap, int) or gap < SHORTEST_GAP:
            yield catalogue.wrong(26, channel, "min_gap_hours", f"is below {SHORTEST_GAP} hours")
        most = channel.get("max_items_per_notice")
        if isinstance(most, Row) and not most.get("source"):
            yield catalogue.wrong(26, channel, "max_items_per_notice", "has no source")


@rule(27)
def every_live_platform_is_answered(catalogue: Catalogue) -> Iterator[Mistake]:
    coordinators = {
        key for key, row in catalogue.table("authorities").items() if row.get("role") == "dsc"
    }
    for platform in catalogue.rows("platforms"):
        entity = platform.get("eu_entity")
        if isinstance(entity, Row) and entity.get("dsc") not in coordinators:
            yield catalogue.wrong(27, entity, "dsc", f"{entity.get('dsc')} is no coordinator")
        if platform.get("service_status") == "live":
            yield from _unanswered(catalogue, platform)


def _unanswered(catalogue: Catalogue, platform: Row) -> Iterator[Mistake]:
    search = platform.get("role") == "search_engine"
    served = {g for channel in entries(platform.get("channels")) for g in _grounds(channel)}
    known = served | set(platform.get("no_route") or ())
    for ground in (*ALWAYS_ANSWERED, "us-dmca-512d" if search else "us-dmca-512c"):
        if ground not in known:
            yield catalogue.wrong(
                27, platform, None, f"{ground} has neither a channel nor a reason in no_route"
            )
