"""The functions over a PSAM: basic data, files, and what is refused before anything changes."""

import pytest

from driver.bench import CARD, CODE, HISTORICAL, PIN, TERMINAL, absent, bench
from shebaoka.chip.chip import Chip
from shebaoka.driver.device import Device, Opener
from shebaoka.driver.driver import Driver
from shebaoka.driver.profile import Profile
from shebaoka.driver.work import Equipment
from shebaoka.reader.base import CardMuteError, Reader, ReaderError, ReaderNotFoundError
from shebaoka.reader.dual_interface import DualInterface
from shebaoka.reader.in_process import InProcessReader
from terminal.support import ALGORITHMS, Tap, chip, psam

HOLDER = f"650100|999999199001010016|A00000011|{CODE}|测试|{HISTORICAL}|"
BASIC = f"{HOLDER}2.00|20200101|20300101|{TERMINAL}|TEST-0001|"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("fixture", ["card-2.0", "card-3.0"])
def test_basic_data(algorithm: str, fixture: str) -> None:
    b = bench(algorithm, fixture)
    assert b("iReadCardBas").info == BASIC.replace("2.00", fixture[-3:] + "0")
    assert len(BASIC.encode("gbk")) < 256
    assert not b.powered
    assert not b.driver.waiting


def test_basic_data_of_the_first_generation() -> None:
    """No name extension (4E) on such a card, no algorithm in its FCI."""
    outcome = bench("3des", "card-1.0")("iReadCardBas")
    assert outcome.code == 0
    assert outcome.info.count("|") == 11
    assert outcome.info.split("|")[4] == "测试"


def test_a_long_name_is_joined_of_two_items() -> None:
    name, rest = "一二三四五六七八九十一二三四五", "古丽"
    b = bench(card={"files": {"SSSE": {"EF06": {"09": name, "4E": rest}}}})
    assert b("iReadCardBas").info.split("|")[4] == name + rest


def test_a_card_of_3_0_needs_the_read_key_in_the_psam() -> None:
    """-2203 sends callers to the HSM; a 2.0 card is content with the same PSAM."""
    without = psam("sm4", "", only(IRK))
    assert bench("sm4", "card-3.0", sam=without)("iReadCardBas").code == -2203
    assert bench("sm4", "card-2.0", sam=without)("iReadCardBas").code == 0


IRK = {"name": "IRK", "usage": "27", "id": "08"}


def only(*keys: dict[str, str]) -> dict[str, object]:
    """A PSAM with these keys and no others."""
    tree = {"catalogue": "", "keys": list(keys)}
    return {"environments": {"sx1": tree, "sx2": tree}}


def test_what_a_psam_lacks_has_codes_of_its_own() -> None:
    assert bench("sm4", sam=None)("iReadCardBas").code == -2201
    assert bench("3des", sam=psam("sm4"))("iReadCardBas").code == -2202
    assert bench("sm4", sam=psam("sm4", "", only()))("iReadCardBas").code == -27272
    foreign = psam("sm4", "city", {"terminal_number": "990100000001"})
    assert bench("sm4", sam=foreign)("iReadCardBas").code == -24


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("proof", [1, "2"])
def test_items_come_in_the_skeleton_of_the_address(algorithm: str, proof: object) -> None:
    b = bench(algorithm, "card-3.0", pins=(PIN,), card={"files": {"DF01": {"EF05": {"20": "10"}}}})
    address = "SSSEEF05|05|07|$DF01EF05|20|21|$SSSEEF06|08|09|4E|$"
    outcome = b("iReadCard", iAuthType=proof, pFileAddr=address)
    assert outcome.info == ("SSSEEF05|20200101|A00000011|$DF01EF05|10||$SSSEEF06|999999199001010016|测试||$")
    assert len(b.pad.asked) == (1 if proof == 1 else 0)


def test_a_photo_comes_in_hex() -> None:
    outcome = bench(fixture="card-3.0")("iReadCard", iAuthType=2, pFileAddr="SSSEEF08|$")
    name, photo, end = outcome.info.split("|")
    assert (name, end) == ("SSSEEF08", "$")
    assert len(bytes.fromhex(photo)) == 4096


def test_writing_and_reading_back() -> None:
    b = bench(pins=())
    address = "DF01EF07|29|$SSSEEF06|09|4E|0A|$"
    assert b("iWriteCard", pFileAddr=address, pWriteData="DF01EF07|1|$SSSEEF06|新名|古|2|$").code == 0
    outcome = b("iReadCard", iAuthType=2, pFileAddr=address)
    assert outcome.info == "DF01EF07|1|$SSSEEF06|新名|古|2|$"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("DF01EF07|12345|$SSSEEF06|x|y|$", -42),
        ("DF01EF07|1|$SSSEEF06|" + "长" * 16 + "||$", -42),
        ("DF01EF07|1|$SSSEEF06|\x07||$", -41),
        ("DF01EF07|1|$SSSEEF06|𠮷||$", -41),
        ("DF01EF07|1|$", -23),
        ("DF01EF08|1|$SSSEEF06|x||$", -23),
    ],
)
def test_one_wrong_value_and_nothing_is_written(data: str, code: int) -> None:
    b = bench()
    before = b.state
    assert b("iWriteCard", pFileAddr="DF01EF07|29|$SSSEEF06|09|4E|$", pWriteData=data).code == code
    assert b.state == before
    assert not b.tap.sent("00DC")
    assert not b.powered


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"iType": 5}, -1),
        ({"iType": "x"}, -14),
        ({"iType": True}, -14),
        ({"iType": [1]}, -14),
        ({"iAuthType": 3}, -14),
        ({"pFileAddr": ""}, -23),
        ({"pFileAddr": "DF01EF05|99|$"}, -27267),
        ({"pFileAddr": "DF09EF05|20|$"}, -27266),
        ({"pFileAddr": "DF01EF3F|20|$"}, -27266),
        ({"pCardInfo": f"{CODE}|A0000001|"}, -23),
        ({"pCardInfo": f"{CODE[1:]}|A00000011|"}, -20),
        ({"pCardInfo": f"{CODE}|B00000011|"}, -22),
        ({"pCardInfo": f"98{CODE[2:]}|A00000011|"}, -22),
    ],
)
def test_parameters_that_are_refused(given: dict[str, object], code: int) -> None:
    b = bench(pins=(PIN,))
    outcome = b("iReadCard", **{"iAuthType": 2, "pFileAddr": "DF01EF05|20|$", **given})
    assert outcome.code == code
    assert outcome.info
    assert not b.powered


def test_a_missing_parameter_and_an_unknown_function() -> None:
    b = bench()
    assert b("iReadCard", iAuthType=2).code == -14
    assert b("iReadNothing").code == -13
    assert b("iReadCardBas", iType="1").code == 0


def test_a_copy_is_refused_before_any_pin() -> None:
    false = {"keys": {"card": {"IRK": {str(n): "00112233445566778899AABBCCDDEEFF" for n in (1, 2, 3)}}}}
    b = bench(card=false, pins=(PIN,))
    for name, given in (
        ("iReadCardBas", {}),
        ("iVerifyPIN", {}),
        ("iReadCard", {"iAuthType": 1, "pFileAddr": "DF01EF05|20|$"}),
    ):
        assert b(name, **given).code == -21
    assert not b.pad.asked
    assert all(len(command) == 5 for command in b.tap.sent("0020"))  # only the question whether a PIN is set


def opener(reader: Reader) -> Opener:
    return lambda: reader


def test_contact_and_contactless() -> None:
    """3 takes the contact slot first, 4 the antenna; the other one when the first has no card."""
    card = DualInterface(chip("card-2.0-sm4"))
    ways = {"contact": Tap(card.contact), "contactless": Tap(card.contactless)}

    def used(card_type: int, *there: str) -> str:
        slots = {name: opener(ways[name]) if name in there else absent for name in ways}
        for tap in ways.values():
            tap.commands.clear()
        device = Device(slots["contact"], slots["contactless"], lambda: InProcessReader(psam("sm4")))
        outcome = Driver(Equipment(device)).call("iReadCardBas", {"iType": card_type})
        worked = [name for name, tap in ways.items() if tap.commands]
        return worked[0] if outcome.code == 0 else str(outcome.code)

    both = ("contact", "contactless")
    assert [used(t, *both) for t in (1, 2, 3, 4)] == ["contact", "contactless", "contact", "contactless"]
    assert [used(t, "contactless") for t in (1, 2, 3, 4)] == ["-2", *["contactless"] * 3]
    assert [used(t, "contact") for t in (1, 2, 3, 4)] == ["contact", "-2", "contact", "contact"]


@pytest.mark.parametrize(
    ("error", "code"),
    [(ReaderNotFoundError("none"), -11), (CardMuteError("mute"), -3), (ReaderError("gone"), -2)],
)
def test_what_a_reader_says(error: ReaderError, code: int) -> None:
    def slot() -> Reader:
        raise error

    assert Driver(Equipment(Device(slot))).call("iReadCardBas", {"iType": 1}).code == code
    assert Driver(Equipment(Device())).call("iReadCardBas", {"iType": 1}).code == -11


class Torn(Tap):
    """A card pulled out at the first READ RECORD of the holder's data."""

    def transmit(self, apdu: bytes) -> bytes:
        if apdu.startswith(bytes.fromhex("00A40200")):
            raise ReaderError("pulled")
        return super().transmit(apdu)


def test_a_card_pulled_midway_does_not_answer() -> None:
    b = bench()
    device = Device(lambda: Torn(b.tap.reader), psam=lambda: InProcessReader(psam("sm4")))
    assert Driver(Equipment(device)).call("iReadCardBas", {"iType": 1}).code == -4


def test_other_kinds_of_cards() -> None:
    def answer(card: Chip) -> int:
        device = Device(lambda: InProcessReader(card), psam=lambda: InProcessReader(psam("sm4")))
        return Driver(Equipment(device)).call("iReadCardBas", {"iType": 1}).code

    assert answer(psam("sm4")) == -1
    b = bench("sm4", card={"fci_algorithm": "SSF33"})
    assert b("iReadCardBas").code == -2202


def test_vendor_switches() -> None:
    thirteen = bench(profile=Profile(basic="thirteen"))("iReadCardBas").info
    assert thirteen == (
        f"{CODE}|3|2.00|915600000265010065010001|20200101|20300101|A00000011|999999199001010016|测试|1|01|650100|"
        "19900101|"
    )
    own = Profile(fields=("card-number", "name"), separator=":", reset="whole", wrong_type=-14)
    assert bench(profile=own)("iReadCardBas").info == "A00000011:测试:"
    assert bench(profile=own)("iReadCardBas", iType=7).code == -14
    whole = Profile(fields=("reset",), reset="tail")
    assert bench(profile=whole)("iReadCardBas").info == f"{HISTORICAL}|"
    assert CARD.startswith(CODE)
