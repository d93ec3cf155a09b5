"""``{% load office %}``: the error summary, and the language of the page as HTML names it."""

from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime

from shebaoka.office.base.forms import OfficeForm

register = template.Library()


@register.inclusion_tag("base/forms/summary.html")
def error_summary(*forms: OfficeForm | None) -> dict[str, Any]:
    """All errors of the forms of a page, each a link to its input; nothing when there are none."""
    return {"found": [problem for form in forms if form is not None for problem in form.problems]}


@register.simple_tag
def languages() -> list[tuple[str, str]]:
    """The languages of the office, each by its own name."""
    return list(settings.LANGUAGES)


@register.filter
def cell(value: object) -> object:
    """A value as it stands in a table: dates and times short, nothing for None."""
    if isinstance(value, datetime):
        return date_format(localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    return "" if value is None else value


@register.filter
def html_language(code: str) -> str:
    """``zh-hans`` as ``zh-Hans``."""
    language, _dash, script = code.partition("-")
    return f"{language}-{script.title()}" if script else language
