"""Facts that travel up to apps that this one must not know. All are sent inside the transaction."""

from django.dispatch import Signal

channel_works = Signal()  # channel, actor, at: the last trouble with it is cleared
