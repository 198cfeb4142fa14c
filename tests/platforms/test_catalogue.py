"""Typed access to the data files."""

import dataclasses

import pytest

from platforms import catalogue


def test_a_source_says_what_it_is() -> None:
    source = catalogue.sources()["DSA16"]
    assert (source.kind, source.publisher) == ("law", "European Union")
    assert catalogue.sources()["M"].is_memory


def test_an_authority_is_found_by_role_and_country() -> None:
    found = catalogue.authority_for("dsc", "IE")
    assert found is not None
    assert (found.id, found.name) == ("ie-cnam", "Coimisiún na Meán")
    assert catalogue.authority_for("dsc", "NO") is None


def test_an_authority_known_from_memory_was_never_seen() -> None:
    authorities = catalogue.authorities()
    assert authorities["be-bipt"].seen is None
    assert str(authorities["ie-cnam"].seen) == "2026-11-21"


def test_a_benchmark_keeps_figure_and_time() -> None:
    found = {row.id: row for row in catalogue.benchmarks()}
    assert (found["seed-fgm-24-72"].low, found["seed-fgm-24-72"].high) == (24, 72)
    assert found["inhope-2018"].within_hours == 72
    assert found["permesso-2020-02-groups"].when == "2020-02"
    assert found["wickr-own"].when == ""


def test_a_platform_has_its_defaults_and_its_channels() -> None:
    slack = catalogue.platforms()["slack"]
    assert (slack.role, slack.cooperation, slack.status_is_telling) == ("host", "unknown", False)
    assert [c.id for c in slack.channels][:2] == ["slack-integrity", "slack-in-app"]
    assert slack.channels[0].min_gap_hours == 72
    assert "location_grammar" not in slack.facts


def test_specs_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        catalogue.platforms()["slack"].name = "other"  # type: ignore[misc]
