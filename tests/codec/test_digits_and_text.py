import pytest

from shebaoka.codec.digits import DigitsError, decode_cn, encode_cn
from shebaoka.codec.text import (
    TextError,
    TooLongError,
    UnencodableError,
    decode_an,
    encode_an,
    split_an,
    truncate_an,
)


@pytest.mark.parametrize(
    ("digits", "length", "packed"),
    [("123", 2, "123F"), ("", 3, "FFFFFF"), ("00012345", 4, "00012345"), ("1", 4, "1FFFFFFF")],
    ids=["M01", "M03", "M13", "one digit"],
)
def test_digits_left_aligned_with_f_fill(digits: str, length: int, packed: str) -> None:
    assert encode_cn(digits, length) == bytes.fromhex(packed)
    assert decode_cn(bytes.fromhex(packed)) == digits


def test_digits_refused_with_place() -> None:
    with pytest.raises(DigitsError, match="'x' at character 3"):
        encode_cn("12x4", 2)
    with pytest.raises(DigitsError, match="5 digits are too many: 4 fit"):
        encode_cn("12345", 2)
    with pytest.raises(DigitsError, match="'１' at character 1"):
        encode_cn("１２", 2)  # full-width digits are text, not digits
    with pytest.raises(DigitsError, match="nibble D at place 2"):
        decode_cn(bytes.fromhex("1D34"))
    with pytest.raises(DigitsError, match="nibble F at place 2"):
        decode_cn(bytes.fromhex("1F34"))


def test_m02_text_is_filled_with_zero_bytes() -> None:
    assert encode_an("测试", 30) == bytes.fromhex("B2E2CAD4") + bytes(26)
    assert encode_an("", 4) == bytes(4)
    assert decode_an(bytes.fromhex("B2E2CAD4") + bytes(26)) == "测试"


@pytest.mark.parametrize(
    ("text", "character", "position"),
    [
        ("张㑇", "㑇", 2),
        ("䶮", "䶮", 1),
        ("王𠀀", "𠀀", 2),
        ("5€", "€", 2),
        ("a\0b", "\0", 2),
        ("a\nb", "\n", 2),
    ],
)
def test_character_outside_gbk_is_named(text: str, character: str, position: int) -> None:
    with pytest.raises(UnencodableError) as caught:
        encode_an(text, 30)
    assert (caught.value.character, caught.value.position) == (character, position)
    assert f"U+{ord(character):04X}) at character {position}" in str(caught.value)


def test_text_too_long_says_by_how_much() -> None:
    with pytest.raises(TooLongError, match="needs 6 bytes in GBK, 5 fit"):
        encode_an("社保卡", 5)


@pytest.mark.parametrize(
    ("length", "kept"), [(0, ""), (1, ""), (2, "社"), (3, "社a"), (4, "社a"), (5, "社a保"), (9, "社a保")]
)
def test_truncation_never_splits_a_character(length: int, kept: str) -> None:
    assert truncate_an("社a保", length) == kept


def test_m11_name_over_two_items() -> None:
    name = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地人"
    head, tail = split_an(name, 30, 20)
    assert (len(head), len(tail), head + tail) == (15, 10, name)
    assert len(encode_an(head, 30).rstrip(b"\0")) == 30


def test_name_split_moves_a_whole_character() -> None:
    name = "a" + "甲" * 15
    head, tail = split_an(name, 30, 20)
    assert (head, tail) == ("a" + "甲" * 14, "甲")
    assert split_an("短", 30, 20) == ("短", "")
    with pytest.raises(TooLongError, match="needs 51 bytes in GBK, 49 fit"):
        split_an("a" + "甲" * 25, 30, 20)


def test_other_charsets_are_not_carried_in_the_extension() -> None:
    with pytest.raises(UnencodableError, match="at character 16"):
        split_an("甲" * 15 + "䶮", 30, 20)


def test_decoding_what_others_wrote() -> None:
    half = bytes.fromhex("B2E2CA")
    with pytest.raises(TextError, match=r"byte 3 \(CA\) is not GBK"):
        decode_an(half)
    assert decode_an(half, lenient=True) == "测\ufffd"
    with pytest.raises(TextError, match="byte 2 is 00"):
        decode_an(b"a\0b\0")
    assert decode_an(b"a\0b\0", lenient=True) == "a"
