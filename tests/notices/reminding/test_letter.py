"""What a reminder says: the earlier notice, what is open, what really passed, one quotation."""

from datetime import date
from email import message_from_bytes
from email.policy import default

import pytest

from cases.models import Person
from notices import references
from notices.drafting import compose, phrases
from notices.drafting.reminding import Passed, ReminderFacts, compose_reminder
from notices.models import Approval, Disclosure, Message
from notices.reminding import writing
from tests import factories
from tests.notices import written as written_facts

pytestmark = pytest.mark.django_db


def written(chase):
    return writing.write(chase.fresh(), chase.frozen.now)


def mail(chase):
    return message_from_bytes(written(chase).mime, policy=default)


@pytest.fixture
def due(chase):
    chase.frozen.shift(hours=73)
    return chase


def test_it_stands_in_the_thread_of_the_notice_under_its_neutral_subject(due):
    approval = Approval.objects.get(notice=due.notice, voided_at=None)
    sent, ours = message_from_bytes(approval.mime, policy=default), mail(due)
    assert ours["In-Reply-To"] == ours["References"] == sent["Message-ID"]
    assert (
        ours["Subject"]
        == f"Re: {sent['Subject']}"
        == f"Re: Notice {due.notice.code} - removal request"
    )
    for name in ("From", "To", "Reply-To"):
        assert ours[name] == sent[name]
    assert ours["Message-ID"] != sent["Message-ID"]
    assert [part.get_content_type() for part in ours.walk()] == ["text/plain"]


def test_it_names_the_notice_its_day_and_their_numbers(due):
    references.note(due.notice, "TICKET-77", due.frozen.now)
    references.note(due.notice, "TICKET-78", due.frozen.shift(seconds=1))
    text = written(due).letter.text
    assert f"On 21 November 2026 we sent you notice {due.notice.code} (Pub. L. 119-12" in text
    assert "Your reference: TICKET-77; TICKET-78" in text


def test_it_lists_what_is_still_open_and_nothing_else(due):
    text = written(due).letter.text
    assert "1. https://x.com/i/status/1234567890" in text
    assert "2. https://x.com/i/status/2222222222" in text
    due.desk.links[0].outcomes.update(first_seen_gone_at=due.frozen.now)
    text = written(due).letter.text
    assert "1234567890" not in text and "1. https://x.com/i/status/2222222222" in text


def test_it_says_that_the_laws_time_is_over_only_when_it_is(chase):
    chase.frozen.shift(hours=47)
    assert "ended on" not in written(chase).letter.text
    chase.frozen.shift(hours=2)
    assert "The time that the law allows (section 3(a)(3)) ended on 23 November 2026." in (
        written(chase).letter.text
    )


def test_it_claims_no_deadline_that_may_not_have_begun_and_none_of_our_own(desk, frozen):
    channel = factories.channel(
        "x-unsure", of=desk.channel.platform, starts_statutory_clock="unknown"
    )
    notice = desk.sent(channel=channel)
    frozen.shift(days=30)
    assert "ended on" not in writing.write(desk.again(notice), frozen.now).letter.text


def test_it_asks_for_a_receipt_until_there_is_one(due):
    assert "a confirmation that you received it" in written(due).letter.text
    due.they_say("ack_auto", is_automatic=True)
    text = written(due).letter.text
    assert "a confirmation that you received it" not in text
    assert "a decision on all of it" in text


def test_t24_it_quotes_at_most_the_last_message(due):
    due.they_say("ack_human")
    Message.objects.filter(notice=due.notice).delete()
    for words in ("The first thing we said.", "The second thing.\n\nWith a line below."):
        due.frozen.shift(minutes=1)
        message = due.they_write(words)
        Message.objects.filter(pk=message.pk).update(answer="ack_human", filed_at=due.frozen.now)
    text = written(due).letter.text
    assert "> The second thing.\n> With a line below." in text
    assert "The first thing" not in text
    assert "Your last message, of 24 November 2026:" in text


def test_t24_a_long_message_is_quoted_in_part_and_the_summary_is_one_paragraph(due):
    message = due.they_write("\n".join(f"Line {n} of what they wrote" for n in range(60)))
    Message.objects.filter(pk=message.pk).update(answer="ack_human", filed_at=due.frozen.now)
    letter = written(due).letter
    assert letter.text.count("\n> ") == 12
    paragraphs = [block for block in letter.blocks if "we sent you notice" in block.text]
    assert len(paragraphs) == 1


@pytest.mark.parametrize("fields", [{"via": "phone"}, {"genuineness": "forged"}, {"answer": ""}])
def test_our_own_notes_forged_mails_and_what_nobody_filed_are_not_quoted(due, fields):
    message = due.they_write("Words that must not leave.")
    filed = {"answer": "ack_human", "filed_at": due.frozen.now, **fields}
    Message.objects.filter(pk=message.pk).update(**filed)
    assert "must not leave" not in written(due).letter.text


def test_nothing_about_the_person_leaves_not_even_in_their_own_words(due):
    person = Person.objects.get(case=due.desk.case)
    person.legal_name = "Zebedea Quill"
    person.save()
    message = due.they_write("Dear team, we know that Zebedea Quill asked for this.")
    Message.objects.filter(pk=message.pk).update(answer="ack_human", filed_at=due.frozen.now)
    made = written(due)
    for name in ("Zebedea", "Quill", person.alias, due.desk.people.volunteer.name):
        assert name.encode() not in made.mime
    assert "> " not in made.letter.text


def test_a_reminder_discloses_nothing_new(due):
    before = Disclosure.objects.count()
    due.tick()
    due.leave()
    assert len(due.mails()) == 1
    assert Disclosure.objects.count() == before


def test_every_deadline_of_theirs_has_words():
    assert set(phrases.in_language("en")["reminder"]["passed"]) == writing.OF_THE_PLATFORM


@pytest.mark.parametrize("ground", [ground.id for ground in written_facts.to_platforms()])
def test_a_reminder_on_any_ground_holds_no_data_that_its_notice_had_not(ground):
    facts = written_facts.facts(ground)
    notice = compose(facts).text
    reminder = compose_reminder(
        ReminderFacts(
            facts,
            "Re: Notice",
            date(2026, 11, 18),
            passed=(Passed("statutory", date(2026, 11, 20), "1"),),
        )
    )
    assert not reminder.missing
    fields = [row for block in reminder.blocks if block.kind == "fields" for row in block.rows]
    assert fields
    assert all(f"{label}: {value}" in notice for label, value in fields)
    assert facts.links[0].url in reminder.text
    signature = next(block for block in reminder.blocks if block.kind == "signature")
    assert signature.plain in notice
