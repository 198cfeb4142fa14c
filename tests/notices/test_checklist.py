from dataclasses import replace
from datetime import date

import pytest

from notices import law
from notices.drafting import (
    Earlier,
    Forbidden,
    LinkFact,
    MandateFacts,
    Organisation,
    Signer,
    blocking,
    checklist,
    compose,
    lint,
    progress,
    warnings,
    why_not,
)
from notices.drafting.letter import Block, Letter
from notices.drafting.lint import normal
from notices.drafting.preflight import preflight_rows
from tests.notices.written import POST, TICKS, channel, facts, platform, to_platforms

GROUNDS = [ground.id for ground in to_platforms()]
NOBODY = Signer("", "Case worker")
PROFILE = LinkFact(url="https://pictures.example/anna", kind="profile", exact=False)


def rows_of(*args, **given):
    return {row.key: row for row in checklist(facts(*args, **given))}


def stops(*args, **given):
    return {row.key for row in blocking(checklist(facts(*args, **given)))}


@pytest.mark.parametrize("ground_id", GROUNDS)
def test_a_complete_notice_has_nothing_that_blocks(ground_id):
    rows = checklist(facts(ground_id))
    assert why_not(rows) == ""
    ready, all_parts = progress(rows)
    assert all_parts >= 3
    assert ready >= all_parts - 1


@pytest.mark.parametrize("ground_id", GROUNDS)
def test_each_row_has_the_words_of_the_law_and_its_place(ground_id):
    for row in checklist(facts(ground_id)):
        if row.group == "element":
            assert row.words
            assert row.ref
            assert row.filler
            assert row.anchor


TAKEN_AWAY = [
    ("us-tida-s3", "signature", {"signer": NOBODY}),
    ("us-tida-s3", "location", {"links": ()}),
    ("us-tida-s3", "nonconsent_statement", {"ticks": TICKS - {"tida_good_faith"}}),
    ("us-tida-s3", "context_facts", {"context": ()}),
    ("us-tida-s3", "contact", {"reply_address": ""}),
    ("us-dmca-512c", "signature", {"signer": NOBODY}),
    ("us-dmca-512c", "work_identification", {"work": None}),
    ("us-dmca-512c", "location", {"links": ()}),
    ("us-dmca-512c", "contact", {"reply_address": "not an address"}),
    ("us-dmca-512c", "good_faith_statement", {"ticks": TICKS - {"dmca_good_faith"}}),
    ("us-dmca-512c", "accuracy_authority_statement", {"ticks": TICKS - {"dmca_authority"}}),
    ("eu-dsa-16", "illegality_explanation", {"material": "threat"}),
    ("eu-dsa-16", "location", {"links": ()}),
    ("eu-dsa-16", "notifier_name_email", {"organisation": Organisation()}),
    ("eu-dsa-16", "bona_fide_statement", {"ticks": TICKS - {"dsa_bona_fide"}}),
    ("uk-osa-20a", "declares_good_faith_true", {"ticks": TICKS - {"uk_declaration"}}),
    ("eu-gdpr-17", "mandate", {"mandate": MandateFacts("spoken", date(2026, 11, 1))}),
    ("search-delist", "authority_explanation", {"mandate": None}),
    ("platform-terms", "nonconsent_statement", {"ticks": TICKS - {"nonconsent"}}),
]


@pytest.mark.parametrize(("ground_id", "key", "change"), TAKEN_AWAY)
def test_an_element_taken_away_is_missing_blocks_and_is_named(ground_id, key, change):
    rows = checklist(facts(ground_id, **change))
    row = next(row for row in rows if row.key == key and row.group == "element")
    assert row.state == "missing"
    assert row.blocks
    assert row.short in why_not(rows)


@pytest.mark.parametrize("ground_id", ["us-tida-s3", "us-dmca-512c", "eu-dsa-16"])
def test_no_element_of_the_law_is_forgotten_by_the_table_above(ground_id):
    tested = {key for ground, key, _ in TAKEN_AWAY if ground == ground_id}
    required = {e.key for e in law.ground(ground_id).elements if e.required_by == "law"}
    assert tested == required


@pytest.mark.parametrize("ground_id", ["us-dmca-512c", "us-dmca-512d"])
@pytest.mark.parametrize("tick", ["fair_use_considered", "who_pressed_the_button"])
def test_an_unconfirmed_copyright_question_blocks_and_is_never_printed(ground_id, tick):
    whole = facts(ground_id, ticks=TICKS - {tick})
    assert stops(ground_id, ticks=TICKS - {tick}) == {tick}
    assert "fair use" not in compose(whole).text


@pytest.mark.parametrize(
    ("given", "is_open"),
    [
        ({"self_taken": "yes"}, True),
        ({"self_taken": "no"}, False),
        ({"self_taken": "unsure"}, False),
        ({"self_taken": ""}, False),
        ({"self_taken": "no", "owner_mandate": MandateFacts("written", date(2026, 1, 1))}, True),
        ({"self_taken": "no", "owner_mandate": MandateFacts("spoken", date(2026, 1, 1))}, False),
        ({"self_taken": "yes", "mandate": MandateFacts("spoken", date(2026, 1, 1))}, False),
        ({"self_taken": "yes", "mandate": None}, False),
    ],
)
def test_copyright_needs_whoever_pressed_the_button_in_writing(given, is_open):
    assert (stops("us-dmca-512c", **given) == set()) is is_open


def test_a_notice_in_the_organisations_own_name_needs_no_mandate():
    assert stops("eu-dsa-16", mandate=None) == set()
    assert stops("us-tida-s3", mandate=None) == {"mandate"}


def test_a_mandate_that_ended_yesterday_blocks_at_the_claim():
    ending = MandateFacts("written", date(2026, 11, 1), until=date(2026, 11, 20))
    assert stops("us-tida-s3", mandate=ending) == {"mandate"}
    until_today = replace(ending, until=date(2026, 11, 21))
    assert stops("us-tida-s3", mandate=until_today) == set()


def test_the_pathway_for_minors_and_authorities_grounds_have_one_closed_row():
    assert stops(is_minor=True) == {"closed"}
    whole = facts()
    assert [row.key for row in checklist(replace(whole, ground_id="it-144bis"))] == ["closed"]


def test_a_role_or_a_house_cannot_sign():
    for name in ("Shelter Office", "Case worker", "team@office.example"):
        assert "signature" in stops(signer=Signer(name, "Case worker"))


def test_more_facts_than_the_law_wants_are_a_story_and_block():
    three = ("consent_never_given", "ex_partner", "hacked_account")
    assert "context_facts" in stops(context=three)


def test_only_a_profile_blocks_and_a_profile_beside_a_post_warns():
    assert stops(links=(PROFILE,)) == {"location"}
    rows = rows_of(links=(POST, PROFILE))
    assert not rows["location"].blocks
    assert rows["location"].state == "unsure"
    assert "defect.1.0" in rows


def test_a_dmca_notice_without_a_telephone_is_unsure_and_blocked_where_the_form_demands_it():
    office = Organisation("Shelter Office", "12 Example Street")
    assert rows_of("us-dmca-512c", organisation=office)["contact"].state == "unsure"
    assert stops("us-dmca-512c", organisation=office) == set()
    desk = channel(grounds=["us-dmca-512c"], purpose="copyright", platform_demands=["agent.phone"])
    assert stops("us-dmca-512c", organisation=office, channel=desk) == {"demand.agent.phone"}


def test_what_a_platform_demands_of_her_beyond_the_law_is_a_choice_never_a_block():
    desk = channel(platform_demands=["victim.legal_name", "victim.id_document"])
    rows = rows_of(channel=desk)
    for demand in ("victim.legal_name", "victim.id_document"):
        assert rows[f"demand.{demand}"].state == "unsure"
        assert rows[f"demand.{demand}"].level == "recommended"
    told = rows_of(channel=desk, disclosed={"legal_name": "Vera Example"})
    assert told["demand.victim.legal_name"].state == "ready"
    assert told["demand.victim.id_document"].state == "unsure"


def test_a_recommended_part_left_out_with_a_reason_warns_no_more():
    desk = channel(platform_demands=["victim.legal_name"])
    key = "demand.victim.legal_name"
    whole = facts(channel=desk, left_out={key: "she does not want it"})
    assert key not in {row.key for row in warnings(checklist(whole))}


def test_a_reason_never_unblocks_what_the_law_requires():
    assert "location" in stops(links=(), left_out={"location": "no time"})


def test_a_law_not_in_force_or_not_for_this_material_blocks():
    assert stops(on_day=date(2026, 5, 18), mandate=MandateFacts("spoken", date(2026, 5, 1))) == {
        "in_force"
    }
    assert "covers" in stops("eu-dsa-16", material="threat")


# The ten defects


def defects(whole, letter=None):
    return {row.key.split(".")[1]: row for row in preflight_rows(whole, letter or compose(whole))}


def wrong(**given):
    return defects(facts(**given))


@pytest.mark.parametrize("ground_id", ["us-tida-s3", "us-dmca-512c", "eu-dsa-16", "uk-osa-20a"])
def test_a_good_notice_has_none_of_the_ten_defects(ground_id):
    assert defects(facts(ground_id)) == {}


def test_defect_1_no_item_level_location_blocks():
    assert wrong(links=(PROFILE,))["1"].blocks


@pytest.mark.parametrize(
    "desk",
    [
        channel(grounds=["eu-dsa-16"]),
        channel(purpose="copyright"),
        channel(audience="authorities"),
        channel(audience="ngos"),
        channel(address="to be confirmed"),
        channel(address="looked up for each link", address_rule="rdap_abuse"),
    ],
)
def test_defect_2_the_wrong_channel_blocks(desk):
    assert wrong(channel=desk)["2"].blocks


def test_defect_2_ncii_to_the_copyright_agent_and_copyright_to_the_ncii_desk_block():
    desk = channel(grounds=["us-dmca-512c"], purpose="ncii")
    assert defects(facts("us-dmca-512c", channel=desk))["2"].blocks


def test_defect_2_a_shut_platform_or_no_channel_blocks():
    assert wrong(platform=platform(service_status="defunct"))["2"].blocks
    assert defects(replace(facts(), channel=None))["2"].blocks


def test_defect_2_an_address_found_for_this_notice_is_enough():
    desk = channel(address="looked up for each link")
    assert "2" not in wrong(channel=desk, address="abuse@host.example")


def test_defect_2_warns_where_the_clock_does_not_start_or_the_gate_is_closed():
    for desk in (channel(starts_statutory_clock="no"), channel(geo_gate=["US"])):
        row = wrong(channel=desk)["2"]
        assert not row.blocks
        assert row.warns


def test_defect_3_a_non_owner_warns_where_a_mandate_is_on_record():
    owner = MandateFacts("written", date(2026, 11, 1))
    row = defects(facts("us-dmca-512c", self_taken="no", owner_mandate=owner))["3"]
    assert row.warns


def test_defect_4_a_statement_changed_on_the_way_blocks():
    whole = facts()
    good = compose(whole)
    blocks = tuple(replace(b, text=b.text.replace("good faith", "firm")) for b in good.blocks)
    assert defects(whole, replace(good, blocks=blocks))["4"].blocks
    rows = checklist(whole, letter=replace(good, blocks=blocks))
    assert [row.key for row in blocking(rows)] == ["defect.4.0"]


def test_defect_5_no_authority_blocks():
    assert wrong(mandate=None)["5"].blocks


def test_defect_6_a_letter_without_a_signature_blocks():
    whole = facts()
    unsigned = Letter("K7Q4-2M-1", "s", "en", (Block("text", compose(whole).blocks[0].text),))
    assert defects(whole, unsigned)["6"].blocks
    assert wrong(ground_id="eu-dsa-16", signer=NOBODY)["6"].blocks
    assert stops("eu-dsa-16", signer=NOBODY) == {"defect.6.0"}


def test_defect_7_a_mailbox_that_nobody_reads_warns():
    assert wrong(reply_address="no-reply@office.example")["7"].warns
    assert wrong(channel=channel(email_verification_required=True))["7"].warns


def test_defect_8_bundles_and_repetitions_warn():
    two = (POST, replace(POST, url="https://pictures.example/post/2", workspace="b"))
    one_item = channel(max_items_per_notice={"value": 1, "source": "X"})
    assert wrong(links=two, channel=one_item)["8"].warns
    assert wrong(links=two, channel=channel(one_workspace_per_notice=True))["8"].warns
    assert wrong(links=(replace(POST, in_open_notice=True),))["8"].warns
    assert wrong(hours_since_last=71)["8"].warns
    assert "8" not in wrong(hours_since_last=72)


def test_defect_9_no_fact_and_no_article_warn():
    assert wrong(ground_id="eu-dsa-16", context=())["9"].warns
    assert wrong(ground_id="eu-dsa-16", country="BE")["9"].warns


@pytest.mark.parametrize(
    "given",
    [
        {"channel": channel(languages=["fr"])},
        {"language": "fr"},
        {"links": (replace(POST, looks_gone=True),)},
        {"links": (replace(POST, is_private=True),)},
        {"links": (replace(POST, kind="invite"),)},
    ],
)
def test_defect_10_what_they_do_not_process_warns(given):
    assert wrong(**given)["10"].warns


# Words


FREE = "other_language_free_60_chars"


def in_free_text(text, **given):
    return {row.key: row for row in checklist(facts(context=(FREE,), context_free=text), **given)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("this bastard published it", "insult"),
        ("she is naked in it", "description"),
        ("a sexual video", "description"),
        ("it is revenge porn", "wording"),
        ("she is the victim of this", "wording"),
        ("published on 03/04/2026", "date"),
    ],
)
def test_words_that_do_not_belong_warn_and_do_not_block(text, kind):
    row = in_free_text(text)[f"text.{kind}"]
    assert row.warns
    assert not row.blocks


def test_plain_words_have_no_findings():
    assert lint("It was taken from a stolen telephone on 3 April 2026.") == []


@pytest.mark.parametrize(
    "text", ["by Véra", "VERA said no", "it was vera.", "Vera-Maria", "V\u200bera said no"]
)
def test_her_name_in_free_text_blocks(text):
    known = Forbidden(words=["Vera", "Vera Maria Example"])
    assert in_free_text(text, forbidden=known)["text.name"].blocks


def test_her_name_is_found_by_digests_too():
    digests = Forbidden(digests={hash("vera example")}, digest=hash)
    assert in_free_text("published by vera EXAMPLE", forbidden=digests)["text.name"].blocks
    assert "text.name" not in in_free_text("vera said no", forbidden=digests)


def test_a_name_that_a_mandate_covers_only_warns():
    whole = facts(context=(FREE,), context_free="by Vera", disclosed={"legal_name": "Vera"})
    rows = {row.key: row for row in checklist(whole, forbidden=Forbidden(words=["Vera"]))}
    assert not rows["text.name"].blocks


def test_her_name_in_a_link_is_told_and_leaves_as_the_location():
    whole = facts(links=(replace(POST, url="https://pictures.example/vera/1"),))
    rows = {row.key: row for row in checklist(whole, forbidden=Forbidden(words=["Vera"]))}
    assert rows["text.link"].warns


def test_her_name_in_the_platforms_reference_blocks():
    earlier = Earlier("K7Q4-2M-0", date(2026, 11, 1), their_reference="Vera 17")
    rows = checklist(facts(earlier=earlier), forbidden=Forbidden(words=["Vera"]))
    assert [row.key for row in blocking(rows)] == ["text.reference"]


def test_free_text_of_more_than_sixty_characters_blocks():
    assert in_free_text("x" * 61)["text.length"].blocks
    assert "text.length" not in in_free_text("x" * 60)


def test_words_are_compared_without_marks_and_case():
    assert normal("Véra, MARÍA\u0301") == "vera maria"
