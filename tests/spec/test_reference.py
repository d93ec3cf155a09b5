"""The generated reference pages: up to date, and saying what the issue asks."""

from pathlib import Path

import pytest

from shebaoka.spec.errors import SpecError
from shebaoka.spec.keys import key_catalogue, psam_master_keys
from shebaoka.spec.model import Text
from shebaoka.spec.reference import reference_pages, write_reference
from shebaoka.spec.reference.facts import Fact, facts, places_of

DOCS = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", reference_pages())
def test_committed_page_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == reference_pages()[name], "run: make docs"


def test_write_reference(tmp_path: Path) -> None:
    paths = write_reference(tmp_path / "new" / "folder")
    assert sorted(path.name for path in paths) == sorted(reference_pages())
    assert all(path.read_text("utf-8").startswith("# ") for path in paths)


@pytest.mark.parametrize(
    ("fact", "generation", "file", "read", "write"),
    [
        ("Identity status", "2.0, 3.0", "DF01 EF09", "PIN or RK1DF01", "UK2DF01"),
        ("Participation and payment status", "2.0, 3.0", "DF03 EF19", "PIN or RK1DF03", "UK8DF03"),
        ("Pension", "1.0", "DF03 EF07", "PIN and RK1DF03", "UK3DF03"),
        ("Medical insurance and account", "2.0, 3.0", "DF04 EF06", "PIN and RK1DF04", "UK2DF04"),
        ("Qualifications and skills", "2.0, 3.0", "DF02 EF05", "PIN or RK1DF02", "UK1DF02"),
        ("Work record", "2.0, 3.0", "DF02 EF07", "PIN or RK1DF02", "UK3DF02"),
        ("Work injury", "2.0, 3.0", "DF03 EF17", "PIN or RK1DF03", "UK6DF03"),
        ("Occupational disease", "1.0", "DF03 EF08", "(PIN and RK3DF03) or UK4DF03", "UK4DF03"),
        ("Disability grade", "2.0, 3.0", "DF03 EF06", "PIN or RK1DF03", "UK2DF03"),
        ("Who the holder is", "3.0", "SSSE EF06", "RKSSSE", "UKSSSE"),
        ("Who the holder is", "2.0", "SSSE EF06", "free", "UKSSSE"),
    ],
)
def test_facts(fact: str, generation: str, file: str, read: str, write: str) -> None:
    found = {
        (place.generations, f"{place.directory} {place.file.id}", place.file.read, place.file.write)
        for entry in facts()
        if entry.name.en == fact
        for place in places_of(entry)
    }
    assert (generation, file, read, write) in found


def test_a_fact_in_no_file_is_refused() -> None:
    for path in ("DF03/EF0B", "DF03/EF06/AA", "DF09/EF05"):
        with pytest.raises(SpecError, match=rf"facts\.toml: Test: {path} is nothing on a 1\.0 card"):
            list(places_of(Fact(Text("测试", "Test"), {"1.0": (path,)})))


def test_key_page_lists_every_key() -> None:
    page = reference_pages()["card-keys.md"]
    assert "## Generation 2.0: 55 keys" in page
    assert "## Generation 1.0: 38 keys" in page
    names = [key.name for key in key_catalogue("2.0", annex=True)] + [key.name for key in psam_master_keys()]
    assert [name for name in names if f"| {name} |" not in page] == []


def test_pages_hold_no_unescaped_bar() -> None:
    for page in reference_pages().values():
        widths: list[int] = []
        for line in page.split("\n"):
            if line.startswith("|"):
                widths.append(line.replace("\\|", "").count("|"))
            elif widths:
                assert len(set(widths)) == 1
                widths = []
