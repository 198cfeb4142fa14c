"""Old spreadsheets: good rows are kept, bad ones are named, twice is harmless."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from core.errors import RuleBroken
from notices.history import import_history
from notices.models import Delivery, Notice, Outcome
from tests import factories

pytestmark = pytest.mark.django_db

HEAD = (
    "platform,ground,channel,sent_at,delivered_at,acknowledged_at,answered_at,decided_at,"
    "last_seen_online_at,first_seen_gone_at,stopped_at,stop_reason,reappeared_at,case_ref,link\n"
)
GOOD = "X,us-tida-s3,,2025-03-01T10:00:00+01:00,,,,,,2025-03-03T10:00:00+01:00,,,,case 7,https://x.com/i/status/1\n"
OPEN = "x,us-tida-s3,,2025-03-01T10:00Z,,,,,,,,,,,\n"


@pytest.fixture(autouse=True)
def _x(frozen):
    factories.platform("x", facts={"aliases": ["Twitter"]})


def load(text, **options):
    return import_history(text, None, datetime(2026, 11, 21, 12, tzinfo=UTC), **options)


def test_a_good_row_becomes_history_with_its_moments_in_utc():
    result = load(HEAD + GOOD)
    assert (result.read, result.added, result.bad) == (1, 1, [])
    row = Outcome.objects.get()
    assert row.sent_at == datetime(2025, 3, 1, 9, tzinfo=UTC)
    assert row.first_seen_gone_at == datetime(2025, 3, 3, 9, tzinfo=UTC)
    assert (row.case_ref, row.link_text) == ("case 7", "https://x.com/i/status/1")


def test_reading_the_same_file_twice_adds_nothing():
    load(HEAD + GOOD + OPEN)
    again = load(HEAD + GOOD + OPEN)
    assert (again.added, again.known) == (0, 2)
    assert Outcome.objects.count() == 2


def test_equal_rows_of_one_file_are_different_links_and_all_count():
    load(HEAD + OPEN * 3)
    assert Outcome.objects.count() == 3
    load(HEAD + OPEN * 3)
    assert Outcome.objects.count() == 3


def test_bad_rows_are_named_with_line_and_reason_and_good_ones_kept():
    bad = [
        "nowhere,us-tida-s3,,2025-03-01T10:00Z,,,,,,,,,,,\n",
        "x,us-made-up,,2025-03-01T10:00Z,,,,,,,,,,,\n",
        "x,us-tida-s3,,2025-03-01T10:00,,,,,,,,,,,\n",
        "x,us-tida-s3,,1 March,,,,,,,,,,,\n",
        "x,us-tida-s3,,,,,,,,,,,,,\n",
        "x,us-tida-s3,,2099-03-01T10:00Z,,,,,,,,,,,\n",
        "x,us-tida-s3,,2025-03-02T10:00Z,,,,,,2025-03-01T10:00Z,,,,,\n",
        "x,us-tida-s3,,2025-03-02T10:00Z,,,,,,,,,2025-03-09T10:00Z,,\n",
        "x,us-tida-s3,,2025-03-02T10:00Z,,,,,,,,she withdrew,,,\n",
        "x,us-tida-s3,other,2025-03-02T10:00Z,,,,,,,,,,,\n",
    ]
    result = load(HEAD + "".join(bad) + GOOD)
    assert [row.line for row in result.bad] == list(range(2, 12))
    reasons = [row.reason for row in result.bad]
    assert "“nowhere” is no platform" in reasons[0]
    assert "has no offset" in reasons[2]
    assert "lies before sent_at" in reasons[6]
    assert Outcome.objects.count() == 1


def test_strict_keeps_nothing_when_one_row_is_bad():
    result = load(HEAD + GOOD + "x,?,,2025-03-01T10:00Z,,,,,,,,,,,\n", strict=True)
    assert len(result.bad) == 1
    assert not Outcome.objects.exists()


def test_a_row_after_a_cell_with_a_line_break_is_named_by_its_own_line():
    two_lines = GOOD.replace("case 7", '"case\n7"')
    result = load(HEAD + two_lines + "?,us-tida-s3,,2025-03-01T10:00Z,,,,,,,,,,,\n")
    assert result.bad[0].line == 4


@pytest.mark.parametrize(
    "head", ["", "platform,sent_at\n", HEAD.replace("link", "url"), HEAD.replace("link", "ground")]
)
def test_a_file_without_the_right_first_line_is_refused_as_a_whole(head):
    with pytest.raises(RuleBroken):
        load(head + GOOD)


def test_semicolons_and_a_byte_order_mark_of_a_spreadsheet_program_are_read():
    result = load("\ufeff" + (HEAD + GOOD).replace(",", ";"))
    assert result.added == 1


def test_an_alias_of_a_platform_is_understood():
    assert load(HEAD + GOOD.replace("X,", "twitter,")).added == 1


def test_free_text_of_the_spreadsheet_is_stored_sealed():
    load(
        HEAD
        + "x,us-tida-s3,,2025-03-01T10:00Z,,,,,,,2025-04-01T10:00Z,Zuzanna withdrew,,Zuzanna,https://x.com/zuz\n"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM notices_outcome")
        stored = b"".join(
            bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()
            for cell in cursor.fetchone()
        )
    assert b"uzanna" not in stored
    assert b"zuz" not in stored
    assert Outcome.objects.get().stop_note == "Zuzanna withdrew"


def test_imported_history_makes_no_notice_and_nothing_to_send():
    load(HEAD + GOOD + OPEN)
    assert not Notice.objects.exists()
    assert not Delivery.objects.exists()


def test_the_command_reports_and_fails_when_strict(tmp_path, capsys):
    file = tmp_path / "old.csv"
    file.write_text(HEAD + GOOD + "x,?,,2025-03-01T10:00Z,,,,,,,,,,,\n")
    call_command("import_history", str(file))
    out = capsys.readouterr()
    assert "2 rows read, 1 added, 0 known already, 1 refused." in out.out
    assert "line 3:" in out.err
    with pytest.raises(CommandError):
        call_command("import_history", str(file), strict=True)
    with pytest.raises(CommandError):
        call_command("import_history", str(tmp_path / "none.csv"))


def test_the_page_takes_a_csv_from_a_coordinator_only(client, people):
    factories.organisation()
    url = reverse("insights:import_history")
    client.force_login(people.coordinator)
    file = SimpleUploadedFile("old.csv", (HEAD + GOOD + "x,?,,?\n").encode(), "text/csv")
    page = client.post(url, {"file": file}).content.decode()
    assert "2 rows read, 1 added" in page
    latin = SimpleUploadedFile("old.csv", b"\xff\xfe\x00", "text/csv")
    assert "not UTF-8" in client.post(url, {"file": latin}).content.decode()
    picture = SimpleUploadedFile("old.png", b"\x89PNG", "image/png")
    assert client.post(url, {"file": picture}).status_code == 415
    client.force_login(people.advocate)
    assert client.get(url).status_code == 404
