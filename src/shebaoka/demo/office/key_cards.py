"""A card whose holder had its PIN set at the counter: put into the virtual reader it opens the portal."""

from shebaoka.demo.office.approval import READY
from shebaoka.demo.office.citizens import CARD_PIN, CHANGED, CLERK
from shebaoka.demo.office.stage import OfficeStage
from shebaoka.office.cards.chip.pins import serve_pin
from shebaoka.office.cards.chip.readers import reader_of
from shebaoka.office.cards.choices import Proof
from shebaoka.office.cards.models import Card
from shebaoka.office.cards.services import PinService
from shebaoka.terminal.vault_keys import VaultKeys


def fill(stage: OfficeStage) -> None:
    """The card of who changed her password gets a PIN, typed by herself."""
    clerk = stage.by(READY, CLERK)
    cards = Card.objects.select_related("organization", "person", "product", "batch")
    card = cards.get(organization__code=READY, social="1", plastic="held", person__number=CHANGED.number)
    reader = reader_of(clerk, card)
    serve_pin(
        clerk,
        card,
        PinService.RESET,
        reader,
        proof=Proof.IDENTITY,
        new=CARD_PIN,
        again=CARD_PIN,
        keys=VaultKeys(stage.demo.region("98").city),
    )
    stage.say(f"card and PIN: {CHANGED.name}, card {card.number}, PIN {CARD_PIN}: put it into the reader")
