"""The one base form: shapes and sentences, never a change of state."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import (
    MaxLengthValidator,
    MinLengthValidator,
    ProhibitNullCharactersValidator,
)
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

SHORT_TEXT = 200
LONG_TEXT = 20_000
EARLIEST, LATEST = 1900, 2200

TOO_LONG = ngettext_lazy(
    "Shorten this to %(limit_value)d character. It has %(show_value)d now.",
    "Shorten this to %(limit_value)d characters. It has %(show_value)d now.",
    "limit_value",
)
TOO_SHORT = ngettext_lazy(
    "Write at least %(limit_value)d character here.",
    "Write at least %(limit_value)d characters here.",
    "limit_value",
)
SENTENCES = {
    "required": _("Fill this in, so that the next step can work."),
    "invalid_choice": _("Choose one of the answers shown."),
    "invalid_list": _("Choose from the answers shown."),
    "invalid_pk_value": _("Choose one of the answers shown."),
}
DASHES = "---------"
NOT_CHOSEN = _("Not chosen")
# The most particular kind first: a field takes the first sentence that fits it.
INVALID: tuple[tuple[type[forms.Field], Any], ...] = (
    (forms.IntegerField, _("Write a whole number, for example 12.")),
    (forms.EmailField, _("Write one e-mail address, for example name@organisation.example.")),
    (forms.URLField, _("Write one address that begins with https://.")),
    (forms.DateTimeField, _("Write a day and a time, for example 2026-11-21 14:02.")),
    (forms.DateField, _("Write a day, for example 2026-11-21.")),
    (forms.TimeField, _("Write a time, for example 14:02.")),
)


@deconstructible
class StorableText:
    """Refuse the two kinds of text that no database keeps; everything else is kept as typed."""

    code = "unstorable"
    message = _("This text holds a broken character. Type the part again, or paste it as text.")

    def __call__(self, value: str) -> None:
        if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise ValidationError(self.message, code=self.code)


class Sentences(forms.BaseForm):
    """What every form of the product shares, plain or of a model.

    `novalidate` and no `required` attributes: the server says what is wrong, in one place, and a
    browser's bubble would vanish before a screen reader or a tired person has read it.
    """

    use_required_attribute = False
    # Few fields are required, so the page marks those, and not the many that are optional.
    mark_required = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _speak_plainly(field)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        helper.attrs = {"novalidate": ""}
        helper.form_show_errors = True
        return helper


class BaseForm(Sentences, forms.Form):
    """A form whose page writes `<form method="post" novalidate>` and the csrf token itself."""


class BaseModelForm(Sentences, forms.ModelForm):  # type: ignore[type-arg]
    """The same for one row of a model; `Meta.fields` is always a list of names."""


def _speak_plainly(field: forms.Field) -> None:
    field.error_messages |= {k: v for k, v in SENTENCES.items() if k in field.error_messages}
    for kind, sentence in INVALID:
        if isinstance(field, kind):
            field.error_messages["invalid"] = sentence
            break
    if isinstance(field, forms.ChoiceField):
        _name_the_empty_answer(field)
    if isinstance(field, forms.DateField | forms.DateTimeField):
        field.validators = [*field.validators, _in_our_time]
    if isinstance(field, forms.CharField):
        _cap(field)
        field.validators = list(_plain_validators(field.validators))


def _in_our_time(moment: date) -> None:
    """Refuse days at the edges of the calendar: in another zone they would lie outside it."""
    if not EARLIEST <= moment.year <= LATEST:
        raise ValidationError(
            gettext("Check the year: %(year)d cannot be right.") % {"year": moment.year}
        )


def _name_the_empty_answer(field: forms.ChoiceField) -> None:
    """Say "Not chosen" where Django would draw a row of dashes that is read out one by one."""
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label is not None:
            field.empty_label = NOT_CHOSEN
    else:
        choices: list[Any] = list(field.choices)  # type: ignore[arg-type]
        field.choices = [("", NOT_CHOSEN) if c == ("", DASHES) else c for c in choices]


def _cap(field: forms.CharField) -> None:
    """Give a text field without a limit one, so that enormous input gets a sentence."""
    if field.max_length is None:
        area = isinstance(field.widget, forms.Textarea)
        field.max_length = LONG_TEXT if area else SHORT_TEXT
        field.validators.append(MaxLengthValidator(field.max_length))
    # A browser that cuts a paste at the limit loses text without a word.
    field.widget.attrs.pop("maxlength", None)


def _plain_validators(validators: Iterable[Any]) -> Iterable[Any]:
    for validator in validators:
        if isinstance(validator, ProhibitNullCharactersValidator):
            yield StorableText()
        elif isinstance(validator, MaxLengthValidator):
            yield MaxLengthValidator(validator.limit_value, message=TOO_LONG)
        elif isinstance(validator, MinLengthValidator):
            yield MinLengthValidator(validator.limit_value, message=TOO_SHORT)
        else:
            yield validator
