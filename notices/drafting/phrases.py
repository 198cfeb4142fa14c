"""The letters' own sentences and the order of their parts, one file a language."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TypedDict

from core import yaml_files

FOLDER = Path(__file__).resolve().parent.parent.parent / "templates" / "letters"
ENGLISH = "en"


class Section(TypedDict, total=False):
    title: str
    refs: list[str]
    parts: list[str]


class Plan(TypedDict, total=False):
    title: str
    subtitle: str
    cite: str
    opening: list[str]
    opening_search: list[str]
    firm: str
    sections: list[Section]


class Reminder(TypedDict):
    title: str
    subtitle: str
    summary: str
    no_receipt: str
    no_decision: str
    passed: Mapping[str, str]
    open: str
    requests: list[str]
    quoted: str


class Phrases(TypedDict):
    language: str
    subject: str
    subject_asked_for: str
    date: str
    months: list[str]
    labels: Mapping[str, str]
    media: Mapping[str, str]
    material: Mapping[str, str]
    depiction: Mapping[str, str]
    identifiable_by: Mapping[str, str]
    works: Mapping[str, str]
    works_several: Mapping[str, str]
    made_on: Mapping[str, str]
    unpublished: str
    mandate_form: Mapping[str, str]
    offence: Mapping[str, str]
    second: str
    second_again: str
    texts: Mapping[str, str]
    reminder: Reminder
    requests: Mapping[str, list[str]]
    plans: Mapping[str, Plan]


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that have reviewed letters; every other one falls back to English."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def in_language(language: str) -> Phrases:
    return _read(language if language in languages() else ENGLISH)


def plan_of(ground_id: str, language: str) -> Plan:
    """Return the plan of a ground's letter. Raises KeyError where no letter is ours to write."""
    return in_language(language)["plans"][ground_id]


@cache
def _read(language: str) -> Phrases:
    phrases: Phrases = yaml_files.read(FOLDER / f"{language}.yaml")
    return phrases
