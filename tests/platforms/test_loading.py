"""The catalogue goes live as a whole, twice the same as once, and edits lie over it."""

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEntry
from platforms import loading
from platforms.catalogue import files
from platforms.models import CatalogueVersion, Channel, ChannelEdit, Platform

from .planted import TEXTS, Planted, sound, with_mistake

pytestmark = pytest.mark.django_db


def load(frozen: Any) -> loading.Loaded:
    return loading.load_files(sound(), frozen.now)


def changed(stem: str, before: str, after: str) -> dict[str, files.DataFile]:
    assert before in TEXTS[stem]
    read = with_mistake(Planted(0, stem, before, after, ""))
    return {**read, stem: replace(read[stem], digest="other")}


def test_every_platform_and_channel_is_there_after_loading(frozen: Any) -> None:
    loaded = load(frozen)
    assert Platform.objects.filter(retired=False).count() == 24
    assert Channel.objects.filter(retired=False).count() == 120
    assert loaded.counts["channels"] == 120
    assert AuditEntry.objects.get(verb="catalogue.loaded").subject_id == loaded.version.pk


def test_a_channel_is_stored_as_the_file_gives_it(frozen: Any) -> None:
    load(frozen)
    channel = Channel.objects.select_related("platform").get(key="discord-tida")
    assert channel.platform.name == "Discord"
    assert (channel.medium, channel.address) == ("web_form", "https://discord.com/report")
    assert channel.facts["platform_demands"] == ["victim.legal_name"]
    assert channel.facts["max_items_per_notice"] == {"value": 1, "source": "DISCORD-TIDA"}
    assert channel.facts["source"] == ["DISCORD-TIDA"]
    assert (channel.starts_statutory_clock, channel.min_gap_hours) == ("yes", 72)
    assert str(channel.review_after) == "2027-02-19"


def test_loading_twice_writes_nothing_more(frozen: Any) -> None:
    first = load(frozen)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        second = load(frozen)
    writes = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert writes == []
    assert (first.is_new, second.is_new) == (True, False)
    assert CatalogueVersion.objects.count() == 1


def test_a_mistake_changes_nothing(frozen: Any) -> None:
    load(frozen)
    read = changed("platforms", "name: Slack\n", "name: Slakc\n")
    broken = with_mistake(Planted(0, "platforms", "chase: send, conf: high", "chase: no", ""))
    with pytest.raises(
        loading.CatalogueRefused, match=r"platforms\.yaml:\d+: slack-integrity: rule"
    ):
        loading.load_files({**read, "platforms": broken["platforms"]}, frozen.now)
    assert Platform.objects.get(key="slack").name == "Slack"
    assert CatalogueVersion.objects.count() == 1


def test_a_failure_in_the_middle_leaves_the_old_catalogue(frozen: Any, monkeypatch: Any) -> None:
    load(frozen)

    def fail(*_args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(loading, "_version", fail)
    with pytest.raises(RuntimeError):
        loading.load_files(changed("platforms", "name: Slack\n", "name: Slakc\n"), frozen.now)
    assert Platform.objects.get(key="slack").name == "Slack"


def test_what_is_no_longer_in_the_files_is_retired_and_kept(frozen: Any) -> None:
    load(frozen)
    line = next(row for row in TEXTS["platforms"].splitlines() if "id: tg-bot" in row)
    loading.load_files(changed("platforms", line + "\n", ""), frozen.now)
    assert Channel.objects.get(key="tg-bot").retired
    load(frozen)
    assert not Channel.objects.get(key="tg-bot").retired


def test_a_confirmed_edit_survives_a_reload(frozen: Any, people: Any) -> None:
    load(frozen)
    channel = Channel.objects.get(key="x-dsa")
    edit = ChannelEdit.objects.create(
        channel=channel,
        changes={"address": "https://x.example/dsa"},
        proposed_by=people.coordinator,
        proposed_at=frozen.now,
    )
    assert channel.current_address() == "to be confirmed"
    edit.confirmed_by, edit.confirmed_at = people.administrator, frozen.now
    edit.save()
    loading.load_files(changed("platforms", "min_gap_hours: 168", "min_gap_hours: 96"), frozen.now)
    channel = Channel.objects.get(key="x-dsa")
    assert (channel.current_address(), channel.min_gap_hours) == ("https://x.example/dsa", 96)
    assert not channel.is_due_for_review((frozen.now + timedelta(days=90)).date())
    assert channel.is_due_for_review((frozen.now + timedelta(days=91)).date())


def test_the_command_prints_the_counts(frozen: Any) -> None:
    out = io.StringIO()
    call_command("load_catalogue", stdout=out)
    assert out.getvalue() == (
        "Catalogue of 2026-11-21 loaded: 24 platforms, 120 channels, 45 to be confirmed, "
        "22 grounds, 123 authorities, 20 offences, 21 ladders, 48 answers, 55 benchmarks\n"
    )


def test_the_command_names_every_mistake_and_fails(monkeypatch: Any) -> None:
    broken = with_mistake(Planted(0, "platforms", "min_gap_hours: 168", "min_gap_hours: 1", ""))
    monkeypatch.setattr(files, "read_all", lambda: broken)
    err = io.StringIO()
    with pytest.raises(CommandError, match="not loaded: 1 to mend"):
        call_command("load_catalogue", stderr=err)
    assert "x-dsa: rule 26" in err.getvalue()
    assert not Platform.objects.exists()


def test_a_file_that_is_no_yaml_is_named_with_its_line() -> None:
    with pytest.raises(files.Unreadable, match=r"sources\.yaml:3: rule 1: "):
        files.parse("sources.yaml", "a: 1\nb: [1, 2\nc: 3")


def test_a_key_that_stands_twice_is_named() -> None:
    with pytest.raises(files.Unreadable, match=r"x\.yaml:2: rule 1: a stands twice"):
        files.parse("x.yaml", "a: 1\na: 2")
