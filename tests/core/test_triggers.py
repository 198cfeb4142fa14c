"""Rules that the database keeps by itself, on PostgreSQL and SQLite alike."""

# ruff: noqa: S608 - the table's name is a constant of this file
import pytest
from django.db import DatabaseError, connection, migrations, transaction
from django.db.migrations.state import ProjectState

from core import triggers

pytestmark = pytest.mark.django_db(transaction=True)


TABLE = "planted_fact"
RULES = ("append_only", "no_shouting", "never")


@pytest.fixture
def table():
    """Make a table of its own and take it away again."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {TABLE} (id integer PRIMARY KEY, text varchar(20))")
    yield TABLE
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {TABLE}")
        for name in RULES if connection.vendor == "postgresql" else ():
            cursor.execute(f"DROP FUNCTION IF EXISTS {TABLE}_{name}()")


def run(operation: migrations.RunPython, *, back: bool = False) -> None:
    state = ProjectState()
    with connection.schema_editor() as editor:
        step = operation.database_backwards if back else operation.database_forwards
        step("audit", editor, state, state)


def say(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def texts(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT text FROM {table} ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_an_append_only_table_takes_rows_and_gives_none_back(table):
    run(triggers.refuse_changes(table))
    say(f"INSERT INTO {table} VALUES (1, 'kept')")
    for statement in (
        f"UPDATE {table} SET text = 'changed'",
        f"UPDATE {table} SET text = 'changed' WHERE id = 1",
        f"DELETE FROM {table}",
        f"DELETE FROM {table} WHERE id = 1",
    ):
        with pytest.raises(DatabaseError, match="append-only"):
            say(statement)
    say(f"INSERT INTO {table} VALUES (2, 'too')")
    assert texts(table) == ["kept", "too"]


def test_on_postgresql_an_append_only_table_cannot_be_emptied_either(table):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    run(triggers.refuse_changes(table))
    say(f"INSERT INTO {table} VALUES (1, 'kept')")
    with pytest.raises(DatabaseError, match="append-only"):
        say(f"TRUNCATE {table}")


def test_a_row_that_meets_the_condition_is_refused_with_the_message(table):
    run(triggers.refuse_insert_when(table, "no_shouting", "NEW.text = 'LOUD'", "no shouting here"))
    say(f"INSERT INTO {table} VALUES (1, 'calm')")
    with pytest.raises(DatabaseError, match="no shouting here"):
        say(f"INSERT INTO {table} VALUES (2, 'LOUD')")
    assert texts(table) == ["calm"]


@pytest.mark.parametrize(
    ("operation", "statement"),
    [
        (lambda t: triggers.refuse_changes(t), "DELETE FROM {t}"),
        (lambda t: triggers.refuse_insert_when(t, "never", "1 = 1", "no"),
         "INSERT INTO {t} VALUES (9, 'x')"),
    ],
)  # fmt: skip
def test_a_rule_can_be_taken_away_again(table, operation, statement):
    rule = operation(table)
    run(rule)
    with pytest.raises(DatabaseError):
        say(f"INSERT INTO {table} VALUES (1, 'x')")
        say(statement.format(t=table))
    run(rule, back=True)
    say(statement.format(t=table))
