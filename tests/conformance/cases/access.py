"""F: access conditions."""

from conformance.cases.pin import ASK
from conformance.harness import Session, case


def readable(s: Session, *files: str) -> None:
    """Record 1 of each file can be read (Le 00 gives its length, then the record)."""
    for fid in files:
        _read(s, fid, True)


def refused(s: Session, *files: str) -> None:
    """Record 1 of each file is refused with 6982."""
    for fid in files:
        _read(s, fid, False)


def _read(s: Session, fid: str, allowed: bool) -> None:
    p2 = int(fid[2:], 16) << 3 | 4
    answer = s.raw(f"00B201{p2:02X}00")
    if not allowed:
        assert answer == "6982", "\n".join(s.log)
        return
    assert answer[:2] == "6C", "\n".join(s.log)
    s.expect(f"00B201{p2:02X}{answer[2:4]}", "...9000")


@case("F01", "V2 T3", pcsc=True)
def environment_is_free(s: Session) -> None:
    s.sel()
    readable(s, "EF05", "EF06")


@case("F02", "RD", fixture="card-3.0", pcsc=True)
def holder_data_of_a_3_0_card(s: Session) -> None:
    s.sel()
    readable(s, "EF05")
    refused(s, "EF06")


@case("F03", "RD", fixture="card-3.0", pcsc=True)
def holder_data_with_its_key(s: Session) -> None:
    s.sel()
    s.ea("0A", "RKSSSE")
    readable(s, "EF06")


@case("F05", "P6 T4", variants="D", fixture="card-1.0", pcsc=True)
def fingerprint_of_a_1_0_card_is_free(s: Session) -> None:
    s.sel()
    s.expect("00B0870010", "...9000")


@case("F06", "V2 T4", pcsc=True)
def household_without_proof(s: Session) -> None:
    s.df("DF01")
    refused(s, "EF05")


@case("F07", "V2 T4", pcsc=True)
def household_with_the_pin(s: Session) -> None:
    s.df("DF01")
    s.pin()
    readable(s, "EF05")


@case("F09", "P6 T5", variants="D", fixture="card-1.0", pcsc=True)
def an_update_key_reads_its_own_file(s: Session) -> None:
    s.df("DF01")
    s.ea("84", "UK2DF01")
    readable(s, "EF07")
    refused(s, "EF05")


@case("F10", "P6 T7", variants="D", fixture="card-1.0", pcsc=True)
def unemployment_needs_more_than_the_pin(s: Session) -> None:
    s.df("DF03")
    s.pin()
    refused(s, "EF05")


@case("F11", "P6 T7", variants="D", fixture="card-1.0", pcsc=True)
def unemployment_with_pin_and_key(s: Session) -> None:
    s.df("DF03")
    s.pin()
    s.ea("85", "RK2DF03")
    readable(s, "EF05")
    s.reset()
    s.df("DF03")
    s.ea("85", "RK2DF03")
    refused(s, "EF05")
    s.pin()
    readable(s, "EF05")


@case("F13", "V2 T6", pcsc=True)
def each_read_key_opens_its_files(s: Session) -> None:
    s.df("DF03")
    s.ea("84", "RK1DF03")
    refused(s, "EF05")
    readable(s, "EF06")


@case("F14", "V2 T7", pcsc=True)
def settlement_needs_pin_and_key(s: Session) -> None:
    s.df("DF04")
    s.pin()
    refused(s, "EF06")
    s.reset()
    s.df("DF04")
    s.ea("84", "RK1DF04")
    refused(s, "EF06")
    s.pin()
    readable(s, "EF06")


@case("F15", "V2 T7", pcsc=True)
def the_log_is_never_writable(s: Session) -> None:
    s.df("DF04")
    s.pin()
    for id_, name in (("84", "RK1DF04"), ("85", "UK1DF04"), ("86", "UK2DF04"), ("89", "DSK")):
        s.ea(id_, name)
        s.expect("00DC00431C" + "00" * 28, "6982")


@case("F17", "V2 T8", pcsc=True)
def honours_are_not_read_by_pin(s: Session) -> None:
    s.df("DF07")
    s.pin()
    refused(s, "EF05")


@case("F18", "V2 T8", pcsc=True)
def experts_need_their_own_key(s: Session) -> None:
    s.df("DF07")
    s.ea("83", "RK1DF07")
    readable(s, "EF05")
    refused(s, "EF06")


@case("F19", "K22", pcsc=True)
def without_a_pin_the_condition_holds(s: Session) -> None:
    s.sel()
    s.expect("805E010004123456FF", "9000")
    s.reset()
    s.df("DF01")
    s.expect(ASK, "9000")
    readable(s, "EF05")
