from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import BaseForm


class SubmissionForm(BaseForm):
    """When a person pressed "send" on the platform's own form."""

    submitted_at = forms.DateTimeField(
        label=_("When did you submit it?"),
        help_text=_("Every deadline runs from this moment."),
        widget=forms.DateTimeInput(attrs={"class": "input-medium"}, format="%Y-%m-%d %H:%M"),
        input_formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S"],
    )
    reference = forms.CharField(
        label=_("Their reference"),
        help_text=_("If they showed a number."),
        max_length=80,
        required=False,
    )
    unexpected = forms.CharField(
        label=_("Did the form ask for something unexpected?"),
        help_text=_("A coordinator reads it. Do not give more than is written here."),
        max_length=300,
        required=False,
    )
