from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core import clock, crypto


class Command(BaseCommand):
    help = "Print a new key ring (a wrapping key and the index key), or one more wrapping key."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only-wrapping", action="store_true", help="no index key")

    def handle(self, *args: Any, **options: Any) -> None:
        name = clock.now().strftime("%Y-%m-%d-%H%M%S")
        self.stdout.write(crypto.ring_line(name, crypto.generate_key()))
        if not options["only_wrapping"]:
            self.stdout.write(crypto.ring_line(crypto.INDEX_NAME, crypto.generate_key()))
