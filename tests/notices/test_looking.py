"""What a platform says beside what is seen: "says removed, still online", "gone without a word"."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from cases import checks
from cases.models import Link, Task
from cases.states import TaskKind
from notices import lifecycle, replies
from notices.models import Notice, Outcome
from tests import factories
from tests.cases.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(desk):
    return desk.sent()


def says_removed(desk, notice, at, *, about=(), code="removed"):
    message = replies.receive(
        notice, desk.people.advocate, at, text="We removed it.", received_at=at
    )
    replies.file(message, code, desk.people.advocate, at, about=about)
    return message


def links(desk):
    return [Link.objects.with_state_facts().get(pk=link.pk) for link in desk.links]


def rows(desk, tab, who="coordinator"):
    answer = signed_in(desk.people.of_role(who)).get(reverse("notices:index"), {"tab": tab})
    return [notice.code for notice in answer.context["page"].rows]


class TestSaysRemovedStillOnline:
    def test_is_seen_by_a_look_after_their_word(self, desk, sent, frozen):
        says_removed(desk, sent, frozen.shift(hours=1))
        assert not Outcome.objects.said_gone_but_online().exists()
        checks.look(desk.links[0], "online", desk.people.advocate, frozen.shift(hours=1))
        first, second = links(desk)
        assert (first.is_said_gone_but_online, second.is_said_gone_but_online) == (True, False)
        assert Outcome.objects.said_gone_but_online().get().link == first

    def test_is_not_said_of_a_look_before_their_word(self, desk, sent, frozen):
        checks.look(desk.links[0], "online", desk.people.advocate, frozen.shift(hours=1))
        says_removed(desk, sent, frozen.shift(hours=1))
        assert not links(desk)[0].is_said_gone_but_online
        assert not Outcome.objects.said_gone_but_online().exists()

    def test_is_no_return(self, desk, sent, frozen):
        says_removed(desk, sent, frozen.shift(hours=1))
        checks.look(desk.links[0], "gone", desk.people.advocate, frozen.shift(hours=1))
        checks.look(desk.links[0], "online", desk.people.advocate, frozen.shift(days=17))
        assert links(desk)[0].state == "back"
        assert not links(desk)[0].is_said_gone_but_online
        assert not Outcome.objects.said_gone_but_online().exists()

    def test_ends_when_it_is_seen_gone(self, desk, sent, frozen):
        says_removed(desk, sent, frozen.shift(hours=1))
        checks.look(desk.links[0], "online", desk.people.advocate, frozen.shift(hours=1))
        checks.look(desk.links[0], "gone", desk.people.advocate, frozen.shift(hours=1))
        assert not Outcome.objects.said_gone_but_online().exists()

    def test_shows_on_every_page_that_shows_the_link(self, desk, sent, frozen):
        says_removed(desk, sent, frozen.shift(hours=1))
        checks.look(desk.links[0], "online", desk.people.advocate, frozen.shift(hours=1))
        words = "Says removed, still online"
        client = signed_in(desk.people.coordinator)
        pages = [sent, desk.case, desk.links[0]]
        for url in [reverse("insights:today"), *(page.get_absolute_url() for page in pages)]:
            assert words.lower() in client.get(url).content.decode().lower(), url
        assert rows(desk, "still_online") == [sent.code]
        assert rows(desk, "still_online", "stranger") == []


class TestGoneWithoutAWord:
    def test_is_what_was_seen_gone_before_anybody_answered(self, desk, sent, frozen):
        checks.look(desk.links[0], "gone", desk.people.advocate, frozen.shift(hours=1))
        first, second = links(desk)
        assert (first.is_gone_without_a_word, second.is_gone_without_a_word) == (True, False)
        assert rows(desk, "silent") == [sent.code]
        client = signed_in(desk.people.coordinator)
        for page in (sent, desk.case, desk.links[0]):
            body = client.get(page.get_absolute_url()).content.decode()
            assert "Gone without a word" in body

    def test_a_receipt_is_no_word_and_an_answer_is(self, desk, sent, frozen):
        checks.look(desk.links[0], "gone", desk.people.advocate, frozen.shift(hours=1))
        says_removed(desk, sent, frozen.shift(hours=1), code="ack_auto")
        assert links(desk)[0].is_gone_without_a_word
        says_removed(desk, sent, frozen.shift(hours=1))
        assert not links(desk)[0].is_gone_without_a_word
        assert rows(desk, "silent") == []


class TestLookNow:
    """A platform's "removed" is a task to look, never a removal."""

    def open_tasks(self):
        return Task.objects.open().filter(kind=TaskKind.LOOK_NOW)

    def test_is_struck_when_every_link_was_looked_at(self, desk, sent, frozen):
        says_removed(desk, sent, frozen.shift(hours=1))
        assert self.open_tasks().get().owner == desk.people.advocate
        checks.look(desk.links[0], "gone", desk.people.volunteer, frozen.shift(minutes=5))
        assert self.open_tasks().exists()
        checks.look(desk.links[1], "unclear", desk.people.volunteer, frozen.shift(minutes=5))
        assert not self.open_tasks().exists()
        assert Task.objects.get(kind=TaskKind.LOOK_NOW).done_by == desk.people.volunteer

    def test_is_put_on_no_list_of_a_closed_seat(self, desk, sent, frozen):
        User.objects.filter(pk=desk.people.advocate.pk).update(is_active=False)
        message = factories.reply(Notice.objects.get(pk=sent.pk), proposed="removed")
        replies.file(message, "removed", desk.people.volunteer, frozen.now)
        assert (self.open_tasks().get().owner, self.open_tasks().get().role) == (
            None,
            "coordinator",
        )

    def test_asks_only_for_what_the_answer_is_about(self, desk, sent, frozen):
        one = sent.outcomes.get(link=desk.links[0])
        says_removed(desk, sent, frozen.shift(hours=1), about=[one.pk])
        checks.look(desk.links[1], "gone", desk.people.advocate, frozen.shift(minutes=5))
        assert self.open_tasks().exists()
        checks.look(desk.links[0], "gone", desk.people.advocate, frozen.shift(minutes=5))
        assert not self.open_tasks().exists()

    def test_a_look_before_their_word_is_none(self, desk, sent, frozen):
        for link in desk.links:
            checks.look(link, "online", desk.people.advocate, frozen.now)
        says_removed(desk, sent, frozen.shift(hours=1))
        assert self.open_tasks().exists()

    def test_a_machine_that_cannot_tell_has_not_looked(self, desk, sent, frozen):
        says_removed(desk, sent, frozen.shift(hours=1))
        for link in desk.links:
            checks.look(link, "unclear", None, frozen.shift(hours=1), by_machine=True, met="200")
            checks.look(link, "gone", None, frozen.shift(hours=1), by_machine=True, met="410")
        assert self.open_tasks().exists()
        for link in desk.links:
            checks.look(link, "gone", None, frozen.shift(hours=1), by_machine=True, met="410")
        assert not self.open_tasks().exists()

    def test_puts_the_links_first_for_the_checker(self, desk, sent, frozen):
        Link.objects.update(next_check_at=frozen.now + timedelta(days=9))
        at = frozen.shift(hours=1)
        says_removed(desk, sent, at)
        assert set(Link.objects.values_list("next_check_at", flat=True)) == {at}

    def test_leads_to_the_queue_whoever_opens_live_pages(self, desk, sent, frozen):
        says_removed(desk, sent, frozen.shift(hours=1))
        desk.people.advocate.opens_links = True
        desk.people.advocate.save()
        client = signed_in(desk.people.advocate)
        for url in (reverse("insights:today"), desk.case.get_absolute_url()):
            assert 'href="/checks/"' in client.get(url).content.decode()
        first, *_ = client.get("/checks/").context["links"]
        assert first.is_asked

    def test_a_filing_that_is_taken_back_takes_its_task_along(self, desk, sent, frozen):
        message = says_removed(desk, sent, frozen.shift(hours=1))
        replies.unfile(message, desk.people.advocate, frozen.now)
        assert not self.open_tasks().exists()


class TestThePlan:
    """Every verb that moves a notice moves the looks with it."""

    def planned(self, desk):
        return [link.next_check_at for link in Link.objects.order_by("number")]

    def test_begins_when_the_notice_leaves(self, desk, frozen):
        notice = desk.approved()
        assert self.planned(desk) == [None, None]
        lifecycle.mark_sent(notice, frozen.now)
        assert self.planned(desk) == [frozen.now, frozen.now]

    @pytest.mark.parametrize("verb", ["withdraw", "finish"])
    def test_ends_with_the_notice(self, desk, sent, frozen, verb):
        getattr(lifecycle, verb)(sent, desk.people.advocate, frozen.now)
        assert self.planned(desk) == [None, None]

    def test_leaves_out_what_is_no_exact_address(self, desk, frozen):
        Link.objects.filter(pk=desk.links[1].pk).update(exact=False)
        desk.sent()
        assert self.planned(desk) == [frozen.now, None]


def test_what_came_back_is_asked_about_again_in_two_clicks(desk, sent, frozen):
    gone_at = frozen.shift(hours=3)
    checks.look(desk.links[0], "gone", desk.people.advocate, gone_at)
    checks.look(desk.links[0], "online", desk.people.advocate, frozen.shift(days=17))
    client = signed_in(desk.people.advocate)
    case_page = client.get(desk.case.get_absolute_url()).content.decode()
    assert "Came back after 17 days" in case_page
    again = reverse("notices:again", args=[sent.code])
    assert f'action="{again}"' in case_page
    client.post(again)
    draft = Notice.objects.get(earlier=sent)
    assert (draft.tone, draft.content["context"]) == ("second", sent.content["context"])
    first, second = Outcome.objects.filter(link=desk.links[0]).order_by("episode")
    assert (first.episode, second.episode) == (1, 2)
    assert first.first_seen_gone_at == gone_at
    letter = client.get(reverse("notices:detail", args=[draft.code])).content.decode()
    assert "removed" in letter
    assert "21 November 2026" in letter
