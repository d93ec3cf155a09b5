"""The service on a real PC/SC stack: the card behind vpcd, the page at a WebSocket."""

import time
from pathlib import Path

import pytest

from driver.bench import CARD, PIN
from driver.service import serving
from pcsc.stack import READER_NAMES, PcscStack
from shebaoka.driver.driver import Driver
from shebaoka.driver.service.readers import ReaderSet
from shebaoka.driver.work import Equipment
from shebaoka.reader.pcsc import PcscReader
from terminal.support import chip, psam

pytestmark = pytest.mark.pcsc


def readers(*, with_psam: bool = True, psam_in: int | str = READER_NAMES[1]) -> ReaderSet:
    slot = (lambda: PcscReader(READER_NAMES[1])) if with_psam else None
    return ReaderSet(pcsc=True, psam=slot, psam_in=psam_in if with_psam else "")


def test_the_readers_that_are_offered(pcsc_stack: PcscStack) -> None:
    """Readers are meant by number, name or a part of it; the PSAM's is not for cards."""
    pcsc_stack.put(chip("card-3.0-sm4"), psam("sm4"))
    for psam_in in (1, READER_NAMES[1], "00 01"):
        offered = readers(psam_in=psam_in)
        assert [reader.name for reader in offered.states()[0]] == [READER_NAMES[0]]
        for name, code in (
            ("", 0),
            (READER_NAMES[0], 0),
            ("00 00", 0),
            (READER_NAMES[1], -11),
            ("Virtual", -11),
        ):
            device = offered.device(name)
            assert Driver(Equipment(device)).call("iReadCardBas", {"iType": 1}).code == code
    assert [r.name for r in readers(psam_in="unplugged").states()[0]] == list(READER_NAMES)
    for number, code in ((0, 0), (1, -11), (2, -11)):
        chosen = ReaderSet(contact=number, psam=lambda: PcscReader(1), psam_in=1).device("")
        assert Driver(Equipment(chosen)).call("iReadCardBas", {"iType": 1}).code == code


def test_a_page_reads_a_card_through_pcsc(pcsc_stack: PcscStack, tmp_path: Path) -> None:
    pcsc_stack.put(chip("card-3.0-sm4"), psam("sm4"))
    with serving(tmp_path, readers=readers()) as house, house.page() as page:
        assert page.service("readers")["readers"] == [
            {"name": READER_NAMES[0], "virtual": False, "card": True, "cards": []}
        ]
        answer = page.call("iReadCardBas", iType=3)
        assert answer["success"] == "1"
        assert answer["pOutInfo"].split("|")[4] == "测试"
        address = {"pCardInfo": CARD, "pFileAddr": "DF01EF07|29|$"}
        assert page.call("iWriteCard", iType=1, pWriteData="DF01EF07|1|$", **address)["success"] == "1"
        read = page.call("iReadCard", iType=1, iAuthType=1, pPIN=PIN, reader=READER_NAMES[0], **address)
        assert read["pOutInfo"] == "DF01EF07|1|$"
        assert page.call("iReadCardBas", iType=1, reader="no such reader")["success"] == "-11"
        assert page.call("iReadCardBas", iType=1, reader=READER_NAMES[1])["success"] == "-11"


def test_over_the_hsm_with_the_card_kept_powered(pcsc_stack: PcscStack, tmp_path: Path) -> None:
    pcsc_stack.put(chip("card-3.0-3des"))
    with serving(tmp_path, readers=readers(with_psam=False)) as house, house.page() as page:
        assert page.call("iReadCardBas", iType=1)["success"] == "-2201"
        out = page.call("iReadCardBas_HSM_Step1", iType=1)["pOutInfo"]
        key = page.call("iReadCardBas_HSM_Step1To2", pIn=out)["pOutInfo"]
        pcsc_stack.exchange(chip("card-3.0-3des"))  # another card in the slot, without power
        assert page.call("iReadCardBas_HSM_Step2", pKey=key)["success"] != "1"
        out = page.call("iReadCardBas_HSM_Step1", iType=1)["pOutInfo"]
        key = page.call("iReadCardBas_HSM_Step1To2", pIn=out)["pOutInfo"]
        assert page.call("iReadCardBas_HSM_Step2", pKey=key)["success"] == "1"


def test_an_empty_reader_and_a_program_that_has_the_card(pcsc_stack: PcscStack, tmp_path: Path) -> None:
    inserted = pcsc_stack(chip("card-2.0-sm4"))
    with serving(tmp_path, readers=readers(with_psam=False)) as house, house.page() as page:
        answer = page.call("iReadCardBas_HSM_Step1", iType=1)
        assert answer["success"] == "-11"
        assert "another program" in answer["pOutInfo"]
        inserted.card.close()
        pcsc_stack.put(chip("card-2.0-sm4"))
        with pcsc_stack.emptied(0):
            deadline = time.monotonic() + 5
            while page.service("readers")["readers"][0]["card"] and time.monotonic() < deadline:
                time.sleep(0.05)
            assert page.call("iReadCardBas_HSM_Step1", iType=1)["success"] == "-2"
