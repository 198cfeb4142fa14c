"""What may be done and told in somebody's name. Pure: values in, values out."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from cases.models import Mandate
from cases.states import MandateForm


def is_live(mandate: Mandate, on: date) -> bool:
    """Tell whether the mandate holds on this day: given, not past its end, not withdrawn."""
    if mandate.withdrawn_at is not None or on < mandate.given_on:
        return False
    return mandate.until is None or on <= mandate.until


def live(mandates: Iterable[Mandate], on: date) -> list[Mandate]:
    """Return the mandates that hold on this day, the last word first."""
    return sorted((each for each in mandates if is_live(each, on)), key=_age, reverse=True)


def covers(
    mandates: Iterable[Mandate], purpose: str, platform_key: str, field: str | None, on: date
) -> Mandate | None:
    """Return the mandate that allows `purpose` towards a platform, and `field` to be told to it.

    A later No ends every earlier Yes. Without `field` only the purpose is asked about.
    """
    allowing = _allowing(mandates, purpose, platform_key, on)
    return next((each for each in allowing if field is None or field in each.fields), None)


def written(
    mandates: Iterable[Mandate], purpose: str, platform_key: str, on: date
) -> Mandate | None:
    """Return the mandate that covers `purpose` and was given in writing."""
    allowing = _allowing(mandates, purpose, platform_key, on)
    return next((each for each in allowing if each.form == MandateForm.WRITTEN), None)


def answer(mandates: Iterable[Mandate], purpose: str, on: date) -> str:
    """Return "yes", "no" or "" (not asked) for a purpose towards any platform."""
    for mandate in live(mandates, on):
        if purpose in mandate.refused:
            return "no"
        if purpose in mandate.purposes:
            return "yes"
    return ""


def _allowing(
    mandates: Iterable[Mandate], purpose: str, platform_key: str, on: date
) -> Iterator[Mandate]:
    for mandate in live(mandates, on):
        if purpose in mandate.refused:
            return
        here = not mandate.platforms or platform_key in mandate.platforms
        if here and purpose in mandate.purposes:
            yield mandate


def _age(mandate: Mandate) -> tuple[date, datetime]:
    return mandate.given_on, mandate.recorded_at
