"""The tick: what is due is looked at once, politely, and only where a machine may look."""

from contextlib import contextmanager, nullcontext
from datetime import timedelta
from functools import partial

import pytest

from accounts.models import Organisation
from cases import checks, indexing, intake, lifecycle, links
from cases.checker import rounds
from cases.checker.visiting import Met, visit
from cases.models import Check, Link, VisitedHost
from core import keystore
from core.errors import RuleBroken
from core.models import StoredKey
from tests import factories
from tests.cases.checker.far_end import far_end

pytestmark = pytest.mark.django_db


@pytest.fixture
def switched_on(people, frozen):
    return factories.organisation(checker_on=True)


@pytest.fixture
def telling(people):
    return factories.platform("open", name="Open", status_is_telling=True)


def followed(people, at, url="http://host.example/page", **fields):
    """A link in a notice that left, planned for a look now."""
    case = fields.pop("case", None) or factories.case(people.advocate)
    # In the order in which they are made, not in that of their ids.
    due_at = at - timedelta(seconds=100 - Link.objects.count())
    values = {"domain_index": indexing.domain_index(url), "next_check_at": due_at, **fields}
    link = factories.link(case, url, **values)
    factories.notice(case, link, status="sent", sent_at=at - timedelta(minutes=1))
    return link


def look(met, asked=None):
    """Run a round in which every visit meets `met`."""

    def answer(url):
        if asked is not None:
            asked.append(url)
        return met[url] if isinstance(met, dict) else Met(met) if isinstance(met, str) else met

    return rounds.check_due(lambda: nullcontext(answer))


def test_a_link_whose_key_does_not_open_keeps_no_other_waiting(
    people, switched_on, telling, frozen, caplog
):
    first, second = (
        followed(people, frozen.now, f"http://{name}.example/page", platform=telling)
        for name in ("one", "two")
    )
    StoredKey.objects.filter(id=first.key_id).update(ring_key="lost")
    with keystore.scope():
        assert look("there") == 1
    assert f"link.stuck {first.pk}" in caplog.text
    assert [check.link for check in Check.objects.all()] == [second]


def state(link):
    return Link.objects.with_state_facts().get(pk=link.pk).state


def planned(link):
    return Link.objects.get(pk=link.pk).next_check_at


def test_off_unless_somebody_switched_it_on(people, frozen):
    factories.organisation()
    link = followed(people, frozen.now)
    asked = []
    assert look("404", asked) == 0
    assert asked == []
    assert planned(link) is not None
    assert Organisation().checker_on is False


@pytest.mark.parametrize("how", ["organisation", "settings"])
def test_nothing_leaves_a_demo(people, frozen, settings, how):
    factories.organisation(checker_on=True, is_demo=how == "organisation")
    settings.DEMO = how == "settings"
    followed(people, frozen.now)
    asked = []
    assert (look("404", asked), asked) == (0, [])


def test_a_look_against_a_real_server_is_written_down(people, frozen, switched_on, telling):
    link = followed(people, frozen.now, platform=telling)
    with far_end() as end:
        visitor = partial(visit, way=end.way())
        assert rounds.check_due(lambda: nullcontext(visitor)) == 1
        assert end.lines == [("HEAD", "/page")]
    check = Check.objects.get()
    assert (check.result, check.met, check.by_machine, check.by) == ("online", "200", True, None)
    assert state(link) == "online"
    assert planned(link) == frozen.now + timedelta(hours=6)


def test_gone_needs_two_looks_an_hour_apart(people, frozen, switched_on, telling):
    link = followed(people, frozen.now, platform=telling)
    first = frozen.now
    look("404")
    assert (state(link), planned(link)) == ("looks_gone", first + timedelta(hours=1))
    frozen.shift(minutes=59)
    assert look("404") == 0
    frozen.shift(minutes=1)
    look("404")
    assert (state(link), planned(link)) == ("gone", frozen.now + timedelta(days=1))
    assert link.outcomes.get().first_seen_gone_at == first


def test_a_page_that_answers_in_between_was_never_gone(people, frozen, switched_on, telling):
    link = followed(people, frozen.now, platform=telling)
    for met, after in (("404", "looks_gone"), ("200", "online"), ("404", "looks_gone")):
        look(met)
        assert state(link) == after
        frozen.shift(hours=7)
    assert link.outcomes.get().first_seen_gone_at is None


def test_what_nobody_can_tell_hides_nothing_that_was_seen(people, frozen, switched_on):
    link = followed(people, frozen.now)
    checks.look(link, "online", people.advocate, frozen.now)
    frozen.shift(hours=7)
    look("200")
    assert Check.objects.order_by("-at").first().result == "unclear"
    assert state(link) == "online"


def test_where_a_200_proves_nothing_a_404_counts_only_after_the_page_was_reached(
    people, frozen, switched_on
):
    link = followed(people, frozen.now)
    look("404")
    assert state(link) == "notice_sent"
    frozen.shift(hours=7)
    look("200")
    frozen.shift(hours=7)
    look("404")
    assert state(link) == "looks_gone"


def test_a_return_is_seen_within_ninety_days_and_no_later(people, frozen, switched_on, telling):
    link = followed(people, frozen.now, platform=telling)
    checks.look(link, "gone", people.advocate, frozen.now)
    assert planned(link) == frozen.now + timedelta(days=1)
    frozen.shift(days=17)
    look("200")
    assert state(link) == "back"
    assert link.outcomes.get().time_away == timedelta(days=17)
    checks.look(link, "gone", people.advocate, frozen.shift(hours=1))
    frozen.shift(days=91)
    asked = []
    look("200", asked)
    assert (asked, planned(link)) == ([], None)


def test_the_platform_says_how_often(people, frozen, switched_on, telling):
    telling.check_hours = 48
    telling.save()
    link = followed(people, frozen.now, platform=telling)
    look("200")
    assert planned(link) == frozen.now + timedelta(hours=48)


def _closed(case, people, at):
    lifecycle.close(case, people.advocate, at, reason="nothing_possible")


def _paused(case, people, at):
    lifecycle.activate(case, people.advocate, at)
    lifecycle.pause(case, people.advocate, at)


def _minor(case, people, at):
    intake.answer_under_18(case, "unsure", people.advocate, at)


@pytest.mark.parametrize("shut", [_closed, _paused, _minor])
def test_no_look_where_the_case_is_shut_to_it(people, frozen, switched_on, telling, shut):
    link = followed(people, frozen.now, platform=telling)
    shut(link.case, people, frozen.now)
    assert planned(link) is None
    # Even a plan that somebody forgot, and a visit that was on its way, change nothing.
    Link.objects.update(next_check_at=frozen.now)
    asked = []
    assert look("404", asked) == 0
    assert (asked, planned(link)) == ([], None)
    with pytest.raises(RuleBroken):
        checks.look(link, "gone", None, frozen.now, by_machine=True)
    assert not Check.objects.exists()


def test_a_case_that_goes_on_is_looked_at_again(people, frozen, switched_on, telling):
    link = followed(people, frozen.now, platform=telling)
    case = link.case
    lifecycle.activate(case, people.advocate, frozen.now)
    lifecycle.pause(case, people.advocate, frozen.now)
    lifecycle.resume(case, people.advocate, frozen.now)
    assert planned(link) == frozen.now
    lifecycle.close(case, people.advocate, frozen.now, reason="nothing_possible")
    lifecycle.reopen(case, people.advocate, frozen.now)
    # Closing ended the following; only another notice begins it anew.
    assert planned(link) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"exact": False}, {"problem": "userinfo"}, {"platform": None}, {"canonical_index": ""},
    ],
)  # fmt: skip
def test_what_is_no_exact_address_of_a_platform_is_not_visited(people, frozen, switched_on, fields):
    link = followed(people, frozen.now, **fields)
    asked = []
    assert look("404", asked) == 0
    assert (asked, planned(link)) == ([], None)


def test_a_service_that_ended_is_not_visited(people, frozen, switched_on):
    ended = factories.platform(
        "over", service_status="defunct", ended_on=frozen.now.date(), status_is_telling=True
    )
    link = followed(people, frozen.now, platform=ended)
    assert (look("404"), planned(link)) == (0, None)


def test_a_removed_link_leaves_the_plan(people, frozen, switched_on, telling):
    link = followed(people, frozen.now, platform=telling)
    links.remove(link, people.advocate, frozen.now)
    assert planned(link) is None
    links.restore(link, people.advocate, frozen.now)
    assert planned(link) == frozen.now


def test_a_link_in_no_sent_notice_is_not_visited(people, frozen, switched_on, telling):
    link = factories.link(factories.case(people.advocate), platform=telling)
    Link.objects.update(next_check_at=frozen.now)
    assert (look("404"), planned(link)) == (0, None)


def test_one_site_is_asked_every_ten_seconds_and_others_meanwhile(
    people, frozen, switched_on, telling
):
    for n in range(3):
        followed(people, frozen.now, f"http://www{n}.host.example/{n}", platform=telling)
    followed(people, frozen.now, "http://else.example/1", platform=telling)
    asked = []
    assert look("200", asked) == 2
    assert asked == ["http://www0.host.example/0", "http://else.example/1"]
    frozen.shift(seconds=9)
    assert look("200") == 0
    frozen.shift(seconds=1)
    assert look("200") == 1


def test_one_site_is_asked_thirty_times_in_an_hour(people, frozen, switched_on, telling):
    for n in range(32):
        followed(people, frozen.now, f"http://host.example/{n}", platform=telling)
    begun = frozen.now
    while frozen.now < begun + timedelta(hours=1):
        look("200")
        frozen.shift(seconds=60)
    assert Check.objects.count() == 30
    assert look("200") == 1


def test_a_site_that_asks_for_it_is_left_alone(people, frozen, switched_on, telling):
    followed(people, frozen.now, "http://host.example/1", platform=telling)
    followed(people, frozen.now, "http://host.example/2", platform=telling)
    look(Met("too_many", 600))
    frozen.shift(seconds=599)
    assert look("200") == 0
    frozen.shift(seconds=1)
    assert look("200") == 1


def test_sites_that_nobody_asks_are_forgotten(people, frozen, switched_on, telling):
    followed(people, frozen.now, platform=telling)
    look("410")
    assert VisitedHost.objects.count() == 1
    Link.objects.update(next_check_at=None)
    frozen.shift(days=2)
    look("410")
    assert not VisitedHost.objects.exists()


class TestManyAtOnce:
    """A site that says "gone" of everything is down, or turns us away."""

    def many(self, people, frozen, telling, n=6):
        found = [
            followed(people, frozen.now, f"http://host.example/{i}", platform=telling)
            for i in range(n)
        ]
        for _ in found:
            look("404")
            frozen.shift(seconds=10)
        return found

    def test_is_not_believed(self, people, frozen, switched_on, telling):
        found = self.many(people, frozen, telling)
        assert [state(link) for link in found] == ["looks_gone"] * 4 + ["notice_sent"] * 2
        assert Check.objects.filter(met="many_gone", result="unclear").count() == 2
        frozen.shift(hours=1)
        for _ in found:
            look("404")
            frozen.shift(seconds=10)
        assert not Check.objects.filter(result="gone").exists()

    def test_is_believed_where_another_page_of_the_site_answers(
        self, people, frozen, switched_on, telling
    ):
        followed(people, frozen.now, "http://host.example/there", platform=telling)
        look("200")
        frozen.shift(seconds=10)
        found = self.many(people, frozen, telling)
        assert {state(link) for link in found} == {"looks_gone"}

    def test_is_believed_once_a_person_saw_one_of_them_gone(
        self, people, frozen, switched_on, telling
    ):
        found = self.many(people, frozen, telling)
        checks.look(found[0], "gone", people.advocate, frozen.shift(minutes=1))
        frozen.shift(hours=7)
        for _ in found:
            look("404")
            frozen.shift(seconds=10)
        assert {state(link) for link in found[:4]} == {"gone"}
        assert {state(link) for link in found[4:]} == {"looks_gone"}

    def test_does_not_judge_other_sites(self, people, frozen, switched_on, telling):
        self.many(people, frozen, telling)
        other = followed(people, frozen.now, "http://else.example/1", platform=telling)
        look("404")
        assert state(other) == "looks_gone"


def test_one_bad_link_does_not_keep_the_others(people, frozen, switched_on, telling):
    bad = followed(people, frozen.now, "http://bad.example/1", platform=telling)
    good = followed(people, frozen.now, "http://good.example/1", platform=telling)

    def answer(url):
        if "bad" in url:
            raise ZeroDivisionError
        return Met("200")

    assert rounds.check_due(lambda: nullcontext(answer)) == 1
    assert planned(bad) == frozen.now + rounds.LEASE
    assert state(good) == "online"


def test_a_link_that_is_claimed_is_not_due_until_its_worker_must_be_dead(
    people, frozen, switched_on, telling
):
    followed(people, frozen.now, platform=telling)
    inner = []

    @contextmanager
    def first():
        def answer(url):
            frozen.shift(seconds=30)
            look("200", inner)
            return Met("200")

        yield answer

    assert rounds.check_due(first) == 1
    assert inner == []


def test_a_machine_writes_no_news_where_nothing_changed(people, frozen, switched_on, telling):
    link = followed(people, frozen.now, platform=telling)
    look("200")
    events = link.case.events.count()
    for _ in range(5):
        frozen.shift(hours=7)
        look("200")
    assert (Check.objects.count(), link.case.events.count()) == (6, events)


def test_an_older_sight_never_overtakes_a_person(people, frozen, switched_on, telling):
    link = followed(people, frozen.now, platform=telling)

    def answer(url):
        checks.look(link, "online", people.advocate, frozen.now + timedelta(minutes=1))
        return Met("404")

    assert rounds.check_due(lambda: nullcontext(answer)) == 0
    assert state(link) == "online"


def test_nobody_but_a_machine_says_looks_gone(people, frozen, switched_on):
    link = followed(people, frozen.now)
    with pytest.raises(RuleBroken):
        checks.look(link, "looks_gone", people.advocate, frozen.now)


def test_the_log_names_neither_address_nor_case(people, frozen, switched_on, telling, caplog):
    link = followed(people, frozen.now, platform=telling)
    caplog.set_level("INFO")
    look("200")
    assert str(link.pk) in caplog.text
    assert "host.example" not in caplog.text
    assert link.case.code not in caplog.text
