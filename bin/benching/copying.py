"""Rows of models into PostgreSQL by COPY: sealed and checked like any others, only quicker."""

import json
from collections.abc import Callable, Iterable
from io import StringIO
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import AutoField, CharField, DateField, JSONField, Model, TextField

AT_ONCE = 5_000
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
Column = tuple[Callable[[Model], Any], Callable[[Any], str]]


def copy(table: type[Model], rows: Iterable[Model]) -> None:
    fields = [each for each in table._meta.concrete_fields if not isinstance(each, AutoField)]
    names = ", ".join(f'"{each.column}"' for each in fields)
    command = f'COPY "{table._meta.db_table}" ({names}) FROM STDIN'
    columns = [_column(each) for each in fields]
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        text = StringIO("".join(_line(row, columns) for row in some))
        with connection.cursor() as cursor:
            cursor.cursor.copy_expert(command, text)


def _line(row: Model, columns: list[Column]) -> str:
    values = [(read(row), write) for read, write in columns]
    return "\t".join(["\\N" if value is None else write(value) for value, write in values]) + "\n"


def _column(field: Any) -> Column:
    """Return how a field's value is read from a row, and how it is written for COPY."""
    if field.get_internal_type() == "BinaryField":
        return (lambda row: field.pre_save(row, True)), _binary
    name = field.attname
    return (lambda row: row.__dict__[name]), _writer(field)


def _writer(field: Any) -> Callable[[Any], str]:
    if isinstance(field, JSONField):
        return lambda value: json.dumps(value).translate(ESCAPES)
    if isinstance(field, DateField):
        return lambda value: str(value.isoformat())
    if isinstance(field, CharField | TextField):
        return lambda value: str(value).translate(ESCAPES)
    return str


def _binary(value: bytes) -> str:
    return f"\\\\x{value.hex()}"
