"""Reply addresses and codes in a mail, whole ones and those with one character wrong."""

import re
from collections.abc import Iterable, Iterator

from core import codes
from notices.letters.mail import NOTICE_CODE

LONGEST_TEXT = 20_000
MOST = 20
_HEX = "0123456789abcdef"
_TOKEN = re.compile(r"(?<![0-9a-z])r[-_=]([0-9a-z]{31,33})@([a-z0-9.-]{1,253})")
_CODE = re.compile(rf"(?<![A-Z0-9]){NOTICE_CODE.pattern}(?![0-9])")
_LIKE_CODE = re.compile(r"(?<![A-Z0-9-])([A-Z0-9]{4})[- ]?([A-Z0-9]{2})[- ](\d{1,4})(?![A-Z0-9])")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−_", "-"))


def tokens(written: Iterable[str], domain: str) -> tuple[list[str], list[str]]:
    """Return the whole tokens in these header values, and those that are nearly one.

    A token that is nearly one counts only at our own reply domain.
    """
    whole: list[str] = []
    nearly: list[str] = []
    for value in written:
        for token, host in _TOKEN.findall(value[:2000].lower()):
            if len(token) == 32 and set(token) <= set(_HEX):
                whole.append(token)
            if host.strip(".") == domain.lower():
                nearly.append(token)
    return list(dict.fromkeys(whole))[:MOST], list(dict.fromkeys(nearly))[:2]


def near_tokens(token: str) -> set[str]:
    """Return every token that is one character away: another one, one too many, one missing."""
    near = {token[:i] + token[i + 1 :] for i in range(len(token))} if len(token) == 33 else set()
    if len(token) == 32:
        near = {token[:i] + char + token[i + 1 :] for i in range(32) for char in _HEX}
    if len(token) == 31:
        near = {token[:i] + char + token[i:] for i in range(32) for char in _HEX}
    return {one for one in near if set(one) <= set(_HEX)}


def notice_codes(text: str) -> list[str]:
    """Return the notice codes that a text names, in its order."""
    plain = text[:LONGEST_TEXT].upper().translate(_DASHES)
    return list(dict.fromkeys(_CODE.findall(plain)))[:MOST]


def near_codes(text: str) -> set[str]:
    """Return codes that somebody may have meant who wrote one with a wrong or missing sign."""
    plain = text[:LONGEST_TEXT].upper().translate(_DASHES)
    like = [match.groups() for match in _LIKE_CODE.finditer(plain)][:2]
    return {code for four, two, number in like for code in _near(four + two, number)}


def _near(six: str, number: str) -> Iterator[str]:
    wrong = [i for i, char in enumerate(six) if char not in codes.ALPHABET]
    for i in wrong if len(wrong) == 1 else range(6) if not wrong else ():
        for char in codes.ALPHABET:
            other = six[:i] + char + six[i + 1 :]
            yield f"{other[:4]}-{other[4:]}-{number}"
