"""Names of persons, character by character: what is kept as written, what a card can hold, what is refused.

Names are never normalized and never replaced by pinyin or a question mark (D-08). The chip holds GBK (V2 §7);
a name with other characters is kept, shown and printed where a font has it, and its card waits until somebody
decides how the chip is to write it (:func:`chip_form`)."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 100  # characters
DOTS = "\u00b7\u2022\u2027\u22c5\u30fb\u0387"
"""Characters written between the parts of a name; GBK has the first, which is the standard one."""
SEPARATOR = "\u00b7"


class CharacterClass(StrEnum):
    """How a character of a name is coded and treated."""

    ASCII = "ascii"
    GBK = "gbk"
    DOT = "dot"  # the separator of a name's parts; others than U+00B7 become it on the chip
    GB18030_2 = "gb18030-2"  # two bytes in GB 18030 that GBK lacks
    GB18030_4 = "gb18030-4"  # four bytes, basic plane
    EXTENSION = "extension"  # four bytes, ideographs of the supplementary planes (extension B and later)
    VARIANT = "variant"  # selects a shape of the ideograph before it
    COMBINING = "combining"  # a mark on the letter before it
    PRIVATE = "private"  # a shape only one system knows
    EMOJI = "emoji"
    CONTROL = "control"  # control, format and bidirectional characters, line breaks, lone surrogates
    UNASSIGNED = "unassigned"
    OTHER = "other"  # symbols and punctuation no name has


KEPT = frozenset(
    {
        CharacterClass.ASCII,
        CharacterClass.GBK,
        CharacterClass.DOT,
        CharacterClass.GB18030_2,
        CharacterClass.GB18030_4,
        CharacterClass.EXTENSION,
        CharacterClass.VARIANT,
        CharacterClass.COMBINING,
    }
)
"""Classes a name may have."""
_ON_CHIP = frozenset({CharacterClass.ASCII, CharacterClass.GBK, CharacterClass.DOT})
_ASCII = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .'-,/()")


class UnfitNameError(ValueError):
    """A name that is not kept. ``character``, ``position`` (from 1) and ``kind`` say why."""

    def __init__(self, character: str, position: int, kind: CharacterClass) -> None:
        self.character = character
        self.position = position
        self.kind = kind
        super().__init__(f"U+{ord(character):04X} at character {position} of the name: {kind.value}")


@dataclass(frozen=True, slots=True)
class ChipForm:
    """How the chip writes a name. ``text``: in GBK, empty when it cannot be said without a decision;
    ``lacking``: characters GBK lacks, each once; ``changed``: whether ``text`` differs from the name."""

    text: str
    lacking: tuple[str, ...] = ()
    changed: bool = False


def classify(character: str) -> CharacterClass:
    """The class of one character.

    >>> [classify(each).value for each in "张A·𠮷"]
    ['gbk', 'ascii', 'dot', 'extension']
    """
    code = ord(character)
    if code < 0x80:
        if character in _ASCII:
            return CharacterClass.ASCII
        return CharacterClass.OTHER if character.isprintable() else CharacterClass.CONTROL
    if character in DOTS:
        return CharacterClass.DOT
    category = unicodedata.category(character)
    if 0xFE00 <= code <= 0xFE0E or 0xE0100 <= code <= 0xE01EF:
        return CharacterClass.VARIANT
    if category == "Co":
        return CharacterClass.PRIVATE
    if category in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return CharacterClass.CONTROL
    if category == "Cn":
        return CharacterClass.EXTENSION if _ideographic_plane(code) else CharacterClass.UNASSIGNED
    if 0x1F000 <= code <= 0x1FAFF or 0x2600 <= code <= 0x27BF or code == 0xFE0F:
        return CharacterClass.EMOJI
    if category in {"Mn", "Mc", "Me"}:
        return CharacterClass.COMBINING
    if category[0] not in "LN" and code not in (0x3000, 0x3007, 0x2019):
        return CharacterClass.OTHER
    if encodable(character, "gbk"):
        return CharacterClass.GBK
    if code > 0xFFFF:
        return CharacterClass.EXTENSION
    return CharacterClass.GB18030_2 if len(character.encode("gb18030")) == 2 else CharacterClass.GB18030_4


def check(name: str) -> None:
    """Raises UnfitNameError for the first character a name does not have: private use, emoji, control
    characters, symbols; a mark or selector at its beginning."""
    for position, character in enumerate(name, 1):
        kind = classify(character)
        lonely = position == 1 and kind in (CharacterClass.COMBINING, CharacterClass.VARIANT)
        if kind not in KEPT or lonely:
            raise UnfitNameError(character, position, kind)


def chip_form(name: str, decided: str = "") -> ChipForm:
    """How the chip writes a name: as it is where GBK has it, other separators as U+00B7, a letter with its
    mark as the one character of GBK when there is one. ``decided``: what was decided for this name, used when
    GBK has it.

    >>> chip_form("阿依古丽•买买提").text
    '阿依古丽·买买提'
    >>> chip_form("王𠮷").lacking
    ('𠮷',)
    """
    if decided and encodable(decided, "gbk"):
        return ChipForm(decided, lacking(name), decided != name)
    text = "".join(SEPARATOR if character in DOTS else character for character in name)
    if not encodable(text, "gbk"):
        composed = unicodedata.normalize("NFC", text)
        if encodable(composed, "gbk"):
            return ChipForm(composed, (), True)
        return ChipForm("", lacking(text), True)
    return ChipForm(text, (), text != name)


def lacking(name: str) -> tuple[str, ...]:
    """Characters that GBK lacks, each once, in order."""
    return tuple(dict.fromkeys(each for each in name if classify(each) not in _ON_CHIP))


def code_points(text: str) -> str:
    """``U+20BB7 U+5409``: for people who look a character up that their screen does not show."""
    return " ".join(f"U+{ord(character):04X}" for character in text)


def encodable(text: str, encoding: str) -> bool:
    """Whether the encoding has all of it."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _ideographic_plane(code: int) -> bool:
    """Ideographs newer than this Python's tables: planes 2 and 3 hold nothing else."""
    return 0x20000 <= code <= 0x3FFFD
