"""Secrets that a test knows, every form in which one could be written, and one search for all of them."""

import base64
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO

import numpy as np
import pypdf

_HALF = 8  # bytes: half of a 3DES or SM4 key is worth finding too
_PREFIX = 6  # bytes that every form has at least
_SEPARATORS = (" ", ":", "-")


def _odd(key: bytes) -> bytes:
    """As a token keeps a DES key: the lowest bit of each byte makes its parity odd."""
    return bytes(byte & 0xFE | (byte >> 1).bit_count() % 2 ^ 1 for byte in key)


def _base64(value: bytes) -> Iterator[str]:
    """The letters that stand for the whole of ``value``, wherever it begins in what was encoded."""
    for before in range(3):
        text = base64.b64encode(bytes(before) + value).decode()
        first = -(-before * 8 // 6)
        last = (before + len(value)) * 8 // 6
        yield text[first:last]
        yield text[first:last].replace("+", "-").replace("/", "_")


def _spelled(value: bytes) -> Iterator[str]:
    yield value.hex()
    yield value.hex().upper()
    for separator in _SEPARATORS:
        for size in (1, 2, 4):
            yield value.hex(separator, size)
            yield value.hex(separator, size).upper()
    yield repr(value)[2:-1]
    yield json.dumps(value.decode("latin-1"))[1:-1]
    yield ", ".join(map(str, value))
    yield ",".join(map(str, value))
    yield from _base64(value)


def key_forms(key: bytes) -> set[bytes]:
    """Both halves of a key, raw and spelled; with the parity a token may set, where it is a DES key's."""
    parts = {key[start : start + _HALF] for start in range(0, len(key), _HALF)}
    parts |= {_odd(part) for part in parts}
    return parts | {text.encode() for part in parts for text in _spelled(part)}


def pin_forms(pin: str) -> set[bytes]:
    """Digits, packed digits (filled up with F), both spelled, UTF-16."""
    packed = bytes.fromhex(pin + "F" * (len(pin) % 2)) if pin.isdecimal() else b""
    return word_forms(pin) | ({packed} | {text.encode() for text in _spelled(packed)} if packed else set())


def word_forms(word: str) -> set[bytes]:
    """A passphrase: UTF-8, UTF-16, spelled."""
    value = word.encode()
    wide = {word.encode("utf-16-le"), word.encode("utf-16-be")}
    return {value} | wide | {text.encode() for text in _spelled(value)}


class Secrets:
    """All that must not be seen, by name."""

    def __init__(self) -> None:
        self._forms: dict[bytes, str] = {}
        self._values: dict[bytes | str, str] = {}
        self._by_prefix: dict[int, list[bytes]] = {}
        self._starts = np.zeros(1 << 24, bool)
        self._prefixes = np.empty(0, np.int64)

    def __len__(self) -> int:
        return len(self._values)

    def key(self, name: str, value: bytes) -> str:
        """A key or a component; gives the name under which it is found, of the first of two equal ones."""
        return self._add(name, value, key_forms(value))

    def pin(self, name: str, value: str) -> str:
        """A PIN, of ten digits or more so that none is met by chance."""
        assert len(value) >= 10
        return self._add(name, value, pin_forms(value))

    def word(self, name: str, value: str) -> str:
        """A passphrase or password."""
        assert len(value) >= 10
        return self._add(name, value, word_forms(value))

    def _add(self, name: str, value: bytes | str, forms: set[bytes]) -> str:
        if value in self._values:
            return self._values[value]
        self._values[value] = name
        for form in forms:
            assert len(form) >= _PREFIX
            self._forms.setdefault(form, name)
            start = int.from_bytes(form[:_PREFIX])
            self._by_prefix.setdefault(start, []).append(form)
            self._starts[start >> 8 * (_PREFIX - 3)] = True
        self._prefixes = np.empty(0, np.int64)
        return name

    def found(self, data: bytes) -> set[str]:
        """Names of the secrets that stand in the data."""
        return {self._forms[form] for form in self.forms_found(data)}

    def forms_found(self, data: bytes) -> set[bytes]:
        """The same as they stand there."""
        if len(data) < _PREFIX:
            return set()
        if not len(self._prefixes):
            self._prefixes = np.array(sorted(self._by_prefix), np.int64)
        octets = np.frombuffer(data, np.uint8)
        count = len(octets) - _PREFIX + 1
        three = octets[:count].astype(np.int32) << 16
        three |= octets[1 : count + 1].astype(np.int32) << 8
        three |= octets[2 : count + 2]
        at = np.flatnonzero(self._starts[three])
        six = np.zeros(len(at), np.int64)
        for number in range(_PREFIX):
            six = six << 8 | octets[at + number]
        place = np.minimum(np.searchsorted(self._prefixes, six), len(self._prefixes) - 1)
        at = at[self._prefixes[place] == six]
        return {
            form
            for start in at.tolist()
            for form in self._by_prefix[int.from_bytes(data[start : start + _PREFIX])]
            if data.startswith(form, start)
        }


def views(data: bytes) -> Iterator[bytes]:
    """What a reader of a file can see in it: its bytes, its text without line breaks and boxes, and of a PDF
    what its streams unpack to and its text."""
    yield data
    if data.startswith(b"%PDF-"):
        yield from _unpacked(data)
        yield pdf_text(data).encode()
        return
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return
    yield re.sub(r"[\s│┃|]+", "", text).encode()


@cache
def pdf_text(data: bytes) -> str:
    """The text of all pages without spaces, so that what is printed in cells stands together."""
    pages = pypdf.PdfReader(BytesIO(data)).pages
    return re.sub(r"[\s\x00]+", "", "".join(page.extract_text() for page in pages))


def _unpacked(data: bytes) -> Iterator[bytes]:
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            yield zlib.decompress(packed)
        except zlib.error:
            continue


def seen_in(secrets: Secrets, parts: Iterable[bytes]) -> set[str]:
    """Names found in any view of any of the parts."""
    return {name for part in parts for view in views(part) for name in secrets.found(view)}
