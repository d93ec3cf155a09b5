"""G: writing."""

import contextlib

from conformance.cases.reading import employment
from conformance.harness import Session, case
from shebaoka.reader.base import ReaderError

MARRIED = "00DC013C 03 290131"
READ_BACK = "00B2013C03"


def personal_status(s: Session) -> None:
    """DF01 with PIN (to read back) and UK2DF01."""
    s.df("DF01")
    s.pin()
    s.ea("84", "UK2DF01")


@case("G01", "P5 §6.13", pcsc=True)
def update_a_record(s: Session) -> None:
    personal_status(s)
    s.all((MARRIED, "9000"), (READ_BACK, "290131 9000"))


@case("G02", "P5 §6.13", pcsc=True)
def update_without_authentication(s: Session) -> None:
    s.df("DF01")
    s.expect(MARRIED, "6982")
    s.pin()
    s.expect(MARRIED, "6982")
    s.expect(READ_BACK, "290100 9000")


@case("G03", "P5 §6.13", pcsc=True)
def update_with_another_key(s: Session) -> None:
    s.df("DF01")
    s.ea("83", "UK1DF01")
    s.expect(MARRIED, "6982")


@case("G05", "P5 T45 (K37)", pcsc=True)
def length_byte_too_big(s: Session) -> None:
    personal_status(s)
    s.all(("00DC013C 03 290231", "6A85"), (READ_BACK, "290100 9000"))


@case("G06", "P5 T45 (K94)", pcsc=True)
def another_tag(s: Session) -> None:
    personal_status(s)
    s.all(("00DC013C 03 2A0131", "6A85"), (READ_BACK, "290100 9000"))


@case("G07", "P5 §6.13.1", pcsc=True)
def append_a_record(s: Session) -> None:
    injury(s)
    s.all(("00DC06BC 04 E0023132", "9000"), ("00B206BC04", "E0023132 9000"), ("00B207BC00", "6A83"))


def injury(s: Session) -> None:
    """DF03 with UK6DF03 for EF17, whose five items are five records."""
    s.df("DF03")
    s.pin()
    s.ea("8B", "UK6DF03")
    s.expect("00B206BC00", "6A83")


@case("G09", "P5 T45", pcsc=True)
def append_to_a_full_file(s: Session) -> None:
    injury(s)
    for number in range(6, 60):
        answer = s.send(f"00DC{number:02X}BC 22 {number + 0x80:02X}20" + "41" * 32)
        if answer != "9000":
            break
    assert answer == "6A84"
    s.expect(f"00B2{number:02X}BC00", "6A83")


@case("G10", "P5 §6.13.1 (K38)", pcsc=True)
def append_to_a_cyclic_file(s: Session) -> None:
    record = "32" * 7 + "20200101" + "20201231" + "42" * 70
    employment(s, record)
    s.expect("00B2013C55", record + "9000")


@case("G11", "V2 §8.3.3", pcsc=True)
def the_oldest_record_goes(s: Session) -> None:
    records = [f"{0x31 + n:02X}" * 85 for n in range(5)]
    employment(s, *records)
    for number, record in enumerate(records[:0:-1], start=1):
        s.expect(f"00B2{number:02X}3C55", record + "9000")
    s.expect("00B2053C00", "6A83")


@case("G13", "P5 §6.12", pcsc=True)
def update_binary(s: Session) -> None:
    s.df("DF01")
    s.ea("8A", "UK7DF01")
    s.ef("EF16")
    s.all(("00D6000010" + "5A" * 16, "9000"), ("00B0000011", "5A" * 16 + "00 9000"))


@case("G14", "P5 T42", pcsc=True)
def update_beyond_the_file(s: Session) -> None:
    s.df("DF01")
    s.ea("8A", "UK7DF01")
    s.ef("EF16")
    s.all(("00D6020001" + "5A", "6B00"), ("00D6012801" + "5A", "6B00"))


@case("G15", "P5 T42", pcsc=True)
def update_binary_of_a_record_file(s: Session) -> None:
    personal_status(s)
    s.ef("EF07")
    s.expect("00D60000015A", "6981")


def secured(s: Session) -> str:
    """UPDATE RECORD with MAC by STKDF01, in hex."""
    personal_status(s)
    return s.secure("STKDF01", "04DC013C", "290131").hex()


@case("G17", "P4 §8, K39, KAT")
def wrong_mac(s: Session) -> None:
    command = secured(s)
    flipped = f"{int(command, 16) ^ 1:0{len(command)}x}"
    s.all((flipped, "6988"), (READ_BACK, "290100 9000"))
    right = s.secure("STKDF01", "04DC013C", "290131")
    assert right.hex().upper() == s.kat("04DC013C0729013168975ECC", "04DC013C072901317F7EF70A")
    s.all((right, "9000"), (READ_BACK, "290131 9000"))


@case("G18", "P4 §8, K39, KAT", pcsc=True)
def missing_mac(s: Session) -> None:
    personal_status(s)
    s.ch()
    s.all(("04DC013C 03 290131", "6987|6988"), (READ_BACK, "290100 9000"))


@case("G19", "P4 §8, K39, KAT", pcsc=True)
def mac_without_challenge(s: Session) -> None:
    personal_status(s)
    s.all(("04DC013C 07 290131 00000000", "6984"), (READ_BACK, "290100 9000"))


@case("G21", "P7 §14")
def power_cut_during_update(s: Session) -> None:
    seen = set()
    for write in range(1, 20):
        personal_status(s)
        s.all(("00DC013C 03 290131", "9000"))
        s.reader.controls.tear(write)
        done = False
        with contextlib.suppress(ReaderError):
            done = s.send("00DC013C 03 290132") == "9000"
        s.reset()
        s.df("DF01")
        s.pin()
        record = s.expect(READ_BACK, "2901.. 9000")
        seen.add(record)
        assert record in ("290131", "290132"), record
        if done:
            assert record == "290132"
            break
    assert done
    assert "290131" in seen
