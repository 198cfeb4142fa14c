from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from platforms.loading import CatalogueRefused, load


class Command(BaseCommand):
    help = "Check the catalogue files and load them; a mistake is named and changes nothing."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load(clock.now())
        except CatalogueRefused as refused:
            for line in refused.lines:
                self.stderr.write(line)
            raise CommandError(f"not loaded: {len(refused.lines)} to mend") from None
        counts = ", ".join(f"{count} {name}" for name, count in loaded.counts.items())
        state = "loaded" if loaded.is_new else "unchanged"
        self.stdout.write(f"Catalogue of {loaded.version.as_of} {state}: {counts}")
