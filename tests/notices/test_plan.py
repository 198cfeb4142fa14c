"""Which drafts a case needs, and making them."""

from datetime import timedelta

import pytest

from cases.models import Case, Check
from cases.states import CheckResult
from core.errors import RuleBroken
from notices import editing, lifecycle, plan
from notices.models import Notice, Outcome
from tests import factories


def rows(desk, **grounds):
    return plan.plan_for(desk.case, desk.at, grounds).rows


def test_one_row_a_platform_with_the_ground_that_is_recommended(desk):
    (row,) = rows(desk)
    assert (row.platform.key, row.links, len(row.batches)) == ("x", 2, 1)
    assert row.offer.ground_id == "us-tida-s3"
    assert row.can_be_made


def test_links_are_split_as_the_channel_wants_it(desk):
    desk.channel.facts = {"max_items_per_notice": {"value": 1, "source": "X"}}
    desk.channel.save()
    (row,) = rows(desk)
    assert [len(batch) for batch in row.batches] == [1, 1]
    assert "at most 1 link a notice" in row.split


def test_one_workspace_a_notice(desk):
    desk.channel.facts = {"one_workspace_per_notice": True}
    desk.channel.save()
    for name in ("north", "south"):
        factories.link(desk.case, f"https://{name}.slack.com/archives/C1/p1")
    (row,) = rows(desk)
    assert len(row.batches) == 3


def test_a_link_in_an_open_notice_is_left_out_with_the_reason(desk):
    notice = desk.prepared(links=desk.links[:1])
    (row,) = rows(desk)
    assert row.links == 1
    assert notice.code in row.excluded[0].reason


def test_a_link_that_is_gone_or_unreadable_or_homeless_is_left_out(desk):
    Check.objects.create(link=desk.links[0], at=desk.at, result=CheckResult.GONE)
    factories.link(desk.case, "https://x.com/odd", problem="lookalike")
    factories.link(desk.case, "https://unknown.example/1", platform=None)
    made = plan.plan_for(desk.case, desk.at)
    (row,) = made.rows
    assert row.links == 1
    assert [each.reason for each in row.excluded] == [
        "Gone at the last look", "Not a link that can be sent; correct it first",
    ]  # fmt: skip
    assert "No platform" in made.homeless[0].reason


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pathway": "minor", "under_18": "yes"}, "Under 18"),
        ({"status": "paused"}, "paused"),
        ({"status": "closed", "close_reason": "mistake"}, "closed"),
    ],
)
def test_no_notice_for_a_minor_a_paused_or_a_closed_case(desk, changes, words):
    if changes.get("status") == "closed":
        changes["closed_at"] = desk.at
    Case.objects.filter(pk=desk.case.pk).update(**changes)
    desk.case.refresh_from_db()
    assert words in plan.plan_for(desk.case, desk.at).closed
    with pytest.raises(RuleBroken, match=words):
        desk.prepared()
    assert not Notice.objects.exists()


def test_a_ground_is_not_ranked_lower_for_a_reply_address_that_comes_with_the_notice(desk):
    platform = factories.platform("y", tida_coverage="excluded")
    given = {"of": platform, "starts_statutory_clock": ""}
    factories.channel("y-dsa", grounds=["eu-dsa-16"], purpose="dsa_illegal",
                      address="dsa@y.example", **given)  # fmt: skip
    factories.channel("y-dpo", grounds=["eu-gdpr-17"], purpose="dpo", address="dpo@y.example",
                      **given)  # fmt: skip
    factories.link(desk.case, "https://y.example/1", platform=platform)
    row = next(row for row in rows(desk) if row.platform == platform)
    assert row.offer.ground_id == "eu-dsa-16"
    assert not any("reach us" in part for offer in row.choices for part in offer.missing)


def test_preparing_makes_a_draft_with_its_links_and_counts_as_editing(desk):
    notice = desk.prepared()
    assert (notice.code, notice.status) == (f"{desk.case.code}-1", "drafted")
    assert set(notice.outcomes.values_list("sent_at", "episode")) == {(None, 1)}
    assert notice.was_edited_by(desk.people.advocate)
    assert notice.content["media"] == "photo"


def test_two_at_once_make_one_open_notice_for_a_link_and_ground(desk):
    one, other = Case.objects.get(pk=desk.case.pk), Case.objects.get(pk=desk.case.pk)
    selection = plan.Selection(
        desk.channel.platform, "us-tida-s3", desk.channel, [link.pk for link in desk.links]
    )
    plan.prepare(one, [selection], desk.people.advocate, desk.at)
    with pytest.raises(RuleBroken, match="already stands in"):
        plan.prepare(other, [selection], desk.people.coordinator, desk.at)
    assert Notice.objects.count() == 1


def test_numbers_are_not_reused(desk):
    first = desk.prepared(links=desk.links[:1])
    lifecycle.withdraw(first, desk.people.advocate, desk.at)
    assert desk.prepared(links=desk.links[:1]).number == 2


def test_the_recommended_ground_is_never_copyright(desk):
    factories.organisation()
    Case.objects.filter(pk=desk.case.pk).update(self_taken="yes")
    factories.channel(
        "x-dmca", of=desk.channel.platform, purpose="copyright", grounds=["us-dmca-512c"],
        address="copyright@x.example", starts_statutory_clock="",
    )  # fmt: skip
    desk.case.refresh_from_db()
    (row,) = rows(desk, x="us-dmca-512c")
    assert row.offer.ground_id == "us-tida-s3"
    assert any("not switched copyright" in closed.reason for closed in row.offers.closed)
    organisation = factories.organisation()
    organisation.dmca_enabled = True
    organisation.save(update_fields=["dmca_enabled"])
    (row,) = rows(desk)
    assert row.offer.ground_id == "us-tida-s3"
    (row,) = rows(desk, x="us-dmca-512c")
    assert (row.offer.ground_id, row.offer.privacy) == ("us-dmca-512c", "high")


def test_copyright_is_not_offered_where_somebody_else_took_the_picture(desk):
    organisation = factories.organisation()
    organisation.dmca_enabled = True
    organisation.save(update_fields=["dmca_enabled"])
    Case.objects.filter(pk=desk.case.pk).update(self_taken="no")
    factories.channel("x-dmca", of=desk.channel.platform, grounds=["us-dmca-512c"])
    desk.case.refresh_from_db()
    (row,) = rows(desk, x="us-dmca-512c")
    assert row.offer.ground_id == "us-tida-s3"


def test_the_page_makes_the_drafts_that_are_ticked_and_tells_what_happened(desk, client):
    client.force_login(desk.people.advocate)
    url = f"/cases/{desk.case.code}/plan/"
    assert client.post(url, {"make": "1"}).status_code == 200
    assert not Notice.objects.exists()
    page = client.post(url, {"make": "1", "platform": "x"}, follow=True)
    assert f"1 draft made: {desk.case.code}-1" in page.content.decode()


def test_at_most_two_facts_are_stated(desk, client):
    client.force_login(desk.people.advocate)
    facts = ["consent_never_given", "ex_partner", "private_recording"]
    data = {"make": "1", "platform": "x", "context": facts}
    page = client.post(f"/cases/{desk.case.code}/plan/", data)
    assert "At most two facts" in page.content.decode()
    assert not Notice.objects.exists()


@pytest.mark.parametrize("role", ["stranger", "volunteer", "reviewer", "administrator"])
def test_nobody_else_prepares_notices(desk, client, role):
    client.force_login(desk.people.of_role(role))
    url = f"/cases/{desk.case.code}/plan/"
    assert client.get(url).status_code == client.post(url, {"make": "1"}).status_code == 404


def test_a_second_notice_keeps_the_words_and_follows_the_first(desk):
    first = desk.sent(links=desk.links[:1])
    second = desk.again(plan.prepare_again(first, desk.people.advocate, desk.at))
    assert (second.earlier, second.tone) == (first, "second")
    assert second.content["context"] == first.content["context"]
    assert second.content["ticks"] == []
    assert Outcome.objects.get(notice=first).stopped_at is None


def test_nothing_can_be_sent_again_that_was_never_sent(desk):
    with pytest.raises(RuleBroken, match="never sent"):
        plan.prepare_again(desk.prepared(), desk.people.advocate, desk.at)


def test_the_person_who_said_no_is_heard(desk):
    factories.mandate(desk.case, purposes=[], refused=["write"],
                      recorded_at=desk.at + timedelta(minutes=1))  # fmt: skip
    assert "said no" in plan.plan_for(desk.case, desk.at).warning


def test_removing_a_link_from_a_draft_frees_it(desk):
    notice = desk.prepared()
    keep = {desk.links[0].pk}
    editing.save(notice, editing.Change(links=keep), desk.people.advocate, notice.version, desk.at)
    assert rows(desk)[0].links == 1
