"""iReadCardBas: the basic data of card and holder (基本信息)."""

from shebaoka.driver import strings
from shebaoka.driver.basic_fields import FIELDS
from shebaoka.driver.texts import to_text
from shebaoka.driver.work import Equipment, proven, shown_identity
from shebaoka.terminal.content import FileReading
from shebaoka.terminal.psam_info import NO_TERMINAL
from shebaoka.terminal.reading import read_file
from shebaoka.terminal.session import Session

SOCIAL, HOLDER = "SSSE", 0xEF06
_NAME, _EXTENSION = 0x09, 0x4E


def read_basic(equipment: Equipment, card_type: int) -> str:
    """The items of the profile's list, by default eleven, each ended by ``|``. A 3.0 card gives them to a
    terminal that proves RK_SSSE only. Raises DriverError, TerminalError."""
    with proven(equipment, card_type) as session:
        return line(equipment, session, session.source.terminal_number())


def line(equipment: Equipment, session: Session, terminal: str = NO_TERMINAL) -> str:
    """The items, read from a card whose holder data may be read."""
    profile = equipment.profile
    holder = read_file(session, SOCIAL, HOLDER)
    values = [
        _value(name, session, holder, terminal, equipment.device.number, _reset(equipment, session))
        for name in profile.basic_fields
    ]
    if profile.separator == strings.FIELD:
        return strings.join(values)
    return "".join(value.replace(profile.separator, " ") + profile.separator for value in values)


def _reset(equipment: Equipment, session: Session) -> str:
    return equipment.profile.reset_text(session.answer, session.historical)


def _value(name: str, session: Session, holder: FileReading, terminal: str, device: str, reset: str) -> str:
    match FIELDS[name]:
        case "code":
            return session.identity.city_code
        case "reset":
            return reset
        case "terminal":
            return terminal
        case "device":
            return device
        case "name":
            return text_of(holder, _NAME) + text_of(holder, _EXTENSION)
        case place:
            file, tag = place.split("/")
            number = int(tag, 16)
            if name == "card-number":
                return shown_identity(session).card_number
            return session.issuer.get(number, "") if file == "EF05" else text_of(holder, number)


def text_of(reading: FileReading, tag: int) -> str:
    """The first record with ``tag`` as text; empty when the card has none."""
    found = next((item for item in reading.items() if item.item.tag == tag), None)
    return "" if found is None else to_text(found.item, found.raw)
