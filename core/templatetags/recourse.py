"""The tags and filters of every page. They are built in: no template has to load them."""

from datetime import datetime, timedelta
from functools import lru_cache

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BoundField
from django.forms.forms import BaseForm
from django.template import Context
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import clock, defang, icons, messages, spans, statuses
from core.paging import KeysetPage

register = template.Library()
MOMENT_STYLES = {
    "short": "j M H:i",
    "year": "j M Y, H:i",
    "day": "j M",
    "date": "j F Y",
    "time": "H:i",
    "full": "l j F Y, H:i T",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    return icons.svg(name)


@register.simple_tag
def pill(kind: str, value: str) -> SafeString:
    """`{% pill "notice" notice.status %}`; `{% pill "is" "late" %}` for what is computed."""
    shown = statuses.look(kind, value)
    return tagged(shown.family, shown.icon, str(shown.word))


@register.simple_tag
def tagged(family: str, drawing: str, words: str) -> SafeString:
    """A pill with words of its own: `{% tagged "hold" "pause" _("Do not phone") %}`."""
    if family not in statuses.FAMILIES:
        raise ValueError(f"no such family of colour: {family}")
    return format_html(
        '<span class="pill pill-{}">{}<span>{}</span></span>', family, icons.svg(drawing), words
    )


@register.simple_tag(takes_context=True)
def deadline_chip(
    context: Context, due_at: datetime | None, start: datetime | None = None, kind: str = ""
) -> SafeString | str:
    """`{% deadline_chip notice.due_at start=notice.sent_at kind="policy" %}`; nothing when None."""
    if due_at is None:
        return ""
    chip, in_full = spans.chip(due_at, _at(context), start, kind), _moment_text(due_at, "full")
    return format_html(
        '<span class="chip chip-{}" data-chip data-due="{}" data-start="{}" data-kind="{}"'
        ' title="{}"><span data-chip-words>{}</span>'
        '<span class="visually-hidden">, {}</span>{}</span>',
        chip.family,
        due_at.isoformat(),
        start.isoformat() if start else "",
        kind,
        in_full,
        chip.words,
        in_full,
        _bar(chip.elapsed),
    )


@register.simple_tag
def share_bar(part: int, whole: int) -> SafeString:
    """`3 of 4` with a small bar."""
    words = _("%(part)d of %(whole)d") % {"part": part, "whole": whole}
    percent = round(100 * part / whole) if whole else 0
    return format_html('<span class="share"><span>{}</span>{}</span>', words, _bar(percent))


@register.simple_tag(takes_context=True)
def moment(context: Context, value: datetime | None, style: str = "") -> SafeString | str:
    """A `<time>` in the reader's zone; the year only where it is not this one."""
    if value is None:
        return ""
    if not style:
        this_year = timezone.localtime(value).year == timezone.localtime(_at(context)).year
        style = "short" if this_year else "year"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        _moment_text(value, "full"),
        _moment_text(value, style),
    )


@register.simple_tag(takes_context=True)
def since(context: Context, value: datetime | None) -> SafeString | str:
    """How long ago, in words: `12 days`."""
    if value is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        _moment_text(value, "full"),
        spans.long(_at(context) - value),
    )


@register.filter
def span(value: timedelta | None) -> str:
    return "" if value is None else spans.short(value)


@register.filter
def code(value: object) -> SafeString:
    """`{{ case.code|code }}`: never broken over lines, never turned round."""
    return format_html('<bdi dir="ltr" class="code">{}</bdi>', value)


@register.filter(name="defang")
def defang_link(value: str, length: int = defang.SHORT) -> SafeString:
    """A link as text that nothing can open; `{{ link.url|defang:0 }}` shows all of it."""
    text = defang.defanged(value)
    shown = defang.shortened(text, length) if length else text
    return format_html('<bdi dir="ltr" class="link-text">{}</bdi>', shown)


@register.filter
def defang_text(value: str) -> str:
    """Free text (a mail, a note) in which no address can be opened."""
    return defang.defanged(value)


@register.inclusion_tag("_veil.html", takes_context=True)
def veil(context: Context, url: str, words: str) -> dict[str, object]:
    """A button that asks the server for what is not in the page: `{% veil url words %}`."""
    return {"url": url, "words": words, "csrf_token": context.get("csrf_token")}


@register.simple_tag
def copy(text: str, words: str = "") -> SafeString:
    """A button that copies `text`; without JavaScript it is not shown."""
    return format_html(
        '<button type="button" class="btn btn-secondary btn-sm" data-copy="{}" hidden>'
        "{}{}</button>",
        text,
        icons.svg("copy"),
        words or _("Copy"),
    )


@register.inclusion_tag("_pager.html", takes_context=True)
def keyset_pager(context: Context, page: "KeysetPage[object]") -> dict[str, object]:  # type: ignore[type-var]
    return {
        "page": page,
        "newer": _with_cursor(context, page.previous_cursor),
        "older": _with_cursor(context, page.next_cursor),
    }


@register.inclusion_tag("_error_summary.html")
def error_summary(form: BaseForm) -> dict[str, object]:
    """What is wrong with the form, with links to the fields, in the order of the form."""
    return {"form": form, "failed": [field for field in form if field.errors]}


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """One field of a form: label, help, error, input."""
    return SafeString(as_crispy_field(bound))


@register.filter
def focus_id(bound: BoundField) -> str:
    """The id of the element that a link in the error summary should reach."""
    if bound.use_fieldset and bound.auto_id:
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


@register.filter
def undo_url(message: Message) -> str:
    return messages.undo_url(message)


def _at(context: Context) -> datetime:
    """The moment the view read, or, where a page did not pass one on, this one."""
    at = context.get("at")
    return at if isinstance(at, datetime) else clock.now()


def _moment_text(value: datetime, style: str) -> str:
    return date_format(timezone.localtime(value), MOMENT_STYLES[style])


@lru_cache(maxsize=128)
def _bar(percent: int) -> SafeString:
    return format_html(
        '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"'
        ' focusable="false"><rect class="track" width="100" height="4"/>'
        '<rect class="fill" width="{}" height="4" data-chip-fill/></svg>',
        percent,
    )


def _with_cursor(context: Context, cursor: str) -> str:
    if not cursor:
        return ""
    query = context["request"].GET.copy()
    query["cursor"] = cursor
    return f"?{query.urlencode()}"
