"""The shape of the specification data: card layouts, items, keys, code tables. Values live in ``data/``."""

from enum import StrEnum
from functools import cached_property

import msgspec

from shebaoka.spec.conditions import Condition, parse_condition


class Text(msgspec.Struct, frozen=True):
    """A name in Chinese (as printed in the text) and English."""

    zh: str
    en: str


class ItemType(StrEnum):
    """Data types of V2 §7: cn packed digits, an GBK text, b binary (big-endian), B-TLV template."""

    CN = "cn"
    AN = "an"
    B = "b"
    BTLV = "b-tlv"


class Meaning(StrEnum):
    """What the bytes of an item mean to a person; decides how a value is shown and entered."""

    TEXT = "text"
    DIGITS = "digits"
    DATE = "date"  # cn4 YYYYMMDD
    MONTH = "month"  # cn3 YYYYMM
    TIME = "time"  # cn7 YYYYMMDDhhmmss
    REGION = "region"  # cn3 GB/T 2260
    AMOUNT = "amount"  # fen, cn or b
    NUMBER = "number"  # b counter
    IMAGE = "image"
    BYTES = "bytes"


class CodePart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One part of a composite code: ``length`` characters of table ``codes``; ``none`` when unused."""

    length: int
    codes: str
    none: str | None = None


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A data item (数据项): tag (0 for a field without one), length in bytes, code table id.

    ``count`` is how many records with this tag the file holds (V2 T9: degree 1-3, and so on); ``parts``
    splits a composite code such as item 4B; ``since`` names the generation that brought the item.
    """

    tag: int
    name: Text
    type: ItemType
    length: int
    meaning: Meaning = Meaning.TEXT
    codes: str | None = None
    parts: tuple[CodePart, ...] = ()
    count: int = 1
    children: tuple["Item", ...] = ()
    since: str = "1.0"
    clause: str = ""
    note: str = ""


class Structure(StrEnum):
    """File structures: transparent, linear variable, linear fixed, cyclic, COS-internal (Part 3 §5.3)."""

    TRANSPARENT = "transparent"
    VARIABLE = "variable"
    FIXED = "fixed"
    CYCLIC = "cyclic"
    INTERNAL = "internal"


class FileClass(StrEnum):
    """启用 (live), 预设 (defined, not used yet), 预留 (space only): V2 §5."""

    LIVE = "live"
    PRESET = "preset"
    RESERVED = "reserved"


class FileLayout(msgspec.Struct, frozen=True, dict=True, forbid_unknown_fields=True):
    """An elementary file (EF): ``fid`` two bytes as a number, ``size`` in bytes of a transparent file,
    ``records`` the number of records of a cyclic (at least) or fixed file. SFI = low byte of the FID
    (Part 3 §5.2.3)."""

    fid: int
    name: Text
    structure: Structure
    read: str
    write: str
    items: tuple[Item, ...] = ()
    size: int = 0
    records: int = 0
    kind: FileClass = FileClass.LIVE
    source: str = ""

    @property
    def sfi(self) -> int:
        """Short file identifier, 1-30."""
        return self.fid & 0xFF

    @property
    def id(self) -> str:
        """``EF05`` and so on."""
        return f"{self.fid:04X}"

    @cached_property
    def read_condition(self) -> Condition:
        """The read condition, parsed."""
        return parse_condition(self.read)

    @cached_property
    def write_condition(self) -> Condition:
        """The write condition, parsed."""
        return parse_condition(self.write)

    @cached_property
    def record_length(self) -> int:
        """Bytes of one record: sum of the fields (cyclic), longest tag‖length‖value (fixed), 0 otherwise."""
        if self.structure is Structure.CYCLIC:
            return sum(item.length for item in self.items)
        if self.structure is Structure.FIXED:
            return max((2 + item.length for item in self.items), default=0)
        return 0

    @cached_property
    def capacity(self) -> int:
        """Bytes of content: all records with tag and length, or ``size`` of a transparent file."""
        if self.structure is Structure.VARIABLE:
            return sum(item.count * (2 + item.length) for item in self.items)
        return self.size or self.records * self.record_length


class DirectoryLayout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """SSSE or a dedicated file (DF): ``id`` is ``SSSE`` or ``DF01``...; ``aid`` the name for SELECT in hex.
    ``internal`` lists what the chip keeps there outside any file (the medical amounts of DF04, V2 §7);
    ``optional``: a card need not have it (V2 appendix B)."""

    id: str
    name: Text
    aid: str
    label: str = ""
    files: tuple[FileLayout, ...] = ()
    internal: tuple[Item, ...] = ()
    source: str = ""
    optional: bool = False

    @property
    def fid(self) -> int:
        """File identifier: DF01 -> DF01h; the SSSE, selected by name only, is DD01h inside the chip."""
        return 0xDD01 if self.id == "SSSE" else int(self.id, 16)

    def file(self, fid: int) -> FileLayout | None:
        """The file with this identifier, or None."""
        return next((f for f in self.files if f.fid == fid), None)


class CardLayout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A generation of card: id ``1.0``, ``2.0`` or ``3.0``, its directories, SSSE first.

    A city's variant keeps the id of its generation and names its ``extensions``.
    """

    id: str
    name: Text
    version: str  # item 03, e.g. "2.00"
    algorithms: tuple[str, ...]  # Algorithm names, default first
    directories: tuple[DirectoryLayout, ...]
    dir_sfi: int = 0x1E
    extensions: tuple[str, ...] = ()

    def directory(self, id_: str) -> DirectoryLayout:
        """The directory ``SSSE``, ``DF01``... Raises KeyError."""
        for directory in self.directories:
            if directory.id == id_:
                return directory
        raise KeyError(id_)


class Scope(StrEnum):
    """Who makes the root of a key: nation (ministry), province, city (Part 9 App B, R-24)."""

    NATION = "nation"
    PROVINCE = "province"
    CITY = "city"


class KeyRole(StrEnum):
    """What a key is for on the card (Part 6 T3)."""

    INTERNAL = "internal-authentication"  # IRK
    READ = "read"
    UPDATE = "update"
    MAINTENANCE = "maintenance"  # STK: MAC (and PIN encryption) of secure messages
    CARD_BLOCK = "card-block"  # BK
    APPLICATION_BLOCK = "application-block"  # LK
    PIN_UNBLOCK = "pin-unblock"  # PUK
    STARTING_DAY = "starting-day"  # DSK
    LOAD = "load"  # DLK
    PURCHASE = "purchase"  # DPK
    TAC = "tac"  # DTK


class KeyEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A card key of the catalogue. ``controls``: files as ``DF01/EF05``, else the functions it serves.

    ``identifier``: P2 of EXTERNAL AUTHENTICATION (b7 = local to the DF, Part 5 T14); for LOAD and PURCHASE
    keys the key index instead; None when the key is implicit (DTK). ``versions``: how many versions a card
    holds. ``length``: bytes under an 8-byte cipher (8 for STK, else 16; always 16 under SM4).
    ``psam_type``: low five bits of the PSAM usage byte (2 consume, 6 MAC, 7 encrypt, 8 both); ``psam_id``:
    identifier (or version for type 2) in the PSAM; None when no PSAM holds it.
    """

    name: str
    directory: str
    role: KeyRole
    use: Text
    identifier: int | None
    length: int
    versions: int
    scope: Scope
    psam_type: int | None = None
    psam_id: int | None = None
    generations: tuple[str, ...] = ("1.0", "2.0", "3.0")
    controls: tuple[str, ...] = ()
    source: str = ""


class CodeTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code table of the text (代码表): ``codes`` maps the code as printed to its label."""

    id: str
    name: Text
    source: str
    codes: dict[str, Text]


class PsamKeyEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A key of the PSAM itself (Part 9 §5): ``identifier`` is P2 of EXTERNAL AUTHENTICATION.

    A master key has none: it stands at the default place of its ``directory`` (``MF``, ``DDF`` or ``ADF``).
    """

    name: str
    directory: str
    use: Text
    identifier: int | None = None
    length: int = 16
    scope: Scope | None = None
    controls: tuple[str, ...] = ()
    source: str = ""


class PsamEnvironment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the two mirrored trees of a PSAM (Part 9 §5 fig. 1): a DDF for one family of ciphers.

    ``algorithms`` are names of :class:`~shebaoka.spec.algorithm.Algorithm`; ``files`` stand in the DDF,
    ``application`` is the ADF DF01 inside it.
    """

    id: str
    name: Text
    fid: int
    aid: str
    algorithms: tuple[str, ...]
    files: tuple[FileLayout, ...]
    application: DirectoryLayout
    source: str = ""


class PsamLayout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file tree of a PSAM: the environment of the 8-byte cipher at the MF, the 16-byte one beside it."""

    name: Text
    environments: tuple[PsamEnvironment, ...]
    dir_sfi: int = 0x01

    def environment(self, algorithm: str) -> PsamEnvironment:
        """The environment whose keys use ``algorithm`` (``3DES``, ``SM4``...). Raises KeyError."""
        for environment in self.environments:
            if algorithm in environment.algorithms:
                return environment
        raise KeyError(algorithm)


class StatusWord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A status word: ``code`` four hex characters, lower-case x for a variable digit (``63Cx``)."""

    code: str
    name: str
    meaning: Text
    source: str
