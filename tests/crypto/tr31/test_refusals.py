"""Every bit flip is refused, every refusal names the field, and no refusal shows a key."""

import copy
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.tr31.support import KEYS, PROTECTIONS, material, protection
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.crypto.tr31.block import unwrap, wrap
from shebaoka.crypto.tr31.errors import KeyBlockError
from shebaoka.crypto.tr31.fields import SM4
from shebaoka.crypto.tr31.header import Header, parse_header
from shebaoka.crypto.tr31.protection import AesKey, CipherKey, TripleKey
from shebaoka.spec.algorithm import Algorithm

KEY = material("a key nobody may see", 16)
UNDER = AesKey(material("kbpk", 16))
BLOCK = wrap(UNDER, Header("D", "D0", "A", "B", optional={"LB": "some label."}), KEY, random=bytes)


def header_with(**changes: str) -> str:
    """The header of BLOCK with some of its characters replaced: ``at_12="99"``."""
    text = BLOCK
    for place, value in changes.items():
        start = int(place.removeprefix("at_"))
        text = text[:start] + value + text[start + len(value) :]
    return text


@pytest.mark.parametrize(("version", "size"), [PROTECTIONS[0], PROTECTIONS[2], PROTECTIONS[5]])
def test_every_bit_flip_is_refused(version: str, size: int) -> None:
    under = protection(version, material("kbpk", size))
    algorithm, length = KEYS[version]
    header = Header(version, "D0", algorithm, "B", optional={"KS": "0060", "10": "ours"})
    block = wrap(under, header, material("key", length), hidden=0)
    assert unwrap(under, block)[0] == header
    for place, character in enumerate(block):
        for bit in range(7):
            changed = block[:place] + chr(ord(character) ^ 1 << bit) + block[place + 1 :]
            with pytest.raises(KeyBlockError):
                unwrap(under, changed)


@pytest.mark.parametrize(
    ("block", "field"),
    [
        ("", "block"),
        (BLOCK[:15], "block"),
        (BLOCK.replace("label", "läbel"), "block"),
        (header_with(at_0="A"), "version"),
        (header_with(at_0="S"), "version"),
        (header_with(at_0="B"), "version"),
        (header_with(at_1="+144"), "block length"),
        (header_with(at_1="9999"), "block length"),
        (BLOCK + "00", "block length"),
        (BLOCK[:-2], "block length"),
        (f"D{len(BLOCK) - 2:04}{BLOCK[5:-2]}", "block length"),
        (header_with(at_5="d0"), "key usage"),
        (header_with(at_5="-1"), "key usage"),
        (header_with(at_7=" "), "algorithm"),
        (header_with(at_8="?"), "mode of use"),
        (header_with(at_8="V"), "mode of use"),
        (header_with(at_9="1c"), "key version number"),
        (header_with(at_11="X"), "exportability"),
        (header_with(at_12="1 "), "number of optional blocks"),
        (header_with(at_12="03"), "optional block PB"),
        (header_with(at_12="00"), "encrypted key"),
        (header_with(at_14="01"), "reserved field"),
        (header_with(at_16="lb"), "optional block"),
        (header_with(at_18="FF"), "optional block LB"),
        (header_with(at_18="03"), "optional block LB"),
        (header_with(at_18="0f"), "optional block LB"),
        (header_with(at_18="0000"), "optional block LB"),
        (header_with(at_18="000G"), "optional block LB"),
        (header_with(at_48="g"), "encrypted key"),
        (header_with(at_48=BLOCK[48:].lower()), "encrypted key"),
        (f"D0080{BLOCK[5:48]}{BLOCK[-32:]}", "encrypted key"),
        (header_with(at_5="D1"), "MAC"),
        (BLOCK[:-2] + ("00" if BLOCK[-2:] != "00" else "01"), "MAC"),
    ],
)
def test_the_field_is_named(block: str, field: str) -> None:
    with pytest.raises(KeyBlockError) as caught:
        unwrap(UNDER, block)
    assert caught.value.field == field
    assert str(caught.value).startswith(f"key block, {field}: ")
    assert "\n" not in str(caught.value)


def test_optional_blocks_are_counted_once_and_padded_last() -> None:
    for text, field in [
        ("D0080D0AB00E0300KS08ABCDKS08ABCDPB10000000000000", "optional block KS"),
        ("D0080D0AB00E0200PB10000000000000KS10000000000000", "optional block PB"),
        ("D0080D0AB00E0100KS08ABCD000000000000000000000000", "optional blocks"),
        ("D0080D0AB00E0200KS10000000000000", "optional block"),
    ]:
        with pytest.raises(KeyBlockError) as caught:
            parse_header(text.ljust(80, "-"))
        assert caught.value.field == field


def test_another_protection_key_is_refused() -> None:
    with pytest.raises(KeyBlockError, match="MAC: wrong"):
        unwrap(AesKey(material("other", 16)), BLOCK)
    with pytest.raises(KeyBlockError, match="D is protected by a key of AES; the protection key is SM4"):
        unwrap(protection(SM4, material("kbpk", 16)), BLOCK)


@pytest.mark.parametrize(
    ("header", "size", "field"),
    [
        (Header("D", "D0", "T", "B"), 8, "key length"),
        (Header("D", "D0", "D", "B"), 16, "key length"),
        (Header("D", "D0", "A", "B"), 20, "key length"),
        (Header("D", "D0", SM4, "B"), 8, "key length"),
        (Header("D", "M7", "H", "C"), 0, "key length"),
        (Header("D", "M7", "H", "C"), 5000, "block length"),
        (Header("D", "M7", "H", "C"), 9000, "key length"),
        (Header("D", "D0", "A", "B"), 24, "protection key"),
        (Header("B", "D0", "T", "B"), 16, "version"),
    ],
)
def test_what_is_not_wrapped(header: Header, size: int, field: str) -> None:
    with pytest.raises(KeyBlockError) as caught:
        wrap(UNDER, header, bytes(size))
    assert caught.value.field == field


def test_a_weak_key_protects_no_stronger_one() -> None:
    double = CipherKey(SoftwareCipher(Algorithm.TDES, material("kbpk", 16)))
    for algorithm, size in (("A", 16), (SM4, 16), ("T", 24)):
        with pytest.raises(KeyBlockError, match="protection key: a key of 80 bits"):
            wrap(double, Header("B", "D0", algorithm, "B"), bytes(size))
    assert wrap(TripleKey(material("kbpk", 24)), Header("B", "D0", "T", "B"), bytes(24))


def test_headers_that_cannot_be() -> None:
    for arguments, field in [
        (("A", "D0", "A", "B"), "version"),
        (("D", "D", "A", "B"), "key usage"),
        (("D", "P0", "A", "C"), "mode of use"),
        (("D", "P0", "A", "B", "0"), "key version number"),
        (("D", "P0", "A", "B", "00", "Q"), "exportability"),
        (("D", "P0", "A", "B", "00", "E", {"k1": ""}), "optional block"),
        (("D", "P0", "A", "B", "00", "E", {"K1": "ä"}), "optional block K1"),
        (("D", "P0", "A", "B", "00", "E", {"K1": "x" * 70000}), "optional block K1"),
        (("D", "P0", "A", "B", "00", "E", {f"{n:02}": "" for n in range(100)}), "number of optional blocks"),
    ]:
        with pytest.raises(KeyBlockError) as caught:
            Header(*arguments)  # type: ignore[arg-type]
        assert caught.value.field == field


def test_protection_keys_of_wrong_kinds() -> None:
    with pytest.raises(KeyBlockError, match="DES key protects no blocks"):
        CipherKey(SoftwareCipher(Algorithm.DES, bytes(8)))
    with pytest.raises(KeyBlockError, match="16, 24 or 32 bytes, not 8"):
        AesKey(bytes(8))
    with pytest.raises(KeyBlockError, match="24 bytes, not 16"):
        TripleKey(bytes(16))


def test_nothing_shows_a_key() -> None:
    for under in (UNDER, TripleKey(KEY + KEY[:8]), CipherKey(SoftwareCipher(Algorithm.SM4, KEY))):
        assert KEY.hex() not in repr(under).lower()
        for leak in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError):
                leak(under)
    assert KEY.hex().upper() not in BLOCK


@settings(max_examples=150)
@given(st.one_of(st.text(max_size=60), st.text("0123456789ABCDEFPKTX", max_size=96).map(lambda t: "D" + t)))
def test_any_text_gets_one_line(text: str) -> None:
    with pytest.raises(KeyBlockError):
        unwrap(UNDER, text)
