"""To which notice a received mail belongs: evidence is looked up, weighed, and told in codes."""

from notices.matching.finding import Match, match
from notices.matching.senders import Senders, known_senders

__all__ = ["Match", "Senders", "known_senders", "match"]
