"""The numbers under which a platform keeps a notice, as they stand in a subject or a text."""

import re
from collections.abc import Iterable, Iterator

from core.codes import CASE_CODE

LONGEST_LINE = 1000
MOST = 8
LONGEST_TEXT = 20_000
_NUMBER = r"(?P<number>[A-Za-z0-9][A-Za-z0-9_/.-]{1,38}[A-Za-z0-9])"
# A word that stands for such a number by itself.
_STRONG = "|".join((
    r"ticket(?:nummer|[- ]?(?:number|id|no\.?|nr\.?|ref))?",
    r"case(?:[- ]?(?:number|id|no\.?|ref))?",
    r"incident(?:[- ](?:number|id))?", r"tracking (?:number|id|code)",
    r"ref(?:\.|erence)?(?:[- ](?:number|id|no\.?|nr\.?|code))?",
    r"(?:report|request|complaint|notice|enquiry|inquiry|submission|notification)"
    r"[- ](?:number|id|no\.?|ref(?:erence)?)",
    r"vorgang(?:s(?:nummer|-?nr\.?))?", "aktenzeichen", r"az\.?", "fallnummer",
    "bearbeitungsnummer", "referenznummer", "meldungsnummer",
    r"zaak(?:nummer|nr\.?)?", r"dossier(?:nummer)?", "kenmerk", r"referentie(?:nummer)?",
    "meldingsnummer", "meldnummer",
    "référence", r"réf\.?", "code de suivi",
    r"numéro de (?:ticket|dossier|suivi|demande|référence|signalement|cas)",
    "riferimento", r"rif\.?", "pratica", r"codice (?:pratica|segnalazione|di riferimento)",
    r"numero (?:di|della) (?:pratica|ticket|riferimento|segnalazione|richiesta|caso)",
    "referencia", "expediente", "caso",
    r"número de (?:caso|ticket|referencia|seguimiento|expediente|solicitud|incidencia|reporte)",
    r"número de denuncia",
))  # fmt: skip
# A word that does only where a long number follows.
_WEAK = "|".join((
    "report", "request", "complaint", "enquiry", "inquiry", "submission", "demande", "signalement",
    "plainte", "segnalazione", "richiesta", "melding", "verzoek", "klacht", "meldung", "anfrage",
    "beschwerde", "solicitud", "denuncia", "queja", "incidencia", "reporte",
))  # fmt: skip
_BETWEEN = (
    r"\s{0,3}(?:(?:n[°º.]|nº|no\.|nr\.?|num\.?|number|nummer|numéro|número|id|#)\s{0,2})?"
    r"(?:(?:is|was|est(?: le)?|ist|lautet|es(?: el)?|è(?: il)?|is now)\s|[:#=]\s{0,3})?"
    r"\s{0,2}#?[(\[]?"
)
_LABELLED = re.compile(rf"(?<![\w])(?:{_STRONG}){_BETWEEN}{_NUMBER}", re.I)
_LOOSELY = re.compile(
    rf"(?<![\w])(?:{_WEAK}){_BETWEEN}(?P<number>[A-Za-z]{{0,4}}[-_]?\d[\d-]{{3,20}}\d)", re.I
)
_NUMERO = re.compile(
    r"(?<!\w)(?:n[°º]|nº)\s{0,2}(?P<number>[A-Za-z]{0,4}[-_]?\d[\d/-]{2,20}\d)", re.I
)
_HASH = re.compile(r"(?<![\w&/#.=-])#(?P<number>[A-Za-z]{0,6}-?\d[A-Za-z0-9-]{2,24})")
_BRACKETED = re.compile(r"\[(?:[A-Za-z]{2,16}[:#\s]{1,3}#?)?(?P<number>[A-Za-z0-9_-]{3,40})\]")
_LINK = re.compile(r"(?:https?|hxxps?)://\S{1,900}|\S{1,200}@\S{1,200}", re.I)
_NOTICE = re.compile(rf"{CASE_CODE.pattern}(?:-\d{{1,4}})?", re.I)
_DATE = re.compile(
    r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d\d|(?:19|20)\d\d"
)
_LAW = re.compile(r"(?:19|20)\d\d/\d{2,4}")


def find(subject: str, text: str) -> tuple[str, ...]:
    """Return the numbers of a mail, those of the subject first, each once, at most eight."""
    found: dict[str, str] = {}
    for number in (*_in_subject(subject[:LONGEST_LINE]), *_in_text(text[:LONGEST_TEXT])):
        found.setdefault(number.casefold(), number)
        if len(found) == MOST:
            break
    return tuple(found.values())


def _in_subject(subject: str) -> Iterator[str]:
    yield from _of(subject, (_BRACKETED, _LABELLED, _HASH, _LOOSELY, _NUMERO))


def _in_text(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        yield from _of(line[:LONGEST_LINE], (_LABELLED, _HASH, _LOOSELY, _NUMERO))


def _of(line: str, ways: Iterable[re.Pattern[str]]) -> Iterator[str]:
    plain = _LINK.sub(" ", line)
    for way in ways:
        for match in way.finditer(plain):
            number = match["number"].strip("-_/.")
            if _is_number(number):
                yield number


def _is_number(number: str) -> bool:
    """Tell a ticket from a year, a date, a law, one of our own codes or a word."""
    if not 3 <= len(number) <= 40 or sum(char.isdigit() for char in number) < 2:
        return False
    return not any(wrong.fullmatch(number) for wrong in (_NOTICE, _DATE, _LAW))
