"""Finishing a draft: the form, the live parts, and what nobody may change."""

import pytest

from core.errors import RuleBroken, WrongState
from notices import approving, checking, editing, lifecycle
from notices.models import Approval, Delivery, NoticeEdit
from tests import factories


def fields(page):
    form = page.context["form"]
    given = {name: form.initial.get(name) for name in form.fields}
    return {name: value for name, value in given.items() if value not in (None, "")}


@pytest.fixture
def taken(desk, client):
    notice = desk.prepared()
    editing.take(notice, desk.people.volunteer, desk.at)
    client.force_login(desk.people.volunteer)
    return desk.again(notice)


def test_saving_stores_the_choices_and_who_made_them(desk, client, taken):
    url = f"/notices/{taken.code}/edit/"
    data = {**fields(client.get(url)), "ticks": ["tida_good_faith"], "tone": "firm"}
    assert client.post(url, data).status_code == 302
    notice = desk.again(taken)
    assert (notice.content["ticks"], notice.tone) == (["tida_good_faith"], "firm")
    assert notice.version == taken.version + 1
    assert notice.was_edited_by(desk.people.volunteer)


def test_a_volunteer_sees_code_and_links_and_nobody(desk, client, taken):
    page = client.get(f"/notices/{taken.code}/edit/").content.decode()
    assert "hxxps://x.com/i/status/1234567890" in page
    assert "Robin" not in page
    assert f"/cases/{desk.case.code}/" not in page


def test_a_missing_part_is_named_and_stands_in_the_letter(desk, client, taken):
    page = client.get(f"/notices/{taken.code}/edit/").content.decode()
    assert "4 of 5 required parts ready" in page
    assert "1 part missing: good-faith statement" in page
    assert 'class="missing"' in page


def test_approval_cannot_be_asked_while_a_part_is_missing(desk, client, taken):
    url = f"/notices/{taken.code}/edit/"
    page = client.post(url, {**fields(client.get(url)), "ask": "1"})
    assert page.url.endswith("#fix-statements")
    assert desk.again(taken).status == "drafted"
    with pytest.raises(RuleBroken, match="1 part missing: good-faith statement"):
        editing.ask_approval(taken, desk.people.volunteer, desk.at)


def test_autosave_counts_versions_and_answers_a_conflict_with_both_texts(desk, client, taken):
    url = f"/notices/{taken.code}/autosave/"
    data = fields(client.get(f"/notices/{taken.code}/edit/"))
    first = client.post(url, {**data, "context_free": "mine", "tone": "firm"})
    assert first.json()["version"] == taken.version + 1
    late = client.post(url, {**data, "context_free": "older"})
    assert (late.status_code, late.json()["url"]) == (409, f"/notices/{taken.code}/edit/")
    page = client.post(late.json()["url"], {**data, "context_free": "older"})
    text = page.content.decode()
    assert page.status_code == 409
    assert "older" in text and "mine" in text
    assert desk.again(taken).content["context_free"] == "mine"
    again = client.post(
        late.json()["url"], {**data, "context_free": "older", "version": taken.version + 1}
    )
    assert again.status_code == 302
    assert desk.again(taken).content["context_free"] == "older"


def test_saving_nothing_new_makes_no_editor(desk, client, taken):
    data = fields(client.get(f"/notices/{taken.code}/edit/"))
    client.post(f"/notices/{taken.code}/autosave/", data)
    before = NoticeEdit.objects.count()
    version = desk.again(taken).version
    data["version"] = version
    client.post(f"/notices/{taken.code}/autosave/", data)
    assert (NoticeEdit.objects.count(), desk.again(taken).version) == (before, version)


def test_two_copies_of_one_draft_do_not_overwrite_each_other(desk, taken):
    copy = desk.again(taken)
    one = editing.Change(tone="firm")
    editing.save(taken, one, desk.people.volunteer, taken.version, desk.at)
    with pytest.raises(WrongState):
        editing.save(copy, editing.Change(tone="second"), desk.people.reviewer, copy.version,
                     desk.at)  # fmt: skip
    assert desk.again(taken).tone == "firm"


def test_another_ground_keeps_the_text_and_brings_its_channel(desk, client, taken):
    channel = factories.channel(
        "x-dsa", of=desk.channel.platform, purpose="dsa_illegal", grounds=["eu-dsa-16"],
        address="dsa@x.example", starts_statutory_clock="",
    )  # fmt: skip
    url = f"/notices/{taken.code}/edit/"
    client.post(url, {**fields(client.get(url)), "ticks": ["tida_good_faith"], "use": "eu-dsa-16"})
    notice = desk.again(taken)
    assert (notice.ground, notice.channel) == ("eu-dsa-16", channel)
    assert set(notice.outcomes.values_list("ground", flat=True)) == {"eu-dsa-16"}
    page = client.get(url)
    client.post(url, {**fields(page), "ticks": ["dsa_bona_fide"], "use": "us-tida-s3"})
    notice = desk.again(taken)
    assert notice.ground == "us-tida-s3"
    assert notice.content["ticks"] == ["dsa_bona_fide", "tida_good_faith"]
    assert notice.content["context"] == ["consent_never_given"]


def test_only_links_of_this_case_and_platform_get_in(desk, taken):
    elsewhere = factories.link(factories.case(desk.people.advocate), "https://x.com/i/status/5")
    other = factories.link(desk.case, "https://t.me/c/1/1", platform=factories.platform("telegram"))
    wanted = {desk.links[0].pk, elsewhere.pk, other.pk}
    change = editing.Change(links=wanted)
    editing.save(taken, change, desk.people.volunteer, taken.version, desk.at)
    assert list(taken.outcomes.values_list("link_id", flat=True)) == [desk.links[0].pk]


def test_a_link_in_another_open_notice_is_refused(desk):
    first, second = desk.prepared(links=desk.links[:1]), desk.prepared(links=desk.links[1:])
    change = editing.Change(links={link.pk for link in desk.links})
    with pytest.raises(RuleBroken, match=first.code):
        editing.save(second, change, desk.people.advocate, second.version, desk.at)


def test_an_edit_after_approval_voids_it_and_stops_the_mail(desk):
    notice = desk.approved()
    change = editing.Change(tone="firm")
    editing.save(notice, change, desk.people.volunteer, notice.version, desk.at)
    assert desk.again(notice).status == "drafted"
    assert Approval.objects.get().voided_at == desk.at
    assert Delivery.objects.get().state == "cancelled"
    assert "Request for removal" in desk.again(notice).seen_text


def test_nothing_is_edited_while_it_leaves(desk):
    notice = desk.approved()
    Delivery.objects.update(state="sending")
    with pytest.raises(RuleBroken, match="leaving at this moment"):
        editing.save(notice, editing.Change(tone="firm"), desk.people.volunteer, notice.version,
                     desk.at)  # fmt: skip
    notice = desk.again(notice)
    assert (notice.status, notice.tone) == ("approved", "standard")
    assert Approval.objects.get().voided_at is None


def test_a_sent_notice_is_not_edited(desk, client):
    notice = desk.sent()
    client.force_login(desk.people.volunteer)
    assert client.get(f"/notices/{notice.code}/edit/").url == f"/notices/{notice.code}/"
    with pytest.raises(RuleBroken):
        editing.save(notice, editing.Change(tone="firm"), desk.people.volunteer, notice.version,
                     desk.at)  # fmt: skip


@pytest.mark.parametrize("role", ["stranger", "administrator"])
def test_nobody_else_opens_it(desk, client, taken, role):
    client.force_login(desk.people.of_role(role))
    for path in ("edit/", "", "pdf/", "pages/1/"):
        assert client.get(f"/notices/{taken.code}/{path}").status_code == 404
    assert client.post(f"/notices/{taken.code}/autosave/", {}).status_code == 404


def test_another_volunteer_does_not_open_what_one_has_taken(desk, client, taken):
    client.force_login(factories.user("Vera Volunteer", "volunteer"))
    assert client.get(f"/notices/{taken.code}/edit/").status_code == 404


def test_a_recommended_part_is_left_out_with_a_reason(desk, client, taken):
    client.post(
        f"/notices/{taken.code}/leave-out/", {"key": "defect.1.0", "reason": "there is no post"}
    )
    assert desk.again(taken).content["left_out"] == {"defect.1.0": "there is no post"}


def test_her_name_in_the_authors_words_blocks_without_being_told(desk, taken):
    words = {"context": ["other_language_free_60_chars"], "context_free": "It shows Robin"}
    change = editing.Change(content={**taken.content, **words, "ticks": ["tida_good_faith"]})
    editing.save(taken, change, desk.people.volunteer, taken.version, desk.at)
    said = checking.why_not(taken, desk.at)
    assert "name" in said
    assert "Robin" not in said


def test_copyright_needs_its_own_yes_for_each_notice(desk):
    organisation = factories.organisation()
    organisation.dmca_enabled = True
    organisation.save(update_fields=["dmca_enabled"])
    type(desk.case).objects.filter(pk=desk.case.pk).update(self_taken="yes")
    factories.mandate(desk.case, form="written")
    channel = factories.channel(
        "x-dmca", of=desk.channel.platform, purpose="copyright", grounds=["us-dmca-512c"],
        address="copyright@x.example", starts_statutory_clock="",
    )  # fmt: skip
    notice = desk.prepared(
        ground="us-dmca-512c", channel=channel,
        content={"work": {"kind": "self_photo", "made_on": "2024-05-03"}, "ticks": [
            "dmca_good_faith", "dmca_authority", "fair_use_considered", "who_pressed_the_button"]},
    )  # fmt: skip
    assert "privacy cost" in checking.why_not(notice, desk.at)
    change = editing.Change(content={**notice.content, "opted_in": True})
    editing.save(notice, change, desk.people.advocate, notice.version, desk.at)
    assert checking.why_not(desk.again(notice), desk.at) == ""
    organisation.dmca_enabled = False
    organisation.save(update_fields=["dmca_enabled"])
    assert "not switched copyright" in checking.why_not(desk.again(notice), desk.at)


def test_a_hostile_link_stays_text_in_page_and_mail(desk, client):
    hostile = "https://x.com/i/status/1?<script>alert(1)</script>{{7*7}}%0d%0aBcc:evil@x.example"
    link = factories.link(desk.case, hostile)
    notice = desk.in_review(links=[link])
    client.force_login(desk.people.reviewer)
    page = client.get(f"/notices/{notice.code}/review/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    approval = approving.approve(notice, desk.people.reviewer, desk.at)
    assert "{{7*7}}" in approval.text
    head = approval.mime.partition(b"\r\n\r\n")[0]
    assert b"Bcc" not in head


def test_taking_back_review_makes_a_draft(desk):
    notice = desk.in_review()
    lifecycle.take_back(notice, desk.people.volunteer, desk.at)
    assert desk.again(notice).status == "drafted"
