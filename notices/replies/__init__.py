"""What platforms answer, and what follows from it. Every way of answering counts alike."""

from notices.replies.aside import bring_back, set_aside
from notices.replies.belonging import (
    UNDO_WITHIN,
    accept_guess,
    bring_back_guess,
    detach,
    match,
    may_be_detached,
    reject_guess,
)
from notices.replies.filing import file, unfile, work_out
from notices.replies.many import file_many, set_many_aside
from notices.replies.pasting import receive

__all__ = [
    "UNDO_WITHIN",
    "accept_guess",
    "bring_back",
    "bring_back_guess",
    "detach",
    "file",
    "file_many",
    "match",
    "may_be_detached",
    "receive",
    "reject_guess",
    "set_aside",
    "set_many_aside",
    "unfile",
    "work_out",
]
