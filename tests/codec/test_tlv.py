import pytest

from shebaoka.codec import tlv


def test_tags_that_ber_would_stretch_are_one_byte() -> None:
    raw = bytes.fromhex("1F036501003F0131FF00")
    objects = [(0x1F, bytes.fromhex("650100")), (0x3F, b"1"), (0xFF, b"")]
    assert tlv.parse(raw) == objects
    assert tlv.encode_all(objects) == raw


def test_lengths_over_127_are_one_byte() -> None:
    raw = tlv.encode(0x21, bytes(200))
    assert raw[:2] == bytes.fromhex("21C8")
    assert tlv.parse(raw) == [(0x21, bytes(200))]


def test_m10_template_counts_inner_tags_and_lengths() -> None:
    inner = tlv.encode_all(
        [(0x10, b"011"), (0x11, bytes.fromhex("20200101")), (0x12, bytes.fromhex("650100"))]
    )
    raw = bytes.fromhex("991010033031311104202001011203650100")
    assert tlv.encode(0x99, inner) == raw
    [(tag, value)] = tlv.parse(raw)
    assert (tag, tlv.parse(value)[1]) == (0x99, (0x11, bytes.fromhex("20200101")))


@pytest.mark.parametrize(
    ("raw", "offset", "message"),
    [
        ("01", 0, "tag 01 without a length at byte 1"),
        ("0100020300", 2, "tag 02 lacks 2 of 3 bytes at byte 3"),
    ],
)
def test_malformed_input_is_placed(raw: str, offset: int, message: str) -> None:
    with pytest.raises(tlv.TlvError, match=message) as caught:
        tlv.parse(bytes.fromhex(raw))
    assert caught.value.offset == offset


def test_too_large_for_one_byte() -> None:
    with pytest.raises(ValueError, match="at most 255 bytes"):
        tlv.encode(1, bytes(256))
    with pytest.raises(ValueError, match="one byte"):
        tlv.encode(0x9F0C, b"")
