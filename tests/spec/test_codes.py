import pytest

from shebaoka.spec.codes import code_table, code_tables, label, labels, tables_of
from shebaoka.spec.layouts import card_layout
from shebaoka.spec.model import Item, Text

# Number of codes printed in each table of V2.
SIZES = {
    "11": 4, "13": 3, "14": 57, "16": 17, "17": 8, "18": 5, "19": 14, "20": 13, "21": 11, "22": 8, "23": 51,
    "24": 2, "25": 7, "26": 2, "27": 9, "28": 8, "29": 8, "30": 11, "31": 9, "32": 11, "33": 4, "34": 2,
    "35": 2, "36": 5, "37": 2, "38": 4, "39": 6, "40": 6, "41": 12, "42": 6, "43": 2, "44": 2, "45": 2,
    "46": 2, "47": 2, "48": 8, "49": 2, "50": 2, "51": 2, "52": 4, "53": 55, "54": 7, "55": 11, "56": 34,
    "57": 4, "B9": 4, "B10": 8, "B11": 4, "B12": 3, "B26": 5, "B27": 4,
} | {f"B{n}": 3 for n in range(13, 26)}  # fmt: skip


def test_every_table_of_the_text() -> None:
    assert {t.id: len(t.codes) for t in code_tables() if t.id != "region"} == SIZES


def test_codes_have_the_width_of_their_item_and_both_labels() -> None:
    for table in code_tables():
        assert len({len(code) for code in table.codes}) == 1, table.id
        for text in table.codes.values():
            assert text.zh.strip()
            assert text.en.strip()
            assert text.en.isascii()


@pytest.mark.parametrize("generation", ["1.0", "2.0"])
def test_every_table_is_used_and_its_codes_fit_the_item(generation: str) -> None:
    for item in _items(generation):
        if item.codes is not None:
            width = item.length if item.type == "an" else 2 * item.length
            assert all(len(code) <= width for code in code_table(item.codes).codes), item
        for part in item.parts:
            assert all(len(code) == part.length for code in code_table(part.codes).codes), item
    if generation == "2.0":
        used = {table for item in _items(generation) for table in tables_of(item)}
        assert used == set(SIZES)


@pytest.mark.parametrize(
    ("table", "code", "zh", "en"),
    [
        ("13", "2", "女性", "Female"),
        ("14", "56", "基诺族", "Jino"),
        ("17", "8", "其他非在业", "Other, not employed (abroad, military service, detention)"),
        ("32", "11", "未达等级", "Below grade"),
        ("43", "1", "是", "Yes"),
        ("B25", "2", "不详", "Unknown"),
        ("region", "990100", "澄屿省（虚构）", "Chengyu (invented)"),
    ],
)
def test_labels(table: str, code: str, zh: str, en: str) -> None:
    assert label(table, code) == Text(zh, en)


def test_unknown_codes_have_no_label() -> None:
    assert label("13", "3") is None
    assert label("no table", "1") is None
    with pytest.raises(KeyError, match="no code table"):
        code_table("no table")


@pytest.mark.parametrize(
    ("directory", "fid", "tag", "value", "expected"),
    [
        ("DF02", 0xEF06, 0x4B, "10021", ["Employment begun", "Self-employed business"]),
        (
            "DF02",
            0xEF06,
            0x4F,
            "102000",
            ["Registered as unemployed", "Labor relation with an enterprise ended"],
        ),
        ("DF02", 0xEF06, 0x4F, "200070", ["Registration cancelled", "Died"]),
        (
            "DF04",
            0xEF05,
            0x81,
            "31010000",
            ["Basic medical insurance of employees", "Yes", "No", "No", "No", "No"],
        ),
        ("SSSE", 0xEF06, 0x0C, "310000", ["Shanghai"]),
        ("SSSE", 0xEF06, 0x09, "张三", []),
        ("SSSE", 0xEF06, 0x0A, "7", []),
    ],
)
def test_labels_of_a_value(directory: str, fid: int, tag: int, value: str, expected: list[str]) -> None:
    file = card_layout("2.0").directory(directory).file(fid)
    assert file is not None
    item = next(item for item in file.items if item.tag == tag)
    assert [text.en for text in labels(item, value)] == expected


def test_misprinted_names_are_set_right() -> None:
    for table, code, name in (
        ("14", "20", "傈僳族"),
        ("14", "31", "达斡尔族"),
        ("23", "220", "矿产储量评估师"),
    ):
        found = label(table, code)
        assert found is not None
        assert found.zh == name


def _items(generation: str) -> list[Item]:
    layout = card_layout(generation, annex=True)
    top = [item for directory in layout.directories for file in directory.files for item in file.items]
    return top + [child for item in top for child in item.children]
