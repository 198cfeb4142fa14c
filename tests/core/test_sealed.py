"""Encrypted columns: what the database sees, and what it refuses."""

import pytest
from django.core.exceptions import FieldError
from django.db import connection

from cases.models import Case, Link
from core import crypto, keystore
from core.keystore import KeyDestroyed
from core.sealed import WouldStorePlain
from tests import factories

pytestmark = pytest.mark.django_db

URL = "https://x.com/i/status/99887766"


def stored(table: str, column: str) -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")  # noqa: S608
        return [bytes(row[0]) for row in cursor.fetchall()]


def test_the_database_holds_ciphertext_and_python_reads_plain_text(people):
    case = factories.case(people.advocate, note="Found by her sister.")
    assert b"sister" not in stored("cases_case", "note")[0]
    assert Case.objects.get(pk=case.pk).note == "Found by her sister."


def test_a_case_shares_its_key_with_what_belongs_to_it(people):
    case = factories.case(people.advocate)
    link = factories.link(case, URL)
    assert link.key_id == case.key_id == case.person.key_id


def test_two_equal_texts_are_stored_differently(people):
    case = factories.case(people.advocate)
    factories.link(case, URL, canonical_index="", verbatim="same")
    factories.link(case, URL, canonical_index="", verbatim="same")
    first, second = stored("cases_link", "verbatim")
    assert first != second


def test_a_value_moved_to_another_row_does_not_open(people):
    case = factories.case(people.advocate)
    one, two = factories.link(case, URL), factories.link(case, URL + "1")
    with connection.cursor() as cursor:
        cursor.execute("SELECT canonical FROM cases_link WHERE number = 1")
        (blob,) = cursor.fetchone()
        cursor.execute("UPDATE cases_link SET canonical = %s WHERE number = 2", [blob])
    assert Link.objects.get(pk=one.pk).canonical == URL
    with pytest.raises(crypto.Unreadable):
        _ = Link.objects.get(pk=two.pk).canonical


def test_a_value_moved_to_another_column_does_not_open(people):
    link = factories.link(factories.case(people.advocate), URL)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_link SET found_via = canonical")
    with pytest.raises(crypto.Unreadable):
        _ = Link.objects.get(pk=link.pk).found_via


def test_a_destroyed_key_leaves_nothing_to_read(people):
    case = factories.case(people.advocate, note="Gone for good")
    keystore.destroy(case.key_id)
    with pytest.raises(KeyDestroyed):
        _ = Case.objects.get(pk=case.pk).note


def test_an_update_query_cannot_store_plain_text(people):
    factories.case(people.advocate)
    with pytest.raises(WouldStorePlain):
        Case.objects.update(note="plain")


def test_a_bulk_update_cannot_store_plain_text(people):
    case = factories.case(people.advocate)
    case.note = "plain"
    with pytest.raises(WouldStorePlain):
        Case.objects.bulk_update([case], ["note"])


def test_a_bulk_create_seals(people):
    case = factories.case(people.advocate)
    made = factories.link(case, URL)
    made.pk = None
    Link.objects.bulk_create(
        [Link(case=case, number=7, kind="post", verbatim="secret", added_at=made.added_at)]
    )
    assert all(b"secret" not in blob for blob in stored("cases_link", "verbatim"))
    assert Link.objects.get(number=7).verbatim == "secret"


def test_an_encrypted_column_cannot_be_compared_in_a_query(people):
    with pytest.raises(FieldError):
        Case.objects.filter(note="x").exists()


def test_every_kind_of_text_comes_back_as_it_was_typed(people):
    for text in (
        "",
        "\u200f\u0645\u0631\u062d\u0628\u0627",
        "\U0001f9ff\u200d",
        "a\r\nb",
        "'; DROP TABLE",
        "x" * 100_000,
    ):
        case = factories.case(people.advocate, note=text)
        assert Case.objects.get(pk=case.pk).note == text


def test_without_a_ring_nothing_is_stored(people, settings):
    settings.KEYRING, settings.KEYRING_FILE = "", "/nonexistent"
    with pytest.raises(crypto.KeyRingError):
        factories.case(people.advocate, alias="Robin")


def test_reading_fifty_rows_of_fifty_cases_costs_one_key_query(people, django_assert_num_queries):
    for number in range(5):
        factories.case(people.advocate, note=str(number))
    with keystore.scope(), django_assert_num_queries(1, using="keys"):
        cases = list(Case.objects.all())
        keystore.prime(case.key_id for case in cases)
        assert sorted(case.note for case in cases) == ["0", "1", "2", "3", "4"]


def test_a_row_older_than_its_column_reads_as_the_default(people):
    made = factories.case(people.advocate)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET answers = %s, note = %s", [b"", b""])
    assert (Case.objects.get(pk=made.pk).answers, Case.objects.get(pk=made.pk).note) == ({}, "")


def test_a_column_added_later_stores_no_plain_default():
    field = Case._meta.get_field("answers")
    stored = field.get_db_prep_save({}, connection)
    # The driver of PostgreSQL wraps what it is to write.
    assert bytes(getattr(stored, "adapted", stored)) == b""
    with pytest.raises(WouldStorePlain):
        field.get_db_prep_save({"a": 1}, connection)
