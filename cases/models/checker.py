"""Which hosts the checker asked when, so that all workers together stay polite."""

from django.db import models


class VisitedHost(models.Model):
    """One site, under its keyed index. `recent` are the requests of the last hour, oldest first.

    Rows of sites that nobody asks any more are deleted by the tick.
    """

    domain_index = models.CharField(max_length=64, primary_key=True)
    recent = models.JSONField(default=list)
    next_at = models.DateTimeField()

    class Meta:
        indexes = [
            # what the tick forgets
            models.Index(fields=["next_at"], name="host_by_next"),
        ]

    def __str__(self) -> str:
        return self.domain_index[:8]
