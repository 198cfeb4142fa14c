"""The steps of a bench, each run in a process of its own so that its memory is its own."""

import json
import resource
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict

from django.conf import settings

from benching import house, pages, work
from core import clock


def fill(first: str, last: str) -> None:
    """Bring the house from `first` to `last` notices; it stands still at its first moment."""
    until = house.furnish(clock.now())
    house.fill(until, int(first) // house.NOTICES_A_CASE, int(last) // house.NOTICES_A_CASE)


def ask() -> None:
    """Ask every page; the bare view is served beside the product's own addresses."""
    settings.ROOT_URLCONF = "benching.pages"
    for cost in pages.costs():
        _say(asdict(cost))
    _say_memory("web process")


def make_ready(waiting: str) -> None:
    """Fill the outbox and plan the reminders, in another process than the one that is measured."""
    at = clock.now()
    work.make_ready(at)
    house.plan_reminders(at, int(waiting))


def post() -> None:
    _say_rates(work.post(clock.now()))
    _say_memory("worker with mail")


def tick(due: str) -> None:
    _say_rates(work.ticks(int(due), clock.now()))
    _say_memory("worker with ticks")


def _say_rates(rates: Iterable[work.Rate]) -> None:
    for name, value in rates:
        _say({"name": name, "value": value})


def _say_memory(of: str) -> None:
    """Report the most that this process ever held; ru_maxrss is in KiB."""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _say({"name": f"memory, {of}", "value": held})


def _say(found: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


STEPS: dict[str, Callable[..., None]] = {
    "fill": fill,
    "ask": ask,
    "ready": make_ready,
    "post": post,
    "tick": tick,
}
