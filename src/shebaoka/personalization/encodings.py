"""The encoding of a list: stated, marked, or found by looking at the whole file."""

import codecs
import re
from pathlib import Path
from typing import BinaryIO

from charset_normalizer import from_bytes

from shebaoka.personalization.errors import PersonalizationError

_BLOCK = 1 << 20
_THREE_BYTES = 0xE0  # first byte of a character of three or more bytes in UTF-8
_LETTER = re.compile(b"[\xc2-\xdf][\x80-\xbf]")
_GBK = ("gbk", "gb2312", "gb18030", "cp936")


def open_binary(path: Path) -> BinaryIO:
    """The file, for reading. Raises PersonalizationError naming it."""
    try:
        return path.open("rb")
    except OSError as error:
        raise PersonalizationError(f"{path}: cannot be read: {error.strerror}") from None


def find_encoding(path: Path, stated: str | None = None) -> str:
    """The encoding of a text file: as stated, by its mark, UTF-8 if all of it is, else GBK if all of it is.

    GBK is read as its superset GB18030, so that a character the card cannot hold can be named. Raises
    PersonalizationError saying where decoding failed and what the text looks like, and for a short list that
    makes sense both ways (模 in GBK is ģ in UTF-8): its encoding must be stated.
    """
    if stated and stated != "auto":
        try:
            name = codecs.lookup(stated).name
            b"text".decode(name, "replace")  # not every codec is one of text
        except LookupError:
            raise PersonalizationError(f"{path}: unknown encoding {stated!r}; use gbk or utf-8") from None
        return "gb18030" if name in _GBK else "utf-8-sig" if name == "utf-8" else name
    with open_binary(path) as file:
        mark = file.read(4)
    for bom, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if mark.startswith(bom):
            return name
    if _undecodable(path, "utf-8") is None:
        letter = _letter_of_both(path)
        if letter:
            raise PersonalizationError(
                f"{path}: UTF-8 ({letter.decode()}) or GBK ({letter.decode('gb2312')})? "
                "state it in the mapping: [input] encoding"
            )
        return "utf-8"
    at = _undecodable(path, "gb18030")
    if at is None:
        return "gb18030"
    with open_binary(path) as file:
        guess = from_bytes(file.read(_BLOCK)).best()
    looks = f"; it looks like {guess.encoding}" if guess else ""
    raise PersonalizationError(
        f"{path}: neither UTF-8 nor GBK (byte {at}){looks}; save it as UTF-8 or state it"
    )


def _undecodable(path: Path, encoding: str) -> int | None:
    """The place of the first byte that is not of the encoding, or None."""
    decoder, done = codecs.getincrementaldecoder(encoding)(), 0
    with open_binary(path) as file:
        try:
            while block := file.read(_BLOCK):
                decoder.decode(block)
                done += len(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            return done + error.start + 1
    return None


def _letter_of_both(path: Path) -> bytes:
    """The first letter beyond ASCII of a text in UTF-8 that might be GBK: all such letters have two bytes,
    as Latin, Greek and Cyrillic ones do, and every pair is a common Chinese character of GB 2312."""
    first = b""
    with open_binary(path) as file:
        while block := file.read(_BLOCK):
            if not block.isascii():
                if max(block) >= _THREE_BYTES:
                    return b""
                first = first or _LETTER.findall(block)[0]
    return first if _undecodable(path, "gb2312") is None else b""
