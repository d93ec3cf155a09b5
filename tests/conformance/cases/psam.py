"""Q: PSAM."""

import contextlib

import conformance.formulas as f
from conformance.formulas import ORIGINAL
from conformance.harness import ADF, SEL, SEL2, Session, case
from shebaoka.reader.base import ReaderError

DELIVERY = (
    "BFDE28421012346501000000012122232425262728",
    "BFDE284218123465010000000121222324252627280000000000000000",
)
CIPHER = ("80FA0000081112131415161718", "80FA00001011121314151617180000000000000000")
RAW = ("99D7C3E766BF3EAF", "4A14B7BC3C553C66E00F8B48C7D1015B")
CREATE = (
    "84D4001124818A19E7C73EE2C9B6AE849624BDDF883B8A8D75041D87CB06C63BA5472A5C7E0EAA1328",
    "84D400112426FC1A17A1185CF79EFDFE0F0A1B87811C9EC9FCE58CF98FAA48D564007A67032C94B52F",
)
CHANGE = (
    "84D401111CBBF854CBFF061EF397DC34F50D39EF1C4387ACEE1F37517C30B95D56",
    "84D4011124CAC5CED686473BC54D1E0628C61C9168E60440E8B6434687BE9FF7CB2EEC144C52DF4642",
)
PUBLIC = "01012020010120300101"
PURCHASE = "B1B2B3B4 0001 000003E8 000001F4 000007D0 32 20160103 040506 01 {fci:02X}"
CHALLENGE = bytes.fromhex("2122232425262728")
LOADING = "41424344"


def application(s: Session) -> None:
    s.all((SEL, "6F...9000"), (ADF, "6F...9000"))


def level(s: Session, number: int) -> None:
    """The application with KID-0x proven."""
    application(s)
    challenge = s.ch("5152535455565758")
    proof = f.authentication(s.v, f.root(s.v, f"KID-{number:02d}"), challenge)
    s.expect(s.external(f"{number:02X}", proof.hex()), "9000")


def loading(s: Session, header: str, record: bytes) -> bytes:
    """CREATE KEY or CHANGE KEY for a fresh challenge."""
    return f.loading(s.v, f.root(s.v, "ADF-MK"), s.ch(LOADING), header, record)


def new_key(s: Session, usage_and_id: str, value: bytes) -> bytes:
    return bytes.fromhex(usage_and_id) + bytes((0, s.v.psam)) + bytes(4) + value


def deliver(s: Session, usage: str, id_: str, *factors: bytes, pattern: str = "9000") -> None:
    """DELIVERY SESSION KEY with the conformance challenge as session factor."""
    data = b"".join(factors) + CHALLENGE.ljust(s.v.block, b"\x00")
    s.expect(f"BFDE{usage}{id_}{len(data):02X}{data.hex()}", pattern)


def purchase(s: Session, *factors: bytes) -> str:
    data = PURCHASE.format(fci=s.v.fci).replace(" ", "") + b"".join(factors).hex()
    return f"80700100{len(data) // 2:02X}{data}"


@case("Q01", "P9 §5", fixture="psam", pcsc=True)
def select_application(s: Session) -> None:
    application(s)


@case("Q02", "P9 §5", fixture="psam", pcsc=True)
def second_environment(s: Session) -> None:
    application(s)
    s.expect(SEL2, "6F...9000")
    s.expect(ADF, "6F...9000")
    s.expect(SEL, "6F...9000")


@case("Q03", "P9 §5.2", fixture="psam", pcsc=True)
def card_information(s: Session) -> None:
    s.expect(SEL, "6F...9000")
    s.expect("00B095000F", "65 65010000000000000001 01 03 0001 9000")


@case("Q05", "P9 §5.4", fixture="psam", pcsc=True)
def sequence_is_never_writable(s: Session) -> None:
    level(s, 1)
    s.all(("00D699000400000000", "6982"), ("00B0990004", "0000000x 9000"))


@case("Q06", "P9 §5.5", fixture="psam", pcsc=True)
def national_information(s: Session) -> None:
    application(s)
    s.expect("00D69A000A" + PUBLIC, "6982")
    level(s, 2)
    s.expect("00D69A000A" + PUBLIC, "6982")
    level(s, 1)
    s.all(("00D69A000A" + PUBLIC, "9000"), ("00B09A000A", PUBLIC + "9000"))


@case("Q07", "P9 §9.4, KAT", fixture="psam")
def loading_authentication(s: Session) -> None:
    application(s)
    s.ch("5152535455565758")
    s.expect("0082000110" + s.kat("7B67940C7152CB43", "F985F7A72A0D7097") + ORIGINAL.hex(), "9000")


@case("Q09", "P9 §9.5, KAT", fixture="psam")
def create_key(s: Session) -> None:
    level(s, 1)
    s.ch(LOADING)
    s.expect(s.kat(*CREATE), "9000")
    deliver(s, "27", "24", f.CARD)


@case("Q10", "P9 §9.5, KAT", fixture="psam")
def create_key_with_wrong_mac(s: Session) -> None:
    level(s, 1)
    s.ch(LOADING)
    command = s.kat(*CREATE)
    s.expect(command[:-2] + f"{int(command[-2:], 16) ^ 1:02X}", "6988")
    deliver(s, "27", "24", f.CARD, pattern="6A88")


@case("Q11", "P9 §9.5, KAT", fixture="psam")
def create_key_at_another_level(s: Session) -> None:
    level(s, 2)
    s.ch(LOADING)
    s.expect(s.kat(*CREATE), "6982")


@case("Q12", "P9 §9.5, KAT", fixture="psam", pcsc=True)
def create_key_in_no_key_file(s: Session) -> None:
    level(s, 1)
    s.expect(loading(s, "84D40019", new_key(s, "2724", f.root(s.v, "UK3DF01"))), "6A82")


@case("Q13", "P9 §9.5, KAT", fixture="psam")
def create_key_twice(s: Session) -> None:
    create_key(s)
    level(s, 1)
    s.expect(loading(s, "84D40011", new_key(s, "2724", f.root(s.v, "UK4DF01"))), "6A80")
    answers_with(s, "27", "24", f.diversify(s.v, f.root(s.v, "UK3DF01"), f.CARD))


def answers_with(s: Session, usage: str, id_: str, key: bytes) -> None:
    """The PSAM encrypts under a session key of ``key``."""
    deliver(s, usage, id_, f.CARD)
    wanted = f.encrypt(s.v, f.session(s.v, key, CHALLENGE), ORIGINAL.ljust(s.v.block, b"\x00"))
    s.expect(s.kat(*CIPHER), wanted.hex().upper() + "9000")


@case("Q14", "P9 §9.6, KAT", fixture="psam")
def change_key(s: Session) -> None:
    level(s, 1)
    s.expect(loading(s, "84D40011", new_key(s, "2724", f.root(s.v, "UK4DF01"))), "9000")
    answers_with(s, "27", "24", f.diversify(s.v, f.root(s.v, "UK4DF01"), f.CARD))
    s.ch(LOADING)
    s.expect(s.kat(*CHANGE), "9000")
    answers_with(s, "27", "24", f.diversify(s.v, f.root(s.v, "UK3DF01"), f.CARD))


@case("Q15", "P9 §9.6, KAT", fixture="psam")
def change_an_absent_key(s: Session) -> None:
    level(s, 1)
    s.ch(LOADING)
    s.expect(s.kat(*CHANGE), "6A88")


@case("Q16", "P9 §9.7, KAT", fixture="psam", pcsc=True)
def delivery(s: Session) -> None:
    application(s)
    s.expect(s.kat(*DELIVERY), "9000")


@case("Q17", "P9 §9.7, KAT", fixture="psam", pcsc=True)
def delivery_with_two_factors(s: Session) -> None:
    application(s)
    deliver(s, "28", "42", f.CARD, f.CITY, pattern="6A80")
    deliver(s, "28", "42", f.CARD[:4], pattern="6700")


@case("Q18", "P9 §9.7, KAT", fixture="psam", pcsc=True)
def delivery_of_an_unknown_key(s: Session) -> None:
    application(s)
    deliver(s, "28", "42", f.CARD)
    deliver(s, "28", "4F", f.CARD, pattern="6A88")
    s.expect(s.kat(*CIPHER), "6901")


@case("Q19", "P9 §9.8, KAT", fixture="psam", pcsc=True)
def cipher_data(s: Session) -> None:
    delivery(s)
    raw = bytes.fromhex(s.expect(s.kat(*CIPHER), s.kat(*RAW) + "9000"))
    half = raw if s.v.id == "D" else bytes(a ^ b for a, b in zip(raw[:8], raw[8:], strict=True))
    assert half.hex().upper() == s.kat("99D7C3E766BF3EAF", "AA1B3CF4FB843D3D")


@case("Q21", "P9 §9.8, KAT", fixture="psam", pcsc=True)
def cipher_data_not_whole_blocks(s: Session) -> None:
    delivery(s)
    s.expect("80FA00000711121314151617", "6700")


@case("Q22", "P9 T25", fixture="psam", pcsc=True)
def cipher_data_of_an_unknown_mode(s: Session) -> None:
    delivery(s)
    s.expect("80FA08" + s.kat(*CIPHER)[6:], "6A86")


@case("Q23", "P9 §9.8.2 (K54)", fixture="psam", pcsc=True)
def the_temporary_key_serves_once(s: Session) -> None:
    cipher_data(s)
    s.expect(s.kat(*CIPHER), "6901")


@case("Q25", "P9 T25", fixture="psam", pcsc=True)
def mac_in_one_command(s: Session) -> None:
    delivery(s)
    message = "8424000004 80".replace(" ", "").ljust(2 * s.v.block, "0")
    iv = "00" * s.v.block
    s.expect(f"80FA0500{2 * s.v.block:02X}{iv}{message}", s.kat("FF93707B", "0AFF603D") + "9000")


@case("Q26", "P9 T25", fixture="psam", pcsc=True)
def mac_in_three_commands(s: Session) -> None:
    one, two, three = (f"{0x11 * n:02X}" * s.v.block for n in (1, 2, 3))
    iv = "00" * s.v.block
    delivery(s)
    whole = s.expect(f"80FA0500{4 * s.v.block:02X}{iv}{one}{two}{three}", "...9000")
    delivery(s)
    s.expect(f"80FA0700{2 * s.v.block:02X}{iv}{one}", "9000")
    s.expect(f"80FA0300{s.v.block:02X}{two}", "9000")
    s.expect(f"80FA0100{s.v.block:02X}{three}", whole + "9000")
    assert len(whole) == 8


@case("Q27", "P9 §6.3", fixture="psam", pcsc=True)
def a_mac_key_does_not_encrypt(s: Session) -> None:
    application(s)
    deliver(s, "26", "09", f.CARD)
    s.expect(s.kat(*CIPHER), "6985")


@case("Q29", "P9 §9.9, KAT", fixture="psam", pcsc=True)
def initialize_for_purchase(s: Session) -> None:
    application(s)
    s.expect(purchase(s, f.CARD), "00000005" + s.kat("E28C6551", "A39BC65D") + "9000")


@case("Q30", "P9 §9.9, KAT", fixture="psam", pcsc=True)
def purchase_with_three_factors(s: Session) -> None:
    application(s)
    s.expect(purchase(s, f.CARD, f.CITY, f.PROVINCE), "6A80")
    s.expect(purchase(s, f.CARD), "00000005...9000")


@case("Q31", "P9 §9.10, KAT", fixture="psam", pcsc=True)
def credit_purchase(s: Session) -> None:
    initialize_for_purchase(s)
    s.all(("8072000004" + s.kat("B3FB32BB", "0148C17B"), "9000"), ("807200000400000000", "6901"))
    s.expect(purchase(s, f.CARD), "00000006...9000")
    s.all(("80720000040BAD0BAD", "63CF"), ("80720000040BAD0BAD", "6901"))


@case("Q33", "P9 §9.10, KAT", fixture="psam", pcsc=True)
def credit_without_a_purchase(s: Session) -> None:
    application(s)
    s.expect("807200000400000000", "6901")


@case("Q34", "P9 §5.4", fixture="psam")
def the_sequence_never_repeats(s: Session) -> None:
    seen: list[int] = []
    for write in range(1, 4):
        application(s)
        seen.append(int(s.expect(purchase(s, f.CARD), "...9000")[:8], 16))
        s.reader.controls.tear(write)
        with contextlib.suppress(ReaderError):
            answer = s.send(purchase(s, f.CARD))
            assert answer.endswith("9000")
            seen.append(int(answer[:8], 16))
        s.reset()
    application(s)
    seen.append(int(s.expect(purchase(s, f.CARD), "...9000")[:8], 16))
    assert seen == sorted(set(seen)), seen


@case("Q35", "P9 §9.3", fixture="psam", pcsc=True)
def initialize_environment(s: Session) -> None:
    s.all((SEL, "6F...9000"), ("BFEC00000165", "9000"), ("BFEC0000016A", "6A80"))


NATIONAL = {
    "environments": {"sx1": {"keys": [{"name": "UK1DF01", "usage": "68", "id": "42", "file": "0011"}]}}
}


@case("Q37", "P9 §8", fixture="psam", change=NATIONAL, pcsc=True)
def national_root_only(s: Session) -> None:
    application(s)
    deliver(s, "28", "42", f.CARD, pattern="6A88")
    deliver(s, "48", "42", f.CARD, f.CITY, pattern="6A88")
    deliver(s, "68", "42", f.CARD, f.CITY, f.PROVINCE)
    s.expect(s.kat(*CIPHER), s.kat(*RAW) + "9000")


@case("Q38", "P9 App A", fixture="psam", pcsc=True)
def provincial_identifier_in_the_national_file(s: Session) -> None:
    level(s, 1)
    s.expect(loading(s, "84D40011", new_key(s, "274F", f.root(s.v, "UK3DF01"))), "9000")


@case("Q39", "P9 §9.2.3", fixture="psam", variants="D", pcsc=True)
def challenge_of_sixteen_from_an_8_byte_cipher(s: Session) -> None:
    application(s)
    s.expect("0084000010", "6700")
