"""The wrapped keys, in a database of their own."""

import uuid

from django.db import models


class StoredKey(models.Model):
    """A case key, wrapped by a key of the ring."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ring_key = models.CharField(max_length=40)
    wrapped = models.BinaryField()

    def __str__(self) -> str:
        return str(self.id)
