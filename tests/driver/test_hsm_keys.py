"""Key addresses, and what an HSM is asked."""

import pytest

from driver.bench import CARD, CODE, HISTORICAL, bench
from shebaoka.driver.answers import CardOnDesk, KeyAnswers
from shebaoka.driver.errors import DriverError
from shebaoka.driver.hsm.addresses import address_of, key_at
from shebaoka.driver.profile import Profile
from shebaoka.spec.keys import key_catalogue
from shebaoka.terminal.vault_keys import VaultKeys
from terminal.support import vault

ANSWERS = KeyAnswers(VaultKeys(vault()))
READ = {"iType": 1, "pCardInfo": CARD, "pFileAddr": "DF01EF05|20|$SSSEEF05|07|$", "iAuthType": 2}
TEN = {"files": {"DF01": {"EF05": {"20": "10"}}}}
CARD_2_0 = CardOnDesk(CODE, HISTORICAL, "2.0")


def test_the_driver_may_ask_the_hsm_itself() -> None:
    b = bench(fixture="card-3.0", sam=None)
    out = b("iReadCardBas_HSM_Step1").info
    key = b("iReadCardBas_HSM_Step1To2", pIn=out)
    assert b("iReadCardBas_HSM_Step2", pKey=key.info).code == 0
    without = bench(sam=None)
    without.driver._answers = None
    assert without("iReadCardBas_HSM_Step1To2", pIn=out).code == -13


def test_key_addresses() -> None:
    catalogue = {key.name: key for key in key_catalogue("2.0")}
    addresses = {
        name: address_of(key, {}) for name, key in catalogue.items() if key.psam_id and name != "IRK"
    }
    assert addresses["RKSSSE"] == "000A0A"
    assert len(set(addresses.values())) == len(addresses) > 40
    for name, address in addresses.items():
        assert key_at(address, catalogue, {}) == (catalogue[name], 1)
    assert key_at("000103", catalogue, {}) == (catalogue["DPK"], 3)
    own = {"PUK": "0173"}
    assert address_of(catalogue["PUK"], own) == "0173"
    assert key_at("0173", catalogue, own) == (catalogue["PUK"], 1)
    for wrong in ("", "0173", "000A0B", "010A0A", "zz", "00FF01", addresses["PUK"]):
        with pytest.raises(DriverError):
            key_at(wrong, catalogue, own if wrong == addresses["PUK"] else {})


def test_an_hsm_with_numbers_and_words_of_its_own() -> None:
    own = Profile(key_addresses={"RK1DF01": "0173"}, algorithm="word", ninth=True, language="en")
    b = bench(sam=None, profile=own, card=TEN)
    answers = KeyAnswers(VaultKeys(vault()), own.key_addresses)
    out = b("iReadCard_HSM_Step1", **READ).info
    assert out.startswith("SM4|0173|")
    assert b("iReadCard_HSM_Step2", pKey=answers.answer("iReadCard_HSM_Step1", out, CARD_2_0)).code == 0
    basic = b("iReadCardBas_HSM_Step1").info
    assert basic.split("|")[8] == "TEST-0001"
    assert b("iReadCardBas_HSM_Step2", pKey=answers.answer("iReadCardBas_HSM_Step1", basic)).code == 0


@pytest.mark.parametrize("out", ["", "x", "|" * 8, "01|002E88|00|00|", f"09|002E88|{'0' * 16}|{'0' * 16}|"])
def test_an_hsm_is_asked_something_else(out: str) -> None:
    for step in (
        "iReadCardBas_HSM_Step1",
        "iReadCard_HSM_Step1",
        "iReloadPIN_HSM_Step2",
        "iDoDebit_HSM_Step1",
        "x",
    ):
        with pytest.raises(DriverError):
            ANSWERS.answer(step, out, CARD_2_0)
    with pytest.raises(DriverError):
        ANSWERS.answer("iReadCard_HSM_Step1", f"01|002E88|{'0' * 16}|{'0' * 16}|")
    assert "0081" not in repr(CARD_2_0)
