"""Words and choices that the notice pages need; whatever needs thinking is asked elsewhere."""

from collections.abc import Iterable
from datetime import timedelta

from django import template
from django.db.models import Count, Q
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.access import may as may_
from cases.models import Case
from core import spans
from notices import answers, delivery_log, law
from notices.drafting import Leaving, Row
from notices.models import Notice, Outcome
from notices.replies import marking
from notices.replies.words import trouble

register = template.Library()

MENDED_HERE = frozenset(
    {"links", "context", "free_text", "statements", "ticks", "opted_in", "work", "channel",
     "ground"}
)  # fmt: skip
FATES = {"sent": "sent_out", "possible": "possible", "not_sent": "not_sent"}


@register.simple_tag(takes_context=True)
def may(context: Context, right: str, subject: object = None) -> bool:
    """Whether the reader has a right: `{% may "notice.take" as may_take %}`."""
    return may_(context["request"].user, right, subject)  # type: ignore[arg-type]


@register.simple_tag(takes_context=True)
def notices_of(context: Context, case: Case) -> list[Notice]:
    """The notices of a case that the reader may see, with what each line shows: one query."""
    gone = Q(outcomes__first_seen_gone_at__isnull=False)
    rows = Notice.objects.visible_to(context["request"].user).filter(case=case).with_next_clock()
    rows = rows.select_related("platform", "taken_by").annotate(
        links=Count("outcomes", distinct=True), gone=Count("outcomes", filter=gone, distinct=True)
    )
    return list(rows.order_by("-number"))


@register.simple_tag(takes_context=True)
def returns_of(context: Context, case: Case) -> list[Outcome]:
    """What came back in a case and nobody has asked about since, once for each earlier notice."""
    rows = Outcome.objects.visible_to(context["request"].user).came_back()
    rows = rows.filter(notice__case=case).select_related("notice__platform", "notice__case")
    by_notice = {row.notice_id: row for row in rows.order_by("-reappeared_at")}
    return list(by_notice.values())


@register.filter
def ground_name(ground_id: str) -> str:
    """The name of a ground; an id that an old spreadsheet brought is shown as it is."""
    known = {ground.id: ground.name for ground in law.grounds()}
    return known.get(ground_id, ground_id)


@register.filter
def answer_words(code: str) -> str:
    known = answers.answers().get(code)
    return known.label if known else code


@register.filter
def mail_text(text: str, phrase: str = "") -> SafeString:
    """What a stranger wrote, as text; the phrase that told the machine is marked."""
    return marking.marked(text, phrase)


@register.filter
def trouble_words(code: str) -> str:
    """Why a mail could not be read."""
    return trouble(code)


@register.filter
def item_words(codes: Iterable[str]) -> str:
    """The items of the ledger in words; a code that nobody knows any more is shown as it is."""
    words = {
        "links": _("the links"),
        "context": _("facts about the lack of consent"),
        "work": _("what kind of work it is"),
        "org.name": _("the organisation's name"),
        "org.postal": _("its address"),
        "org.phone": _("its telephone number"),
        "agent.name": _("our signer's name and role"),
        "agent.email": _("our reply address"),
        "person.name": _("the person's name"),
    }
    return ", ".join(words.get(code, code) for code in codes)


@register.filter
def state_words(row: Row) -> str:
    words = {
        "ready": _("Ready"),
        "missing": _("Missing"),
        "unsure": _("Unsure"),
        "not_needed": _("Not needed"),
    }
    return words[row.state]


@register.filter
def part_words(row: Row) -> str:
    """Our own short words for an element; the sentence itself for everything else."""
    if row.group == "element" and row.short:
        return row.short[:1].upper() + row.short[1:]
    return row.words


@register.filter
def is_mended_here(row: Row) -> bool:
    return row.anchor in MENDED_HERE


@register.filter
def fate(value: str) -> str:
    return FATES[value]


@register.filter
def beyond(row: Leaving) -> str:
    """Who else may see an item that leaves, in words; "" where nobody may."""
    uploader = {
        "sent": _("The uploader sees it."),
        "possible": _("The uploader may see it."),
        "not_sent": "",
    }
    public = {
        "sent": _("It is published."),
        "possible": _("It may be published."),
        "not_sent": "",
    }
    return " ".join(words for words in (uploader[row.uploader], public[row.public]) if words)


@register.filter
def leaving_first(rows: Iterable[Leaving]) -> list[Leaving]:
    """Her name always, then whatever leaves; the rest is told in one line."""
    return [row for row in rows if row.code == "person.name" or not row.stays_here]


@register.filter
def staying(rows: Iterable[Leaving]) -> str:
    """What stays here, in one line."""
    names = [row.item for row in rows if row.stays_here and row.code != "person.name"]
    return " · ".join(names)


@register.filter
def shorten_middle(words: str) -> str:
    """A run of unchanged words, cut in its middle: only what changed has to be read."""
    many = words.split(" ")
    return words if len(many) <= 16 else " ".join([*many[:8], "…", *many[-8:]])


@register.filter
def long_span(value: timedelta | None) -> str:
    return spans.long(value) if value is not None else ""


@register.filter
def phase_words(phase: str) -> str:
    """A step of a delivery in words."""
    return delivery_log.phase_words(phase)


@register.filter
def of(mapping: dict[object, object], key: object) -> object:
    """`{{ decides|of:row.pk }}`."""
    return mapping.get(key)
