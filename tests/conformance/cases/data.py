"""M: data and personalization."""

import json
import logging
import tempfile
from pathlib import Path

import pytest

import conformance.formulas as f
from conformance.harness import SEL, Session, case, fixture_data
from conformance.spy import Spy, terminal
from personalization.support import ISSUED, clock, people_csv, product, vaults
from shebaoka.card.card import blank_card
from shebaoka.chip.store import MemoryStore
from shebaoka.codec.items import compile_item, encode_record, encode_value
from shebaoka.codec.text import encode_an, split_an
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.domain import card_number
from shebaoka.domain.institution import Institution
from shebaoka.personalization.batch import Order, prepare_batch
from shebaoka.personalization.convert import CellError, converter
from shebaoka.personalization.dialect import OPEN, key_block, pin_block
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.fixtures import FixtureError, build_fixture
from shebaoka.personalization.making import make_cards
from shebaoka.personalization.mapping import MappingFile, bind
from shebaoka.personalization.numbering import NumberRegister, card_numbers
from shebaoka.personalization.structure import PIN_SLOT, card_plan
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_catalogue
from shebaoka.spec.layouts import card_layout
from shebaoka.spec.model import Item, ItemType, Meaning, Text

TRANSPORT = b"TEST_ONLY-TRANSP"


def _item(directory: str, fid: int, tag: int) -> Item:
    file = card_layout("2.0").directory(directory).file(fid)
    assert file is not None
    return next(item for item in file.items if item.tag == tag)


def _plain(type_: ItemType, length: int, meaning: Meaning = Meaning.TEXT) -> Item:
    return Item(tag=0xE0, name=Text(zh="测试项", en="test item"), type=type_, length=length, meaning=meaning)


@case("M01", "V2 §7", variants="D", fixture="none")
def odd_packed_digits(_: Session) -> None:
    assert encode_value(_plain(ItemType.CN, 2, Meaning.DIGITS), "123").hex().upper() == "123F"


@case("M02", "V2 §7, RD", variants="D", fixture="none")
def short_text(_: Session) -> None:
    assert encode_value(_plain(ItemType.AN, 6), "测试").hex().upper() == "B2E2CAD40000"


@case("M03", "RD", variants="D", fixture="none")
def empty_packed_digits(_: Session) -> None:
    assert encode_value(_plain(ItemType.CN, 4, Meaning.DATE), "").hex().upper() == "FFFFFFFF"


@case("M05", "V2 App A", variants="D", fixture="none")
def card_number_check_character(_: Session) -> None:
    assert card_number.check_character("A0000001") == "1"
    assert card_number.card_number("D2143569") == "D2143569X"


@case("M06", "V2 App A", variants="D", fixture="none")
def check_character_of_a_zero_remainder(_: Session) -> None:
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    for serial in (f"A{n:07d}" for n in range(1000)):
        values = [10, *map(int, serial[1:])]
        if sum(v * w for v, w in zip(values, weights, strict=True)) % 11 == 0:
            assert card_number.check_character(serial) == "0"
            break
    else:
        pytest.fail("no such card number found")


@case("M07", "V2 §8.1.1.7", change={"files": {"SSSE": {"EF05": {"07": "A00000012"}}}})
def card_number_with_wrong_check(s: Session) -> None:
    session = terminal(s).open()
    assert session.identity.card_number == "A00000012"
    assert any("number" in notice for notice in session.notices), session.notices


@case("M09", "V2 T12", variants="D", fixture="none")
def institution_number(_: Session) -> None:
    number = Institution("650100", "650100", 1)
    assert number.encode().hex() == "915600000265010065010001"
    assert len(number.encode()) == 12


@case("M10", "V2 T9", variants="D", fixture="none")
def nested_item(_: Session) -> None:
    value = {"10": "010", "11": "20200101", "12": "650100"}
    record = encode_record(_item("DF02", 0xEF15, 0x99), value)
    assert record.hex().upper() == "99101003303130110420200101" + "1203650100"


@case("M11", "V2 T9", variants="D", fixture="none")
def long_name(_: Session) -> None:
    name = "买买提" * 8 + "江"
    head, tail = split_an(name, 30, 20)
    assert (head, tail) == (name[:15], name[15:])
    assert encode_an(head, 30) + encode_an(tail, 20) == name.encode("gbk")
    head, tail = split_an("a" + name[:24], 30, 20)
    assert head == "a" + name[:14]
    assert encode_an(head, 30).hex().endswith("00")


@case("M13", "V2 §8.4.8.5", variants="D", fixture="none")
def packed_amount(_: Session) -> None:
    assert compile_item(_plain(ItemType.CN, 4, Meaning.AMOUNT))(12345).hex() == "00012345"


@case("M14", "V2 §8.5.3.5", variants="D", fixture="none")
def binary_amount(_: Session) -> None:
    log = card_layout("2.0").directory("DF04").file(0xEF08)
    assert log is not None
    amount = next(item for item in log.items if item.meaning is Meaning.AMOUNT)
    assert encode_value(amount, 12345).hex().upper() == "00003039"


def _blank(s: Session) -> InProcessReader:
    algorithm = Algorithm.TDES if s.v.id == "D" else Algorithm.SM4
    chip = blank_card(
        MemoryStore(),
        historical=bytes.fromhex("00810102031234650100000001"),
        algorithm=algorithm,
        transport_key=TRANSPORT,
    )
    reader = InProcessReader(chip)
    reader.reset()
    return reader


@case("M15", "P10 §5.2.1", fixture="none")
def no_environment_without_the_transport_key(s: Session) -> None:
    blank = _blank(s)
    environment = card_layout("2.0").directories[0]
    command = OPEN.create_directory(environment, algorithm=None, dir_sfi=0x1E)
    assert blank.transmit(command).hex() == "6982"
    assert blank.transmit(bytes.fromhex(SEL)).hex().upper() == "6A82"
    challenge = blank.transmit(bytes.fromhex("0084000008"))[:-2]
    proof = f.authentication(s.v, TRANSPORT, challenge)
    assert blank.transmit(b"\x80\x82\x00\x00\x10" + proof + f.ORIGINAL).hex() == "9000"
    assert blank.transmit(command).hex() == "9000"


def _master_proof(s: Session, factor: bytes) -> str:
    """AUTHENTICATE MASTER of the SSSE with the key of the card with this factor."""
    s.sel()
    key = f.diversify(s.v, f.level_key(s.v, "SSSE-MK", 2), factor)
    proof = f.authentication(s.v, key, s.ch())
    return s.send(b"\x80\x82\x00\x00\x10" + proof + f.ORIGINAL)


@case("M17", "P10 §5.2.6")
def every_card_has_its_own_master_key(s: Session) -> None:
    other = s.spawn("card-2.0", {"historical_bytes": "00810102031234650100000002"})
    second = bytes.fromhex("1234650100000002")
    assert _master_proof(s, f.CARD) == "9000"
    assert _master_proof(other, second) == "9000"
    assert _master_proof(other, f.CARD) == "63C9"
    assert _master_proof(s, second) == "63C9"


@case("M18", "P10 §5.4.3", pcsc=True)
def a_failed_item_is_repeated_alone(s: Session) -> None:
    s.df("DF01")
    s.pin()
    s.ea("84", "UK2DF01")
    employer = "2E46" + "41" * 70
    s.expect("00DC014C48" + employer, "9000")
    s.expect("00DC024C 0B 300A" + "31" * 9, "6A85")
    s.expect("00DC034C 04 32023131", "9000")
    s.expect("00DC024C 0B 3009" + "31" * 9, "9000")
    s.expect("00B2014C48", employer + "9000")
    s.expect("00B2024C0B", "3009" + "31" * 9 + "9000")
    s.expect("00B2034C04", "32023131 9000")


@case("M23", "P10 §6.1.2", fixture="none")
def no_key_in_the_clear(s: Session) -> None:
    algorithm = Algorithm.TDES if s.v.id == "D" else Algorithm.SM4
    plan = card_plan(card_layout("2.0"), key_catalogue("2.0"), algorithm)
    keys = {slot: f.card_key(s.v, slot.name, slot.version) for slot in plan.slots if slot != PIN_SLOT}
    transport = SoftwareCipher(algorithm, TRANSPORT)
    blocks = {slot: f.encrypt(s.v, TRANSPORT, key_block(key)) for slot, key in keys.items()}
    blocks[PIN_SLOT] = f.encrypt(s.v, TRANSPORT, pin_block("73519842"))
    spy, messages = Spy(_blank(s)), _Collector()
    logging.getLogger().addHandler(messages)
    try:
        plan.run(spy, transport, blocks)
    finally:
        logging.getLogger().removeHandler(messages)
    wire = b"\n".join(spy.sent)
    seen = " ".join(messages.lines) + repr(plan) + repr(transport) + repr(spy)
    for key in (*keys.values(), TRANSPORT, bytes.fromhex("73519842")):
        assert key[:8] not in wire
        assert key[:8].hex() not in seen.lower()
        assert repr(key[:8])[2:-1] not in seen
    assert len({slot.name for slot in keys}) == 55 + 7


@case("M19", "P10 §6.6", variants="D", fixture="none")
def audit_of_a_batch(_: Session) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        register = NumberRegister(folder / "numbers.db")
        order = Order(people_csv(folder / "people.csv", 2), MappingFile(), product(), ISSUED)
        prepare_batch(folder / "batch", order, vaults().city, register)
        register.close()
        make_cards(folder / "batch", vaults().city, clock=clock)
        lines = (folder / "batch" / "audit.jsonl").read_text("utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    assert [e["serial"] for e in entries if e["event"] == "card" and e["status"] == "made"] == [1, 2]
    for serial in (1, 2):
        own = [e["application"] for e in entries if e["event"] == "application" and e["serial"] == serial]
        assert own == [directory.id for directory in card_layout("2.0").directories]


EXTENSION = """
id = "650100-twice"
zh = "测试扩展"
en = "Test extension"
region = "650100"
generations = ["2.0"]

[[items]]
directory = "DF03"
file = 0xEF05
tag = 0x60
type = "cn"
length = 4
meaning = "date"
zh = "最近一次办理失业登记日期"
en = "Date of latest unemployment registration"
"""


@case("M21", "V2 §7", variants="D", fixture="none")
def tag_60_in_two_files(_: Session) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "twice.toml"
        path.write_text(EXTENSION, encoding="utf-8")
        data = fixture_data("card-2.0", f.D, {"extensions": [str(path)]})
        with pytest.raises(FixtureError, match=r"item 60 .* never in both"):
            build_fixture(data)
    names = ("SSSE.EF06.08", "name", "a", "b")
    both = MappingFile(columns={"a": "DF02.EF06.60", "b": "DF03.EF05.60"})
    with pytest.raises(PersonalizationError, match=r"DF03\.EF05"):
        bind(both, names, card_layout("2.0"))
    places = [
        (directory.id, file.id)
        for directory in card_layout("2.0").directories
        for file in directory.files
        for item in file.items
        if item.tag == 0x60
    ]
    assert places == [("DF02", "EF06")]


@case("M22", "V2 §8.2.3.1", variants="D", fixture="none")
def code_outside_its_table(_: Session) -> None:
    convert = converter(_item("DF01", 0xEF07, 0x29))
    assert convert("1") == "1"
    with pytest.raises(CellError, match="table 17"):
        convert("9")


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(0)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@case("M25", "P2 §8.4", variants="D", fixture="none")
def no_serial_twice_in_a_region(_: Session) -> None:
    with tempfile.TemporaryDirectory() as folder:
        register = NumberRegister(Path(folder) / "numbers.db")
        ranges = [register.reserve(batch, 0, "650100", 50) for batch in ("b1", "b2")]
        serials = [serial for taken in ranges for serial in taken]
        numbers = [card_numbers(serial, "650100", "0081010203", "1234") for serial in serials]
        register.close()
    assert len({n.historical[-4:] for n in numbers}) == 100
    assert len({n.card_number for n in numbers}) == 100
