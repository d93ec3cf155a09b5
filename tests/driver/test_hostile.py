"""Cards and readers that answer anything: functions give a code, no exception, and let go of the card."""

import random

import pytest

from driver.bench import CARD, PIN
from shebaoka.driver.answers import KeyAnswers
from shebaoka.driver.calls import calls
from shebaoka.driver.device import Device
from shebaoka.driver.driver import Driver, steps_over_hsm
from shebaoka.driver.work import Equipment
from shebaoka.reader.base import Reader, ReaderError
from shebaoka.reader.in_process import InProcessReader
from shebaoka.terminal.vault_keys import VaultKeys
from terminal.support import OFFLINE, chip, merged, psam, vault

GIVEN = {
    "iType": 1,
    "iAuthType": 1,
    "pCardInfo": CARD,
    "pFileAddr": "DF01EF05|20|21|$SSSEEF06|08|09|$SSSEEF08|$DF04EF08|01|$",
    "pWriteData": "DF01EF05|10||$SSSEEF06|999999199001010016|x|$SSSEEF08|00|$DF04EF08|00|$",
    "pPayInfo": "1|0|0|20250601123015|",
    "pPIN": PIN,
    "pOldPIN": PIN,
    "pNewPIN": "654321",
}
NAMES = tuple(call.name for call in calls().values() if call.family == "psam")
ANSWERS = KeyAnswers(VaultKeys(vault()))
PURSE = merged(dict(OFFLINE), {"medical": {"balance": 5000}})


class Liar:
    """A card of the fixture that now and then answers something else, or nothing."""

    def __init__(self, reader: Reader, seed: int) -> None:
        self._reader, self._chance = reader, random.Random(seed)
        self.closed = False

    def reset(self) -> bytes:
        self.closed = False
        answer = self._reader.reset()
        return self._chance.randbytes(self._chance.randrange(20)) if self._chance.random() < 0.1 else answer

    def transmit(self, apdu: bytes) -> bytes:
        assert not self.closed
        answer = self._reader.transmit(apdu)
        match self._chance.randrange(25):
            case 0:
                raise ReaderError("silence")
            case 1:
                return self._chance.randbytes(self._chance.randrange(40))
            case 2:
                return answer[:-3] + answer[-2:]
            case 3:
                return answer[:-2] + self._chance.choice(
                    [b"\x63\xc1", b"\x69\x82", b"\x6a\x88", b"\x6c\x10", b"\x61\x08"]
                )
            case 4:
                return self._chance.randbytes(max(len(answer) - 2, 0)) + answer[-2:]
            case _:
                return answer

    def close(self) -> None:
        self.closed = True
        self._reader.close()


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("fixture", ["card-2.0-3des", "card-3.0-sm4"])
def test_any_answer_of_a_card_is_a_code(fixture: str, seed: int) -> None:
    card = Liar(InProcessReader(chip(fixture, PURSE)), seed)
    module = InProcessReader(psam(fixture[-4:].strip("-")))
    codes = set[int]()
    for name in NAMES:
        driver = Driver(Equipment(Device(lambda: card, psam=lambda: module)))
        codes.add(driver.call(name, GIVEN).code)
        assert card.closed
        if name not in ("iVerifyPIN", "iChangePIN", "iReadDebitRecord"):
            driver = Driver(Equipment(Device(lambda: card)))
            codes.add(steps_over_hsm(driver, ANSWERS, name, GIVEN).code)
            assert card.closed
    assert min(codes) < 0


@pytest.mark.parametrize("seed", range(6))
def test_any_answer_of_a_psam_is_a_code(seed: int) -> None:
    card = InProcessReader(chip("card-3.0-sm4", PURSE))
    module = Liar(InProcessReader(psam("sm4")), seed)
    for name in NAMES:
        driver = Driver(Equipment(Device(lambda: card, psam=lambda: module)))
        assert driver.call(name, GIVEN).code <= 0
        assert module.closed
