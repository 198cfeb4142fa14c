from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock, keystore
from core.errors import RuleBroken
from notices.history import Imported, import_history


class Command(BaseCommand):
    help = "Import past notices from a CSV: history that counts and that nothing acts on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a CSV file in UTF-8, or - for standard input")
        parser.add_argument(
            "--strict", action="store_true", help="one bad row, and nothing is kept"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            source = "/dev/stdin" if options["file"] == "-" else options["file"]
            text = Path(source).read_text(encoding="utf-8-sig")
            with keystore.scope():
                result = import_history(text, None, clock.now(), strict=options["strict"])
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{options['file']} is not UTF-8 text.") from error
        except RuleBroken as broken:
            raise CommandError(broken.sentence) from broken
        self._report(result, strict=options["strict"])

    def _report(self, result: Imported, *, strict: bool) -> None:
        for bad in result.bad:
            self.stderr.write(f"line {bad.line}: {bad.reason}")
        self.stdout.write(
            f"{result.read} rows read, {result.added} added, {result.known} known already, "
            f"{len(result.bad)} refused."
        )
        if strict and result.bad:
            raise CommandError("Nothing was kept (--strict).")
