"""Facts that travel up to apps that this one must not know. All are sent inside the transaction."""

from django.dispatch import Signal

case_closed = Signal()  # case, actor, at
mandate_withdrawn = Signal()  # case, mandate, actor, at
case_paused = Signal()  # case, actor, at
case_resumed = Signal()  # case, actor, at
# It went to the under-18 route, or back.
pathway_changed = Signal()  # case, actor, at
case_erased = Signal()  # case, actor, at
link_checked = Signal()  # link, check, actor, at
# Receivers compute what they hold about the link again, from the checks that were not undone.
check_undone = Signal()  # link, check, actor, at
