"""Facts that travel up to apps that this one must not know."""

from django.dispatch import Signal

case_closed = Signal()  # case, actor, at
mandate_withdrawn = Signal()  # case, mandate, actor, at
case_erased = Signal()  # case, actor, at
