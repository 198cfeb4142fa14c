"""What a platform can answer: the closed list of `grounds/answers.yaml`, typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core import yaml_files

FILE = Path(__file__).resolve().parent / "grounds" / "answers.yaml"
# `answered` means by a person: a machine's receipt never counts as that.
BY_A_PERSON = "answered"
ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `sets` names the moments that it sets, `claims` what they say of the link.

    `opens` is what the portal does next, `params` what the filing person may add.
    """

    code: str
    family: str
    key: str
    label: str
    scope: str
    sets: tuple[str, ...]
    claims: str
    chase: str
    params: tuple[str, ...] = ()
    opens: str = ""
    reply: str = ""
    marks: str = ""

    @property
    def in_words(self) -> str:
        """Return what it is as a claim of theirs: "says removed" is not "removed"."""
        is_claim = self.family == "says_removed" and not self.label.startswith("says")
        return _("says %(what)s") % {"what": self.label} if is_claim else self.label

    @property
    def says_removed(self) -> bool:
        return self.opens == "check_now"

    def moments(self, *, is_automatic: bool) -> frozenset[str]:
        """Return the moments that this answer sets; an automatic one is a receipt, no answer."""
        if not is_automatic:
            return frozenset(self.sets)
        seen = {moment for moment in self.sets if moment != BY_A_PERSON}
        return frozenset(seen | ({ACKNOWLEDGED} if BY_A_PERSON in self.sets else set()))


@dataclass(frozen=True, slots=True)
class Family:
    id: str
    key: str
    label: str
    answers: tuple[Answer, ...]

    @property
    def at_once(self) -> Answer | None:
        """The answer that the family's key files without a second one: nothing is left to ask.

        Whether a receipt names a number is seen from the number.
        """
        if self.id == "auto_receipt" or len(self.answers) == 1:
            return self.answers[0]
        return None


def answer(code: str) -> Answer:
    """Return an answer. Raises KeyError for a code that is not on the list."""
    return answers()[code]


@cache
def answers() -> Mapping[str, Answer]:
    return {row["code"]: _answer(row) for row in _data()["answers"]}


@cache
def families() -> tuple[Family, ...]:
    return tuple(
        Family(
            row["id"],
            str(row["key"]),
            row["label"],
            tuple(one for one in answers().values() if one.family == row["id"]),
        )
        for row in _data()["families"]
    )


@cache
def next_steps() -> Mapping[str, str]:
    return dict(_data()["opens"])


def _answer(row: Mapping[str, Any]) -> Answer:
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in row.items()
    }
    return Answer(**values)


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = yaml_files.read(FILE)
    return data
