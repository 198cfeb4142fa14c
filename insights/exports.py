"""Response times as rows for programs and spreadsheets."""

import csv
from collections.abc import Iterable, Sequence
from typing import TextIO, TypedDict

from insights.charts import words
from insights.durations import Curve, Weight, weight
from insights.filters import Filters
from insights.queries import Group

Limits = list[float | None]
WITHIN = (24, 48, 72)
DECIMALS = 6
# A spreadsheet program takes a cell that begins so for a formula, and runs it.
RISKY = ("=", "+", "-", "@", "\t", "\r")


class ResponseTime(TypedDict, total=False):
    """Hours from sending; None is "not reached" or "undefined". `channel` only when told apart."""

    platform: str
    ground: str | None
    channel: str | None
    endpoint: str
    n: int
    events: int
    censored: int
    median_hours: float | None
    median_ci: Limits
    share_24h: Limits
    share_48h: Limits
    share_72h: Limits


def response_time(group: Group, filters: Filters) -> ResponseTime:
    curve = group.curve
    told_apart: ResponseTime = {"channel": group.channel} if group.channel else {}
    low, high = curve.median_interval
    return {
        "platform": group.platform,
        "ground": group.ground or filters.ground or None,
        **told_apart,
        "endpoint": filters.endpoint.value,
        "n": curve.n,
        "events": curve.events,
        "censored": curve.censored,
        "median_hours": _rounded(curve.median),
        "median_ci": [_rounded(low), _rounded(high)],
        "share_24h": _share(curve, 24),
        "share_48h": _share(curve, 48),
        "share_72h": _share(curve, 72),
    }


def _share(curve: Curve, hours: int) -> Limits:
    found = curve.share_gone(hours)
    if found is None:
        return [None, None, None]
    return [_rounded(found.value), _rounded(found.low), _rounded(found.high)]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)


COLUMNS = (
    "platform",
    "ground",
    "channel",
    "endpoint",
    "unit",
    "n",
    "events",
    "censored",
    "median_hours",
    "median_low",
    "median_high",
    *(f"share_{hours}h{end}" for hours in WITHIN for end in ("", "_low", "_high")),
)


def write_csv(out: TextIO, groups: Iterable[Group], filters: Filters, unit: str) -> None:
    """One line a group; below n = 5 the counts stand alone."""
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for group in groups:
        writer.writerow([safe_cell(cell) for cell in _line(response_time(group, filters), unit)])


def _line(row: ResponseTime, unit: str) -> Sequence[object]:
    counts = [row["endpoint"], unit, row["n"], row["events"], row["censored"]]
    whose = [row["platform"], row["ground"], row.get("channel")]
    figures = [row["median_hours"], *row["median_ci"]]
    figures += [*row["share_24h"], *row["share_48h"], *row["share_72h"]]
    shown = [None] * len(figures) if weight(row["n"]) is Weight.COUNTS else figures
    return [*whose, *counts, *shown]


def safe_cell(value: object) -> str:
    """Text that no spreadsheet program runs; None is an empty cell."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(RISKY) else text


TABLE = ("platform", "part", "n", "events", "censored", "median", "95 % range")


def table_lines(groups: Iterable[Group], filters: Filters) -> list[list[str]]:
    """For a person at a terminal; figures of fewer than five rows are left out."""
    heads = [*TABLE, *(f"{hours} h" for hours in WITHIN)]
    return [heads, *(_table_line(group, filters) for group in groups)]


def _table_line(group: Group, filters: Filters) -> list[str]:
    curve = group.curve
    part = group.channel or group.ground or filters.ground or words.UNDEFINED
    counts = [group.platform, part, str(curve.n), str(curve.events), str(curve.censored)]
    if weight(curve.n) is Weight.COUNTS:
        return [*counts, *[words.UNDEFINED] * (2 + len(WITHIN))]
    shares = [words.estimate(curve.share_gone(hours)) for hours in WITHIN]
    return [*counts, words.median(curve), words.median_limits(curve), *shares]
