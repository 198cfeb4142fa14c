from datetime import timedelta

from django import template

from insights.charts.frame import short_hours

register = template.Library()


@register.filter
def waited(length: timedelta) -> str:
    """A waiting time as the charts write it."""
    return short_hours(length / timedelta(hours=1))
