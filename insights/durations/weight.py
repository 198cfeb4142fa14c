from enum import StrEnum

FEW = 5
PALE = 20


class Weight(StrEnum):
    """How much of a figure its n can carry."""

    COUNTS = "counts"
    PALE = "pale"
    FULL = "full"


def weight(n: int) -> Weight:
    if n < FEW:
        return Weight.COUNTS
    return Weight.PALE if n < PALE else Weight.FULL
