"""How values of this part are read in the content of acts."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shebaoka.office.base.pieces import Tag
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.parameters.registry import known, words
from shebaoka.office.parameters.selectors import InForce

SOURCES = {
    "L": gettext_lazy("Law or ministry document"),
    "S": gettext_lazy("Card standard"),
    "K": gettext_lazy("Published rule, text to be confirmed"),
    "P": gettext_lazy("Practice of particular places"),
    "D": gettext_lazy("Decision of this software or body"),
    "?": gettext_lazy("Not found"),
}


def parameter(actor: Actor, key: str) -> str:
    """Name and key."""
    entry = known().get(key)
    return f"{words(entry.name)} ({key})" if entry else key


def source(actor: Actor, tag: str) -> str:
    """A source's tag in words."""
    return f"{tag}: {SOURCES[tag]}" if tag in SOURCES else tag


def standing(found: InForce) -> Tag:
    """Whether a value still has to be confirmed."""
    if found.value is None:
        return Tag(_("Not set"), "bad")
    if found.to_confirm:
        return Tag(_("To be confirmed"), "warn")
    return Tag(_("In force"), "good")
