"""The closed lists of the notice forms, in words for people."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notices import law

Choices = list[tuple[str, "str | Promise"]]

MATERIAL: Choices = [
    ("ncii_authentic", _("A real picture or video")),
    ("ncii_synthetic", _("Made or altered by software")),
    ("threat", _("Not published yet: a threat")),
]
MEDIA: Choices = [
    ("photo", _("Photo")),
    ("video", _("Video")),
    ("both", _("Photos and videos")),
    ("other", _("Something else")),
]
IDENTIFIABLE_BY: Choices = [
    ("face", _("The face")),
    ("named", _("A name or account given with it")),
    ("mark", _("Another mark")),
]
WORKS: Choices = [
    ("", _("Not chosen yet")),
    ("self_photo", _("A photo that the person took")),
    ("self_video", _("A video that the person made")),
    ("photo", _("A photo that the owner of the copyright took")),
    ("video", _("A video that the owner of the copyright made")),
]
PRECISION: Choices = [
    ("day", _("The day is known")),
    ("month", _("The month is known")),
    ("year", _("The year is known")),
]


def context_facts() -> Choices:
    """Return the facts that a notice may state, each with its sentence."""
    free = _("Another fact, in at most 60 characters (write it below)")
    return [(code, fact.text or free) for code, fact in law.context_facts().items()]
