"""What others published, to draw beside our own figures and never mixed with them."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from insights.charts.frame import Band, Limit, References
from insights.charts.shares import Published
from insights.endpoints import Endpoint
from platforms.catalogue import benchmarks
from platforms.catalogue.specs import Benchmark
from platforms.models import Platform

BAND = "seed-fgm-24-72"
US_LIMIT = "tida-48"
US_GROUND = "us-tida-s3"
SLOWEST = "arachnid-42d"
SLOWEST_HOURS = 42 * 24
WITHIN_72 = "inhope-2020"


def _benchmark(name: str) -> Benchmark | None:
    return next((one for one in benchmarks() if one.id == name), None)


def band() -> Band | None:
    """The reference of every response-time chart."""
    found = _benchmark(BAND)
    if found is None or found.low is None or found.high is None:
        return None
    hours = {"low": f"{found.low:.0f}", "high": f"{found.high:.0f}"}
    label = _("Published %(low)s–%(high)s h: Facebook, Google, Microsoft") % hours
    return Band(found.low, found.high, label)


def short_band() -> Band | None:
    found = band()
    if found is None:
        return None
    hours = {"low": f"{found.low:.0f}", "high": f"{found.high:.0f}"}
    return Band(found.low, found.high, _("Published %(low)s–%(high)s h") % hours)


def references(endpoint: Endpoint, ground: str, platforms: Iterable[str]) -> References:
    """The band always; limits for removals only, the law's only where it binds the platform."""
    limits = []
    if endpoint is Endpoint.GONE and (limit := _us_limit(ground, platforms)):
        limits.append(limit)
    if endpoint is Endpoint.GONE and _benchmark(SLOWEST):
        slowest = _("42 d: slowest tenth (Project Arachnid)")
        limits.append(Limit(SLOWEST_HOURS, slowest, "muted"))
    return References(band(), limits)


def _us_limit(ground: str, platforms: Iterable[str]) -> Limit | None:
    found = _benchmark(US_LIMIT)
    bound = Platform.objects.filter(key__in=list(platforms), tida_coverage="covered").exists()
    if found is None or not found.figure or ground not in ("", US_GROUND) or not bound:
        return None
    return Limit(found.figure, _("%(n)s h legal limit (US)") % {"n": f"{found.figure:.0f}"})


def published_share(endpoint: Endpoint) -> Published | None:
    found = _benchmark(WITHIN_72)
    if endpoint is not Endpoint.GONE or found is None or not found.figure:
        return None
    told = {"who": found.title, "year": found.year or "", "share": f"{found.figure:.0f}"}
    label = _("%(who)s %(year)s, minors: %(share)s %% within 3 days") % told
    return Published(found.figure / 100, label)
