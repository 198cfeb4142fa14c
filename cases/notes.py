"""Notes of a case: entries of its timeline, encrypted under its key."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit.chain import record
from cases import timeline
from cases.models import Case, TimelineEvent


def add(case: Case, text: str, user: User, at: datetime) -> TimelineEvent:
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case.pk)
        event = timeline.add(case, "note.added", user, at, params={"text": text.strip()})
        record("note.added", user, case, at=at)
    return event
