"""HTML to text, in one pass: no markup, style, script or picture comes through, and no address
but those of links."""

import re
from html import unescape

SKIPPED = {"script", "style", "head", "title", "svg", "math", "template", "object", "iframe"}
LINES = {
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main",
    "nav", "ol", "p", "pre", "section", "table", "tr", "ul",
}  # fmt: skip
PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "blockquote"}
TAG = re.compile(r"/?([a-zA-Z][a-zA-Z0-9:-]{0,40})")
LINK = re.compile(
    r"\bhref\s{0,9}=\s{0,9}(?:\"([^\"]{1,2000})\"|'([^']{1,2000})'|([^\s\"'>]{1,2000}))", re.I
)
TELLING = re.compile(r"https?://|mailto:", re.I)
ATTRIBUTE_BYTES = 4096
QUOTE_OR_END = re.compile(r"[>\"']")
BLANKS = re.compile(r"[ \t\r\f\v\u00a0]+")
SMALL = {capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}
# Stands before the depth of quotation from here on; no text contains it.
MARK = "\x00"


def to_text(html: str) -> str:
    """Return what a reader would read. A link is followed by its address where that says more."""
    return _Reader(html).text()


class _Reader:
    def __init__(self, html: str) -> None:
        self.html = html.replace(MARK, "")
        self.lower = self.html.translate(SMALL)
        self.at = 0
        self.pieces: list[str] = []
        self.quotes = 0
        self.link = ""
        self.link_begins = 0
        self.no_more: set[str] = set()

    def text(self) -> str:
        while self.at < len(self.html):
            begin = self.html.find("<", self.at)
            if begin < 0:
                begin = len(self.html)
            self._say(self.html[self.at : begin])
            self.at = begin
            if begin < len(self.html):
                self._tag()
        return _tidied("".join(self.pieces))

    def _say(self, text: str) -> None:
        if text:
            self.pieces.append(BLANKS.sub(" ", unescape(text).replace("\n", " ")))

    def _tag(self) -> None:
        if self.html.startswith("<!--", self.at):
            self.at = self._after("-->", self.at + 4)
            return
        name = TAG.match(self.html, self.at + 1)
        if name is None and self.html[self.at + 1 : self.at + 2] not in ("!", "?"):
            self.pieces.append("<")
            self.at += 1
            return
        end = self._end_of_tag(self.at + 1)
        tag = self.html[self.at : end]
        self.at = end
        if name is not None:
            self._obey(tag, name.group(1).lower(), closes=tag.startswith("</"))

    def _obey(self, tag: str, name: str, *, closes: bool) -> None:
        if name in SKIPPED and not closes and not tag.endswith("/>"):
            self.at = self._after_element(name)
        elif name == "a":
            self._link(tag, closes=closes)
        elif name == "img" and not closes or name in ("td", "th"):
            self.pieces.append(" ")
        elif name in LINES:
            self._line(name, closes=closes)

    def _line(self, name: str, *, closes: bool) -> None:
        if name == "blockquote":
            # Quoted text is marked as in plain mail, so that it is told apart from an answer.
            self.quotes = max(0, self.quotes + (-1 if closes else 1))
            self.pieces.append(f"\n\n{MARK}{self.quotes}\n")
        elif name == "hr":
            self.pieces.append("\n---\n")
        else:
            self.pieces.append("\n\n" if name in PARAGRAPHS else "\n")
            if name == "li" and not closes:
                self.pieces.append("- ")

    def _link(self, tag: str, *, closes: bool) -> None:
        if not closes:
            found = LINK.search(tag[:ATTRIBUTE_BYTES])
            address = unescape(next(filter(None, found.groups()))) if found else ""
            self.link = address if TELLING.match(address) else ""
            self.link_begins = len(self.pieces)
        elif self.link:
            said = "".join(self.pieces[self.link_begins :]).strip()
            if self.link.removeprefix("mailto:") not in said:
                self.pieces.append(f" <{self.link}>")
            self.link = ""

    def _end_of_tag(self, at: int) -> int:
        """Return where the tag ends: a `>` in quotes does not end it, if the quotes close."""
        while found := QUOTE_OR_END.search(self.html, at):
            if found.group() == ">":
                return found.end()
            closing = self._find(found.group(), found.end())
            at = closing + 1 if closing >= 0 else found.end()
        return len(self.html)

    def _after_element(self, name: str) -> int:
        """Return where the end tag of an unread element begins; here, if none ends it."""
        end = self._find(f"</{name}", self.at)
        return end if end >= 0 else self.at

    def _after(self, mark: str, start: int) -> int:
        found = self._find(mark, start)
        return found + len(mark) if found >= 0 else len(self.html)

    def _find(self, mark: str, start: int) -> int:
        """Find, and remember what is not there: looking for it again and again takes for ever."""
        if mark in self.no_more:
            return -1
        found = self.lower.find(mark, start)
        if found < 0:
            self.no_more.add(mark)
        return found


def _tidied(text: str) -> str:
    """Set the marks of quotation, and leave one empty line where there were many."""
    lines, quotes = list[str](), 0
    for line in text.split("\n"):
        if line.startswith(MARK):
            quotes = int(line.removeprefix(MARK))
            continue
        line = line.strip(" ")
        if line or (lines and lines[-1]):
            lines.append("> " * quotes + line if line else "")
    return "\n".join(lines).strip("\n")
