"""What goes into the slots of the virtual reader."""

from dataclasses import dataclass
from pathlib import Path

from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.slots import Slots, open_image
from shebaoka.reader.base import Reader
from shebaoka.reader.dual_interface import DualInterface, Interface
from shebaoka.reader.in_process import InProcessReader, interface_of


@dataclass(frozen=True)
class Inserted:
    """A reader for a slot, and how messages name it."""

    name: str
    reader: Reader


class Moved:
    """One interface of a card that is moved to the reader where a program speaks to it: that interface is
    reset and the other one mute. pcscd powers both slots by itself, and programs seldom reset."""

    def __init__(self, card: DualInterface, reader: Reader, interface: Interface) -> None:
        self._card, self._reader, self._interface = card, reader, interface

    def reset(self) -> bytes:
        """Make this interface the active one; gives ATR or ATS."""
        return self._reader.reset()

    def transmit(self, apdu: bytes) -> bytes:
        """One command, after a reset when the other interface was the active one."""
        if self._card.active is not self._interface:
            self._reader.reset()
        return self._reader.transmit(apdu)

    def close(self) -> None:
        """Power off, if active."""
        self._reader.close()


def insert(slots: Slots, image: Path, psam: Path | None, *, dual: bool) -> list[Inserted]:
    """The card, behind it its contactless interface (``dual``) or a PSAM: the driver has two slots.

    Raises UsageProblem for both at once, for a card without two interfaces, for images of the wrong kind.
    """
    if dual and psam is not None:
        raise UsageProblem("the vpcd driver has two slots: choose --dual or --psam")
    chip = open_image(image, "card")
    if not dual:
        card = [Inserted(str(image), slots.traced(InProcessReader(chip), "card"))]
        if psam is None:
            return card
        second = InProcessReader(open_image(psam, "psam", "--psam"))
        return [*card, Inserted(str(psam), slots.traced(second, "psam"))]
    if interface_of(chip) != "dual":
        raise UsageProblem(f"{image}: the card has a {interface_of(chip)} interface only; leave out --dual")
    both = DualInterface(chip)
    return [
        Inserted(
            f"{image} ({reader.interface.value})", Moved(both, slots.traced(reader, "card"), reader.interface)
        )
        for reader in (both.contact, both.contactless)
    ]
