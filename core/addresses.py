"""Mail addresses: our unguessable reply addresses, and which recipients a demo may have."""

import re

ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){0,8}"
)


def is_address(text: str) -> bool:
    """Tell whether `text` is one plain address (no name, no comment, no line break)."""
    return len(text) <= 254 and ADDRESS.fullmatch(text) is not None


def reply_address(token: str, domain: str) -> str:
    return f"r-{token}@{domain}"


def token_of(address: str) -> str | None:
    """Return the token of one of our reply addresses, or None."""
    match = re.fullmatch(r"r-([0-9a-f]{32})@.+", address.strip().lower())
    return match.group(1) if match else None


def is_harmless(address: str) -> bool:
    """Tell whether nobody outside this machine can receive what is sent there."""
    domain = address.rpartition("@")[2].lower().rstrip(".")
    return domain == "localhost" or domain == "example" or domain.endswith(".example")
