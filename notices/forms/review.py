from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import BaseForm
from notices.drafting import Row


class ChangesForm(BaseForm):
    part = forms.ChoiceField(label=_("Which part should change?"), required=False)
    comment = forms.CharField(
        label=_("What should change?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )

    def __init__(self, *args: object, rows: list[Row], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        known = {row.anchor: row.short or row.words for row in reversed(rows)}
        whole = [("", str(_("The notice as a whole")))]
        self.fields["part"].choices = whole + list(known.items())  # type: ignore[attr-defined]


class RefusalForm(BaseForm):
    reason = forms.CharField(
        label=_("Why is it refused?"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )
