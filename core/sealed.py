"""Encrypted columns: AES-256-GCM under the row's key, bound to model, field and row.

A value travels as plain text in Python and as ciphertext to the database. It is opened when it is
first read, so a list that does not show a column never decrypts it. Whatever would store the plain
value (`update()`, `bulk_update()`, a comparison in a query) is refused.
"""

import json
import uuid
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from core import crypto, keystore

T = TypeVar("T")


class Ciphertext(bytes):
    """Bytes as the database holds them, to be told apart from a plain value."""


class WouldStorePlain(TypeError):
    """A plain value of an encrypted column was on its way to the database."""


class _OpenOnRead(DeferredAttribute):
    field: "_EncryptedField[Any]"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        value = instance.__dict__.get(name, self)
        if value is self:
            value = super().__get__(instance, cls)
        if isinstance(value, Ciphertext):
            value = instance.__dict__[name] = self.field.opened(instance, value)
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


if TYPE_CHECKING:

    class _Column(models.Field[T, T]):
        """What the stubs know of a field whose values are `T` both ways."""

else:

    class _Column(models.Field, Generic[T]):
        pass


class _EncryptedField(_Column[T]):
    descriptor_class = _OpenOnRead

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def get_internal_type(self) -> str:
        return "BinaryField"

    @abstractmethod
    def encode(self, value: T) -> bytes:
        """Return what is sealed."""

    @abstractmethod
    def decode(self, value: bytes) -> T:
        """Return what `encode` was given."""

    def get_default(self) -> Any:
        default = self.default
        if default is models.NOT_PROVIDED:
            return None
        return default() if callable(default) else default

    def opened(self, row: "SealedModel", stored: Ciphertext) -> T:
        if not stored:
            value: T = self.get_default()
            return value
        return self.decode(crypto.unseal(keystore.key(row.key_id), stored, self._bound(row)))

    def pre_save(self, model_instance: models.Model, add: bool) -> Ciphertext | None:
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Ciphertext):
            return value
        key = keystore.key(cast("SealedModel", model_instance).ensure_key())
        return Ciphertext(crypto.seal(key, self.encode(value), self._bound(model_instance)))

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Store nothing for a default that nobody set: rows that are older than their column.

        A sealed value is never empty, so an empty one reads as the default.
        """
        if not isinstance(value, Ciphertext) and value is not None and value == self.get_default():
            value = Ciphertext()
        return super().get_db_prep_save(value, connection)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, Ciphertext):
            raise WouldStorePlain(f"{self.model._meta.label}.{self.name} stores ciphertext only")
        return None if value is None else connection.Database.Binary(value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Ciphertext | None:
        return None if value is None else Ciphertext(bytes(value))

    def get_lookup(self, lookup_name: str) -> Any:
        """Offer `isnull` alone: a comparison with ciphertext would quietly find nothing."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def _bound(self, row: models.Model) -> str:
        return f"{row._meta.label_lower}.{self.name}:{row.pk}"


class EncryptedTextField(_EncryptedField[str]):
    def encode(self, value: str) -> bytes:
        return value.encode()

    def decode(self, value: bytes) -> str:
        return value.decode()


class EncryptedJSONField(_EncryptedField[Any]):
    """Plain JSON values: dicts, lists, text, numbers, booleans and None inside a dict or list."""

    def encode(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def decode(self, value: bytes) -> Any:
        return json.loads(value)


class EncryptedBytesField(_EncryptedField[bytes]):
    def encode(self, value: bytes) -> bytes:
        return value

    def decode(self, value: bytes) -> bytes:
        return value


if TYPE_CHECKING:
    _Uuid = models.UUIDField[uuid.UUID, uuid.UUID]
else:
    _Uuid = models.UUIDField


class KeyIdField(_Uuid):
    """The id of the row's key, filled on the way to the database when nobody gave one."""

    def pre_save(self, model_instance: models.Model, add: bool) -> uuid.UUID:
        return cast("SealedModel", model_instance).ensure_key()


class SealedModel(models.Model):
    """A row with encrypted columns: its own UUID, and the key that opens it.

    A row that belongs to a case uses the case's key; one that does not (yet) has a key of its own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_id: Any = KeyIdField(editable=False)

    class Meta:
        abstract = True

    def shared_key(self) -> uuid.UUID | None:
        """Return the key of the row that this one belongs to, if it belongs to one."""
        return None

    def ensure_key(self) -> uuid.UUID:
        if self.key_id is None:
            self.key_id = self.shared_key() or keystore.create()
        key_id: uuid.UUID = self.key_id
        return key_id

    def move_to_key(self, key_id: uuid.UUID) -> list[str]:
        """Take another key for every sealed column; return the names of what must be saved now."""
        sealed = [
            field.name for field in self._meta.concrete_fields if isinstance(field, _EncryptedField)
        ]
        for name in sealed:
            getattr(self, name)
        self.key_id = key_id
        return ["key_id", *sealed]
