"""What a form meets that nobody wrote it for, and the forms of a page as a browser posts them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

MARKUP = '"><script>alert(1)</script>'
TEMPLATE = "{{ 7|add:7 }}{% debug %}{# #}"
FORMATS = "%s %(x)s %n {0} {x!r} ';--\\"
SCRIPTS = "Олена 王小明 أمل \u202egpj\u202c a\u200bb\ufeff e\u0301 👩\u200d👧"
TEXT = f"{MARKUP}{TEMPLATE}{FORMATS}{SCRIPTS}"
VALUES: dict[str, str] = {
    "empty": "",
    "everything": TEXT,
    "nul": "a\x00b",
    "line break": "a\r\nBcc: everybody@elsewhere.example\r\n\r\nb",
    "many digits": "9" * 5000,
    "big number": "99999999999999999999",
    "first day": "0001-01-01",
    "last minute": "9999-12-31 23:59",
    "just too long": "x" * 20_001,
}


@dataclass
class Form:
    """A form of a page: what its fields hold, and which of them take free text."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)

    def offer(self, name: str, value: str, *, chosen: bool) -> None:
        self.choices.setdefault(name, []).append(value)
        if chosen:
            self.values.setdefault(name, []).append(value)

    def filled(self, text: str) -> dict[str, list[str]]:
        """Return a plausible answer with `text` in every field that takes text."""
        said = {name: values for name, values in self.values.items() if any(values)}
        for name, offered in self.choices.items():
            said.setdefault(name, [next((one for one in offered if one), "")])
        return said | {name: [text] for name in self.texts}


class _Forms(HTMLParser):
    def __init__(self, here: str) -> None:
        super().__init__()
        self.here, self.found = here, list[Form]()
        self.open: Form | None = None
        self.name = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = said.get("action") or self.here
            self.open = Form(action, said.get("method", "get").lower())
            self.found.append(self.open)
        elif self.open is not None:
            self._control(self.open, tag, said)

    def _control(self, form: Form, tag: str, said: dict[str, str]) -> None:
        name, value = said.get("name", ""), said.get("value", "")
        if tag == "select":
            self.name = name
        elif tag == "option" and self.name:
            form.offer(self.name, value, chosen="selected" in said)
        elif tag == "textarea" and name:
            form.texts.append(name)
        elif tag == "input" and name:
            self._input(form, said.get("type", "text"), name, value, chosen="checked" in said)

    def _input(self, form: Form, kind: str, name: str, value: str, *, chosen: bool) -> None:
        if kind in ("radio", "checkbox"):
            form.offer(name, value, chosen=chosen)
        elif kind not in ("submit", "file"):
            form.values.setdefault(name, []).append(value)
            if kind != "hidden":
                form.texts.append(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        if tag == "select":
            self.name = ""


def forms_of(page: Any, here: str) -> Iterator[Form]:
    """Yield the forms of an answer that are posted."""
    reader = _Forms(here)
    reader.feed(page.content.decode())
    yield from (form for form in reader.found if form.method == "post")
