"""The readers a service offers: those of PC/SC and, in a demonstration, virtual ones."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from shebaoka.driver.device import Device, Opener
from shebaoka.driver.service.messages import ReaderState
from shebaoka.driver.service.problems import RefusedError
from shebaoka.driver.service.virtual import VirtualReader
from shebaoka.reader.base import Reader, ReaderNotFoundError
from shebaoka.reader.pcsc import PcscReader, cards_present, choose


@dataclass(frozen=True)
class ReaderSet:
    """``virtual`` readers (none outside a demonstration); ``pcsc``: whether those of PC/SC are offered;
    ``contact`` and ``contactless``: number, name or part of the name of the PC/SC readers for a call that
    names none, empty for the first one; ``psam``: what opens the PSAM's slot, ``psam_in`` the PC/SC reader it
    is in, which is not offered for cards; ``number``: the device's number."""

    virtual: Sequence[VirtualReader] = ()
    pcsc: bool = True
    contact: int | str = ""
    contactless: int | str = ""
    psam: Opener | None = None
    psam_in: int | str = ""
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
            offered = self._offered(list(present))
            found += [ReaderState(name, False, card) for name, card in present.items() if name in offered]
        return found, note

    def device(self, name: str) -> Device:
        """The device of a call: the reader it names, else the virtual reader with a card (or the first one),
        else those of the settings. Raises RefusedError for an unknown name."""
        virtual = self._virtual(name)
        if virtual is not None:
            return Device(virtual.contact, virtual.contactless, self.psam, self.number)
        if not self.pcsc:
            raise RefusedError("reader-unknown")
        contact = self._opener(name or self.contact)
        other = name or self.contactless
        return Device(contact, contact if other == "" else self._opener(other), self.psam, self.number)

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
        return with_card or (next(iter(self.virtual), None) if self.contact == "" else None)

    def _opener(self, wanted: int | str) -> Opener:
        def open_reader() -> Reader:
            names = list(cards_present())
            offered = self._offered(names)
            name = choose(names, wanted) if wanted != "" else choose(offered, 0)
            if name not in offered:
                raise ReaderNotFoundError(f"{name} holds the PSAM")
            return PcscReader(name)

        return open_reader

    def _offered(self, names: list[str]) -> list[str]:
        """The readers for cards: all but the PSAM's."""
        try:
            taken = choose(names, self.psam_in) if self.psam_in != "" else ""
        except ReaderNotFoundError:
            taken = ""
        return [name for name in names if name != taken]
