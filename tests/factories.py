"""Made-up people and rows. Times are computed when a factory is called."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.models import Organisation, Team, User
from accounts.roles import Role
from cases.models import Case, Link, Mandate, Person
from core import blind, clock, codes
from notices.models import Message, Notice, Outcome, ReceivedMail
from platforms.models import Channel, Platform

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class People:
    advocate: User
    volunteer: User
    reviewer: User
    coordinator: User
    administrator: User
    stranger: User

    def of_role(self, role: str) -> User:
        return getattr(self, role)


def team(name: str = "North") -> Team:
    return Team.objects.get_or_create(name=name)[0]


def user(name: str, role: Role, team_name: str = "North", **fields: Any) -> User:
    found = User.objects.filter(email=_address(name)).first()
    if found:
        return found
    made = _unsaved(name, role, team(team_name), **fields)
    made.save()
    return made


def _unsaved(name: str, role: Role, team: Team, **fields: Any) -> User:
    made = User(
        email=_address(name), name=name, role=role, team=team, date_joined=clock.now(), **fields
    )
    made.password = _hashed()
    return made


def _address(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@helpers.example"


@cache
def _hashed() -> str:
    return make_password(PASSWORD)


USUAL = {
    "advocate": ("Ada Advocate", Role.ADVOCATE, "North"),
    "volunteer": ("Vito Volunteer", Role.VOLUNTEER, "North"),
    "reviewer": ("Rosa Reviewer", Role.REVIEWER, "North"),
    "coordinator": ("Cleo Coordinator", Role.COORDINATOR, "North"),
    "administrator": ("Adam Administrator", Role.ADMINISTRATOR, "North"),
    "stranger": ("Stig Stranger", Role.ADVOCATE, "South"),
}


def people() -> People:
    """Make the usual six. The stranger is an advocate of another team and must see nothing.

    Most tests begin with them, so that they are written together.
    """
    names = [name for name, _role, _team in USUAL.values()]
    known = {one.name: one for one in User.objects.filter(name__in=names).select_related("team")}
    teams = {one.name: one for one in Team.objects.all()}
    for name in ("North", "South"):
        teams.setdefault(name, Team(name=name))
    Team.objects.bulk_create([one for one in teams.values() if one._state.adding])
    for name, role, team_name in USUAL.values():
        known.setdefault(name, _unsaved(name, role, teams[team_name]))
    User.objects.bulk_create([one for one in known.values() if one._state.adding])
    return People(**{part: known[name] for part, (name, _role, _team) in USUAL.items()})


def organisation(**fields: Any) -> Organisation:
    values: dict[str, Any] = {
        "name": "Harbour Helpline",
        "postal_address": "1 Quay Street\n1000 Harbourtown",
        "country": "BE",
        "phone": "+32 2 555 01 00",
        "signatory_name": "Marta Lindqvist",
        "signatory_role": "case worker",
        "role_mailbox": "notices@harbour.example",
        "archive_address": "archive@harbour.example",
        "reply_domain": "reply.harbour.example",
        "zone": "Europe/Brussels",
        "set_up_at": clock.now(),
        **fields,
    }
    return Organisation.objects.first() or Organisation.objects.create(**values)


def case(advocate: User | None = None, *, alias: str = "Robin", **fields: Any) -> Case:
    at = fields.pop("opened_at", clock.now())
    advocate = advocate or user("Ada Advocate", Role.ADVOCATE)
    made = Case.objects.create(
        code=fields.pop("code", codes.new_case_code()),
        advocate=advocate,
        team=advocate.team,
        opened_at=at,
        changed_at=at,
        **fields,
    )
    Person.objects.create(case=made, alias=alias, alias_index=blind.index("alias", alias))
    return made


def platform(key: str = "x", **fields: Any) -> Platform:
    values = {
        "name": key.title(),
        "service_status": "live",
        "tida_coverage": "covered",
        **fields,
    }
    return Platform.objects.get_or_create(key=key, defaults=values)[0]


def channel(key: str = "x-mail", *, of: Platform | None = None, **fields: Any) -> Channel:
    values: dict[str, Any] = {
        "platform": of or platform(),
        "purpose": "ncii",
        "grounds": ["us-tida-s3"],
        "medium": "email",
        "address": "removal@x.example",
        "chase": "send",
        "starts_statutory_clock": "yes",
        "conf": "high",
        "seen": clock.now().date(),
        "review_after": clock.now().date().replace(year=clock.now().year + 1),
        **fields,
    }
    return Channel.objects.get_or_create(key=key, defaults=values)[0]


def link(of: Case, url: str = "https://x.com/i/status/1234567890", **fields: Any) -> Link:
    of.links_made += 1
    Case.objects.filter(pk=of.pk).update(links_made=of.links_made)
    values: dict[str, Any] = {
        "number": of.links_made,
        "kind": "post",
        "exact": True,
        "verbatim": url,
        "canonical": url,
        "canonical_index": blind.exact("link", url),
        "added_by": of.advocate,
        "added_at": clock.now(),
        **fields,
    }
    if "platform" not in values:
        values["platform"] = platform()
    return Link.objects.create(case=of, **values)


def mandate(of: Case, **fields: Any) -> Mandate:
    values: dict[str, Any] = {
        "purposes": ["keep_case", "write", "sign"],
        "form": "spoken",
        "given_on": clock.now().date(),
        "recorded_by": of.advocate,
        "recorded_at": clock.now(),
        **fields,
    }
    return Mandate.objects.create(case=of, **values)


def notice(of: Case, *links: Link, **fields: Any) -> Notice:
    of.notices_made += 1
    Case.objects.filter(pk=of.pk).update(notices_made=of.notices_made)
    at = fields.pop("at", clock.now())
    used = fields.pop("channel", None) or channel()
    values: dict[str, Any] = {
        "number": of.notices_made,
        "code": f"{of.code}-{of.notices_made}",
        "platform": used.platform,
        "channel": used,
        "ground": "us-tida-s3",
        "prepared_by": of.advocate,
        "prepared_at": at,
        "changed_at": at,
        **fields,
    }
    made = Notice.objects.create(case=of, **values)
    for each in links:
        outcome(made, each)
    return made


def outcome(of: Notice, on: Link, **moments: datetime | None) -> Outcome:
    return Outcome.objects.create(
        notice=of,
        link=on,
        platform=of.platform,
        ground=of.ground,
        channel=of.channel,
        sent_at=moments.pop("sent_at", of.sent_at),
        **moments,
    )


def received_mail(**fields: Any) -> ReceivedMail:
    at = clock.now()
    values: dict[str, Any] = {
        "content_hash": codes.new_token(),
        "source": "smtp",
        "received_at": at,
        "next_try_at": at,
        "stripped": b"From: support@x.example\r\n\r\nWe looked at it.\r\n",
        "size": 18_000,
        "state": "understood",
        **fields,
    }
    return ReceivedMail.objects.create(**values)


def reply(of: Notice | None = None, **fields: Any) -> Message:
    """A mail that was received and understood; in no notice yet unless one is given."""
    at = clock.now()
    values: dict[str, Any] = {
        "notice": of,
        "direction": "received",
        "sender": "X Support <support@x.example>",
        "subject": "Your report",
        "text": "We looked at it.",
        "received_at": at,
        "logged_at": at,
        **fields,
    }
    if "mail" not in values:
        values["mail"] = received_mail(received_at=values["received_at"])
    return Message.objects.create(**values)
