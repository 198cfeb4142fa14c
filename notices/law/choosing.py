"""Which sentence stands in a notice, and which offence it names."""

from collections.abc import Mapping
from datetime import date

from notices.law.catalogue import offences, statement
from notices.law.model import Ground, Offence, Statement

EU_MEMBERS = {
    "AT": "Austria", "BE": "Belgium", "BG": "Bulgaria", "HR": "Croatia", "CY": "Cyprus",
    "CZ": "Czechia", "DK": "Denmark", "EE": "Estonia", "FI": "Finland", "FR": "France",
    "DE": "Germany", "GR": "Greece", "HU": "Hungary", "IE": "Ireland", "IT": "Italy",
    "LV": "Latvia", "LT": "Lithuania", "LU": "Luxembourg", "MT": "Malta", "NL": "the Netherlands",
    "PL": "Poland", "PT": "Portugal", "RO": "Romania", "SK": "Slovakia", "SI": "Slovenia",
    "ES": "Spain", "SE": "Sweden",
}  # fmt: skip
EU_COUNTRIES = frozenset(EU_MEMBERS)


def offence_line(country: str, covers: str, on_day: date) -> Offence | None:
    """Return the offence of `country` for this kind of material on the day of the facts.

    An EU country without a line of its own for it has the line that rests on Union law; any other
    country without one has None.
    """
    own = _held(country, covers, on_day)
    return own or (_held("EU", covers, on_day) if country in EU_COUNTRIES else None)


def offence_for(ground: Ground, country: str | None, covers: str, on_day: date) -> Offence | None:
    """Return the offence that a notice on `ground` names; None where it needs none or has none.

    Content is illegal under art. 3(h) DSA by Union or Member State law alone, so a person who
    lives elsewhere has the line of Union law.
    """
    if not ground.needs_national_offence:
        return None
    place = country if country in EU_COUNTRIES else "EU"
    return offence_line(str(place), covers, on_day)


def sentences(ground: Ground, starts_statutory_clock: str | None) -> tuple[Statement, ...]:
    """Return the statements that a notice on `ground` makes by a channel, in their order."""
    about = _about(ground, starts_statutory_clock)
    chosen = (_chosen(statement(name), about) for name in ground.statements)
    return tuple(one for one in chosen if one is not None)


def may_say(one: Statement, ground: Ground, starts_statutory_clock: str | None = None) -> bool:
    """Tell whether a sentence is true of a notice on this ground."""
    return _chosen(one, _about(ground, starts_statutory_clock)) is one


def _chosen(one: Statement, about: Mapping[str, str]) -> Statement | None:
    if one.not_when and _holds(one.not_when, about):
        return _chosen(statement(one.instead), about) if one.instead else None
    if one.only_when and not _holds(one.only_when, about):
        return None
    return one


def _holds(conditions: Mapping[str, object], about: Mapping[str, str]) -> bool:
    return all(_is_among(about[name], wanted) for name, wanted in conditions.items())


def _is_among(value: str, wanted: object) -> bool:
    return value in wanted if isinstance(wanted, list | tuple) else value == wanted


def _about(ground: Ground, starts_statutory_clock: str | None) -> Mapping[str, str]:
    return {
        "starts_statutory_clock": starts_statutory_clock or "unknown",
        "victim_identity.name": ground.victim_identity["name"],
        "ground.kind": ground.kind,
    }


def _held(country: str, covers: str, on_day: date) -> Offence | None:
    for offence in offences():
        if offence.country == country and covers in offence.covers and offence.held_on(on_day):
            return offence
    return None
