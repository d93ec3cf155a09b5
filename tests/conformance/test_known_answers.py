"""The known answers of the fixture against the second implementation of the formulas."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

import conformance.formulas as f
from conformance.formulas import VARIANTS, Variant

h = bytes.fromhex
ANSWERS = tomllib.loads(Path(__file__).with_name("known_answers.toml").read_text(encoding="utf-8"))["answer"]

C8, C3 = h("2122232425262728"), h("3132333435363738")
TERMINAL, LOAD_TIME, PURCHASE_TIME = h("650100000001"), h("20160102030405"), h("20160103040506")
AMOUNTS = h("000003E8 000001F4 000007D0")


def _sub(v: Variant, name: str, random: bytes, header: str, data: bytes = b"") -> bytes:
    return f.secure_command(v, f.card_key(v, name), random, header, data)


def _load_session(v: Variant) -> bytes:
    return f.session(v, f.card_key(v, "DLK"), h("A1B2C3D400018000"))


def _purchase_session(v: Variant) -> bytes:
    return f.session(v, f.card_key(v, "DPK"), h("B1B2B3B400010005"))


def _load_tac(v: Variant, balance: str) -> bytes:
    message = h(balance + "0001 00002710 31") + TERMINAL + LOAD_TIME
    return f.mac(v, f.tac_key(v, f.card_key(v, "DTK")), message)


def _purchase_mac1(v: Variant, kind: str) -> bytes:
    return f.mac(v, _purchase_session(v), AMOUNTS + h(kind) + TERMINAL + PURCHASE_TIME)


def _purchase_tac(v: Variant) -> bytes:
    message = AMOUNTS + h("32") + TERMINAL + h("00000005") + PURCHASE_TIME
    return f.mac(v, f.tac_key(v, f.card_key(v, "DTK")), message)


def _load_key(v: Variant, header: str, record: bytes) -> bytes:
    return f.loading(v, f.root(v, "ADF-MK"), h("41424344"), header, record)


def _create_key(v: Variant) -> bytes:
    return _load_key(v, "84D40011", h("272400") + bytes((v.psam,)) + bytes(4) + f.root(v, "UK3DF01"))


def _delivery(v: Variant) -> bytes:
    factors = f.CARD + C8.ljust(v.block, b"\x00")
    return h("BFDE2842") + bytes((len(factors),)) + factors


def _cipher_data(v: Variant) -> bytes:
    return h("80FA0000") + bytes((v.block,)) + f.ORIGINAL.ljust(v.block, b"\x00")


def _raw_answer(v: Variant) -> bytes:
    temporary = f.session(v, f.card_key(v, "UK1DF01"), C8)
    return f.encrypt(v, temporary, f.ORIGINAL.ljust(v.block, b"\x00"))


def _psam_kid(v: Variant) -> bytes:
    return f.authentication(v, f.root(v, "KID-01"), h("5152535455565758"))


def _auth(name: str, random: bytes = C8) -> Callable[[Variant], bytes]:
    return lambda v: f.authentication(v, f.card_key(v, name), random)


COMPUTED: dict[str, Callable[[Variant], bytes]] = {
    "city root of UK1DF01": lambda v: f.level_key(v, "UK1DF01", 2),
    "INTERNAL AUTH answer": _auth("IRK", h("0102030405060708")),
    "auth data UK1DF01, 4-byte": _auth("UK1DF01", h("21222324")),
    "PIN reload to 654321": lambda v: f.pin_reload(v, f.card_key(v, "STK"), C3, h("654321")),
    "PIN reload to 1234567890123456": lambda v: f.pin_reload(
        v, f.card_key(v, "STK"), C3, h("1234567890123456")
    ),
    "PIN unblock only": lambda v: _sub(v, "STK", C3, "84240000"),
    "CARD BLOCK": lambda v: _sub(v, "STK", C3, "84160000"),
    "APPLICATION BLOCK": lambda v: _sub(v, "STKDF04", C3, "841E0001"),
    "UPDATE RECORD with MAC": lambda v: _sub(v, "STKDF01", C3, "04DC013C", h("290131")),
    "SESLK": _load_session,
    "load MAC1": lambda v: f.mac(v, _load_session(v), h("00000000 00002710 31") + TERMINAL),
    "load MAC2": lambda v: f.mac(v, _load_session(v), h("00002710 31") + TERMINAL + LOAD_TIME),
    "load TAC with balance after": lambda v: _load_tac(v, "00002710"),
    "load TAC with balance before": lambda v: _load_tac(v, "00000000"),
    "SESPK": _purchase_session,
    "purchase MAC1": lambda v: _purchase_mac1(v, "32"),
    "same with type 02": lambda v: _purchase_mac1(v, "02"),
    "purchase MAC2": lambda v: f.mac(v, _purchase_session(v), AMOUNTS),
    "purchase TAC": _purchase_tac,
    "PSAM external auth KID-01": _psam_kid,
    "PSAM CREATE KEY": _create_key,
    "PSAM CHANGE KEY": lambda v: _load_key(v, "84D40111", h("272400") + f.root(v, "UK3DF01")),
    "PSAM DELIVERY": _delivery,
    "PSAM CIPHER DATA": _cipher_data,
    "its raw answer": _raw_answer,
}


def _compute(item: str, v: Variant) -> bytes:
    if item.startswith("card key "):
        return f.card_key(v, item.removeprefix("card key "))
    for beginning, formula in COMPUTED.items():
        if item.startswith(beginning):
            return formula(v)
    name, _, rest = item.removeprefix("auth data ").partition(",")
    assert "2122232425262728" in rest, item
    return f.authentication(v, f.card_key(v, name), C8)


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=str)
@pytest.mark.parametrize("answer", ANSWERS, ids=lambda a: a["item"])
def test_the_second_implementation_gives_the_known_answer(answer: dict[str, str], variant: Variant) -> None:
    assert _compute(answer["item"], variant).hex().upper() == answer[variant.id]
