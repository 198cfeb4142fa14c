from datetime import datetime
from typing import Any

from django.db import migrations


def remember(apps: Any, schema_editor: Any) -> None:
    """Take over from the audit until when a person said to wait; the last word of each counts."""
    notices = apps.get_model("notices", "Notice").objects
    acts = apps.get_model("audit", "AuditEntry").objects.filter(verb="notice.estimated")
    for act in acts.order_by("number").iterator():
        until = act.details.get("until") or None
        notices.filter(pk=act.subject_id).update(
            said_until=datetime.fromisoformat(until) if until else None, said_until_at=act.at
        )


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_append_only"),
        ("notices", "0010_notice_said_until"),
    ]

    operations = [migrations.RunPython(remember, migrations.RunPython.noop)]
