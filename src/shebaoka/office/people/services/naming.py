"""How the chip writes a name with characters GBK lacks: decided for the person, and visible (D-08)."""

from uuid import UUID

from shebaoka.codec.text import TextError, split_an
from shebaoka.domain.names import chip_form
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.people.models import Person
from shebaoka.office.people.services.common import person_locked
from shebaoka.office.people.services.noting import changed

FIRST, REST = 30, 20
"""Bytes of items 09 and 4E (V2 §8.1.2.2)."""


@service("people.chip-name.decide")
def chip_name_decide(act: Act, *, person: UUID, name: str) -> Person:
    """The name as the chip writes it, for a person whose name GBK lacks; face, registry and papers keep the
    name as it is. Raises Refusal ``people.chip-name-needless``, ``people.chip-name-unfit``."""
    found = person_locked(act, person)
    if chip_form(found.name).text:
        raise Refusal("people.chip-name-needless")
    text = name.strip()
    try:
        split_an(text, FIRST, REST)
    except TextError:
        raise Refusal("people.chip-name-unfit") from None
    if not text or "?" in text or "？" in text or _ideographs(text) != _ideographs(found.name):
        raise Refusal("people.chip-name-unfit")
    found.chip_name = text
    found.save(update_fields=["chip_name"])
    changed(act, found, ("chip_name",))
    act.about(found)
    return found


def _ideographs(text: str) -> bool:
    """Whether a name is written in Chinese characters: then pinyin does not take their place."""
    return any(ord(character) >= 0x2E80 for character in text)
