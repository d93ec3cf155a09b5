"""H: PIN reload and unblock. I: blocking of application and card."""

import conformance.formulas as f
from conformance.cases.pin import ASK, wrong
from conformance.harness import SEL, Session, case

RELOAD = ("842400010C6888E783A71449CE80A9013A", "84240001148A4145BF3CF84E7103704877D10E74E64321947F")
RELOAD_16 = (
    "842400011407EBED01C08233646E563A4D6C40C56CC9C8C722",
    "8424000114FB47E3E72FFFC1BD580AE76C4BD8AAE467BD1BE6",
)
UNBLOCK = ("8424000004" + "18124A19", "8424000004" + "B5953B60")
CARD_BLOCK = ("8416000004E99B7E5C", "8416000004AA286879")
APPLICATION_BLOCK = ("841E0001044DF2A19D", "841E00010450D578D2")
CHALLENGE = "3132333435363738"


def unblocker(s: Session) -> None:
    """SSSE, PUK proven, scripted challenge."""
    s.sel()
    s.ea("06", "PUK")
    s.ch(CHALLENGE)


@case("H01", "P5 §6.8, RD, KAT")
def reload_the_pin(s: Session) -> None:
    s.sel()
    wrong(s, 5)
    unblocker(s)
    s.all((s.kat(*RELOAD), "9000"), (ASK, "63C6"))
    s.pin("654321")


@case("H02", "P5 §6.8, RD, KAT")
def unblock_the_pin(s: Session) -> None:
    s.sel()
    wrong(s, 5, 4, 3, 2, 1, 0)
    unblocker(s)
    s.expect(s.kat(*UNBLOCK), "9000")
    s.pin()


@case("H03", "P7 §13")
def reload_without_the_unblock_key(s: Session) -> None:
    s.sel()
    s.ch(CHALLENGE)
    s.expect(s.kat(*RELOAD), "6982")
    s.pin()


@case("H05", "K20", pcsc=True)
def wrong_macs_lock_the_unblock_key(s: Session) -> None:
    s.sel()
    s.ea("06", "PUK")
    for _ in range(3):
        s.ch(CHALLENGE)
        s.expect("8424000004 00000000", "6988")
    s.ea("06", "PUK", pattern="6983")
    s.pin()


@case("H06", "P5 T26", pcsc=True)
def unblock_with_pin_data(s: Session) -> None:
    unblocker(s)
    s.expect("842400000C" + "00" * 12, "6700")


@case("H07", "P5 T26", pcsc=True)
def reload_without_pin_data(s: Session) -> None:
    unblocker(s)
    s.expect("8424000104" + "00" * 4, "6700")


@case("H09", "KAT")
def reload_sixteen_digits(s: Session) -> None:
    unblocker(s)
    s.expect(s.kat(*RELOAD_16), "9000")
    s.pin("1234567890123456")


@case("H10", "P5 §6.8.3 (K7)", pcsc=True)
def reload_nothing(s: Session) -> None:
    s.sel()
    s.ea("06", "PUK")
    challenge = s.ch(CHALLENGE)
    s.expect(f.pin_reload(s.v, f.card_key(s.v, "STK"), challenge, b""), "9000")
    s.expect(ASK, "9000")


@case("H11", "K18")
def reload_twice_with_one_challenge(s: Session) -> None:
    unblocker(s)
    s.all((s.kat(*RELOAD), "9000"), (s.kat(*RELOAD), "6984"))
    s.ch(CHALLENGE)
    s.expect(s.kat(*RELOAD), "6982")
    s.ea("06", "PUK")
    s.all((s.kat(*RELOAD), "6984"))
    s.pin("654321")


def locker(s: Session) -> None:
    """DF04, LKDF04 proven, scripted challenge."""
    s.df("DF04")
    s.ea("83", "LKDF04")
    s.ch(CHALLENGE)


@case("I01", "P5 §6.1, KAT")
def block_an_application(s: Session) -> None:
    locker(s)
    s.expect(s.kat(*APPLICATION_BLOCK), "9000")


@case("I02", "P5 §6.1.1")
def select_a_blocked_application(s: Session) -> None:
    block_an_application(s)
    s.sel()
    s.expect("00A4040006D15600000503", "9303")
    s.reset()
    s.sel()
    s.expect("00A4040006D15600000503", "9303")


@case("I03", "P7 §13.2")
def nothing_works_in_a_blocked_application(s: Session) -> None:
    select_a_blocked_application(s)
    s.all(("00B2012C00", "9303"), ("0084000008", "9303"))
    s.expect("00A4040006D15600000500", "6F...9000")
    s.pin()
    s.expect("00B2012C04", "2002...9000")


@case("I05", "K27", pcsc=True)
def block_a_blocked_application(s: Session) -> None:
    s.df("DF04")
    s.ea("83", "LKDF04")
    s.expect(s.secure("STKDF04", "841E0001"), "9000")
    s.expect("841E000104 00000000", "9303")


@case("I06", "P7 §13")
def block_without_the_key(s: Session) -> None:
    s.df("DF04")
    s.ch(CHALLENGE)
    s.expect(s.kat(*APPLICATION_BLOCK), "6982")
    s.df("DF04")


@case("I07", "P5 T7", pcsc=True)
def wrong_macs_do_not_lock_blocking(s: Session) -> None:
    s.df("DF04")
    for _ in range(5):
        s.ea("83", "LKDF04")
        s.ch(CHALLENGE)
        s.expect("841E000104 00000000", "6988")
    s.ea("83", "LKDF04")
    s.expect(s.secure("STKDF04", "841E0001"), "9000")


@case("I09", "P5 §6.2, KAT")
def block_the_card(s: Session) -> None:
    s.sel()
    s.ea("05", "BK")
    s.ch(CHALLENGE)
    s.expect(s.kat(*CARD_BLOCK), "9000")


@case("I10", "P5 §6.2.1")
def a_blocked_card_does_nothing(s: Session) -> None:
    block_the_card(s)
    for _ in range(2):
        for command in ("0084000008", ASK, "00B2012C12", "0088000010" + "00" * 16, "00A4020002EF05"):
            assert s.raw(command) == "6A81"
        s.reset()


@case("I11", "P7 §13.1")
def a_blocked_card_selects_nothing(s: Session) -> None:
    block_the_card(s)
    assert s.raw(SEL) == "6A81"
