"""Drafting as pure code: facts in; grounds, checklist, letter and what leaves out."""

from notices.drafting.checklist import checklist, text_rows
from notices.drafting.compose import compose
from notices.drafting.facts import (
    Earlier,
    Facts,
    LinkFact,
    MandateFacts,
    Organisation,
    Signer,
    Work,
    only_mandated,
)
from notices.drafting.leaving import Leaving, leaves, sent_codes
from notices.drafting.letter import Block, Letter
from notices.drafting.lint import Finding, Forbidden, lint
from notices.drafting.offers import Offer, Offers, Speed, available_grounds
from notices.drafting.phrases import languages
from notices.drafting.rendering import TemplateBroken, fill
from notices.drafting.rows import Row, blocking, progress, warnings, why_not
from notices.drafting.saying import said

__all__ = [
    "Block",
    "Earlier",
    "Facts",
    "Finding",
    "Forbidden",
    "Leaving",
    "Letter",
    "LinkFact",
    "MandateFacts",
    "Offer",
    "Offers",
    "Organisation",
    "Row",
    "Signer",
    "Speed",
    "TemplateBroken",
    "Work",
    "available_grounds",
    "blocking",
    "checklist",
    "compose",
    "fill",
    "languages",
    "leaves",
    "lint",
    "only_mandated",
    "progress",
    "said",
    "sent_codes",
    "text_rows",
    "warnings",
    "why_not",
]
