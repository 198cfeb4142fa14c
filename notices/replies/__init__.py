"""What platforms answer, and what follows from it. Every way of answering counts alike."""

from notices.replies.belonging import match
from notices.replies.filing import UNDO_WITHIN, file, unfile, work_out
from notices.replies.pasting import receive

__all__ = ["UNDO_WITHIN", "file", "match", "receive", "unfile", "work_out"]
