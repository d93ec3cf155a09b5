"""Malformed data: one line naming file and place, never a traceback of a library."""

from pathlib import Path

import pytest

from shebaoka.spec.codes import tables_from
from shebaoka.spec.errors import SpecError
from shebaoka.spec.layouts import read_layout
from shebaoka.spec.loading import Source, read_toml

HEAD = """
id = "x"
zh = "某卡"
en = "A card"
version = "2.00"
algorithms = ["SM4"]
"""
DIRECTORY = """
[[directories]]
id = "DF01"
zh = "公共应用"
en = "Public application"
aid = "D15600000500"
"""
FILE = """
[[directories.files]]
fid = 0xEF05
zh = "文件"
en = "File"
structure = "variable"
read = "PIN"
write = "UK1DF01"
"""
ITEM = '{ tag = 0x20, type = "an", length = 2, zh = "项", en = "Item" }'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD + "[[", "malformed TOML: "),
        (HEAD + "colour = 1", "unknown field 'colour'"),
        (HEAD + "directories = 3", "directories must be a list of tables"),
        (HEAD.replace("version", "versions"), "unknown field 'versions'"),
        (HEAD.replace('version = "2.00"', ""), "Object missing required field version"),
        (HEAD + DIRECTORY.replace("DF01", "XX01"), "XX01: a directory is SSSE or DF01 to DFFF"),
        (HEAD + DIRECTORY.replace("D15600000500", "D1-56"), "DF01: aid must be upper-case hexadecimal"),
        (HEAD + DIRECTORY.replace('aid = "D15600000500"', ""), "DF01: needs an aid or a label"),
        (HEAD + DIRECTORY.replace("aid = ", 'label = "区😀"\n#'), "DF01: label character '😀' is not in GBK"),
        (HEAD + DIRECTORY + FILE.replace("fid = 0xEF05", ""), "DF01 file without fid: "),
        (
            HEAD + DIRECTORY + FILE.replace("variable", "round"),
            "DF01 EF05: Invalid enum value 'round' at structure",
        ),
        (HEAD + DIRECTORY + FILE.replace('"PIN"', '"PIN &"'), "DF01 EF05: condition 'PIN &': unexpected '&'"),
        (HEAD + DIRECTORY + FILE + f"items = [{ITEM.replace('2,', '-,')}]", "malformed TOML: "),
        (
            HEAD + DIRECTORY + FILE + f"items = [{ITEM.replace('length = 2', 'length = true')}]",
            "DF01 EF05 tag 20: Expected int, got bool at length",
        ),
        (
            HEAD + DIRECTORY + FILE + f"items = [{ITEM.replace('length', 'size')}]",
            "DF01 EF05 tag 20: Object contains unknown field size",
        ),
        (
            HEAD + DIRECTORY + FILE + f"items = [{ITEM[:-1]}, children = 1 }}]",
            "tag 20: children must be a list",
        ),
        (
            HEAD + DIRECTORY + FILE + 'items_from = "2.0/DF01/EF0B"',
            "items_from '2.0/DF01/EF0B' names no file",
        ),
        (HEAD + DIRECTORY + FILE + 'items_from = "9/DF01"', "'9/DF01' names nothing in another generation"),
        (HEAD + 'base = "2.0"\n[[changes]]\ndirectory = "DF01"\nfile = 0xEF0B', "DF01 EF0B: is no file of"),
        (HEAD + 'base = "2.0"\n[[changes]]\ndirectory = "DF01"\nfid = 1', "unknown field 'fid'"),
    ],
)
def test_layout_errors(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "city.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SpecError) as error:
        read_layout(path)
    line = str(error.value)
    assert "city.toml: " in line
    assert message in line
    assert "\n" not in line


def test_a_good_layout_passes(tmp_path: Path) -> None:
    path = tmp_path / "city.toml"
    path.write_text(HEAD + DIRECTORY + FILE + f"items = [{ITEM}]", "utf-8")
    file = read_layout(path).directory("DF01").file(0xEF05)
    assert file is not None
    assert file.items[0].length == 2


def test_missing_and_not_utf8(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"none\.toml: cannot be read \(No such file or directory\)"):
        read_toml(tmp_path / "none.toml")
    path = tmp_path / "gbk.toml"
    path.write_bytes('zh = "卡"'.encode("gbk"))
    with pytest.raises(SpecError, match=r"gbk\.toml: byte 6: is not UTF-8"):
        read_toml(path)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"tables": 1}, "tables: must be tables by id"),
        ({"tables": {"a": {"zh": "表", "en": "T", "source": "", "codes": {}}}}, "table a: has no codes"),
        (
            {"tables": {"a": {"zh": "表", "en": "T", "source": "", "codes": {"1": ["一"]}}}},
            "table a: codes must be",
        ),
        (
            {"tables": {"a": {"zh": "表", "en": "T", "source": "", "same": "b"}}},
            "same 'b' names no table before",
        ),
        (
            {"tables": {"a": {"zh": "表", "codes": {"1": ["一", "One"]}}}},
            "table a: Object missing required field en",
        ),
        ({"tables": {"a": {"color": 1}}}, "table a: unknown field 'color'"),
    ],
)
def test_table_errors(raw: dict[str, object], message: str) -> None:
    with pytest.raises(SpecError) as error:
        tables_from(Source("city.toml"), raw)
    assert str(error.value).startswith("city.toml: ")
    assert message in str(error.value)
