import json
from collections.abc import Sequence
from datetime import UTC, date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Organisation
from core import clock
from insights.endpoints import Endpoint
from insights.exports import response_time, table_lines, write_csv
from insights.filters import Filters
from insights.queries import By, Group, groups
from platforms.models import Platform

EACH_ROW = "rows: one link in one notice"


class Command(BaseCommand):
    help = "Print how long platforms take, in hours from sending, with n and 95 % limits."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--endpoint", choices=Endpoint.values, default=Endpoint.GONE.value)
        parser.add_argument("--by", choices=By.values, default=By.PLATFORM.value)
        parser.add_argument("--platform", default="", metavar="S", help="key of one platform")
        parser.add_argument("--ground", default="", metavar="G", help="key of one ground")
        parser.add_argument("--since", default="", metavar="D", help="first day of sending")
        parser.add_argument("--until", default="", metavar="D", help="last day of sending")
        parser.add_argument("--format", choices=["json", "table", "csv"], default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        filters = _filters(options)
        found = groups(filters, clock.now(), by=By(options["by"]))
        PRINTERS[options["format"]](self, found, filters)

    def print_json(self, found: Sequence[Group], filters: Filters) -> None:
        rows = [response_time(group, filters) for group in found]
        self.stdout.write(json.dumps(rows, indent=2, ensure_ascii=False))

    def print_csv(self, found: Sequence[Group], filters: Filters) -> None:
        write_csv(self.stdout, found, filters, EACH_ROW)  # type: ignore[arg-type]

    def print_table(self, found: Sequence[Group], filters: Filters) -> None:
        lines = table_lines(found, filters)
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        for line in lines:
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())


PRINTERS = {
    "json": Command.print_json,
    "csv": Command.print_csv,
    "table": Command.print_table,
}


def _filters(options: dict[str, Any]) -> Filters:
    organisation = Organisation.current()
    platform = options["platform"]
    if platform and not Platform.objects.filter(key=platform).exists():
        raise CommandError(f"There is no platform with the key {platform!r} in the catalogue.")
    return Filters(
        endpoint=Endpoint(options["endpoint"]),
        platform=platform,
        ground=options["ground"],
        since=_day(options["since"]),
        until=_day(options["until"]),
        zone=organisation.local_zone() if organisation else UTC,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise CommandError(f"{text!r} is not a day. Write it as 2026-11-21.") from None
