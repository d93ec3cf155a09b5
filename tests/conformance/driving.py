"""A driver of the terminal interface over the chips of a case: what programs outside are told."""

from shebaoka.driver.answers import CardOnDesk, KeyAnswers
from shebaoka.driver.device import Device
from shebaoka.driver.driver import Driver
from shebaoka.driver.work import Equipment
from shebaoka.reader.base import Reader
from shebaoka.terminal.vault_keys import VaultKeys
from terminal.support import vault

HSM = KeyAnswers(VaultKeys(vault()))


def driver(card: Reader, psam: Reader | None = None) -> Driver:
    """The driver, with the PSAM's slot empty unless one is given."""
    return Driver(Equipment(Device(lambda: card, psam=None if psam is None else lambda: psam)))


class WrongInternalHalf:
    """An HSM whose answer for the internal authentication is wrong, and right for the external one."""

    def answer(self, step: str, out: str, card: CardOnDesk | None = None) -> str:
        internal, external, _ = HSM.answer(step, out, card).split("|")
        return f"{int(internal[0], 16) ^ 1:X}{internal[1:]}|{external}|"
