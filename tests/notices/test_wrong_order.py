"""Buttons pressed on pages that were read before something changed."""

import pytest
from django.urls import reverse

from cases import intake, lifecycle
from core.errors import RuleBroken
from notices import approving, editing, plan
from notices import lifecycle as notice_verbs
from notices.models import Notice


def version_in(page):
    """Return the version that the page would post."""
    return page.content.decode().partition('name="version" value="')[2].partition('"')[0]


def changed_and_asked_again(desk, notice):
    copy = desk.again(notice)
    change = editing.Change(tone="firm")
    editing.save(copy, change, desk.people.volunteer, copy.version, desk.at)
    editing.ask_approval(copy, desk.people.volunteer, desk.at)


def test_a_reviewer_approves_no_text_that_changed_since_it_was_read(desk, client):
    notice = desk.in_review()
    client.force_login(desk.people.reviewer)
    read = version_in(client.get(reverse("notices:review", args=[notice.code])))
    changed_and_asked_again(desk, notice)
    client.post(reverse("notices:approve", args=[notice.code]), {"version": read})
    assert desk.again(notice).status == "in_review"
    fresh = version_in(client.get(reverse("notices:review", args=[notice.code])))
    client.post(reverse("notices:approve", args=[notice.code]), {"version": fresh})
    assert desk.again(notice).status == "approved"


@pytest.mark.parametrize(("name", "field"), [("ask_changes", "comment"), ("refuse", "reason")])
def test_a_late_no_changes_nothing_and_keeps_its_words(desk, client, name, field):
    notice = desk.in_review()
    read = notice.version
    changed_and_asked_again(desk, notice)
    client.force_login(desk.people.reviewer)
    said = {"version": read, field: "Name the second link, please."}
    page = client.post(reverse(f"notices:{name}", args=[notice.code]), said)
    assert "Name the second link, please." in page.content.decode()
    assert "was changed while you were reading" in page.content.decode()
    assert desk.again(notice).status == "in_review"


def test_only_the_text_that_was_on_the_page_is_confirmed_as_submitted(desk, client, form_channel):
    notice = desk.approved(channel=form_channel)
    client.force_login(desk.people.volunteer)
    url = reverse("notices:guide", args=[notice.code])
    read = version_in(client.get(url))
    changed_and_asked_again(desk, notice)
    approving.approve(desk.again(notice), desk.people.reviewer, desk.at)
    said = {"version": read, "submitted_at": f"{desk.at:%Y-%m-%d} 13:00"}
    page = client.post(url, said)
    assert "was changed while you were reading" in page.content.decode()
    assert desk.again(notice).sent_at is None


def test_a_rule_that_says_no_to_a_draft_keeps_what_was_typed(desk, client):
    first, second = desk.prepared(links=desk.links[:1]), desk.prepared(links=desk.links[1:])
    client.force_login(desk.people.advocate)
    said = {
        "version": second.version,
        "links": [str(link.pk) for link in desk.links],
        "context": ["consent_never_given"],
        "context_free": "taken in a changing room",
    }
    page = client.post(reverse("notices:edit", args=[second.code]), said)
    assert first.code in page.content.decode()
    assert "taken in a changing room" in page.content.decode()
    assert desk.again(second).version == second.version


@pytest.mark.parametrize("stop", ["paused", "under 18"])
def test_nothing_is_submitted_by_hand_for_a_case_that_is_stopped(desk, client, form_channel, stop):
    notice = desk.approved(channel=form_channel)
    if stop == "paused":
        lifecycle.pause(desk.case, desk.people.advocate, desk.at)
    else:
        intake.answer_under_18(desk.case, "unsure", desk.people.advocate, desk.at)
    client.force_login(desk.people.advocate)
    assert client.get(reverse("notices:guide", args=[notice.code])).status_code == 302
    with pytest.raises(RuleBroken):
        notice_verbs.confirm_submission(
            desk.again(notice), desk.people.advocate, desk.at, submitted_at=desk.at
        )
    assert desk.again(notice).sent_at is None


@pytest.fixture
def minors(desk):
    """A sent notice and a draft, and then somebody says that the person was under 18."""
    sent, draft = desk.sent(links=desk.links[:1]), desk.in_review(links=desk.links[1:])
    intake.answer_under_18(desk.case, "yes", desk.people.advocate, desk.at)
    return desk.again(sent), desk.again(draft)


def test_a_volunteer_sees_no_link_of_a_case_that_went_the_under_18_route(desk, client, minors):
    client.force_login(desk.people.volunteer)
    for notice in minors:
        for name in ("detail", "edit", "pdf", "guide", "add_reply_to"):
            assert client.get(reverse(f"notices:{name}", args=[notice.code])).status_code == 404
    for name in ("notices:index", "notices:outbox", "notices:replies", "insights:today"):
        page = client.get(reverse(name)).content.decode()
        assert "x.com" not in page
        assert desk.case.code not in page
    assert not Notice.objects.visible_to(desk.people.volunteer).exists()


def test_no_way_leads_to_an_ordinary_notice_under_18(desk, minors):
    sent, draft = minors
    people, at = desk.people, desk.at
    selection = plan.Selection(desk.channel.platform, "us-tida-s3", desk.channel, [])
    for verb in (
        lambda: plan.prepare(desk.case, [selection], people.advocate, at),
        lambda: plan.prepare_again(sent, people.advocate, at),
        lambda: approving.approve(draft, people.reviewer, at),
        lambda: approving.approve(draft, people.coordinator, at, send=False),
    ):
        with pytest.raises(RuleBroken, match="Under 18"):
            verb()
    notice_verbs.take_back(draft, people.advocate, at)
    with pytest.raises(RuleBroken, match="Under 18"):
        editing.ask_approval(desk.again(draft), people.advocate, at)
    assert not plan.plan_for(desk.again(draft).case, at).rows
