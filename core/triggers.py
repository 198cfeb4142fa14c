"""Rules that the database itself keeps, for PostgreSQL and SQLite alike."""

from typing import Any

from django.db import migrations


def refuse_changes(table: str) -> migrations.RunPython:
    """Make `table` append-only: no row can be changed or deleted, by any program."""
    return _operation(_pg_append_only(table), _sqlite_append_only(table), table, "append_only")


def refuse_insert_when(table: str, name: str, condition: str, message: str) -> migrations.RunPython:
    """Refuse a new row of `table` when `condition` (SQL that may use NEW) holds."""
    postgresql = f"""
        CREATE FUNCTION {table}_{name}() RETURNS trigger AS $$ BEGIN
            IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = '23514'; END IF;
            RETURN NEW;
        END $$ LANGUAGE plpgsql;
        CREATE TRIGGER {table}_{name} BEFORE INSERT ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_{name}();"""
    sqlite = [
        f"""CREATE TRIGGER {table}_{name} BEFORE INSERT ON {table} WHEN {condition}
        BEGIN SELECT RAISE(ABORT, '{message}'); END"""
    ]
    return _operation(postgresql, sqlite, table, name)


def _pg_append_only(table: str) -> str:
    name = f"{table}_append_only"
    return f"""
        CREATE FUNCTION {name}() RETURNS trigger AS $$ BEGIN
            RAISE EXCEPTION '{table} is append-only' USING ERRCODE = '23514';
        END $$ LANGUAGE plpgsql;
        CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {name}();
        CREATE TRIGGER {name}_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION {name}();"""


def _sqlite_append_only(table: str) -> list[str]:
    return [
        f"""CREATE TRIGGER {table}_append_only{suffix} BEFORE {verb} ON {table}
        BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
        for verb, suffix in (("UPDATE", ""), ("DELETE", "_delete"))
    ]


def _operation(postgresql: str, sqlite: list[str], table: str, name: str) -> migrations.RunPython:
    def forwards(apps: Any, editor: Any) -> None:
        statements = sqlite if editor.connection.vendor == "sqlite" else [postgresql]
        for statement in statements:
            editor.execute(statement)

    def backwards(apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "sqlite":
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}")
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}_delete")
        else:
            editor.execute(f"DROP FUNCTION IF EXISTS {table}_{name}() CASCADE")

    return migrations.RunPython(forwards, backwards)
