"""`manage.py due`: what every recurring job would find now, in counts and codes."""

from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from insights import due
from insights.due import Due


class Command(BaseCommand):
    help = "Say what is due now, job by job: how much, since when, and the first few codes."

    def handle(self, *args: Any, **options: Any) -> None:
        for each in due.at(clock.due_now()):
            self.stdout.write(_line(each))


def _line(each: Due) -> str:
    since = f"since {each.since:%Y-%m-%d %H:%M:%S} UTC" if each.since else ""
    more = ["…"] if len(each.codes) < each.count and each.codes else []
    parts = [f"{each.count:>7}  {each.job}", since, ", ".join(each.codes + more)]
    return "  ".join(part for part in parts if part)
