"""The audit chain: append-only, and every tampering is named."""

import hashlib

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from audit import chain
from audit.models import AuditEntry, AuditHead
from core import clock
from tests import factories


def act(verb="case.opened", actor=None):
    with transaction.atomic():
        return chain.record(verb, actor, None, at=clock.now(), n=1)


def tamper(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def faults(known=None):
    return [fault.sentence for fault in chain.verify(known)]


@pytest.mark.django_db
def test_entries_follow_one_another_and_the_chain_holds(people):
    first, second = act(actor=people.advocate), act("case.closed")
    assert (first.number, second.number) == (1, 2)
    assert second.previous_hash == first.hash
    assert first.actor_name == "Ada Advocate"
    assert second.actor_name == chain.SYSTEM
    assert faults() == []


@pytest.mark.django_db
def test_an_entry_outside_a_transaction_is_refused():
    connection.in_atomic_block, before = False, connection.in_atomic_block
    try:
        with pytest.raises(transaction.TransactionManagementError):
            chain.record("x.done", None, None, at=clock.now())
    finally:
        connection.in_atomic_block = before


@pytest.mark.django_db
def test_a_changed_entry_is_named():
    act(), act(), act()
    tamper("UPDATE audit_auditentry SET verb = 'case.viewed' WHERE number = 2")
    assert faults() == ["entry 2 was changed"]


@pytest.mark.django_db
def test_a_removed_entry_is_named():
    act(), act(), act()
    tamper("DELETE FROM audit_auditentry WHERE number = 2")
    assert faults()[0] == "entry 2 is missing before entry 3"


@pytest.mark.django_db
def test_swapped_entries_are_named():
    act("a.done"), act("b.done"), act("c.done")
    tamper("UPDATE audit_auditentry SET number = 99 WHERE number = 2")
    tamper("UPDATE audit_auditentry SET number = 2 WHERE number = 3")
    tamper("UPDATE audit_auditentry SET number = 3 WHERE number = 99")
    assert any("entry 2 " in sentence for sentence in faults())
    assert any("entry 3 " in sentence for sentence in faults())


@pytest.mark.django_db
def test_an_entry_rehashed_after_a_change_breaks_the_one_that_follows():
    act(), act()
    first = AuditEntry.objects.get(number=1)
    first.verb = "case.viewed"
    tamper(
        "UPDATE audit_auditentry SET verb = %s, hash = %s WHERE number = 1",
        first.verb,
        chain.digest(first),
    )
    assert faults() == ["entry 2 does not follow the entry before it"]


@pytest.mark.django_db
def test_a_cut_tail_is_named_by_the_head():
    act(), act()
    tamper("DELETE FROM audit_auditentry WHERE number = 2")
    assert faults() == ["the head says 2, the last entry is 1"]


@pytest.mark.django_db
def test_a_tail_cut_together_with_the_head_is_found_by_a_mailed_head():
    act()
    entry = act()
    tamper("DELETE FROM audit_auditentry WHERE number = 2")
    first = AuditEntry.objects.get(number=1)
    AuditHead.objects.update(number=1, hash=first.hash)
    assert faults() == []
    assert faults((2, entry.hash)) == ["the chain does not hold the known entry 2"]


@pytest.mark.django_db
def test_the_command_prints_the_head_and_fails_when_the_chain_is_broken(capsys):
    entry = act()
    call_command("verify_audit")
    assert f"Head 1:{entry.hash}" in capsys.readouterr().out
    call_command("verify_audit", head=f"1:{entry.hash}")
    with pytest.raises(CommandError):
        call_command("verify_audit", head=f"1:{hashlib.sha256(b'x').hexdigest()}")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditentry SET verb = 'x'",
        "DELETE FROM audit_auditentry",
        "TRUNCATE audit_auditentry",
    ],
)
def test_the_database_refuses_to_change_or_remove_entries(append_only, statement):
    if connection.vendor == "sqlite" and statement.startswith("TRUNCATE"):
        statement = "DELETE FROM audit_auditentry WHERE number = 1"
    act()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        tamper(statement)
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db
def test_audit_entries_hold_the_actor_without_a_foreign_key(people):
    stranger = factories.user("Temp Worker", "volunteer")
    entry = act(actor=stranger)
    stranger.delete()
    assert AuditEntry.objects.get(pk=entry.pk).actor_name == "Temp Worker"
