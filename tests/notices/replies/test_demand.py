"""W9: they demand to know who she is. Nothing has to be decided now, and every choice is real."""

import pytest

from accounts.models import User
from cases.models import Case, Task
from core.errors import RuleBroken, WrongState
from notices import replies
from notices.models import Message
from notices.replies import demands
from tests import factories


@pytest.fixture
def demanded(desk, sent, frozen):
    message = factories.reply(sent, proposed="identity_requested")
    replies.file(message, "identity_requested", desk.people.volunteer, frozen.now)
    return message


def shown(client, message, user):
    client.force_login(user)
    return client.get(f"/replies/{message.pk}/").content.decode()


def test_filing_it_stays_and_opens_the_choices(client, desk, sent):
    message = factories.reply(sent, proposed="identity_requested")
    client.force_login(desk.people.volunteer)
    data = {"answer": "identity_requested", "tab": "to_file", "asked_for": "passport"}
    page = client.post(f"/replies/{message.pk}/file/", data, follow=True).content.decode()
    assert "You need not decide now." in page
    assert "passport" in page


def test_the_ready_answer_names_the_law_and_nobody(client, desk, demanded):
    page = shown(client, demanded, desk.people.volunteer)
    assert "does not require the name, address or identity document" in page
    assert "{law_ref}" not in page and "data-copy=" in page
    assert "case worker of Harbour Helpline acts for the person depicted".lower() in page.lower()
    assert desk.case.person.alias not in page


def test_asking_her_is_a_call_on_her_advocates_list(client, desk, demanded):
    client.force_login(desk.people.volunteer)
    client.post(f"/replies/{demanded.pk}/ask-person/")
    task = Task.objects.open().get(kind="call_back")
    assert (task.owner, task.case) == (desk.people.advocate, desk.case)
    assert "The person decides" in task.text
    page = shown(client, demanded, desk.people.volunteer)
    assert "A call is on the list of Ada Advocate." in page
    assert "Put a call on the list" not in page


def test_it_is_asked_once(desk, demanded, frozen):
    demands.ask_person(demanded, desk.people.volunteer, frozen.now)
    with pytest.raises(WrongState):
        demands.ask_person(demanded, desk.people.volunteer, frozen.now)
    assert Task.objects.filter(kind="call_back").count() == 1


@pytest.mark.parametrize("seat", [None, {"is_active": False}, {"role": "administrator"}])
def test_without_an_advocate_the_coordinators_are_asked(desk, demanded, frozen, seat):
    if seat is None:
        Case.objects.filter(pk=desk.case.pk).update(advocate=None)
    else:
        User.objects.filter(pk=desk.case.advocate_id).update(**seat)
    message = Message.objects.select_related("notice__case").get(pk=demanded.pk)
    task = demands.ask_person(message, desk.people.coordinator, frozen.now)
    assert (task.owner, task.role) == (None, "coordinator")


def test_only_who_may_withdraw_is_offered_it(client, desk, demanded):
    assert "Withdraw the notice" not in shown(client, demanded, desk.people.volunteer)
    assert "Withdraw the notice" in shown(client, demanded, desk.people.advocate)


def test_other_answers_open_no_such_choice(client, desk, sent, frozen):
    message = factories.reply(sent)
    replies.file(message, "refused_no_violation", desk.people.volunteer, frozen.now)
    page = shown(client, message, desk.people.volunteer)
    assert "You need not decide now." not in page
    assert "A ready answer" in page
    with pytest.raises(RuleBroken):
        demands.ask_person(message, desk.people.volunteer, frozen.now)


def test_taking_the_filing_back_takes_the_call_back(desk, demanded, frozen):
    demands.ask_person(demanded, desk.people.volunteer, frozen.now)
    replies.unfile(demanded, desk.people.volunteer, frozen.now)
    assert not Task.objects.open().filter(kind="call_back").exists()
