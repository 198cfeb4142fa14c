"""One life of a link, through the verbs: asked, silence, gone, back again, asked once more."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from audit.chain import verify
from audit.models import AuditEntry
from cases import agreeing, checks, intake
from cases.forms.intake import IntakeForm
from cases.models import Case, TimelineEvent
from notices import approving, editing, plan
from notices.models import Notice, Outcome
from notices.tasks import send_due
from tests import factories
from tests.factories import People
from tests.mail_sink import MailSink

pytestmark = pytest.mark.django_db
POST = "https://x.com/somebody/status/1801234567890123456"
SAID = {
    "alias": "Marigold",
    "links_text": f"{POST}?s=20",
    "country": "BE",
    "content_kind": ["photo"],
}
TIMELINE = [
    "case.opened", "link.added", "mandate.recorded", "case.activated",
    "notice.prepared", "notice.taken", "notice.asked_approval", "notice.approved", "notice.sent",
    "link.checked", "link.gone", "link.back_again",
    "notice.prepared", "notice.taken", "notice.asked_approval", "notice.approved", "notice.sent",
    "link.gone",
]  # fmt: skip
# Every saving is audited; the person's own history tells the acts alone.
AUDITED = [
    verb
    for kind in TIMELINE
    for verb in ([kind, "notice.edited"] if kind == "notice.taken" else [kind])
]


@pytest.fixture
def sink(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailSink]:
    monkeypatch.setattr("notices.letters.pdf.print_html", lambda html: b"%PDF-1.7 " + b"x" * 9)
    running = MailSink.start(tmp_path / "sink")
    settings.SUBMISSION_URL = f"smtp://127.0.0.1:{running.port}"
    settings.ARCHIVE_MAILDIR = str(running.archive)
    yield running
    running.stop()


class Life:
    """The case and the hands it goes through."""

    def __init__(self, people: People, frozen: Any) -> None:
        self.people, self.frozen = people, frozen
        self.case = self._opened()

    def _opened(self) -> Case:
        form = IntakeForm(SAID)
        assert form.is_valid(), form.errors
        advocate, at = self.people.advocate, self.frozen.now
        return intake.finish(intake.start(advocate, at), form.cleaned_data, advocate, at)[0]

    def agree(self) -> None:
        said = agreeing.Agreed(
            purposes=["keep_case", "write", "sign"], refused=["name"], platforms=[], fields=[],
            form="spoken", given_on=self.frozen.now.date(), until=None, language="en",
            kept_where="",
        )  # fmt: skip
        agreeing.record_agreement(self.case, said, self.people.advocate, self.frozen.now)

    def first_notice(self) -> Notice:
        [row] = plan.plan_for(self.case, self.frozen.now).rows
        chosen = plan.selections_of(row, {"context": ["consent_never_given"]})
        return plan.prepare(self.case, chosen, self.people.advocate, self.frozen.now)[0]

    def see_off(self, notice: Notice) -> Notice:
        """Finish it, approve it, and let it leave when its minute is over."""
        editing.take(notice, self.people.volunteer, self.frozen.now)
        ticked = editing.Change(content={**notice.content, "ticks": ["tida_good_faith"]})
        editing.save(
            notice, ticked, self.people.volunteer, notice.version, self.frozen.shift(minutes=1)
        )
        editing.ask_approval(notice, self.people.volunteer, self.frozen.shift(minutes=1))
        approving.approve(notice, self.people.reviewer, self.frozen.shift(minutes=1))
        self.frozen.shift(seconds=61)
        assert send_due() == 1
        return Notice.objects.get(pk=notice.pk)

    def look(self, result: str) -> None:
        checks.look(self.case.links.get(), result, self.people.advocate, self.frozen.now)

    def is_late(self) -> bool:
        return Notice.objects.late(self.frozen.now).exists()


@pytest.fixture
def life(people: People, frozen: Any, sink: MailSink) -> Life:
    factories.organisation()
    factories.channel(address="desk@x.example")
    return Life(people, frozen)


def test_a_link_that_came_back_is_asked_about_again_and_counts_as_a_new_episode(
    life: Life, frozen: Any, sink: MailSink
) -> None:
    life.agree()
    first = life.see_off(life.first_notice())
    sent_at = first.sent_at

    frozen.shift(hours=47)
    life.look("online")
    assert not life.is_late(), "47 hours are not 48"
    frozen.shift(hours=2)
    assert life.is_late()

    gone_at = frozen.shift(hours=21)
    life.look("gone")
    assert not life.is_late()
    frozen.shift(days=9)
    life.look("online")
    second = life.see_off(plan.prepare_again(first, life.people.advocate, frozen.shift(hours=1)))
    frozen.shift(hours=5)
    life.look("gone")

    earlier, later = Outcome.objects.order_by("sent_at")
    assert (earlier.first_seen_gone_at, earlier.episode) == (gone_at, 1), "the first removal stays"
    assert earlier.reappeared_at == gone_at + timedelta(days=9)
    assert (later.notice_id, later.episode, later.reappeared_at) == (second.pk, 2, None)
    assert earlier.sent_at == sent_at
    assert [mail["to"][0] for mail in sink.accepted] == ["desk@x.example"] * 2
    assert len(set(sink.message_ids)) == 2


def test_the_timeline_and_the_audit_trail_tell_it_in_order(life: Life, frozen: Any) -> None:
    life.agree()
    first = life.see_off(life.first_notice())
    for hours, result in ((47, "online"), (23, "gone"), (216, "online")):
        frozen.shift(hours=hours)
        life.look(result)
    life.see_off(plan.prepare_again(first, life.people.advocate, frozen.shift(hours=1)))
    frozen.shift(hours=5)
    life.look("gone")

    kinds = TimelineEvent.objects.filter(case=life.case).order_by("at", "id")
    assert list(kinds.values_list("kind", flat=True)) == TIMELINE
    verbs = AuditEntry.objects.order_by("number").values_list("verb", flat=True)
    assert list(verbs) == AUDITED
    assert list(verify()) == []
    call_command("verify_audit")
