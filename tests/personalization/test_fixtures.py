"""Cards and PSAMs from fixture files: what they hold, and one clear line for what is wrong."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from conformance import formulas as f
from shebaoka.chip.store import MemoryStore, load_image
from shebaoka.personalization.fixtures import FixtureError, build_fixture
from shebaoka.reader.base import ReaderError
from shebaoka.reader.dual_interface import DualInterface
from shebaoka.reader.images import open_chip
from shebaoka.reader.in_process import InProcessReader
from shebaoka.terminal.psam_keys import PsamKeys
from shebaoka.terminal.reading import read_file
from shebaoka.terminal.settings import CHINA, Settings
from shebaoka.terminal.terminal import Terminal

FOLDER = Path(__file__).parents[2] / "examples" / "fixtures"
SHIPPED = sorted(FOLDER.glob("*.toml"))
SEL = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF00"


def card(**changes: Any) -> dict[str, Any]:
    return tomllib.loads((FOLDER / "card-2.0-3des.toml").read_text(encoding="utf-8")) | changes


def psam(**changes: Any) -> dict[str, Any]:
    return tomllib.loads((FOLDER / "psam-3des.toml").read_text(encoding="utf-8")) | changes


class Talk:
    """A reader of a built chip: hex in, hex out."""

    def __init__(self, source: Path | dict[str, Any]) -> None:
        self.chip = build_fixture(source)
        self.reader = InProcessReader(self.chip)
        self.reader.reset()

    def __call__(self, command: str) -> str:
        return self.reader.transmit(bytes.fromhex(command)).hex().upper()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_fixture_builds_an_image_that_can_be_read_again(path: Path, tmp_path: Path) -> None:
    chip = build_fixture(path)
    assert isinstance(chip.store, MemoryStore)
    image = tmp_path / "chip.img"
    chip.store.save(image)
    assert image.stat().st_mode & 0o777 == 0o600
    assert b"TEST_ONLY" in image.read_bytes()[:200]
    assert load_image(image).state == chip.state


def test_the_shipped_set_is_complete() -> None:
    names = {path.stem for path in SHIPPED}
    assert names >= {"card-1.0-3des", "card-2.0-3des", "card-2.0-sm4", "card-3.0-3des", "card-3.0-sm4"}
    assert names >= {"psam-3des", "psam-sm4"}


def test_items_not_given_are_blank_records() -> None:
    talk = Talk(card())
    talk(SEL)
    talk("00A4040006D1560000050000")
    assert talk("0020000003123456") == "9000"
    assert talk("00B201AC03") == "2A01FF9000"
    assert talk("00B202AC36") == "4034" + "5703000000" + "5803FFFFFF" + "5928" + "00" * 40 + "9000"


def test_without_blank_records_only_given_items_exist() -> None:
    talk = Talk(card(blank_records=False, files={"DF01": {"EF08": {"2b": "1"}}}))
    talk(SEL)
    assert talk("00B2012C00") == "6A83"
    talk("00A4040006D1560000050000")
    talk("0020000003123456")
    assert talk("00B2014403") == "2B01319000"


def test_values_of_every_kind_of_file() -> None:
    job = {"Occupation": "1010100", "Start of employment": "20200101", "Employer": "测试厂"}
    degrees = [{"57": "081", "58": "202007"}, {"59": "某大学"}]
    photo = "FFD8FF" + "00" * 500
    files = {
        "SSSE": {"EF08": {"content": photo}},
        "DF01": {"EF15": {"40": degrees}},
        "DF02": {"EF07": {"records": [job, {"hex": "31" * 85}]}},
    }
    talk = Talk(card(files=files))
    talk(SEL)
    talk("00A4040006D1560000050100")
    talk("0020000003123456")
    assert talk("00B2013C55") == "31" * 85 + "9000"
    assert talk("00B2023C55").startswith("31303130313030" + "20200101" + "FFFFFFFF" + "B2E2CAD4B3A7")
    assert talk("00B2033C00") == "6A83"
    talk(SEL)
    talk("00A4040006D1560000050000")
    assert talk("00B203AC36").startswith("4034" + "5703000000" + "5803FFFFFF" + "5928" + "C4B3B4F3D1A7")


def test_explicit_roots_and_card_keys() -> None:
    root = "000102030405060708090A0B0C0D0E0F"
    own = "F0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF"
    talk = Talk(card(keys={"roots": {"IRK": {"1": root}}, "card": {"BK": {"1": own}}}))
    talk(SEL)
    factor, original = "0102030405060708", "1112131415161718"
    key = bytes.fromhex(root)
    for step in f.STEPS:
        key = f.diversify(f.D, key, step)
    wanted = f.authentication(f.D, key, bytes.fromhex(factor)).hex().upper()
    assert talk("0088000010" + factor + original + "08") == wanted + "9000"
    challenge = bytes.fromhex(talk("0084000008"))[:8]
    proof = f.authentication(f.D, bytes.fromhex(own), challenge).hex()
    assert talk("0082000510" + proof + original) == "9000"


def test_without_rule_every_key_must_be_given() -> None:
    with pytest.raises(FixtureError, match=r"keys\.roots\..*: missing, and no rule"):
        build_fixture(card(keys={"rule": "none"}))


def test_no_pin_and_limits() -> None:
    talk = Talk(card(pin={"value": "", "limit": 3}, keys={"limit": 5, "limits": {"UK1DF01": 2}}))
    talk(SEL)
    assert talk("0020000000") == "9000"
    assert talk("0020000003123456") == "63C2"
    talk("00A4040006D1560000050000")
    for id_, left in (("83", "63C1"), ("84", "63C4")):
        talk("0084000008")
        assert talk(f"008200{id_}10" + "00" * 16) == left


def test_a_card_not_activated_still_takes_raw_content() -> None:
    for activated, answer in ((False, "9000"), (True, "6982")):
        talk = Talk(card(activated=activated, blank_records=False, files={}))
        talk("00A40000")
        challenge = bytes.fromhex(talk("0084000008"))[:8]
        key = f.card_key(f.D, "SSSE-MK")
        talk(SEL)
        challenge = bytes.fromhex(talk("0084000008"))[:8]
        proof = f.authentication(f.D, key, challenge, bytes(8)).hex()
        assert talk("8082000010" + proof + "00" * 8) == "9000"
        talk("00A4020002EF06")
        assert talk("80DA9F7F030A0131") == answer


def test_a_local_extension_gets_its_file_and_key() -> None:
    extension = Path(__file__).parents[2] / "examples" / "extensions" / "990100-city-services.toml"
    data = card(extensions=[str(extension)], city_code="990100")
    talk = Talk(data)
    talk(SEL)
    names = [talk(f"00B2{n:02X}F400") for n in range(1, 8)]
    assert sum(answer.startswith("6C") for answer in names) >= 5


def test_a_psam_with_the_whole_catalogue_at_one_level() -> None:
    talk = Talk(psam(environments={"sx1": {"algorithm": "3DES", "catalogue": "province"}}))
    talk(SEL)
    talk("00A4040006D1560000059000")
    factors = f.CARD.hex() + f.CITY.hex()
    for usage, id_, wanted in (("47", "2B", "9000"), ("48", "42", "9000"), ("28", "42", "6A88")):
        steps = 2 if usage[0] == "4" else 1
        data = factors[: 16 * steps] + "21222324252627" + "28"
        assert talk(f"BFDE{usage}{id_}{len(data) // 2:02X}{data}") == wanted, (usage, id_)


BROKEN_CARDS = {
    "kind: must be": {"kind": "purse"},
    r"layout: unknown card generation": {"layout": "4.0"},
    r"algorithm: .*SSF33.* cannot be built": {"algorithm": "SSF33"},
    "historical_bytes: must be 13 bytes": {"historical_bytes": "0081"},
    "city_code: must be six digits": {"city_code": "65010"},
    "interface: must be": {"interface": "magnetic"},
    r"pin\.value: must be 4 to 16 digits": {"pin": {"value": "123"}},
    r"Object contains unknown field `colour`": {"colour": "red"},
    r"keys\.versions\.UK1DF09": {"keys": {"versions": {"UK1DF09": 3}}},
    r"keys\.roots\.STK\.1: DES needs 8 bytes, not 16": {"keys": {"roots": {"STK": {"1": "00" * 16}}}},
    r"keys\.roots\[\.\.\.\]\[\.\.\.\]: must be hexadecimal digits": {"keys": {"roots": {"STK": {"1": "XY"}}}},
    r"medical\.start_day: must be a day": {"medical": {"start_day": "1301"}},
    r"medical\.log_record_length: is 20 or 28": {"medical": {"log_record_length": 24}},
    r"files\.DF09: is no file": {"files": {"DF09": {"EF05": {}}}},
    r"files\.DF01\.EF77: is no file": {"files": {"DF01": {"EF77": {}}}},
    r"files\.DF01\.EF07\.2A: is not known here; the file takes 29": {
        "files": {"DF01": {"EF07": {"2A": "1"}}}
    },
    r"files\.SSSE\.EF06\.09: .*𠮷": {"files": {"SSSE": {"EF06": {"09": "𠮷"}}}},
    r"files\.SSSE\.EF06\.0D: .*date": {"files": {"SSSE": {"EF06": {"0D": "19901301"}}}},
    r"files\.DF01\.EF15\.40: 4 values, the file holds 3": {"files": {"DF01": {"EF15": {"40": [{}] * 4}}}},
    r"files\.SSSE\.EF05\.01: needs 16 bytes, not 2": {"files": {"SSSE": {"EF05": {"01": {"hex": "0102"}}}}},
    r"files\.SSSE\.EF05\.02: hex must be": {"files": {"SSSE": {"EF05": {"02": {"hex": "3"}}}}},
    r"files\.DF02\.EF07: .*no field 'Employee'": {
        "files": {"DF02": {"EF07": {"records": [{"Employee": "x"}]}}}
    },
    r"extensions: .*absent\.toml": {"extensions": ["absent.toml"]},
}


@pytest.mark.parametrize(("line", "change"), BROKEN_CARDS.items(), ids=list(BROKEN_CARDS))
def test_what_is_wrong_with_a_card_is_one_line(line: str, change: dict[str, Any]) -> None:
    with pytest.raises(FixtureError, match=line) as caught:
        build_fixture(card(**change))
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("fixture: ")


BROKEN_PSAMS: dict[str, dict[str, Any]] = {
    r"environments\.sx3: is none of sx1, sx2": {"environments": {"sx3": {"algorithm": "3DES"}}},
    r"environments: a PSAM needs": {"environments": {}},
    r"environments\.sx1\.algorithm": {"environments": {"sx1": {"algorithm": "SSF33"}}},
    r"key XK: is no key": {
        "environments": {"sx1": {"algorithm": "SM4", "keys": [{"name": "XK", "usage": "28", "id": "42"}]}}
    },
    r"usage 08": {
        "environments": {"sx1": {"algorithm": "SM4", "keys": [{"name": "IRK", "usage": "08", "id": "08"}]}}
    },
    "terminal_number": {"terminal_number": "65010000000"},
    "next_sequence": {"next_sequence": 0},
}


@pytest.mark.parametrize(("line", "change"), BROKEN_PSAMS.items(), ids=list(BROKEN_PSAMS))
def test_what_is_wrong_with_a_psam_is_one_line(line: str, change: dict[str, Any]) -> None:
    with pytest.raises(FixtureError, match=line) as caught:
        build_fixture(psam(**change))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "line"),
    [(b"kind = card", "malformed TOML"), (b"\xff\xfe", "not UTF-8"), (b"", "kind: must be")],
)
def test_a_malformed_file_is_named(tmp_path: Path, content: bytes, line: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    with pytest.raises(FixtureError, match=line) as caught:
        build_fixture(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match=r"none\.toml: cannot be read"):
        build_fixture(tmp_path / "none.toml")


def test_a_wrong_pin_is_not_repeated_in_the_message() -> None:
    with pytest.raises(FixtureError) as caught:
        build_fixture(card(pin={"value": "73a9"}))
    assert "73a9" not in str(caught.value)


@pytest.mark.parametrize("algorithm", ["3des", "sm4"])
@pytest.mark.parametrize("level", ["nation", "province", "city"])
def test_a_shipped_psam_of_any_level_opens_the_shipped_cards(level: str, algorithm: str) -> None:
    card_reader = InProcessReader(build_fixture(FOLDER / f"card-3.0-{algorithm}.toml"))
    psam_reader = InProcessReader(build_fixture(FOLDER / f"psam-{level}.toml"))
    psam_reader.reset()
    settings = Settings(clock=lambda: datetime(2026, 1, 1, tzinfo=CHINA))
    session = Terminal(card_reader, PsamKeys(psam_reader), settings).open()
    assert session.authentic
    holder = read_file(session, "SSSE", 0xEF06)
    assert holder.value(0x09) == "测试"


@pytest.mark.parametrize("interface", ["contact", "contactless", "dual"])
def test_the_interface_decides_where_a_card_answers(interface: str, tmp_path: Path) -> None:
    built = build_fixture(card(interface=interface))
    assert isinstance(built.store, MemoryStore)
    built.store.save(tmp_path / "card.img")
    chip = open_chip(tmp_path / "card.img")
    both = DualInterface(chip)
    ways = {"contact": both.contact, "contactless": both.contactless}
    for name, reader in ways.items():
        if interface in ("dual", name):
            assert reader.reset().endswith(bytes.fromhex("1234650100000001"))
            assert reader.transmit(bytes.fromhex(SEL))[-2:] == b"\x90\x00"
        else:
            with pytest.raises(ReaderError, match=f"no {name} interface"):
                reader.reset()
    assert InProcessReader(chip).reset()[0] == (0x12 if interface == "contactless" else 0x3B)
