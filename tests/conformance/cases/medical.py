"""J: medical account of DF04."""

import contextlib

import conformance.formulas as f
from conformance.harness import Session, case
from shebaoka.reader.base import ReaderError

TERMINAL = "650100000001"
LOAD_RANDOM, PURCHASE_RANDOM = "A1B2C3D4", "B1B2B3B4"
LOAD_TIME, PURCHASE_TIME = "20160102030405", "20160103040506"
INIT_LOAD = "B02800010B 01 {amount} " + TERMINAL
CIA, SPIP, SPFP = "B026000104", "B026000206", "B026000306"
AMOUNTS = ("000003E8", "000001F4", "000007D0")

h = bytes.fromhex


def mac2_of_load(s: Session, amount: str, counter: str, time: str = LOAD_TIME, random: str = "") -> str:
    """MAC2 as the host makes it."""
    key = f.session(s.v, f.card_key(s.v, "DLK"), h((random or LOAD_RANDOM) + counter + "8000"))
    return f.mac(s.v, key, h(amount + "31" + TERMINAL + time)).hex().upper()


def mac1_of_purchase(
    s: Session, amounts: tuple[str, str, str], counter: str, sequence: str, time: str
) -> str:
    """MAC1 as the PSAM makes it."""
    key = f.session(s.v, f.card_key(s.v, "DPK"), h(PURCHASE_RANDOM + counter + sequence[4:]))
    return f.mac(s.v, key, h("".join(amounts) + "32" + TERMINAL + time)).hex().upper()


def begin(s: Session) -> None:
    """DF04 with the PIN verified."""
    s.df("DF04")
    s.pin()


def init_load(s: Session, amount: str = "00002710", pattern: str = "...9000") -> str:
    s.feed(LOAD_RANDOM)
    return s.expect(INIT_LOAD.format(amount=amount), pattern)


def load(s: Session, amount: str, time: str = LOAD_TIME) -> str:
    """A complete account load; gives the TAC."""
    counter = init_load(s, amount)[8:12]
    return s.expect(f"B02A00000B {time} {mac2_of_load(s, amount, counter, time)}", "...9000")


def init_purchase(s: Session, amounts: tuple[str, str, str] = AMOUNTS, pattern: str = "...9000") -> str:
    s.feed(PURCHASE_RANDOM)
    return s.expect(f"B028010113 01 {''.join(amounts)} {TERMINAL}", pattern)


def debit_command(
    s: Session,
    counter: str = "0001",
    amounts: tuple[str, str, str] = AMOUNTS,
    time: str = PURCHASE_TIME,
    sequence: str = "00000005",
) -> str:
    mac1 = mac1_of_purchase(s, amounts, counter, sequence, time)
    return f"B02C01000F {sequence} {time} {mac1}"


def purchase(s: Session, amounts: tuple[str, str, str] = AMOUNTS, time: str = PURCHASE_TIME) -> str:
    """A complete purchase; gives TAC ‖ MAC2."""
    counter = init_purchase(s, amounts)[28:32]
    return s.expect(debit_command(s, counter, amounts, time), "...9000")


def loaded(s: Session) -> None:
    """PIN, DF04, 100 yuan loaded."""
    begin(s)
    load(s, "00002710")


@case("J01", "P5 §7.3", pcsc=True)
def balance_without_the_pin(s: Session) -> None:
    s.df("DF04")
    s.expect(CIA, "6982")


@case("J02", "P5 §7.3", pcsc=True)
def balance(s: Session) -> None:
    begin(s)
    s.expect(CIA, "00000000 9000")


@case("J03", "P5 §7.3", pcsc=True)
def self_pay_of_the_year(s: Session) -> None:
    begin(s)
    s.expect(SPIP, "00000000 2016 9000")


@case("J05", "P5 §7.3", pcsc=True)
def unknown_balance(s: Session) -> None:
    begin(s)
    s.expect("B026000404", "6A86")


@case("J06", "P5 §7.3", pcsc=True)
def balance_with_wrong_le(s: Session) -> None:
    begin(s)
    assert s.raw("B026000105") in ("6700", "6C04")


@case("J07", "P5 §7.5, KAT")
def initialize_for_load(s: Session) -> None:
    begin(s)
    mac1 = s.kat("11B5BF04", "547D4AF2")
    init_load(s, pattern=f"00000000 0001 01 {s.v.fci:02X} {LOAD_RANDOM} {mac1} 9000")


@case("J09", "P5 T65", pcsc=True)
def initialize_for_load_with_p2_00(s: Session) -> None:
    begin(s)
    s.expect(f"B02800000B 01 00002710 {TERMINAL}", "6A86")


@case("J10", "P5 §7.1, KAT")
def credit_for_load(s: Session) -> None:
    begin(s)
    init_load(s)
    tac = s.kat("7D72FF8B", "A7FE3E43")
    s.expect(f"B02A00000B {LOAD_TIME} " + s.kat("59E24F8C", "B8509F6F"), tac + "9000")
    s.expect(CIA, "00002710 9000")
    init_load(s, pattern="00002710 0002...9000")


@case("J11", "P5 §7.1, KAT")
def credit_with_wrong_mac(s: Session) -> None:
    begin(s)
    init_load(s)
    s.expect(f"B02A00000B {LOAD_TIME} 0BAD0BAD", "9302")
    s.all((CIA, "00000000 9000"), (f"B02A00000B {LOAD_TIME} " + s.kat("59E24F8C", "B8509F6F"), "6901"))


@case("J13", "P5 T49", pcsc=True)
def credit_when_idle(s: Session) -> None:
    begin(s)
    s.expect(f"B02A00000B {LOAD_TIME} 00000000", "6901")


@case("J14", "P5 T49")
def purchase_instead_of_load(s: Session) -> None:
    loaded(s)
    init_load(s)
    init_purchase(s)
    s.expect(f"B02A00000B {LOAD_TIME} 00000000", "6901")
    init_load(s)
    init_purchase(s)
    s.expect(debit_command(s), "...9000")


@case("J15", "P5 T49")
def balance_keeps_the_state(s: Session) -> None:
    begin(s)
    init_load(s)
    s.all((CIA, "00000000 9000"), (SPIP, "00000000 2016 9000"))
    s.expect(f"B02A00000B {LOAD_TIME} " + s.kat("59E24F8C", "B8509F6F"), "...9000")


@case("J17", "P5 §7.6, KAT")
def initialize_for_purchase(s: Session) -> None:
    loaded(s)
    pattern = f"00002710 00000000 00000000 2016 0001 01 {s.v.fci:02X} {PURCHASE_RANDOM} 9000"
    init_purchase(s, pattern=pattern)


@case("J18", "P5 §7.6, KAT", pcsc=True)
def not_enough_balance(s: Session) -> None:
    begin(s)
    init_purchase(s, ("00000001", "00000000", "00000000"), "9401")


@case("J19", "P5 §7.6, KAT", pcsc=True)
def self_pay_needs_no_balance(s: Session) -> None:
    begin(s)
    init_purchase(s, ("00000000", "000001F4", "00000000"))


@case("J20", "P5 §7.2, KAT")
def debit_for_purchase(s: Session) -> None:
    loaded(s)
    init_purchase(s)
    answer = s.kat("3D478CE4 B3FB32BB", "41CE73FD 0148C17B")
    s.expect(f"B02C01000F 00000005 {PURCHASE_TIME} " + s.kat("E28C6551", "A39BC65D"), answer + "9000")


@case("J21", "P7 §12.6")
def balances_after_a_purchase(s: Session) -> None:
    debit_for_purchase(s)
    s.all((CIA, "00002328 9000"), (SPIP, "000001F4 2016 9000"), (SPFP, "000007D0 2016 9000"))
    init_purchase(s, pattern="00002328 000001F4 000007D0 2016 0002...9000")


@case("J22", "P5 §7.2")
def debit_with_wrong_mac(s: Session) -> None:
    loaded(s)
    init_purchase(s)
    s.expect(f"B02C01000F 00000005 {PURCHASE_TIME} 0BAD0BAD", "9302")
    s.all((CIA, "00002710 9000"), (SPIP, "00000000 2016 9000"))
    s.expect(f"B02C01000F 00000005 {PURCHASE_TIME} " + s.kat("E28C6551", "A39BC65D"), "6901")


@case("J23", "P7 §12.6")
def a_new_year_replaces_the_totals(s: Session) -> None:
    loaded(s)
    purchase(s)
    purchase(s, ("00000001", "00000002", "00000003"), "20170103040506")
    s.all((SPIP, "00000002 2017 9000"), (SPFP, "00000003 2017 9000"))


@case("J25", "P7 §12.6 (K47)", change={"medical": {"start_day": "0701"}})
def year_starting_in_july(s: Session) -> None:
    loaded(s)
    purchase(s, time="20170801040506")
    s.expect(SPIP, "000001F4 2017 9000")


@case("J26", "P7 §12.6", change={"medical": {"start_day": "0701"}})
def last_day_of_a_year_from_july(s: Session) -> None:
    loaded(s)
    purchase(s)
    purchase(s, time="20170630040506")
    s.expect(SPIP, "000003E8 2016 9000")


@case("J27", "P5 §7.7", pcsc=True)
def starting_day(s: Session) -> None:
    begin(s)
    s.expect("B0560000020701", "6982")
    s.ea("89", "DSK")
    s.all(("B0560000020701", "9000"), ("B056010002", "0701 9000"))


@case("J29", "P5 §7.4")
def transaction_proof(s: Session) -> None:
    debit_for_purchase(s)
    s.expect("B02E0032020001", s.kat("B3FB32BB 3D478CE4", "0148C17B 41CE73FD") + "9000")


@case("J30", "P5 §7.4")
def proof_of_another_counter(s: Session) -> None:
    debit_for_purchase(s)
    s.expect("B02E0032020002", "9406")


@case("J31", "P5 §7.4 (K43)")
def proof_of_another_type(s: Session) -> None:
    debit_for_purchase(s)
    s.expect("B02E0031020001", "9406")


@case("J33", "P7 §14")
def power_cut_after_the_debit(s: Session) -> None:
    loaded(s)
    init_purchase(s)
    s.raw(debit_command(s))
    s.reset()
    begin(s)
    s.expect("B02E0032020001", s.kat("B3FB32BB 3D478CE4", "0148C17B 41CE73FD") + "9000")
    s.expect(CIA, "00002328 9000")


@case("J34", "P7 §14")
def power_cut_before_the_update(s: Session) -> None:
    loaded(s)
    init_purchase(s)
    s.reader.controls.tear(1)
    with contextlib.suppress(ReaderError):
        answer = s.send(debit_command(s))
        raise AssertionError(f"the chip answered {answer}")
    s.reset()
    begin(s)
    s.all(("B02E0032020001", "9406"), (CIA, "00002710 9000"), (SPIP, "00000000 2016 9000"))


@case("J35", "P7 §11.8")
def log_of_a_load(s: Session) -> None:
    loaded(s)
    s.expect("00B201441C", f"0001 31 {TERMINAL} {LOAD_TIME} 00002710 00000000 00000000 9000")


@case("J37", "P7 §12", change={"medical": {"log_record_length": 20}})
def account_only_mode(s: Session) -> None:
    loaded(s)
    init_purchase(s, pattern=f"00002710 00000000 00000000 xxxx 0001 01 {s.v.fci:02X} {PURCHASE_RANDOM} 9000")
    s.expect(debit_command(s), "...9000")
    s.expect("00B2014414", f"0001 32 {TERMINAL} {PURCHASE_TIME} 000003E8 9000")
    s.all((CIA, "00002328 9000"), (SPIP, "00000000 xxxx 9000"), (SPFP, "00000000 xxxx 9000"))


@case("J38", "P5 T68/72", change={"medical": {"load_counter": 0xFFFF, "purchase_counter": 0xFFFF}}, pcsc=True)
def counter_at_its_maximum(s: Session) -> None:
    begin(s)
    init_load(s, pattern="9402")
    init_purchase(s, ("00000000", "00000001", "00000000"), "9402")


@case("J39", "K50", change={"medical": {"balance": 0xFFFFFFF0}}, pcsc=True)
def balance_would_overflow(s: Session) -> None:
    begin(s)
    init_load(s, "00000020", "6985")
    init_load(s, "0000000F")


@case("J42", "P5 T5")
def the_oldest_log_record_goes(s: Session) -> None:
    begin(s)
    for number in range(31):
        load(s, f"{number + 1:08X}")
    s.expect("00B201441C", f"001F 31 {TERMINAL} {LOAD_TIME} 0000001F 00000000 00000000 9000")
    s.expect("00B21E441C", f"0002 31 {TERMINAL} {LOAD_TIME} 00000002 00000000 00000000 9000")
    s.expect("00B21F4400", "6A83")


@case("J43", "P5 §7", pcsc=True)
def selection_makes_idle(s: Session) -> None:
    begin(s)
    for between in ("00A4040006D15600000503", "00A4020002EF05", "00B2012C00", "0084000008", "0020000000"):
        init_load(s)
        s.send(between)
        s.expect(f"B02A00000B {LOAD_TIME} 00000000", "6901")


@case("J45", "—", pcsc=True)
def class_80(s: Session) -> None:
    begin(s)
    s.expect("8026000104", "6E00")
