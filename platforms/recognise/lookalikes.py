"""Hosts that are meant to be taken for a platform's."""

import unicodedata
from functools import lru_cache
from weakref import WeakKeyDictionary

import idna

from .grammar import Grammar

# Letters of other scripts that a reader takes for Latin ones (the common ones of Unicode TS 39).
_TWINS = str.maketrans(
    "аеорсухіјѕԁһԛԝькмнтвгзёӏүαβεηικνορτυχωγıɑɡʀʟոß",
    "aeopcyxijsdhqwbkmhtbrzelyabenikvoptuxwyiagrlnb",
)
_DIGITS = str.maketrans("0135", "oies")
_CONFUSING_SCRIPTS = ("CYRILLIC", "GREEK", "ARMENIAN")
SHORTEST_TYPO = 6  # letters; below that one letter's difference is a name of its own


def problem_of(host: str, grammar: Grammar) -> str | None:
    """`lookalike`, `homograph` or None, for a host that belongs to no platform."""
    names = _names(grammar)
    if "xn--" in host:
        return names.homograph(_shown(host))
    return "lookalike" if names.resembles(host) else None


def resembles_any(host: str, known: frozenset[str]) -> bool:
    """Tell whether a host that is none of these is made to look like one of them."""
    names = _names_of(known)
    return names.homograph(_shown(host)) is not None if "xn--" in host else names.resembles(host)


class _Names:
    """The hosts of the catalogue, indexed once for looking up what resembles them."""

    def __init__(self, known: frozenset[str]) -> None:
        self.known = known
        self.skeletons = {_skeleton(name): name for name in known}
        self.typos: dict[str, set[str]] = {}
        for name in known:
            label, _dot, tld = name.partition(".")
            if len(label) >= SHORTEST_TYPO:
                for shorter in _shortened(label):
                    self.typos.setdefault(f"{shorter}.{tld}", set()).add(name)

    def resembles(self, host: str) -> bool:
        return self._is_below(host) or any(
            _skeleton(tail) in self.skeletons or self._is_typo(tail) for tail in _tails(host)
        )

    def homograph(self, shown: str) -> str | None:
        tails = [_skeleton(tail) for tail in _tails(shown)]
        if any(tail in self.skeletons for tail in tails) or self._is_below(tails[0]):
            return "homograph"
        return "homograph" if any(_is_mixed(label) for label in shown.split(".")) else None

    def _is_below(self, host: str) -> bool:
        """discord.com.evil.tld, discord.com-login.tld: a known name, and then something else."""
        labels = host.replace("-", ".").split(".")
        longest = len(labels) - 1
        return any(
            ".".join(labels[start : start + size]) in self.known
            for start in range(longest)
            for size in (2, 3)
            if start + size <= longest and _starts_label(host, labels, start)
        )

    def _is_typo(self, name: str) -> bool:
        label, _dot, tld = name.partition(".")
        if len(label) < SHORTEST_TYPO - 1:
            return False
        return any(
            _one_apart(label, known.partition(".")[0])
            for shorter in _shortened(label)
            for known in self.typos.get(f"{shorter}.{tld}", ())
        )


@lru_cache(maxsize=4)
def _names_of(known: frozenset[str]) -> _Names:
    return _Names(known)


_indexed: "WeakKeyDictionary[Grammar, _Names]" = WeakKeyDictionary()


def _names(grammar: Grammar) -> _Names:
    if grammar not in _indexed:
        _indexed[grammar] = _Names(frozenset(grammar.known_names()))
    return _indexed[grammar]


def _tails(host: str) -> list[str]:
    """The host and what remains of it after each leading label, two labels at least."""
    labels = host.split(".")
    return [".".join(labels[start:]) for start in range(max(1, len(labels) - 1))]


def _starts_label(host: str, labels: list[str], start: int) -> bool:
    """A name that begins after a hyphen is a word of a longer name, not a disguise."""
    before = sum(len(label) + 1 for label in labels[:start])
    return before == 0 or host[before - 1] == "."


def _shown(host: str) -> str:
    labels = []
    for label in host.split("."):
        try:
            labels.append(idna.decode(label))
        except (idna.IDNAError, UnicodeError):
            labels.append(label)
    return ".".join(labels)


@lru_cache(maxsize=8192)
def _skeleton(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).translate(_TWINS)
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return plain.translate(_DIGITS).replace("l", "i").replace("rn", "m").replace("vv", "w")


def _is_mixed(label: str) -> bool:
    """Latin letters beside Cyrillic, Greek or Armenian ones in one label."""
    scripts = {unicodedata.name(char, "").split(" ")[0] for char in label if char.isalpha()}
    return "LATIN" in scripts and any(script in scripts for script in _CONFUSING_SCRIPTS)


def _shortened(label: str) -> set[str]:
    return {label} | {label[:i] + label[i + 1 :] for i in range(len(label))}


def _one_apart(given: str, known: str) -> bool:
    """One letter added, left out, changed, or two neighbours swapped."""
    if given == known or abs(len(given) - len(known)) > 1:
        return False
    start = 0
    while start < min(len(given), len(known)) and given[start] == known[start]:
        start += 1
    a, b = given[start:], known[start:]
    swapped = len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:]
    return swapped or a[1:] == b[1:] or a[1:] == b or a == b[1:]
