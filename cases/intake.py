"""A report, taken down while somebody is on the phone. One thing written down is enough."""

import secrets
from datetime import datetime
from typing import Any, TypedDict

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Role
from audit.chain import record
from cases import drafts, links, pasting, signals, timeline
from cases.checker import planning
from cases.models import Case, Draft, Person, Task
from cases.pasting import Row
from cases.states import Pathway, TaskKind, YesNo
from core import blind, codes
from core.errors import RuleBroken

FORM = "intake"
# Common birds: nobody is called so, and none says anything about a person.
PSEUDONYMS = (
    "Heron", "Wren", "Plover", "Linnet", "Avocet", "Dunlin", "Siskin", "Pipit", "Curlew", "Tern",
    "Martin", "Grebe", "Merlin", "Oriole", "Petrel", "Teal", "Swift", "Whinchat", "Brambling",
    "Fulmar", "Garganey", "Knot", "Ouzel", "Rail", "Sanderling", "Turnstone", "Wheatear", "Eider",
)  # fmt: skip
QUESTIONS = {
    "under_18": gettext_lazy("Was anyone in the images under 18 when they were made?"),
    "threat": gettext_lazy("Is anyone threatening or demanding money?"),
    "danger": gettext_lazy("Are you in danger today?"),
    "knows_who": gettext_lazy("Do you know who did this?"),
    "content_kind": gettext_lazy("What is it?"),
    "self_taken": gettext_lazy("Did you take the picture yourself?"),
    "country": gettext_lazy("Which country do you live in?"),
    "language": gettext_lazy("Which language shall we speak?"),
    "wants": gettext_lazy("What do you want from us?"),
    "first_seen": gettext_lazy("When was it first seen?"),
    "contacted": gettext_lazy("Have you written to the platform already?"),
}
COUNTS_AS_MINOR = frozenset({YesNo.YES, YesNo.UNSURE})
NOTHING = gettext_lazy("Write at least one thing: a name to use, a link, or a note.")


class Answers(TypedDict):
    """What the form holds, cleaned. `later`: names of questions to ask another time."""

    safe_now: str
    alias: str
    safe_contact: str
    links_text: str
    note: str
    under_18: str
    threat: str
    danger: str
    knows_who: str
    content_kind: list[str]
    self_taken: str
    country: str
    language: str
    wants: list[str]
    first_seen: str
    contacted: str
    contacted_what: str
    reporter_name: str
    reporter_relation: str
    reporter_contact: str
    later: list[str]


def start(user: User, at: datetime) -> Draft:
    drafts.forget_old(user, at)
    return drafts.start(user, FORM, at, data={"pseudonym": secrets.choice(PSEUDONYMS)})


def finish(draft: Draft, answers: Answers, user: User, at: datetime) -> tuple[Case, list[Row]]:
    """Make the case of a draft. Returns it with the lines that somebody has to look at.

    A second press finds the draft used, raises WrongState, and makes no second case.
    """
    if not any(answers[name].strip() for name in ("alias", "links_text", "note")):
        raise RuleBroken(str(NOTHING))
    rows = pasting.rows_of(answers["links_text"])
    good = [row for row in rows if pasting.is_link(row)]
    unclear = [row for row in rows if pasting.needs_a_look(row)]
    with transaction.atomic():
        case = _case(answers, user, at)
        drafts.use(draft, at, subject_code=case.code)
        _person(case, answers, str(draft.data.get("pseudonym", "")), at)
        timeline.add(case, "case.opened", user, at)
        record("case.opened", user, case, at=at)
        _ask_later(case, answers["later"], user, at)
        if case.is_minor_pathway:
            alert_minor_route(case, user, at)
        links.add(case, good, user, at)
        if unclear:
            keep_for_a_look(case, unclear, user, at)
    case.refresh_from_db()
    return case, unclear


def keep_for_a_look(case: Case, rows: list[Row], user: User, at: datetime) -> Draft:
    """Let lines that are no links wait in a paste of their own, so that none is lost."""
    data = {"rows": [{**row, "same_as": None} for row in rows]}
    return drafts.start(user, "paste", at, subject_code=case.code, data=data)


def answer_under_18(case: Case, answer: str, user: User, at: datetime) -> None:
    """Write down whether anyone was under 18; yes and unsure lead to the children's route."""
    if answer not in {YesNo.YES, YesNo.NO, YesNo.UNSURE}:
        raise RuleBroken(_("Choose yes, no or unsure."))
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case.pk)
        before = case.pathway
        case.under_18 = answer
        case.pathway = Pathway.MINOR if answer in COUNTS_AS_MINOR else Pathway.ADULT
        case.save(update_fields=["under_18", "pathway"])
        planning.replan_case(case, at)
        timeline.add(case, "case.under_18", user, at, params={"answer": answer})
        if case.is_minor_pathway and before != Pathway.MINOR:
            alert_minor_route(case, user, at)
        if case.pathway != before:
            signals.pathway_changed.send(Case, case=case, actor=user, at=at)
        record("case.under_18", user, case, at=at, pathway=case.pathway)
        _done(case, "under_18", user, at)


def alert_minor_route(case: Case, user: User, at: datetime) -> Task:
    return Task.objects.create(
        case=case,
        kind=TaskKind.MINOR_ROUTE,
        subject_id=case.pk,
        subject_code=case.code,
        text=_("Somebody may have been under 18: take the children's route."),
        role=Role.COORDINATOR,
        made_at=at,
    )


def _case(answers: Answers, user: User, at: datetime) -> Case:
    minor = answers["under_18"] in COUNTS_AS_MINOR
    kept = (
        "safe_now",
        "threat",
        "danger",
        "knows_who",
        "first_seen",
        "contacted",
        "contacted_what",
    )
    said: dict[str, Any] = {name: answers[name] for name in kept if answers[name]}  # type: ignore[literal-required]
    return Case.objects.create(
        code=_free_code(),
        team=user.team,
        advocate=user,
        opened_at=at,
        changed_at=at,
        pathway=Pathway.MINOR if minor else Pathway.ADULT,
        under_18=answers["under_18"],
        self_taken=answers["self_taken"],
        content_kinds=answers["content_kind"],
        wants=answers["wants"],
        country=answers["country"],
        language=answers["language"],
        note=answers["note"].strip(),
        answers=said,
        reporter=_reporter(answers),
    )


def _free_code() -> str:
    while Case.objects.filter(code=(code := codes.new_case_code())).exists():
        pass
    return code


def _reporter(answers: Answers) -> dict[str, str]:
    parts = {name: answers[f"reporter_{name}"].strip() for name in ("name", "relation", "contact")}  # type: ignore[literal-required]
    return {name: text for name, text in parts.items() if text}


def _person(case: Case, answers: Answers, pseudonym: str, at: datetime) -> Person:
    alias = answers["alias"].strip() or pseudonym or PSEUDONYMS[0]
    quick = answers["safe_contact"].strip()
    return Person.objects.create(
        case=case,
        alias=alias,
        alias_index=blind.index("alias", alias),
        safe={"quick": quick} if quick else {},
        safe_summary=quick,
        safe_confirmed_at=at if quick else None,
    )


def _ask_later(case: Case, names: list[str], user: User, at: datetime) -> None:
    for name in names:
        if name in QUESTIONS:
            Task.objects.create(
                case=case,
                kind=TaskKind.ASK_LATER,
                subject_id=case.pk,
                subject_code=case.code,
                text=f"{name}",
                owner=user,
                made_at=at,
            )


def _done(case: Case, question: str, user: User, at: datetime) -> None:
    for task in case.tasks.open().filter(kind=TaskKind.ASK_LATER):
        if task.text == question:
            Task.objects.filter(pk=task.pk).update(done_at=at, done_by=user)
