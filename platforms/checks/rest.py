"""Rules 28 to 34: ladders, answers, offences, benchmarks, examples, counts."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from platforms.catalogue.files import Row, entries
from platforms.recognise import Grammar, recognise

from .base import Catalogue, Mistake, rule
from .law import used_placeholders
from .platforms import TO_BE_CONFIRMED

EU = (
    *("AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE"),
    *("IT", "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE"),
)
NEVER_GONE = ("removed_geo", "delisted")
FORMS = (
    {"clock", "state"},
    {"silent_for"},
    {"answer"},
    {"link"},
    {"fact"},
    {"country"},
    {"within"},
    {"step_done"},
    {"moment", "missing"},
    {"any_of"},
    {"always"},
)


@rule(28)
def ladders_can_be_climbed(catalogue: Catalogue) -> Iterator[Mistake]:
    done = {step.get("id") for step, _ladder in catalogue.steps}
    for ladder in catalogue.rows("ladders"):
        yield from _out_of_order(catalogue, ladder)
        for row in _conditions(ladder):
            if set(row) not in FORMS:
                yield catalogue.wrong(28, row, None, f"{sorted(row)} is no condition")
            if "step_done" in row and row["step_done"] not in done:
                yield catalogue.wrong(28, row, "step_done", f"{row['step_done']} is no step")
    yield from _unknown_clocks(catalogue)
    yield from _missing_authorities(catalogue)


def _out_of_order(catalogue: Catalogue, ladder: Row) -> Iterator[Mistake]:
    """Steps that may be taken beside others have no order among them."""
    waiting = [step for step in entries(ladder.get("steps")) if not step.get("together")]
    for before, after in pairwise(waiting):
        if int(after.get("step") or 0) < int(before.get("step") or 0):
            yield catalogue.wrong(28, after, "step", "stands after a later step")


def _conditions(ladder: Row) -> Iterator[Row]:
    for step in entries(ladder.get("steps")):
        for row in entries(step.get("when")):
            yield row
            yield from entries(row.get("any_of"))
    yield from entries(ladder.get("applies_when"))


def _unknown_clocks(catalogue: Catalogue) -> Iterator[Mistake]:
    ladders = {row.get("id"): row for row in catalogue.rows("ladders")}
    for ground in catalogue.rows("grounds"):
        if ground.get("addressee") == "authority":
            continue
        clocks = catalogue.clocks_of(ground)
        ladder = ladders.get(ground.get("ladder"))
        while ladder is not None:
            for row in _conditions(ladder):
                if "clock" in row and row["clock"] not in clocks:
                    yield catalogue.wrong(
                        28, row, "clock", f"{ground.get('id')} has no clock {row['clock']}"
                    )
            base = ladders.get(ladder.get("extends"))
            ladder = base if base is not ladder else None


def _missing_authorities(catalogue: Catalogue) -> Iterator[Mistake]:
    table = catalogue.table("authorities")
    known = {(row.get("role"), row.get("country")) for row in table.values()}
    for role in ("dsc", "dpa", "hotline"):
        for country in EU:
            if (role, country) not in known:
                yield catalogue.wrong(28, table, None, f"no {role} of {country}")


@rule(29)
def answers_fit_their_families(catalogue: Catalogue) -> Iterator[Mistake]:
    root = catalogue.root("answers")
    keys = [row.get("key") for row in entries(root.get("families"))]
    if sorted(map(str, keys)) != [str(n) for n in range(1, 9)]:
        yield catalogue.wrong(29, root, "families", f"keys are {keys}, not 1 to 8")
    seconds = Counter((a.get("family"), a.get("key")) for a in catalogue.rows("answers"))
    statements = {row.get("id") for row in catalogue.rows("statements")}
    for answer in catalogue.rows("answers"):
        for key, text in _answer_faults(answer, seconds, statements, root):
            yield catalogue.wrong(29, answer, key, text)
    used = {answer.get("opens") for answer in catalogue.rows("answers")}
    for name in set(root.get("opens") or ()) - used:
        yield catalogue.wrong(29, root["opens"], name, f"no answer opens {name}")


def _answer_faults(
    answer: Row, seconds: Counter[tuple[object, object]], statements: set[object], root: Row
) -> Iterator[tuple[str, str]]:
    if seconds[answer.get("family"), answer.get("key")] > 1:
        yield "key", f"second key {answer.get('key')} stands twice in its family"
    if "seen_gone" in (answer.get("sets") or ()):
        yield "sets", "no answer sets seen gone: a person or a check does"
    if answer.get("code") in NEVER_GONE and answer.get("claims") == "gone":
        yield "claims", "never counts as gone"
    if answer.get("reply", None) not in {None, *statements}:
        yield "reply", f"{answer['reply']} is no statement"
    if answer.get("opens", None) not in {None, *(root.get("opens") or ())}:
        yield "opens", f"{answer['opens']} is not declared"


@rule(30)
def offences_follow_each_other(catalogue: Catalogue) -> Iterator[Mistake]:
    lines: dict[tuple[object, str], list[Row]] = {}
    for row in catalogue.rows("offences"):
        yield from _offence_faults(catalogue, row)
        for kind in row.get("covers") or ():
            lines.setdefault((row.get("country"), kind), []).append(row)
    for (country, kind), rows in lines.items():
        yield from _gaps(catalogue, f"{country}, {kind}", rows)
    if not any(country == "EU" for country, _kind in lines):
        yield catalogue.wrong(30, catalogue.root("offences"), None, "there is no line for EU")


def _offence_faults(catalogue: Catalogue, row: Row) -> Iterator[Mistake]:
    start, end = row.get("from"), row.get("until")
    if isinstance(start, date) and isinstance(end, date) and start > end:
        yield catalogue.wrong(30, row, "until", "ends before it begins")
    if row.get("article") is None and not row.get("warning"):
        yield catalogue.wrong(30, row, "article", "no article and no warning")
    if not row.get("words"):
        yield catalogue.wrong(30, row, None, "words are missing")


def _gaps(catalogue: Catalogue, where: str, rows: list[Row]) -> Iterator[Mistake]:
    dated = [row for row in rows if isinstance(row.get("from"), date)]
    for before, after in pairwise(sorted(dated, key=lambda row: row["from"])):
        end = before.get("until") or date.max - timedelta(days=1)
        if after["from"] != end + timedelta(days=1):
            what = "overlaps with" if after["from"] <= end else "leaves a gap after"
            yield catalogue.wrong(30, after, "from", f"{where}: {what} {before.get('id')}")


@rule(31)
def benchmarks_say_what_they_are(catalogue: Catalogue) -> Iterator[Mistake]:
    for row in catalogue.rows("benchmarks"):
        if len({"year", "period", "month"} & row.keys()) != 1:
            yield catalogue.wrong(31, row, None, "needs one of year, period, month")
        wanted = {"low", "high"} if row.get("statistic") == "range" else {"figure"}
        if {"low", "high", "figure"} & row.keys() != wanted:
            yield catalogue.wrong(31, row, "statistic", f"needs {' and '.join(sorted(wanted))}")
        for key in ("unit", "definition"):
            if not row.get(key):
                yield catalogue.wrong(31, row, None, f"{key} is missing")


@rule(32)
def nothing_is_declared_in_vain(catalogue: Catalogue) -> Iterator[Mistake]:
    placeholders = catalogue.table("statements", "placeholders")
    for name in placeholders.keys() - used_placeholders(catalogue):
        yield catalogue.wrong(32, placeholders, name, f"no statement uses {{{name}}}")
    texts = catalogue.table("ladders", "texts")
    for name in texts.keys() - {step.get("text") for step, _ladder in catalogue.steps}:
        yield catalogue.wrong(32, texts, name, f"no step uses {name}")


@rule(33)
def examples_are_read_as_stated(catalogue: Catalogue) -> Iterator[Mistake]:
    grammar = Grammar(catalogue.root("platforms"))
    for example in catalogue.rows("examples"):
        text = str(example.get("text"))
        wanted = (example.get("platform"), example.get("kind"), example.get("canonical", text))
        read = [(p.platform, p.kind, p.canonical) for p in recognise(text, grammar)]
        if read != [wanted]:
            yield catalogue.wrong(33, example, "text", f"{text} is read as {read}")
        elif [p.canonical for p in recognise(wanted[2], grammar)] != [wanted[2]]:
            yield catalogue.wrong(33, example, "text", f"{wanted[2]} is no fixed point")


@rule(34)
def nothing_is_empty(catalogue: Catalogue) -> Iterator[Mistake]:
    for name, count in counts(catalogue).items():
        if not count and name != "to be confirmed":
            file = "platforms" if name == "channels" else name
            yield catalogue.wrong(34, catalogue.root(file), None, f"there are no {name}")


def counts(catalogue: Catalogue) -> dict[str, int]:
    """How much there is, in the order in which it is printed."""
    addresses = [channel.get("address") for channel, _platform in catalogue.channels]
    return {
        "platforms": len(catalogue.rows("platforms")),
        "channels": len(addresses),
        "to be confirmed": addresses.count(TO_BE_CONFIRMED),
        "grounds": len(catalogue.grounds),
        "authorities": len(catalogue.table("authorities")),
        "offences": len(catalogue.rows("offences")),
        "ladders": len(catalogue.rows("ladders")),
        "answers": len(catalogue.rows("answers")),
        "benchmarks": len(catalogue.rows("benchmarks")),
    }
