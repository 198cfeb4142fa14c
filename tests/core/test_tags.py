"""What the built-in tags write into pages."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django import forms
from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from cases.states import CaseStatus, CheckResult
from core import icons, messages, statuses
from core.forms import BaseForm
from core.templatetags import recourse
from notices.states import DeliveryState, NoticeStatus

AT = datetime(2026, 11, 21, 14, 2, tzinfo=UTC)


def rendered(source: str, **context: Any) -> str:
    return Template(source).render(Context({"at": AT, **context}))


def test_a_pill_says_the_word_in_the_colour_of_its_family() -> None:
    html = rendered('{% pill "link" "online" %}')
    assert "Still online" in html
    assert "pill-over" in html


def test_a_pill_always_pairs_its_drawing_with_a_word() -> None:
    for kind, states in statuses.KINDS.items():
        for state, look in states.items():
            html = rendered("{% pill kind state %}", kind=kind, state=state)
            assert str(look.word).replace("'", "&#x27;") in html
            assert 'aria-hidden="true"' in html


def test_a_pill_for_an_undescribed_state_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        rendered('{% pill "case" "lost" %}')


def test_every_family_and_drawing_that_states_use_exists() -> None:
    for states in statuses.KINDS.values():
        for look in states.values():
            assert look.family in statuses.FAMILIES
            assert look.icon in icons.NAMES


def test_every_stored_state_has_a_pill() -> None:
    assert set(CaseStatus.values) <= set(statuses.CASE)
    assert set(NoticeStatus.values) <= set(statuses.NOTICE)
    assert set(DeliveryState.values) <= set(statuses.DELIVERY)
    assert set(CheckResult.values) <= set(statuses.LINK)


def test_a_statutory_deadline_that_passed_is_late() -> None:
    html = rendered("{% deadline_chip due %}", due=AT - timedelta(hours=31))
    assert "31 h late" in html
    assert "chip-over" in html


def test_a_target_of_ones_own_is_never_called_late() -> None:
    html = rendered('{% deadline_chip due kind="policy" %}', due=AT - timedelta(hours=31))
    assert "past our target" in html
    assert "late" not in html


def test_a_chip_carries_the_full_date_and_the_elapsed_share_without_a_style() -> None:
    html = rendered(
        "{% deadline_chip due start=start %}",
        due=AT + timedelta(hours=12),
        start=AT - timedelta(hours=36),
    )
    assert 'title="Sunday 22 November 2026, 02:02 UTC"' in html
    assert 'class="fill" width="75"' in html
    assert "style=" not in html


def test_no_deadline_shows_no_chip() -> None:
    assert rendered("{% deadline_chip due %}", due=None) == ""


def test_a_moment_stands_in_the_readers_zone() -> None:
    with timezone.override("Europe/Brussels"):
        html = rendered("{% moment value %}", value=AT)
    assert ">21 Nov 15:02</time>" in html
    assert 'datetime="2026-11-21T14:02:00+00:00"' in html


def test_a_moment_of_another_year_says_the_year() -> None:
    assert ">21 Nov 2025, 14:02<" in rendered("{% moment value %}", value=AT.replace(year=2025))


def test_since_counts_in_words() -> None:
    assert ">12 days<" in rendered("{% since value %}", value=AT - timedelta(days=12, hours=3))


def test_a_code_stays_in_one_piece_and_left_to_right() -> None:
    assert rendered('{{ "K7Q4-2M"|code }}') == '<bdi dir="ltr" class="code">K7Q4-2M</bdi>'


def test_a_link_can_neither_be_clicked_nor_opened_by_pasting() -> None:
    html = rendered("{{ url|defang }}", url="https://x.com/a/status/1")
    assert "<a" not in html
    assert "hxxps://x.com/a/status/1" in html


def test_a_long_link_keeps_its_host_and_its_end() -> None:
    html = rendered("{{ url|defang:32 }}", url="https://x.com/somebody/status/1820000000000000207")
    assert "hxxps://x.com/" in html
    assert "0207<" in html
    assert "…" in html


def test_markup_in_a_link_is_shown_as_text() -> None:
    assert "<script" not in rendered("{{ url|defang:0 }}", url="https://x.com/<script>")


def test_free_text_loses_every_openable_address_and_nothing_else() -> None:
    text = "See http://a.example and HTTPS://b.example, not httpbin"
    assert rendered("{{ text|defang_text }}", text=text) == (
        "See hxxp://a.example and hxxpS://b.example, not httpbin"
    )


def test_veiled_text_is_asked_for_by_a_post() -> None:
    html = rendered('{% veil "/cases/K7Q4-2M/name/" "Show the name" %}', csrf_token="t")
    assert 'method="post" action="/cases/K7Q4-2M/name/"' in html
    assert 'aria-expanded="false"' in html


def test_the_pager_keeps_the_filters_of_the_page() -> None:
    class Page:
        previous_cursor, next_cursor = "", "abc"

    request = RequestFactory().get("/notices/", {"state": "late"})
    html = rendered("{% keyset_pager page %}", page=Page(), request=request)
    assert "?state=late&amp;cursor=abc" in html
    assert "Previous" not in html


def test_a_list_of_one_page_has_no_pager() -> None:
    class Page:
        previous_cursor = next_cursor = ""

    assert "<nav" not in rendered("{% keyset_pager page %}", page=Page())


class AskForm(BaseForm):
    name = forms.CharField(label="What shall we call you?")
    answer = forms.ChoiceField(
        label="Is it safe?", choices=[("y", "Yes")], widget=forms.RadioSelect
    )


def test_the_error_summary_links_to_the_first_control_of_each_field() -> None:
    html = rendered("{% error_summary form %}", form=AskForm({}))
    assert "There is a problem" in html
    assert 'href="#id_name"' in html
    assert 'href="#id_answer_0"' in html


def test_a_form_without_errors_has_no_summary() -> None:
    assert "problem" not in rendered("{% error_summary form %}", form=AskForm())


@pytest.mark.parametrize(
    ("tags", "url"),
    [
        ("undo:/cases/K7Q4-2M/undo/", "/cases/K7Q4-2M/undo/"),
        ("", ""),
        ("undo:https://elsewhere.example/", ""),
        ("undo://elsewhere.example/", ""),
    ],
)
def test_undo_posts_only_to_this_site(tags: str, url: str) -> None:
    assert messages.undo_url(Message(25, "Done.", extra_tags=tags)) == url


def test_a_tagged_pill_takes_only_known_colours() -> None:
    with pytest.raises(ValueError, match="no such family"):
        recourse.tagged("pink", "tick", "Words")
