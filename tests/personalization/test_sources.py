import random
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from shebaoka.personalization.encodings import find_encoding
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.mapping import Field, InputForm, open_source
from shebaoka.personalization.sources import BadRow, Source

TEXT = "姓名,地址\n测试,一号街\n王五,二号街\n"
ROWS = [(2, ["测试", "一号街"]), (3, ["王五", "二号街"])]


def rows(source: Source) -> list[tuple[int, Sequence[str]] | BadRow]:
    return [row if isinstance(row, BadRow) else (row[0], list(row[1])) for row in source.rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_encodings_are_found(tmp_path: Path, encoding: str, end: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(TEXT.replace("\n", end).encode(encoding))
    source = open_source(path, InputForm())
    assert source.columns == ("姓名", "地址")
    assert rows(source) == ROWS
    assert rows(source) == ROWS


def test_a_stated_encoding_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(TEXT.encode("gbk"))
    with pytest.raises(PersonalizationError, match=r"list\.csv: not utf-8-sig"):
        open_source(path, InputForm(encoding="utf-8"))
    with pytest.raises(PersonalizationError, match="unknown encoding 'latin9x'"):
        open_source(path, InputForm(encoding="latin9x"))
    with pytest.raises(PersonalizationError, match="unknown encoding 'rot13'"):
        open_source(path, InputForm(encoding="rot13"))
    assert find_encoding(path, "GBK") == "gb18030"
    path.write_bytes(b"name\n\xff\xff\xff\xfa\n")
    with pytest.raises(PersonalizationError, match=r"neither UTF-8 nor GBK \(byte 6\)"):
        open_source(path, InputForm())


def test_a_late_bad_byte_is_found_before_anything_is_used(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"name\n" + b"x\n" * 2_000_000 + b"\xff\xff\n")
    with pytest.raises(PersonalizationError, match="neither UTF-8 nor GBK"):
        open_source(path, InputForm())


def test_broken_rows_do_not_stop_the_others(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('姓名;地址\n测试;一号街\n只有一列\n王五;二"号街;x\n"a\nb";c\n\n李四;三号街\n', "utf-8")
    found = rows(open_source(path, InputForm(delimiter=";")))
    assert [row.number if isinstance(row, BadRow) else row[0] for row in found] == [2, 3, 4, 5, 8]
    assert found[1] == BadRow(3, "the row has 1 columns, 2 are expected; look for separators")
    assert isinstance(found[2], BadRow)
    assert found[3] == (5, ["a\nb", "c"])
    assert found[4] == (8, ["李四", "三号街"])


@pytest.mark.parametrize("count", [0, 1, 3, 60])
def test_an_unfinished_quote_costs_its_own_row_only(tmp_path: Path, count: int) -> None:
    path = tmp_path / "list.csv"
    others = "".join(f"王{number},街\n" for number in range(count))
    path.write_text(f'姓名,地址\n"测试,一号街\n{others}', "utf-8")
    bad, *good = rows(open_source(path, InputForm()))
    assert bad == BadRow(2, "a quote is opened and not closed; close or remove it") or not count
    assert isinstance(bad, BadRow)
    assert good == [(3 + number, [f"王{number}", "街"]) for number in range(count)]


def test_two_unfinished_quotes_cost_two_rows(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('姓名,地址\n"测试,一\n王五,二\n"李四,三\n赵六,四\n"a\nb",c\n', "utf-8")
    found = rows(open_source(path, InputForm()))
    assert [row.number for row in found if isinstance(row, BadRow)] == [2, 4]
    assert [row for row in found if not isinstance(row, BadRow)] == [
        (3, ["王五", "二"]),
        (5, ["赵六", "四"]),
        (6, ["a\nb", "c"]),
    ]


def test_quotes_marks_and_empty_lines(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes('\ufeff姓名,地址\r\n"张""三","甲,乙"\r\n\r\n,,\r\n ,\r\n李四,\r\n'.encode())
    found = rows(open_source(path, InputForm()))
    assert found == [(2, ['张"三', "甲,乙"]), (6, ["李四", ""])]


@pytest.mark.parametrize("letter", ["模", "牟", "茅"])
def test_a_list_that_is_utf8_or_gbk_must_be_stated(tmp_path: Path, letter: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(f"name,number\n{letter},1\n".encode("gbk"))
    other = letter.encode("gbk").decode("utf-8")
    with pytest.raises(
        PersonalizationError, match=rf"list\.csv: UTF-8 \({other}\) or GBK \({letter}\)\? state"
    ):
        open_source(path, InputForm())
    assert rows(open_source(path, InputForm(encoding="gbk"))) == [(2, [letter, "1"])]
    assert rows(open_source(path, InputForm(encoding="utf-8"))) == [(2, [other, "1"])]


@pytest.mark.parametrize("name", ["联通", "貌庞", "模块", "模·牟", "Modřické"])
def test_other_short_lists_are_told_apart(tmp_path: Path, name: str) -> None:
    path = tmp_path / "list.csv"
    for encoding in ("utf-8",) if name == "Modřické" else ("gbk", "utf-8"):
        path.write_bytes(f"name,number\n{name},1\n".encode(encoding))
        assert rows(open_source(path, InputForm())) == [(2, [name, "1"])]


def test_names_given_for_a_list_without_them(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("测试|一号街\n", "utf-8")
    source = open_source(path, InputForm(delimiter="|", names=["姓名", "地址"]))
    assert rows(source) == [(1, ["测试", "一号街"])]


@pytest.mark.parametrize("text", ["", "\n", "姓名,姓名\nx,y\n"])
def test_column_names_are_needed_once(tmp_path: Path, text: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(PersonalizationError, match=r"no column names|occurs twice"):
        open_source(path, InputForm())


def workbook(path: Path, *lines: Sequence[object]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in lines:
        sheet.append(list(line))
    book.create_sheet("other").append(["列"])
    book.save(path)
    return path


def test_excel(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "list.xlsx",
        ("姓名", "号码", "日期", "数"),
        ("测试 ", "980101199001010010", date(2020, 2, 3), 12),
        (None, None, None, None),
        ("王五", 980101199001010010, datetime(2020, 2, 3, 4, 5), 1.5),
        ("李四", "x", datetime(2020, 2, 3, 4, 5), 2.0),
        ("赵六", "x"),
        ("多", "1", "2", "3", "4"),
    )
    source = open_source(path, InputForm())
    assert source.columns == ("姓名", "号码", "日期", "数")
    found = rows(source)
    assert found[0] == (2, ["测试", "980101199001010010", "20200203", "12"])
    assert found[1] == BadRow(
        4, "a number of 16 or more digits was rounded by Excel; format the column as text"
    )
    assert found[2] == (5, ["李四", "x", "20200203040500", "2"])
    assert found[3] == (6, ["赵六", "x", "", ""])
    assert isinstance(found[4], BadRow)


def test_excel_sheets_and_files_that_are_none(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx", ("姓名",))
    assert open_source(path, InputForm(sheet="other")).columns == ("列",)
    with pytest.raises(PersonalizationError, match="no sheet 'third'; it has Sheet, other"):
        open_source(path, InputForm(sheet="third"))
    path.write_bytes(b"no workbook")
    with pytest.raises(PersonalizationError, match=r"list\.xlsx: not an Excel workbook"):
        open_source(path, InputForm())


def complaint(path: Path) -> str | None:
    try:
        list(open_source(path, InputForm()).rows())
    except PersonalizationError as error:
        return str(error)
    return None


@pytest.mark.parametrize("damage", [b"", b"\xff\x00<junk", None])
def test_a_damaged_workbook_is_one_line(tmp_path: Path, damage: bytes | None) -> None:
    whole = workbook(tmp_path / "whole.xlsx", ("姓名", "日期"), ("测试", date(2020, 2, 3)))
    path, complaints = tmp_path / "list.xlsx", 0
    with zipfile.ZipFile(whole) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    for victim, content in parts.items():
        with zipfile.ZipFile(path, "w") as target:
            for name, part in parts.items():
                if name != victim or damage is not None:
                    target.writestr(name, part if name != victim else damage or content[: len(content) // 2])
        said = complaint(path)
        assert said is None or (said.startswith(f"{path}: ") and "\n" not in said)
        complaints += said is not None
    assert complaints > 2


def test_a_workbook_of_scrambled_bytes_is_one_line(tmp_path: Path) -> None:
    raw = workbook(tmp_path / "list.xlsx", ("姓名",), ("测试",)).read_bytes()
    dice = random.Random(1)
    complaints = 0
    for _ in range(60):
        scrambled = bytearray(raw)
        for _ in range(3):
            scrambled[dice.randrange(len(raw))] = dice.randrange(256)
        (tmp_path / "list.xlsx").write_bytes(scrambled)
        complaints += complaint(tmp_path / "list.xlsx") is not None
    assert complaints > 10


FIELDS = [Field("姓名", 8), Field("性别", 1), Field("地址", 10)]


def test_fixed_width_counts_bytes(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    lines = ["测试    1一号街    ", "王五    2二号街", "", "测测测测x一号街    ", "王五a测试2一号街   "]
    path.write_bytes("\r\n".join(lines).encode("gbk"))
    found = rows(open_source(path, InputForm(fields=FIELDS, encoding="gbk")))
    assert found[0] == (1, ["测试", "1", "一号街"])
    assert found[1] == BadRow(2, "the line has 15 bytes, 19 are expected")
    assert found[2] == (4, ["测测测测", "x", "一号街"])
    path.write_bytes("测试a测试1地地地地\n".encode("gbk"))
    [row] = rows(open_source(path, InputForm(fields=FIELDS, encoding="gbk")))
    assert isinstance(row, BadRow)
    wide = [Field("姓名", 8), Field("地址", 11)]
    path.write_bytes("测试  一号街  \n王五  二号街  \n".encode("utf-8-sig"))
    assert rows(open_source(path, InputForm(fields=wide))) == [
        (1, ["测试", "一号街"]),
        (2, ["王五", "二号街"]),
    ]


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    for form in (InputForm(), InputForm(format="xlsx"), InputForm(fields=FIELDS)):
        with pytest.raises(PersonalizationError, match="absent: cannot be read"):
            open_source(tmp_path / "absent", form)
