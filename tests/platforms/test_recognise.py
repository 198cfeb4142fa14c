"""Free text to places: the cases were written before the code that reads them."""

import pytest

from platforms.catalogue import files
from platforms.recognise import recognise

from .recognise_cases import CASES, Expected

EXAMPLES = files.read(files.CATALOGUE / "examples.yaml").root["examples"]


def as_expected(text: str) -> list[Expected]:
    return [(p.platform, p.kind, p.canonical, p.problem) for p in recognise(text)]


@pytest.mark.parametrize(("name", "text", "places"), CASES, ids=[case[0] for case in CASES])
def test_text_is_read_as_written_down(name: str, text: str, places: list[Expected]) -> None:
    assert as_expected(text) == places


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["text"] for example in EXAMPLES])
def test_link_of_the_catalogue_is_read_as_written_down(example: dict[str, str | None]) -> None:
    text = str(example["text"])
    (place,) = recognise(text)
    assert place.platform == example["platform"]
    assert place.kind == example["kind"]
    assert place.canonical == example.get("canonical", text)
    assert place.problem is None
    if "item" in example:
        assert place.item == example["item"]
