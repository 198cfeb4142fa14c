"""manage.py recognise prints one JSON object a line, with five keys in a fixed order."""

import io
import json
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from platforms.management.commands import recognise as command


def printed(text: str) -> list[dict[str, str | None]]:
    out = io.StringIO()
    call_command("recognise", text, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_link_is_printed_with_its_five_keys() -> None:
    (row,) = printed("see hxxps://twitter[.]com/someone/status/1725000000000000000?s=20")
    assert list(row.items()) == [
        ("verbatim", "hxxps://twitter[.]com/someone/status/1725000000000000000?s=20"),
        ("canonical", "https://x.com/someone/status/1725000000000000000"),
        ("platform", "x"),
        ("kind", "post"),
        ("problem", None),
    ]


def test_prose_prints_nothing() -> None:
    assert printed("nothing here") == []


def test_a_dangerous_scheme_is_a_problem_and_no_link() -> None:
    (row,) = printed("javascript:alert(1)")
    assert (row["problem"], row["canonical"], row["platform"]) == ("dangerous_scheme", None, None)


def test_a_dash_reads_the_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "https://t.me/somechannel/1234\nund ein Satz mit Umlauten äöü\n@x_y\n".encode()
    monkeypatch.setattr(command.sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text)))
    assert [row["verbatim"] for row in printed("-")] == ["https://t.me/somechannel/1234", "@x_y"]
