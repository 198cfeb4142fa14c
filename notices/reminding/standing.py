"""What the filed answers mean for chasing: go on, wait for us, stop, or go another way. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

# An answer that lets chasing go on ends a wait or a stop only when a person of theirs wrote it.
BY_PEOPLE = frozenset({"human_answer", "says_removed"})
BOUNCE = "bounce"
GRANTED = frozenset({"gone", "delisted"})

RESUME, WAIT, STOP, OTHER_CHANNEL = "resume", "wait", "stop", "other_channel"


@dataclass(frozen=True, slots=True)
class Said:
    """One filed answer. `about` names outcomes; empty means all of the notice."""

    at: datetime
    family: str
    chase: str
    claims: str
    about: frozenset[UUID] = frozenset()
    is_automatic: bool = False
    marks_incomplete: bool = False

    @property
    def changes_course(self) -> bool:
        by_a_person = self.family in BY_PEOPLE and not self.is_automatic
        return self.chase != RESUME or by_a_person

    @property
    def asks_us(self) -> bool:
        """Whether the next word is ours; a full mailbox asks nothing."""
        return self.chase == WAIT and self.family != BOUNCE

    def is_about(self, outcome: UUID) -> bool:
        return not self.about or outcome in self.about


@dataclass(frozen=True, slots=True)
class Followed:
    """A link in a notice that is neither gone nor given up."""

    id: UUID
    last_seen_online_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """A time in which the answer was ours; `until` is None while it still is."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a notice stands. `open_links` are those that a reminder may still name.

    `decide_since` is set where they refused or named another way and a person has to choose.
    """

    chase: str
    open_links: frozenset[UUID]
    waits_for_us_since: datetime | None = None
    decide_since: datetime | None = None
    resumed_at: datetime | None = None


def standing(
    followed: Sequence[Followed], said: Iterable[Said], written_at: Iterable[datetime]
) -> Standing:
    """Return where a notice stands, from its links, their answers and what we wrote, in order."""
    answers, ours = sorted(said, key=lambda one: one.at), sorted(written_at)
    words = {link: _last_word(link, answers, ours) for link in followed}
    courses = {link: word.chase if word else RESUME for link, word in words.items()}
    chase = next(
        (one for one in (WAIT, OTHER_CHANNEL, RESUME) if one in courses.values()),
        STOP,
    )
    standing_words = [word for word in words.values() if word is not None]
    return Standing(
        chase,
        frozenset(link.id for link, course in courses.items() if course == RESUME),
        min((word.at for word in standing_words if word.asks_us), default=None),
        _decide_since(chase, standing_words),
        max((one.at for one in answers if _resumes(one)), default=None),
    )


def waits(said: Iterable[Said], written_at: Iterable[datetime]) -> list[Wait]:
    """Return the times in which the answer was ours, each ended by what came first after it."""
    answers, found = sorted(said, key=lambda one: one.at), list[Wait]()
    ends = sorted([*written_at, *(one.at for one in answers if _ends_a_wait(one))])
    for one in answers:
        is_inside = bool(found) and (found[-1].until is None or one.at < found[-1].until)
        if one.asks_us and not is_inside:
            found.append(Wait(one.at, next((end for end in ends if end > one.at), None)))
    return found


def _last_word(link: Followed, answers: list[Said], ours: list[datetime]) -> Said | None:
    """Return the answer that still holds for a link, or None where chasing just goes on."""
    about = [one for one in answers if one.changes_course and one.is_about(link.id)]
    last = about[-1] if about else None
    if last is None or last.chase == RESUME:
        return None
    if last.chase == WAIT and any(at > last.at for at in ours):
        return None
    seen_after = link.last_seen_online_at is not None and link.last_seen_online_at > last.at
    return None if last.claims in GRANTED and seen_after else last


def _decide_since(chase: str, words: list[Said]) -> datetime | None:
    """A bounce is not here: its channel is marked, and that makes a task of its own."""
    if chase not in (STOP, OTHER_CHANNEL):
        return None
    open_ends = [word.at for word in words if word.claims not in GRANTED and word.family != BOUNCE]
    return max(open_ends, default=None)


def _resumes(one: Said) -> bool:
    return one.chase == RESUME and one.changes_course


def _ends_a_wait(one: Said) -> bool:
    return one.changes_course and one.chase != WAIT


def stood_still(waits: Iterable[Wait], starts_at: datetime, due_at: datetime) -> timedelta:
    """Return by how much waits that are over put off a target of our own.

    One that began after the target had passed puts off nothing: it was missed before.
    """
    total = timedelta()
    for wait in waits:
        since = max(wait.since, starts_at)
        if wait.until is not None and since < due_at + total:
            total += max(wait.until - since, timedelta())
    return total
