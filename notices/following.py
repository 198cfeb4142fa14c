"""What a look at a link changes in the notices that were sent about it."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from accounts.models import Organisation
from cases import signals
from cases.models import Case, Check, Link, Mandate
from cases.states import CheckResult, CloseReason, Purpose
from core.errors import RuleBroken
from notices import law, lifecycle
from notices.facts import of_place
from notices.looks import Look, Seen, seen_since
from notices.models import Notice, Outcome
from notices.states import NoticeStatus, StopReason, WithdrawnReason

# Purposes on which a notice stands; withdrawing any other one stops none.
ACTING = frozenset({Purpose.WRITE, Purpose.SIGN, Purpose.COPYRIGHT, Purpose.NAME})
NOT_SENT = (NoticeStatus.DRAFTED, NoticeStatus.IN_REVIEW, NoticeStatus.APPROVED)


@receiver(signals.link_checked)
@receiver(signals.check_undone)
def follow(sender: type[Link], *, link: Link, **facts: Any) -> None:
    """Work out again, from all looks that count, what became of the link in each notice."""
    checks = Check.telling().filter(link=link)
    looks = [Look(check.at, check.result) for check in checks]
    for outcome in Outcome.objects.filter(link=link, notice__isnull=False):
        if outcome.sent_at is not None:
            _note(outcome, outcome.sent_at, looks)


@receiver(signals.mandate_withdrawn)
def stop_unmandated(
    sender: type[Mandate],
    *,
    case: Case,
    mandate: Mandate,
    actor: Any,
    at: datetime,
    **facts: Any,
) -> None:
    """Withdraw what has not left and what no mandate covers any more.

    What is being handed over at this moment is left alone: the claim looks at the mandate itself.
    """
    if not set(mandate.purposes) & ACTING:
        return
    for notice in _not_sent(case):
        if _lost_its_mandate(notice, at):
            _end(notice, actor, at, WithdrawnReason.MANDATE)
        elif notice.approvals.filter(voided_at=None, mandate_id=mandate.pk).exists():
            _reopen(notice, actor, at)


@receiver(signals.case_closed)
def end_with_case(
    sender: type[Case], *, case: Case, actor: Any, at: datetime, **facts: Any
) -> None:
    """Withdraw what has not left, and follow no link of the case any longer."""
    for notice in _not_sent(case):
        _end(notice, actor, at, WithdrawnReason.CASE_CLOSED)
    withdrew = case.close_reason == CloseReason.WITHDREW
    reason = StopReason.PERSON_WITHDREW if withdrew else StopReason.WE_STOPPED
    followed = Outcome.objects.filter(notice__case=case, first_seen_gone_at=None, stopped_at=None)
    followed.exclude(sent_at=None).update(stopped_at=at, stop_reason=reason)


def _note(outcome: Outcome, sent_at: datetime, looks: list[Look]) -> None:
    seen = seen_since(sent_at, looks, _results_that_end(outcome))
    if seen != Seen(outcome.last_seen_online_at, outcome.first_seen_gone_at, outcome.reappeared_at):
        Outcome.objects.filter(pk=outcome.pk).update(
            last_seen_online_at=seen.last_online_at,
            first_seen_gone_at=seen.first_gone_at,
            reappeared_at=seen.back_at,
        )


def _results_that_end(outcome: Outcome) -> list[str]:
    """A search engine can only delist: there that is what was asked."""
    delists = law.ground(outcome.ground).result_state == "delisted"
    return [CheckResult.GONE, CheckResult.DELISTED] if delists else [CheckResult.GONE]


def _not_sent(case: Case) -> list[Notice]:
    rows = Notice.objects.filter(case=case, status__in=NOT_SENT)
    return list(rows.select_related("case", "platform", "channel").order_by("number"))


def _lost_its_mandate(notice: Notice, at: datetime) -> bool:
    """Tell whether nothing that she agreed to covers this notice any longer."""
    case = Case.objects.get(pk=notice.case_id)
    organisation = Organisation.current() or Organisation()
    day = organisation.day_at(at)
    facts = of_place(case, notice.platform, notice.ground, None, organisation, day)
    return facts.acting_mandate is None


def _end(notice: Notice, actor: Any, at: datetime, reason: str) -> None:
    try:
        lifecycle.withdraw(notice, actor, at, reason)
    except RuleBroken:
        # It is leaving or in doubt: whoever withdraws is told so, and the claim asks again.
        return


def _reopen(notice: Notice, actor: Any, at: datetime) -> None:
    """Make a draft of it again: its approved letter names a mandate that is withdrawn."""
    try:
        lifecycle.take_back(notice, actor, at)
    except RuleBroken:
        return
