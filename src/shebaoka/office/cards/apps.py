"""How Django knows this part of the office."""

from django.apps import AppConfig


class Config(AppConfig):
    """The part ``cards``."""

    name = "shebaoka.office.cards"
    label = "cards"

    def ready(self) -> None:
        """A person who changes has her card follow; an entry with a live card is not merged away. A clerk's
        reader is reached through her page."""
        from shebaoka.office.cards.chip.readers import SLOTS
        from shebaoka.office.cards.intake import Intake
        from shebaoka.office.cards.models.cards import UNTOLD
        from shebaoka.office.cards.neighbors import (
            card_states,
            cards_under_way_stand_against,
            follow_person,
            live_cards_stand_against,
        )
        from shebaoka.office.cards.relay.reading import slot
        from shebaoka.office.people.hooks import (
            AFTER_CHANGE,
            BEFORE_MERGING,
            BEFORE_MOVING,
            CARD_STATES,
            CARDS_IN_USE,
            FILLED,
            Filled,
        )

        if slot not in SLOTS:
            SLOTS.append(slot)
        if follow_person not in AFTER_CHANGE:
            AFTER_CHANGE.append(follow_person)
            BEFORE_MERGING.append(live_cards_stand_against)
            BEFORE_MOVING.append(cards_under_way_stand_against)
            CARD_STATES.append(card_states)
            CARDS_IN_USE.append(Intake())
            FILLED.append(Filled(("cards_card", "cards_event"), (UNTOLD,)))
