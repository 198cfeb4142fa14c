"""Case keys: made before use, opened once a request, gone when destroyed, rewrapped by the ring."""

import pytest
from django.db import connections

from core import crypto, keystore
from core.models import StoredKey

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

OLD = crypto.ring_line("old", b"\x01" * 32)
NEW = crypto.ring_line("new", b"\x02" * 32)
INDEX = crypto.ring_line("index", b"\x03" * 32)


def test_a_key_is_stored_wrapped_and_comes_back_as_it_was():
    with keystore.scope():
        key_id = keystore.create()
        made = keystore.key(key_id)
    with keystore.scope():
        assert keystore.key(key_id) == made
    stored = bytes(StoredKey.objects.get(id=key_id).wrapped)
    assert len(made) == 32
    assert made not in stored


def test_a_key_is_asked_for_once_in_a_scope(django_assert_num_queries):
    key_id = keystore.create()
    with keystore.scope(), django_assert_num_queries(1, using="keys"):
        assert keystore.key(key_id) == keystore.key(key_id)


def test_priming_opens_many_keys_with_one_query(django_assert_num_queries):
    key_ids = [keystore.create() for _ in range(5)]
    with keystore.scope(), django_assert_num_queries(1, using="keys"):
        keystore.prime([*key_ids, None, key_ids[0]])
        keystore.prime(key_ids)
        assert len({keystore.key(key_id) for key_id in key_ids}) == 5


def test_keys_opened_for_several_jobs_are_not_asked_for_again(django_assert_num_queries):
    key_ids = [keystore.create() for _ in range(2)]
    with django_assert_num_queries(1, using="keys"):
        known = keystore.opened(key_ids)
        for key_id in key_ids:
            with keystore.scope({key_id: known[key_id]}):
                assert keystore.key(key_id) == known[key_id]


def test_a_broken_key_keeps_no_other_one_shut():
    whole, broken = keystore.create(), keystore.create()
    StoredKey.objects.filter(id=broken).update(wrapped=b"\x01nothing that opens")
    assert set(keystore.opened([whole, broken])) == {whole}
    with keystore.scope(), pytest.raises(crypto.Unreadable):
        keystore.key(broken)


def test_priming_without_a_scope_keeps_nothing(django_assert_num_queries):
    key_id = keystore.create()
    token = keystore._opened.set(None)
    try:
        with django_assert_num_queries(1, using="keys"):
            keystore.prime([key_id])
            keystore.key(key_id)
    finally:
        keystore._opened.reset(token)


def test_a_scope_forgets_what_it_opened_and_an_inner_one_begins_empty():
    with keystore.scope():
        key_id = keystore.create()
        with keystore.scope():
            StoredKey.objects.all().delete()
            with pytest.raises(keystore.KeyDestroyed):
                keystore.key(key_id)
        assert keystore.key(key_id)
    with keystore.scope(), pytest.raises(keystore.KeyDestroyed):
        keystore.key(key_id)


def test_a_destroyed_key_is_gone_at_once_even_in_the_scope_that_had_opened_it():
    key_id = keystore.create()
    keystore.key(key_id)
    keystore.destroy(key_id)
    with pytest.raises(keystore.KeyDestroyed):
        keystore.key(key_id)
    assert StoredKey.objects.count() == 0
    keystore.destroy(key_id)


def test_after_a_turn_of_the_ring_old_keys_still_open_and_new_ones_are_wrapped_anew(settings):
    settings.KEYRING = f"{OLD},{INDEX}"
    first = keystore.create()
    opened = keystore.key(first)
    settings.KEYRING = f"{NEW},{OLD},{INDEX}"
    second = keystore.create()
    with keystore.scope():
        assert keystore.key(first) == opened
        assert keystore.key(second)
    names = dict(StoredKey.objects.values_list("id", "ring_key"))
    assert names == {first: "old", second: "new"}


def test_a_key_whose_wrapping_key_left_the_ring_says_which_one_is_missing(settings):
    settings.KEYRING = f"{OLD},{INDEX}"
    key_id = keystore.create()
    settings.KEYRING = f"{NEW},{INDEX}"
    with keystore.scope(), pytest.raises(crypto.KeyRingError, match="no key named old"):
        keystore.key(key_id)


def test_a_wrapped_key_moved_to_another_id_does_not_open():
    one, two = keystore.create(), keystore.create()
    wrapped = StoredKey.objects.get(id=one).wrapped
    StoredKey.objects.filter(id=two).update(wrapped=wrapped)
    with keystore.scope(), pytest.raises(crypto.Unreadable):
        keystore.key(two)


def test_keys_and_data_live_in_databases_apart():
    names = {alias: connections[alias].introspection.table_names() for alias in connections}
    assert "core_storedkey" in names["keys"]
    assert "core_storedkey" not in names["default"]
    assert "cases_case" not in names["keys"]
