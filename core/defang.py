"""Links shown so that nothing opens them by accident, and short enough for one line."""

import re

_SCHEME = re.compile(r"\bhttp(s?)://", re.IGNORECASE)
SHORT = 48


def defanged(text: str) -> str:
    """Return `text` with every http(s):// turned into hxxp(s)://; nothing else changes."""
    return _SCHEME.sub(r"hxxp\1://", text)


def shortened(text: str, length: int = SHORT) -> str:
    """Cut out the middle, so that both the host and the end (often the only difference) stay."""
    if len(text) <= length:
        return text
    tail = max(1, length // 3)
    return f"{text[: length - tail - 1]}…{text[-tail:]}"
