"""A dual-interface card (双界面卡): one chip, one state, a contact and a contactless way to it."""

from enum import Enum
from threading import Lock

from shebaoka.reader.base import Controls, ReaderError
from shebaoka.reader.in_process import InProcessReader, SimulatedChip, interface_of


class Interface(Enum):
    """The two ways to the chip."""

    CONTACT = "contact"
    CONTACTLESS = "contactless"


class DualInterface:
    """One chip seen by two readers. ATR (contact) and ATS (contactless) carry the same 13 historical bytes
    (Part 2 §8.2). Only one interface is active at a time: resetting one starts a new session of the chip
    and mutes the other until that one is reset again. Two threads may each use one of the readers."""

    def __init__(self, chip: SimulatedChip) -> None:
        self.chip = chip
        self._slot = InProcessReader(chip)
        self._lock = Lock()
        self.active: Interface | None = None
        self.contact = InterfaceReader(self, Interface.CONTACT)
        self.contactless = InterfaceReader(self, Interface.CONTACTLESS)

    def activate(self, interface: Interface) -> bytes:
        """Reset the chip through one interface; gives ATR or ATS. Raises ReaderError when it has none."""
        if interface_of(self.chip) not in ("dual", interface.value):
            raise ReaderError(f"the chip has no {interface.value} interface: it does not answer there")
        with self._lock:
            self.active = interface
            contact = interface is Interface.CONTACT
            return self._slot.reset() if contact else self._slot.activate_contactless()

    def transmit(self, interface: Interface, apdu: bytes) -> bytes:
        """One command through one interface. Raises ReaderError when it is not the active one."""
        with self._lock:
            if self.active is interface:
                return self._slot.transmit(apdu)
            other = f"the {self.active.value} interface is active" if self.active else "the chip has no power"
        raise ReaderError(f"no answer by the {interface.value} interface: {other}; reset this one first")

    def deactivate(self, interface: Interface) -> None:
        """Power off, if this is the active interface."""
        with self._lock:
            if self.active is interface:
                self.active = None
                self._slot.close()

    @property
    def controls(self) -> Controls:
        """Controls of the one chip."""
        return self._slot.controls


class InterfaceReader:
    """The reader of one interface of a :class:`DualInterface`."""

    def __init__(self, card: DualInterface, interface: Interface) -> None:
        self._card = card
        self.interface = interface

    @property
    def controls(self) -> Controls:
        """Controls of the chip."""
        return self._card.controls

    def reset(self) -> bytes:
        """Make this interface the active one; gives ATR or ATS."""
        return self._card.activate(self.interface)

    def transmit(self, apdu: bytes) -> bytes:
        """One command APDU."""
        return self._card.transmit(self.interface, apdu)

    def close(self) -> None:
        """Power off, if active."""
        self._card.deactivate(self.interface)
