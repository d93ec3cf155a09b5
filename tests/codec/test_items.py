import pytest

from codec.layouts import (
    AID,
    AMOUNT,
    AN,
    BINARY_AMOUNT,
    BTLV,
    CLASS,
    CN,
    COUNTER,
    DATE,
    DIGITS,
    EVERY_ITEM,
    IDENTIFICATION,
    LOG,
    MONTH,
    MONTHS,
    NAME,
    NATION,
    PHOTO,
    RAW_TEXT,
    RECORDS,
    REGION,
    TIME,
    B,
    item,
)
from shebaoka.codec.items import (
    ItemError,
    RecordError,
    Value,
    compile_item,
    compile_record,
    decode_cyclic,
    decode_record,
    decode_value,
    encode_cyclic,
    encode_record,
    encode_value,
)
from shebaoka.codec.text import UnencodableError
from shebaoka.spec.model import Item, Meaning

VALUES: list[tuple[str, Item, Value, str]] = [
    (
        "identification code",
        IDENTIFICATION,
        "650100D15600000500000001FFFFFFFF",
        "650100D15600000500000001FFFFFFFF",
    ),
    ("digits", DIGITS, "12345", "12345F"),
    ("M03 empty digits", DIGITS, "", "FFFFFF"),
    ("date", DATE, "20200101", "20200101"),
    ("no date", DATE, "", "FFFFFFFF"),
    ("month", MONTH, "202012", "202012"),
    ("time", TIME, "20160102030405", "20160102030405"),
    ("region", REGION, "650100", "650100"),
    ("M13 amount in packed digits", AMOUNT, 12345, "00012345"),
    ("amount 0", AMOUNT, 0, "00000000"),
    ("no amount", AMOUNT, None, "FFFFFFFF"),
    ("code in one BCD byte (decision K88)", NATION, "01", "01"),
    ("M02 short name", NAME, "测试", "B2E2CAD4" + "00" * 26),
    ("class", CLASS, "3", "33"),
    ("empty text", CLASS, "", "00"),
    ("raw bytes in a text item", RAW_TEXT, b"\x01\x02\xee", "0102EE"),
    ("M14 amount in binary", BINARY_AMOUNT, 12345, "00003039"),
    ("counter", COUNTER, 0xFFFF, "FFFF"),
    ("picture", PHOTO, b"BM" + bytes(0x5E), "424D" + "00" * 0x5E),
    ("number of months", MONTHS, 36, "0036"),
    (
        "M10 template",
        AID,
        {"10": "011", "11": "20200101", "12": "650100"},
        "100330313111042020010112036501" + "00",
    ),
]


@pytest.mark.parametrize(("item_", "value", "data"), [v[1:] for v in VALUES], ids=[v[0] for v in VALUES])
def test_value_both_ways(item_: Item, value: Value, data: str) -> None:
    assert encode_value(item_, value) == bytes.fromhex(data)
    assert decode_value(item_, bytes.fromhex(data)) == value


@pytest.mark.parametrize("item_", EVERY_ITEM, ids=lambda item_: f"{item_.tag:02X} {item_.meaning}")
def test_empty_item_has_its_full_length(item_: Item) -> None:
    assert len(encode_value(item_, None)) == item_.length


REFUSED: list[tuple[Item, Value, str]] = [
    (DATE, "20200230", "a real date of 8 digits is needed"),
    (DATE, "2020013", "a real date of 8 digits"),
    (DATE, "2020-1-1", "'-' at character 5 is not a digit"),
    (MONTH, "202013", "a real month of 6 digits"),
    (TIME, "20200101250000", "a real time of 14 digits"),
    (REGION, "6501", "6 digits are needed, not 4"),
    (DIGITS, "1234567", "7 digits are too many: 6 fit"),
    (DIGITS, 5, "text is needed, not int"),
    (AMOUNT, 10**8, "the number must be 0 to 99999999"),
    (AMOUNT, -1, "the number must be 0 to 99999999"),
    (AMOUNT, "123.45", "a whole number is needed, not str"),
    (AMOUNT, True, "a whole number is needed, not bool"),
    (BINARY_AMOUNT, 2**32, "the number must be 0 to 4294967295"),
    (NAME, "甲" * 16, "the text needs 32 bytes in GBK, 30 fit"),
    (NAME, "王䶮", "'䶮' (U+4DAE) at character 2 is not in GBK"),
    (NAME, b"abc", "text is needed, not bytes"),
    (PHOTO, bytes(0x61), "97 bytes are too many: 96 fit"),
    (PHOTO, "0g", "non-hexadecimal"),
    (PHOTO, 7, "bytes or hex text are needed, not int"),
    (AID, {"13": "1"}, "there is no inner tag '13'"),
    (AID, {"11": "20200230"}, "item 11 项11 (Item 11): a real date"),
    (AID, "011", "a template is given by its inner tags"),
]


@pytest.mark.parametrize(("item_", "value", "reason"), REFUSED, ids=[r[2] for r in REFUSED])
def test_malformed_value_is_refused_with_item_and_reason(item_: Item, value: Value, reason: str) -> None:
    with pytest.raises(ItemError) as caught:
        encode_value(item_, value)
    assert str(caught.value).startswith(f"item {item_.tag:02X} {item_.name.zh} ({item_.name.en}): ")
    assert reason in str(caught.value)


def test_cause_names_the_character() -> None:
    with pytest.raises(ItemError) as caught:
        encode_record(NAME, "王䶮")
    cause = caught.value.__cause__
    assert isinstance(cause, UnencodableError)
    assert (cause.character, cause.position) == ("䶮", 2)


def test_field_cards_are_read_leniently() -> None:
    assert decode_value(DATE, bytes.fromhex("20209999")) == "20209999"
    assert decode_value(REGION, bytes.fromhex("6501FF")) == "6501"
    assert decode_value(AMOUNT, bytes.fromhex("12345FFF")) == 12345
    assert decode_value(AID, bytes(16)) == decode_value(AID, b"\xff" * 16) == {}


@pytest.mark.parametrize(
    ("item_", "data", "reason"),
    [
        (DATE, "2020EE01", "nibble E at place 5"),
        (NAME, "B2E2CA", "byte 3 (CA) is not GBK"),
        (AID, "1003303131130100", "there is no inner tag 13"),
        (AID, "10FF30", "tag 10 lacks 254 of 255 bytes"),
        (AID, "1104AAAAAAAA", "item 11 项11 (Item 11): nibble A at place 1"),
    ],
)
def test_malformed_bytes(item_: Item, data: str, reason: str) -> None:
    with pytest.raises(ItemError) as caught:
        decode_value(item_, bytes.fromhex(data))
    assert reason in str(caught.value)


def test_record() -> None:
    raw = bytes.fromhex("091E") + "测试".encode("gbk") + bytes(26)
    assert encode_record(NAME, "测试") == raw
    assert decode_record(RECORDS, raw) == (NAME, "测试")
    assert compile_record(NAME)("测试") == raw
    assert compile_item(NAME)("测试") == raw[2:]


def test_m10_record() -> None:
    raw = bytes.fromhex("991010033031311104202001011203650100")
    assert encode_record(AID, {"10": "011", "11": "20200101", "12": "650100"}) == raw


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("2A0131", "EF05 Test file has no item with tag 2A"),
        ("0201", "tag 02 lacks 1 of 1 bytes at byte 1"),
        ("020131020132", "not one tag, length and value"),
        ("", "not one tag, length and value"),
    ],
)
def test_record_of_another_file(raw: str, reason: str) -> None:
    with pytest.raises(RecordError, match=reason):
        decode_record(RECORDS, bytes.fromhex(raw))


def test_inconsistent_items_are_refused_before_any_value() -> None:
    for wrong in (
        item(0x05, CN, 3, Meaning.DATE),
        item(0x99, BTLV, 0x0F, children=AID.children),
        item(0x99, BTLV, 0x03, children=(item(0x10, CN, 1, Meaning.REGION),)),
    ):
        with pytest.raises(ItemError):
            compile_item(wrong)
    with pytest.raises(ItemError, match="a tag from 01 to FF"):
        compile_record(LOG.items[0])
    with pytest.raises(ItemError, match="at most 255 bytes, not 256"):
        compile_record(item(0x36, B, 256))


LOG_FIELDS: dict[str, Value] = {
    "Number": 1,
    "Type": "1",
    "Terminal": "650100000001",
    "Time": "20160102030405",
    "Account amount": 0x2710,
    "Self-paid amount": 0,
    "Pooled amount": 0,
}
LOG_RECORD = bytes.fromhex("00013165010000000120160102030405000027100000000000000000")


def test_cyclic_record_has_no_tags() -> None:
    assert encode_cyclic(LOG, LOG_FIELDS) == LOG_RECORD
    assert decode_cyclic(LOG, LOG_RECORD) == LOG_FIELDS


def test_cyclic_record_by_chinese_names_and_with_gaps() -> None:
    fields: dict[str, Value] = {"Number（中）": 1, "Type": "1", "Terminal": "650100000001"}
    assert encode_cyclic(LOG, fields) == LOG_RECORD[:9] + b"\xff" * 7 + bytes(12)


def test_short_log_record_of_account_only_mode() -> None:
    short = decode_cyclic(LOG, LOG_RECORD[:20])
    assert short == {name: LOG_FIELDS[name] for name in list(LOG_FIELDS)[:5]}


def test_malformed_cyclic_records() -> None:
    with pytest.raises(RecordError, match="it ends inside Pooled amount"):
        decode_cyclic(LOG, LOG_RECORD[:-1])
    with pytest.raises(RecordError, match="2 bytes too many"):
        decode_cyclic(LOG, LOG_RECORD + b"ab")
    with pytest.raises(RecordError, match="no field 'Amount'"):
        encode_cyclic(LOG, {"Amount": 1})
    with pytest.raises(RecordError, match="not a cyclic file"):
        encode_cyclic(RECORDS, {})
    with pytest.raises(ItemError, match="Number"):
        encode_cyclic(LOG, {"Number": 0x10000})


def test_text_item_of_another_type_is_unaffected() -> None:
    assert encode_value(item(0x40, AN, 4), "1234") == b"1234"
