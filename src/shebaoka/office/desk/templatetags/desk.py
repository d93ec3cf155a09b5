"""``{% load desk %}``: the token that makes a form be done once."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from shebaoka.office.desk.once import FIELD, token_for

register = template.Library()


@register.simple_tag(takes_context=True)
def once(context: dict[str, Any]) -> SafeString:
    """A hidden input, to stand in each form of the desk that does something."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, token_for(context["request"]))
