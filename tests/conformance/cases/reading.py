"""C: reading."""

from conformance.harness import Session, case

CODE = "0110650100D15600000500000001FFFFFFFF"
RECORD_A, RECORD_B = ("31" * 7 + start + "20231231" + "41" * 70 for start in ("20190101", "20210101"))


@case("C01", "RD", pcsc=True)
def record_by_tag(s: Session) -> None:
    s.sel()
    s.ef("EF05")
    s.expect("00B2010012", CODE + "9000")


@case("C02", "P5 T32", pcsc=True)
def record_by_number(s: Session) -> None:
    s.sel()
    s.ef("EF05")
    s.expect("00B2010412", CODE + "9000")


@case("C03", "P5 T32", pcsc=True)
def record_by_short_file_identifier(s: Session) -> None:
    s.sel()
    s.expect("00B2012C12", CODE + "9000")


@case("C05", "RD", pcsc=True)
def all_records(s: Session) -> None:
    s.sel()
    s.ef("EF06")
    data = s.expect("00B201055B", "...9000")
    assert len(data) == 2 * 91
    assert data.startswith("0812393939393939313939303031303130303136091EB2E2CAD4")


@case("C06", "P5 T32", pcsc=True)
def records_backwards(s: Session) -> None:
    s.sel()
    s.ef("EF05")
    data = s.expect("00B2010640", "...9000")
    assert len(data) == 2 * 64
    assert data.startswith("0709413030303030303131")
    assert data.endswith(CODE)


@case("C07", "P5 §6.10.4", pcsc=True)
def le_00_gives_the_length(s: Session) -> None:
    s.sel()
    s.ef("EF05")
    assert s.raw("00B2070000") == "6C0B"


@case("C09", "P5 T33", pcsc=True)
def unknown_tag(s: Session) -> None:
    s.sel()
    s.ef("EF05")
    s.expect("00B2990000", "6A83")


@case("C10", "P5 T33", pcsc=True)
def no_current_file(s: Session) -> None:
    s.sel()
    s.expect("00B2010412", "6986")


@case("C11", "P5 T33", pcsc=True)
def absent_short_file_identifier(s: Session) -> None:
    s.sel()
    s.expect("00B201EC00", "6A82")


@case("C13", "P5 §6.9", pcsc=True)
def fingerprint_with_its_key(s: Session) -> None:
    s.sel()
    s.expect("00B0870010", "6982")
    s.ea("0A", "RKSSSE")
    assert len(s.expect("00B0870010", "...9000")) == 32


@case("C14", "P5 T30", pcsc=True)
def binary_read_of_a_record_file(s: Session) -> None:
    s.sel()
    s.ef("EF05")
    s.expect("00B0000010", "6981")


@case("C15", "P5 §6.9.4", pcsc=True)
def binary_read_with_le_00(s: Session) -> None:
    s.df("DF01")
    s.ef("EF16")
    assert len(s.expect("00B0000000", "...9000")) == 512


@case("C16", "P5 §6.9.4", pcsc=True)
def binary_read_of_the_rest(s: Session) -> None:
    s.df("DF01")
    s.ef("EF16")
    assert len(s.expect("00B0010000", "...9000")) == 80


@case("C17", "P5 T30", pcsc=True)
def offset_beyond_the_file(s: Session) -> None:
    s.df("DF01")
    s.ef("EF16")
    s.expect("00B0020000", "6B00")


@case("C18", "P5 T30", pcsc=True)
def length_beyond_the_file(s: Session) -> None:
    s.df("DF01")
    s.ef("EF16")
    assert s.raw("00B0012030") == "6C08"


@case("C19", "P5 T32 mode 2/3", pcsc=True)
def next_and_previous_by_tag(s: Session) -> None:
    s.df("DF01")
    s.pin()
    s.ea("89", "UK6DF01")
    s.ef("EF15")
    records = [f"4034 5703{n:02X}3131 5803202001 5928" + "41" * 40 for n in (0x31, 0x32, 0x33)]
    for number, record in enumerate(records, start=2):
        s.expect(f"00DC{number:02X}AC36{record}", "9000")
    s.ef("EF15")
    forward = [s.expect("00B2400236", "4034...9000") for _ in records]
    assert [r.replace(" ", "") for r in records] == forward
    s.expect("00B2400236", "6A83")
    backward = [s.expect("00B2400336", "4034...9000") for _ in records[1:]]
    assert backward == forward[-2::-1]
    s.expect("00B2400336", "6A83")


def employment(s: Session, *records: str) -> None:
    """DF02 with employment records appended."""
    s.df("DF02")
    s.pin()
    s.ea("85", "UK3DF02")
    for record in records:
        s.expect("00DC003B55" + record, "9000")


@case("C21", "P3 §5.3.2", pcsc=True)
def newest_record_first(s: Session) -> None:
    employment(s, RECORD_A, RECORD_B)
    s.expect("00B2013C55", RECORD_B + "9000")
    s.expect("00B2023C55", RECORD_A + "9000")


@case("C22", "V2 T9", pcsc=True)
def length_of_an_employment_record(s: Session) -> None:
    employment(s, RECORD_A)
    assert s.raw("00B2013C00") == "6C55"


@case("C23", "V2 T9")
def length_of_a_log_record(s: Session) -> None:
    from conformance.cases.medical import load

    s.df("DF04")
    s.pin()
    load(s, "00002710")
    assert s.raw("00B2014400") == "6C1C"


@case("C25", "P5 T31", pcsc=True)
def record_number_ff(s: Session) -> None:
    s.sel()
    s.ef("EF05")
    s.expect("00B2FF0400", "6A86")
