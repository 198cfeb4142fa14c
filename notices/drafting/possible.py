"""Is a ground open for this platform and these facts; by which channel; what speaks for it."""

from collections.abc import Callable, Iterable, Iterator

from django.utils.translation import gettext as _

from notices.drafting.facts import Facts
from notices.law import ChannelFacts, Ground
from notices.law.addressees import LOOKED_UP, TO_BE_CONFIRMED

OPEN_AUDIENCES = ("anyone", "members")
COVERED = ("covered", "likely", "disputed")
CLOCK_ORDER = {"yes": 0, "unknown": 1, None: 1, "no": 2}
CONF_ORDER = {"high": 0, "medium": 1, "low": 2}


def why_closed(ground: Ground, facts: Facts) -> str:
    """Return in words why no notice on this ground is possible, or "" where one is."""
    return next((reason for look in CLOSED for reason in look(ground, facts)), "")


def channels(ground: Ground, facts: Facts) -> list[ChannelFacts]:
    """Return the channels by which we may send on this ground, the best first."""
    usable = [
        channel
        for channel in facts.platform.channels_for(ground.served_as)
        if channel.audience in OPEN_AUDIENCES
        and (not channel.covers or facts.material in channel.covers)
    ]
    return sorted(usable, key=lambda channel: _order(channel, facts))


def best_channel(ground: Ground, facts: Facts) -> ChannelFacts:
    return channels(ground, facts)[0]


def doubts(ground: Ground, facts: Facts) -> list[str]:
    """Return in words what makes this ground uncertain here; each of them lowers its rank."""
    return [reason for look in DOUBTS for reason in look(ground, facts)]


def merits(ground: Ground, facts: Facts) -> list[str]:
    """Return in words what speaks for this ground."""
    return [reason for look in MERITS for reason in look(ground, facts)]


def _order(channel: ChannelFacts, facts: Facts) -> tuple[int, ...]:
    return (
        channel.audience != "anyone",
        not channel.is_open_to(facts.country, facts.is_in_eu),
        bool(channel.trouble_at(channel.address)),
        channel.address == TO_BE_CONFIRMED,
        # One made for this kind of material alone knows it better than the general one.
        not channel.covers,
        CLOCK_ORDER[channel.starts_statutory_clock],
        CONF_ORDER.get(channel.conf, 2),
        not channel.is_mail,
    )


def _pathway(_ground: Ground, facts: Facts) -> Iterator[str]:
    if facts.is_minor:
        yield _("Under 18: ordinary notices are closed. Use the route for minors.")


def _platform_gone(_ground: Ground, facts: Facts) -> Iterator[str]:
    platform = facts.platform
    if not platform.is_gone:
        return
    day = platform.ended_on.isoformat() if platform.ended_on else "?"
    told = _("%(name)s shut down on %(day)s: nobody is left to answer")
    if platform.service_status == "seized":
        told = _("%(name)s was seized on %(day)s: nobody is left to answer")
    yield told % {"name": platform.name, "day": day}


def _force(ground: Ground, facts: Facts) -> Iterator[str]:
    if ground.is_in_force(facts.on_day):
        return
    if ground.in_force_from and ground.in_force_from > facts.on_day:
        yield _("In force from %(day)s only") % {"day": ground.in_force_from.isoformat()}
    else:
        yield _("Not in force")


def _material(ground: Ground, facts: Facts) -> Iterator[str]:
    if facts.material not in ground.covers:
        kinds = {
            "ncii_synthetic": _("material made or altered by software"),
            "threat": _("a threat alone"),
        }
        kind = kinds.get(facts.material, _("this kind of material"))
        yield _("It does not cover %(kind)s") % {"kind": kind}


def _coverage(ground: Ground, facts: Facts) -> Iterator[str]:
    platform = facts.platform
    if ground.addressee == "covered_platform" and platform.tida_coverage not in COVERED:
        yield _("%(name)s is not a covered platform under this Act") % {"name": platform.name}
    is_search = platform.role == "search_engine"
    if ground.addressee == "search_engine" and not is_search:
        yield _("It is for search engines only")
    if ground.id == "us-dmca-512c" and is_search:
        yield _("For search results the notice under 512(d) is the right one")


def _nexus(ground: Ground, facts: Facts) -> Iterator[str]:
    wanted = [
        n.removeprefix("case_country_") for n in ground.nexus if n.startswith("case_country_")
    ]
    if wanted and facts.country not in wanted:
        yield _("It is for a person who lives in: %(places)s") % {"places": ", ".join(wanted)}
    in_reach = facts.is_in_eu or facts.platform.has_eu_entity
    if {"service_offered_in_EU", "controller_in_EU"} & set(ground.nexus) and not in_reach:
        yield _("Neither the person nor the platform is in the European Union")


def _copyright(ground: Ground, facts: Facts) -> Iterator[str]:
    if ground.precondition.get("copyright_owner") and facts.owns_copyright == "no":
        yield _(
            "Somebody else took the picture: without that person's written mandate nobody here"
            " speaks for the copyright"
        )


def _route(ground: Ground, facts: Facts) -> Iterator[str]:
    told = (facts.platform.no_route or {}).get(ground.id, "")
    if ground.no_channel or told:
        yield told or ground.no_channel
    elif not facts.platform.channels_for(ground.served_as):
        yield _("No channel of %(name)s for it is known") % {"name": facts.platform.name}
    elif not channels(ground, facts):
        yield _("Its channel is not open to us, or not for this kind of material")


def _geo_gate(_ground: Ground, facts: Facts) -> Iterator[str]:
    if facts.country and _is_gated(facts):
        yield _gate(facts)


def _gate_unknown(_ground: Ground, facts: Facts) -> Iterator[str]:
    if not facts.country and _is_gated(facts):
        yield _gate(facts)


def _is_gated(facts: Facts) -> bool:
    channel = facts.channel
    return channel is not None and not channel.is_open_to(facts.country, facts.is_in_eu)


def _gate(facts: Facts) -> str:
    places = ", ".join(facts.channel.geo_gate) if facts.channel else ""
    return _("Their form asks for people in: %(places)s") % {"places": places}


def _disputed(ground: Ground, facts: Facts) -> Iterator[str]:
    if ground.addressee == "covered_platform" and facts.platform.tida_coverage == "disputed":
        told = facts.platform.tida_note or facts.platform.name
        yield _("It is disputed whether this platform is covered: %(why)s") % {"why": told}


def _broken(_ground: Ground, facts: Facts) -> Iterator[str]:
    if facts.channel and facts.channel.trouble_at(facts.recipient):
        yield facts.channel.trouble_at(facts.recipient)


def _audience(_ground: Ground, facts: Facts) -> Iterator[str]:
    if facts.channel and facts.channel.audience == "members":
        yield _("Only a member of that workspace can use this channel")


def _elsewhere(ground: Ground, facts: Facts) -> Iterator[str]:
    if "service_with_UK_links" in ground.nexus and facts.country != "GB":
        yield _("British law; the person does not live in the United Kingdom")


def _by_law(ground: Ground, facts: Facts) -> Iterator[str]:
    name = facts.platform.name
    if ground.id == "us-tida-s3" and facts.platform.tida_coverage == "covered":
        yield _("%(name)s must remove within 48 hours of a valid request") % {"name": name}
    if ground.id == "us-tida-s3":
        yield _("The Act asks for no name and no identity document")
    if ground.id == "uk-osa-20a":
        yield _("The platform must act within 48 hours of receiving the report")


def _org_only(ground: Ground, _facts: Facts) -> Iterator[str]:
    if {"any_entity", "any_person"} & set(ground.senders) and ground.needs_mandate == "none":
        yield _("It can be sent in the organisation's name, so nothing about the person leaves")


def _taken(ground: Ground, facts: Facts) -> Iterator[str]:
    if not ground.precondition.get("copyright_owner"):
        return
    yield _("Only by choice: %(why)s") % {"why": ground.opt_in_reason}
    if facts.self_taken == "yes":
        yield _("The person took the picture, so copyright is available")
    elif facts.owns_copyright == "yes":
        yield _("Whoever took the picture gave a written mandate")


def _slow(ground: Ground, _facts: Facts) -> Iterator[str]:
    if ground.kind == "data_subject_request":
        yield _("Slow, but useful beside another notice")
    if ground.result_state == "delisted":
        yield _("It hides search results; the material stays online")


def _unconfirmed(_ground: Ground, facts: Facts) -> Iterator[str]:
    if facts.recipient or facts.channel is None:
        return
    if facts.channel.address == LOOKED_UP:
        yield _("The address is looked up for each link")
    else:
        yield _("A coordinator confirms the address first")


Look = Callable[[Ground, Facts], Iterable[str]]
CLOSED: tuple[Look, ...] = (
    _pathway, _platform_gone, _force, _material, _coverage, _nexus, _copyright, _route,
)  # fmt: skip
DOUBTS: tuple[Look, ...] = (_geo_gate, _disputed, _broken, _audience, _elsewhere)
MERITS: tuple[Look, ...] = (_by_law, _org_only, _taken, _slow, _gate_unknown, _unconfirmed)
