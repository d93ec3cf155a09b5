"""A: reset and transport."""

from conformance.harness import Session, case
from shebaoka.reader.dual_interface import DualInterface

HISTORICAL = "00810102031234650100000001"
INTERNAL = "0088000010 0102030405060708 1112131415161718"


@case("A01", "P2 §8.2, P10 §5.1.2", pcsc=True)
def cold_reset(s: Session) -> None:
    assert s.atr.hex().upper() == "3B6D0000" + HISTORICAL


@case("A02", "P2 T16", pcsc=True)
def card_factor_in_the_atr(s: Session) -> None:
    assert s.atr[-8:].hex() == "1234650100000001"


@case("A03", "RD")
def contactless_activation(s: Session) -> None:
    card = DualInterface(s.reader.chip)
    assert card.contact.reset() == s.atr
    assert card.contactless.reset().hex().upper() == "127880A002" + HISTORICAL


@case("A05", "P2 §9.3.2.1 (K35)", pcsc=True)
def short_le(s: Session) -> None:
    s.sel()
    s.ef("EF05")
    assert s.raw("00B2010011") == "6C12"


@case("A06", "P2 §9.3.1.4")
def case_4_without_le(s: Session) -> None:
    s.sel()
    answer = s.raw(INTERNAL)
    assert answer == "6108" or (len(answer) == 20 and answer.endswith("9000"))


@case("A07", "P5 §6.6")
def fetch_what_waits(s: Session) -> None:
    s.sel()
    assert s.raw(INTERNAL) == "6108"
    answer = s.raw("00C0000008")
    assert len(answer) == 20
    assert answer.endswith("9000")


@case("A09", "P5 §6.6.4")
def get_response_with_le_00(s: Session) -> None:
    s.sel()
    assert s.raw(INTERNAL) == "6108"
    assert s.raw("00C0000000") == "6C08"
    assert len(s.raw("00C0000008")) == 20


@case("A10", "P2 §9.4.1", pcsc=True)
def class_ff(s: Session) -> None:
    s.expect("FFA4040000", "6E00")


@case("A11", "P5 T5", pcsc=True)
def unknown_instruction(s: Session) -> None:
    s.expect("00FF000000", "6D00")
