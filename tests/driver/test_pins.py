"""PINs and payments: who is asked what, what each failure is called, and that nothing remains of a PIN."""

from typing import Any

import pytest

from driver.bench import CODE, PIN, Bench, Pad, bench
from shebaoka.driver.driver import Outcome
from shebaoka.driver.errors import CANCELED, TIMED_OUT, DriverError
from shebaoka.driver.pin_pad import Entry, GivenPins, NoPad
from shebaoka.driver.profile import Profile
from shebaoka.terminal.holder import HolderAnswer, proves
from shebaoka.terminal.vault_keys import VaultKeys
from terminal.support import ALGORITHMS, OFFLINE, vault

PAY = {"pPayInfo": "1.5|0.2|0.30|20250601123015|"}
PURSE = {**OFFLINE, "medical": {"balance": 5000}}
INITIAL = Profile(language="en", initial_pins=frozenset({PIN}))


def test_verifying() -> None:
    b = bench(pins=(PIN, "000000", "0000"))
    assert b("iVerifyPIN") == Outcome(0, "")
    wrong = b("iVerifyPIN")
    assert wrong.code == -51
    assert "5" in wrong.info
    assert b("iVerifyPIN").code == -51
    assert b.pad.asked == [Entry.PIN] * 3


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (DriverError(CANCELED), -31),
        (DriverError(TIMED_OUT), -32),
        ("123", -33),
        ("1234567890123", -33),
        ("12a456", -41),
    ],
)
def test_a_pin_that_was_not_entered_goes_to_no_card(typed: str | DriverError, code: int) -> None:
    b = bench(pins=(typed,))
    before = b.state
    assert b("iVerifyPIN").code == code
    assert b.state == before
    assert not b.powered


def test_a_locked_pin_is_not_asked_for() -> None:
    b = bench(pins=("000000",) * 6)
    assert [b("iVerifyPIN").code for _ in range(6)] == [-51] * 5 + [-52]
    b.pad.asked.clear()
    codes = [
        b(name, **given).code for name, given in (("iVerifyPIN", {}), ("iChangePIN", {}), ("iDoDebit", PAY))
    ]
    assert codes == [-52, -52, -52]
    assert not b.pad.asked
    assert b("iUnblockPIN").code == 0
    b.pad.digits = [PIN]
    assert b("iVerifyPIN").code == 0


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_changing_and_resetting(algorithm: str) -> None:
    b = bench(algorithm, pins=(PIN, "654321", "654321", "1111", "1111"))
    assert b("iChangePIN") == Outcome(0, "")
    assert b.pad.asked == [Entry.OLD, Entry.NEW, Entry.AGAIN]
    assert b("iVerifyPINK", pPIN="654321").code == 0
    assert b("iReloadPIN").code == 0
    assert b("iVerifyPINK", pPIN="1111").code == 0
    assert b("iReloadPIN", pCardInfo=f"{CODE}|B00000011|").code == -22


@pytest.mark.parametrize(
    ("typed", "profile", "code"),
    [
        ((PIN, "654321", "654322"), INITIAL, -34),
        ((PIN, PIN, PIN), INITIAL, -36),
        (("000000", "654321", "654321"), INITIAL, -51),
        ((PIN, "12", "12"), INITIAL, -33),
    ],
)
def test_a_change_that_is_refused(typed: tuple[str, ...], profile: Profile, code: int) -> None:
    b = bench(pins=typed, profile=profile)
    assert b("iChangePIN").code == code
    assert b("iVerifyPINK", pPIN=PIN).code == 0


def test_pins_passed_in() -> None:
    b = bench()
    assert b("iVerifyPINK", pPIN=PIN).code == 0
    assert b("iChangePINK", pOldPIN=PIN, pNewPIN="654321").code == 0
    assert b("iVerifyPINK", pPIN="654321").code == 0
    assert b("iVerifyPINK").code == -14
    assert b("iReadCard", iAuthType=1, pFileAddr="DF01EF05|20|$", pPIN="654321").code == 0
    assert not b.pad.asked


def test_a_device_without_a_pad() -> None:
    b = bench()
    b.driver.equipment = b.driver.equipment.__class__(b.driver.equipment.device)
    assert b("iVerifyPIN").code == -13


def paid(b: Bench) -> int:
    b.pad.digits = [PIN]
    records = b("iReadDebitRecord").info
    return records.count("|") // 7


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_payment_and_its_record(algorithm: str) -> None:
    b = bench(algorithm, card=PURSE, pins=(PIN,) * 3)
    assert b("iReadDebitRecord") == Outcome(0, "")
    done = b("iDoDebit", **PAY)
    number = "0001|2|650100000001|20250601123015|1.50|0.20|0.30|"
    assert done.info[: len(number)] == number
    assert [len(part) for part in done.info[len(number) :].split("|")] == [8, 8, 0]
    assert b("iReadDebitRecord").info == number


@pytest.mark.parametrize(
    ("given", "settings", "code"),
    [
        ({"pPayInfo": "99|0|0|20250601123015|"}, {}, -37889),
        ({"pPayInfo": "1|0|0|20251301123015|"}, {}, -23),
        ({"pPayInfo": "99999999|0|0|20250601123015|"}, {}, -42),
        ({"pPayInfo": "1|0|0|20400601123015|"}, {}, -999),
        ({**PAY, "pCardInfo": f"{CODE}|B00000011|"}, {}, -22),
        (PAY, {"institutions": ("FF",)}, -999),
    ],
)
def test_a_payment_that_is_refused(given: dict[str, object], settings: dict[str, Any], code: int) -> None:
    b = bench(card=PURSE, pins=(PIN,), **settings)
    outcome = b("iDoDebit", **given)
    assert outcome.code == code
    assert outcome.info
    assert paid(b) == 0


def test_a_card_that_works_online_and_an_initial_pin() -> None:
    online = bench(card={"files": {"DF04": {"EF05": {"8F": "1"}}}, "medical": {"balance": 5000}}, pins=(PIN,))
    assert online("iDoDebit", **PAY).code == -27013
    initial = bench(card=PURSE, pins=(PIN,), profile=INITIAL)
    assert initial("iDoDebit", **PAY).code == -35
    assert paid(initial) == 0


def test_nothing_shows_a_pin() -> None:
    pad = GivenPins({Entry.PIN: "918273", Entry.NEW: "918273"}, NoPad())
    assert pad.ask(Entry.AGAIN, 1) == "918273"
    with pytest.raises(DriverError) as error:
        pad.ask(Entry.OLD, 1)
    b = bench(pins=("918273",))
    shown = [
        repr(pad),
        repr(error.value),
        str(error.value),
        repr(b("iVerifyPIN")),
        repr(b("iVerifyPINK", pPIN="918273x")),
    ]
    assert not any("918273" in text for text in shown)
    assert isinstance(b.pad, Pad)


def test_the_state_of_the_pin_costs_no_try() -> None:
    b = bench(pins=("000000",))
    assert b("iPinState") == Outcome(0, "1|6|")
    assert b("iVerifyPIN").code == -51
    assert b("iPinState") == Outcome(0, "1|5|")
    assert b.pad.asked == [Entry.PIN]


def test_proving_the_holder() -> None:
    b = bench(pins=(PIN, "000000"))
    asked = "5A" * 28
    told = b("iProveHolder", pChallenge=asked)
    assert told.code == 0
    assert proves(HolderAnswer.of(told.info), bytes.fromhex(asked), VaultKeys(vault()))
    assert b("iProveHolder", pChallenge=asked).code == -51
    for wrong in ("", "5A", "zz" * 28, "5A" * 29):
        assert b("iProveHolder", pChallenge=wrong).code == -14, wrong
    assert b.pad.asked == [Entry.PIN] * 2
