"""Codes that people read aloud: random, so that they tell nothing about volume or order."""

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CASE_CODE = re.compile(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{2}}")


def new_case_code() -> str:
    """Return a fresh code like `K7Q4-2M`; the unique constraint stands against clashes."""
    six = "".join(secrets.choice(ALPHABET) for _ in range(6))
    return f"{six[:4]}-{six[4:]}"


def new_token() -> str:
    """Return 128 unguessable bits in lower case letters and digits, safe in a mail address."""
    return secrets.token_hex(16)
