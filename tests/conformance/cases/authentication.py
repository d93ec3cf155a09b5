"""E: challenge and authentication."""

import conformance.formulas as f
from conformance.formulas import ORIGINAL
from conformance.harness import Session, case

INTERNAL = "0102030405060708 1112131415161718"


@case("E01", "P5 T17", pcsc=True)
def challenge_lengths(s: Session) -> None:
    s.sel()
    for length in (4, 8, 16):
        assert len(s.expect(f"00840000{length:02X}", "...9000")) == 2 * length


@case("E02", "P5 T18", pcsc=True)
def challenge_of_five(s: Session) -> None:
    s.sel()
    s.expect("0084000005", "6700")


@case("E03", "P5 T18", pcsc=True)
def challenge_with_p1_01(s: Session) -> None:
    s.sel()
    s.expect("0084010008", "6A86")


@case("E04", "P5 §6.7, KAT", pcsc=True)
def internal_authentication(s: Session) -> None:
    s.sel()
    s.expect("0088000010" + INTERNAL, s.kat("6A636EECAA444DAF", "C6367063B12E18CF") + "9000")


@case("E05", "P5 §6.7, KAT", pcsc=True)
def internal_authentication_version_1(s: Session) -> None:
    s.sel()
    s.expect("0088000011" + INTERNAL + "01", s.kat("6A636EECAA444DAF", "C6367063B12E18CF") + "9000")


@case("E06", "P5 §6.7, KAT", pcsc=True)
def internal_authentication_version_2(s: Session) -> None:
    s.sel()
    wanted = f.authentication(s.v, f.card_key(s.v, "IRK", 2), bytes.fromhex("0102030405060708"))
    s.expect("0088000011" + INTERNAL + "02", wanted.hex().upper() + "9000")


@case("E07", "P5 T23", pcsc=True)
def internal_authentication_absent_version(s: Session) -> None:
    s.sel()
    s.expect("0088000011" + INTERNAL + "09", "6A88")


@case("E09", "P5 T22", pcsc=True)
def internal_authentication_p2_01(s: Session) -> None:
    s.sel()
    s.expect("0088000110" + INTERNAL, "6A86")


@case("E10", "P5 §6.4, KAT")
def external_authentication(s: Session) -> None:
    s.df("DF01")
    s.ch("2122232425262728")
    s.expect(s.external("83", s.kat("99D7C3E766BF3EAF", "AA1B3CF4FB843D3D")), "9000")
    s.expect("00DC012C 04 20023031", "9000")


@case("E11", "P4 §8.4, KAT")
def challenge_of_four(s: Session) -> None:
    s.df("DF01")
    s.ch("21222324")
    s.expect(s.external("83", s.kat("F7CADF14FD8BBABE", "C05C8B0BE158BFBE")), "9000")


@case("E13", "P7 §6.6", pcsc=True)
def three_failures_lock_a_key(s: Session) -> None:
    s.df("DF01")
    for left in (2, 1, 0):
        s.bad_ea("83", f"63C{left}")
    s.ea("83", "UK1DF01", pattern="6983")


@case("E14", "P7 §6.6", pcsc=True)
def success_restores_the_tries(s: Session) -> None:
    s.df("DF01")
    s.bad_ea("83", "63C2")
    s.ea("83", "UK1DF01")
    s.expect("00DC012C 04 20023031", "9000")
    s.bad_ea("83", "63C2")
    s.expect("00DC012C 04 20023032", "6982")


@case("E15", "P5 T16 (K18)", pcsc=True)
def no_challenge(s: Session) -> None:
    s.df("DF01")
    s.expect(s.external("83", s.auth("UK1DF01", challenge=bytes(8))), "6984")


@case("E17", "K18", pcsc=True)
def a_challenge_serves_once(s: Session) -> None:
    s.df("DF01")
    s.bad_ea("83", "63C2")
    s.expect(s.external("83", s.auth("UK1DF01")), "6984")
    s.bad_ea("83", "63C1")


@case("E18", "RD", pcsc=True)
def the_latest_challenge_counts(s: Session) -> None:
    s.df("DF01")
    s.ch("3132333435363738")
    s.ea("83", "UK1DF01")


@case("E19", "RD", pcsc=True)
def an_earlier_challenge_fails(s: Session) -> None:
    s.df("DF01")
    first = s.ch("3132333435363738")
    s.ch("2122232425262728")
    s.expect(s.external("83", s.auth("UK1DF01", challenge=first)), "63C2")


@case("E21", "P5 §6.5.1", pcsc=True)
def a_challenge_belongs_to_its_application(s: Session) -> None:
    s.sel()
    s.ch()
    s.expect("00A4040006D15600000500", "6F...9000")
    s.expect(s.external("83", s.auth("UK1DF01")), "6984")


@case("E22", "P5 T16", pcsc=True)
def absent_key(s: Session) -> None:
    s.df("DF01")
    s.ch()
    s.expect(s.external("8F", "00" * 8), "6A88")
    s.bad_ea("83", "63C2")


@case("E23", "P5 T14", pcsc=True)
def reserved_identifier(s: Session) -> None:
    s.df("DF01")
    s.ch()
    s.expect(s.external("80", "00" * 8), "6A86|6A88")


@case("E25", "P5 §6.4.3", pcsc=True)
def second_version_of_a_key(s: Session) -> None:
    s.df("DF01")
    s.ea("83", "UK1DF01", version=2, tail="02")
    s.expect("00DC012C 04 20023031", "9000")


@case("E26", "K14", pcsc=True)
def no_version_means_the_lowest(s: Session) -> None:
    s.df("DF01")
    s.ea("83", "UK1DF01", version=2, pattern="63C2")


@case("E27", "RD", pcsc=True)
def read_key_of_the_environment(s: Session) -> None:
    s.sel()
    s.ea("0A", "RKSSSE")
    s.expect("00B0870010", "...9000")


@case("E29", "P4 §9.1", variants="S", pcsc=True)
def authentication_data_has_eight_bytes(s: Session) -> None:
    s.df("DF01")
    challenge = s.ch()
    key = f.session(s.v, f.card_key(s.v, "UK1DF01"), challenge)
    whole = f.encrypt(s.v, key, ORIGINAL.ljust(16, b"\x00"))
    s.expect(b"\x00\x82\x00\x83\x18" + whole + ORIGINAL, "6700")
    s.ea("83", "UK1DF01")


@case("E30", "P7 §13.1-13.2", pcsc=True)
def block_keys_never_lock(s: Session) -> None:
    s.sel()
    answers = set()
    for _ in range(5):
        s.ch()
        answers.add(s.send(s.external("05", "0BAD0BAD0BAD0BAD")))
    assert len(answers) == 1
    assert answers.pop().startswith("63C")
    s.ea("05", "BK")
