"""No files, ever, except text/csv on the pages that say so. Pictures are not even read into memory.

A page that takes a CSV wears `@accepts_csv(limit=…)`; everywhere else the first file part of a
request ends it, before its bytes are kept.
"""

from collections.abc import Callable
from typing import TypeVar

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

V = TypeVar("V", bound=Callable[..., object])
MEGABYTE = 1_048_576
CSV_TYPES = frozenset({"text/csv"})
# Windows calls a .csv file this where a spreadsheet program is installed.
CSV_BY_NAME = frozenset({"application/vnd.ms-excel", "application/csv"})


class UploadRefused(Exception):
    """The request brings a file where none is taken, or one of another type."""


class UploadTooBig(Exception):
    """The file is larger than the page takes."""


def accepts_csv(limit: int = MEGABYTE) -> Callable[[V], V]:
    """Let a view receive one text/csv file of at most `limit` bytes."""

    def mark(view: V) -> V:
        view.csv_limit = limit  # type: ignore[attr-defined]
        return view

    return mark


class RefuseFiles(FileUploadHandler):
    def new_file(self, *args: object, **kwargs: object) -> None:
        raise UploadRefused

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        raise UploadRefused

    def file_complete(self, file_size: int) -> None:
        raise UploadRefused


class CsvInMemory(FileUploadHandler):
    """Keep one CSV in memory; nothing is written to disk on the way."""

    def __init__(self, request: HttpRequest, limit: int) -> None:
        super().__init__(request)
        self.limit = limit
        self.kept = bytearray()

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        kind = (self.content_type or "").lower()
        named_csv = (self.file_name or "").lower().endswith(".csv")
        if kind not in CSV_TYPES and not (kind in CSV_BY_NAME and named_csv):
            raise UploadRefused
        self.kept = bytearray()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if len(self.kept) + len(raw_data) > self.limit:
            raise UploadTooBig
        self.kept += raw_data

    def file_complete(self, file_size: int) -> SimpleUploadedFile:
        return SimpleUploadedFile("import.csv", bytes(self.kept), "text/csv")
