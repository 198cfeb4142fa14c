"""The people of the demo: nobody is real, and every address ends in .example."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Organisation, Team, User
from accounts.roles import Role
from cases.models import Case

PASSWORD = "demo demo demo demo"  # noqa: S105 - shown on the sign-in page of the demo
ALIASES = (
    "Robin", "Sparrow", "Juniper", "Wren", "Maple", "Heron", "Clover", "Linnet", "Aspen", "Finch",
    "Hazel", "Plover", "Rowan", "Swift", "Sorrel", "Lark", "Alder", "Teal", "Bryony", "Merle",
    "Willow", "Dunlin", "Tansy", "Ibis", "Fern", "Petrel", "Yarrow", "Kestrel", "Laurel", "Siskin",
)  # fmt: skip
COUNTRIES = ("BE", "IT", "FR", "NL", "DE", "ES", "BE", "IT", "IE", "FR")
LANGUAGES = {"BE": "nl", "IT": "it", "FR": "fr", "NL": "nl", "DE": "de", "ES": "es", "IE": "en"}


@dataclass(frozen=True)
class Cast:
    advocates: tuple[User, ...]
    volunteers: tuple[User, ...]
    reviewers: tuple[User, ...]
    coordinator: User
    administrator: User


def keeper(case: Case) -> User:
    """Return the advocate of a case of the demo: every one has one."""
    if case.advocate is None:
        raise LookupError(case.code)
    return case.advocate


def organisation(at: datetime) -> Organisation:
    return Organisation.objects.create(
        name="Harbour Helpline",
        postal_address="1 Quay Street\n1000 Harbourtown",
        country="BE",
        phone="+32 2 555 01 00",
        signatory_name="Marta Lindqvist",
        signatory_role="case worker",
        role_mailbox="notices@harbour.example",
        archive_address="archive@harbour.example",
        reply_domain="reply.harbour.example",
        zone="Europe/Brussels",
        dmca_enabled=True,
        is_demo=True,
        set_up_at=at,
    )


def cast(at: datetime) -> Cast:
    north = Team.objects.create(name="North")
    south = Team.objects.create(name="South")

    def person(name: str, address: str, role: Role, team: Team) -> User:
        return User.objects.create_user(
            f"{address}@demo.example",
            PASSWORD,
            name=name,
            role=role,
            team=team,
            zone="Europe/Brussels",
            date_joined=at,
        )

    return Cast(
        advocates=(
            person("Marta Lindqvist", "advocate", Role.ADVOCATE, north),
            person("Noor Haddad", "advocate2", Role.ADVOCATE, south),
        ),
        volunteers=(
            person("Jonas Peeters", "volunteer", Role.VOLUNTEER, north),
            person("Amara Okafor", "volunteer2", Role.VOLUNTEER, south),
        ),
        reviewers=(person("Lena Conti", "reviewer", Role.REVIEWER, north),),
        coordinator=person("Cleo Marchetti", "coordinator", Role.COORDINATOR, north),
        administrator=person("Sam Rivers", "administrator", Role.ADMINISTRATOR, north),
    )
