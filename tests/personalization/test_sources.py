from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.mapping import Field, InputForm, open_source
from shebaoka.personalization.sources import BadRow, Source, find_encoding

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


def test_an_unfinished_quote_is_a_bad_row(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('姓名,地址\n"测试,一号街\n', "utf-8")
    [row] = rows(open_source(path, InputForm()))
    assert isinstance(row, BadRow)
    assert "not a line of separated values" in row.reason


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


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    for form in (InputForm(), InputForm(format="xlsx"), InputForm(fields=FIELDS)):
        with pytest.raises(PersonalizationError, match="absent: cannot be read"):
            open_source(tmp_path / "absent", form)
