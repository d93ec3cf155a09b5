"""Numbers with an inner structure: identification code, institution, card number, person number (V2 §8.1)."""

from collections.abc import Callable

from shebaoka.domain import card_number, identification_code, institution, person_number
from shebaoka.terminal.check.model import Area, Notebook, Outcome
from shebaoka.terminal.content import ItemReading

_ISSUER, _HOLDER = ("SSSE", 0xEF05), ("SSSE", 0xEF06)


def check_number(notes: Notebook, where: str, directory: str, fid: int, reading: ItemReading) -> None:
    """The numbers of the issuer's and the holder's file; nothing for other items."""
    place = f"{where} {reading.item.tag:02X}"
    match (directory, fid), reading.item.tag:
        case (file, 0x01) if file == _ISSUER:
            _parse(notes, place, "V2 §8.1.1.1", lambda: identification_code.parse(reading.raw), reading)
        case (file, 0x04) if file == _ISSUER:
            _parse(notes, place, "V2 §8.1.1.4", lambda: institution.parse(reading.raw.hex()), reading)
        case (file, 0x07) if file == _ISSUER:
            _check_card_number(notes, place, str(reading.value))
        case (file, 0x08) if file == _HOLDER:
            _parse(notes, place, "V2 §8.1.2.1", lambda: person_number.validate(str(reading.value)), reading)


def _parse(
    notes: Notebook, place: str, source: str, parse: Callable[[], object], reading: ItemReading
) -> None:
    try:
        parse()
    except ValueError:  # its text may show the number
        notes.write(Area.RECORDS, Outcome.FAIL, place, "check-number-not", source, name=reading.item.name)
        return
    notes.write(Area.RECORDS, Outcome.PASS, place, "check-number", source, name=reading.item.name)


def _check_card_number(notes: Notebook, place: str, number: str) -> None:
    """A wrong check character is flagged, never a reason to refuse (decision K85)."""
    try:
        right = card_number.check(number)
    except ValueError:
        right = False
    outcome = Outcome.PASS if right else Outcome.NOTE
    id_ = "check-card-number" if right else "check-card-number-not"
    notes.write(Area.RECORDS, outcome, place, id_, "V2 App A; decision K85")
