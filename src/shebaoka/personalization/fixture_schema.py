"""What a fixture file may say (docs/reference/fixtures.md), checked while it is read."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import msgspec

from shebaoka.spec.errors import SpecError
from shebaoka.spec.loading import read_toml

_WORDS: dict[str, str] = {}


def _text(pattern: str, words: str) -> msgspec.Meta:
    """A form of text and how a message calls it."""
    _WORDS[pattern] = words
    return msgspec.Meta(pattern=pattern)


Digits6 = Annotated[str, _text(r"^[0-9]{6}$", "six digits")]
Digits12 = Annotated[str, _text(r"^[0-9]{12}$", "twelve digits")]
Hex = Annotated[str, _text(r"^([0-9A-Fa-f]{2}| )*$", "hexadecimal digits in pairs")]
Hex13 = Annotated[str, _text(r"^([0-9A-Fa-f]{2} *){13}$", "13 bytes in hexadecimal")]
HexByte = Annotated[str, _text(r"^[0-9A-Fa-f]{2}$", "one byte in hexadecimal")]
HexFid = Annotated[str, _text(r"^[0-9A-Fa-f]{4}$", "a file identifier, four hexadecimal digits")]
PinDigits = Annotated[str, _text(r"^([0-9]{4,16})?$", "4 to 16 digits, or empty for no PIN")]
Year = Annotated[str, _text(r"^[0-9]{4}$", "four digits, YYYY")]
Day = Annotated[str, _text(r"^(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])$", "a day, MMDD")]
Rule = Annotated[str, _text("^(name|none)$", '"name" or "none"')]
FciChoice = Annotated[str, _text("^(own|none|SSF33)$", '"own", "none" or "SSF33"')]
Interface = Annotated[str, _text("^(contact|contactless|dual)$", '"contact", "contactless" or "dual"')]
LevelName = Annotated[str, _text("^(nation|province|city)?$", '"nation", "province" or "city"')]
TryLimit = Annotated[int, msgspec.Meta(ge=0, le=15)]
VersionCount = Annotated[int, msgspec.Meta(ge=1, le=9)]
UInt32 = Annotated[int, msgspec.Meta(ge=0, lt=2**32)]
UInt16 = Annotated[int, msgspec.Meta(ge=0, lt=2**16)]

KeyVersions: TypeAlias = dict[str, Hex]
"""Version number (as a TOML key, "1") -> 8 or 16 bytes in hex."""


class FixtureError(ValueError):
    """A fixture that cannot be built: one line with file, place and reason."""

    def __init__(self, source: str, place: str, reason: str) -> None:
        self.source, self.place, self.reason = source, place, reason
        line = ": ".join(part for part in (source, place, reason) if part)
        super().__init__("".join(c if c.isprintable() else " " for c in line))


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Keys(_Table, frozen=True, kw_only=True):
    """Keys: national roots by rule (``name``: ASCII name, versions from 2 with their digit, filled with A5),
    explicit roots, explicit diversified card keys, counts of versions by key name or role, try limit."""

    rule: Rule = "name"
    limit: TryLimit = 3
    limits: dict[str, TryLimit] = {}
    versions: dict[str, VersionCount] = {}
    roots: dict[str, KeyVersions] = {}
    card: dict[str, KeyVersions] = {}

    def __repr__(self) -> str:
        return f"<keys of a fixture, rule {self.rule}>"


class Pin(_Table, frozen=True, kw_only=True):
    """The PIN, 4-16 digits or empty (none set), and its try limit."""

    value: PinDigits = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=15)] = 6

    def __repr__(self) -> str:
        return f"<PIN of a fixture, limit {self.limit}>"


class Medical(_Table, frozen=True, kw_only=True):
    """Parameters of the offline medical account; amounts in fen, ``year`` YYYY, ``start_day`` MMDD."""

    balance: UInt32 = 0
    load_counter: UInt16 = 1
    purchase_counter: UInt16 = 1
    year: Year = "2016"
    start_day: Day = "0101"
    log_record_length: Annotated[int, msgspec.Meta(ge=20, le=28)] = 28
    self_pay: UInt32 = 0
    pooled: UInt32 = 0


FileValues: TypeAlias = dict[str, Any]
"""Item tag (hex) -> value or list of values; or ``records`` (list of values or hex); or ``content`` (hex)."""


class CardFixture(_Table, frozen=True, kw_only=True):
    """A holder's card."""

    kind: str
    title: str = ""
    layout: str = "2.0"
    algorithm: str = "3DES"
    fci_algorithm: FciChoice = "own"
    historical_bytes: Hex13
    city_code: Digits6
    interface: Interface = "contact"
    annex: bool = False
    extensions: list[str] = []
    blank_records: bool = True
    activated: bool = True
    keys: Keys = Keys()
    pin: Pin = Pin()
    medical: Medical | None = None
    files: dict[str, dict[str, FileValues]] = {}


class PsamKey(_Table, frozen=True, kw_only=True):
    """A key in a PSAM: catalogue name, usage byte (top three bits: diversification steps left), identifier
    (version for usage type 2), key file (0011 nation, 0012 province, 0013 city), root version, or explicit
    value."""

    name: str
    usage: HexByte
    id: HexByte
    file: HexFid = "0011"
    version: VersionCount = 1
    value: Hex = ""

    def __repr__(self) -> str:
        return f"<PSAM key {self.usage}/{self.id} of a fixture>"


class Environment(_Table, frozen=True, kw_only=True):
    """One tree of a PSAM: directory id of the layout, algorithm, keys."""

    algorithm: str
    keys: list[PsamKey] = []
    catalogue: LevelName = ""


class PsamFixture(_Table, frozen=True, kw_only=True):
    """A terminal security module."""

    kind: str
    title: str = ""
    historical_bytes: Hex13
    city_code: Digits6
    terminal_number: Digits12
    next_sequence: Annotated[int, msgspec.Meta(ge=1, lt=2**32)] = 1
    activated: bool = True
    environments: dict[str, Environment]
    keys: Keys = Keys()
    files: dict[str, dict[str, FileValues]] = {}


Fixture: TypeAlias = CardFixture | PsamFixture


def read_fixture(source: Path | Mapping[str, Any]) -> tuple[Fixture, str]:
    """The fixture and the name of its source for messages.

    Raises FixtureError for a file that cannot be read, malformed TOML or a wrong entry.
    """
    name = str(source) if isinstance(source, Path) else "fixture"
    data = _toml(source) if isinstance(source, Path) else dict(source)
    kind = data.get("kind")
    if kind not in ("card", "psam"):
        raise FixtureError(name, "kind", 'must be "card" or "psam"')
    wanted: type[Fixture] = CardFixture if kind == "card" else PsamFixture
    try:
        return msgspec.convert(data, wanted), name
    except msgspec.ValidationError as error:
        reason, _, place = str(error).partition(" - at ")
        raise FixtureError(name, place.strip("`").removeprefix("$."), _plain(reason)) from None


def _plain(reason: str) -> str:
    """A mismatch with a pattern in words."""
    for pattern, words in _WORDS.items():
        if f"'{pattern}'" in reason:
            return f"must be {words}"
    return reason


def _toml(path: Path) -> dict[str, Any]:
    try:
        return read_toml(path)
    except SpecError as error:
        raise FixtureError(error.file, error.place, error.message) from None
