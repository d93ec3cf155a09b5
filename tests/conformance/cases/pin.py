"""D: PIN."""

from conformance.harness import Session, case

WRONG = "000000"
ASK = "0020000000"


def wrong(s: Session, *left: int) -> None:
    for tries in left:
        s.pin(WRONG, f"63C{tries:X}")


def set_pin(s: Session, digits: str) -> None:
    """CHANGE PIN from 123456."""
    s.expect(f"805E0100{4 + len(digits) // 2:02X}123456FF{digits}", "9000")


@case("D01", "P5 §6.14, RD", pcsc=True)
def right_pin(s: Session) -> None:
    s.sel()
    s.expect("0020000003123456", "9000")


@case("D02", "P5 §6.14.5", pcsc=True)
def is_there_a_pin(s: Session) -> None:
    s.sel()
    s.all((ASK, "63C6"), (ASK, "63C6"))
    wrong(s, 5)


@case("D03", "P5 §6.14.5", pcsc=True)
def is_there_a_pin_after_a_failure(s: Session) -> None:
    s.sel()
    wrong(s, 5)
    s.expect(ASK, "63C5")


@case("D05", "P7 §5.8", pcsc=True)
def right_pin_restores_the_counter(s: Session) -> None:
    s.sel()
    wrong(s, 5, 4, 3, 2, 1)
    s.pin()
    s.expect(ASK, "63C6")


@case("D06", "P7 §5.8", pcsc=True)
def six_failures_lock(s: Session) -> None:
    s.sel()
    wrong(s, 5, 4, 3, 2, 1, 0)
    s.pin(pattern="6983")
    s.reset()
    s.sel()
    s.pin(pattern="6983")


@case("D07", "P5 §6.14.5", pcsc=True)
def is_there_a_pin_when_locked(s: Session) -> None:
    s.sel()
    wrong(s, 5, 4, 3, 2, 1, 0)
    s.expect(ASK, "63C0")


@case("D09", "P5 §6.14.5 (K23)", pcsc=True)
def pin_given_where_none_is_set(s: Session) -> None:
    s.sel()
    s.expect("805E010004123456FF", "9000")
    s.pin(pattern="63C5")


@case("D10", "P5 T46", pcsc=True)
def pin_too_short(s: Session) -> None:
    s.sel()
    s.expect("002000000112", "6700")
    s.expect(ASK, "63C6")


@case("D11", "P5 T46", pcsc=True)
def pin_too_long(s: Session) -> None:
    s.sel()
    s.expect("0020000009123456789012345678", "6700")
    s.expect(ASK, "63C6")


@case("D13", "P5 §6.3.1", pcsc=True)
def odd_number_of_digits(s: Session) -> None:
    s.sel()
    set_pin(s, "12345F")
    s.expect("002000000312345F", "9000")


@case("D14", "P7 §5.8", pcsc=True)
def reset_forgets_the_pin(s: Session) -> None:
    s.df("DF01")
    s.pin()
    s.expect("00B2012C04", "2002...9000")
    s.reset()
    s.df("DF01")
    s.expect("00B2012C04", "6982")


@case("D15", "P7 §5.8 (K21)", pcsc=True)
def pin_holds_in_every_application(s: Session) -> None:
    s.df("DF01")
    s.pin()
    s.df("DF04")
    s.expect("00B2012C0A", "8108...9000")


@case("D17", "P5 §6.3", pcsc=True)
def changing_the_pin_restores_the_counter(s: Session) -> None:
    s.sel()
    wrong(s, 5, 4, 3)
    set_pin(s, "654321")
    s.expect(ASK, "63C6")
    s.pin("654321")


@case("D18", "P5 §6.3", pcsc=True)
def wrong_old_pin(s: Session) -> None:
    s.sel()
    s.expect("805E010007000000FF654321", "63C5")
    s.expect(ASK, "63C5")
    s.pin()


@case("D19", "P5 §6.3", pcsc=True)
def changing_a_locked_pin(s: Session) -> None:
    s.sel()
    wrong(s, 5, 4, 3, 2, 1, 0)
    s.expect("805E010007123456FF654321", "6983")


@case("D21", "P5 §6.3.3", pcsc=True)
def removing_the_pin(s: Session) -> None:
    s.sel()
    s.expect("805E010004123456FF", "9000")
    s.expect(ASK, "9000")


@case("D22", "P5 §6.3.1", pcsc=True)
def new_pin_of_three_digits(s: Session) -> None:
    s.sel()
    s.expect("805E010006123456FF123F", "6A80")
    s.pin()


@case("D23", "P5 T12", pcsc=True)
def no_separator(s: Session) -> None:
    s.sel()
    s.expect("805E010006123456654321", "6A80")
    s.pin()


@case("D25", "P5 T12", pcsc=True)
def change_pin_with_p1_00(s: Session) -> None:
    s.sel()
    s.expect("805E000007123456FF654321", "6A86")


@case("D26", "P5 §6.3 (K26)", pcsc=True)
def separator_after_a_filled_digit(s: Session) -> None:
    s.sel()
    set_pin(s, "12345F")
    s.expect("805E01000712345FFF654321", "9000")
    s.pin("654321")


@case("D27", "P5 T10", pcsc=True)
def sixteen_digits(s: Session) -> None:
    s.sel()
    set_pin(s, "1234567890123456")
    s.expect("805E0100111234567890123456FF6543210987654321", "9000")
    s.pin("6543210987654321")
