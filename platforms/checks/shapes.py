"""Which fields each kind of row has. A name that ends in ! is required; a kind that ends in ? may
be null. one: and many: are closed lists, ref: and refs: name rows elsewhere, row:, rows: and map:
are rows of another shape."""

from .law_shapes import LAW
from .platform_shapes import PLATFORMS

SHAPES: dict[str, dict[str, str]] = {**PLATFORMS, **LAW}
