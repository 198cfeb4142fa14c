from django import template

from insights.charts.frame import short_hours

register = template.Library()


@register.filter
def waited(seconds: int) -> str:
    """A waiting time as the charts write it."""
    return short_hours(seconds / 3600)
