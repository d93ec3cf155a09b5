"""One piece of work with a card: open the device, know the card, prove it; the device closes at the end."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from shebaoka.driver.device import Device
from shebaoka.driver.errors import OTHER_CARD, DriverError
from shebaoka.driver.pin_pad import Entry, NoPad, PinPad
from shebaoka.driver.profile import Profile
from shebaoka.reader.base import Reader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.conditions import Condition, Pin
from shebaoka.terminal import authentication, pin, session
from shebaoka.terminal.factors import CardIdentity
from shebaoka.terminal.keys import KeySource
from shebaoka.terminal.preprocess import identify
from shebaoka.terminal.rights import Route, chosen
from shebaoka.terminal.session import Session
from shebaoka.terminal.settings import Settings

_CARD_NUMBER = 9  # characters; longer stored values are cut


@dataclass(frozen=True)
class Equipment:
    """What a function works with: device, pad, the terminal's settings and the switches of the driver."""

    device: Device
    pad: PinPad = field(default_factory=NoPad)
    settings: Settings = field(default_factory=Settings)
    profile: Profile = field(default_factory=Profile)

    def card(self, card_type: int) -> Reader:
        """The powered card. Raises DriverError, for an unknown ``iType`` with the code of the profile."""
        if card_type not in (1, 2, 3, 4):
            raise DriverError(self.profile.wrong_type, f"(iType {card_type})")
        return self.device.card(card_type)

    def code(self, opened: Session, condition: Condition, route: Route) -> str | None:
        """The PIN, asked for when ``condition`` cannot be fulfilled without it. Raises DriverError -31 to
        -33, PinLockedError."""
        needed = all(any(isinstance(p, Pin) for p in way) for way in chosen(condition, route))
        if not needed or opened.pin.fulfilled:
            return None
        pin.require(opened) if opened.pin.locked else None
        return self.pad.ask(Entry.PIN, self.profile.pin_seconds)


@contextlib.contextmanager
def proven(equipment: Equipment, card_type: int, expected: CardIdentity | None = None) -> Iterator[Session]:
    """A card that proved itself to the PSAM, for the length of a block (order of work: card, PSAM, identity,
    internal authentication). Raises DriverError, TerminalError."""
    with contextlib.ExitStack() as closing:
        reader = equipment.card(card_type)
        closing.callback(reader.close)
        keys, slot = equipment.device.keys()
        closing.callback(slot.close)
        opened = identified(equipment, reader, keys, expected)
        authentication.prove_card(opened)
        opened.pin = pin.state(opened)
        yield opened


@contextlib.contextmanager
def present(equipment: Equipment, card_type: int) -> Iterator[Session]:
    """A card for work without keys. It is proven first where there is a PSAM, so that no PIN goes to a
    copy."""
    if equipment.device.psam is not None:
        with proven(equipment, card_type) as opened:
            yield opened
        return
    reader = equipment.card(card_type)
    with contextlib.closing(reader):
        opened = identified(equipment, reader, None, None)
        opened.pin = pin.state(opened)
        yield opened


def for_steps(equipment: Equipment, card_type: int, expected: CardIdentity | None = None) -> Session:
    """A card that stays powered between the steps over an HSM; the algorithm is the HSM's affair, so that an
    unpublished one is no obstacle. The caller closes it. Raises DriverError, TerminalError."""
    reader = equipment.card(card_type)
    try:
        every = replace(equipment.settings, algorithms=frozenset(Algorithm))
        opened = identified(replace(equipment, settings=every), reader, None, expected)
        opened.pin = pin.state(opened)
    except BaseException:
        reader.close()
        raise
    return opened


def close(opened: Session) -> None:
    """Power the card off."""
    session.close(opened)


def identified(
    equipment: Equipment, reader: Reader, keys: KeySource | None, expected: CardIdentity | None
) -> Session:
    """The card's identity. Raises DriverError -22 when it is not the expected card."""
    opened = identify(reader, keys, equipment.settings)
    if expected is not None and expected != shown_identity(opened):
        raise DriverError(OTHER_CARD)
    return opened


def shown_identity(opened: Session) -> CardIdentity:
    """Identification code and card number as the interface shows them."""
    identity = opened.identity
    return CardIdentity(identity.identification_code, identity.card_number[:_CARD_NUMBER])
