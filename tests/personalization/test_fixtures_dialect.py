"""The issuer dialect on the wire, and the plan that speaks it."""

import pytest

from conformance import formulas as f
from shebaoka.card.card import blank_card
from shebaoka.chip.store import MemoryStore
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.personalization.dialect import (
    MEDICAL,
    OPEN,
    FileSize,
    KeyFunction,
    KeyHeader,
    access_rule,
    card_key_header,
    key_block,
    pin_block,
)
from shebaoka.personalization.plan import FilePlace, KeySlot, StructureError, file_size
from shebaoka.personalization.structure import PIN_SLOT, card_plan
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.conditions import parse_condition
from shebaoka.spec.keys import key_catalogue, key_entry
from shebaoka.spec.layouts import card_layout

TRANSPORT = b"TEST_ONLY-TRANSP"
CHALLENGE = bytes.fromhex("2122232425262728")
ALGORITHMS = {"D": Algorithm.TDES, "S": Algorithm.SM4}
IDENTIFIERS = {"A": 0x83, "B": 0x84, "C": 0x05}


@pytest.mark.parametrize("variant", [f.D, f.S], ids=str)
def test_proof_of_a_master_key(variant: f.Variant) -> None:
    cipher = SoftwareCipher(ALGORITHMS[variant.id], TRANSPORT)
    proof = f.authentication(variant, TRANSPORT, CHALLENGE, bytes(8))
    assert OPEN.authenticate(cipher, CHALLENGE) == bytes.fromhex("8082000010") + proof + bytes(8)


@pytest.mark.parametrize("variant", [f.D, f.S], ids=str)
def test_key_loading_carries_a_mac_over_header_and_entries(variant: f.Variant) -> None:
    cipher = SoftwareCipher(ALGORITHMS[variant.id], TRANSPORT)
    entry = bytes(range(24))
    for command, header in (
        (OPEN.write_keys(cipher, CHALLENGE, [entry, entry]), "84D8000034"),
        (OPEN.write_keys(cipher, CHALLENGE, [entry], replace=True), "84D801001C"),
        (OPEN.replace_master(cipher, CHALLENGE, entry), "84D801011C"),
    ):
        assert command[:5].hex().upper() == header
        assert command[5:-4] in (entry, entry + entry)
        assert command[-4:] == _loading_mac(variant, command[:-4])
    for count in (0, 11):
        with pytest.raises(ValueError, match="1 to 10 keys"):
            OPEN.write_keys(cipher, CHALLENGE, [entry] * count)


def _loading_mac(v: f.Variant, message: bytes) -> bytes:
    padded = message + b"\x80" + bytes(-(len(message) + 1) % v.block)
    iv = CHALLENGE.ljust(v.block, b"\x00")
    if v is f.S:
        return f.fold4(f.cbc(v, TRANSPORT, padded, iv))
    block = f.decrypt(v, TRANSPORT[8:], f.cbc(v, TRANSPORT[:8], padded, iv))
    return f.encrypt(v, TRANSPORT[:8], block)[:4]


def test_creating_directories_and_files() -> None:
    layout = card_layout("2.0")
    environment, public = layout.directories[:2]
    name = "840F7378312E73682EC9E7BBE1B1A3D5CF"
    command = OPEN.create_directory(environment, algorithm=Algorithm.SM4, dir_sfi=0x1E)
    assert (
        command.hex().upper()
        == "80E0000022" + "6220" + "820138" + "8302DD01" + name + "A506" + "870103" + "88011E"
    )
    command = OPEN.create_directory(environment, algorithm=None, dir_sfi=0x1E)
    assert command.hex().upper() == "80E000001F" + "621D" + "820138" + "8302DD01" + name + "A503" + "88011E"
    command = OPEN.create_directory(public, algorithm=None, dir_sfi=None)
    assert command.hex().upper() == "80E0000011" + "620F" + "820138" + "8302DF01" + "8406D15600000500"
    identifiers = {"RK1DF01": 0x88, "UK2DF01": 0x84, "UK7DF01": 0x8A}
    status, reserved = public.file(0xEF07), public.file(0xEF16)
    assert status is not None
    assert reserved is not None
    command = OPEN.create_file(status, FileSize(capacity=67), identifiers)
    rules = "8C0401028811" + "8D020284"
    assert (
        command.hex().upper() == "80E000001A" + "6218" + "820104" + "8302EF07" + "880107" + "80020043" + rules
    )
    command = OPEN.create_file(reserved, FileSize(capacity=0x128), identifiers)
    rules = "8C0100" + "8D02028A"
    assert (
        command.hex().upper() == "80E0000017" + "6215" + "820101" + "8302EF16" + "880116" + "80020128" + rules
    )


def test_the_other_commands() -> None:
    assert OPEN.put_data(MEDICAL, b"\x01\x02").hex() == "80da9f02020102"
    assert OPEN.activate().hex() == "8044000000"
    assert OPEN.delete_structure().hex().upper() == "80E4000000"


@pytest.mark.parametrize(
    ("condition", "rule"),
    [
        ("free", "00"),
        ("never", "FF"),
        ("PIN", "01"),
        ("A", "0283"),
        ("PIN or A", "01028311"),
        ("PIN and A", "01028310"),
        ("(PIN and A) or B", "01028310028411"),
        ("PIN or A or C", "01028311020511"),
        ("DDF-MK", "03"),
    ],
)
def test_conditions_in_postfix_form(condition: str, rule: str) -> None:
    from shebaoka.spec.conditions import KeyProof

    parsed = KeyProof(condition) if condition.endswith("-MK") else parse_condition(condition)
    assert access_rule(parsed, IDENTIFIERS).hex().upper() == rule


def test_an_unknown_key_in_a_condition_is_named() -> None:
    with pytest.raises(KeyError, match="Z"):
        access_rule(parse_condition("PIN or Z"), IDENTIFIERS)


@pytest.mark.parametrize(
    ("name", "version", "header"),
    [
        ("IRK", 1, "0100010003000000"),
        ("UK1DF01", 2, "0283020003000000"),
        ("STK", 1, "0302010103000000"),
        ("BK", 1, "0405010000000000"),
        ("LKDF04", 1, "0583010000000000"),
        ("PUK", 1, "0606010003000000"),
        ("DSK", 1, "0789010003000000"),
        ("DLK", 1, "0800010003010000"),
        ("DPK", 1, "0900010003010000"),
        ("DTK", 1, "0A00010003000000"),
    ],
)
def test_headers_of_card_keys(name: str, version: int, header: str) -> None:
    encoded = card_key_header(key_entry(name), version, Algorithm.TDES).encode()
    assert encoded.hex().upper() == header
    sm4 = card_key_header(key_entry(name), version, Algorithm.SM4).encode()
    assert sm4[3] == 0x03
    assert sm4[:3] + sm4[4:] == encoded[:3] + encoded[4:]


def test_header_of_a_psam_key() -> None:
    header = KeyHeader(KeyFunction.PSAM_KEY, 0x42, 1, Algorithm.SM4, index=0x28, flags=0x12)
    assert header.encode().hex().upper() == "0D42010300281200"


def test_blocks_before_wrapping() -> None:
    assert pin_block("123456").hex() == "03123456" + "80" + "00" * 11
    assert pin_block("12345").hex() == "0312345f" + "80" + "00" * 11
    assert pin_block("1234567890123456").hex() == "081234567890123456" + "80" + "00" * 6
    assert pin_block("").hex() == "0080" + "00" * 14
    assert key_block(b"12345678") == b"1234567812345678"
    for wrong in ("123", "12345678901234567", "12a4", "１２３４"):
        with pytest.raises(ValueError, match="4 to 16 digits") as caught:
            pin_block(wrong)
        assert wrong not in str(caught.value)
    with pytest.raises(ValueError, match="8 or 16 bytes"):
        key_block(bytes(12))


def test_room_of_files() -> None:
    layout = card_layout("2.0")
    degree, jobs = layout.directory("DF01").file(0xEF15), layout.directory("DF02").file(0xEF07)
    assert degree is not None
    assert jobs is not None
    assert file_size(degree, 10) == FileSize(capacity=3 + 3 * 0x36 + 10)
    assert file_size(jobs, 10) == FileSize(record=0x55, records=4)
    salary = card_layout("1.0").directory("DF01").file(0xEF0A)
    assert salary is not None
    assert file_size(salary, 10) == FileSize(record=6, records=3)


def _blank(algorithm: Algorithm) -> InProcessReader:
    reader = InProcessReader(
        blank_card(MemoryStore(), historical=bytes(13), algorithm=algorithm, transport_key=TRANSPORT)
    )
    reader.reset()
    return reader


def test_a_plan_serves_many_cards() -> None:
    plan = card_plan(card_layout("2.0"), key_catalogue("2.0"), Algorithm.SM4)
    assert {slot.name for slot in plan.slots} >= {"PIN", "MF-MK", "SSSE-MK", "DF07-MK", "UKBDF01"}
    assert len(plan.slots) == len(set(plan.slots))
    cipher = SoftwareCipher(Algorithm.SM4, TRANSPORT)
    blocks = {slot: cipher.encrypt(slot.name.encode().ljust(16)) for slot in plan.slots}
    for pin in ("123456", "8888"):
        reader = _blank(Algorithm.SM4)
        blocks[PIN_SLOT] = cipher.encrypt(pin_block(pin))
        plan.run(reader, cipher, blocks, {FilePlace("SSSE", 0xEF05): [b"\x02\x011"]})
        reader.reset()
        reader.transmit(bytes.fromhex("00A404000F7378312E73682EC9E7BBE1B1A3D5CF"))
        assert reader.transmit(bytes.fromhex("00B2012C03")).hex() == "0201319000"
        packed = bytes.fromhex(pin)
        assert reader.transmit(b"\x00\x20\x00\x00" + bytes((len(packed),)) + packed) == b"\x90\x00"


def test_a_refusal_names_command_and_reason() -> None:
    plan = card_plan(card_layout("2.0"), key_catalogue("2.0"), Algorithm.TDES)
    wrong = SoftwareCipher(Algorithm.TDES, b"another wrongkey")
    with pytest.raises(StructureError, match=r"AUTHENTICATE MASTER MF: the chip answered 63C9 \(.*\)"):
        plan.run(_blank(Algorithm.TDES), wrong, {})


def test_a_missing_block_is_named_before_anything_is_loaded_there() -> None:
    plan = card_plan(card_layout("2.0"), key_catalogue("2.0"), Algorithm.TDES)
    cipher = SoftwareCipher(Algorithm.TDES, TRANSPORT)
    with pytest.raises(KeyError, match="IRK"):
        plan.run(_blank(Algorithm.TDES), cipher, {KeySlot("STK"): bytes(16)})


def test_a_failed_card_is_erased_and_made_again() -> None:
    """Until the master keys are replaced, the transport key rules (Part 10 §5.2.6)."""
    plan = card_plan(card_layout("2.0"), key_catalogue("2.0"), Algorithm.SM4)
    cipher = SoftwareCipher(Algorithm.SM4, TRANSPORT)
    blocks = {slot: cipher.encrypt(slot.name.encode().ljust(16)) for slot in plan.slots}
    blocks[PIN_SLOT] = cipher.encrypt(pin_block("123456"))
    reader = _blank(Algorithm.SM4)
    short = {slot: block for slot, block in blocks.items() if not slot.name.endswith("DF07")}
    with pytest.raises(KeyError):
        plan.run(reader, cipher, short)
    reader.reset()
    challenge = reader.transmit(bytes.fromhex("0084000008"))[:-2]
    assert reader.transmit(OPEN.authenticate(cipher, challenge)) == b"\x90\x00"
    assert reader.transmit(OPEN.delete_structure()) == b"\x90\x00"
    plan.run(reader, cipher, blocks)
    reader.reset()
    challenge = reader.transmit(bytes.fromhex("0084000008"))[:-2]
    assert reader.transmit(OPEN.authenticate(cipher, challenge)).hex() == "63c9"
