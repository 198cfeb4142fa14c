"""How fast grounds were with a platform: asked here, measured by whoever keeps the figures.

The figures live above this app; they register themselves here, so that nothing imports upwards.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from notices.drafting import Speed

Measure = Callable[[str, datetime], Mapping[str, Speed]]
_measures: list[Measure] = []


def measures_speed(function: Measure) -> Measure:
    """Register a function (platform key, moment) -> ground id -> Speed; the last one counts."""
    _measures.append(function)
    return function


def speeds_of(platform_key: str, at: datetime) -> Mapping[str, Speed]:
    return _measures[-1](platform_key, at) if _measures else {}
