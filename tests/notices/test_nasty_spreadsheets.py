"""Spreadsheets as they come: odd moments, odd cells, odd bytes."""

from datetime import UTC, datetime
from time import monotonic

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse

from core.errors import RuleBroken
from notices import history
from notices.models import ImportBatch, Outcome
from tests import factories

pytestmark = pytest.mark.django_db
HEAD = "platform,ground,sent_at,first_seen_gone_at,stopped_at,stop_reason,case_ref,link\n"
ROW = "x,us-tida-s3,2025-03-01T10:00+01:00,,,,,\n"


@pytest.fixture(autouse=True)
def _x(frozen):
    factories.platform("x")


def load(text, **options):
    return history.import_history(text, None, datetime(2026, 11, 21, 12, tzinfo=UTC), **options)


@pytest.mark.parametrize(
    "moment",
    [
        "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-12:00", "1899-12-30T00:00Z",
        "2025-02-30T00:00Z", "2025-03-01", "2025-03-01T10:00:00+99:99", "46000", "\u0662\u0660",
    ],
)  # fmt: skip
def test_a_moment_that_cannot_be_right_is_a_bad_row_not_a_failure(moment):
    result = load(HEAD + f"x,us-tida-s3,{moment},,,,,\n" + ROW)
    assert (result.added, [bad.line for bad in result.bad]) == (1, [2])


def test_cells_with_line_breaks_formulas_and_foreign_scripts_are_kept_as_they_are():
    cell = '=HYPERLINK("http://e.example","x")\nОлена \u202e'
    quoted = cell.replace('"', '""')
    result = load(HEAD + f'x,us-tida-s3,2025-03-01T10:00Z,,,,"{quoted}",@SUM(A1)\n' + ROW)
    assert result.added == 2
    kept = {(row.case_ref, row.link_text) for row in Outcome.objects.all()}
    assert (cell, "@SUM(A1)") in kept


@pytest.mark.parametrize(
    "text", ["", "\n\n", "\x00", "platform", HEAD + '"', HEAD.replace("link", "link,link"), "a;b;c"]
)
def test_what_is_no_spreadsheet_of_ours_gets_a_sentence(text):
    try:
        result = load(text)
    except RuleBroken as no:
        assert no.sentence
    else:
        assert result.added == 0
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize("content", [b"\xff\xfe" + HEAD.encode("utf-16-le"), b"\xe9\xe8", b""])
def test_a_file_in_another_encoding_gets_a_sentence(client, people, content):
    factories.organisation()
    client.force_login(people.coordinator)
    file = SimpleUploadedFile("old.csv", content, "text/csv")
    answer = client.post(reverse("insights:import_history"), {"file": file})
    assert answer.status_code == 200
    assert not ImportBatch.objects.exists()


def test_two_who_read_in_the_same_file_at_once_get_a_sentence_and_count_it_once(monkeypatch):
    load(HEAD + ROW)
    monkeypatch.setattr(history, "_known", lambda indexes: set())
    with pytest.raises(RuleBroken, match="nothing is counted twice") as no:
        load(HEAD + ROW)
    assert isinstance(no.value.__cause__, IntegrityError)
    assert (Outcome.objects.count(), ImportBatch.objects.count()) == (1, 1)


@pytest.mark.long
def test_ten_thousand_rows_are_read_in_within_half_a_minute():
    began = monotonic()
    result = load(
        HEAD + "".join(f"x,us-tida-s3,2025-03-01T10:00Z,,,,,{n}\n" for n in range(10_000))
    )
    assert result.added == 10_000
    assert monotonic() - began < 30
