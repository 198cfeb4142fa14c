"""One mistake for each rule: (rule, file, text that stands there, text put in its place, id)."""

import re
from dataclasses import dataclass

from platforms.catalogue import files
from platforms.catalogue.files import DataFile


@dataclass(frozen=True)
class Planted:
    rule: int
    stem: str
    before: str
    after: str
    id: str

    def __str__(self) -> str:
        return f"rule {self.rule}, {self.id}"


def _texts() -> dict[str, str]:
    return {
        stem: (folder / f"{stem}.yaml").read_text()
        for folder, stems in files.NAMES.items()
        for stem in stems
    }


TEXTS = _texts()
SOUND = {stem: files.parse(f"{stem}.yaml", text) for stem, text in TEXTS.items()}


def with_mistake(planted: Planted) -> dict[str, DataFile]:
    """All files, the planted one changed in its first fitting place."""
    text = TEXTS[planted.stem]
    assert planted.before in text
    roots = {**SOUND, planted.stem: _parsed(planted.stem, _changed(text, planted))}
    return {stem: DataFile(f"{stem}.yaml", root, stem) for stem, root in roots.items()}


def line_of(planted: Planted) -> int:
    return TEXTS[planted.stem].partition(planted.before)[0].count("\n") + 1


def sound() -> dict[str, DataFile]:
    return {stem: DataFile(f"{stem}.yaml", root, stem) for stem, root in SOUND.items()}


def _changed(text: str, planted: Planted) -> str:
    return text.replace(planted.before, planted.after, 1)


def _parsed(stem: str, text: str) -> files.Row:
    return files.parse(f"{stem}.yaml", text)


def emptied(text: str, key: str) -> str:
    """The text with everything below `key` gone."""
    return re.sub(rf"(?ms)^{key}:\n.*\Z", f"{key}: []\n", text)


MISTAKES = [
    Planted(1, "sources", "schema_version: 2", "schema_version: 1", "the file"),
    Planted(1, "grounds", "  name: DMCA notice\n", "  nmae: DMCA notice\n", "us-dmca-512c"),
    Planted(1, "platforms", "- {id: slack-in-app,", "- {id: slack-integrity,", "slack-integrity"),
    Planted(1, "answers", "{code: ticket_assigned,", "{code: ack_auto,", "ack_auto"),
    Planted(
        2, "platforms", "chase: send, conf: high", "chase: often, conf: high", "slack-integrity"
    ),
    Planted(2, "platforms", 'account_required: "yes"', "account_required: yes", "slack-in-app"),
    Planted(2, "grounds", 'process: "no"', "process: no", "us-dmca-512c"),
    Planted(
        3, "platforms", "source: [SLACK-HELP, SLACK-FR]", "source: [NOBODY]", "slack-integrity"
    ),
    Planted(3, "grounds", "  ladder: us-dmca\n", "  ladder: us-nothing\n", "us-dmca-512c"),
    Planted(3, "benchmarks", "platforms: [facebook,", "platforms: [friendster,", "seed-fgm-24-72"),
    Planted(4, "offences", "source: [VLEX]", "source: []", "be-371-1"),
    Planted(
        4, "platforms", "SLACK-FR], seen: 2026-11-21", "SLACK-FR], seen: null", "slack-integrity"
    ),
    Planted(4, "platforms", "2027-02-19}", "2027-02-20}", "slack-integrity"),
    Planted(4, "grounds", "review_after: 2027-11-21", "review_after: 2027-11-23", "us-dmca-512c"),
    Planted(5, "offences", "from: 2020-07-01", 'from: "July 2020"', "be-371-1"),
    Planted(5, "authorities", "country: NL,", "country: nl,", "nl-acm"),
    Planted(5, "platforms", "geo_gate: [US]", "geo_gate: [Usa]", "x-tida"),
    Planted(
        6, "platforms", "note: may hand the request", "note: 198.51.100.7 may hand", "slack-aup"
    ),
    Planted(6, "statements", 'from: "name of the org', 'from: "/home/anna/name of the org', "org"),
    Planted(
        6, "sources", "Complaints to the ACM in 2024", "Snapshot 20240512 of the ACM", "ACM-ART"
    ),
    Planted(7, "background", "  WICKR: the end of Wickr Me\n", "", "sources"),
    Planted(7, "background", "  WICKR:", "  WICKER:", "background"),
    Planted(
        8,
        "grounds",
        "value: 72, unit: elapsed_hours, starts",
        "unit: elapsed_hours, starts",
        "us-dmca-512c",
    ),
    Planted(8, "grounds", 'elapsed_hours, basis: "3(a)(3)"', "elapsed_hours", "us-tida-s3"),
    Planted(8, "grounds", "business_days, calendar: US", "business_days", "card-an5196"),
    Planted(8, "grounds", "text: expeditiously, ", "", "us-dmca-512c"),
    Planted(
        8, "ladders", "kind: policy, value: 30,", 'kind: policy, basis: "3", value: 30,', "tida-ftc"
    ),
    Planted(8, "grounds", "roll_calendar: case_country, ", "", "eu-gdpr-17"),
    Planted(
        9,
        "statements",
        "perjury: false\n  translatable_to: []\n  source: [TIDA]",
        "perjury: true\n  translatable_to: []\n  source: [TIDA]",
        "us-tida-s3",
    ),
    Planted(
        10,
        "grounds",
        'ref: "3(a)(1)(B)(i)", subject: agent',
        'ref: "3(a)(1)(B)(i)", subject: victim',
        "us-tida-s3",
    ),
    Planted(11, "grounds", 'ref: "512(c)(3)(A)(i)", ', "", "us-dmca-512c"),
    Planted(
        11, "grounds", "statement_id: tida_good_faith", "statement_id: nonconsent", "us-tida-s3"
    ),
    Planted(12, "grounds", "minors_route: false", "minors_route: true", "us-dmca-512c"),
    Planted(
        13, "grounds", "inherits_elements: eu-dsa-16", "inherits_elements: us-tida-s3", "fr-lcen"
    ),
    Planted(14, "grounds", "tida_process, authority]", "tida_process]", "us-tida-s3"),
    Planted(15, "grounds", "  no_channel: no address", "  note: no address", "in-it-3-2-b"),
    Planted(16, "statements", "of {org} acts", "of {charity} acts", "authority"),
    Planted(16, "statements", "org: {subject: org", "org: {subject: victim", "org"),
    Planted(
        16, "statements", "  only_when: {victim_identity.name: none}\n", "", "minimisation_reply"
    ),
    Planted(17, "platforms", "  ended_on: 2018-04-25\n", "", "anon-ib"),
    Planted(17, "platforms", "service_status: live", "service_status: defunct", "slack-integrity"),
    Planted(18, "platforms", "hosts: [x.com,", "hosts: [X.com,", "x"),
    Planted(18, "platforms", "hosts: [x.com,", "hosts: [slack.com, x.com,", "x"),
    Planted(18, "platforms", "/archives/[A-Z0-9]+$'}", "/archives/[A-Z0-9+$'}", "slack"),
    Planted(
        18,
        "platforms",
        "{kind: invite, regex: '^https://join",
        "{kind: invite, regex: 'https://join",
        "slack",
    ),
    Planted(18, "platforms", "/c/\\d+$'}", "/c/\\d+.*$'}", "telegram"),
    Planted(
        18,
        "platforms",
        "{kind: invite, regex: '^https://join",
        "{kind: door, regex: '^https://join",
        "slack",
    ),
    Planted(
        19,
        "platforms",
        "{id: slack-aup, purpose: ncii",
        "{id: slack-aup, purpose: dpo",
        "slack-aup",
    ),
    Planted(
        20,
        "platforms",
        "purpose: copyright, grounds: [us-dmca-512c]",
        "purpose: copyright, grounds: [eu-dsa-16]",
        "slack-dmca",
    ),
    Planted(
        20,
        "platforms",
        "purpose: dsa_illegal, grounds: [eu-dsa-16]",
        "purpose: dsa_illegal, grounds: []",
        "slack-integrity",
    ),
    Planted(20, "platforms", "grounds: [minor-hotline]", "grounds: [platform-terms]", "tg-csam"),
    Planted(21, "platforms", "audience: authorities, ", "", "slack-le"),
    Planted(
        21,
        "platforms",
        "audience: authorities, forwards_complainant_data: unknown, chase: never",
        "audience: authorities, forwards_complainant_data: unknown, chase: propose",
        "slack-le",
    ),
    Planted(
        22,
        "platforms",
        'was found; Slack names feedback@ and dpo@ for them", conf: low',
        'was found", conf: high',
        "slack-dsa-open",
    ),
    Planted(
        22,
        "platforms",
        "address: to be confirmed, forwards_complainant_data: unknown, chase: propose",
        "address: to be confirmed, forwards_complainant_data: unknown, chase: send",
        "slack-dsa-open",
    ),
    Planted(
        23, "platforms", 'address: "https://telegram.org/dsa-report"', "address: the form", "tg-dsa"
    ),
    Planted(
        23,
        "platforms",
        "address: integrity@slack.com",
        "address: integrity at slack",
        "slack-integrity",
    ),
    Planted(
        23,
        "platforms",
        "medium: in_app, address: Report on the message or channel, account_required: "
        '"yes", forwards_complainant_data: unknown, chase: propose',
        "medium: in_app, address: Report on the message or channel, account_required: "
        '"yes", forwards_complainant_data: unknown, chase: send',
        "tg-in-app",
    ),
    Planted(
        24,
        "platforms",
        'notice.workspace_url], starts_statutory_clock: "yes"',
        "notice.workspace_url]",
        "slack-dpo",
    ),
    Planted(
        24,
        "platforms",
        "chase: send, note: may hand",
        "starts_statutory_clock: unknown, chase: send, note: may hand",
        "slack-aup",
    ),
    Planted(
        25,
        "platforms",
        "rule: choose the option that keeps the report confidential",
        "note: choose the option",
        "ph-removal",
    ),
    Planted(26, "platforms", "min_gap_hours: 168", "min_gap_hours: 12", "x-dsa"),
    Planted(26, "platforms", "{value: 1, source: DISCORD-TIDA}", "{value: 1}", "discord-tida"),
    Planted(
        27,
        "platforms",
        'no_route: {uk-osa-20a: "services for internal business use are exempt '
        '(Schedule 1, from memory)", ',
        "no_route: {",
        "slack",
    ),
    Planted(27, "platforms", "dsc: be-bipt", "dsc: be-apd", "telegram"),
    Planted(28, "ladders", "{id: tida-ftc, step: 2", "{id: tida-ftc, step: 0", "tida-ftc"),
    Planted(28, "ladders", "{step_done: tida-ftc}", "{step_done: tida-nothing}", "tida-state-ag"),
    Planted(
        28,
        "ladders",
        "{clock: nudge, state: reached}",
        "{clock: nagging, state: reached}",
        "tida-reminder",
    ),
    Planted(28, "ladders", "when: [{always: true}]", "when: [{clock: nudge}]", "tida-fbi"),
    Planted(
        28, "authorities", "role: hotline, country: SE", "role: hotline, country: IS", "authorities"
    ),
    Planted(29, "answers", "{id: other, key: 8", "{id: other, key: 9", "the file"),
    Planted(
        29,
        "answers",
        "family: auto_receipt, key: b",
        "family: auto_receipt, key: a",
        "ticket_assigned",
    ),
    Planted(
        29,
        "answers",
        "sets: [answered, decided], claims: gone",
        "sets: [answered, seen_gone], claims: gone",
        "removed",
    ),
    Planted(29, "answers", "claims: delisted", "claims: gone", "delisted"),
    Planted(
        29, "answers", "reply: rebuttal_no_violation", "reply: a_kind_word", "refused_no_violation"
    ),
    Planted(29, "answers", "opens: add_ticket}", "opens: a_window}", "ticket_assigned"),
    Planted(30, "offences", "until: 2022-05-31", "until: 2022-05-30", "be-417-9"),
    Planted(30, "offences", "until: 2022-05-31", "until: 2022-06-30", "be-417-9"),
    Planted(30, "offences", "until: 2022-05-31", "until: 2019-05-31", "be-371-1"),
    Planted(30, "offences", "country: EU,", "country: IS,", "the file"),
    Planted(30, "offences", '   words: "showing or', '   boundary: "showing or', "be-371-1"),
    Planted(31, "benchmarks", "source: TIDA, year: 2026,", "source: TIDA,", "tida-48"),
    Planted(31, "benchmarks", "low: 24, high: 72", "low: 24", "seed-fgm-24-72"),
    Planted(
        32,
        "statements",
        "placeholders:\n",
        "placeholders:\n  day: {subject: notice, from: day}\n",
        "placeholders",
    ),
    Planted(32, "ladders", "texts:\n", "texts:\n  poem: letter\n", "texts"),
    Planted(
        33,
        "examples",
        "platform: slack, kind: message}",
        "platform: slack, kind: file}",
        "the file",
    ),
    Planted(33, "platforms", "to: x.com}", "to: x.example}", "the file"),
]
