"""One notice from the plan to the answer, through the pages alone."""

from notices import references
from notices.models import Delivery, Notice, Outcome


def test_one_notice_goes_from_the_plan_to_the_answer(desk, client, form_channel, frozen):
    people, case = desk.people, desk.case
    desk.channel.delete()
    client.force_login(people.advocate)
    page = client.get(f"/cases/{case.code}/plan/")
    assert page.status_code == 200
    assert "Create 1 draft" in page.content.decode()
    page = client.post(
        f"/cases/{case.code}/plan/",
        {"make": "1", "platform": "x", "context": ["consent_never_given"]},
    )
    assert page.status_code == 302
    notice = Notice.objects.get()

    client.force_login(people.volunteer)
    assert notice.code in client.get("/notices/?tab=unassigned").content.decode()
    page = client.post("/notices/take-next/")
    assert page.url == f"/notices/{notice.code}/edit/"
    page = client.get(page.url)
    assert "4 of 5 required parts ready" in page.content.decode()
    form = page.context["form"]
    sent = {name: value for name, value in form.initial.items() if name in form.fields}
    page = client.post(
        f"/notices/{notice.code}/edit/",
        {**sent, "version": notice.version, "ticks": ["tida_good_faith"], "ask": "1"},
    )
    assert page.status_code == 302, page.content.decode()
    assert desk.again(notice).status == "in_review"

    client.force_login(people.reviewer)
    assert client.get(f"/notices/{notice.code}/review/").status_code == 200
    client.post(f"/notices/{notice.code}/approve/")
    assert desk.again(notice).status == "approved"
    assert not Delivery.objects.exists()

    client.force_login(people.volunteer)
    page = client.get(f"/notices/{notice.code}/guide/")
    assert "https://x.com/i/status/1234567890" in page.content.decode()
    frozen.shift(hours=1)
    client.logout()
    client.force_login(people.volunteer)
    page = client.post(
        f"/notices/{notice.code}/guide/",
        {"submitted_at": frozen.now.strftime("%Y-%m-%d %H:%M"), "reference": "T-77"},
    )
    assert page.status_code == 302, page.content.decode()
    notice = desk.again(notice)
    assert (notice.status, notice.sent_at, references.of(notice)) == ("sent", frozen.now, ["T-77"])
    assert set(Outcome.objects.values_list("sent_at", flat=True)) == {frozen.now}

    frozen.shift(hours=2)
    client.logout()
    client.force_login(people.volunteer)
    page = client.post(
        "/replies/new/",
        {
            "text": "We removed it.", "via": "portal", "code": notice.code,
            "received_at": frozen.now.strftime("%Y-%m-%d %H:%M"),
        },
    )  # fmt: skip
    page = client.get(page.url)
    assert "We removed it." in page.content.decode()
    reply = page.context["message"]
    page = client.post(f"/replies/{reply.pk}/file/", {"answer": "removed"})
    outcome = Outcome.objects.first()
    assert outcome.answered_at == outcome.decided_at == frozen.now
    assert (outcome.claimed, outcome.first_seen_gone_at) == ("gone", None)
    page = client.get(page.url)
    assert page.status_code == 200
    assert "They say it is gone" in page.content.decode()
    client.post(f"/notices/{notice.code}/links/1/look/", {"result": "gone"})
    assert Outcome.objects.get(link__number=1).first_seen_gone_at == frozen.now
    assert client.get("/replies/?tab=done").status_code == 200
    assert client.get("/outbox/").status_code == 200
