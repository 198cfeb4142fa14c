"""What belongs to no app: health, and the pages of errors."""

import secrets
import sys
from datetime import datetime

from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from config import outage
from config.context_processors import uncounted
from core import clock
from insights.health import facts, signs

AGED = frozenset({"beat", "workers", "mailbox", "door"})


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when both databases answer and are migrated, else 503 with what is missing.

    What stands still while pages work is named beside it, in words and ages: a stranger may read
    this, so that no count of anything is in it.
    """
    missing = {alias: word for alias in connections if (word := _missing(alias))}
    report = {"ready": not missing, "missing": missing, **({} if missing else _workings())}
    return JsonResponse(report, status=503 if missing else 200)


def _missing(alias: str) -> str:
    try:
        executor = MigrationExecutor(connections[alias])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "does not answer"
    return "has migrations to run" if plan else ""


def _workings() -> dict[str, object]:
    found = facts.gather(clock.now())
    rows = signs.read(found)
    amber = {row.key: _aged(row, found.at) for row in rows if row.state == "trouble"}
    return {
        "state": "amber" if amber else "green",
        "amber": amber,
        "for_a_person": {row.key: _aged(row, found.at) for row in rows if row.state == "look"},
        "seconds_since": {
            row.key: int((found.at - row.since).total_seconds())
            for row in rows
            if row.key in AGED and row.since
        },
    }


def _aged(row: signs.Sign, at: datetime) -> str:
    if row.since is None:
        return row.word
    return f"{row.word} for {int((at - row.since).total_seconds() // 60)} minutes"


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """One page for what does not exist and for what this person may not see.

    Nothing is counted for its frame: whoever tries addresses costs little.
    """
    return render(request, "404.html", uncounted(request), status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    outage_behind = outage.behind(exception)
    if outage_behind:
        return outage.page(request, outage_behind)
    return render(request, "400.html", status=400)


def failed(request: HttpRequest) -> HttpResponse:
    """Say that it failed on our side, with a reference that stands in the log too.

    Django calls this while the error is being handled, whichever middleware or view raised it.
    """
    outage_behind = outage.behind(sys.exc_info()[1])
    if outage_behind:
        return outage.page(request, outage_behind)
    reference = secrets.token_hex(4)
    return render(request, "500.html", {"reference": reference}, status=500)
