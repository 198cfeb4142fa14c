"""Hours of a day. Pure."""


def is_within(hour: int, start: int, end: int) -> bool:
    """Tell whether `hour` lies between; the span may pass midnight, and is empty if both agree."""
    if start <= end:
        return start <= hour < end
    return hour >= start or hour < end
