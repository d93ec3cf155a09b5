"""What a PSAM says about itself: serial, terminal number, validity, key versions by level (Part 9 §5)."""

from dataclasses import dataclass

from shebaoka.terminal import psam_link
from shebaoka.terminal.psam_link import APPLICATION, PsamLink

_CARD_INFO, _TERMINAL, _SEQUENCE = 0x15, 0x16, 0x19
_LEVELS = {3: 0x1A, 2: 0x1B, 1: 0x1C}  # steps left of the level's keys -> application information file
NO_TERMINAL = "000000000000"


@dataclass(frozen=True, slots=True)
class LevelInfo:
    """Application information of a level (001A national, 001B province, 001C city), 10 bytes:
    ``medical_index`` and ``authentication_version`` (0 when not stated), dates YYYYMMDD or empty."""

    medical_index: int
    authentication_version: int
    valid_from: str
    valid_until: str


@dataclass(frozen=True, slots=True)
class PsamInfo:
    """``issuer`` (1 byte), ``serial`` (20 digits), ``version``, ``key_card_type`` and ``issuer_data`` of file
    0015; ``terminal`` twelve digits of 0016; ``sequence`` of 0019 (last used, None when not readable);
    ``levels`` by diversification steps left: 3 national, 2 province, 1 city."""

    issuer: int
    serial: str
    version: int
    key_card_type: int
    issuer_data: str
    terminal: str
    sequence: int | None
    levels: dict[int, LevelInfo]


def read_info(link: PsamLink, environment: bytes) -> PsamInfo:
    """All readable information of one environment; what is missing is zero or empty."""
    card = psam_link.in_environment(link, environment, lambda: psam_link.read_binary(link, _CARD_INFO, 15))
    terminal = terminal_number(link, environment)
    link.select(APPLICATION)
    sequence = psam_link.read_binary(link, _SEQUENCE, 4)
    levels = {}
    for steps, sfi in _LEVELS.items():
        raw = psam_link.read_binary(link, sfi, 10)
        if raw is not None:
            levels[steps] = _level(raw)
    card = card or bytes(15)
    return PsamInfo(
        card[0],
        card[1:11].hex().upper(),
        card[11],
        card[12],
        card[13:15].hex().upper(),
        terminal,
        None if sequence is None else int.from_bytes(sequence),
        levels,
    )


def terminal_number(link: PsamLink, environment: bytes) -> str:
    """Twelve digits of file 0016 (Part 9 §7.3.3); zeros when the file is missing, empty or not decimal."""
    raw = psam_link.in_environment(link, environment, lambda: psam_link.read_binary(link, _TERMINAL, 6))
    number = raw.hex() if raw else NO_TERMINAL
    return number if number.isdecimal() else NO_TERMINAL


def _level(raw: bytes) -> LevelInfo:
    index, version = (0 if value == 0xFF else value for value in raw[:2])
    return LevelInfo(index, version, _date(raw[2:6]), _date(raw[6:10]))


def _date(raw: bytes) -> str:
    text = raw.hex()
    return text if text.isdecimal() and text.strip("0") else ""
