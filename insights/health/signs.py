"""What the facts mean, and what to do about it. Pure: facts in, sentences out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from insights.health import POLL
from insights.health.facts import Facts, Job
from insights.health.standing import PATIENCE

State = Literal["fine", "look", "trouble", "off"]
# Clocks a few seconds apart are ordinary; further apart a deadline is shown wrongly.
CLOCKS_APART = timedelta(seconds=5)
CHECKER_BEHIND = timedelta(hours=2)
ASKS_A_PERSON = timedelta(minutes=10)
# A job may miss a run or two before anybody is told.
RUNS_MISSED = 3


@dataclass(frozen=True, slots=True)
class Sign:
    """One line of the health page. `word` is for monitoring programs, the rest for people."""

    key: str
    title: str
    state: State = "fine"
    word: str = "fine"
    since: datetime | None = None
    says: str = ""
    do: str = ""
    place: str = ""
    """The name of the address where it is done."""


def read(facts: Facts) -> list[Sign]:
    return [sign for reader in _READERS for sign in reader(facts)]


def is_overdue(job: Job, facts: Facts) -> bool:
    last = job.since or facts.since
    return facts.at - last > max(PATIENCE, RUNS_MISSED * job.every)


def _beat(facts: Facts) -> Iterator[Sign]:
    title = _("The clock that starts the work")
    last = facts.beat_at or facts.since
    if facts.at - last <= PATIENCE:
        yield Sign("beat", title, since=facts.beat_at, says=_("It starts work on time."))
        return
    yield Sign(
        "beat", title, "trouble", "silent", last,
        _("Nothing is started by itself: no reminder, no answer, no mail that waits."),
        _("Start the beat process again, and look why it ended."),
    )  # fmt: skip


def _workers(facts: Facts) -> Iterator[Sign]:
    title = _("Workers")
    last = facts.work_at or facts.since
    if facts.stood_in_at and facts.at - facts.stood_in_at <= PATIENCE:
        yield Sign(
            "workers", title, "look", "stood in for", facts.stood_in_at,
            _("The queue takes no work for them, so the clock does it itself, one after another."),
            _("Start Redis again; then the workers go on by themselves."),
        )  # fmt: skip
        return
    if facts.at - last <= PATIENCE:
        yield Sign("workers", title, since=facts.work_at, says=_("They are at work."))
        return
    yield Sign(
        "workers", title, "trouble", "silent", last,
        _("No worker has done anything. Nothing is lost; it waits."),
        _("Start a worker process again, and look into its log."),
    )  # fmt: skip


def _jobs(facts: Facts) -> Iterator[Sign]:
    """Name the jobs that do not get done while others do."""
    title = _("Recurring work")
    if not facts.jobs:
        return
    late = [job for job in facts.jobs if is_overdue(job, facts)]
    if not late:
        yield _on_time(title, facts.jobs)
        return
    since = min(job.since or facts.since for job in late)
    yield Sign(
        "jobs", title, "trouble", "overdue", since,
        ngettext(
            "%(n)d job has not ended well for too long.",
            "%(n)d jobs have not ended well for too long.",
            len(late),
        ) % {"n": len(late)},
        _("See which one in the list below, and look into the log of the workers."),
    )  # fmt: skip


def _on_time(title: str, jobs: list[Job]) -> Sign:
    if all(job.ended_at for job in jobs):
        return Sign("jobs", title, says=_("Each job ended well a short while ago."))
    return Sign("jobs", title, says=_("It began a moment ago; not every job has run yet."))


def _broker(facts: Facts) -> Iterator[Sign]:
    title = _("The queue")
    if facts.broker_answers:
        yield Sign("broker", title, says=_("It answers."))
        return
    yield Sign(
        "broker", title, "trouble", "does not answer", None,
        _("The queue does not answer. Pages work and nothing is lost."),
        _("Start Redis again; the work goes on by itself."),
    )  # fmt: skip


def _sending(facts: Facts) -> Iterator[Sign]:
    title = _("Mail going out")
    late = facts.mail_due_at is not None and facts.at - facts.mail_due_at > PATIENCE
    if facts.stopped_at:
        yield Sign(
            "sending", title, "off", "stopped", facts.stopped_at,
            _("Somebody stopped all sending. Digests to staff go on."),
            _("Let it go on in the outbox when the reason is over."), "notices:outbox",
        )  # fmt: skip
    elif late:
        yield Sign(
            "sending", title, "trouble", "delayed", facts.mail_due_at,
            _("Mail should have left and waits."),
            _("Look what the mail server said last, and whether its name and password are right."),
            "notices:outbox",
        )  # fmt: skip
    else:
        yield Sign("sending", title, says=_("Nothing waits longer than it should."))


def _unconfirmed(facts: Facts) -> Iterator[Sign]:
    title = _("Mail of which nobody knows whether it left")
    if facts.unconfirmed == 0:
        yield Sign("unconfirmed", title, says=_("None."))
        return
    since = facts.unconfirmed_since or facts.at
    asks = facts.at - since > ASKS_A_PERSON
    count = {"n": facts.unconfirmed}
    yield Sign(
        "unconfirmed", title, "look" if asks else "fine", "in doubt", since,
        ngettext("%(n)d mail.", "%(n)d mails.", facts.unconfirmed) % count,
        _("Look for each in the archive mailbox, then decide in the outbox.") if asks else "",
        "notices:outbox" if asks else "",
    )  # fmt: skip


def _receiving(facts: Facts) -> Iterator[Sign]:
    title = _("Mail coming in")
    if facts.post_due_at is not None and facts.at - facts.post_due_at > PATIENCE:
        yield Sign(
            "receiving", title, "trouble", "delayed", facts.post_due_at,
            _("Mail was received and kept, and nobody has read it yet."),
            _("Look whether a worker runs. What it cannot read goes to the side by itself."),
            "notices:replies",
        )  # fmt: skip
        return
    yield Sign("receiving", title, says=_("What came in is read."))


def _mailbox(facts: Facts) -> Iterator[Sign]:
    """Say when the mailbox was last looked into, where one is named."""
    if not facts.fetches_mail:
        return
    title = _("The mailbox")
    last = next((job.since for job in facts.jobs if job.key == POLL), None) or facts.since
    if facts.at - last <= PATIENCE:
        yield Sign("mailbox", title, since=last, says=_("It is looked into."))
        return
    yield Sign(
        "mailbox", title, "trouble", "not fetched", last,
        _("Nobody could look into the mailbox. Answers wait there."),
        _("Look whether the mail server answers and MAILBOX_URL is right."),
    )  # fmt: skip


def _door(facts: Facts) -> Iterator[Sign]:
    """Say when our own door for mail was last open, where there is one."""
    if not facts.has_door:
        return
    title = _("The door for mail")
    last = facts.door_at or facts.since
    if facts.at - last <= PATIENCE:
        yield Sign("door", title, since=facts.door_at, says=_("It is open."))
        return
    yield Sign(
        "door", title, "trouble", "closed", last,
        _("No mail can come in. Answers wait at the mail server that would bring them."),
        _("Start the mail process again, and look why it ended."),
    )  # fmt: skip


def _quarantine(facts: Facts) -> Iterator[Sign]:
    title = _("Mail that could not be read")
    if facts.quarantined == 0:
        yield Sign("quarantine", title, says=_("None."))
        return
    count = {"n": facts.quarantined}
    yield Sign(
        "quarantine", title, "look", "has mail", facts.quarantined_since,
        ngettext("%(n)d mail is kept aside.", "%(n)d mails are kept aside.", facts.quarantined)
        % count,
        _("Read by hand what lies there among the replies, or let it be tried again."),
        "notices:quarantine",
    )  # fmt: skip


def _checker(facts: Facts) -> Iterator[Sign]:
    title = _("The checker")
    if not facts.checker_on:
        yield Sign("checker", title, "off", "off", None, _("It is off. People look by hand."))
    elif facts.look_due_at and facts.at - facts.look_due_at > CHECKER_BEHIND:
        yield Sign(
            "checker", title, "trouble", "behind", facts.look_due_at,
            _("Looks that are due are not taken, so that figures stop."),
            _("Look whether this machine reaches other websites; until then look by hand."),
        )  # fmt: skip
    else:
        yield Sign("checker", title, says=_("It keeps up."))


def _clocks(facts: Facts) -> Iterator[Sign]:
    title = _("Clocks of this machine and of the database")
    apart = abs(facts.clock_ahead)
    if apart <= CLOCKS_APART:
        yield Sign("clocks", title, says=_("They agree."))
        return
    seconds = {"n": round(apart.total_seconds())}
    yield Sign(
        "clocks", title, "trouble", "differ", None,
        ngettext("They are %(n)d second apart.", "They are %(n)d seconds apart.", seconds["n"])
        % seconds,
        _("Set both by a time server: what is due is judged by the database's clock."),
    )  # fmt: skip


_READERS: tuple[Callable[[Facts], Iterator[Sign]], ...] = (
    _sending,
    _unconfirmed,
    _receiving,
    _door,
    _mailbox,
    _quarantine,
    _beat,
    _workers,
    _jobs,
    _broker,
    _checker,
    _clocks,
)
