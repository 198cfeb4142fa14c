"""Which reply stands in which list, for whom, and what a line and the badge say."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.shell import Badge, badge_for
from notices.models import Message
from notices.replies import lists
from tests import factories
from tests.notices.replies.mails import GUESSED


@pytest.fixture
def one_of_each(sent, attached, guessed, frozen):
    weak = factories.reply(guess=sent, confidence=0.4, reasons=["several_open_notices"])
    unknown = factories.reply(subject="Grow your followers")
    done = factories.reply(sent, answer="ack_auto", filed_at=frozen.now)
    aside = factories.reply(sent, set_aside_at=frozen.now)
    return {"to_file": {attached.pk}, "suggested": {guessed.pk},
            "unmatched": {weak.pk, unknown.pk}, "done": {done.pk}, "aside": {aside.pk}}  # fmt: skip


def test_each_reply_stands_in_one_list(desk, one_of_each):
    who = desk.people.coordinator
    found = {tab.key: set(lists.rows_of(tab, who).values_list("pk", flat=True)) for tab in
             lists.tabs_of(who)}  # fmt: skip
    assert found == one_of_each
    for key, rows in found.items():
        for message in Message.objects.filter(pk__in=rows):
            assert lists.tab_with(message, who).key == key


def test_the_tabs_say_how_much_waits_and_the_badge_the_sum(client, desk, one_of_each, frozen):
    factories.received_mail(state="quarantined")
    assert lists.counts_of(desk.people.coordinator) == {
        "unmatched": "2", "suggested": "1", "to_file": "1", "quarantine": "1",
    }  # fmt: skip
    assert badge_for("replies", desk.people.coordinator, frozen.now) == Badge("5")
    assert badge_for("replies", desk.people.volunteer, frozen.now) == Badge("1")
    assert badge_for("replies", desk.people.stranger, frozen.now) is None


def test_counts_stop_at_their_cap(desk, sent, monkeypatch):
    monkeypatch.setattr(lists, "COUNT_CAP", 2)
    for _ in range(4):
        factories.reply(sent)
    assert lists.counts_of(desk.people.volunteer) == {"to_file": "2+"}


def test_a_volunteer_sees_the_replies_of_her_own_notices_and_no_others(
    client, desk, sent, one_of_each
):
    client.force_login(desk.people.volunteer)
    page = client.get("/replies/?tab=unmatched").content.decode()
    assert "?tab=unmatched" not in page and "?tab=suggested" not in page
    assert "Grow your followers" not in page
    assert desk.case.person.alias not in page
    for key in ("unmatched", "suggested"):
        for pk in one_of_each[key]:
            assert client.get(f"/replies/{pk}/").status_code == 404
    client.force_login(factories.user("Vera Volunteer", "volunteer"))
    assert "All replies are filed." in client.get("/replies/").content.decode()


def test_a_line_says_what_the_machine_made_of_it(client, desk, sent):
    mail = factories.received_mail(dropped=[{"type": "image/png", "bytes": 9, "sha256": "0"}])
    factories.reply(
        sent, mail=mail, proposed="removed", genuineness="unverified", subject="Your report"
    )
    client.force_login(desk.people.volunteer)
    page = client.get("/replies/").content.decode()
    for words in (sent.code, "Your report", "Reads as: says removed", "Unverified",
                  "1 image removed, not kept"):  # fmt: skip
        assert words in page


def test_one_opens_beside_the_list_and_alone_where_there_is_no_room(client, desk, sent, attached):
    client.force_login(desk.people.volunteer)
    listed = client.get("/replies/").content.decode()
    alone = client.get(f"/replies/{attached.pk}/?tab=to_file").content.decode()
    assert "is-list" in listed and "is-alone" not in listed
    assert "is-alone" in alone
    for page in (listed, alone):
        assert "reply-lines" in page and "has been removed from" in page


def test_the_list_costs_the_same_for_thirty_rows_as_for_two(client, desk, sent):
    client.force_login(desk.people.coordinator)

    def asked(tab):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/replies/?tab={tab}")
        return len(queries)

    def add(n):
        for _ in range(n):
            factories.reply(sent, proposed="ack_auto", reading={"tickets": ["T-1"]})
            factories.reply(guess=sent, **GUESSED)

    add(2)
    client.get("/replies/")
    few = {tab: asked(tab) for tab in ("to_file", "suggested")}
    add(28)
    assert {tab: asked(tab) for tab in few} == few


def test_a_list_does_not_read_the_texts(desk, sent):
    factories.reply(sent)
    (row,) = lists.rows_of(lists.tab_of("to_file", desk.people.volunteer), desk.people.volunteer)
    assert {"text", "quoted"} <= row.get_deferred_fields()
    assert "stripped" in row.mail.get_deferred_fields()
