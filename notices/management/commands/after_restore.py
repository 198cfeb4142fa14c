from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from notices.sending import restored


class Command(BaseCommand):
    help = (
        "After a restore and before anything else runs: stop sending, and treat every open mail "
        "as one that may have left since the copy was made."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = restored.mark_in_doubt(clock.due_now())
        as_of = f"{found.as_of:%Y-%m-%d %H:%M:%S} UTC" if found.as_of else "nothing"
        for line in (
            f"The last act that this database knows: {as_of}",
            "Sending is stopped. Start it again on the Outbox page when the lines below are done.",
            f"{found.deliveries} open mails are unconfirmed: the archive will tell which of them "
            "left, a person decides the others.",
            f"{len(found.reminders)} reminders were due and wait for a person: "
            f"{', '.join(found.reminders) or '-'}",
            f"{found.unknown} mails in the archive left later and are not in this database: what "
            "they asked for has to be entered again by hand, not sent again.",
        ):
            self.stdout.write(line)
