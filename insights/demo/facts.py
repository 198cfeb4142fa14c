"""What really happened to helpers elsewhere, as invented cases: each source fact has a row here."""

from datetime import UTC, datetime, timedelta

from django.db.models import Q

from cases import lifecycle as case_moves
from cases import timeline
from cases.models import Case, Link, Task
from cases.states import CaseStatus, CloseReason, Pathway, TaskKind
from core import keystore
from insights.demo import year
from notices.models import ImportBatch, Message, Notice, Outcome
from notices.states import NoticeStatus, StopReason
from platforms.models import Community, Platform

IN_PROGRESS = 10


def tell(story: year.Year, communities: dict[str, Community]) -> None:
    """Tie the year's cases to the facts; called when the year has been played."""
    _one_find_many_people(story, communities)
    _advertisements(communities)
    _identity_demanded(story)
    _under_eighteen(story)
    _before_the_shutdown(story.until)
    _what_was_looked_at(story.until)


def _one_find_many_people(story: year.Year, communities: dict[str, Community]) -> None:
    """One workspace, many people; no way to report was found, and notices met silence."""
    orchard = communities["Orchard workspace"]
    links = Link.objects.filter(platform__key="slack").select_related("case__advocate")
    for link in links.order_by("added_at")[:3]:
        link.community, link.found_via = orchard, "An invitation on Board /dem/"
        link.save(update_fields=["community", "found_via"])
        text = "Looked in four places for a way to report it here: none found, nobody answers."
        at = link.added_at + timedelta(days=1)
        timeline.add(link.case, "note.added", link.case.advocate, at, params={"text": text})
        text = "Gone the day after a newspaper passed the workspace on to them."
        timeline.add(
            link.case,
            "note.added",
            link.case.advocate,
            at + timedelta(days=9),
            params={"text": text},
        )


def _advertisements(communities: dict[str, Community]) -> None:
    """Public posts that advertise a closed room belong to that room."""
    posts = Link.objects.filter(platform__key="reddit").order_by("added_at")
    for link in posts[:4]:
        link.community = communities["Closed room"]
        link.save(update_fields=["community"])


def _identity_demanded(story: year.Year) -> None:
    """After a demand for a name some people withdraw; an authority takes the matter up."""
    demanded = Case.objects.filter(
        notices__messages__answer="identity_requested", status=CaseStatus.ACTIVE
    )
    for number, case in enumerate(demanded.distinct().order_by("opened_at")[:3]):
        at = story.until - timedelta(days=20 - number)
        text = "Does not want her name to go to the platform, and stops here."
        timeline.add(case, "note.added", case.advocate, at, params={"text": text})
        case_moves.close(case, story.cast.coordinator, at, reason=CloseReason.WITHDREW)
    belgian = Case.objects.filter(notices__platform__key="x", country="BE").first()
    if belgian is not None:
        text = "The Institute for the Equality of Women and Men filed a criminal complaint."
        timeline.add(
            belgian, "note.added", story.cast.coordinator, story.until - timedelta(days=30),
            params={"text": text},
        )  # fmt: skip


def _under_eighteen(story: year.Year) -> None:
    """One case takes the children's route: no ordinary notice, hidden from volunteers."""
    case = story.cases[-1]
    case.refresh_from_db()
    case.under_18, case.pathway = "unsure", Pathway.MINOR
    case.save(update_fields=["under_18", "pathway"])
    Task.objects.create(
        case=case,
        kind=TaskKind.MINOR_ROUTE,
        subject_id=case.pk,
        subject_code=case.code,
        text="Somebody may have been under 18: take the children's route.",
        role=story.cast.coordinator.role,
        made_at=story.until - timedelta(days=1),
    )


def _before_the_shutdown(until: datetime) -> None:
    """Wickr Me is history only: rows of an old spreadsheet, silent until the service ended."""
    wickr = Platform.objects.get(key="wickr")
    batch = ImportBatch.objects.create(imported_at=until, rows_read=9, rows_added=9)
    key_id = keystore.create()
    end = datetime(2023, 12, 31, tzinfo=UTC)
    Outcome.objects.bulk_create(
        Outcome(
            batch=batch,
            key_id=key_id,
            platform=wickr,
            ground="platform-terms",
            sent_at=datetime(2022, 1 + number, 3, 9, tzinfo=UTC),
            stopped_at=end,
            stop_reason=StopReason.IMPORTED,
            stop_note="The service was shut down",
            case_ref=f"old-{number + 1}",
        )
        for number in range(9)
    )


def _what_was_looked_at(until: datetime) -> None:
    """A look that was asked for has been taken where the notice is put away."""
    put_away = Notice.objects.filter(status=NoticeStatus.DONE).values("pk")
    messages = Message.objects.filter(notice__in=put_away).values("pk")
    Task.objects.open().filter(Q(subject_id__in=put_away) | Q(subject_id__in=messages)).update(
        done_at=until
    )


def leave_some_unfinished(story: year.Year) -> None:
    """What is on the desks this morning: the queue, reviews, and forms to submit by hand."""
    platforms = ("telegram", "x", "discord", "reddit", "tiktok")
    fresh = [Case.objects.select_related("advocate").get(pk=case.pk) for case in story.cases[:-1]]
    open_cases = [case for case in fresh if case.is_open]
    for number in range(IN_PROGRESS):
        case = open_cases[-1 - number % min(6, len(open_cases))]
        at = story.until - timedelta(hours=14 - number)
        notice = year.prepare(story, platforms[number % 5], case, at)
        if number >= 4:
            notice = year.hand_in(story, notice.pk, at + timedelta(minutes=20))
        if number >= 8:
            year.approve(story, notice, at + timedelta(minutes=40))
