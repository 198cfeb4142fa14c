"""The reader with weak spots: a word in a mail makes it die as bugs of a parser would.

Planted for the second step alone, or for the first one with `first` in the word.
"""

import ctypes
import os
import sys
from collections.abc import Callable

from core.confined import serve
from notices.receiving import reader


def overflow(depth: int = 0) -> int:
    """Use up the stack of the process; Python's own bound is lifted."""
    sys.setrecursionlimit(10**9)
    return overflow(depth + 1) + 1


def loop() -> None:
    while True:
        pass


DEATHS: dict[bytes, Callable[[], object]] = {
    b"exit": lambda: os._exit(3),
    b"stack": overflow,
    b"segfault": lambda: ctypes.string_at(0),
    b"memory": lambda: bytearray(4 * 1024**3),
    b"loop": loop,
}


def work(kind: bytes, body: bytes) -> bytes:
    step = b"second" if kind == b"P" else b"first"
    for word, die in DEATHS.items():
        if b"plant:%s:%s" % (step, word) in body:
            die()
    return reader.work(kind, body)


serve(work, memory=reader.MEMORY, seconds=1)
