"""Data sets that textbooks work through by hand."""

from math import inf

from insights.durations import Interval, Seen

# Freireich and others 1963, weeks of remission of acute leukaemia; "+" is still in remission.
SIX_MP = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"

# Finkelstein and Wolfe 1985, months to cosmetic deterioration after radiotherapy alone,
# known only to lie between two visits; "-" is not seen at the last visit.
RADIOTHERAPY = """
45- 6-10 0-7 46- 46- 7-16 17- 7-14 37-44 0-8 4-11 15- 11-15 22- 46- 46- 25-37 46- 26-40 46-
27-34 36-44 46- 36-48 37- 40- 17-25 46- 11-18 38- 5-12 37- 0-5 18- 24- 36- 5-11 19-35 17-25
24- 32- 33- 19-26 37- 34- 36-
"""


def times(text: str) -> list[Interval]:
    return [Interval(float(word.rstrip("+")), not word.endswith("+")) for word in text.split()]


def visits(text: str) -> list[Seen]:
    pairs = [word.partition("-") for word in text.split()]
    return [Seen(float(left), float(right) if right else inf) for left, _, right in pairs]
