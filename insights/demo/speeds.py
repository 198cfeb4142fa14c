"""How fast each platform is in the demo: written down here, found again by the response times.

`median_hours` is the time by which half of all links are gone, the ones that never go included;
None where that never happens. Durations are spread over quantiles, so that the figure of a few
dozen links lands where it was planted and not where a die fell.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp
from random import Random
from statistics import NormalDist

NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Speed:
    """`notices` sent over the year, `again` more after a return; `gone` is a share of links, the
    other shares are of notices.
    """

    platform: str
    notices: int
    gone: float
    median_hours: float | None
    spread: float = 0.9
    receipts: float = 0.9
    answers: float = 0.5
    answer_hours: float = 30.0
    again: int = 0
    demands: float = 0.0
    refuses: float = 0.0


SPEEDS: tuple[Speed, ...] = (
    Speed("facebook", 52, 0.96, 20, receipts=1.0, answers=0.85, answer_hours=26),
    Speed("instagram", 40, 0.95, 26, receipts=1.0, answers=0.8, answer_hours=30),
    Speed("google-search", 28, 0.97, 34, receipts=1.0, answers=0.9, answer_hours=36),
    Speed("youtube", 10, 0.95, 40, receipts=1.0, answers=0.8, answer_hours=40),
    Speed("google-drive", 8, 0.9, 44, receipts=1.0, answers=0.7, answer_hours=44),
    Speed("bing", 8, 0.95, 38, receipts=1.0, answers=0.8, answer_hours=40),
    Speed("onedrive", 8, 0.9, 46, receipts=0.9, answers=0.7, answer_hours=48),
    Speed("reddit", 34, 0.88, 44, receipts=0.9, answers=0.6, answer_hours=40, refuses=0.1),
    Speed("discord", 30, 0.8, 54, receipts=0.9, answers=0.5, answer_hours=60, demands=0.2),
    Speed("tiktok", 18, 0.9, 30, receipts=0.9, answers=0.5, answer_hours=30),
    Speed("x", 48, 0.68, 96, 1.1, answers=0.5, answer_hours=80, again=8, demands=0.35,
          refuses=0.15),
    Speed("onlyfans", 12, 0.92, 28, receipts=0.9, answers=0.8, answer_hours=30),
    Speed("tumblr", 8, 0.8, 60, receipts=0.8, answers=0.4, answer_hours=72),
    Speed("snapchat", 6, 0.85, 36, receipts=0.9, answers=0.4, answer_hours=40),
    Speed("pornhub", 8, 0.95, 12, receipts=1.0, answers=0.5, answer_hours=20),
    Speed("whatsapp", 6, 0.5, None, receipts=0.6, answers=0.2, answer_hours=90, refuses=0.3),
    Speed("slack", 12, 0.25, None, receipts=0.15, answers=0.1, answer_hours=120),
    Speed("telegram", 76, 0.08, None, receipts=0.1, answers=0.04, answer_hours=140),
)  # fmt: skip


def durations(speed: Speed, links: int, dice: Random) -> list[float | None]:
    """Return for each link the hours from sending until it is seen gone, None for never."""
    quantiles = [(place + 0.5) / links for place in range(links)]
    dice.shuffle(quantiles)
    return [_hours(speed, quantile) for quantile in quantiles]


def _hours(speed: Speed, quantile: float) -> float | None:
    if quantile >= speed.gone:
        return None
    middle = speed.median_hours if speed.median_hours is not None else 150.0
    half = 0.5 / speed.gone if speed.median_hours is not None else 0.5
    away = NORMAL.inv_cdf(quantile / speed.gone) - NORMAL.inv_cdf(min(half, 0.999))
    return middle * exp(speed.spread * away)


def shares(count: int, share: float, dice: Random) -> Iterator[bool]:
    """Yield `count` answers of which the given share, as exactly as it can be, is yes."""
    answers = [place < round(count * share) for place in range(count)]
    dice.shuffle(answers)
    yield from answers
