import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices import law
from notices.drafting import (
    Earlier,
    LinkFact,
    MandateFacts,
    Organisation,
    Signer,
    Speed,
    TemplateBroken,
    Work,
    available_grounds,
    compose,
    fill,
    leaves,
    sent_codes,
)
from notices.drafting.letter import MISSING
from notices.drafting.phrases import in_language, languages
from notices.drafting.rendering import clean, places
from notices.drafting.saying import statements_of
from notices.drafting.values import values_of
from tests.notices.written import (
    POST,
    channel,
    facts,
    platform,
    platforms,
    to_platforms,
)

GROUNDS = [ground.id for ground in to_platforms()]


def text_of(ground_id, **given):
    return compose(facts(ground_id, **given)).text


# The letters


@pytest.mark.parametrize("ground_id", GROUNDS)
def test_a_complete_notice_has_no_gap_and_fits_about_one_page(ground_id):
    letter = compose(facts(ground_id))
    assert letter.missing == ()
    assert letter.words < 380
    assert "{" not in letter.text


@pytest.mark.parametrize("ground_id", GROUNDS)
def test_every_element_of_a_ground_is_served_by_a_part_of_its_letter(ground_id):
    ground = law.ground(ground_id)
    plan = in_language("en")["plans"][ground_id]
    served = {key for section in plan["sections"] for key in section.get("refs", [])}
    expected = {element.key for element in ground.elements} - {"owner_name", "context_facts"}
    assert served >= expected


@pytest.mark.parametrize("ground_id", GROUNDS)
def test_a_firm_letter_says_what_follows_once_and_above_the_signature(ground_id):
    firm = compose(facts(ground_id, tone="firm"))
    assert [block.key for block in firm.blocks].count("firm") == 1
    assert firm.blocks[-1].key == "signature"
    assert firm.missing == ()


@pytest.mark.parametrize("ground_id", GROUNDS)
def test_every_statement_of_a_ground_stands_word_for_word(ground_id):
    whole = facts(ground_id)
    letter = compose(whole)
    values = values_of(whole, in_language("en"))
    for one in statements_of(whole):
        assert fill(one.text, values) in letter.text, one.id


def test_the_dmca_notice_has_all_six_elements_and_perjury_on_the_authority_alone():
    text = text_of("us-dmca-512c")
    for ref in ("(i)", "(ii)", "(iii)", "(iv)", "(v)", "(vi)"):
        assert f"512(c)(3)(A){ref}" in text
    assert text.count("penalty of perjury") == 1
    assert "under penalty of perjury, I am authorized to act on behalf of the owner" in text
    assert "self-portrait photograph taken by the person depicted on or about 3 May 2024" in text


@pytest.mark.parametrize("ground_id", [g for g in GROUNDS if not g.startswith("us-dmca-")])
def test_no_other_letter_speaks_of_perjury(ground_id):
    assert "perjury" not in text_of(ground_id)


def test_the_tida_notice_has_every_element_of_section_3a1b():
    text = text_of("us-tida-s3")
    for ref in ("(i)", "(ii)", "(iii)", "(iv)"):
        assert f"section 3(a)(1)(B){ref}" in text
    assert "good faith belief that the depiction identified above is not consensual" in text
    assert "Relevant information: The person depicted never agreed to the publication." in text


def test_the_dsa_notice_names_the_offence_and_the_four_elements():
    text = text_of("eu-dsa-16")
    for ref in ("(a)", "(b)", "(c)", "(d)"):
        assert f"Article 16(2){ref}" in text
    assert "Under the law of Italy this is illegal" in text
    assert "(art. 612-ter c.p.)" in text
    assert "First seen online: 19 November 2026." in text


def test_an_article_that_nobody_verified_is_told_in_words_alone():
    text = text_of("eu-dsa-16", country="BE")
    assert "non-consensual dissemination of sexual content, as punished" in text
    assert "None" not in text
    assert "()" not in text


def test_a_person_outside_the_union_has_the_line_of_union_law():
    assert "Under the law of the European Union this is illegal" in text_of(
        "eu-dsa-16", country="US"
    )


def test_synthetic_material_is_called_a_digital_forgery_under_the_us_act():
    text = text_of("us-tida-s3", material="ncii_synthetic", context=("synthetic",))
    assert "digital forgery (photograph)" in text


def test_a_search_engine_is_asked_as_a_search_engine():
    google = platform(channel(grounds=["uk-osa-20a"]), role="search_engine")
    text = text_of("uk-osa-20a", platform=google)
    assert "in your search results" in text


def test_what_is_missing_stands_in_place_as_a_gap_that_names_the_part():
    letter = compose(facts("us-tida-s3", ticks=frozenset()))
    assert [block.key for block in letter.missing] == ["nonconsent_statement"]
    assert "[Missing: good-faith statement that there was no consent]" in letter.text


def test_a_mandate_that_ended_says_nothing_more():
    over = MandateFacts("written", date(2026, 1, 1), until=date(2026, 6, 1))
    letter = compose(facts("us-tida-s3", mandate=over))
    assert [block.key for block in letter.missing] == ["authority"]
    assert "mandate given on" not in letter.text


def test_the_form_of_the_mandate_is_told_as_it_was_given():
    spoken = MandateFacts("spoken", date(2026, 11, 18))
    assert "under a spoken mandate given on 18 November 2026" in text_of(
        "us-tida-s3", mandate=spoken
    )


def test_each_link_keeps_its_exact_address_and_what_helps_to_find_it():
    url = "https://chat.example/archives/C01/p1700000000000001?thread_ts=1700000000.000100"
    link = LinkFact(url=url, exact=True, locators=(("Channel", "#general"),))
    place = LinkFact(exact=True, locators=(("Workspace", "acme"), ("Time", "2026-11-01 10:00")))
    text = text_of("eu-dsa-16", links=(link, place))
    assert f"1. {url}\n   Channel: #general\n" in text
    assert "2. Workspace: acme; Time: 2026-11-01 10:00\n" in text


def test_a_firm_tone_adds_what_follows_and_a_second_notice_names_the_first():
    firm = text_of("us-tida-s3", tone="firm")
    assert firm.index("What is asked") < firm.index("Federal Trade Commission")
    assert firm.index("Federal Trade Commission") < firm.index("Signature")
    assert "Federal Trade Commission" not in text_of("us-tida-s3")
    first = Earlier("K7Q4-2M-0", date(2026, 11, 1), their_reference="#99")
    text = text_of("us-tida-s3", tone="second", earlier=first)
    assert "The first, K7Q4-2M-0, was sent on 1 November 2026" in text
    assert "Your reference: #99" in text


def test_material_that_came_back_is_told_as_removed_before():
    earlier = Earlier("K7Q4-2M-0", date(2026, 11, 1), was_removed=True)
    text = text_of("eu-dsa-16", earlier=earlier)
    assert "You removed the same material before." in text
    assert "still available" not in text


def test_a_second_notice_without_a_first_shows_the_gap():
    letter = compose(facts("us-tida-s3", tone="second"))
    assert [block.key for block in letter.missing] == ["earlier"]


def test_outside_the_process_the_letter_asks_where_it_is():
    desk = channel(starts_statutory_clock="unknown")
    assert "If your notice and removal process is elsewhere" in text_of("us-tida-s3", channel=desk)


def test_a_channel_that_asks_by_what_authority_is_told():
    desk = channel(grounds=["platform-terms"], platform_demands=["notice.authority_explanation"])
    assert "acts for the person depicted under a written mandate" in text_of(
        "platform-terms", channel=desk
    )
    assert "mandate" not in text_of("platform-terms")


def test_the_subject_is_neutral_unless_the_channel_takes_only_its_own():
    assert compose(facts()).subject == "Notice K7Q4-2M-1 - removal request"
    desk = channel(subject_line="report of illegal content")
    assert compose(facts(channel=desk)).subject == "Notice K7Q4-2M-1 - report of illegal content"


def test_a_language_without_reviewed_letters_falls_back_to_english():
    assert languages() == ("en",)
    letter = compose(facts("eu-dsa-16", language="fr"))
    assert letter.language == "en"
    assert "bona fide belief" in letter.text


@pytest.mark.parametrize(
    ("made_on", "precision", "words"),
    [
        (date(2024, 5, 3), "day", "on or about 3 May 2024"),
        (date(2024, 5, 1), "month", "in or about May 2024"),
        (date(2024, 1, 1), "year", "in or about 2024"),
        (None, "day", "on a date on file with Shelter Office"),
    ],
)
def test_the_date_of_the_work_is_told_as_far_as_it_is_known(made_on, precision, words):
    work = Work("self_photo", made_on, precision)
    assert words in text_of("us-dmca-512c", work=work)


def test_several_works_are_a_representative_list():
    work = Work("self_photo", date(2024, 5, 3), several=True)
    assert "representative list" in text_of("us-dmca-512c", work=work)


def test_an_owners_name_leaves_only_where_demanded_and_covered():
    desk = channel(grounds=["us-dmca-512c"], purpose="copyright", platform_demands=["owner.name"])
    told = {"legal_name": "Vera Example"}
    assert "Owner of the copyright: Vera Example." in text_of(
        "us-dmca-512c", channel=desk, disclosed=told
    )
    assert "Vera" not in text_of("us-dmca-512c", disclosed=told)
    assert "Vera" not in text_of("us-dmca-512c", channel=desk)


# Rendering


PAYLOADS = [
    "{{ case.delete }}", "{% include 'x' %}", "{% debug %}", "{x.__init__.__globals__}", "${7*7}",
    "#{7*7}", "{org.__class__}", "{0}", "{}", "{org!r}", "{org:>10}", "%(org)s", "{{org}}",
    "{{{org}}}", "<% x %>", "{# x #}", "{%", "%}", "{settings}", "{self}", "{org", "org}",
    "{ org }", "{ORG}", "{org.name}", "{org[0]}", "`id`", "$(id)", "{{7*7}}", "{php}", "[[x]]",
    "{*x*}", "@{x}", "~{x}", "<#x>", "#set($x=1)", "{{#with x}}", "{{{{raw}}}}", "{%raw%}",
    "\\{org\\}",
]  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_users_words_are_never_a_template(payload):
    text = text_of(
        "us-tida-s3",
        organisation=Organisation(payload, payload, payload),
        signer=Signer(payload, payload),
        links=(replace(POST, locators=((payload, payload),)),),
        context=("other_language_free_60_chars",),
        context_free=payload[:60],
    )
    assert clean(payload) in text
    assert "Shelter" not in text


@pytest.mark.parametrize("template", [p for p in PAYLOADS if re.search(r"[{}]", p)])
def test_a_broken_sentence_is_refused_not_guessed(template):
    with pytest.raises(TemplateBroken):
        fill(template.replace("{org}", "{nobody}"), {"org": "x"})


def test_values_are_filled_in_one_pass():
    assert fill("{org} {code}", {"org": "{code}", "code": "K"}) == "{code} K"


@given(st.text(max_size=200))
def test_a_filled_value_is_one_visible_line(value):
    filled = fill("{org}", {"org": value})
    assert "\n" not in filled
    assert not set(filled) & set("\r\u2028\u2029\u202e\u2066\x00\x0b\x1b")


@given(st.text(alphabet="{}abcdefgor_. %$#", max_size=40))
def test_any_sentence_is_filled_or_refused(template):
    try:
        filled = fill(template, {"org": "OK"})
    except TemplateBroken:
        return
    assert "{" not in filled
    assert set(places(template)) <= {"org"}


def test_every_sentence_of_the_files_names_only_known_places():
    values = values_of(facts(), in_language("en"))
    for one in law.statements().values():
        assert set(places(one.text)) <= set(values), one.id
        assert set(places(one.text)) <= set(law.placeholders()), one.id
    for name, text in in_language("en")["texts"].items():
        assert set(places(text)) <= set(values), name


# The offers


def offers(speeds=None, **given):
    return available_grounds(facts(**given), speeds)


def of(key):
    return next(platform for platform in platforms() if platform.key == key)


def test_a_covered_platform_is_asked_under_the_take_it_down_act():
    found = offers(platform=of("reddit"), country="US")
    assert found.recommended.ground_id == "us-tida-s3"
    assert "48 hours by law" in found.recommended.deadline
    assert "Reddit must remove within 48 hours of a valid request" in found.recommended.reasons


def test_what_is_closed_says_why_in_words():
    closed = {one.ground_id: one.reason for one in offers(platform=of("slack")).closed}
    assert closed["us-tida-s3"].startswith("disputed whether a workplace tool")
    assert closed["fr-lcen"] == "It is for a person who lives in: FR"
    assert closed["card-an5196"] == "No channel of Slack for it is known"
    assert closed["search-delist"] == "It is for search engines only"


@pytest.mark.parametrize(("key", "word"), [("wickr", "shut down"), ("anon-ib", "seized")])
def test_a_platform_that_is_gone_takes_nothing(key, word):
    found = offers(platform=of(key))
    assert found.recommended is None
    assert found.possible == ()
    assert all(word in one.reason for one in found.closed)


def test_the_pathway_for_minors_closes_every_ordinary_ground():
    found = offers(platform=of("reddit"), is_minor=True)
    assert found.recommended is None
    assert found.possible == ()


def test_a_law_not_in_force_on_that_day_is_closed():
    found = offers(platform=of("reddit"), on_day=date(2026, 5, 18))
    closed = {one.ground_id: one.reason for one in found.closed}
    assert closed["us-tida-s3"] == "In force from 2026-05-19 only"


def test_cloudflare_is_no_covered_platform():
    closed = {one.ground_id: one.reason for one in offers(platform=of("cloudflare")).closed}
    assert "us-tida-s3" in closed


def all_offers(found):
    return [one for one in (found.recommended, *found.possible) if one]


@pytest.mark.parametrize("one", platforms(), ids=lambda one: one.key)
@pytest.mark.parametrize("country", ["US", "IT", "GB", None])
def test_copyright_is_never_the_recommendation(one, country):
    found = offers(platform=one, country=country, self_taken="yes")
    assert found.recommended is None or "dmca" not in found.recommended.ground_id


@pytest.mark.parametrize(
    ("self_taken", "owner", "is_open"),
    [
        ("yes", None, True),
        ("no", None, False),
        ("no", MandateFacts("spoken", date(2026, 11, 1)), False),
        ("no", MandateFacts("written", date(2026, 11, 1)), True),
        ("unsure", None, True),
    ],
)
def test_copyright_is_for_whoever_pressed_the_button(self_taken, owner, is_open):
    found = offers(platform=of("reddit"), self_taken=self_taken, owner_mandate=owner)
    dmca = {one.ground_id: one for one in all_offers(found)}.get("us-dmca-512c")
    assert (dmca is not None) is is_open
    if self_taken == "unsure":
        assert "who took the picture" in dmca.missing
    if dmca:
        assert dmca.privacy == "high"


def test_a_form_for_other_countries_warns_and_ranks_lower():
    found = offers(platform=of("x"), country="IT")
    tida = {one.ground_id: one for one in all_offers(found)}["us-tida-s3"]
    assert "Their form asks for people in: US" in tida.reasons
    assert found.recommended.ground_id != "us-tida-s3"
    assert offers(platform=of("x"), country="US").recommended.ground_id == "us-tida-s3"


def test_a_country_not_asked_yet_does_not_close_the_door():
    found = offers(platform=of("x"), country=None)
    assert found.recommended.ground_id == "us-tida-s3"
    assert "Their form asks for people in: US" in found.recommended.reasons


def test_an_address_that_nobody_confirmed_is_offered_as_such():
    found = offers(platform=of("discord"), country="IT")
    dsa = {one.ground_id: one for one in all_offers(found)}["eu-dsa-16"]
    assert dsa.address_to_confirm
    assert "A coordinator confirms the address first" in dsa.reasons


def test_a_missing_mandate_is_told_as_missing_and_ranks_below_what_is_ready():
    found = offers(platform=of("reddit"), country="US", mandate=None)
    tida = {one.ground_id: one for one in all_offers(found)}["us-tida-s3"]
    assert tida.missing == ("what the person agreed to",)
    assert found.recommended.ground_id == "eu-dsa-16"


def test_our_own_speed_counts_from_ten_on_and_decides_between_equals():
    slow, fast = Speed(90.0, 12), Speed(5.0, 12)
    one = platform(channel(grounds=["eu-dsa-16", "platform-terms"]))
    found = offers({"eu-dsa-16": slow, "platform-terms": fast}, platform=one)
    assert found.recommended.ground_id == "platform-terms"
    assert found.recommended.speed == "Half were gone within 5 hours (n = 12)"
    few = offers({"eu-dsa-16": slow, "platform-terms": Speed(5.0, 9)}, platform=one)
    assert few.recommended.ground_id == "eu-dsa-16"


def test_the_channel_for_synthetic_material_is_for_that_alone():
    google = of("google-search")
    found = offers(platform=google, material="ncii_synthetic")
    chosen = {one.ground_id: one.channel_id for one in all_offers(found)}
    assert chosen["search-delist"] == "google-search-fake"
    found = offers(platform=google)
    chosen = {one.ground_id: one.channel_id for one in all_offers(found)}
    assert chosen["search-delist"] == "google-search-ncii"


def test_grounds_of_authorities_are_not_ours_to_offer():
    found = offers(platform=of("reddit"))
    ids = {one.ground_id for one in (*all_offers(found), *found.closed)}
    assert not ids & {"it-144bis", "be-584", "au-osa-77", "minor-hotline", "adult-hash-stopncii"}


# What leaves


def fates(**given):
    return {row.code: row for row in leaves(facts(**given))}


def test_by_default_nothing_about_the_person_leaves_but_the_chosen_fact():
    rows = fates(ground_id="us-tida-s3")
    hers = {code for code, row in rows.items() if row.about_person and not row.stays_here}
    assert hers == {"context"}
    assert rows["org.name"].to_platform == "sent"
    assert rows["org.name"].uploader == "not_sent"


def test_a_copyright_notice_may_be_passed_on_and_published():
    desk = channel(
        grounds=["us-dmca-512c"], purpose="copyright", forwards_complainant_data="yes",
        platform_demands=["owner.name"], publishes_owner_name=True,
    )  # fmt: skip
    rows = fates(ground_id="us-dmca-512c", channel=desk, disclosed={"legal_name": "Vera Example"})
    assert rows["agent.name"].uploader == "sent"
    assert rows["person.name"].to_platform == "sent"
    assert rows["person.name"].public == "sent"
    assert rows["person.name"].note == "Agreed on 2026-11-18, in writing"


def test_a_demand_without_a_mandate_stays_unanswered_and_says_so():
    desk = channel(platform_demands=["victim.legal_name"])
    row = fates(channel=desk)["person.name"]
    assert row.stays_here
    assert "not told without a mandate" in row.note


def test_the_ledger_lists_what_left_by_code():
    assert sent_codes(facts("eu-dsa-16")) == [
        "links", "context", "org.name", "agent.name", "org.postal", "org.phone", "agent.email",
    ]  # fmt: skip


def test_a_gap_is_never_sent_as_such():
    assert MISSING not in {block.kind for block in compose(facts()).blocks}
