"""Which function does what: the plain ones, and the steps over an HSM with what must come before them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from shebaoka.driver import basic, debits, files, holder, pins
from shebaoka.driver.errors import INPUT, PARAMETER, DriverError
from shebaoka.driver.hsm import basic as hsm_basic
from shebaoka.driver.hsm import debits as hsm_debits
from shebaoka.driver.hsm import files as hsm_files
from shebaoka.driver.hsm import pins as hsm_pins
from shebaoka.driver.hsm.pending import Basic, Debit, Files, Pending, Pin, PinBlock
from shebaoka.driver.work import Equipment

Values = Mapping[str, str]
Plain = Callable[[Equipment, Values], str]
First = Callable[[Equipment, Values], tuple[str, Pending]]
Next = Callable[[Equipment, Pending, Values], tuple[str, Pending | None]]
_Kind = TypeVar("_Kind", bound=Pending)


@dataclass(frozen=True)
class Following:
    """A step that goes on with the card that step ``after`` left powered."""

    after: str
    run: Next


def plain(name: str) -> Plain | None:
    """A function that opens and closes the device itself."""
    return _PLAIN.get(name)


def first_step(name: str) -> First | None:
    """A first step: opens the device and leaves it open."""
    return _FIRST.get(name)


def following(name: str) -> Following | None:
    """A later step."""
    return _FOLLOWING.get(name)


def _type(values: Values, name: str = "iType") -> int:
    try:
        return int(values[name])
    except ValueError:
        raise DriverError(PARAMETER, f"({name})") from None


def _of(kind: type[_Kind], pending: Pending) -> _Kind:
    if not isinstance(pending, kind):
        raise DriverError(INPUT)
    return pending


_PLAIN: Mapping[str, Plain] = {
    "iReadCardBas": lambda e, v: basic.read_basic(e, _type(v)),
    "iReadCard": lambda e, v: files.read_card(
        e, _type(v), _type(v, "iAuthType"), v["pCardInfo"], v["pFileAddr"]
    ),
    "iWriteCard": lambda e, v: files.write_card(e, _type(v), v["pCardInfo"], v["pFileAddr"], v["pWriteData"]),
    "iVerifyPIN": lambda e, v: pins.verify_pin(e, _type(v)),
    "iVerifyPINK": lambda e, v: pins.verify_pin(e, _type(v)),
    "iChangePIN": lambda e, v: pins.change_pin(e, _type(v)),
    "iChangePINK": lambda e, v: pins.change_pin(e, _type(v)),
    "iReloadPIN": lambda e, v: pins.reload_pin(e, _type(v), v["pCardInfo"]),
    "iUnblockPIN": lambda e, v: pins.unblock_pin(e, _type(v), v["pCardInfo"]),
    "iDoDebit": lambda e, v: debits.debit(e, _type(v), v["pCardInfo"], v["pPayInfo"]),
    "iReadDebitRecord": lambda e, v: debits.read_debit_records(e, _type(v)),
    "iProveHolder": lambda e, v: holder.prove(e, _type(v), v["pChallenge"]),
    "iPinState": lambda e, v: holder.pin_state(e, _type(v)),
}

_FIRST: Mapping[str, First] = {
    "iReadCardBas_HSM_Step1": lambda e, v: hsm_basic.first(e, _type(v)),
    "iReadCard_HSM_Step1": lambda e, v: hsm_files.first_read(e, _type(v), v["pCardInfo"], v["pFileAddr"]),
    "iWriteCard_HSM_Step1": lambda e, v: hsm_files.first_write(e, _type(v), v["pCardInfo"], v["pFileAddr"]),
    "iReloadPIN_HSM_Step1": lambda e, v: hsm_pins.first(e, _type(v), v["pCardInfo"], reload=True),
    "iUnblockPIN_HSM_Step1": lambda e, v: hsm_pins.first(e, _type(v), v["pCardInfo"], reload=False),
    "iDoDebit_HSM_Step1": lambda e, v: hsm_debits.first(e, _type(v), v["pCardInfo"], v["pPayInfo"]),
}


def _pin_second(e: Equipment, p: Pending, v: Values) -> tuple[str, Pending | None]:
    return hsm_pins.second(e, _of(Pin, p), v["pKey"])


def _pin_third(e: Equipment, p: Pending, v: Values) -> tuple[str, Pending | None]:
    return hsm_pins.third(e, _of(PinBlock, p), v["pKey"]), None


_FOLLOWING: Mapping[str, Following] = {
    "iReadCardBas_HSM_Step2": Following(
        "iReadCardBas_HSM_Step1", lambda e, p, v: (hsm_basic.second(e, _of(Basic, p), v["pKey"]), None)
    ),
    "iReadCard_HSM_Step2": Following(
        "iReadCard_HSM_Step1", lambda e, p, v: (hsm_files.second_read(e, _of(Files, p), v["pKey"]), None)
    ),
    "iWriteCard_HSM_Step2": Following(
        "iWriteCard_HSM_Step1",
        lambda e, p, v: (hsm_files.second_write(e, _of(Files, p), v["pKey"], v["pWriteData"]), None),
    ),
    "iReloadPIN_HSM_Step2": Following("iReloadPIN_HSM_Step1", _pin_second),
    "iReloadPIN_HSM_Step3": Following("iReloadPIN_HSM_Step2", _pin_third),
    "iUnblockPIN_HSM_Step2": Following("iUnblockPIN_HSM_Step1", _pin_second),
    "iUnblockPIN_HSM_Step3": Following("iUnblockPIN_HSM_Step2", _pin_third),
    "iDoDebit_HSM_Step2": Following(
        "iDoDebit_HSM_Step1", lambda e, p, v: (hsm_debits.second(e, _of(Debit, p), v["pKey"]), None)
    ),
}
