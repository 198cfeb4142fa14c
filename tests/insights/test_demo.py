"""The demo: what was planted is found again, nobody in it can be written to, twice is refused."""

import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Organisation
from cases.models import Case
from core import clock
from core.addresses import is_harmless
from insights.demo.speeds import SPEEDS, durations, shares
from notices.models import Delivery, Message, Notice, Outcome, Reminder
from platforms.models import Channel, Community, Count
from tests.notices.conftest import quick_press as quick_press  # noqa: PLC0414 - nobody looks at PDFs


@pytest.fixture
def seeded(db, frozen, capsys):
    call_command("load_catalogue")
    call_command("seed_demo", cases=6)
    capsys.readouterr()


def response_times(capsys, **options):
    call_command("response_times", format="json", **options)
    return {row["platform"]: row for row in json.loads(capsys.readouterr().out)}


def test_planted_quantiles_have_the_written_median(rf):
    from random import Random

    for speed in SPEEDS:
        if speed.median_hours is None:
            continue
        drawn = sorted(durations(speed, 401, Random(7)), key=lambda hours: (hours is None, hours))
        assert drawn[200] == pytest.approx(speed.median_hours, rel=0.02)


def test_shares_are_as_exact_as_a_count_allows():
    from random import Random

    assert sum(shares(20, 0.35, Random(3))) == 7


@pytest.mark.services
def test_a_small_demo_tells_its_stories_and_reaches_nobody(seeded, capsys):
    assert Case.objects.count() == 6
    assert Organisation.current().set_up_at == clock.now()
    assert Community.objects.count() == 24
    assert Count.objects.filter(members=997_236, community__platform__key="telegram").exists()
    assert Case.objects.filter(pathway="minor").count() == 1
    for delivery in Delivery.objects.all():
        assert is_harmless(delivery.recipient)
        assert is_harmless(delivery.archive_recipient)
    for channel in Channel.objects.filter(medium="email").prefetch_related("edits"):
        address = channel.current_address()
        assert address.startswith("looked up") or is_harmless(address)
    assert Outcome.objects.filter(platform__key="wickr", batch__isnull=False).count() == 9
    assert not Notice.objects.filter(platform__key__in=["wickr", "anon-ib"]).exists()
    with pytest.raises(CommandError, match="in use"):
        call_command("seed_demo", cases=6)


@pytest.mark.long
def test_the_whole_demo_is_what_was_planted(db, frozen, capsys):
    call_command("load_catalogue")
    call_command("seed_demo")
    capsys.readouterr()
    unread = Message.objects.unread().values("notice")
    assert not Reminder.objects.filter(state="proposed", notice__in=unread).exists()
    assert (Case.objects.count(), Notice.objects.count()) == (60, 430)
    found = response_times(capsys, endpoint="gone")
    for speed in SPEEDS:
        row = found[speed.platform]
        if speed.median_hours is None:
            assert row["median_hours"] is None, speed.platform
            continue
        low, high = row["median_ci"]
        assert low <= speed.median_hours, (speed.platform, row)
        assert high is None or speed.median_hours <= high, (speed.platform, row)
    assert Outcome.objects.exclude(reappeared_at=None).exists()
