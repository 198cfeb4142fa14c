"""F9 to F12: the database ends under load, is away at the start, or somebody holds a row."""

import re
import signal
from html import unescape
from itertools import count
from time import sleep

import psycopg2
import pytest

from cases.models import Case, Person, TimelineEvent
from tests.faults import starting
from tests.faults.clients import Browser, Crowd, Writer, notes, notes_sums
from tests.faults.estate import all_left, fair, let_go, sums, until
from tests.faults.figures import report, together
from tests.notices.delivery import outbox

pytestmark = [pytest.mark.services, pytest.mark.django_db]

# What `pg_ctl -m immediate` sends.
IMMEDIATE = signal.SIGQUIT
CALM = {200, 302, 503}
KEPT = re.compile(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', re.DOTALL)


# ------------------------------------------------------------------ F9


@pytest.mark.parametrize(
    ("mails", "restarts"),
    [pytest.param(20, 1, id="few"), pytest.param(200, 20, id="many", marks=pytest.mark.long)],
)
def test_a_database_that_restarts_under_load_costs_a_moment(house, mails, restarts):
    case = outbox.case()
    ada, *others = [Browser(house.web_port, house.people.advocate) for _ in range(3)]
    writers = [Writer(one, case.code) for one in others]
    let_go(mails)
    with Crowd(lambda: ada.get("/cases/"), lambda: ada.get("/readyz"), *writers) as crowd:
        backs = [_restart(house, ada) for _ in range(restarts)]
    found = crowd.statuses()
    until(all_left, 120)
    assert max(backs) <= fair(3)
    assert 503 in found, "the load never met the outage"
    failed = sum(n for status, n in found.items() if status not in CALM)
    counted = together(sums(house), notes_sums(*writers), {"lost": 0, "twice": 0, "wrong": failed})
    told = f"{restarts} restarts, back after {max(backs):.2f} s; {mails} mails; answers {found}"
    report("F9", n=len(crowd.answers), **counted, note=told)


def _restart(house, browser):
    """End the database at once and start it again; return the seconds until a page came."""
    sleep(0.7)
    house.servers.crash_postgres(IMMEDIATE)
    sleep(0.3)
    house.servers.postgres.start()
    return until(lambda: browser.get("/cases/").status == 200, 30, 0.02)


# ------------------------------------------------------------------ F10


def hold_start_up(seen, seconds):
    assert seen.process.status == 200
    assert (seen.ready.status, seen.ready.json()["ready"]) == (503, False)
    assert set(seen.ready.json()["missing"].values()) == {"does not answer"}
    assert seen.page.status in {302, 503}
    report(
        "F10",
        n=3,
        lost=len(seen.ended),
        note=f"database down {seconds} s at the start; then web after {seen.web_after:.1f} s, "
        f"worker and beat after {seen.worker_after:.1f} s",
    )


def test_programs_that_start_without_a_database_wait_for_it(house):
    hold_start_up(house.start_up, 3)


@pytest.mark.long
def test_programs_wait_twenty_seconds_for_a_database(estate):
    hold_start_up(starting.without_database(estate, 20), 20)


# ------------------------------------------------------------------ F11


def test_a_row_that_somebody_holds_fails_a_save_in_words_and_keeps_the_text(house):
    case = outbox.case()
    path = f"/cases/{case.code}/"
    ada = Browser(house.web_port, house.people.advocate)
    assert ada.get(path).status == 200
    text = "Line one\nand <two> & 'three'"
    held = psycopg2.connect(house.servers.url(house.name))
    with held.cursor() as cursor:
        cursor.execute("SELECT 1 FROM cases_case WHERE id = %s FOR UPDATE", [str(case.pk)])
    refused = ada.post(f"{path}note/", text=text)
    read = ada.get(path)
    held.close()
    kept = {name: unescape(value) for name, value in KEPT.findall(refused.text)}
    assert (refused.status, read.status) == (503, 200)
    assert "Somebody else is changing the same thing" in refused.text
    assert refused.seconds <= 3
    assert kept["text"] == text
    assert ada.post(f"{path}note/", **kept).status == 302
    assert notes().count(text) == 1
    report("F11", n=1, note=f"refused after {refused.seconds:.2f} s, text kept")


# ------------------------------------------------------------------ F12


class Rival:
    """One of several people who pause and resume a case, and write over what they read."""

    def __init__(self, browser, cases):
        self.browser, self.cases = browser, cases
        self.turn, self.wins = count(), []
        browser.get(f"/cases/{cases[0].code}/")

    def __call__(self):
        n = next(self.turn)
        case = self.cases[n % len(self.cases)]
        path = f"/cases/{case.code}/"
        self.browser.post(f"{path}{('pause', 'resume')[n % 2]}/")
        page = self.browser.get(f"{path}contact/")
        text = f"{id(self)} {n}"
        answer = self.browser.post(f"{path}contact/", version=page.version, quick=text)
        if answer.status == 302:
            self.wins.append((case.pk, text, page.version))
        return answer


def told_wrongly(case, wins):
    """Count what a lost update would leave behind on a case."""
    person, row = Person.objects.get(case=case), Case.objects.get(pk=case.pk)
    mine = [text for pk, text, _version in wins if pk == case.pk]
    read = [version for pk, _text, version in wins if pk == case.pk]
    flips = TimelineEvent.objects.filter(case=case, kind__in=["case.paused", "case.resumed"])
    kinds = list(flips.values_list("kind", flat=True))
    paused_now = kinds.count("case.paused") - kinds.count("case.resumed")
    return sum(
        (
            person.version - case.person.version != len(mine),
            # Two that were saved over the same reading: the first of them is lost.
            len(read) != len(set(read)),
            person.safe.get("quick") not in (mine or [None]),
            row.version - case.version != len(kinds),
            paused_now != (row.status == "paused"),
        )
    )


@pytest.mark.parametrize(
    "rounds", [pytest.param(2, id="few"), pytest.param(40, id="many", marks=pytest.mark.long)]
)
def test_eight_people_on_the_same_five_cases_overwrite_nobody(house, rounds):
    with_person = Case.objects.select_related("person")
    cases = [with_person.get(pk=outbox.case().pk) for _ in range(5)]
    people = [house.people.advocate, house.people.coordinator] * 4
    rivals = [Rival(Browser(house.web_port, one), cases) for one in people]
    crowd = Crowd(*rivals)
    crowd.run(rounds)
    found = crowd.statuses()
    assert set(found) <= {302, 409}, found
    wins = [win for rival in rivals for win in rival.wins]
    wrong = sum(told_wrongly(case, wins) for case in cases)
    slowest = max(answer.seconds for _, answer in crowd.answers)
    report("F12", n=len(crowd.answers), wrong=wrong, note=f"{found}, slowest {slowest:.2f} s")
