"""Rules 8 to 16: clocks, statements, elements, minors, mandates."""

import re
from collections.abc import Iterator

from platforms.catalogue.files import Row, entries

from .base import Catalogue, Mistake, rows_below, rule

DMCA = "us-dmca-"
HERS_BY_LAW = {"it-144bis", "be-584", "ca-bc-iipa", "eu-gdpr-17"}
OPEN_TO_MINORS = {"minor-hotline", "minor-hash-tid", "it-144bis", "au-osa-77", "ca-bc-iipa"}
AUTHORITY_STATEMENTS = {"authority", "dmca_authority"}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@rule(8)
def clocks_are_whole(catalogue: Catalogue) -> Iterator[Mistake]:
    for clock in _clocks(catalogue):
        for text in _faults(clock):
            yield catalogue.wrong(8, clock, "kind", f"clock {clock.get('key', '')}: {text}")


def _clocks(catalogue: Catalogue) -> Iterator[Row]:
    for ground in catalogue.rows("grounds"):
        yield from entries(ground.get("clocks"))
        counter = ground.get("counter_procedure")
        if isinstance(counter, Row):
            yield from (row for row in counter.values() if isinstance(row, Row))
    for step, _ladder in catalogue.steps:
        yield from entries(step.get("clocks"))


NUMBERED = ("statutory", "contractual", "policy", "self_declared")
# What a clock must have as well, given one of its values; {field: {value: needed field}}.
NEEDED = {
    "kind": {"statutory": "basis", "none": "text", "order": "text"},
    "unit": {"business_days": "calendar"},
    "roll": {"next_working_day": "roll_calendar"},
}


def _faults(clock: Row) -> Iterator[str]:
    kind = clock.get("kind")
    if kind in NUMBERED:
        for key in ("value", "unit", "starts"):
            if key not in clock:
                yield f"{kind} without {key}"
    for field, needs in NEEDED.items():
        needed = needs.get(str(clock.get(field)))
        if needed and needed not in clock:
            yield f"{clock[field]} without {needed}"
    if kind == "policy" and "basis" in clock:
        yield "our own policy is no law and has no basis"


@rule(9)
def perjury_only_for_copyright(catalogue: Catalogue) -> Iterator[Mistake]:
    under_penalty = {
        row.get("id") for row in catalogue.rows("statements") if row.get("under_penalty_of_perjury")
    }
    for ground in catalogue.rows("grounds"):
        uses = catalogue.statements_of(ground) | {
            row.get("statement_id") for row in catalogue.elements_of(ground)
        }
        if uses & under_penalty and not str(ground.get("id")).startswith(DMCA):
            yield catalogue.wrong(
                9, ground, "statements", "a sentence under penalty of perjury outside us-dmca-*"
            )


@rule(10)
def her_fields_by_law(catalogue: Catalogue) -> Iterator[Mistake]:
    for ground in catalogue.rows("grounds"):
        if ground.get("id") in HERS_BY_LAW:
            continue
        for row in entries(ground.get("elements")):
            if row.get("required_by") == "law" and row.get("subject") == "victim":
                yield catalogue.wrong(
                    10, row, "subject", f"{ground.get('id')} requires nothing of hers by law"
                )


@rule(11)
def elements_have_their_place(catalogue: Catalogue) -> Iterator[Mistake]:
    for ground in catalogue.rows("grounds"):
        statements = catalogue.statements_of(ground)
        for row in entries(ground.get("elements")):
            if not row.get("ref"):
                yield catalogue.wrong(11, row, None, "an element without ref")
            statement = row.get("statement_id")
            if statement and statement not in statements:
                yield catalogue.wrong(
                    11, row, "statement_id", f"{statement} is no statement of {ground.get('id')}"
                )


@rule(12)
def minors_routes(catalogue: Catalogue) -> Iterator[Mistake]:
    for ground in catalogue.rows("grounds"):
        if ground.get("minors_route") and ground.get("id") not in OPEN_TO_MINORS:
            yield catalogue.wrong(12, ground, "minors_route", "is not open on the minors' pathway")


@rule(13)
def riders_inherit(catalogue: Catalogue) -> Iterator[Mistake]:
    for ground in catalogue.rows("grounds"):
        base = catalogue.grounds.get(str(ground.get("rides_on")))
        if base is None:
            continue
        if ground.get("inherits_elements") != ground.get("rides_on"):
            yield catalogue.wrong(13, ground, "rides_on", "inherits_elements names another ground")
        if not ground.get("needs_national_offence"):
            yield catalogue.wrong(13, ground, "rides_on", "needs_national_offence is missing")
        if ground.get("addressee") != base.get("addressee"):
            yield catalogue.wrong(13, ground, "addressee", "differs from the ground it rides on")


@rule(14)
def a_mandate_is_said(catalogue: Catalogue) -> Iterator[Mistake]:
    for ground in catalogue.rows("grounds"):
        asks = ground.get("needs_mandate") != "none"
        ours = ground.get("kind") in ("statutory_notice", "platform_policy")
        if asks and ours and not catalogue.statements_of(ground) & AUTHORITY_STATEMENTS:
            yield catalogue.wrong(
                14, ground, "needs_mandate", "needs a mandate and never says so in the notice"
            )


@rule(15)
def every_ground_leads_somewhere(catalogue: Catalogue) -> Iterator[Mistake]:
    served = {ground for channel, _platform in catalogue.channels for ground in _served(channel)}
    for ground in catalogue.rows("grounds"):
        ways = {ground.get("id"), ground.get("rides_on")} & served
        if not (ways or ground.get("authority") or ground.get("no_channel")):
            yield catalogue.wrong(
                15,
                ground,
                None,
                "no channel serves it, no authority takes it, no_channel is missing",
            )


def _served(channel: Row) -> list[str]:
    grounds = channel.get("grounds")
    return grounds if isinstance(grounds, list) else []


@rule(16)
def placeholders_are_declared(catalogue: Catalogue) -> Iterator[Mistake]:
    declared = catalogue.table("statements", "placeholders")
    for name, row in declared.items():
        if row.get("subject") in ("victim", "owner"):
            yield catalogue.wrong(16, row, "subject", f"{name} would print something of hers")
    for statement in catalogue.rows("statements"):
        for name in _PLACEHOLDER.findall(str(statement.get("text"))):
            if name not in declared:
                yield catalogue.wrong(16, statement, "text", f"{{{name}}} is not declared")
        if statement.get("id") == "minimisation_reply" and not _spares_her(statement):
            yield catalogue.wrong(
                16, statement, None, "is untrue where a law asks for her name: only_when is missing"
            )


def _spares_her(statement: Row) -> bool:
    only_when = statement.get("only_when")
    return isinstance(only_when, Row) and only_when.get("victim_identity.name") == "none"


def used_placeholders(catalogue: Catalogue) -> set[str]:
    texts = (str(row.get("text")) for row in rows_below(catalogue.root("statements")))
    return {name for text in texts for name in _PLACEHOLDER.findall(text)}
