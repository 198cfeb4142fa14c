import datetime
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_checker"),
        ("notices", "0004_replies_lists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="reminder",
            name="reminder_known_kind",
        ),
        migrations.AddField(
            model_name="noticeclock",
            name="stood_still",
            field=models.DurationField(default=datetime.timedelta),
        ),
        migrations.AddField(
            model_name="reminder",
            name="dropped_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="kind",
            field=models.CharField(
                choices=[("chase", "Reminder"), ("escalate", "Decide the next step")], max_length=10
            ),
        ),
        migrations.AddConstraint(
            model_name="noticeclock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stood_still", datetime.timedelta(0)), ("kind", "policy"), _connector="OR"
                ),
                name="clock_of_others_never_pauses",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["chase", "escalate"])), name="reminder_known_kind"
            ),
        ),
    ]
