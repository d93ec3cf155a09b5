"""Cases M15, M17, M18, M19, M23 and the way from a row to a card that reads back."""

import pytest

from personalization.support import (
    CITY_CODE,
    ISSUED,
    PERSON,
    VARIANTS,
    Line,
    id_number,
    line,
    product,
    vaults,
)
from shebaoka.chip.chip import Chip
from shebaoka.codec.items import decode_record
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.crypto.factors import card_factor
from shebaoka.crypto.formulas import authentication_data, mac, session_key
from shebaoka.domain import card_number, identification_code
from shebaoka.personalization.dialect import OPEN
from shebaoka.personalization.errors import LoadError, PersonalizationError
from shebaoka.personalization.fixture_keys import TEST_TRANSPORT_KEY
from shebaoka.personalization.key_entries import pin_block
from shebaoka.personalization.load import Loader
from shebaoka.personalization.mapping import MappingFile, bind
from shebaoka.personalization.targets import RecordPlan, parse_target
from shebaoka.personalization.updates import UpdatePlan
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_catalogue, key_entry
from shebaoka.spec.layouts import card_layout

SSSE = bytes.fromhex("00A404000F7378312E73682EC9E7BBE1B1A3D5CF")
OK = b"\x90\x00"


class Tap:
    """A reader that keeps every byte that crosses it and can refuse a command."""

    def __init__(self, chip: Chip, refuse: bytes = b"", times: int = 0) -> None:
        self._reader = InProcessReader(chip)
        self._refuse, self._times = refuse, times
        self.wire: list[bytes] = []

    def reset(self) -> bytes:
        return self._reader.reset()

    def close(self) -> None:
        self._reader.close()

    def transmit(self, apdu: bytes) -> bytes:
        self.wire.append(apdu)
        if self._refuse and apdu.startswith(self._refuse) and self._times:
            self._times -= 1
            return b"\x65\x81"
        answer = self._reader.transmit(apdu)
        self.wire.append(answer)
        return answer


def sent(own: Line, **tap: object) -> tuple[Tap, list[str]]:
    card = own.card()
    reader = Tap(own.blank(card), **tap)  # type: ignore[arg-type]
    reader.reset()
    results = own.loader.load(reader, card, own.loader.blocks([card])[0])
    return reader, [place for result in results for place in result.repeated]


def read(reader: InProcessReader, record: int, sfi: int) -> bytes:
    command = bytes((0x00, 0xB2, record, sfi << 3 | 4))
    length = reader.transmit(command + b"\x00")[-1:]
    return reader.transmit(command + length)[:-2]


def prove(own: Line, reader: InProcessReader, name: str, historical: bytes, version: bytes = b"") -> bytes:
    challenge = reader.transmit(bytes.fromhex("0084000008"))[:-2]
    handle = vaults().city.find(name, version[0] if version else 1, own.suite)
    session = session_key(vaults().city.cipher(handle, card_factor(historical)), challenge)
    data = authentication_data(session, bytes(8)) + bytes(8) + version
    identifier = key_entry(name).identifier or 0
    return reader.transmit(bytes((0, 0x82, 0, identifier, len(data))) + data)


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_row_becomes_a_card_that_reads_back(variant: tuple[str, str]) -> None:
    own = line(variant)
    card = own.card()
    layout = card_layout(variant[0])
    reader = InProcessReader(own.made(card))
    reader.reset()
    reader.transmit(SSSE)
    issuer = layout.directory("SSSE").file(0xEF05)
    assert issuer is not None
    values = {
        item.tag: value for item, value in (decode_record(issuer, read(reader, n, 5)) for n in range(2, 8))
    }
    assert values[0x05] == f"{ISSUED:%Y%m%d}"
    assert values[0x06] == "20360101"
    assert values[0x03] == layout.version
    assert values[0x04] == f"9156000002{CITY_CODE}{CITY_CODE}01"
    assert values[0x02] == "3"
    assert card_number.check(str(values[0x07]))
    code = identification_code.parse(read(reader, 1, 5)[2:])
    key = vaults().city.cipher(vaults().city.find("ISSUER-MAC", 1, own.suite))
    assert (code.city_code, code.serial) == (CITY_CODE, "00000001")
    assert code.authentication == mac(key, code.issue_code)
    if variant[0] == "3.0":
        assert read(reader, 1, 6) == b""
        assert prove(own, reader, "RKSSSE", card.historical) == OK
    assert read(reader, 1, 6) == b"\x08\x12" + id_number(1).encode()
    assert read(reader, 3, 6) == b"\x4e\x14" + bytes(20)
    assert reader.transmit(bytes.fromhex("0020000003123456")) == OK
    reader.transmit(b"\x00\xa4\x04\x00\x06" + bytes.fromhex("D15600000500"))
    assert read(reader, 2, 5)[2:].rstrip(b"\x00").decode("gbk") == PERSON["DF01.EF05.21"]
    assert read(reader, 3, 5) == bytes.fromhex("0E03FFFFFF")
    reader.transmit(b"\x00\xa4\x04\x00\x06" + bytes.fromhex("D15600000501"))
    assert read(reader, 1, 7)[:11] == b"1-23-45" + bytes.fromhex("20100506")
    reader.transmit(b"\x00\xa4\x04\x00\x06" + bytes.fromhex("D15600000503"))
    assert reader.transmit(bytes.fromhex("B026000104")) == bytes.fromhex("00003039") + OK


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_card_holds_every_version_of_its_keys(variant: tuple[str, str]) -> None:
    own = line(variant)
    card = own.card()
    reader = InProcessReader(own.made(card))
    reader.reset()
    reader.transmit(b"\x00\xa4\x04\x00\x06" + bytes.fromhex("D15600000500"))
    for version in range(1, key_entry("UK3DF01").versions + 1):
        assert prove(own, reader, "UK3DF01", card.historical, bytes((version,))) == OK
    assert prove(own, reader, "UK3DF01", card.historical[:-1] + b"\x09")[:1] == b"\x63"


def test_m15_nothing_is_created_without_the_transport_key() -> None:
    own = line()
    card = own.card()
    chip = own.blank(card)
    reader = InProcessReader(chip)
    reader.reset()
    layout = card_layout("2.0")
    create = OPEN.create_directory(layout.directories[0], algorithm=Algorithm.TDES, dir_sfi=0x1E)
    assert reader.transmit(create) == b"\x69\x82"
    wrong = SoftwareCipher(own.suite, bytes(16))
    loader = Loader(layout, key_catalogue("2.0"), product(), own.encoder.plan, vaults().city, wrong)
    with pytest.raises(LoadError, match="AUTHENTICATE MASTER MF"):
        loader.load(reader, card, loader.blocks([card])[0])
    assert reader.transmit(SSSE) == b"\x6a\x82"


def test_m17_two_cards_have_different_master_keys() -> None:
    own = line()
    cards = [own.card(serial=serial) for serial in (1, 2)]
    blocks = own.loader.blocks(cards)
    names = [slot.name for slot in own.loader.keys.slots]
    masters = [i for i, name in enumerate(names) if name.endswith("-MK")]
    assert len(masters) == 7
    assert len({blocks[card, i].tobytes() for card in (0, 1) for i in masters}) == 14
    reader = InProcessReader(own.made(cards[0]))
    reader.reset()
    for serial, answer in ((1, OK), (2, b"\x63")):
        reader.transmit(bytes.fromhex("00A40000"))
        challenge = reader.transmit(bytes.fromhex("0084000008"))[:-2]
        city = vaults().city
        factor = card_factor(cards[serial - 1].historical)
        master = city.cipher(city.find("MF-MK", 1, own.suite), factor)
        assert reader.transmit(OPEN.authenticate(master, challenge)).startswith(answer)


def test_m18_a_failed_item_is_repeated_alone() -> None:
    own = line()
    reader, repeated = sent(own, refuse=bytes.fromhex("00DC022C"), times=1)
    assert repeated == ["SSSE.EF05.02"]
    updates = [apdu for apdu in reader.wire if apdu[:2] == b"\x00\xdc"]
    assert updates.count(bytes.fromhex("00DC022C03020133")) == 2
    assert len(updates) == len(set(updates)) + 1


def test_m18_a_card_that_keeps_refusing_is_given_up_and_named() -> None:
    own = line()
    with pytest.raises(LoadError, match=r"SSSE\.EF05\.02: cannot be written, the chip answered 6581"):
        sent(own, refuse=bytes.fromhex("00DC022C"), times=3)


def test_a_chip_that_writes_something_else_is_found_out() -> None:
    own = line()
    card = own.card()

    class Forgetful(Tap):
        def transmit(self, apdu: bytes) -> bytes:
            if apdu[:2] == b"\x00\xdc" and apdu.find("测试".encode("gbk")) > 0:
                apdu = apdu.replace("测试".encode("gbk"), "测式".encode("gbk"))
            return super().transmit(apdu)

    reader = Forgetful(own.blank(card))
    reader.reset()
    with pytest.raises(LoadError, match=r"SSSE\.EF06\.09: reads back otherwise"):
        own.loader.load(reader, card, own.loader.blocks([card])[0])


def test_a_mute_chip_is_a_load_error() -> None:
    own = line()
    card = own.card()
    reader = InProcessReader(own.blank(card))
    with pytest.raises(LoadError, match="stopped answering"):
        own.loader.load(reader, card, own.loader.blocks([card])[0])


@pytest.mark.parametrize("variant", VARIANTS)
def test_m23_no_plaintext_key_or_pin_crosses_the_wire(variant: tuple[str, str]) -> None:
    own = line(variant)
    card = own.card()
    reader, _ = sent(own)
    wire = b"|".join(reader.wire)
    transport = SoftwareCipher(own.suite, TEST_TRANSPORT_KEY)
    blocks = own.loader.blocks([card])[0]
    keys = [transport.decrypt(block.tobytes()) for block in blocks]
    assert len(keys) == len(set(keys)) > 100
    handle = vaults().city.find("UK1DF01", 1, own.suite)
    proof = vaults().city.wrap_for_chip(handle, [card_factor(card.historical)], transport)
    index = [slot.name for slot in own.loader.keys.slots].index("UK1DF01")
    assert proof == blocks[index].tobytes()
    assert blocks[index].tobytes() in wire
    for key in (*keys, TEST_TRANSPORT_KEY):
        assert key not in wire
        assert key[:8] not in wire
    assert pin_block("123456") not in wire
    assert card.pin in wire
    for shown in (repr(card), repr(own.loader), repr(own.preparer)):
        assert all(key.hex() not in shown for key in keys)


def test_cyclic_records_of_reading_only_files_are_refused() -> None:
    layout = card_layout("2.0")
    log = parse_target(layout, "DF04.EF08[1].01").place
    columns = ["社会保障号码", "姓名", "DF04.EF08[1].01"]
    binding = bind(MappingFile(), columns, layout)
    assert binding.columns[2].target is not None
    with pytest.raises(PersonalizationError, match=r"DF04\.EF08 is written under 'never'"):
        UpdatePlan(layout, RecordPlan.of(layout, [log]))
