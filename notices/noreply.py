"""Senders that say by their own name that nobody reads what is sent to them."""

import re

WORDS = (
    "noreply", "noreplies", "notreply", "donotreply", "dontreply", "nepasrepondre",
    "nerepondezpas", "noresponder", "norespondas", "norespondais", "keineantwort",
    "nichtantworten", "nichtbeantworten", "geenantwoord", "nietantwoorden", "nietbeantwoorden",
    "nonrispondere", "mailerdaemon",
)  # fmt: skip


def is_unread(sender: str) -> bool:
    """Tell whether an answer to this sender reaches nobody: `No Reply <ne-pas-repondre@…>`."""
    address = sender.rpartition("<")[2].casefold()
    box = re.sub(r"[^a-z]", "", address.rpartition("@")[0].partition("+")[0])
    return any(word in box for word in WORDS)
