from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import chain
from audit.models import AuditHead


class Command(BaseCommand):
    help = "Check the audit chain; name every entry that was changed, removed or moved."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", help="a head NUMBER:HASH that was printed or mailed before")

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(chain.verify(_known(options["head"])))
        for fault in faults:
            self.stderr.write(fault.sentence)
        if faults:
            raise CommandError(f"The audit chain is broken in {len(faults)} place(s).")
        head = AuditHead.objects.filter(pk=1).first() or AuditHead()
        self.stdout.write(f"The audit chain holds. Head {head.number}:{head.hash}")


def _known(text: str | None) -> tuple[int, str] | None:
    if not text:
        return None
    number, _, value = text.partition(":")
    if not number.isdigit() or len(value) != 64:
        raise CommandError("--head takes NUMBER:HASH as this command prints it.")
    return int(number), value
