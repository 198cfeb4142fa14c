"""Keyed index values, so that an exact search works without the plain text being stored."""

import hashlib
import hmac
import unicodedata

from core import crypto


def index(purpose: str, text: str) -> str:
    """Return the 64 hexadecimal digits under which `text` is found again for `purpose`.

    Case, width and surrounding space do not matter; two purposes never share a value.
    """
    folded = unicodedata.normalize("NFKC", text).strip().casefold()
    message = f"{purpose}\x00{folded}".encode()
    return hmac.new(crypto.ring().index, message, hashlib.sha256).hexdigest()


def exact(purpose: str, text: str) -> str:
    """Return the index value of `text` letter for letter: for links, whose case matters."""
    message = f"{purpose}\x01{text}".encode()
    return hmac.new(crypto.ring().index, message, hashlib.sha256).hexdigest()
