import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from platforms.recognise import recognise

FIELDS = ("verbatim", "canonical", "platform", "kind", "problem")


class Command(BaseCommand):
    help = "Show the places in a text, one JSON object a line; - reads the standard input."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text")

    def handle(self, *args: Any, text: str, **options: Any) -> None:
        if text == "-":
            text = sys.stdin.buffer.read().decode("utf-8", errors="replace")
        for place in recognise(text):
            row = {name: getattr(place, name) for name in FIELDS}
            self.stdout.write(json.dumps(row, ensure_ascii=False))
