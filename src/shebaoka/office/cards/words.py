"""The states of cards as people read them."""

from shebaoka.domain.card_states import machine
from shebaoka.office.base.catalogue import Words


def state_words(key: str, code: str) -> Words:
    """The name of a state of a machine in the language of the page."""
    found = machine(key).states[code]
    return Words(found.zh, found.en, found.es)
