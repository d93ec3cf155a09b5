"""``{% load office %}``: the error summary, and the language of the page as HTML names it."""

from typing import Any

from django import template

from shebaoka.office.base.forms import OfficeForm

register = template.Library()


@register.inclusion_tag("base/forms/summary.html")
def error_summary(*forms: OfficeForm | None) -> dict[str, Any]:
    """All errors of the forms of a page, each a link to its input; nothing when there are none."""
    return {"found": [problem for form in forms if form is not None for problem in form.problems]}


@register.filter
def html_language(code: str) -> str:
    """``zh-hans`` as ``zh-Hans``."""
    language, _dash, script = code.partition("-")
    return f"{language}-{script.title()}" if script else language
