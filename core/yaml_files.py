"""The project's own YAML files, read with the parser in C where PyYAML brings it.

The one in Python takes about a second for the law alone, and every process starts with that.
"""

from pathlib import Path
from typing import Any

import yaml

_Safe = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Base = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def read(path: Path) -> Any:
    """Return plain values: text, numbers, dates, lists and mappings, never an object."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Safe)  # noqa: S506 - safe ones


def read_as_text(path: Path) -> Any:
    """Return every scalar as text: YAML takes a bare `on` or `no` for a truth value."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Base)  # noqa: S506 - text alone
