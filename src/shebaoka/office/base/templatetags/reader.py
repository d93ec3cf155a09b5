"""``{% load reader %}{% reader %}``: where a page speaks to the reader service of the computer it is on.

A page that has it loads the scripts in its head: ``{% reader_scripts %}``. Without scripts nothing of it is
seen. What uses it on the page says so: a form ``data-card-proof`` with a challenge, a button
``data-card-pin``, a form ``data-card-channel`` whose deed drives the card (``office.cards.chip.relay``)."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import get_language

register = template.Library()
_LANGUAGES = {"zh-hans": "zh", "en": "en", "es": "es"}


@register.inclusion_tag("base/reader.html")
def reader(name: str = "", exchange: str = "") -> dict[str, Any]:
    """The panel. ``name``: how the page is called when it is paired; ``exchange``: where a form's deed gets
    the answers of the card, empty for pages without such a form."""
    language = _LANGUAGES.get(get_language() or "", "en")
    return {"port": settings.READER_PORT, "language": language, "name": name, "exchange": exchange}


@register.inclusion_tag("base/reader_scripts.html")
def reader_scripts() -> dict[str, Any]:
    """The scripts of the panel."""
    return {}
