"""Logs carry references and verbs: whatever could be a person's text is cut out before it lands."""

import logging
import re
from typing import Any

_ADDRESS = re.compile(r"[^\s@<>\"']{1,64}(?:'[^\s@<>\"']{1,64}){0,3}@[^\s@<>\"']{1,255}")
_URL = re.compile(r"\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}://\S{1,2000}")
_QUOTED = re.compile(r"'[^']{1,2000}'|\"[^\"]{1,2000}\"")
_DETAIL = re.compile(r"DETAIL:.{0,2000}", re.DOTALL)


def redact(text: str) -> str:
    """Return `text` (cut at 4,000 characters) without addresses, links and quoted values."""
    text = _DETAIL.sub("DETAIL: [cut]", text[:4000])
    text = _URL.sub("[link]", text)
    text = _ADDRESS.sub("[address]", text)
    return _QUOTED.sub("[value]", text)


class Redact(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage())
        record.args = ()
        return True


class Line(logging.Formatter):
    """One line a record; of an exception its type and places, never its message or its values."""

    def formatException(self, ei: Any) -> str:
        kind, _value, trace = ei
        places: list[str] = []
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno}:{code.co_name}")
            trace = trace.tb_next
        return f"{kind.__name__} at {' < '.join(reversed(places))}"
