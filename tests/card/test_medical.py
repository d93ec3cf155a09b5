"""The offline medical account."""

import pytest

from card.host import DF04, TERMINAL, TIME, Host, account, medical
from chip.build import AID, VARIANTS, Algorithm, Loader, apdu
from shebaoka.chip.chip import PHASES
from shebaoka.chip.errors import PowerLost
from shebaoka.chip.profile import Profile

ALGORITHM = Algorithm.TDES


@pytest.mark.parametrize("algorithm", VARIANTS)
def test_load_and_purchase(algorithm: Algorithm) -> None:
    host = Host(medical(algorithm, account()))
    host.load(10000)
    host.load(500)
    assert host.balance() == 10500
    assert host.purchase((1000, 500, 2000)) == 1
    assert host.purchase((0, 1, 2)) == 2
    assert host.balance() == 9500
    assert host.totals() == (501, 2002, "2016")
    assert host.log(1) == bytes.fromhex("000232") + TERMINAL + TIME + bytes.fromhex(
        "000000000000000100000002"
    )
    assert host.log(3)[:3] == bytes.fromhex("000231")
    assert host.log(3)[16:] == (500).to_bytes(4) + bytes(8)


def test_the_log_keeps_the_newest() -> None:
    host = Host(medical(ALGORITHM, account()))
    for amount in range(1, 6):
        host.load(amount)
    assert [int.from_bytes(host.log(number)[16:20]) for number in (1, 2, 3)] == [5, 4, 3]
    assert host.loader.sw("00B2044400") == 0x6A83


def test_everything_needs_the_pin_if_there_is_one() -> None:
    loader = medical(ALGORITHM, account(balance=10), pin=False)
    for command in (
        "B026000104",
        "B026000206",
        "B056010002",
        "B02800010B0100002710650100000001",
        "B02801011301" + "00" * 12 + "650100000001",
    ):
        assert loader.sw(command) == 0x6982
    loader.ok("0020000003123456")
    loader.ok("805E010004123456FF")  # the PIN goes
    for command in ("B026000104", "B056010002", "B02800010B0100002710650100000001"):
        assert loader.sw(command) == 0x9000


@pytest.mark.parametrize(
    ("parameters", "command", "expected"),
    [
        (account(), "B02800010B02" + "00" * 10, 0x9403),
        (account(), "B02801011302" + "00" * 18, 0x9403),
        (account(loads=0xFFFF), "B02800010B01" + "00" * 10, 0x9402),
        (account(purchases=0xFFFF), "B02801011301" + "00" * 18, 0x9402),
        (account(balance=0xFFFFFFF0), "B02800010B0100000010" + "00" * 6, 0x6985),
        (account(balance=0xFFFFFFF0), "B02800010B010000000F" + "00" * 6, 0x9000),
        (account(balance=9), "B0280101130100 00000A".replace(" ", "") + "00" * 14, 0x9401),
        (account(balance=9), "B0280101130100000009" + "00" * 14, 0x9000),
        (account(), "B02800000B01" + "00" * 10, 0x6A86),
        (account(), "B02800010A01" + "00" * 9, 0x6700),
        (account(), "B026000404", 0x6A86),
        (account(), "B026000105", 0x6C04),
        (account(), "B026000204", 0x6C06),
        (account(), "8026000104", 0x6E00),
        (account(), "B02E0033020001", 0x6A86),
        (account(), "B02A00000B" + "00" * 11, 0x6901),
        (account(), "B02C01000F" + "00" * 15, 0x6901),
    ],
)
def test_refusals(parameters: bytes, command: str, expected: int) -> None:
    assert medical(ALGORITHM, parameters).sw(command) == expected


def test_a_wrong_mac_ends_the_transaction_and_changes_nothing() -> None:
    host = Host(medical(ALGORITHM, account(balance=1000)))
    before = dict(host.loader.chip.state)
    _, credit = host.start_load(5)
    spoiled = credit[:-2] + bytes((credit[-2] ^ 1,)) + credit[-1:]
    assert host.loader.sw(spoiled) == 0x9302
    assert host.loader.sw(credit) == 0x6901
    _, debit, _ = host.start_purchase((5, 0, 0))
    assert host.loader.sw(debit[:-2] + bytes((debit[-2] ^ 1,)) + debit[-1:]) == 0x9302
    assert host.loader.sw(debit) == 0x6901
    assert dict(host.loader.chip.state) == before


def test_a_transaction_completes_once() -> None:
    host = Host(medical(ALGORITHM, account(balance=1000)))
    _, credit = host.start_load(5)
    host.loader.ok(credit)
    assert host.loader.sw(credit) == 0x6901
    _, debit, _ = host.start_purchase((5, 0, 0))
    host.loader.ok(debit)
    assert host.loader.sw(debit) == 0x6901
    assert host.balance() == 1000


def test_what_keeps_a_prepared_transaction() -> None:
    host = Host(medical(ALGORITHM, account(balance=1000)))
    keeping = ("B026000104", "B02E0032020001")
    _, credit = host.start_load(5)
    host.loader.ok(keeping[0])
    host.loader.ok(credit)
    _, credit = host.start_load(5)
    assert host.loader.sw(keeping[1]) == 0x9406  # a failure: idle
    assert host.loader.sw(credit) == 0x6901
    _, credit = host.start_load(5)
    assert host.loader.sw("B026000100") == 0x6C04  # the same command comes again with the right Le
    host.loader.ok(credit)
    for other in ("0084000008", "00B2014400", "00A4020002EF08", "0020000000", "00FF000000", "B056010002"):
        _, credit = host.start_load(5)
        host.loader.send(other)
        assert host.loader.sw(credit) == 0x6901


def test_a_later_initialization_takes_over() -> None:
    host = Host(medical(ALGORITHM, account(balance=1000)))
    _, credit = host.start_load(5)
    _, debit, _ = host.start_purchase((5, 0, 0))
    assert host.loader.sw(credit) == 0x6901
    assert host.loader.sw(debit) == 0x6901
    _, debit, expected = host.start_purchase((5, 0, 0))
    assert host.loader.ok(debit) == expected


def test_transactions_through_get_response() -> None:
    chip = medical(ALGORITHM, account()).chip
    assert chip.transmit(bytes.fromhex("B02800010B0100002710650100000001")) == bytes.fromhex("6110")
    assert chip.transmit(bytes.fromhex("00C0000000")) == bytes.fromhex("6C10")
    assert len(chip.transmit(bytes.fromhex("00C0000010"))) == 18
    assert chip.session.transaction is not None


@pytest.mark.parametrize(
    ("year", "start", "date", "expected"),
    [
        ("2016", "0101", "20161231", (110, 220, "2016")),
        ("2016", "0101", "20170101", (10, 20, "2017")),
        ("2016", "0701", "20170630", (110, 220, "2016")),
        ("2016", "0701", "20170701", (10, 20, "2017")),
        ("2016", "0701", "20180630", (10, 20, "2017")),
        ("2016", "0701", "20160101", (110, 220, "2016")),
    ],
)
def test_the_settlement_year(year: str, start: str, date: str, expected: tuple[int, int, str]) -> None:
    host = Host(medical(ALGORITHM, account(year=year, start=start, self_pay=100, pooled=200)))
    host.purchase((0, 10, 20), time=bytes.fromhex(date + "120000"))
    assert host.totals() == expected


def test_a_date_that_is_none_changes_nothing() -> None:
    host = Host(medical(ALGORITHM, account(balance=100)))
    before = dict(host.loader.chip.state)
    _, debit, _ = host.start_purchase((1, 1, 1), time=bytes.fromhex("2016AB02030405"))
    assert host.loader.sw(debit) == 0x6985
    assert dict(host.loader.chip.state) == before


def test_totals_do_not_overflow() -> None:
    host = Host(medical(ALGORITHM, account(self_pay=0xFFFFFFFF)))
    _, debit, _ = host.start_purchase((0, 1, 0))
    assert host.loader.sw(debit) == 0x6985
    assert host.totals() == (0xFFFFFFFF, 0, "2016")


def test_account_only_mode() -> None:
    host = Host(medical(ALGORITHM, account(balance=100, log=20)))
    host.purchase((30, 5, 6))
    assert host.balance() == 70
    assert host.totals() == (0, 0, "0000")
    assert host.log(1) == bytes.fromhex("000132") + TERMINAL + TIME + (30).to_bytes(4)
    answer = host.loader.ok("B02801011301" + "00" * 12 + "650100000001")
    assert answer[4:14] == bytes(10)


def test_numeric_transaction_types() -> None:
    loader = medical(ALGORITHM, account(), profile=Profile(transaction_type_ascii=False))
    host = Host(loader, kind_load=1, kind_purchase=2)
    host.load(100)
    host.purchase((1, 2, 3))
    assert loader.sw("B02E0002020001") == 0x9000
    assert loader.sw("B02E0032020001") == 0x6A86


def test_proofs() -> None:
    host = Host(medical(ALGORITHM, account(balance=100)))
    assert host.loader.sw("B02E0032020001") == 0x9406
    _, debit, expected = host.start_purchase((5, 0, 0))
    host.loader.ok(debit)
    proof = host.loader.ok("B02E0032020001")
    assert proof == expected[4:] + expected[:4]
    for other in ("B02E0031020001", "B02E0032020002"):
        assert host.loader.sw(other) == 0x9406
    tac = host.load(7)
    assert host.loader.ok("B02E0031020001") == bytes(4) + tac
    assert host.loader.sw("B02E0032020001") == 0x9406


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("purchase", [False, True])
def test_a_torn_transaction_is_done_with_proof_or_not_at_all(phase: str, purchase: bool) -> None:
    host = Host(medical(ALGORITHM, account(balance=100)))
    if purchase:
        counter, command, expected = host.start_purchase((40, 1, 2))
        proof = expected[4:] + expected[:4]
    else:
        counter, command = host.start_load(40)
    before = dict(host.loader.chip.state)
    host.loader.chip.tear_at(1, phase)
    with pytest.raises(PowerLost):
        host.loader.chip.transmit(command)
    host.loader.chip.reset()
    host.loader.select(DF04)
    host.loader.ok("0020000003123456")
    found, word = host.loader.send(apdu(0xB0, 0x2E, 0, 0x32 if purchase else 0x31, counter.to_bytes(2), 8))
    if phase != "after":
        assert word == 0x9406
        assert dict(host.loader.chip.state) == before
    else:
        assert word == 0x9000
        assert host.balance() == (60 if purchase else 140)
        assert host.log(1)[:2] == counter.to_bytes(2)
        assert not purchase or found == proof


def test_starting_day() -> None:
    loader = medical(ALGORITHM, account())
    assert loader.sw("B0560000020701") == 0x6982
    loader.prove(0x89, "DSK")
    assert loader.sw("B0560000021301") == 0x6985
    assert loader.sw("B05600000207A1") == 0x6985
    loader.ok("B0560000020701")
    assert loader.ok("B056010002") == bytes.fromhex("0701")
    assert Host(loader).balance() == 0


def test_outside_df04_there_is_no_account() -> None:
    loader: Loader = medical(ALGORITHM, account())
    loader.select(AID)
    for command in ("B026000104", "B02E0032020001", "B0560000020701", "B02800010B01" + "00" * 10):
        assert loader.sw(command) == 0x6985


@pytest.mark.parametrize(
    "parameters",
    [account()[:-1], account(log=21), account(year="20A6"), account(start="1301"), account(start="0100")],
)
def test_bad_parameters(parameters: bytes) -> None:
    loader = medical(ALGORITHM, account())
    assert loader.authenticate_master() == 0x9000
    assert loader.sw(apdu(0x80, 0xDA, 0x9F, 0x02, parameters)) == 0x6A80
    for back in (account(loads=0), account(purchases=0)):
        assert loader.sw(apdu(0x80, 0xDA, 0x9F, 0x02, back)) == 0x6A80
    assert loader.sw(apdu(0x80, 0xDA, 0x9F, 0x02, account(log=20))) == 0x9000
    assert loader.sw("B02800010B0100002710650100000001") == 0x6985  # the log file is for 28 bytes
