"""The readers a service offers: those of PC/SC and, in a demonstration, virtual ones."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from shebaoka.driver.device import Device, Opener
from shebaoka.driver.service.messages import ReaderState
from shebaoka.driver.service.problems import RefusedError
from shebaoka.driver.service.virtual import VirtualReader
from shebaoka.reader.base import ReaderNotFoundError
from shebaoka.reader.pcsc import PcscReader, cards_present


@dataclass(frozen=True)
class ReaderSet:
    """``virtual`` readers (none outside a demonstration); ``pcsc``: whether those of PC/SC are offered;
    ``contact`` and ``contactless``: names of the PC/SC readers for a call that names none, empty for the
    first one; ``psam``: what opens the PSAM's slot, ``psam_name`` the PC/SC reader it is in: it is not
    offered."""

    virtual: Sequence[VirtualReader] = ()
    pcsc: bool = True
    contact: str = ""
    contactless: str = ""
    psam: Opener | None = None
    psam_name: str = ""
    number: str = field(default="")

    @property
    def demonstration(self) -> bool:
        """Whether there are virtual readers."""
        return bool(self.virtual)

    def states(self) -> tuple[list[ReaderState], str]:
        """All readers with what is in them, and why there are none of PC/SC."""
        found = [ReaderState(reader.name, True, reader.card, reader.cards) for reader in self.virtual]
        note = ""
        if self.pcsc:
            try:
                present = cards_present()
            except ReaderNotFoundError as error:
                present, note = {}, str(error)
            found += [
                ReaderState(name, False, card) for name, card in present.items() if name != self.psam_name
            ]
        return found, note

    def device(self, name: str) -> Device:
        """The device of a call: the reader it names, else the virtual reader with a card (or the first one),
        else those of the settings. Raises RefusedError for an unknown name."""
        virtual = self._virtual(name)
        if virtual is not None:
            return Device(virtual.contact, virtual.contactless, self.psam, self.number)
        if not self.pcsc or (name and name == self.psam_name):
            raise RefusedError("reader-unknown")
        contact = self._opener(name or self.contact)
        other = name or self.contactless
        return Device(contact, self._opener(other) if other else contact, self.psam, self.number)

    def named(self, name: str) -> VirtualReader:
        """A virtual reader by name. Raises RefusedError outside a demonstration, and for another name."""
        if not self.virtual:
            raise RefusedError("not-demonstration")
        found = next((reader for reader in self.virtual if reader.name == name), None)
        if found is None:
            raise RefusedError("reader-unknown")
        return found

    def _virtual(self, name: str) -> VirtualReader | None:
        if name:
            return next((reader for reader in self.virtual if reader.name == name), None)
        with_card = next((reader for reader in self.virtual if reader.card), None)
        return with_card or (None if self.contact else next(iter(self.virtual), None))

    def _opener(self, name: str) -> Opener:
        return lambda: PcscReader(name or self._first())

    def _first(self) -> str:
        names = [name for name in cards_present() if name != self.psam_name]
        if not names:
            raise ReaderNotFoundError("PC/SC shows no reader: plug one in")
        return names[0]
