import pytest

from codec.layouts import AID, AMOUNT, COUNTER, DATE, IDENTIFICATION, MONTH, NAME, PHOTO, TIME
from shebaoka.codec.display import show
from shebaoka.codec.items import Value
from shebaoka.spec.layouts import card_layout
from shebaoka.spec.model import Item


def card_item(directory: str, fid: int, tag: int) -> Item:
    file = card_layout("2.0").directory(directory).file(fid)
    assert file is not None
    return next(item for item in file.items if item.tag == tag)


SEX = card_item("SSSE", 0xEF06, 0x0A)
BIRTHPLACE = card_item("SSSE", 0xEF06, 0x0C)
REGISTRATION = card_item("DF02", 0xEF06, 0x4B)
UNEMPLOYMENT = card_item("DF02", 0xEF06, 0x4F)


@pytest.mark.parametrize(
    ("item", "value", "shown"),
    [
        (DATE, "20200101", "2020-01-01"),
        (DATE, "", ""),
        (DATE, "2020", "2020"),
        (MONTH, "202012", "2020-12"),
        (TIME, "20160102030405", "2016-01-02 03:04:05"),
        (AMOUNT, 12345, "123.45"),
        (AMOUNT, 5, "0.05"),
        (AMOUNT, None, ""),
        (COUNTER, 7, "7"),
        (NAME, "测试", "测试"),
        (IDENTIFICATION, "650100D15600000500000001FFFFFFFF", "650100D15600000500000001FFFFFFFF"),
        (PHOTO, b"\x01\x02", "0102"),
        (PHOTO, b"\xff\xd8\xff" + bytes(93), "96 bytes, JPEG"),
        (PHOTO, b"BM" + bytes(94), "96 bytes, BMP"),
        (PHOTO, b"\x01" * 96, "96 bytes"),
        (PHOTO, bytes(96), "96 bytes, empty"),
        (SEX, "1", "1 男性 Male"),
        (SEX, "7", "7"),
        (BIRTHPLACE, "650100", "650100 新疆维吾尔自治区 Xinjiang"),
        (UNEMPLOYMENT, "", ""),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_shown(item: Item, value: Value, shown: str) -> None:
    assert show(item, value) == shown


def test_language_picks_the_labels() -> None:
    assert show(SEX, "2", "zh") == "2 女性"
    assert show(SEX, "2", "en") == "2 Female"


def test_template_names_its_parts_and_skips_empty_ones() -> None:
    value: Value = {"10": "011", "11": "20200101", "12": ""}
    assert show(AID, value, "en") == "Item 10: 011; Item 11: 2020-01-01"
    assert show(AID, value) == "项10 Item 10: 011; 项11 Item 11: 2020-01-01"
    assert show(AID, {}) == ""


def test_composite_code_has_one_label_for_each_part() -> None:
    assert show(REGISTRATION, "10022", "en") == "10022 Employment begun / Flexible employment"
    assert show(REGISTRATION, "10999", "en") == "10999 Employment begun"
