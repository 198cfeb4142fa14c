"""What recognising finds: a place where material is, by link or without one."""

from dataclasses import dataclass, replace

MAX_LINK = 4096  # characters; longer is no link that a platform ever gave out


@dataclass(frozen=True)
class Place:
    """One place. `canonical` is None for a place without a link and for what is no link.

    `problem` is one of PROBLEMS, `warning` one of WARNINGS, `kind` one of the catalogue's kinds
    or "note" (text that is no place). `exact`: may stand alone in a notice.
    """

    verbatim: str
    canonical: str | None
    platform: str | None
    kind: str
    item: str | None = None
    problem: str | None = None
    exact: bool = False
    warning: str | None = None

    @property
    def is_link(self) -> bool:
        return self.canonical is not None

    @property
    def identity(self) -> str:
        """Equal for two places that are the same item; for merging and for exact search."""
        if self.platform and self.item:
            return f"{self.platform}:{self.kind}:{self.item}"
        return self.canonical or " ".join(self.verbatim.casefold().split())

    def found_as(self, verbatim: str) -> "Place":
        return self if verbatim == self.verbatim else replace(self, verbatim=verbatim)


@dataclass(frozen=True)
class Line:
    """One line of a pasted text, counted from 1, with what is in it."""

    number: int
    text: str
    places: tuple[Place, ...]

    @property
    def is_note(self) -> bool:
        return not self.places

    @property
    def needs_a_look(self) -> bool:
        return self.is_note or any(place.problem for place in self.places)


PROBLEMS = (
    "dangerous_scheme",
    "other_scheme",
    "userinfo",
    "lookalike",
    "homograph",
    "private_address",
    "bad_host",
    "too_long",
    "wrapped",
)
WARNINGS = (
    "community",
    "shortened",
    "unread_form",
    "no_form",
    "unknown_site",
    "folder",
    "cdn",
    "clone",
    "without_link",
)
