"""To which notice a received mail belongs, by every sign that it can bear."""

from dataclasses import replace
from typing import Any

import pytest

from core import codes
from notices import references
from notices.matching import Match, known_senders, match
from notices.models import Delivery, Notice
from notices.reading.parsed import Parsed
from notices.reading.reading import read
from notices.reading.verdicts import Genuine, Verdict
from tests import factories

pytestmark = pytest.mark.django_db
GENUINE = Verdict(Genuine.VERIFIED)
MAIL = Parsed(
    message_id="<1@x.example>",
    from_address="desk@x.example",
    from_name="Trust Desk",
    from_addresses=("desk@x.example",),
    subject="Your report",
    text="Hello,\n\nwe are looking at it.\n",
)


def matched(desk: Any, verdict: Verdict = GENUINE, **changes: Any) -> Match:
    parsed = replace(MAIL, **changes)
    zone = factories.organisation().local_zone()
    return match(parsed, read(parsed, at=desk.at, zone=zone), verdict)


def address(notice: Notice) -> str:
    return f"r-{notice.reply_token}@reply.harbour.example"


def delivery(notice: Notice, **fields: Any) -> Delivery:
    values: dict[str, Any] = {
        "kind": "notice", "seq": notice.deliveries.count() + 1, "recipient": "removal@x.example",
        "archive_recipient": "archive@harbour.example", "state": "sent", "sent_at": notice.sent_at,
        "message_id": f"<{codes.new_token()}@reply.harbour.example>",
        "made_at": notice.sent_at, "due_at": notice.sent_at, "first_due_at": notice.sent_at,
        **fields,
    }  # fmt: skip
    return Delivery.objects.create(notice=notice, approval=notice.approvals.get(), **values)


@pytest.fixture
def notice(desk):
    return desk.sent()


def another(desk, **fields):
    """One more notice of another case, sent to the same platform."""
    case = factories.case(desk.people.advocate)
    return factories.notice(
        case, factories.link(case, "https://x.com/i/status/3"), channel=desk.channel,
        sent_at=desk.at, status="sent", **fields,
    )  # fmt: skip


def test_its_own_address_is_certain_whoever_writes(desk, notice):
    found = matched(desk, recipients=(address(notice),), from_address="who@nowhere.example")
    assert (found.notice, found.confidence, found.is_sure) == (notice, 1.0, True)
    assert (found.reasons, found.is_from_platform) == (("reply_address",), False)


def test_an_address_that_broke_on_its_way_is_a_guess_that_a_person_accepts(desk, notice):
    broken = address(notice).replace(notice.reply_token, notice.reply_token[:-1])
    found = matched(desk, recipients_as_written=(f"<Casework team <{broken}>",))
    assert (found.notice, found.is_sure) == (notice, False)
    assert "nearly_reply_address" in found.reasons


def test_an_address_in_a_broken_header_is_found_whole(desk, notice):
    found = matched(desk, recipients_as_written=(f'"Casework <{address(notice)}"',))
    assert (found.notice, found.is_sure) == (notice, True)


@pytest.mark.parametrize("header", ["in_reply_to", "references"])
def test_an_answer_to_our_mail_or_reminder_is_in_its_thread(desk, notice, header):
    delivery(notice)
    reminder = delivery(notice, kind="reminder")
    ids = ("<other@x.example>", reminder.message_id)
    found = matched(desk, **{header: ids})
    assert (found.notice, found.is_sure) == (notice, True)
    assert "thread" in found.reasons


def test_a_bounce_belongs_to_the_mail_that_came_back(desk, notice):
    sent = delivery(notice)
    found = matched(
        desk, from_address="mailer-daemon@mx.example", returned={"message-id": sent.message_id}
    )
    assert (found.notice, found.is_sure) == (notice, True)


def test_the_code_with_the_platforms_domain_is_sure_and_without_it_a_suggestion(desk, notice):
    subject = f"Re: Notice {notice.code} – removal request"
    assert matched(desk, subject=subject).is_sure
    found = matched(desk, subject=subject, from_address="who@nowhere.example")
    assert (found.notice, found.confidence, found.is_sure) == (notice, 0.8, False)


def test_the_code_counts_in_what_they_quote_too(desk, notice):
    text = f"Done.\n\nOn 21 Nov 2026 Casework team wrote:\n> Notice {notice.code}\n"
    assert matched(desk, text=text).is_sure


def test_a_number_that_they_gave_earlier_is_theirs(desk, notice):
    another(desk)
    references.note(notice, "T-88213", desk.at)
    references.note(notice, "99-1", desk.at)
    found = matched(desk, subject="[Ticket: T-88213] Update")
    assert (found.notice, found.is_sure) == (notice, True)
    assert found.reasons == ("ticket", "sender_domain")


def test_the_same_number_from_somebody_else_is_a_mere_suggestion(desk, notice):
    references.note(notice, "T-88213", desk.at)
    found = matched(desk, subject="Ticket T-88213", from_address="who@nowhere.example")
    assert (found.notice, found.is_sure) == (notice, False)


def test_one_number_of_two_notices_decides_nothing(desk, notice):
    other = another(desk)
    for each in (notice, other):
        references.note(each, "T-88213", desk.at)
    assert not matched(desk, subject="Ticket T-88213").is_sure


def test_the_only_open_notice_of_the_sender_is_suggested(desk, notice):
    found = matched(desk)
    assert (found.notice, found.confidence, found.is_sure) == (notice, 0.7, False)
    assert found.is_from_platform


def test_with_several_open_it_stays_unmatched_but_for_its_link(desk, notice):
    other = another(desk)
    assert matched(desk).confidence == 0.4
    found = matched(desk, text="About https://x.com/i/status/3 we need to know more.")
    assert (found.notice, found.confidence, found.is_sure) == (other, 0.6, False)


def test_a_link_from_the_platform_makes_its_only_notice_sure(desk, notice):
    link = desk.links[0].canonical
    assert matched(desk, text=f"We looked at {link} today.").is_sure
    found = matched(desk, text=f"We looked at {link} today.", from_address="a@nowhere.example")
    assert found.notice is None


def test_the_address_of_one_and_the_code_of_another_is_never_sure(desk, notice):
    other = another(desk)
    found = matched(desk, recipients=(address(notice),), subject=f"Re: Notice {other.code}")
    assert not found.is_sure
    assert "another_notice_too" in found.reasons


def test_a_notice_that_was_never_sent_is_answered_by_nobody(desk):
    draft = desk.written()
    assert matched(desk, recipients=(address(draft),)).notice is None


@pytest.mark.parametrize("status", ["done", "withdrawn"])
def test_a_reply_to_a_closed_notice_belongs_to_it_all_the_same(desk, status):
    case = factories.case(desk.people.advocate)
    closed = factories.notice(case, channel=desk.channel, sent_at=desk.at, status=status)
    found = matched(desk, recipients=(address(closed),))
    assert (found.notice, found.is_sure) == (closed, True)


def test_any_site_is_known_by_the_address_that_the_notice_went_to(desk):
    site = factories.platform("generic-site", name="Another website")
    channel = factories.channel("generic-mail", of=site, address="looked up for each link")
    case = factories.case(desk.people.advocate)
    notice = factories.notice(
        case, channel=channel, sent_at=desk.at, status="sent", address="abuse@tiny.example"
    )
    found = matched(desk, from_address="jo@mail.tiny.example")
    assert (found.notice, found.is_from_platform) == (notice, True)


def test_a_sender_who_may_not_be_believed_is_never_matched_by_itself(desk, notice):
    forged = Verdict(Genuine.FORGED, signs=("lookalike",))
    doubtful = Verdict(Genuine.UNVERIFIED, is_doubtful=True)
    for verdict in (forged, doubtful):
        found = matched(desk, verdict, recipients=(address(notice),))
        assert (found.notice, found.is_sure) == (notice, False)


def test_the_number_of_queries_does_not_grow_with_the_mail(
    desk, notice, django_assert_max_num_queries
):
    for n in range(20):
        references.note(notice, f"T-882{n:02}", desk.at)
    text = "\n".join(
        f"https://x.com/i/status/{n} {notice.code} Ticket T-882{n:02}" for n in range(50)
    )
    ids = tuple(f"<{n}@x.example>" for n in range(500))
    known_senders()
    with django_assert_max_num_queries(9):
        assert matched(desk, text=text, references=ids, subject="K7Q4-2M-1").notice == notice


def test_senders_are_hosts_and_mail_channels_but_no_shared_mail_providers(desk):
    factories.channel("x-gmail", of=desk.channel.platform, address="x.desk@gmail.com")
    known = known_senders()
    assert known.of("x.com") == known.of("x.example") == {desk.channel.platform.pk}
    assert known.of("gmail.com") == frozenset()
