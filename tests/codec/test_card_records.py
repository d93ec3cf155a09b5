"""Records of the fixture card through the real layout."""

import pytest

from shebaoka.codec.items import Value, decode_record, encode_cyclic, encode_record
from shebaoka.domain import card_number, identification_code
from shebaoka.domain.institution import Institution
from shebaoka.spec.layouts import card_layout
from shebaoka.spec.model import FileLayout

LAYOUT = card_layout("2.0")


def file(directory: str, fid: int) -> FileLayout:
    found = LAYOUT.directory(directory).file(fid)
    assert found is not None
    return found


ISSUER: list[tuple[Value, str]] = [
    (identification_code.build("650100", 1).encode(), "0110650100D15600000500000001FFFFFFFF"),
    ("3", "020133"),
    ("2.00", "0304322E3030"),
    (Institution("650100", "650100", 1).digits, "040C915600000265010065010001"),
    ("20200101", "050420200101"),
    ("20300101", "060420300101"),
    (card_number.card_number("A0000001"), "0709413030303030303131"),
]
HOLDER: list[tuple[Value, str]] = [
    ("999999199001010016", "0812393939393939313939303031303130303136"),
    ("测试", "091EB2E2CAD4" + "00" * 26),
    ("", "4E14" + "00" * 20),
    ("1", "0A0131"),
    ("01", "0B0101"),
    ("650100", "0C03650100"),
    ("19900101", "0D0419900101"),
]


@pytest.mark.parametrize(("fid", "records"), [(0xEF05, ISSUER), (0xEF06, HOLDER)], ids=["EF05", "EF06"])
def test_records_of_the_environment(fid: int, records: list[tuple[Value, str]]) -> None:
    layout = file("SSSE", fid)
    for item, (value, raw) in zip(layout.items, records, strict=True):
        assert encode_record(item, value) == bytes.fromhex(raw)
        found, decoded = decode_record(layout, bytes.fromhex(raw))
        assert found is item
        assert decoded == (value.hex().upper() if isinstance(value, bytes) else value)


def test_c05_length_of_the_holder_file() -> None:
    assert sum(len(bytes.fromhex(raw)) for _, raw in HOLDER) == 91


@pytest.mark.parametrize(
    ("directory", "fid", "length"),
    [("DF02", 0xEF07, 0x55), ("DF02", 0xEF16, 0x12), ("DF04", 0xEF08, 0x1C), ("DF04", 0xEF15, 0x03)],
    ids=["C22 employment record", "support policy", "C23 medical log", "special settlement"],
)
def test_length_of_an_empty_cyclic_record(directory: str, fid: int, length: int) -> None:
    assert len(encode_cyclic(file(directory, fid), {})) == length
