"""The one table of roles and rights. Nothing else compares roles.

A right says what a role may do at all; which rows it may do it to is the business of each model's
`visible_to(user)`. `OWN` marks rights that hold only for what is the person's own: the model's
`belongs_to(user)` decides.
"""

from typing import Literal, Protocol

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from accounts.roles import Role

A, V, R, C, M = (
    Role.ADVOCATE,
    Role.VOLUNTEER,
    Role.REVIEWER,
    Role.COORDINATOR,
    Role.ADMINISTRATOR,
)
OWN: Literal["own"] = "own"
ALL: Literal["all"] = "all"
Reach = Literal["own", "all"]

RIGHTS: dict[str, dict[Role, Reach]] = {
    "today.view": {A: ALL, V: ALL, R: ALL, C: ALL, M: ALL},
    "case.list": {A: ALL, C: ALL},
    "case.create": {A: ALL, C: ALL},
    "case.view": {A: OWN, C: ALL},
    "case.edit": {A: OWN, C: ALL},
    "case.close": {A: OWN, C: ALL},
    "case.assign": {C: ALL},
    "case.show_contact": {A: OWN, C: ALL},
    "case.note": {A: OWN, C: ALL},
    "mandate.record": {A: OWN, C: ALL},
    "link.check": {A: OWN, V: OWN, C: ALL},
    "link.add": {A: OWN, C: ALL},
    "notice.list": {A: ALL, V: ALL, R: ALL, C: ALL},
    "notice.view": {A: OWN, V: OWN, R: ALL, C: ALL},
    "notice.prepare": {A: OWN, C: ALL},
    "notice.take": {A: ALL, V: ALL, C: ALL},
    "notice.edit": {A: OWN, V: OWN, R: ALL, C: ALL},
    "notice.approve": {R: ALL, C: ALL},
    "notice.send": {A: OWN, V: OWN, R: ALL, C: ALL},
    "notice.decide_delivery": {A: OWN, C: ALL},
    "notice.withdraw": {A: OWN, C: ALL},
    "reminder.send": {A: OWN, V: OWN, C: ALL},
    "outbox.view": {A: ALL, V: ALL, R: ALL, C: ALL},
    "sending.stop": {C: ALL, M: ALL},
    "reply.list": {A: ALL, V: ALL, R: ALL, C: ALL},
    "reply.file": {A: OWN, V: OWN, C: ALL},
    "platform.view": {A: ALL, V: ALL, R: ALL, C: ALL, M: ALL},
    "platform.view_authorities": {A: ALL, R: ALL, C: ALL, M: ALL},
    "platform.edit": {C: ALL, M: ALL},
    "platform.confirm_edit": {C: ALL, M: ALL},
    "platform.clear_trouble": {C: ALL, M: ALL},
    "community.view": {A: ALL, C: ALL},
    "community.edit": {A: ALL, C: ALL},
    "response.view": {A: ALL, V: ALL, R: ALL, C: ALL, M: ALL},
    "history.import": {C: ALL},
    "health.view": {C: ALL, M: ALL},
    "draft.save": {A: ALL, V: ALL, R: ALL, C: ALL, M: ALL},
    "task.finish": {A: ALL, V: ALL, R: ALL, C: ALL},
    "profile.edit": {A: ALL, V: ALL, R: ALL, C: ALL, M: ALL},
    "help.view": {A: ALL, V: ALL, R: ALL, C: ALL, M: ALL},
    "search.use": {A: ALL, V: ALL, R: ALL, C: ALL},
    "people.manage": {M: ALL},
    "organisation.manage": {M: ALL},
    "checker.switch": {C: ALL, M: ALL},
    "audit.view": {M: ALL},
    "demo.view": {A: ALL, V: ALL, R: ALL, C: ALL, M: ALL},
}


class Owned(Protocol):
    def belongs_to(self, user: User) -> bool: ...


def reach(user: User | AnonymousUser, right: str) -> Reach | None:
    """Return how far `right` goes for this person: over all, over her own, or not at all."""
    if not isinstance(user, User) or not user.is_active:
        return None
    return RIGHTS[right].get(Role(user.role))


def may(user: User | AnonymousUser, right: str, subject: Owned | None = None) -> bool:
    """Tell whether this person has `right`, over `subject` when one is given."""
    how_far = reach(user, right)
    if how_far is None or not isinstance(user, User):
        return False
    return how_far == ALL or subject is None or subject.belongs_to(user)
