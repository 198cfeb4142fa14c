from django.core.management.base import BaseCommand

from notices import law
from notices.law.clocks import SUBMITTED, length
from notices.law.model import Clock, Ground

HEADINGS = ("id", "name", "kind", "sender", "mandate", "clock")


class Command(BaseCommand):
    # It reads files of the program alone, so it works before anything is set up.
    requires_system_checks: tuple[str, ...] = ()
    help = "List every ground: who may send, which mandate it needs, which clock runs."

    def handle(self, *args: object, **options: object) -> None:
        rows = [HEADINGS, *(_row(ground) for ground in law.grounds())]
        widths = [max(len(row[i]) for row in rows) for i in range(len(HEADINGS))]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())


def _row(ground: Ground) -> tuple[str, ...]:
    return (
        ground.id, ground.name, ground.kind, ", ".join(ground.senders), ground.needs_mandate,
        _clock(ground),
    )  # fmt: skip


def _clock(ground: Ground) -> str:
    """Show the time that the ground gives its addressee; a target of ours only as such."""
    if not ground.clocks:
        return "-"
    return _worded(min(reversed(ground.clocks), key=_rank))


def _rank(clock: Clock) -> int:
    from_sending = clock.starts_with(SUBMITTED) and clock.kind != "policy"
    order = [from_sending, clock.kind == "none", clock.kind in ("statutory", "order")]
    return order.index(True) if any(order) else len(order)


def _worded(clock: Clock) -> str:
    span = clock.span()
    if span is None:
        return clock.text
    name = "own target" if clock.kind == "policy" else clock.kind
    return f"{length(span)} ({name})"
