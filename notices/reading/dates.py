"""Until when a platform asks us to wait: spans and days in six languages, as moments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core import deadlines
from core.deadlines import Span

from .rules import languages
from .words import Sentence, sentences

LONGEST_TEXT = 12_000

# Nobody is let off for longer by a promise of their own.
LONGEST_WAIT = timedelta(days=60)
MOST_SENTENCES = 200
_NUMBERS = {
    word: number
    for number, words in enumerate((
        "one un une een uno una ein einem einer eines", "two deux twee due zwei dos",
        "three trois drie tre drei tres", "four quatre vier quattro cuatro",
        "five cinq vijf cinque funf cinco", "six zes sei sechs seis",
        "seven sept zeven sette sieben siete", "eight huit acht otto ocho",
        "nine neuf negen nove neun nueve", "ten dix tien dieci zehn diez",
    ), 1)
    for word in words.split()
}  # fmt: skip
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
# The longer names first: a working day is a day.
_UNITS = {
    "working": (
        r"(?:business|working|work|week) days?|jours? ouvr(?:e|es|able|ables)|werkdag(?:en)?"
        r"|giorn[io] lavorativ[io]|(?:werk|arbeits)tag(?:en?)?|dias? (?:habil(?:es)?|laborables?)"
    ),
    "hours": r"hours?|hrs?|h|heures?|uur|uren|ore|ora|stunden?|horas?",
    "days": r"days?|jours?|dagen|dag|giorni|giorno|tagen?|tage|dias?",
    "weeks": r"weeks?|semaines?|weken|week|settimane|settimana|wochen?|semanas?",
}
_SPAN = re.compile(
    rf"(?<!\w){_COUNT}"
    r"(?: (?:to|a|tot|bis|bis zu|and|e|y|or) (?P<upper>\d{1,3}|\w{2,9})| (?P<pair>\d{1,3}))? "
    rf"(?:{'|'.join(f'(?P<{unit}>{_UNITS[unit]})' for unit in _UNITS)})(?!\w)"
)
_MONTHS = (
    r"jan\w*|gen\w*|ener\w*", r"fe[bv]\w*", r"mar\w*|maart|marz\w*|mrz", r"apr\w*|avr\w*|abr\w*",
    r"may|mai|mei|mag\w*|mayo", r"jun\w*|juin|giu\w*", r"jul\w*|juil\w*|lug\w*",
    r"aug\w*|aout|ago\w*", r"se[pt]t?\w*", r"o[ck]t\w*|ott\w*", r"nov\w*", r"de[cz]\w*|dic\w*",
)  # fmt: skip
_MONTH = "|".join(f"(?P<m{number}>{names})" for number, names in enumerate(_MONTHS, 1))
_DAY_FIRST = re.compile(
    rf"(?<!\w)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er)? (?:de |of )?(?:{_MONTH})"
    r"(?: (?:de )?(?P<year>20\d\d))?(?!\w)"
)
_MONTH_FIRST = re.compile(
    rf"(?<!\w)(?:{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: ,)?(?: (?P<year>20\d\d))?(?!\w)"
)
_ISO = re.compile(r"(?<!\d)(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)")
_NUMERIC = re.compile(r"(?<![\d.])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>20\d\d)(?!\d)")
_SLASHED = re.compile(r"(?<![\d/])(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>20\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A promise of theirs: the sentence, and the moment (UTC) until when they asked us to wait."""

    phrase: str
    until: datetime


def estimates(text: str, at: datetime, zone: ZoneInfo, calendar: str = "") -> tuple[Estimate, ...]:
    """Return what a mail received `at` promises, spans counted in `zone`.

    `calendar` is the country whose holidays are no working days; empty: weekends alone are none.
    """
    found = []
    for number, sentence in enumerate(sentences(text[:LONGEST_TEXT])):
        if number == MOST_SENTENCES:
            break
        if _promises(sentence):
            found += [
                Estimate(sentence.written, until)
                for until in _moments(sentence, at, zone, calendar)
                if at < until <= at + LONGEST_WAIT
            ]
    return tuple(found)


def _promises(sentence: Sentence) -> bool:
    """Tell a promise of theirs from a time that they set for us, or for somebody else."""
    words = sentence.folded
    if sentence.is_question or not (_has_digit(words) or _has_word(sentence)):
        return False
    known = languages().values()
    promised = [one for one in known if one.estimates.occur(words)]
    return bool(promised) and not any(one.demands.occur(words) for one in promised)


def _has_digit(words: str) -> bool:
    return any(char.isdigit() for char in words)


def _has_word(sentence: Sentence) -> bool:
    return not _NUMBERS.keys().isdisjoint(sentence.folded.split())


def _moments(sentence: Sentence, at: datetime, zone: ZoneInfo, calendar: str) -> Iterator[datetime]:
    words = sentence.folded.replace(" ,", "")
    for match in _SPAN.finditer(words):
        span = _span(match, calendar)
        if span is not None:
            yield deadlines.due_at(at, span, zone)
    for day in _days(sentence.written, words, deadlines.day_in(at, zone)):
        yield deadlines.end_of_day(day, zone)


def _span(match: re.Match[str], calendar: str) -> Span | None:
    count = _number(match["upper"] or match["pair"] or match["count"]) or _number(match["count"])
    if not count:
        return None
    if match["hours"]:
        return Span(count, deadlines.ELAPSED_HOURS)
    if match["working"]:
        return Span(count, "business_days", calendar)
    return Span(count * 7 if match["weeks"] else count, "calendar_days")


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS.get(word, 0)


def _days(written: str, words: str, today: date) -> Iterator[date]:
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        for match in pattern.finditer(words):
            month = next(n for n in range(1, 13) if match[f"m{n}"])
            yield from _day(match["year"], month, match["day"], today)
    for pattern in (_ISO, _NUMERIC, _SLASHED):
        for match in pattern.finditer(written):
            # A day that may as well be a month is no sure day.
            if pattern is not _SLASHED or int(match["day"]) > 12:
                yield from _day(match["year"], int(match["month"]), match["day"], today)


def _day(year: str | None, month: int, day: str, today: date) -> Iterator[date]:
    """Yield the day, in the coming twelve months where no year is given."""
    years = [int(year)] if year else [today.year, today.year + 1]
    for candidate in years:
        try:
            found = date(candidate, month, int(day))
        except ValueError:
            continue
        if found >= today:
            yield found
            return
