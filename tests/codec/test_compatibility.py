import pytest

from shebaoka.codec.compatibility import (
    _REUSED,
    decode_first_generation,
    encode_for_first_generation,
    is_first_generation,
    is_reused,
)
from shebaoka.codec.items import ItemError, RecordError, Value
from shebaoka.spec.layouts import card_layout

REUSED = [(directory, fid, tag) for (directory, fid), tags in _REUSED.items() for tag in tags]

NEW: list[tuple[str, int, int, Value, str]] = [
    ("DF01", 0xEF09, 0x32, "11", "3131EE"),
    ("DF01", 0xEF0A, 0x37, "DEU", "444555EE"),
    ("DF01", 0xEF0A, 0x38, "13", "3133EEEE"),
    ("DF02", 0xEF06, 0x4B, "11010", "3131303130EE"),
    ("DF02", 0xEF06, 0x4D, "650100", "650100EE"),
    ("DF02", 0xEF06, 0x4F, "111101", "313131313031EE"),
    ("DF02", 0xEF06, 0x50, "650100", "650100EE"),
    ("DF02", 0xEF09, 0x55, "6501001234567890", "6501001234567890EEEE"),
    ("DF02", 0xEF09, 0x97, "650100", "650100EE"),
    ("DF03", 0xEF05, 0x61, "650100", "650100EE"),
    ("DF03", 0xEF07, 0x71, "650100", "650100EE"),
    ("DF04", 0xEF05, 0x81, "31000000", "3331303030303030" + "EE" * 62),
    ("DF04", 0xEF05, 0x84, "650100", "650100" + "EE" * 67),
    ("DF04", 0xEF05, 0x87, "12345678901234567", "3132333435363738393031323334353637" + "EE" * 53),
    ("DF04", 0xEF06, 0x90, "1", "31EEEEEE"),
    ("DF04", 0xEF06, 0x93, "07", "3037EEEE"),
]


@pytest.mark.parametrize(("directory", "fid", "tag", "value", "data"), NEW, ids=lambda x: str(x)[:12])
def test_rewritten_items(directory: str, fid: int, tag: int, value: Value, data: str) -> None:
    assert encode_for_first_generation(directory, fid, tag, value) == bytes.fromhex(data)
    item, decoded = decode_first_generation(directory, fid, tag, bytes.fromhex(data), {})
    assert (item.tag, decoded) == (tag, value)


def test_every_marked_tag_of_appendix_c_is_covered() -> None:
    assert {(d, f, t) for d, f, t, _, _ in NEW} == {
        key for key in REUSED if _REUSED[key[0], key[1]][key[2]] == key[2]
    }
    assert all(is_reused(*key) for key in REUSED)


def test_g22_personnel_class_on_an_old_card() -> None:
    new = decode_first_generation("DF01", 0xEF09, 0x32, bytes.fromhex("3131EE"), {})
    assert (new.item.name.zh, new.value) == ("人员身份类别", "11")
    old = decode_first_generation("DF01", 0xEF09, 0x32, b"110", {})
    assert (old.item.name.zh, old.value) == ("单位经济类型", "110")


def test_g23_l23_nationality_on_an_old_card() -> None:
    new = decode_first_generation("DF01", 0xEF0A, 0x37, bytes.fromhex("444555EE"), {})
    assert (new.item.name.zh, new.value) == ("国籍", "DEU")
    old = decode_first_generation("DF01", 0xEF0A, 0x37, bytes.fromhex("00123456"), {})
    assert (old.item.name.zh, old.value) == ("缴费基数", 123456)


def test_unmarked_tag_follows_its_partner() -> None:
    date = bytes.fromhex("20100701")
    new = decode_first_generation("DF01", 0xEF0A, 0x39, date, {0x38: bytes.fromhex("3133EEEE")})
    assert (new.item.name.zh, new.value) == ("参加党派日期", "20100701")
    for others in ({0x38: bytes.fromhex("00123456")}, {}):
        old = decode_first_generation("DF01", 0xEF0A, 0x39, date, others)
        assert (old.item.name.zh, old.value) == ("工资信息更新日期", "20100701")
    assert encode_for_first_generation("DF01", 0xEF0A, 0x39, "20100701") == date


def test_migrant_worker_permit_becomes_a_certificate() -> None:
    others = {0x55: bytes.fromhex("6501001234567890EEEE")}
    name = "测试局".encode("gbk").ljust(0x46, b"\0")
    assert (
        decode_first_generation("DF02", 0xEF09, 0x56, name, others).item.name.zh == "就业失业登记证发证机构"
    )
    assert decode_first_generation("DF02", 0xEF09, 0x56, name, {}).item.name.zh == "就业证签发机关"
    old = decode_first_generation("DF02", 0xEF09, 0x55, bytes.fromhex("65010012345678901234"), {})
    assert (old.item.name.zh, old.value) == ("外来人员就业证编号", "65010012345678901234")


def test_other_tags_are_read_by_the_layout_that_has_them() -> None:
    item, value = decode_first_generation("SSSE", 0xEF06, 0x08, b"999999199001010016", {})
    assert (item, value) == (card_layout("1.0").directory("SSSE").file(0xEF06).items[0], "999999199001010016")  # type: ignore[union-attr]
    item, value = decode_first_generation("DF01", 0xEF15, 0x2A, b"\x21", {})
    assert (item.name.zh, value) == ("学历", "21")
    assert encode_for_first_generation("DF01", 0xEF15, 0x2A, "21") == b"\x21"


def test_errors() -> None:
    with pytest.raises(RecordError, match="DF01 EF0A has no item with tag 99 in any generation"):
        decode_first_generation("DF01", 0xEF0A, 0x99, b"", {})
    with pytest.raises(RecordError, match="tag 37 in generation 2"):
        encode_for_first_generation("DF09", 0xEF0A, 0x37, "DEU")
    with pytest.raises(ItemError, match="缴费基数"):
        decode_first_generation("DF01", 0xEF0A, 0x37, bytes.fromhex("0012345A"), {})


@pytest.mark.parametrize(
    ("version", "old"), [("", True), ("1.00", True), ("1.20", True), ("2.00", False), ("3.00", False)]
)
def test_generation_by_version_item(version: str, old: bool) -> None:
    assert is_first_generation(version) is old
