"""docs/catalogue.md describes the data files, all of them."""

import re

from platforms.catalogue import files
from platforms.checks import RULES
from platforms.checks.shapes import SHAPES

PAGE = (files.ROOT / "docs" / "catalogue.md").read_text()


def test_every_field_is_described() -> None:
    fields = {name.rstrip("!") for shape in SHAPES.values() for name in shape}
    named = set(re.findall(r"[a-z0-9_]+", PAGE))
    assert fields - named == set()


def test_every_value_of_a_closed_list_is_described() -> None:
    kinds = [kind for shape in SHAPES.values() for kind in shape.values()]
    lists = [k.partition(":")[2] for k in kinds if k.startswith(("one:", "many:"))]
    values = {value for text in lists for value in text.split("|")[0].split(",")}
    words = set(re.findall(r"[A-Za-z0-9_.]+", PAGE))
    known = {word.strip(".") for word in words}
    odd = {
        "@bool",
        "case_country_*",
        "seen_gone",
        "hours",
        "uploader",
        "offences",
        "authority_only",
    }
    assert {value for value in values if value not in known} <= odd


def test_every_rule_is_described() -> None:
    numbered = {int(n) for n in re.findall(r"(?m)^(\d+)\. ", PAGE.partition("## What the")[2])}
    assert set(RULES) <= numbered


def test_every_file_is_named() -> None:
    for stems in files.NAMES.values():
        for stem in stems:
            assert f"{stem}.yaml" in PAGE
