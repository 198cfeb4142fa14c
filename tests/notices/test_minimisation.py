"""No notice tells more about the person than the mandate covers and the channel demands."""

import itertools
import random
import subprocess
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.errors import RuleBroken
from notices import letters
from notices.drafting import compose, leaves, only_mandated
from notices.drafting.facts import COVERED_DEMANDS
from notices.letters import Envelope
from tests.notices.written import facts, platforms, to_platforms

CANARIES = {
    "legal_name": "Canaria Legalis",
    "owner_name": "Canaria Possessor",
    "alias": "canaria-alias",
    "email": "canaria@person.example",
    "phone": "+32 499 00 11 22",
    "postal": "77 Canary Wharf Lane",
    "age_statement": "canaria is 31",
    "account_names": "@canaria_account",
}
SUBSETS = [
    frozenset(subset)
    for size in range(len(CANARIES) + 1)
    for subset in itertools.combinations(CANARIES, size)
]
ENVELOPE = Envelope(
    "Casework team", "casework@office.example", "desk@platform.example",
    "r-0123456789abcdef0123456789abcdef@reply.example", "<k7q4.1@office.example>",
    datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
)  # fmt: skip


def pairs():
    """Yield every channel of every platform with every ground that it serves."""
    for platform in platforms():
        for ground in to_platforms():
            for channel in platform.channels_for(ground.served_as):
                yield platform, ground, channel


PAIRS = list(pairs())


def written(platform, ground, channel, covered, self_taken="yes"):
    return facts(
        ground.id,
        platform=platform,
        channel=channel,
        self_taken=self_taken,
        disclosed=only_mandated(CANARIES, covered),
    )


def may_be_told(channel, covered, self_taken):
    """Say, without asking the program, what may leave: demanded here, and covered by a mandate."""
    demanded = set(channel.platform_demands)
    items = set()
    if demanded & {"victim.legal_name", "requester.identity"}:
        items.add("legal_name")
    if "owner.name" in demanded:
        items.add("legal_name" if self_taken == "yes" else "owner_name")
    return {CANARIES[item] for item in items & set(covered)}


def everything_sent(whole):
    letter = compose(whole)
    try:
        mail = letters.render_mail(letter, ENVELOPE, b"%PDF-1.7").decode("ascii")
    except RuleBroken:
        mail = ""
    fields = letters.form_fields(letter, whole, whole.channel)
    form = "\n".join(f"{field.label} {field.value} {field.why}" for field in fields)
    return "\n".join((letter.subject, letter.text, mail.replace("=\r\n", ""), form))


def test_every_live_platform_is_looked_at():
    assert len({platform.key for platform, _, _ in PAIRS}) >= 20
    assert len(PAIRS) >= 100
    assert len(SUBSETS) == 256


def holds(platform, ground, channel, subsets):
    for covered, self_taken in itertools.product(subsets, ("yes", "no")):
        whole = written(platform, ground, channel, covered, self_taken)
        allowed, sent = may_be_told(channel, covered, self_taken), everything_sent(whole)
        assert {canary for canary in CANARIES.values() if canary in sent} <= allowed


IDS = [f"{c.id}-{g.id}" for _, g, c in PAIRS]
FEW = [frozenset(), frozenset({"legal_name"}), frozenset(CANARIES)]


@pytest.mark.parametrize(("platform", "ground", "channel"), PAIRS, ids=IDS)
def test_notice_contains_only_mandated_items(platform, ground, channel):
    holds(platform, ground, channel, FEW)


def test_every_set_of_mandated_items_is_kept_to_by_a_channel_that_demands_names():
    platform, ground, channel = next(p for p in PAIRS if "owner.name" in p[2].platform_demands)
    holds(platform, ground, channel, SUBSETS)


@pytest.mark.long
@pytest.mark.parametrize(("platform", "ground", "channel"), PAIRS, ids=IDS)
def test_notice_contains_only_mandated_items_of_every_set(platform, ground, channel):
    holds(platform, ground, channel, SUBSETS)


def test_a_field_that_no_mandate_covers_never_reaches_the_facts():
    assert only_mandated(CANARIES, {"alias"}) == {"alias": CANARIES["alias"]}
    assert only_mandated(CANARIES, set()) == {}


def test_the_name_is_told_where_both_hold_and_the_table_says_so():
    demanding = [(p, g, c) for p, g, c in PAIRS if set(c.platform_demands) & set(COVERED_DEMANDS)]
    assert demanding
    for platform, ground, channel in demanding:
        whole = written(platform, ground, channel, {"legal_name"})
        assert CANARIES["legal_name"] in everything_sent(whole)
        row = {one.code: one for one in leaves(whole)}["person.name"]
        assert row.to_platform == "sent"
        bare = replace(whole, disclosed={})
        assert CANARIES["legal_name"] not in everything_sent(bare)
        assert {one.code: one for one in leaves(bare)}["person.name"].stays_here


def test_another_owners_name_is_told_only_by_that_owners_mandate():
    platform, ground, channel = next(
        (p, g, c) for p, g, c in PAIRS if "owner.name" in c.platform_demands
    )
    hers = written(platform, ground, channel, {"legal_name"}, self_taken="no")
    assert CANARIES["legal_name"] not in everything_sent(hers)


def printed(whole, tmp_path):
    content = letters.render_pdf(compose(whole))
    path = tmp_path / letters.pdf_name(whole.code)
    path.write_bytes(content)
    commands = (["pdftotext", "-raw", path, "-"], ["pdfinfo", path], ["pdfinfo", "-meta", path])
    told = [
        subprocess.run(command, capture_output=True, text=True, check=True).stdout
        for command in commands
    ]
    return " ".join(" ".join((path.name, *told)).split())


def holds_for_the_pdf(samples, tmp_path):
    draw = random.Random(20261121)
    for _ in range(samples):
        (platform, ground, channel), covered = draw.choice(PAIRS), draw.choice(SUBSETS)
        self_taken = draw.choice(["yes", "no"])
        text = printed(written(platform, ground, channel, covered, self_taken), tmp_path)
        allowed = may_be_told(channel, covered, self_taken)
        assert {canary for canary in CANARIES.values() if canary in text} <= allowed


def test_the_pdf_its_metadata_and_its_name_tell_no_more(tmp_path, real_press):
    holds_for_the_pdf(12, tmp_path)


@pytest.mark.long
def test_two_hundred_pdfs_tell_no_more(tmp_path, real_press):
    holds_for_the_pdf(200, tmp_path)
