"""A year as a list of acts in the order in which they happened."""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count


class Agenda:
    """Acts by their moment; an act may put further ones on the list."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        self._heap: list[tuple[datetime, int, Callable[[datetime], object]]] = []
        self._order = count()

    def put(self, at: datetime, act: Callable[[datetime], object]) -> None:
        """Note an act; what would happen after the end of the story does not happen."""
        if at <= self.until:
            heapq.heappush(self._heap, (at, next(self._order), act))

    def play(self) -> int:
        played = 0
        while self._heap:
            at, _order, act = heapq.heappop(self._heap)
            act(at)
            played += 1
        return played
