"""Input made to exhaust: one line that names it, within a moment and a bounded memory."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.fixture_schema import FixtureError
from shebaoka.personalization.fixtures import build_fixture
from shebaoka.personalization.mapping import read_mapping
from shebaoka.personalization.product import read_product
from shebaoka.personalization.sources import CsvSource, ExcelSource, FixedSource
from shebaoka.reader.script import ScriptError, parse_script, run_script
from shebaoka.reader.trace import Trace
from shebaoka.spec.errors import SpecError
from shebaoka.spec.loading import read_toml
from shebaoka.terminal.blacklist_file import verify
from shebaoka.terminal.errors import BlacklistError

DEEP = 100_000
READERS = (read_toml, read_mapping, read_product, build_fixture)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    ("content", "reason"),
    [("a = " + "[" * DEEP, "nested too deeply"), ("#" * (2 << 20), "larger than 1 MiB")],
)
def test_toml(tmp_path: Path, read: Callable[[Path], object], content: str, reason: str) -> None:
    path = tmp_path / "bomb.toml"
    path.write_text(content, "ascii")
    with pytest.raises((SpecError, PersonalizationError, FixtureError), match=rf"bomb\.toml: .*{reason}"):
        read(path)


@pytest.mark.parametrize(
    "answer", ["... 00 ... 9000", "6F .. ... 00 ... 00 ... 00 ... 9000", "9000 | .....00...00"]
)
def test_answers_with_many_rests(answer: str) -> None:
    """Each further ``...`` would multiply the time of a comparison by the length of the answer."""
    with pytest.raises(ScriptError, match=r"line 2: `\.\.\.` stands once"):
        parse_script(f"reset\n< {answer}")


def test_blacklist() -> None:
    with pytest.raises(BlacklistError):
        verify(b"[" * DEEP + b"\n{}\n", [])


def test_a_line_without_end(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(b"name,number\n" + b"x" * (3 << 20) + b"\n")
    with pytest.raises(PersonalizationError, match=r"people\.csv: a line of a million"):
        list(CsvSource(path).rows())
    with pytest.raises(PersonalizationError, match=r"people\.csv: a line of a million"):
        list(FixedSource(path, [("name", 5), ("number", 6)]).rows())


def workbook(path: Path, part: str, old: bytes, new: bytes) -> None:
    """A workbook of two columns and one row, one part of it changed."""
    book, saved = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0].append(["name", "number"])
    book.worksheets[0].append(["x", "1"])
    book.save(saved)
    with zipfile.ZipFile(saved) as parts, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as changed:
        for info in parts.infolist():
            content = parts.read(info)
            if info.filename == part:
                assert old in content
                content = content.replace(old, new, 1)
            changed.writestr(info.filename, content)


SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def test_a_workbook_that_unpacks_without_end(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    workbook(path, SHEET, b"<t>x</t>", b"<t>" + b"x" * (110 << 20) + b"</t>")
    assert path.stat().st_size < 1 << 20
    tracemalloc.start()
    with pytest.raises(PersonalizationError, match=r"people\.xlsx: unpacks to 110 MiB"):
        ExcelSource(path)
    assert tracemalloc.get_traced_memory()[1] < 10 << 20
    tracemalloc.stop()


def test_a_row_far_away(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    workbook(path, SHEET, b'<row r="2"', b'<row r="999999999999"')
    with pytest.raises(PersonalizationError, match="a row beyond 1048576"):
        list(ExcelSource(path).rows())


def test_a_workbook_that_calls_itself_smaller_loses_no_row(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    workbook(path, SHEET, b'ref="A1:B2"', b'ref="A1"')
    assert list(ExcelSource(path).rows()) == [(2, ["x", "1"])]


def test_entities_that_multiply(tmp_path: Path) -> None:
    """Billion laughs: the XML library refuses to expand them."""
    path = tmp_path / "people.xlsx"
    names = "abcdefghi"
    laughs = "".join(
        f'<!ENTITY {name} "{(f"&{before};" if before else "ha") * 10}">'
        for before, name in zip(("", *names), names, strict=False)
    )
    sheet = (
        f'<!DOCTYPE w [{laughs}]><worksheet xmlns="{MAIN}"><sheetData><row r="1"><c t="inlineStr"><is><t>&i;'
    )
    workbook(path, SHEET, b"<worksheet", sheet.encode() + b"</t></is></c></row></sheetData></worksheet><!--")
    tracemalloc.start()
    with pytest.raises(PersonalizationError):
        list(ExcelSource(path).rows())
    assert tracemalloc.get_traced_memory()[1] < 50 << 20
    tracemalloc.stop()


class _Endless:
    """A chip that answers everything with 9000."""

    controls = None

    def reset(self) -> bytes:
        return bytes.fromhex("3B6D000000814A444686609801000000 01")

    def transmit(self, apdu: bytes) -> bytes:
        return b"\x90\x00"

    def close(self) -> None:
        pass


def test_a_script_of_many_lines_keeps_little_of_what_passed() -> None:
    trace = Trace(_Endless())
    script = parse_script("reset\n" + "> 0084000008\n< 9000\n" * 5000 + "> 0084000008\n< 6A82\n")
    result = run_script(script, trace)
    assert trace.count == 5002
    assert len(trace.exchanges) < 2000
    assert result.difference is not None
    assert result.difference.line == 10003
    assert [exchange.number for exchange in result.difference.exchanges] == [5002]
