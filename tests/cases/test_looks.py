"""Marking what somebody saw: `/cases/<code>/links/<n>/`."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import checks, lifecycle, links, pasting, signals
from cases.models import Check, Link
from core.errors import RuleBroken, WrongState
from tests import factories
from tests.cases.conftest import signed_in

pytestmark = pytest.mark.django_db
X_POST = "https://x.com/someone/status/1725000000000000000"


@pytest.fixture
def link(case: Any, people: Any, frozen: Any) -> Link:
    (made,) = links.add(case, pasting.rows_of(X_POST), people.advocate, frozen.now)
    return made


def state(link: Link) -> str:
    return Link.objects.with_state_facts().get(pk=link.pk).state


def press(client: Client, link: Link, result: str) -> Any:
    return client.post(
        reverse("cases:look", args=[link.case.code, link.number]),
        {"result": result, "from": "case"},
    )


@pytest.mark.parametrize(
    ("result", "after"),
    [
        ("gone", "gone"),
        ("here_only", "here_only"),
        ("delisted", "delisted"),
        ("unclear", "unclear"),
    ],
)
def test_one_key_marks_what_was_seen(people: Any, link: Link, result: str, after: str) -> None:
    client = signed_in(people.advocate)
    assert press(client, link, result)["Location"] == link.case.get_absolute_url()
    assert state(link) == after
    page = client.get(link.get_absolute_url()).content.decode()
    assert 'data-key="g"' in page


def test_gone_and_online_again_is_back_again_and_the_first_removal_stays(
    people: Any, link: Link, frozen: Any
) -> None:
    checks.look(link, "gone", people.advocate, frozen.now)
    checks.look(link, "online", people.advocate, frozen.shift(hours=2))
    assert state(link) == "back"
    kinds = list(link.case.events.order_by("at", "id").values_list("kind", flat=True))
    assert kinds[-2:] == ["link.gone", "link.back_again"]


def test_a_look_is_told_to_the_apps_above_in_the_same_transaction(
    people: Any, link: Link, frozen: Any
) -> None:
    told: list[Any] = []

    def hear(link: Link, check: Check, actor: Any, at: Any, **more: Any) -> None:
        told.append((link, check.result, actor, at))

    signals.link_checked.connect(hear, weak=False)
    try:
        checks.look(link, "gone", people.advocate, frozen.now)
    finally:
        signals.link_checked.disconnect(hear)
    assert told == [(link, "gone", people.advocate, frozen.now)]


def test_a_receiver_that_fails_leaves_no_look(people: Any, link: Link, frozen: Any) -> None:
    def fail(**more: Any) -> None:
        raise RuleBroken("no")

    signals.link_checked.connect(fail, weak=False)
    try:
        with pytest.raises(RuleBroken):
            checks.look(link, "gone", people.advocate, frozen.now)
    finally:
        signals.link_checked.disconnect(fail)
    assert not Check.objects.exists()


def test_a_look_can_be_taken_back_for_ten_minutes(people: Any, link: Link, frozen: Any) -> None:
    check = checks.look(link, "gone", people.advocate, frozen.now)
    client = signed_in(people.advocate)
    frozen.shift(minutes=9)
    client.post(reverse("cases:undo_look", args=[link.case.code, link.number, check.pk]))
    assert state(link) == "to_do"
    assert Check.objects.get().undone_at == frozen.now


def test_after_ten_minutes_it_stays(people: Any, link: Link, frozen: Any) -> None:
    check = checks.look(link, "gone", people.advocate, frozen.now)
    with pytest.raises(RuleBroken):
        checks.undo(check, people.advocate, frozen.shift(minutes=11))


def test_two_copies_of_one_look_are_taken_back_once(people: Any, link: Link, frozen: Any) -> None:
    check = checks.look(link, "gone", people.advocate, frozen.now)
    copy = Check.objects.get(pk=check.pk)
    checks.undo(check, people.advocate, frozen.now)
    with pytest.raises(WrongState):
        checks.undo(copy, people.advocate, frozen.now)


def test_an_older_look_never_overtakes_a_newer_one(people: Any, link: Link, frozen: Any) -> None:
    earlier = frozen.now
    checks.look(link, "online", people.advocate, frozen.shift(minutes=1))
    with pytest.raises(WrongState):
        checks.look(link, "gone", people.coordinator, earlier)


@pytest.mark.parametrize("result", ["", "vanished", "GONE", "<script>"])
def test_an_unknown_answer_gets_a_sentence_and_writes_nothing(
    people: Any, link: Link, result: str
) -> None:
    client = signed_in(people.advocate)
    answer = client.post(
        reverse("cases:look", args=[link.case.code, link.number]), {"result": result}, follow=True
    )
    assert "Choose what you saw" in answer.content.decode()
    assert not Check.objects.exists()


def test_a_removed_link_is_kept_and_can_be_put_back(people: Any, link: Link) -> None:
    client = signed_in(people.advocate)
    args = [link.case.code, link.number]
    client.post(reverse("cases:remove_link", args=args))
    assert Link.objects.get().removed_at is not None
    assert "Put it back" in client.get(link.get_absolute_url()).content.decode()
    client.post(reverse("cases:restore_link", args=args))
    assert Link.objects.get().removed_at is None


def test_two_copies_of_one_link_are_removed_once(people: Any, link: Link, frozen: Any) -> None:
    copy = Link.objects.get(pk=link.pk)
    links.remove(link, people.advocate, frozen.now)
    with pytest.raises(WrongState):
        links.remove(copy, people.advocate, frozen.now)


def test_a_link_that_was_added_again_cannot_be_put_back_twice(
    people: Any, link: Link, frozen: Any
) -> None:
    links.remove(link, people.advocate, frozen.now)
    links.add(link.case, pasting.rows_of(X_POST), people.advocate, frozen.now)
    with pytest.raises(RuleBroken):
        links.restore(link, people.advocate, frozen.now)


def test_many_are_marked_at_once_and_a_bad_one_stops_nothing(
    people: Any, case: Any, link: Link, frozen: Any
) -> None:
    links.add(case, pasting.rows_of("t.me/somechannel/1"), people.advocate, frozen.now)
    client = signed_in(people.advocate)
    url = reverse("cases:mark_links", args=[case.code])
    client.post(url, {"link": ["1", "2", "99", "x"], "result": "gone"})
    assert [each.state for each in case.links.with_state_facts()] == ["gone", "gone"]
    assert "Tick at least one link first." in client.post(url, follow=True).content.decode()


class TestVolunteers:
    """They work on the links of notices that they took, and on nothing else."""

    def test_see_and_mark_a_link_of_their_notice_without_any_name(
        self, people: Any, link: Link
    ) -> None:
        factories.notice(link.case, link, taken_by=people.volunteer)
        client = signed_in(people.volunteer)
        page = client.get(link.get_absolute_url()).content.decode()
        assert "Robin" not in page
        assert press(client, link, "gone")["Location"] == link.get_absolute_url()
        assert state(link) == "gone"

    def test_see_nothing_of_other_notices(self, people: Any, link: Link) -> None:
        factories.notice(link.case, link)
        client = signed_in(people.volunteer)
        assert client.get(link.get_absolute_url()).status_code == 404
        assert press(client, link, "gone").status_code == 404

    def test_see_no_link_of_the_minors_route(self, people: Any, link: Link) -> None:
        factories.notice(link.case, link, taken_by=people.volunteer)
        type(link.case).objects.filter(pk=link.case_id).update(pathway="minor")
        assert signed_in(people.volunteer).get(link.get_absolute_url()).status_code == 404

    @pytest.mark.parametrize("who", ["stranger", "administrator", "reviewer"])
    def test_others_see_nothing(self, people: Any, link: Link, who: str) -> None:
        client = signed_in(people.of_role(who))
        assert client.get(link.get_absolute_url()).status_code == 404


def test_a_paused_case_still_takes_looks(people: Any, link: Link, frozen: Any) -> None:
    link.case.refresh_from_db()
    lifecycle.pause(link.case, people.advocate, frozen.now)
    checks.look(link, "gone", people.advocate, frozen.now)
    assert state(link) == "gone"
