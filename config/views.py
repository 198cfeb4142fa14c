"""What belongs to no app: health, and the pages of errors."""

import secrets

from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when both databases answer and are migrated, else 503 with what is missing."""
    missing = {alias: word for alias in connections if (word := _missing(alias))}
    return JsonResponse({"ready": not missing, "missing": missing}, status=503 if missing else 200)


def _missing(alias: str) -> str:
    try:
        executor = MigrationExecutor(connections[alias])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "does not answer"
    return "has migrations to run" if plan else ""


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """One page for what does not exist and for what this person may not see."""
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """Say that it failed on our side, with a reference that stands in the log too."""
    reference = secrets.token_hex(4)
    return render(request, "500.html", {"reference": reference}, status=500)
