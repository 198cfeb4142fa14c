"""What pages cost at the server: the whole of each request, without a network, as percentiles.

Each page is asked through every middleware by somebody who is signed in. The bare view beside them
renders fifty joined rows and nothing else; a page's cost is also given as a multiple of it.
"""

import gc
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client
from django.urls import include, path, reverse

from accounts.models import User
from accounts.roles import Role
from benching.figures import Cost
from cases.models import Case, Draft
from notices.models import Notice

RUNS, WARM = 40, 4
COLD_RUNS = 15
ROWS = 50
BARE = """<!doctype html><title>Rows</title><table>{% for row in rows %}<tr>
<td>{{ row.code }}</td><td>{{ row.case.code }}</td><td>{{ row.platform.name }}</td>
<td>{{ row.status }}</td><td>{{ row.ground }}</td><td>{{ row.taken_by.name }}</td>
<td>{{ row.changed_at }}</td></tr>{% endfor %}</table>"""
REPORT = {
    "alias": "Robin",
    "links_text": "https://x.com/i/status/1234567890123\nhttps://t.me/somewhere/12",
    "note": "Found by a friend this morning.",
    "under_18": "no",
    "safe_now": "yes",
}
# One timed request after whatever it needs; what it needs is not on the clock.
Once = Callable[[], tuple[HttpResponse, float]]


def bare(request: HttpRequest) -> HttpResponse:
    rows = Notice.objects.select_related("case", "platform", "taken_by").order_by("-changed_at")
    return HttpResponse(_bare_template.render({"rows": rows[:ROWS]}, request))


_bare_template = engines["django"].from_string(BARE)
urlpatterns = [path("bare/", bare), path("", include("config.urls"))]


def costs() -> Iterator[Cost]:
    """Yield the cost of each page, the bare view first."""
    pages = _pages()
    cold = {name: once for name, once in pages.items() if "cold" in name}
    yield from _costs({name: pages[name] for name in pages if name not in cold}, RUNS)
    yield from _costs(cold, COLD_RUNS)


def _pages() -> dict[str, Once]:
    desk = _signed_in(Role.COORDINATOR)
    case = Case.objects.filter(status="active").order_by("-changed_at")[20]

    def page(url: str, query: str = "") -> Once:
        return partial(_timed, partial(desk.get, url + query))

    return {
        "bare view": page("/bare/"),
        "case list": page(reverse("cases:index"), "?tab=all"),
        "notice queue": page(reverse("notices:index"), "?tab=unassigned"),
        "notices, late": page(reverse("notices:index"), "?tab=late"),
        "notices, all": page(reverse("notices:index"), "?tab=all"),
        "replies": page(reverse("notices:replies"), "?tab=to_file"),
        "today": page(reverse("insights:today")),
        "case page": page(case.get_absolute_url()),
        "saving an intake": partial(_save_intake, _signed_in(Role.ADVOCATE)),
        "/response/ warm": page(reverse("insights:response")),
        "/response/ cold": partial(_cold, page(reverse("insights:response"))),
    }


def _signed_in(role: Role) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.filter(role=role).order_by("email")[0])
    return client


def _save_intake(client: Client) -> tuple[HttpResponse, float]:
    address = client.get(reverse("cases:create")).headers["Location"]
    version = Draft.objects.order_by("-started_at")[0].version
    return _timed(partial(client.post, address, {**REPORT, "version": version}))


def _cold(warm: Once) -> tuple[HttpResponse, float]:
    """Ask again as if the process had just started: no picture and no figure is kept."""
    cache.clear()
    return warm()


def _timed(ask: Callable[[], Any]) -> tuple[HttpResponse, float]:
    began = perf_counter()
    answer = ask()
    return answer, perf_counter() - began


def _costs(pages: dict[str, Once], runs: int) -> Iterator[Cost]:
    """Ask for one page after the other, again and again, as people do.

    What slows the machine for a while then slows the bare view and the others alike.
    """
    for _ in range(WARM):
        for name, once in pages.items():
            _expect(name, once()[0])
    gc.collect()
    asked = [{name: _expect(name, *once()) for name, once in pages.items()} for _ in range(runs)]
    for name in pages:
        seconds = [row[name] for row in asked]
        yield Cost(name, median(seconds), quantiles(seconds, n=20)[-1])


def _expect(name: str, answer: HttpResponse, seconds: float = 0.0) -> float:
    """Return the seconds of an answer that is what it should be: a refusal is quick."""
    wanted = 302 if name == "saving an intake" else 200
    if answer.status_code != wanted or (
        wanted == 302 and "/cases/" not in answer.headers["Location"]
    ):
        raise RuntimeError(f"{name} answered {answer.status_code}")
    return seconds
