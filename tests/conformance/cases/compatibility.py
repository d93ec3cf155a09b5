"""G and L: tags that changed their meaning, on cards of version 1.xx (V2 App C)."""

from typing import Any

from conformance.harness import Session, case
from conformance.spy import terminal
from shebaoka.terminal.reading import read_file
from shebaoka.terminal.updating import Change, update


def _old_card(values: dict[str, Any]) -> dict[str, Any]:
    return {"files": {"DF01": {"EF0A": values}}}


@case("L23", "V2 App C", variants="D", fixture="card-1.0", change=_old_card({"37": {"hex": "444555EE"}}))
def new_meaning_on_an_old_card(s: Session) -> None:
    session = terminal(s).open()
    reading = read_file(session, "DF01", 0xEF0A, code="123456")
    item = next(found for found in reading.items() if found.item.tag == 0x37)
    assert (item.value, item.item.name.zh) == ("DEU", "国籍")
    other = s.spawn("card-1.0", _old_card({"37": {"hex": "00123456"}}))
    reading = read_file(terminal(other).open(), "DF01", 0xEF0A, code="123456")
    item = next(found for found in reading.items() if found.item.tag == 0x37)
    assert item.value == 123456


def identity_class(s: Session) -> tuple[Any, str]:
    """Value and Chinese name of item 32 as a terminal sees it."""
    reading = read_file(terminal(s).open(), "DF01", 0xEF09, code="123456")
    item = next(found for found in reading.items() if found.item.tag == 0x32)
    return item.value, item.item.name.zh


@case("G22", "V2 App C", variants="D", fixture="card-1.0")
def rewriting_with_a_new_meaning(s: Session) -> None:
    s.df("DF01")
    s.pin()
    s.ea("84", "UK2DF01")
    s.expect("00DC034C 05 3203313130", "9000")
    old = identity_class(s)
    update(terminal(s).open(), [Change("DF01", 0xEF09, 0x32, "11", new_meaning=True)])
    s.df("DF01")
    s.pin()
    s.expect("00B2034C05", "32033131EE 9000")
    new = identity_class(s)
    assert old == ("110", "单位经济类型")
    assert new[0] == "11"
    assert "身份" in new[1]


@case("G23", "V2 App C", variants="D", fixture="card-1.0")
def two_meanings_of_item_37(s: Session) -> None:
    for data, value in (("444555EE", "DEU"), ("00123456", 123456)):
        s.df("DF01")
        s.pin()
        s.ea("87", "UK5DF01")
        s.expect(f"00DC0154 06 3704{data}", "9000")
        reading = read_file(terminal(s).open(), "DF01", 0xEF0A, code="123456")
        assert next(found for found in reading.items() if found.item.tag == 0x37).value == value
