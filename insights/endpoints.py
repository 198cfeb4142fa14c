"""The four things that are waited for, and the words each of them needs."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Endpoint(TextChoices):
    GONE = "gone", _("removal")
    ACKNOWLEDGED = "acknowledged", _("automatic receipt")
    ANSWERED = "answered", _("first human answer")
    DECIDED = "decided", _("decision")

    @property
    def per_link(self) -> bool:
        """Removals and decisions differ from link to link; receipts and answers do not."""
        return self in (Endpoint.GONE, Endpoint.DECIDED)

    @property
    def measured(self) -> Promise:
        return MEASURED[self]

    @property
    def waiting(self) -> Promise:
        return WAITING[self]

    @property
    def ended(self) -> Promise:
        return ENDED[self]

    @property
    def unit(self) -> Promise:
        return _("links") if self.per_link else _("notices")


MEASURED: dict[str, Promise] = {
    Endpoint.GONE: _("until we saw it gone"),
    Endpoint.ACKNOWLEDGED: _("until the automatic receipt"),
    Endpoint.ANSWERED: _("until the first human answer"),
    Endpoint.DECIDED: _("until the decision"),
}
WAITING: dict[str, Promise] = {
    Endpoint.GONE: _("still online"),
    Endpoint.ACKNOWLEDGED: _("still without a receipt"),
    Endpoint.ANSWERED: _("still without an answer"),
    Endpoint.DECIDED: _("still without a decision"),
}
ENDED: dict[str, Promise] = {
    Endpoint.GONE: _("gone"),
    Endpoint.ACKNOWLEDGED: _("acknowledged"),
    Endpoint.ANSWERED: _("answered"),
    Endpoint.DECIDED: _("decided"),
}
