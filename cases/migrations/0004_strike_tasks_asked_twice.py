from typing import Any

from django.db import migrations
from django.db.models import Exists, F, OuterRef, Q

ASKED_ONCE = (
    "delivery_failed",
    "delivery_delayed",
    "delivery_unconfirmed",
    "reply_unread",
    "channel_broken",
    "escalate",
)


def strike(apps: Any, schema_editor: Any) -> None:
    """Leave the first of several open tasks that ask for the same thing."""
    tasks = apps.get_model("cases", "Task").objects.filter(done_at=None, kind__in=ASKED_ONCE)
    same = tasks.filter(kind=OuterRef("kind"), subject_id=OuterRef("subject_id"))
    first = Q(made_at__lt=OuterRef("made_at")) | Q(made_at=OuterRef("made_at"), pk__lt=OuterRef("pk"))
    second = list(tasks.filter(Exists(same.filter(first))).values_list("pk", flat=True))
    tasks.filter(pk__in=second).update(done_at=F("made_at"))


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_visited_hosts_and_first_sightings")]

    # Nothing is brought back: the task that is left asks for what the others asked for.
    operations = [migrations.RunPython(strike, migrations.RunPython.noop)]
