from django.db import migrations

from core.triggers import refuse_insert_when


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]
    operations = [
        refuse_insert_when(
            "notices_approval",
            "not_by_editor",
            "EXISTS (SELECT 1 FROM notices_noticeedit e"
            " WHERE e.notice_id = NEW.notice_id AND e.user_id = NEW.approver_id)",
            "whoever edited a notice cannot approve it",
        )
    ]
