from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from core.errors import RuleBroken
from insights.demo.seed import USUAL_CASES, seed
from notices.models import Notice


class Command(BaseCommand):
    help = "Fill an empty database with invented cases, notices and communities."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=int, default=USUAL_CASES)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["cases"] < 6:
            raise CommandError("The demo needs at least 6 cases to tell its stories.")
        try:
            seed(options["cases"], options["seed"], clock.now())
        except RuleBroken as broken:
            raise CommandError(broken.sentence) from broken
        self.stdout.write(f"Demo: {options['cases']} cases, {Notice.objects.count()} notices.")
