"""What a mandate covers: pure, so every combination can be tried."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cases.mandates import answer, covers, is_live, written
from cases.models import Mandate
from cases.states import MandateField, MandateForm, Purpose

DAY = date(2026, 11, 21)
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def mandate(**values: object) -> Mandate:
    known = {"form": "spoken", "given_on": DAY, "recorded_at": AT, "purposes": ["write"]}
    return Mandate(**{**known, **values})  # type: ignore[arg-type]


days = st.dates(DAY - timedelta(days=5), DAY + timedelta(days=5))
mandates = st.lists(
    st.builds(
        lambda purposes, refused, platforms, fields, form, given_on, length, withdrawn: mandate(
            purposes=purposes,
            refused=[each for each in refused if each not in purposes],
            platforms=platforms,
            fields=fields,
            form=form,
            given_on=given_on,
            until=given_on + timedelta(days=length) if length is not None else None,
            withdrawn_at=AT if withdrawn else None,
        ),
        st.lists(st.sampled_from(Purpose.values), max_size=3, unique=True),
        st.lists(st.sampled_from(Purpose.values), max_size=2, unique=True),
        st.lists(st.sampled_from(["x", "telegram"]), max_size=2, unique=True),
        st.lists(st.sampled_from(MandateField.values), max_size=2, unique=True),
        st.sampled_from(MandateForm.values),
        days,
        st.none() | st.integers(0, 5),
        st.booleans(),
    ),
    max_size=4,
)
asked = (
    st.sampled_from(Purpose.values),
    st.sampled_from(["x", "telegram", "slack"]),
    st.none() | st.sampled_from(MandateField.values),
    days,
)


@given(mandates, *asked)
def test_what_covers_really_allows_it(
    given_ones: list[Mandate], purpose: str, platform: str, field: str | None, on: date
) -> None:
    found = covers(given_ones, purpose, platform, field, on)
    if found is not None:
        assert is_live(found, on)
        assert purpose in found.purposes
        assert not found.platforms or platform in found.platforms
        assert field is None or field in found.fields


@given(mandates, *asked)
def test_withdrawing_everything_leaves_nothing_covered(
    given_ones: list[Mandate], purpose: str, platform: str, field: str | None, on: date
) -> None:
    for each in given_ones:
        each.withdrawn_at = AT
    assert covers(given_ones, purpose, platform, field, on) is None


@given(mandates, *asked)
def test_a_newer_no_ends_every_earlier_yes(
    given_ones: list[Mandate], purpose: str, platform: str, field: str | None, on: date
) -> None:
    no = mandate(purposes=[], refused=[purpose], given_on=on, recorded_at=AT + timedelta(hours=1))
    before = [each for each in given_ones if each.given_on <= on]
    assert covers([*before, no], purpose, platform, field, on) is None
    assert answer([*before, no], purpose, on) == "no"


@given(mandates, *asked)
def test_telling_a_field_needs_no_less_than_the_purpose_itself(
    given_ones: list[Mandate], purpose: str, platform: str, field: str | None, on: date
) -> None:
    if covers(given_ones, purpose, platform, field, on):
        assert covers(given_ones, purpose, platform, None, on)


@given(mandates, *asked)
def test_written_is_a_written_one_that_covers(
    given_ones: list[Mandate], purpose: str, platform: str, field: str | None, on: date
) -> None:
    found = written(given_ones, purpose, platform, on)
    if found is not None:
        assert found.form == MandateForm.WRITTEN
        assert covers(given_ones, purpose, platform, None, on) is not None


def test_a_later_spoken_yes_does_not_hide_the_written_one() -> None:
    paper = mandate(form="written", purposes=["copyright"])
    spoken = mandate(purposes=["copyright"], recorded_at=AT + timedelta(hours=1))
    assert written([spoken, paper], "copyright", "x", DAY) is paper


def test_no_platform_named_means_any() -> None:
    assert covers([mandate()], "write", "anything", None, DAY)
    assert covers([mandate(platforms=["x"])], "write", "telegram", None, DAY) is None


def test_the_last_day_still_counts_and_the_next_does_not() -> None:
    until = mandate(until=DAY)
    assert covers([until], "write", "x", None, DAY) is until
    assert covers([until], "write", "x", None, DAY + timedelta(days=1)) is None


def test_what_was_not_asked_is_neither_yes_nor_no() -> None:
    assert answer([mandate()], "police", DAY) == ""
    assert answer([mandate()], "write", DAY) == "yes"
