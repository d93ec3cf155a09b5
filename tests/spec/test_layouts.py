"""The shipped layouts against lists typed from the texts a second time."""

import re
import subprocess
import sys

import pytest

from shebaoka.spec.check import check_shipped
from shebaoka.spec.layouts import GENERATIONS, card_layout, psam_layout
from shebaoka.spec.model import CardLayout, FileClass, FileLayout, Item, ItemType, Meaning, Structure

# V2 T9: tag, type and length in hexadecimal; "x3" the number of records; "{" the children of a B-TLV.
ITEMS_2_0 = """
SSSE EF05  01 cn10 02 an1 03 an4 04 cnC 05 cn4 06 cn4 07 an9
SSSE EF06  08 an12 09 an1E 4E an14 0A an1 0B cn1 0C cn3 0D cn4
SSSE EF07  - b300
SSSE EF08  - b1000
DF01 EF05  20 an2 21 an50 0E cn3
DF01 EF06  23 an50 24 cn3 28 anF 2C an32 2D anF
DF01 EF07  29 an1
DF01 EF08  2B an1
DF01 EF09  2E an46 30 an9 32 an2
DF01 EF0A  37 an3 38 an2 39 cn4
DF01 EF15  2A cn1 40x3 B34 { 57 an3 58 cn3 59 an28 }
DF01 EF16  - b128
DF01 EF17  - b128
DF01 EF18  - b128
DF01 EF19  - b128
DF01 EF1A  - b128
DF02 EF05  42 an3 41 an3 43x2 B6C { 5A an7 5B an1 5C an46 5D cn4 5E an10 } 44x2 B65 { 33 an3 34 an46 35 cn4 36 an10 }
DF02 EF06  4C cn4 4B an5 4D cn3 60 cn4 4F an6 50 cn3 3A an7
DF02 EF07  - an7 - cn4 - cn4 - an46
DF02 EF09  55 an10 56 an46 96 cn4 97 cn3
DF02 EF15  99x4 B10 { 10 an3 11 cn4 12 cn3 } 0F cn4 1F cn3
DF02 EF16  - an3 - cn4 - cn4 - cn4 - cn3
DF03 EF05  61 cn3 98 cn4 62 cn4 63 an3 64 an3 65 an3 66 an3
DF03 EF06  45 an14 46 an2 47 an2 48 an1 49 an1 67 cn4 6B an3C 4Ax3 B61 { 13 an2 14 an1 15 an14 16 cn4 17 an3C }
DF03 EF07  70 an3 71 cn3 6E cn4 6C cn4 6F cn4 73 cn4
DF03 EF15  7A cn3 7B cn4 7C cn4
DF03 EF16  51 cn3 5F an1
DF03 EF17  3B an14 3C an46 3D an1 3E cn4 3F an3C
DF03 EF18  74 an3 75 cn3 76 cn1 77 cn4 78 cn4
DF03 EF19  79x4 B27 { 18 an3 19 cn3 1A cn4 1B cn4 1C cn4 1D an3 1E cn4 }
DF04 EF05  81 an8 84 cn3 87 an11 8C cn1 80 cn4 8B an1D 8A anF 83 an9 86 an9 89 an9 7D an9 7E an9 7F an9 8D an9 8E an9 8F an1
DF04 EF06  90 an1 92 cn4 93 an2
DF04 EF08  - b2 - an1 - cn6 - cn7 - b4 - b4 - b4
DF04 EF15  - b2 - an1
DF07 EF05  F0 an2 F1 an1 F2 cn4 F3 an3 F4 cn4
DF07 EF06  F5 an3 F6 cn4 F7 an46
DF07 EF07  F8 cn4 F9 an1
"""  # noqa: E501

# V2 TB3 to TB8.
ITEMS_ANNEX = """
DF05 EF05  A0 an1 A1 an1 B9 an1 A2 an4 A9 cn1 A3x5 B18 { A5 an10 A6 an4 } A4x5 B17 { A7 an10 A8 an3 } BA an14 BB an64 AA an14 AB cn4 AC an1 AD an1 AE an1 AF an1 B0 an1 B1 an1 B2 an1 B3 an1 B4 an1 B5 an1 B6 an1 B7 an1 BC an1 B8 an28
DF06 EF05  C0 an46 C2 an9 C3 B1A { E3 cn1 E4 cn4 E5 cn4 E6 cn4 E7 cn3 } C4 B1A { E3 cn1 E4 cn4 E5 cn4 E6 cn4 E7 cn3 } C5 B1A { E3 cn1 E4 cn4 E5 cn4 E6 cn4 E7 cn3 }
DF06 EF06  C6 an46 C8 an9 C9 cn1 CA cn4 CB cn4 CC cn4 CD cn2 CE cn1 CF cn4 D0 cn4 D1 cn4 D2 cn3 D3 cn1 D4 cn4 D5 cn4 D6 cn4 D7 cn3 D8 cn1 D9 cn4 DA cn4 DB cn4 DC cn4 DD cn4 DE cn4 DF cn3 E0 cn3 E1 cn2 E2 cn2
"""  # noqa: E501

# V2 T3-T8: read, write, structure, class (L live, P preset, R reserved).
CONDITIONS_2_0 = """
SSSE EF05  free | UKSSSE | variable L
SSSE EF06  free | UKSSSE | variable L
SSSE EF07  RKSSSE | UKSSSE | transparent P
SSSE EF08  RKSSSE | UKSSSE | transparent P
DF01 EF05  PIN or RK1DF01 | UK1DF01 | variable L
DF01 EF06  PIN or RK1DF01 | UK4DF01 | variable L
DF01 EF07  PIN or RK1DF01 | UK2DF01 | variable L
DF01 EF08  PIN or RK1DF01 | UK3DF01 | variable L
DF01 EF09  PIN or RK1DF01 | UK2DF01 | variable L
DF01 EF0A  PIN or RK1DF01 | UK5DF01 | variable L
DF01 EF15  PIN or RK1DF01 | UK6DF01 | variable L
DF01 EF16  free | UK7DF01 | transparent R
DF01 EF17  free | UK8DF01 | transparent R
DF01 EF18  free | UK9DF01 | transparent R
DF01 EF19  free | UKADF01 | transparent R
DF01 EF1A  free | UKBDF01 | transparent R
DF02 EF05  PIN or RK1DF02 | UK1DF02 | variable P
DF02 EF06  PIN or RK1DF02 | UK2DF02 | variable L
DF02 EF07  PIN or RK1DF02 | UK3DF02 | cyclic L
DF02 EF09  PIN or RK1DF02 | UK4DF02 | variable L
DF02 EF15  PIN or RK1DF02 | UK5DF02 | variable L
DF02 EF16  PIN or RK1DF02 | UK6DF02 | cyclic L
DF03 EF05  PIN or RK2DF03 | UK1DF03 | variable L
DF03 EF06  PIN or RK1DF03 | UK2DF03 | variable L
DF03 EF07  PIN or RK1DF03 | UK3DF03 | variable L
DF03 EF15  PIN or RK1DF03 | UK4DF03 | variable L
DF03 EF16  PIN or RK1DF03 | UK5DF03 | variable L
DF03 EF17  PIN or RK1DF03 | UK6DF03 | variable L
DF03 EF18  PIN or RK1DF03 | UK7DF03 | variable L
DF03 EF19  PIN or RK1DF03 | UK8DF03 | fixed L
DF04 EF05  PIN or RK1DF04 | UK1DF04 | variable L
DF04 EF06  PIN and RK1DF04 | UK2DF04 | variable L
DF04 EF08  PIN | never | cyclic L
DF04 EF15  PIN or RK1DF04 | UK2DF04 | cyclic L
DF07 EF05  RK1DF07 | UK1DF07 | variable P
DF07 EF06  RK2DF07 | UK2DF07 | variable P
DF07 EF07  RK3DF07 | UK3DF07 | variable P
"""

# Part 6 T4-T8.
CONDITIONS_1_0 = """
SSSE EF05  free | UKSSSE | variable L
SSSE EF06  free | UKSSSE | variable L
SSSE EF07  free | UKSSSE | transparent L
DF01 EF05  PIN | UK1DF01 | variable L
DF01 EF06  PIN | UK4DF01 | variable L
DF01 EF07  PIN or UK2DF01 | UK2DF01 | fixed L
DF01 EF08  PIN | UK3DF01 | variable L
DF01 EF09  PIN or UK2DF01 | UK2DF01 | variable L
DF01 EF0A  PIN | UK5DF01 | fixed L
DF02 EF05  PIN or UK1DF02 | UK1DF02 | variable L
DF02 EF06  PIN or UK2DF02 | UK2DF02 | variable L
DF02 EF07  PIN or UK3DF02 | UK3DF02 | cyclic L
DF03 EF05  PIN and RK2DF03 | UK1DF03 | variable L
DF03 EF06  PIN | UK2DF03 | variable L
DF03 EF07  PIN and RK1DF03 | UK3DF03 | variable L
DF03 EF08  (PIN and RK3DF03) or UK4DF03 | UK4DF03 | variable L
DF03 EF09  (PIN and RK4DF03) or UK5DF03 | UK5DF03 | variable L
DF03 EF0A  (PIN and RK5DF03) or UK6DF03 | UK6DF03 | variable L
DF04 EF05  PIN | UK1DF04 | variable L
DF04 EF06  PIN and RK1DF04 | UK2DF04 | fixed L
DF04 EF08  PIN | never | cyclic L
DF04 EF09  PIN | UK3DF04 | variable L
"""

# V2 appendix C and annex 2: what the text tells of the old lengths.
OLD_LENGTHS = {
    ("DF01", 0xEF05, 0x20): "an1",
    ("DF01", 0xEF09, 0x32): "an3",
    ("DF01", 0xEF0A, 0x37): "cn4",
    ("DF01", 0xEF0A, 0x38): "cn4",
    ("DF01", 0xEF0A, 0x39): "cn4",
    ("DF02", 0xEF06, 0x4B): "cn4",
    ("DF02", 0xEF06, 0x4D): "cn4",
    ("DF02", 0xEF06, 0x4F): "cn4",
    ("DF02", 0xEF06, 0x50): "cn4",
    ("DF03", 0xEF05, 0x61): "cn4",
    ("DF03", 0xEF07, 0x71): "cn4",
    ("DF04", 0xEF05, 0x81): "an46",
    ("DF04", 0xEF05, 0x84): "an46",
    ("DF04", 0xEF05, 0x87): "an46",
    ("DF04", 0xEF05, 0x8B): "anA",
    ("DF04", 0xEF06, 0x90): "cn4",
    ("DF04", 0xEF06, 0x93): "cn4",
}

NAMES = {
    "SSSE": "7378312E73682EC9E7BBE1B1A3D5CF",
    "DF01": "D15600000500",
    "DF02": "D15600000501",
    "DF03": "D15600000502",
    "DF04": "D15600000503",
    "DF07": "D15600000504",
}


def test_shipped_data_fulfills_every_check() -> None:
    assert check_shipped() == []


@pytest.mark.parametrize(("listing", "annex"), [(ITEMS_2_0, False), (ITEMS_ANNEX, True)])
def test_items_of_2_0(listing: str, annex: bool) -> None:
    directories = {"DF05", "DF06"} if annex else set(NAMES)
    assert {
        place: _notation(file.items)
        for place, file in _files(card_layout("2.0", annex=True)).items()
        if place[:4] in directories
    } == dict(_lines(listing))


@pytest.mark.parametrize(("generation", "listing"), [("1.0", CONDITIONS_1_0), ("2.0", CONDITIONS_2_0)])
def test_conditions(generation: str, listing: str) -> None:
    found = {
        place: f"{file.read_condition} | {file.write_condition} | {file.structure} {file.kind.name[0]}"
        for place, file in _files(card_layout(generation)).items()
    }
    assert found == dict(_lines(listing))


def test_old_lengths_of_1_0() -> None:
    layout = card_layout("1.0")
    for (directory, fid, tag), expected in OLD_LENGTHS.items():
        file = layout.directory(directory).file(fid)
        assert file is not None
        assert [f"{i.type}{i.length:X}" for i in file.items if i.tag == tag] == [expected]


def test_3_0_is_2_0_with_sm4_and_a_key_for_the_basic_data() -> None:
    old, new = card_layout("2.0"), card_layout("3.0")
    assert (new.version, new.algorithms[0]) == ("3.00", "SM4")
    changed = {
        place: file.read for place, file in _files(new).items() if file.read != _files(old)[place].read
    }
    assert changed == {"SSSE EF06": "RKSSSE"}
    assert [f.items for f in _files(new).values()] == [f.items for f in _files(old).values()]


def test_names_for_select() -> None:
    assert {d.id: d.aid for d in card_layout("2.0").directories} == NAMES
    assert bytes.fromhex(NAMES["SSSE"]).decode("gbk") == "sx1.sh.社会保障"
    annex = card_layout("2.0", annex=True)
    assert bytes.fromhex(annex.directory("DF05").aid).decode("gbk") == "生命与健康信息区"
    assert [d.id for d in card_layout("1.0").directories] == ["SSSE", "DF01", "DF02", "DF03", "DF04"]


@pytest.mark.parametrize(
    ("directory", "fid", "length", "records"),
    [
        ("DF02", 0xEF07, 0x55, 4),
        ("DF02", 0xEF16, 0x12, 4),
        ("DF04", 0xEF08, 0x1C, 30),
        ("DF04", 0xEF15, 3, 8),
    ],
)
def test_cyclic_records(directory: str, fid: int, length: int, records: int) -> None:
    file = card_layout("2.0").directory(directory).file(fid)
    assert file is not None
    assert (file.structure, file.record_length, file.records) == (Structure.CYCLIC, length, records)
    assert file.capacity == length * records


def test_capacity_counts_tag_and_length_of_every_record() -> None:
    layout = card_layout("2.0")
    issuer, education = layout.directory("SSSE").file(0xEF05), layout.directory("DF01").file(0xEF15)
    certificates = layout.directory("DF03").file(0xEF19)
    assert issuer is not None
    assert education is not None
    assert certificates is not None
    assert issuer.capacity == 7 * 2 + 16 + 1 + 4 + 12 + 4 + 4 + 9
    assert education.capacity == (2 + 1) + 3 * (2 + 0x34)
    assert (certificates.record_length, certificates.capacity) == (0x29, 4 * 0x29)


def test_tag_60_stands_in_one_place() -> None:
    for generation in GENERATIONS:
        places = [
            p for p, f in _files(card_layout(generation)).items() if any(i.tag == 0x60 for i in f.items)
        ]
        assert places == ["DF02 EF06"]


def test_medical_amounts_are_kept_by_the_chip() -> None:
    for generation in GENERATIONS:
        internal = card_layout(generation).directory("DF04").internal
        assert [item.length for item in internal] == [2, 2, 4, 4, 4, 2, 2]


def test_meanings() -> None:
    holder = card_layout("2.0").directory("SSSE").file(0xEF06)
    assert holder is not None
    assert [item.meaning for item in holder.items] == [
        Meaning.TEXT, Meaning.TEXT, Meaning.TEXT, Meaning.TEXT, Meaning.DIGITS, Meaning.REGION, Meaning.DATE,
    ]  # fmt: skip
    photo = card_layout("2.0").directory("SSSE").file(0xEF08)
    assert photo is not None
    assert photo.items[0].meaning is Meaning.IMAGE


def test_psam() -> None:
    layout = psam_layout()
    assert [(e.id, e.fid, e.aid) for e in layout.environments] == [
        ("sx1", 0x3F00, "7378312E73682EC9E7BBE1B1A3D5CF"),
        ("sx2", 0xDDF1, "7378322E73682EC9E7BBE1B1A3D5CF"),
    ]
    assert layout.environment("3DES").id == layout.environment("DES").id == "sx1"
    assert layout.environment("SM4").id == "sx2"
    with pytest.raises(KeyError):
        layout.environment("AES")
    for environment in layout.environments:
        assert {f.fid: (f.size, str(f.write_condition)) for f in environment.files} == {
            0x0001: (0, "DDF-MK"),
            0x0015: (15, "DDF-MK"),
            0x0016: (6, "DDF-MK"),
        }
        application = environment.application
        assert (application.id, application.aid) == ("DF01", "D15600000590")
        assert {f.fid: (f.size, f.structure, str(f.write_condition)) for f in application.files} == {
            0x0019: (4, Structure.TRANSPARENT, "never"),
            0x001A: (10, Structure.TRANSPARENT, "KID-01"),
            0x001B: (10, Structure.TRANSPARENT, "KID-02"),
            0x001C: (10, Structure.TRANSPARENT, "KID-03"),
            0x0011: (0, Structure.INTERNAL, "KID-01"),
            0x0012: (0, Structure.INTERNAL, "KID-02"),
            0x0013: (0, Structure.INTERNAL, "KID-03"),
        }
        for file in (*environment.files, *application.files):
            if file.structure is Structure.TRANSPARENT:
                assert sum(item.length for item in file.items) == file.size


def test_unknown_generation() -> None:
    with pytest.raises(ValueError, match=r"unknown card generation '4\.0': one of 1\.0, 2\.0, 3\.0"):
        card_layout("4.0")
    with pytest.raises(KeyError):
        card_layout("2.0").directory("DF08")


def test_layouts_are_read_once() -> None:
    assert card_layout("2.0") is card_layout("2.0")
    assert card_layout("2.0", annex=True) is card_layout("2.0", annex=True)


def test_importing_reads_no_data() -> None:
    code = (
        "import tomllib\n"
        "def refuse(text): raise AssertionError('parsed at import')\n"
        "tomllib.loads = refuse\n"
        "import shebaoka.spec.check, shebaoka.spec.extensions, shebaoka.spec.status_words\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_classes_of_the_preset_files() -> None:
    kinds = [file.kind for file in _files(card_layout("2.0")).values()]
    assert [kinds.count(kind) for kind in FileClass] == [26, 6, 5]


def _files(layout: CardLayout) -> dict[str, FileLayout]:
    return {f"{d.id} {f.id}": f for d in layout.directories for f in d.files}


def _lines(listing: str) -> list[tuple[str, str]]:
    lines = [line for line in listing.strip().split("\n") if line]
    return [(line[:9], re.sub(" +", " ", line[9:].strip())) for line in lines]


def _notation(items: tuple[Item, ...]) -> str:
    words = []
    for item in items:
        tag = f"{item.tag:02X}" if item.tag else "-"
        times = f"x{item.count}" if item.count > 1 else ""
        kind = "B" if item.type is ItemType.BTLV else str(item.type)
        words.append(f"{tag}{times} {kind}{item.length:X}")
        if item.children:
            words.append("{ " + _notation(item.children) + " }")
    return " ".join(words)
