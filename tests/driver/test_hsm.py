"""The steps over an HSM: what goes out, what comes in, and what a wrong answer may not do."""

import re

import pytest

from driver.bench import CARD, CODE, HISTORICAL, PIN, Bench, bench
from shebaoka.driver.answers import CardOnDesk, KeyAnswers
from shebaoka.driver.driver import over_hsm, steps_over_hsm
from shebaoka.driver.errors import TIMED_OUT, DriverError
from shebaoka.driver.profile import Profile
from shebaoka.terminal.vault_keys import VaultKeys
from terminal.support import ALGORITHMS, OFFLINE, vault

ANSWERS = KeyAnswers(VaultKeys(vault()))
HEX16 = "[0-9A-F]{16}"
READ = {"iType": 1, "pCardInfo": CARD, "pFileAddr": "DF01EF05|20|$SSSEEF05|07|$", "iAuthType": 2}
TEN = {"files": {"DF01": {"EF05": {"20": "10"}}}}
CARD_2_0 = CardOnDesk(CODE, HISTORICAL, "2.0")


def hsm(b: Bench, name: str, **given: object) -> tuple[int, str]:
    outcome = steps_over_hsm(b.driver, ANSWERS, name, {"iType": 1, "pCardInfo": CARD, **given})
    assert not b.powered
    return outcome.code, outcome.info


@pytest.mark.parametrize(("algorithm", "code"), [("3des", "01"), ("sm4", "03")])
def test_what_the_first_step_tells(algorithm: str, code: str) -> None:
    """The second pair of randoms is there for a card of 3.0 only, and then both are."""
    head = rf"650100\|{HISTORICAL}\|{code}\|{CODE}\|{HEX16}\|{HEX16}"
    old, new = (
        bench(algorithm, f"card-{g}", sam=None)("iReadCardBas_HSM_Step1").info for g in ("2.0", "3.0")
    )
    assert re.fullmatch(rf"{head}\|\|\|", old)
    assert re.fullmatch(rf"{head}\|{HEX16}\|{HEX16}\|", new)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("fixture", ["card-2.0", "card-3.0"])
def test_a_caller_without_psam_goes_on_with_the_hsm(algorithm: str, fixture: str) -> None:
    b = bench(algorithm, fixture, sam=None)
    assert b("iReadCardBas").code == -2201
    outcome = over_hsm(b.driver, ANSWERS, "iReadCardBas", {"iType": 1})
    assert outcome.code == 0
    assert outcome.info.split("|")[4] == "测试"
    assert outcome.info.split("|")[9] == "000000000000"
    assert not b.powered


def test_with_a_psam_no_hsm_is_asked() -> None:
    class Nobody:
        def answer(self, step: str, out: str, card: CardOnDesk | None = None) -> str:
            raise AssertionError(step)

    b = bench()
    assert over_hsm(b.driver, Nobody(), "iReadCardBas", {"iType": 1}).code == 0
    assert over_hsm(b.driver, Nobody(), "iReadCardBas", {"iType": 9}).code == -1


def answered(b: Bench) -> list[str]:
    """The two halves for the first step of a 3.0 card."""
    out = b("iReadCardBas_HSM_Step1").info
    return ANSWERS.answer("iReadCardBas_HSM_Step1", out).split("|")


@pytest.mark.parametrize("form", ["{0}|{1}|", "{0}|{1}"])
def test_the_second_step_with_and_without_the_last_bar(form: str) -> None:
    b = bench(fixture="card-3.0", sam=None)
    halves = answered(b)
    assert b("iReadCardBas_HSM_Step2", pKey=form.format(*halves)).code == 0


def flipped(digits: str) -> str:
    return f"{int(digits[0], 16) ^ 1:X}{digits[1:]}"


def test_a_wrong_half_for_the_card_is_told_and_the_card_is_shown_nothing() -> None:
    b = bench(fixture="card-3.0", sam=None)
    internal, external, _ = answered(b)
    assert b("iReadCardBas_HSM_Step2", pKey=f"{flipped(internal)}|{external}|").code == -25
    assert not b.tap.sent("0082")
    assert not b.powered
    b = bench(fixture="card-3.0", sam=None, profile=Profile(proof_differs=-21))
    internal, external, _ = answered(b)
    assert b("iReadCardBas_HSM_Step2", pkey=f"{flipped(internal)}|{external}|").code == -21


def test_a_wrong_half_for_the_terminal_is_refused_by_the_card() -> None:
    b = bench(fixture="card-3.0", sam=None)
    internal, external, _ = answered(b)
    outcome = b("iReadCardBas_HSM_Step2", pKey=f"{internal}|{flipped(external)}|")
    assert outcome.code == -0x63C2
    assert "测试" not in outcome.info


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", -42),
        ("|", -42),
        ("{0}|", -42),
        ("{0}", -42),
        ("{1}|{0}|", -23),
        ("{0}|{1}0|", -42),
        ("{0}|" + "G" * 32, -41),
        ("{0}|{1}|{1}|", -23),
    ],
)
def test_answers_of_another_form(key: str, code: int) -> None:
    b = bench(fixture="card-3.0", sam=None)
    internal, external, _ = answered(b)
    assert b("iReadCardBas_HSM_Step2", pKey=key.format(internal, external)).code == code
    assert not b.tap.sent("0082")
    assert not b.powered


def test_steps_have_an_order() -> None:
    b = bench(fixture="card-3.0", sam=None)
    assert b("iReadCardBas_HSM_Step2", pKey="").code == -23
    halves = answered(b)
    assert b.powered
    assert b("iReadCard_HSM_Step2", pKey=halves[0]).code == -23
    assert not b.driver.waiting
    halves = answered(b)
    assert b("iVerifyPINK", pPIN=PIN).code == 0  # another function ends the steps
    assert b("iReadCardBas_HSM_Step2", pKey="|".join(halves)).code == -23
    b("iReadCardBas_HSM_Step1")
    old = answered(b)
    answered(b)
    assert b("iReadCardBas_HSM_Step2", pKey="|".join(old)).code == -23


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("iReadCard_HSM_Step1", "iWriteCard_HSM_Step2"),
        ("iWriteCard_HSM_Step1", "iReadCard_HSM_Step2"),
        ("iUnblockPIN_HSM_Step1", "iReloadPIN_HSM_Step2"),
    ],
)
def test_a_step_goes_on_with_its_own_first_one(first: str, second: str) -> None:
    b = bench(sam=None, pins=(PIN, PIN))
    out = b(first, pFileAddr="DF01EF07|29|$").info
    key = ANSWERS.answer(first, out, CARD_2_0)
    assert b(second, pKey=key, pWriteData="DF01EF07|1|$").code == -23
    assert not b.tap.sent("0082")
    assert not b.pad.asked
    assert not b.powered


def test_a_payment_over_the_hsm_with_a_card_that_is_out_of_date() -> None:
    b = bench(sam=None, card={**OFFLINE, "medical": {"balance": 5000}}, pins=(PIN,))
    assert b("iDoDebit_HSM_Step1", pPayInfo="1|0|0|20400601123015|").code == -999
    assert not b.tap.sent("B028")
    assert not b.pad.asked
    assert not b.powered


def test_a_card_does_not_wait_for_ever() -> None:
    b = bench(fixture="card-3.0", sam=None)
    b.driver._seconds = 0
    halves = answered(b)
    assert not b.driver.waiting
    assert not b.powered
    assert b("iReadCardBas_HSM_Step2", pKey="|".join(halves)).code == -23


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_reading_and_writing(algorithm: str) -> None:
    b = bench(algorithm, sam=None, card=TEN)
    out = b("iReadCard_HSM_Step1", **READ).info
    assert re.fullmatch(rf"0[13]\|002E88\|{HEX16}\|{HEX16}\|", out)
    key = ANSWERS.answer("iReadCard_HSM_Step1", out, CARD_2_0)
    assert b("iReadCard_HSM_Step2", pKey=key).info == "DF01EF05|10|$SSSEEF05|A00000011|$"
    address = "DF01EF07|29|$"
    assert hsm(b, "iWriteCard", pFileAddr=address, pWriteData="DF01EF07|1|$") == (0, "")
    assert hsm(b, "iReadCard", pFileAddr=address) == (0, "DF01EF07|1|$")


def test_files_of_the_key_come_first_and_are_told_in_order() -> None:
    """A right in a directory ends with another one's selection."""
    b = bench(sam=None, card=TEN)
    address = "SSSEEF05|07|$DF01EF05|20|$DF01EF16|$DF01EF07|29|$"
    code, info = hsm(b, "iReadCard", pFileAddr=address)
    assert code == 0
    assert [part.partition("|")[0] for part in info.split("$")[:-1]] == [
        "SSSEEF05", "DF01EF05", "DF01EF16", "DF01EF07",
    ]  # fmt: skip


def test_one_key_serves_one_call() -> None:
    b = bench(sam=None)
    assert hsm(b, "iReadCard", pFileAddr="DF01EF05|20|$DF02EF05|40|$")[0] == -23
    assert hsm(b, "iReadCard", pFileAddr="SSSEEF05|07|$DF01EF16|$")[0] == -2204
    assert hsm(b, "iWriteCard", pFileAddr="DF01EF05|20|$DF01EF07|29|$", pWriteData="")[0] == -23
    assert hsm(bench("3des", "card-1.0", sam=None), "iReadCard", pFileAddr="DF01EF05|20|$")[0] == -2204


def test_a_pin_beside_the_key_is_asked_for_first() -> None:
    b = bench(sam=None, pins=(PIN,))
    code, info = hsm(b, "iReadCard", pFileAddr="DF04EF06|93|$")
    assert (code, info[:8]) in ((0, "DF04EF06"), (-27267, "Record n"))
    assert len(b.pad.asked) == 1
    silent = bench(sam=None, pins=(DriverError(TIMED_OUT),))
    assert hsm(silent, "iReadCard", pFileAddr="DF04EF06|93|$")[0] == -32


@pytest.mark.parametrize(
    ("key", "data", "code"),
    [(None, "DF01EF07|1|$", -27010), ("good", "DF01EF07|12345|$", -42), ("good", "DF01EF08|1|$", -23)],
)
def test_a_refused_write_changes_nothing(key: str | None, data: str, code: int) -> None:
    b = bench(sam=None)
    before = b.state
    out = b("iWriteCard_HSM_Step1", pFileAddr="DF01EF07|29|$").info
    good = ANSWERS.answer("iWriteCard_HSM_Step1", out, CARD_2_0)
    outcome = b("iWriteCard_HSM_Step2", pKey=good if key else flipped(good), pWriteData=data)
    if key is None:
        assert outcome.code in (-0x63C2, -0x6982)
    else:
        assert outcome.code == code
        assert b.state == before
        assert not b.tap.sent("0082")
    assert not b.tap.sent("00DC")


def test_another_card_than_the_sessions() -> None:
    for name, given in (
        ("iWriteCard_HSM_Step1", {"pFileAddr": "DF01EF07|29|$"}),
        ("iReloadPIN_HSM_Step1", {}),
        ("iDoDebit_HSM_Step1", {"pPayInfo": "1|2|20250601123015|"}),
    ):
        b = bench(sam=None)
        assert b(name, pCardInfo=f"{CODE}|B00000011|", **given).code == -22
        assert not b.powered


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("with_head", ["", "842400", "84240001"])
def test_resetting_a_pin(algorithm: str, with_head: str) -> None:
    b = bench(algorithm, sam=None, pins=("654321", "654321"))
    key = ANSWERS.answer("iReloadPIN_HSM_Step1", b("iReloadPIN_HSM_Step1").info, CARD_2_0)
    out = b("iReloadPIN_HSM_Step2", pKey=key).info
    length = "0C" if algorithm == "3des" else "14"
    assert re.fullmatch(rf"0[13]\|000902\|{HEX16}\|84240001{length}\|654321\|", out)
    secured = ANSWERS.answer("iReloadPIN_HSM_Step2", out, CARD_2_0)
    assert len(secured) == 2 * int(length, 16)
    head = {"": "", "842400": f"84240001{length}", "84240001": "84240001"}[with_head]
    assert b("iReloadPIN_HSM_Step3", pKey=head + secured).code == 0
    assert b("iVerifyPINK", pPIN="654321").code == 0
    assert b("iVerifyPINK", pPIN=PIN).code == -51


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_unblocking_a_pin(algorithm: str) -> None:
    b = bench(algorithm, sam=None)
    for _ in range(6):
        b("iVerifyPINK", pPIN="000000")
    assert b("iVerifyPINK", pPIN=PIN).code == -52
    assert hsm(b, "iUnblockPIN") == (0, "")
    assert b("iVerifyPINK", pPIN=PIN).code == 0
    b("iUnblockPIN_HSM_Step1")
    assert b("iUnblockPIN_HSM_Step2", pKey="0" * 32).code == -23


def test_secured_data_that_is_none() -> None:
    for secured, code in (("", -42), ("00" * 20, -0x6988), ("11" * 25, -42), ("0G" * 20, -41)):
        b = bench(sam=None, pins=("654321", "654321"))
        key = ANSWERS.answer("iReloadPIN_HSM_Step1", b("iReloadPIN_HSM_Step1").info, CARD_2_0)
        assert b("iReloadPIN_HSM_Step2", pKey=key).code == 0
        assert b("iReloadPIN_HSM_Step3", pKey=secured).code == code
        assert b("iVerifyPINK", pPIN=PIN).code == 0


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_debit(algorithm: str) -> None:
    b = bench(algorithm, sam=None, card={**OFFLINE, "medical": {"balance": 5000}}, pins=(PIN, PIN))
    out = b("iDoDebit_HSM_Step1", pPayInfo="1.5|0.2|0.30|20250601123015|").info
    assert re.fullmatch(
        r"0[13]\|000101\|[0-9A-F]{8}\|0001\|00000096\|00000014\|0000001E\|20250601123015\|", out
    )
    key = ANSWERS.answer("iDoDebit_HSM_Step1", out, CARD_2_0)
    done = b("iDoDebit_HSM_Step2", pKey=key)
    assert re.fullmatch(
        r"0001\|2\|000000000000\|20250601123015\|1.50\|0.20\|0.30\|[0-9A-F]{8}\|[0-9A-F]{8}\|[0-9A-F]{8}\|",
        done.info,
    )
    assert ANSWERS._keys.purchase_mac2(bytes.fromhex(done.info.split("|")[9]))
    b("iDoDebit_HSM_Step1", pPayInfo="1.5|0.2|0.30|20250601123016|")
    assert b("iDoDebit_HSM_Step2", pKey=key.replace("123015", "123016")).code == -37634
