"""What every form of the product does with empty, enormous and strange input."""

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms

from accounts.models import Team
from core.forms import LONG_TEXT, SHORT_TEXT, BaseForm


class NoteForm(BaseForm):
    name = forms.CharField(label="What shall we call you?", help_text="Any name.", max_length=40)
    note = forms.CharField(label="What happened?", widget=forms.Textarea, required=False)
    safe = forms.ChoiceField(
        label="Is it safe?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
        required=False,
    )
    number = forms.IntegerField(label="How many?", required=False)
    mail = forms.EmailField(label="Where do answers go?", required=False)


def test_empty_required_field_gets_a_sentence() -> None:
    form = NoteForm({})
    assert form.errors == {"name": ["Fill this in, so that the next step can work."]}


def test_enormous_text_is_told_its_limit_and_its_length() -> None:
    form = NoteForm({"name": "a" * 41})
    assert form.errors["name"] == ["Shorten this to 40 characters. It has 41 now."]


def test_a_field_without_a_limit_has_one_all_the_same() -> None:
    class Bare(BaseForm):
        line = forms.CharField(required=False)
        area = forms.CharField(widget=forms.Textarea, required=False)

    form = Bare({"line": "a" * (SHORT_TEXT + 1), "area": "a" * (LONG_TEXT + 1)})
    assert set(form.errors) == {"line", "area"}


def test_the_browser_never_cuts_a_paste() -> None:
    assert "maxlength" not in str(NoteForm()["name"])


@pytest.mark.parametrize("broken", ["a\x00b", "a\ud800b", "\udfff"])
def test_text_that_no_database_keeps_is_refused_in_a_sentence(broken: str) -> None:
    form = NoteForm({"name": broken})
    assert "broken character" in form.errors["name"][0]


@pytest.mark.parametrize(
    "text",
    [
        "😀👩‍👩‍👧",
        "שלום عليكم",
        "z\u0335a\u0336lgo",
        "zero\u200bwidth\u2060joined",
        "‮reversed",
        "'; DROP TABLE cases; --",
        "<script>alert(1)</script>",
        "{{ settings.SECRET_KEY }}",
        "=HYPERLINK(1)",
    ],
)
def test_foreign_and_hostile_text_is_kept_as_typed(text: str) -> None:
    form = NoteForm({"name": text, "note": text})
    assert form.is_valid()
    assert form.cleaned_data["note"] == text


def test_answers_that_were_not_offered_get_a_sentence() -> None:
    form = NoteForm({"name": "M", "safe": "perhaps", "number": "many", "mail": "nowhere"})
    assert form.errors == {
        "safe": ["Choose one of the answers shown."],
        "number": ["Write a whole number, for example 12."],
        "mail": ["Write one e-mail address, for example name@organisation.example."],
    }


def test_no_sentence_blames_anybody() -> None:
    form = NoteForm({"name": "", "safe": "x", "number": "x", "mail": "x"})
    text = " ".join(error for errors in form.errors.values() for error in errors).lower()
    assert not {"invalid", "oops", "!", "illegal", "ensure"} & set(text.split())


def test_help_and_error_stand_between_label_and_input() -> None:
    html = render_crispy_form(NoteForm({"name": "a" * 41}))
    parts = ('for="id_name"', "Any name.", '"id_name_error"', 'name="name"')
    order = [html.index(part) for part in parts]
    assert order == sorted(order)


def test_help_and_error_are_tied_to_the_input() -> None:
    html = render_crispy_form(NoteForm({"name": "a" * 41}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_the_summary_comes_before_the_fields() -> None:
    html = render_crispy_form(NoteForm({}))
    assert html.index("There is a problem") < html.index('id="id_name"')


def test_only_required_fields_are_marked_and_with_a_word() -> None:
    html = render_crispy_form(NoteForm())
    assert html.count("(required)") == 1
    assert "asterisk" not in html
    assert " required " not in html


def test_a_form_may_leave_the_word_out() -> None:
    class Plain(NoteForm):
        mark_required = False

    assert "(required)" not in render_crispy_form(Plain())


def test_a_group_of_answers_is_a_fieldset_with_its_question() -> None:
    html = render_crispy_form(NoteForm())
    assert "<legend>Is it safe?" in html.replace("\n", "")


@pytest.mark.django_db
def test_no_answer_is_a_row_of_dashes() -> None:
    class Choose(BaseForm):
        team = forms.ModelChoiceField(Team.objects.none(), label="Which team?")
        kind = forms.ChoiceField(label="Which?", choices=[("", "---------"), ("a", "A")])

    html = str(Choose()["team"]) + str(Choose()["kind"])
    assert "--" not in html
    assert html.count("Not chosen") == 2


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"])
def test_a_day_at_the_edge_of_the_calendar_gets_a_sentence(day: str) -> None:
    class Days(BaseForm):
        on = forms.DateField()
        at = forms.DateTimeField()

    form = Days({"on": day, "at": f"{day} 00:00"})
    assert "Check the year" in form.errors["on"][0]
    assert "Check the year" in form.errors["at"][0]
