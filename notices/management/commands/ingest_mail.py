import json
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from notices.receiving import files
from notices.receiving.files import PIPE, Ingested

# What a mail server takes as "not now, try again" (EX_TEMPFAIL of sysexits.h).
TRY_AGAIN = 75


class Command(BaseCommand):
    help = "Store and read mails from files, folders and Maildirs, or one mail from a pipe (-)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", help="files, folders, Maildirs, or - for a pipe")

    def run_from_argv(self, argv: list[str]) -> None:
        """In a pipe, end with 75 whatever went wrong: the mail server keeps the mail then."""
        if PIPE not in argv[2:]:
            return super().run_from_argv(argv)
        try:
            super().run_from_argv(argv)
        except SystemExit as ended:
            sys.exit(TRY_AGAIN if ended.code else 0)
        except BaseException as error:  # noqa: BLE001 - in doubt, the mail stays with its sender
            self.stderr.write(f"Not kept: {type(error).__name__}.")
            sys.exit(TRY_AGAIN)

    def handle(self, *args: Any, **options: Any) -> None:
        missing = [path for path in options["paths"] if path != PIPE and not Path(path).exists()]
        if missing:
            raise CommandError(f"There is no {missing[0]}.")
        unread = sum(self._ingest(path) for path in options["paths"])
        if unread:
            raise CommandError(f"{unread} files could not be opened.")

    def _ingest(self, path: str) -> int:
        """Tell of each mail what became of it; return how many files could not be opened."""
        if path == PIPE:
            self._tell(files.ingest_pipe(_envelope(), clock.now()))
            return 0
        unread = 0
        for file in files.mails_in(Path(path)):
            try:
                self._tell(files.ingest_file(file, clock.now()))
            except OSError:
                unread += 1
                self.stderr.write(f"{file} cannot be opened.")
        return unread

    def _tell(self, ingested: Ingested) -> None:
        self.stdout.write(json.dumps(ingested.as_dict()))
        self.stdout.flush()


def _envelope() -> dict[str, Any]:
    """Return what a mail server tells the program at the end of its pipe (Postfix, local(8))."""
    to = os.environ.get("ORIGINAL_RECIPIENT") or os.environ.get("RECIPIENT", "")
    return {"from": os.environ.get("SENDER", ""), "to": [to] if to else []}
