"""The key catalogue against Part 9 T B1 and the contract of the generations."""

import pytest

from shebaoka.spec.keys import key_catalogue, key_entry, psam_master_keys
from shebaoka.spec.model import KeyRole, Scope

KEYS_2_0 = """
SSSE IRK STK UKSSSE RKSSSE BK PUK
DF01 STKDF01 RK1DF01 UK1DF01 UK2DF01 UK3DF01 UK4DF01 UK5DF01 UK6DF01 UK7DF01 UK8DF01 UK9DF01 UKADF01 UKBDF01
DF02 STKDF02 RK1DF02 UK1DF02 UK2DF02 UK3DF02 UK4DF02 UK5DF02 UK6DF02
DF03 STKDF03 LKDF03 RK1DF03 RK2DF03 UK1DF03 UK2DF03 UK3DF03 UK4DF03 UK5DF03 UK6DF03 UK7DF03 UK8DF03
DF04 STKDF04 LKDF04 RK1DF04 UK1DF04 UK2DF04 DSK DLK DPK DTK
DF07 STKDF07 RK1DF07 RK2DF07 RK3DF07 UK1DF07 UK2DF07 UK3DF07
"""

KEYS_1_0 = """
SSSE IRK STK UKSSSE BK PUK
DF01 STKDF01 UK1DF01 UK2DF01 UK3DF01 UK4DF01 UK5DF01
DF02 STKDF02 UK1DF02 UK2DF02 UK3DF02
DF03 STKDF03 LKDF03 RK1DF03 RK2DF03 RK3DF03 RK4DF03 RK5DF03 UK1DF03 UK2DF03 UK3DF03 UK4DF03 UK5DF03 UK6DF03
DF04 STKDF04 LKDF04 RK1DF04 UK1DF04 UK2DF04 UK3DF04 DSK DLK DPK DTK
"""

# Part 9 T B1: identifier, versions, length, PSAM usage and identifier ("-" where the province decides).
TABLE_B1 = """
IRK 00 3 16 67 08
PUK 06 - - - -
STK 02 1 8 26 09
STKDF01 82 1 8 26 20
STKDF02 82 1 8 26 21
STKDF03 82 1 8 26 22
STKDF04 82 1 8 26 23
BK 05 - - - -
LKDF03 83 - - - -
LKDF04 83 - - - -
UKSSSE 04 - - - -
UK1DF01 83 - - - -
UK2DF01 84 - - - -
UK3DF01 85 3 16 27 24
UK4DF01 86 3 16 27 25
UK5DF01 87 - - - -
UK1DF02 83 3 16 27 26
UK2DF02 84 - - - -
UK3DF02 85 - - - -
UK4DF02 86 3 16 27 27
UK5DF02 87 3 16 27 28
UK1DF03 86 - - - -
UK2DF03 87 3 16 27 29
UK3DF03 88 - - - -
UK1DF04 85 - - - -
UK2DF04 86 3 16 27 2A
RK1DF03 84 3 16 67 2B
RK2DF03 85 3 16 67 2C
RK1DF04 84 3 16 67 2D
"""

# Decision K11: numbers the texts leave open.
OPEN_IDENTIFIERS = {
    "RKSSSE": 0x0A, "RK1DF01": 0x88, "UK6DF01": 0x89, "UK7DF01": 0x8A, "UK8DF01": 0x8B, "UK9DF01": 0x8C,
    "UKADF01": 0x8D, "UKBDF01": 0x8E, "RK1DF02": 0x88, "UK6DF02": 0x89, "UK4DF03": 0x89, "UK5DF03": 0x8A,
    "UK6DF03": 0x8B, "UK7DF03": 0x8C, "UK8DF03": 0x8D, "STKDF07": 0x82, "RK1DF07": 0x83, "RK2DF07": 0x84,
    "RK3DF07": 0x85, "UK1DF07": 0x86, "UK2DF07": 0x87, "UK3DF07": 0x88, "DSK": 0x89, "DLK": 1, "DPK": 1,
    "DTK": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("generation", "listing", "count"), [("1.0", KEYS_1_0, 38), ("2.0", KEYS_2_0, 55), ("3.0", KEYS_2_0, 55)]
)
def test_keys_of_a_generation(generation: str, listing: str, count: int) -> None:
    expected = {line.split()[0]: set(line.split()[1:]) for line in listing.strip().split("\n")}
    keys = key_catalogue(generation)
    assert len(keys) == count
    assert {d: {key.name for key in keys if key.directory == d} for d in expected} == expected


@pytest.mark.parametrize("line", TABLE_B1.strip().split("\n"))
def test_table_b1(line: str) -> None:
    name, identifier, versions, length, usage, psam_id = line.split()
    key = key_entry(name)
    assert key.identifier == int(identifier, 16)
    if usage == "-":
        assert (key.scope, key.length, key.versions) == (Scope.PROVINCE, 16, 1)
        assert key.psam_id in range(0x10, 0x18) if key.directory == "SSSE" else range(0x40, 0x80)
    else:
        assert (key.versions, key.length, key.scope) == (int(versions), int(length), Scope.NATION)
        assert (key.psam_type, key.psam_id) == (int(usage, 16) & 0x1F, int(psam_id, 16))


@pytest.mark.parametrize(("name", "identifier"), OPEN_IDENTIFIERS.items())
def test_identifiers_by_decision(name: str, identifier: int | None) -> None:
    assert key_entry(name).identifier == identifier


def test_purchase_key_is_chosen_by_version_in_the_psam() -> None:
    key = key_entry("DPK")
    assert (key.role, key.psam_type, key.psam_id, key.versions) == (KeyRole.PURCHASE, 2, 1, 3)
    assert [name for name in ("DSK", "DLK", "DTK") if key_entry(name).psam_id is not None] == []


def test_controls_come_from_the_layout_of_the_generation() -> None:
    assert key_entry("UK4DF03", "1.0").controls == ("DF03/EF08",)
    assert key_entry("UK4DF03", "2.0").controls == ("DF03/EF15",)
    assert key_entry("RKSSSE", "2.0").controls == ("SSSE/EF07", "SSSE/EF08")
    assert key_entry("RKSSSE", "3.0").controls == ("SSSE/EF06", "SSSE/EF07", "SSSE/EF08")
    assert key_entry("UK2DF01", "1.0").controls == ("DF01/EF07", "DF01/EF09")
    assert key_entry("PUK").controls == ("PIN CHANGE/UNBLOCK",)
    assert key_entry("UK1DF01").use.zh == "更新：户籍信息文件"


def test_old_name_and_unknown_name() -> None:
    assert key_entry("UKMF", "1.0").name == "UKSSSE"
    with pytest.raises(KeyError, match=r"RKSSSE is no key of a 1\.0 card"):
        key_entry("RKSSSE", "1.0")
    with pytest.raises(ValueError, match="unknown card generation"):
        key_catalogue("9")


def test_annex_keys() -> None:
    names = {key.name for key in key_catalogue("2.0", annex=True)} - {
        key.name for key in key_catalogue("2.0")
    }
    assert names == {"STKDF05", "UK1DF05", "STKDF06", "LKDF06", "RK1DF06", "UK1DF06", "UK2DF06"}


def test_psam_keys() -> None:
    keys = {key.name: key for key in psam_master_keys()}
    assert list(keys) == ["MF-MK", "DDF-MK", "ADF-MK", "KID-01", "KID-02", "KID-03"]
    assert [keys[f"KID-0{n}"].identifier for n in (1, 2, 3)] == [1, 2, 3]
    assert [keys[f"KID-0{n}"].scope for n in (1, 2, 3)] == [Scope.NATION, Scope.PROVINCE, Scope.CITY]
    assert keys["ADF-MK"].identifier is None
