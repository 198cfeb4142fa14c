"""A composed letter: blocks, from which the mail, the PDF and the form's fields are rendered."""

from dataclasses import dataclass

LEAD, TITLE, SUBTITLE, HEADING, TEXT, STATEMENT = (
    "lead", "title", "subtitle", "heading", "text", "statement",
)  # fmt: skip
LIST, LINKS, FIELDS, SIGNATURE, MISSING = "list", "links", "fields", "signature", "missing"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, list or table. `key` names the part of the checklist that it serves.

    `rows` holds (label, value) pairs; in LINKS a label like `2.` begins the next place and any
    other names what helps to find it.
    """

    kind: str
    text: str = ""
    key: str = ""
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()

    @property
    def plain(self) -> str:
        if self.kind == MISSING:
            return f"[{self.text}]"
        if self.kind == LIST:
            return "\n".join(f"- {item}" for item in self.items)
        if self.kind == LINKS:
            return "\n".join(_place(label, value) for label, value in self.rows)
        if self.rows:
            return "\n".join(f"{label}: {value}" for label, value in self.rows)
        return "\n".join((self.text, *self.items)) if self.items else self.text


@dataclass(frozen=True, slots=True)
class Letter:
    """What leaves. `text` is the legal copy; `language` is the language it is really in."""

    code: str
    subject: str
    language: str
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        return "\n\n".join(block.plain for block in self.blocks) + "\n"

    @property
    def missing(self) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if block.kind == MISSING)

    @property
    def words(self) -> int:
        return len(self.text.split())

    def part(self, key: str) -> str:
        """Return the text of every block that serves one part, for a field of a form."""
        return "\n".join(block.plain for block in self.blocks if block.key == key)


def is_number(label: str) -> bool:
    """Tell whether a row of LINKS begins the next place."""
    return label.endswith(".") and label[:-1].isdigit()


def _place(label: str, value: str) -> str:
    return f"{label} {value}" if is_number(label) else f"   {label}: {value}"
