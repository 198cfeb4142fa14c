from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from core.deadlines import Span
from notices import law
from notices.law.addressees import ChannelFacts, PlatformFacts
from notices.law.catalogue import _build
from notices.law.clocks import strictest
from notices.law.model import Tick
from notices.management.commands.grounds import Command

SENT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
BRUSSELS = ZoneInfo("Europe/Brussels")


def channel(**facts):
    row = {
        "id": "c", "purpose": "ncii", "grounds": ["us-tida-s3"], "medium": "email",
        "address": "desk@platform.example", **facts,
    }  # fmt: skip
    return ChannelFacts.from_catalogue(row)


def by_key(dues):
    return {due.key: due for due in dues}


def test_every_ground_is_read_with_its_elements_and_sources():
    assert len(law.grounds()) == 22
    for ground in law.grounds():
        assert ground.source, ground.id
        assert all(element.ref for element in ground.elements), ground.id


def test_an_unknown_field_is_refused_with_its_row():
    with pytest.raises(ValueError, match="Tick fair_use: colour"):
        _build(Tick, {"key": "fair_use", "ref": "x", "colour": "red"})
    with pytest.raises(ValueError, match="ref"):
        _build(Tick, {"key": "fair_use"})


def test_the_search_variant_inherits_the_elements_and_replaces_only_the_location():
    c, d = law.ground("us-dmca-512c"), law.ground("us-dmca-512d")
    assert [e.key for e in d.elements] == [e.key for e in c.elements]
    assert d.element("location").ref == "512(d)(3)"
    assert d.element("signature") == c.element("signature")
    assert d.ticks == c.ticks
    assert d.statements == c.statements


def test_512g_belongs_to_hosted_material_and_is_not_inherited_by_the_search_variant():
    assert law.ground("us-dmca-512d").counter_procedure is None


@pytest.mark.parametrize("ground_id", ["fr-lcen", "nl-ntd", "de-ddg"])
def test_a_national_variant_rides_on_the_dsa(ground_id):
    ground = law.ground(ground_id)
    assert [e.ref for e in ground.elements] == ["16(2)(a)", "16(2)(b)", "16(2)(c)", "16(2)(d)"]
    assert "eu-dsa-16" in ground.served_as
    keys = [clock.key for clock in ground.clocks]
    assert keys.count("decision") == 1
    assert {"ack_nudge", "silence_escalation"} <= set(keys)


def test_a_ground_is_in_force_from_its_day_on():
    tida = law.ground("us-tida-s3")
    assert not tida.is_in_force(date(2026, 5, 18))
    assert tida.is_in_force(date(2026, 5, 19))
    assert not law.ground("eu-vaw-2024-1385").is_in_force(date(2027, 12, 1))


def test_perjury_stands_in_dmca_grounds_alone():
    for ground in law.grounds():
        if any(law.statement(name).under_penalty_of_perjury for name in ground.statements):
            assert ground.id.startswith("us-dmca-")


def test_perjury_covers_the_authority_and_not_the_accuracy():
    text = law.statement("dmca_authority").text
    accuracy, authority = text.split("and, under penalty of perjury,")
    assert "accurate" in accuracy
    assert "authorized to act on behalf of the owner" in authority


@pytest.mark.parametrize(
    ("state", "chosen"),
    [
        ("yes", "tida_process"),
        ("no", "tida_process_elsewhere"),
        ("unknown", "tida_process_elsewhere"),
        (None, "tida_process_elsewhere"),
    ],
)
def test_outside_the_platforms_process_the_tida_sentence_asks_where_it_is(state, chosen):
    ids = [one.id for one in law.sentences(law.ground("us-tida-s3"), state)]
    assert ids == ["tida_good_faith", chosen, "authority"]


def test_the_minimisation_answer_is_said_only_where_it_is_true():
    reply = law.statement("minimisation_reply")
    assert law.choosing.may_say(reply, law.ground("eu-dsa-16"))
    for untrue in ("eu-gdpr-17", "search-delist", "be-584", "us-dmca-512c"):
        assert not law.choosing.may_say(reply, law.ground(untrue))


def test_the_court_order_rebuttal_is_for_statutes_and_data_requests():
    rebuttal = law.statement("rebuttal_court_order")
    assert law.choosing.may_say(rebuttal, law.ground("us-tida-s3"))
    assert not law.choosing.may_say(rebuttal, law.ground("platform-terms"))


@pytest.mark.parametrize(
    ("country", "covers", "day", "offence"),
    [
        ("BE", "ncii_authentic", "2022-05-31", "be-371-1"),
        ("BE", "ncii_authentic", "2022-06-01", "be-417-9"),
        ("BE", "ncii_authentic", "2026-04-08", "be-417-9"),
        ("BE", "ncii_authentic", "2026-04-09", "be-new-code"),
        ("NL", "ncii_authentic", "2024-06-30", "nl-139h"),
        ("NL", "ncii_authentic", "2024-07-01", "nl-254ba"),
        ("IT", "ncii_synthetic", "2025-10-10", "it-612quater"),
        ("IT", "ncii_synthetic", "2025-10-09", "eu-gdpr-9"),
        ("PT", "ncii_authentic", "2026-01-01", "eu-gdpr-9"),
        ("GB", "ncii_authentic", "2024-01-30", "gb-cjca-33"),
        ("GB", "ncii_authentic", "2024-01-31", "gb-soa-66b"),
    ],
)
def test_the_offence_is_that_of_the_country_on_the_day_of_the_facts(country, covers, day, offence):
    assert law.offence_line(country, covers, date.fromisoformat(day)).id == offence


def test_a_country_outside_the_union_without_a_line_has_none():
    assert law.offence_line("JP", "ncii_authentic", date(2026, 1, 1)) is None
    assert law.offence_line("CA", "ncii_synthetic", date(2026, 1, 1)) is None


def test_a_dsa_notice_for_a_person_outside_the_union_rests_on_union_law():
    day = date(2026, 11, 1)
    for country in ("US", "GB", None):
        offence = law.offence_for(law.ground("eu-dsa-16"), country, "ncii_authentic", day)
        assert offence.id == "eu-gdpr-9"
    assert law.offence_for(law.ground("us-tida-s3"), "BE", "ncii_authentic", day) is None


def test_tida_runs_48_hours_from_sending_and_our_nudge_is_no_law():
    dues = by_key(
        law.clocks_from_sending(
            law.ground("us-tida-s3"), channel(starts_statutory_clock="yes"), SENT, "BE"
        )
    )
    assert set(dues) == {"removal", "nudge"}
    assert dues["removal"].at == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    assert dues["removal"].certain
    assert "by law (3(a)(3))" in dues["removal"].text
    assert dues["nudge"].basis == ""
    assert dues["nudge"].text == "Our own target: 24 hours"


def test_where_the_process_is_uncertain_the_48_hours_may_not_have_started():
    dues = by_key(
        law.clocks_from_sending(
            law.ground("us-tida-s3"), channel(starts_statutory_clock="unknown"), SENT, "BE"
        )
    )
    assert not dues["removal"].certain
    assert "may not have started" in dues["removal"].text
    assert "may not have started" not in dues["nudge"].text


def test_a_channel_that_does_not_start_the_statutory_clock_has_none():
    dues = law.clocks_from_sending(
        law.ground("us-tida-s3"), channel(starts_statutory_clock="no"), SENT, "BE"
    )
    assert [due.key for due in dues] == ["nudge"]


def test_what_a_platform_promises_itself_is_shown_as_its_own():
    promise = {"value": 48, "unit": "elapsed_hours", "source": "X"}
    dues = by_key(
        law.clocks_from_sending(
            law.ground("us-tida-s3"),
            channel(starts_statutory_clock="yes", self_declared_clock=promise),
            SENT,
            None,
        )
    )
    assert dues["self_declared"].kind == "self_declared"
    assert dues["self_declared"].text == "The platform's own page says 48 hours"


def test_the_dsa_gives_no_number_and_later_moments_do_not_start_with_sending():
    dues = by_key(law.clocks_from_sending(law.ground("eu-dsa-16"), None, SENT, "BE"))
    assert dues["decision"].at is None
    assert "gives no number" in dues["decision"].text
    assert "internal_complaint_window" not in dues
    assert "ods_decision" not in dues
    assert dues["silence_escalation"].last_day == date(2026, 11, 28)


def test_a_decision_opens_six_months_for_the_complaint():
    (due,) = law.clocks_from_moment(
        law.ground("eu-dsa-16"), "informed_of_decision", SENT, "BE", BRUSSELS
    )
    assert due.last_day == date(2027, 5, 21)
    assert due.at == datetime(2027, 5, 21, 22, 0, tzinfo=UTC)


def test_erasure_ends_on_a_working_day_of_her_country():
    sent = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    due = by_key(law.clocks_from_sending(law.ground("eu-gdpr-17"), None, sent, "BE"))["response"]
    # 25 December is a Friday and a holiday.
    assert due.last_day == date(2026, 12, 28)


def test_the_card_rule_is_a_contract_with_american_business_days():
    sent = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    (due,) = law.clocks_from_sending(law.ground("card-an5196"), None, sent, None)
    assert due.last_day == date(2026, 12, 2)
    assert "by contract" in due.text


def test_a_disputed_time_says_so():
    dues = law.clocks_from_sending(
        law.ground("in-it-3-2-b"), channel(starts_statutory_clock="yes"), SENT, "IN"
    )
    assert "disputed: 24 h" in dues[0].text


def test_policy_is_never_worded_as_law():
    for ground in law.grounds():
        for due in law.clocks_from_sending(ground, None, SENT, "BE"):
            if due.kind == "policy":
                assert due.basis == ""
                assert "law" not in due.text


def test_a_counter_notice_shows_the_earlier_first_day_and_the_later_last_one():
    dates = law.counter_dates(law.ground("us-dmca-512c"), date(2026, 11, 20))
    assert dates == {
        "restore_earliest": date(2026, 12, 4),
        "restore_latest": date(2026, 12, 11),
        "policy_decide_by": date(2026, 12, 2),
    }


def test_a_platform_that_restores_sooner_moves_the_first_day_only():
    ten_days = Span(10, "calendar_days")
    dates = law.counter_dates(law.ground("us-dmca-512c"), date(2026, 11, 20), ten_days)
    assert dates["restore_earliest"] == date(2026, 11, 30)
    assert dates["restore_latest"] == date(2026, 12, 11)
    assert law.counter_dates(law.ground("us-tida-s3"), date(2026, 11, 20)) == {}


def test_the_strictest_deadline_is_the_laws_not_ours():
    dues = law.clocks_from_sending(
        law.ground("us-tida-s3"), channel(starts_statutory_clock="yes"), SENT, None
    )
    assert strictest(dues).key == "removal"
    assert strictest(law.clocks_from_sending(law.ground("eu-dsa-16"), None, SENT, None)) is None


def test_a_channel_is_read_from_its_catalogue_row():
    tumblr = channel(
        max_items_per_notice={"value": 1, "source": "X"},
        geo_gate=["EU"],
        counter_notice_override={"restore_after": {"value": 10, "unit": "calendar_days"}},
        hint="of no use here",
    )
    assert tumblr.max_items == 1
    assert tumblr.restore_after == Span(10, "calendar_days")
    assert tumblr.is_open_to("BE", is_in_eu=True)
    assert not tumblr.is_open_to("US", is_in_eu=False)
    assert not replace(tumblr, address="to be confirmed").address_is_known


def test_a_platform_is_read_with_its_channels():
    row = {
        "key": "p", "name": "P", "hosts": ["p.example"], "eu_entity": {"name": "P Ireland"},
        "channels": [{"id": "c", "purpose": "ncii", "grounds": ["fr-lcen"], "medium": "email",
                      "address": "a@p.example"}],
    }  # fmt: skip
    platform = PlatformFacts.from_catalogue(row)
    assert platform.has_eu_entity
    assert not platform.is_gone
    assert [c.id for c in platform.channels_for(("fr-lcen", "eu-dsa-16"))] == ["c"]


def test_the_command_prints_one_line_a_ground_with_the_time_of_its_addressee():
    out = StringIO()
    call_command(Command(stdout=out))
    lines = out.getvalue().splitlines()
    assert len(lines) == 23
    table = {line.split()[0]: line for line in lines}
    assert "48 hours (statutory)" in table["us-tida-s3"]
    assert "timely" in table["eu-dsa-16"]
    assert "6 hours (statutory)" in table["be-584"]
    assert "72 hours (own target)" in table["platform-terms"]
