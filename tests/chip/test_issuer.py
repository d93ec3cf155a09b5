"""The issuer dialect: rights, creation, key loading, data, life cycle."""

import pytest

from chip.build import (
    AID,
    FREE,
    HISTORICAL,
    ORIGINAL,
    SSSE,
    TRANSPORT,
    VARIANTS,
    Algorithm,
    Entry,
    Loader,
    apdu,
    key,
    material,
    pin_entry,
    root,
)
from shebaoka.card.card import blank_card, open_card
from shebaoka.chip.image import ImageError
from shebaoka.chip.keys import Role
from shebaoka.chip.profile import FIELD
from shebaoka.chip.store import MemoryStore
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.psam.psam import open_psam

DDF = bytes.fromhex("87010188011E")


def blank(algorithm: Algorithm = Algorithm.TDES) -> Loader:
    chip = blank_card(MemoryStore(), historical=HISTORICAL, algorithm=algorithm, transport_key=TRANSPORT)
    return Loader(chip, algorithm)


def inside(algorithm: Algorithm = Algorithm.TDES) -> Loader:
    """A card with an SSSE just created, its master right held."""
    loader = blank(algorithm)
    assert loader.authenticate_master() == 0x9000
    loader.directory(0xDD01, SSSE, bytes((0x87, 1, algorithm.fci or 0)))
    return loader


def external(
    identifier: int, version: int = 1, limit: int = 3, algorithm: Algorithm = Algorithm.TDES
) -> Entry:
    return Entry(Role.EXTERNAL, identifier, material(root("UKSSSE", algorithm)), algorithm, version, limit)


@pytest.mark.parametrize(
    "command",
    [
        "80E0000009620782013883020001",
        "80DA9F010D" + "00" * 13,
        "80DA9F7F0101",
        "8044000000",
        "80E4000000",
        "84D800001C" + "00" * 28,
    ],
)
def test_everything_needs_the_master_right(command: str) -> None:
    loader = blank()
    before = dict(loader.chip.state)
    loader.challenge()
    assert loader.sw(command) == 0x6982
    assert dict(loader.chip.state) == before


def test_ten_wrong_proofs_lock_the_master_key_for_good() -> None:
    loader = blank()
    wrong = SoftwareCipher(Algorithm.TDES, bytes(16))
    assert loader.sw(apdu(0x80, 0x82, 0, 0, bytes(16))) == 0x6984
    assert [loader.authenticate_master(wrong) for _ in range(3)] == [0x63C9, 0x63C8, 0x63C7]
    assert loader.authenticate_master() == 0x9000
    assert [loader.authenticate_master(wrong) for _ in range(10)][-1] == 0x63C0
    assert loader.authenticate_master() == 0x6983
    loader.chip.reset()
    assert loader.authenticate_master() == 0x6983


def test_a_wrong_proof_ends_the_right() -> None:
    loader = inside()
    loader.authenticate_master(SoftwareCipher(Algorithm.TDES, bytes(16)))
    assert loader.write_keys(external(4)) == 0x6982


def test_the_right_does_not_pass_down_or_up() -> None:
    loader = inside()
    loader.directory(0xDF01, AID)
    loader.select(SSSE)
    assert loader.write_keys(external(4)) == 0x6982
    assert loader.authenticate_master() == 0x9000
    loader.select(AID)
    assert loader.write_keys(external(0x84)) == 0x6982


def test_fci_without_algorithm_and_with_ssf33() -> None:
    loader = blank()
    loader.authenticate_master()
    loader.directory(0xDD01, SSSE, b"\x88\x01\x1e")
    assert loader.select(SSSE).hex().upper().endswith("A50388011E")
    loader.ok("00A40000")
    loader.authenticate_master()
    loader.directory(0xDD02, b"another", b"\x87\x01\x02")
    assert loader.select(b"another").hex().upper().endswith("9F0C03860102")
    assert loader.authenticate_master() == 0x9000  # the cipher of the directory above


@pytest.mark.parametrize(
    "template",
    [
        "",
        "6100",
        "6203820138",
        "62078201388302DF",
        "6207820138830200 00",
        "62078201058302EF05",
        "620A82010183 02EF05800101 FF",
        "620B82010183 02EF05 8001018C0112",
        "620B82010283 02EF05 86020000 00",
        "620B82010183 02EF05 8002FFFF",
        "62098201388302DF01840141",
        "620A82010183 02EF0588011F",
    ],
)
def test_malformed_parameters_change_nothing(template: str) -> None:
    loader = inside()
    before = dict(loader.chip.state)
    assert loader.sw(apdu(0x80, 0xE0, 0, 0, bytes.fromhex(template))) in (0x6A80, 0x6700)
    assert dict(loader.chip.state) == before


def test_identifiers_and_names_are_unique() -> None:
    loader = inside()
    loader.file(0xEF05, 4, FREE, FREE)
    with pytest.raises(AssertionError, match="6A80"):
        loader.file(0xEF05, 1, FREE, FREE)
    with pytest.raises(AssertionError, match="6A80"):  # its short identifier is that of EF05
        loader.file(0x1C05, 1, FREE, FREE)
    loader.directory(0xDF01, AID)
    loader.select(SSSE)
    loader.authenticate_master()
    with pytest.raises(AssertionError, match="6A80"):
        loader.directory(0xDF02, AID)
    with pytest.raises(AssertionError, match="6A80"):
        loader.directory(0xDF01, b"other name")


def test_depth_is_limited() -> None:
    loader = inside()
    loader.directory(0xDF01, b"level 2")
    loader.directory(0xDF02, b"level 3")
    with pytest.raises(AssertionError, match="6A84"):
        loader.directory(0xDF03, b"level 4")


@pytest.mark.parametrize("algorithm", VARIANTS)
def test_keys_are_created_once_and_replaced_only_when_there(algorithm: Algorithm) -> None:
    loader = inside(algorithm)
    entry = external(4, algorithm=algorithm)
    assert loader.write_keys(entry, p1=1) == 0x6A88
    assert loader.write_keys(entry) == 0x9000
    assert loader.write_keys(entry) == 0x6A80
    assert loader.authenticate(4, root("UKSSSE", algorithm)) == 0x9000
    assert loader.authenticate_master() == 0x9000
    other = Entry(Role.EXTERNAL, 4, material(root("BK", algorithm)), algorithm)
    assert loader.write_keys(other, p1=1) == 0x9000
    assert loader.authenticate(4, root("UKSSSE", algorithm)) == 0x63C2
    assert loader.authenticate(4, root("BK", algorithm)) == 0x9000


def test_loading_needs_a_fresh_challenge_and_a_right_mac() -> None:
    loader = inside()
    challenge = loader.challenge()
    command = loader.key_command((external(4),), 0, 0, challenge)
    broken = command[:-1] + bytes((command[-1] ^ 1,))
    before = dict(loader.chip.state)
    assert loader.sw(broken) == 0x6988
    assert loader.sw(command) == 0x6984
    assert dict(loader.chip.state) == before


def test_all_entries_or_none() -> None:
    loader = inside()
    before = dict(loader.chip.state)
    assert loader.write_keys(external(4), external(0x85)) == 0x6A80
    assert loader.write_keys(external(4), external(4)) == 0x6A80
    assert dict(loader.chip.state) == before
    assert loader.write_keys(*(external(number) for number in range(1, 11))) == 0x9000


@pytest.mark.parametrize(
    "entry",
    [
        Entry(0x0E, 1, bytes(16), Algorithm.TDES),
        Entry(Role.MASTER, 1, bytes(16), Algorithm.TDES),
        Entry(Role.MAINTENANCE, 2, bytes(range(16)), Algorithm.DES),
        Entry(Role.EXTERNAL, 0x00, bytes(16), Algorithm.TDES),
        Entry(Role.EXTERNAL, 0x14, bytes(16), Algorithm.TDES),
        Entry(Role.EXTERNAL, 0x84, bytes(16), Algorithm.TDES),
        pin_entry("12"),
        pin_entry("123456", limit=0),
        Entry(Role.PIN, 0, b"\x0f" + bytes(15), Algorithm.TDES, limit=3),
    ],
    ids=repr,
)
def test_bad_entries(entry: Entry) -> None:
    loader = inside()
    assert loader.write_keys(entry) == 0x6A80


def test_an_unavailable_cipher_is_a_clean_refusal() -> None:
    loader = inside()
    assert loader.write_keys(Entry(Role.INTERNAL, 0, bytes(16), Algorithm.SSF33)) == 0x9000
    assert loader.sw(apdu(0, 0x88, 0, 0, bytes(16))) == 0x6985


def test_master_key_replacement() -> None:
    loader = inside()
    new = root("DDF-MK", Algorithm.TDES)
    entry = Entry(Role.MASTER, 0, material(new), Algorithm.TDES)
    assert loader.write_keys(entry, p1=0, p2=1) == 0x6A80
    assert loader.write_keys(entry, p1=1, p2=1) == 0x9000
    loader.chip.reset()
    loader.select(SSSE)
    assert loader.authenticate_master() == 0x63C9
    loader.master = new
    assert loader.authenticate_master() == 0x9000
    loader.ok("00A40000")
    assert loader.authenticate_master() == 0x63C9  # the MF still has its own
    loader.master = SoftwareCipher(Algorithm.TDES, TRANSPORT)
    assert loader.authenticate_master() == 0x9000


def test_raw_content_until_activation() -> None:
    loader = inside()
    loader.file(0xEF08, 6, FREE, b"\xff", b"\x03\x02")
    loader.raw(b"abc", b"def", b"ghi")
    assert loader.ok("00B2010403") == b"ghi"
    assert loader.ok("00B2020403") == b"def"
    loader.file(0xEF07, 1, FREE, b"\xff", b"\x00\x06")
    loader.raw(b"1234", b"56")
    assert loader.sw("80DA9F7F0137") == 0x6A84
    assert loader.ok("00B0000006") == b"123456"
    loader.file(0xEF09, 8, FREE, FREE)
    assert loader.sw("80DA9F7F0137") == 0x6981
    assert loader.sw("80DA9F7E0137") == 0x6A88
    assert loader.sw("80DA9F010137") == 0x6A80
    loader.ok("80DA9F010D" + "11" * 13)
    assert loader.chip.reset()[4:] == b"\x11" * 13
    loader.select(SSSE)
    loader.authenticate_master()
    loader.ok("8044000000")
    loader.ok("00A4020002EF07")
    assert loader.sw("80DA9F7F0137") == 0x6982


def test_delete_structure_starts_over() -> None:
    loader = inside()
    new = Entry(Role.MASTER, 0, material(root("MF-MK", Algorithm.TDES)), Algorithm.TDES)
    assert loader.sw("80E4000000") == 0x6985
    loader.ok("00A40000")
    loader.authenticate_master()
    assert loader.write_keys(new, p1=1, p2=1) == 0x9000
    loader.ok("80E4000000")
    assert loader.sw(apdu(0, 0xA4, 4, 0, SSSE)) == 0x6A82
    assert loader.sw("80E4000000") == 0x6982
    assert dict(loader.chip.state) == dict(blank().chip.state)
    assert loader.authenticate_master() == 0x9000
    loader.directory(0xDD01, SSSE, DDF)


def test_blank_cards_check_their_parameters() -> None:
    good = {"historical": HISTORICAL, "algorithm": Algorithm.TDES, "transport_key": TRANSPORT}
    for change in ({"historical": b"short"}, {"algorithm": Algorithm.DES}, {"transport_key": b"short"}):
        with pytest.raises(ValueError, match="not"):
            blank_card(MemoryStore(), **(good | change))  # type: ignore[arg-type]
    store = MemoryStore()
    blank_card(store, profile=FIELD, **good)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="already"):
        blank_card(store, **good)  # type: ignore[arg-type]
    assert open_card(store).profile == FIELD
    with pytest.raises(ImageError, match="no PSAM"):
        open_psam(store)


def test_a_pin_of_another_ddf_does_not_open_this_one() -> None:
    loader = inside()
    loader.write_keys(pin_entry("123456"))
    loader.file(0xEF05, 1, b"\x01", key(4))
    loader.ok("00A40000")
    loader.authenticate_master()
    loader.directory(0xDD02, b"other")
    loader.write_keys(pin_entry("654321"))
    loader.file(0xEF05, 1, b"\x01", key(4))
    loader.select(SSSE)
    loader.ok("0020000003123456")
    assert loader.sw("00B0850001") == 0x9000
    loader.select(b"other")
    assert loader.sw("00B0850001") == 0x6982
    loader.select(SSSE)
    assert loader.sw("00B0850001") == 0x9000


def test_original_information_is_what_was_signed() -> None:
    loader = blank()
    challenge = loader.challenge()
    assert len(challenge) == 8
    assert loader.sw(apdu(0x80, 0x82, 0, 0, bytes(8) + ORIGINAL)) == 0x63C9
