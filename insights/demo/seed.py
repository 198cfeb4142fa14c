"""Fill an empty database with the demo, in one transaction: all of it or nothing."""

from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from accounts.models import Organisation
from core import keystore
from core.errors import RuleBroken
from insights.demo import addresses, chasing, communities, facts, past, post, routes, year
from insights.demo.agenda import Agenda
from insights.demo.cast import cast, organisation
from insights.demo.speeds import SPEEDS

USUAL_CASES = 60


def seed(cases: int, dice_seed: int, at: datetime) -> None:
    """Play the year that ends at `at`. The same number and moment give the same figures.

    Raises RuleBroken where an organisation exists: demo and real cases never share a database.
    """
    if Organisation.objects.exists():
        raise RuleBroken("This database is in use. Demo data go into an empty one only.")
    routes.forget()
    with keystore.scope(), transaction.atomic():
        begin = at - timedelta(days=366)
        organisation(at)
        people = cast(begin)
        addresses.lay_over(people, begin)
        observed = communities.observe(people, at)
        story = year.Year(people, Random(dice_seed), Agenda(at), at)  # noqa: S311 - not a secret
        year.open_cases(story, cases)
        scale = cases / USUAL_CASES
        # The last case takes the children's route: no ordinary notice is ever made for it.
        past.write(past.Past(people, story.dice, at, story.cases[:-1]), scale)
        year.come_back(story, round(sum(speed.again for speed in SPEEDS) * scale))
        facts.tell(story, observed)
        year.close_quiet_cases(story)
        facts.leave_some_unfinished(story)
        chasing.chase(at)
        post.arrive(story)
