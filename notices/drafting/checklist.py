"""The live checklist: one function for the page, the approval's POST and the sender's claim."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from notices.drafting import saying
from notices.drafting.compose import compose
from notices.drafting.elements import element_rows
from notices.drafting.facts import Facts
from notices.drafting.letter import Letter
from notices.drafting.lint import NOBODY, Finding, Forbidden, lint
from notices.drafting.preflight import preflight_rows
from notices.drafting.rows import Row, blocking
from notices.drafting.standing import demand_rows, standing_rows


def checklist(
    facts: Facts, *, letter: Letter | None = None, forbidden: Forbidden = NOBODY
) -> list[Row]:
    """Return every row: elements, standing, confirmations, defects, wording.

    `letter` is what is about to leave, where it has been composed before; `forbidden` are her
    names. A defect is not told again where a row before it already blocks on the same part.
    """
    rows = part_rows(facts)
    if is_closed(facts):
        return rows
    told = {row.anchor for row in blocking(rows)}
    defects = preflight_rows(facts, letter or compose(facts))
    rows += [row for row in defects if not (row.blocks and row.anchor in told)]
    return rows + list(text_rows(facts, forbidden))


def part_rows(facts: Facts) -> list[Row]:
    """Return the rows that need no letter: what a notice must have, before it is written."""
    if is_closed(facts):
        return [_closed(facts)]
    return [*element_rows(facts), *standing_rows(facts), *demand_rows(facts), *_force(facts)]


def is_closed(facts: Facts) -> bool:
    return facts.is_minor or not facts.ground.is_for_platforms


def text_rows(facts: Facts, forbidden: Forbidden = NOBODY) -> Iterator[Row]:
    """Yield what is wrong with the author's own words, and whether her name is in them."""
    text = saying.free_text(facts)
    if len(text) > saying.free_text_max():
        told = _("At most %(n)d characters.") % {"n": saying.free_text_max()}
        yield _text_row("text.length", told, "free_text", blocks=True)
    for finding in lint(text, forbidden):
        yield _found(finding, facts)
    reference = facts.earlier.their_reference if facts.earlier else ""
    if forbidden.stands_in(reference):
        told = _("The platform's reference contains the person's name.")
        yield _text_row("text.reference", told, "earlier", blocks=True)
    if any(forbidden.stands_in(place) for place in _places(facts)):
        told = _("A link contains the person's name. It leaves as it is: that is the location.")
        yield _text_row("text.link", told, "links")


def _found(finding: Finding, facts: Facts) -> Row:
    sentences = {
        "insult": _("An insult weakens the notice: %(found)s."),
        "description": _("Do not describe the image: %(found)s."),
        "wording": _("Say “intimate images shared without consent”, not “%(found)s”."),
        "date": _("Write the date with the month as a word: %(found)s."),
        "name": _("The person's name stands in your own words."),
    }
    sentence = sentences[finding.kind] % {"found": finding.found}
    is_told = finding.kind == "name" and bool(facts.disclosed)
    blocks = finding.kind == "name" and not is_told
    return _text_row(f"text.{finding.kind}", sentence, "free_text", blocks=blocks)


def _text_row(key: str, sentence: str, anchor: str, *, blocks: bool = False) -> Row:
    if blocks:
        return Row(key, "text", "", sentence, "required", "missing", "", anchor, sentence)
    return Row(key, "text", "", sentence, "recommended", "unsure", "", anchor, sentence)


def _places(facts: Facts) -> Iterator[str]:
    for link in facts.links:
        yield link.url
        yield from (value for _label, value in link.locators)


def _force(facts: Facts) -> Iterator[Row]:
    if not facts.ground.is_in_force(facts.on_day):
        told = _("This law is not in force on the day of the letter.")
        yield Row("in_force", "standing", "", told, "required", "missing", "", "ground", told)
    if facts.material not in facts.ground.covers:
        told = _("This ground does not cover this kind of material.")
        yield Row("covers", "standing", "", told, "required", "missing", "", "ground", told)


def _closed(facts: Facts) -> Row:
    told = _("No notice to a platform is made on this ground.")
    if facts.is_minor:
        told = _("Under 18: ordinary notices are closed. Use the route for minors.")
    return Row("closed", "standing", "", told, "required", "missing", "", "ground", told)
