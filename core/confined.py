"""The inside of a child that does risky work: questions in, answers out, over two pipes.

It imports nothing of the product but what it needs for its work, and knows no setting. Each
question has its limits of memory and time.
"""

import ctypes
import gc
import resource
import struct
import sys
from collections.abc import Callable

HEAD = struct.Struct("!cQ")
DONE, FAILED = b"D", b"F"
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
# New objects before the collector looks. At Python's 700 it walks through every half-made answer,
# where all is still in use, and now and then through all that is loaded.
NEW_OBJECTS = 50_000

Work = Callable[[bytes, bytes], bytes]


def serve(work: Work, *, memory: int, seconds: int) -> None:
    """Answer questions until the parent closes the pipe. `work` gets a question's kind and body.

    An answer is what `work` returns or, where it raises, the name of the exception's type.
    """
    confine(memory)
    _keep_what_is_loaded()
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while head := source.read(HEAD.size):
        kind, length = HEAD.unpack(head)
        body = source.read(length)
        _allow(seconds)
        verdict, answer = _answer(work, kind, body)
        target.write(HEAD.pack(verdict, len(answer)) + answer)
        target.flush()


def _keep_what_is_loaded() -> None:
    """Spare the collector the modules and tables that stay until the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 10, 10)


def _answer(work: Work, kind: bytes, body: bytes) -> tuple[bytes, bytes]:
    try:
        return DONE, work(kind, body)
    except Exception as problem:  # noqa: BLE001 - one bad question must not stop the next
        return FAILED, type(problem).__name__.encode()


def confine(memory: int) -> None:
    """Bound the memory, leave no core file, and give up the network where the kernel lets us."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None)
    if hasattr(libc, "unshare"):
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)


def _allow(seconds: int) -> None:
    """Let the next question use so many seconds of the processor, counted from here."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
