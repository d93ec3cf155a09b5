"""Query of application data by every route: free, PIN, key from a PSAM of any level, key from a vault."""

import pytest

from shebaoka.chip.profile import FIELD, Profile
from shebaoka.codec.fci import Fci
from shebaoka.reader.dual_interface import DualInterface
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.conditions import parse_condition
from shebaoka.terminal import errors
from shebaoka.terminal.applications import applications
from shebaoka.terminal.reading import all_files, read_file, read_files, read_item
from shebaoka.terminal.rights import Route, ways
from shebaoka.terminal.session import PinState
from shebaoka.terminal.settings import Settings
from shebaoka.terminal.terminal import Terminal
from terminal.support import ALGORITHMS, LEVELS, PIN, bench, chip, vault_keys

HOUSEHOLD = {"files": {"DF01": {"EF05": {"21": "示例甲省示例甲市一号", "20": "10", "0E": "650100"}}}}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("level", LEVELS)
def test_everything_is_read_with_pin_and_psam_of_one_level(algorithm: str, level: str) -> None:
    place = bench(algorithm, level=level, card=HOUSEHOLD)
    before = place.state
    session = place.open()
    files = all_files(session)
    read, failed = read_files(session, files, code=PIN, route=Route.KEY)
    assert not failed
    assert list(read) == files
    assert read["DF01", 0xEF05].value(0x21) == "示例甲省示例甲市一号"
    assert read["SSSE", 0xEF06].value(0x08) == "999999199001010016"
    assert len(read["SSSE", 0xEF08].data) == 0x1000
    assert len(read["DF01", 0xEF16].data) == 0x128
    assert not [i for file in read.values() for i in file.items() if i.problem]
    assert not [r for file in read.values() for r in file.records if r.problem]
    assert place.state == before


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_everything_is_read_with_vault_keys(algorithm: str) -> None:
    session = bench(algorithm, keys=vault_keys()).open()
    read, failed = read_files(session, all_files(session), code=PIN, route=Route.KEY)
    assert not failed
    assert len(read) == 37


def test_free_file_needs_nothing() -> None:
    place = bench()
    session = place.open()
    place.tap.commands.clear()
    assert read_file(session, "SSSE", 0xEF06).value(0x09) == "测试"
    assert not place.tap.sent("0082")
    assert not place.tap.sent("0020")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_pin_route_uses_no_key(algorithm: str) -> None:
    place = bench(algorithm, card=HOUSEHOLD)
    session = place.open()
    place.tap.commands.clear()
    reading = read_file(session, "DF01", 0xEF05, code=PIN, route=Route.PIN)
    assert reading.value(0x0E) == "650100"
    assert not place.tap.sent("0082")
    assert len(place.tap.sent("0020")) == 1
    read_file(session, "DF04", 0xEF05, route=Route.PIN)  # the PIN counts until power off (K21)
    assert len(place.tap.sent("0020")) == 1


def test_third_generation_protects_the_holder_by_a_key() -> None:
    place = bench("sm4", fixture="card-3.0")
    session = place.open()
    assert read_file(session, "SSSE", 0xEF06).value(0x08) == "999999199001010016"
    assert session.proven == {"RKSSSE"}


def test_without_pin_or_key_the_reasons_are_given_and_nothing_is_sent() -> None:
    place = bench(
        level="", sam={"environments": {"sx1": {"keys": [{"name": "IRK", "usage": "27", "id": "08"}]}}}
    )
    session = place.open()
    before, sent = place.state, len(place.tap.commands)
    with pytest.raises(errors.AccessError) as caught:
        read_file(session, "DF01", 0xEF05)
    assert place.state == before
    error = caught.value
    assert "PIN or RK1DF01" in error.text()
    assert "PIN, RK1DF01" in error.text()
    assert "RK1DF01" in error.text("zh")
    assert "2E 2x (city)" in error.text()
    assert "须先输入个人密码" in error.text("zh")
    assert not [c for c in place.tap.commands[sent:] if c[1] in (0x82, 0x20, 0xB2)]


def test_and_condition_needs_both() -> None:
    place = bench()
    session = place.open()
    with pytest.raises(errors.AccessError, match="PIN and RK1DF04"):
        read_file(session, "DF04", 0xEF06)
    assert read_file(session, "DF04", 0xEF06, code=PIN).value(0x90) is not None
    assert session.proven == {"RK1DF04"}


def test_one_wrong_pin_is_one_try_and_ends_the_list() -> None:
    place = bench()
    session = place.open()
    with pytest.raises(errors.WrongPinError) as caught:
        read_files(session, all_files(session), code="999999", route=Route.PIN)
    assert caught.value.tries_left == 5
    assert len(place.tap.sent("0020000003")) == 1


def test_key_of_another_card_is_explained_with_level_and_psam() -> None:
    wrong = {"name": "RK1DF01", "usage": "28", "id": "2E", "value": "00112233445566778899AABBCCDDEEFF"}
    right = {"name": "IRK", "usage": "27", "id": "08"}
    place = bench(level="", sam={"environments": {"sx1": {"keys": [wrong, right]}}})
    session = place.open()
    with pytest.raises(errors.StatusWordError) as caught:
        read_file(session, "DF01", 0xEF05, route=Route.KEY)
    error = caught.value
    assert (error.sw, error.tries_left) == (0x63C2, 2)
    assert "28/2E, level 2x (city), PSAM 650100000001" in error.text()
    assert "RK1DF01" not in session.proven


def test_refused_read_names_file_condition_and_what_is_missing() -> None:
    place = bench()
    session = place.open()
    session.pin = PinState(set=False)  # as if the terminal were wrong about the PIN
    with pytest.raises(errors.StatusWordError) as caught:
        read_file(session, "DF01", 0xEF05)
    assert caught.value.place == "DF01 EF05"
    assert "6982" in caught.value.text()
    session = place.open()
    place.tap.answers[b"\x00\xb2"] = lambda _: bytes.fromhex("6982")
    with pytest.raises(errors.StatusWordError, match="other conditions than the layout"):
        read_file(session, "DF01", 0xEF05, code=PIN)


def test_unknown_directory_and_file_are_named() -> None:
    session = bench().open()
    with pytest.raises(errors.TerminalError, match="no directory DF99"):
        read_file(session, "DF99", 0xEF05)
    with pytest.raises(errors.TerminalError, match="no file DF01 EF77"):
        read_file(session, "DF01", 0xEF77)
    first = bench(fixture="card-1.0").open()
    with pytest.raises(errors.TerminalError, match="no directory DF07"):
        read_file(first, "DF07", 0xEF05)


def test_every_way_of_a_condition() -> None:
    condition = parse_condition("(PIN and RK3DF03) or UK4DF03")
    assert [{str(part) for part in way} for way in ways(condition)] == [{"PIN", "RK3DF03"}, {"UK4DF03"}]


def test_contents_of_logs_and_templates() -> None:
    change = {
        "files": {"DF02": {"EF07": {"records": [{"Employer": "示例单位甲"}, {"Employer": "示例单位乙"}]}}}
    }
    session = bench(card=change).open()
    reading = read_file(session, "DF02", 0xEF07, code=PIN)
    assert [record.number for record in reading.records] == [1, 2]
    names = [item.value for item in reading.items() if item.item.name.en.startswith("Employer")]
    assert set(names) == {"示例单位甲", "示例单位乙"}


def test_first_generation_follows_appendix_c() -> None:  # L23, G22, G23
    old = bench(fixture="card-1.0", card={"files": {"DF01": {"EF0A": {"37": {"hex": "00123456"}}}}}).open()
    assert read_file(old, "DF01", 0xEF0A, code=PIN).value(0x37) == 123456
    new = bench(fixture="card-1.0", card={"files": {"DF01": {"EF0A": {"37": {"hex": "444555EE"}}}}}).open()
    reading = read_file(new, "DF01", 0xEF0A, code=PIN)
    assert reading.value(0x37) == "DEU"
    [item] = [i for i in reading.items() if i.item.tag == 0x37]
    assert item.item.name.zh == "国籍"


def test_field_dialect_that_selects_files_with_p1_00() -> None:
    place = bench()
    place.tap.answers[bytes.fromhex("00A40200")] = lambda _: bytes.fromhex("6A86")
    place.card.profile = type(place.card.profile)(select_ef_p1_00=True)
    assert read_file(place.open(), "SSSE", 0xEF06).value(0x09) == "测试"


def test_locked_pin_does_not_close_the_way_by_key() -> None:
    place = bench(card={"pin": {"limit": 1}})
    with pytest.raises(errors.PinLockedError):
        read_file(place.open(), "DF01", 0xEF05, code="999999")
    session = place.open()
    assert read_file(session, "DF01", 0xEF05, code=PIN).records
    with pytest.raises(errors.AccessError, match="locked"):
        read_file(session, "DF04", 0xEF08, code=PIN)


def test_contactless_card_reads_the_same() -> None:
    place = bench("sm4", card=HOUSEHOLD)
    both = DualInterface(place.card)
    place.terminal.reader = both.contactless
    session = place.terminal.open()
    assert session.answer[:5].hex() == "127880a002"
    assert read_file(session, "DF01", 0xEF05, code=PIN).value(0x0E) == "650100"
    assert session.factors.historical == place.card.historical


@pytest.mark.parametrize("profile", [FIELD, Profile(t0_case4_61xx=False), Profile(select_ef_p1_00=True)])
def test_dialects_of_the_field(profile: Profile) -> None:
    place = bench(card=HOUSEHOLD)
    place.card.profile = profile
    session = place.open()
    read, failed = read_files(session, all_files(session), code=PIN, route=Route.KEY)
    assert not failed
    assert len(read) == 37


def test_record_longer_than_the_layout_is_read_whole() -> None:
    place = bench()
    place.card.profile = FIELD
    place.tap.answers[bytes.fromhex("00B2010414")] = lambda _: bytes.fromhex("0819") + bytes(18) + b"\x90\x00"
    place.tap.answers[bytes.fromhex("00B201041B")] = lambda _: bytes.fromhex("0819") + bytes(25) + b"\x90\x00"
    [first, *_] = read_file(place.open(), "SSSE", 0xEF06).records
    assert len(first.raw) == 27


def test_applications_by_directory_file_and_without() -> None:
    session = bench().open()
    found = applications(session)
    assert [a.directory.id for a in found if a.directory] == ["DF01", "DF02", "DF03", "DF04", "DF07"]
    assert found[0].label == "公共应用信息区"
    session.fci = Fci(session.fci.name)
    assert len(applications(session)) == 5


def test_representations_hold_no_personal_data() -> None:
    session = bench().open()
    reading = read_file(session, "SSSE", 0xEF06)
    shown = f"{session!r} {reading!r} {session.identity!r}"
    for secret in ("999999199001010016", "测试", "A00000011", "00000001FFFFFFFF", "3939393939"):
        assert secret not in shown


DEGREES = {"files": {"DF01": {"EF15": {"40": [{"57": "412"}, {"57": "407"}], "2A": "14"}}}}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_one_item_is_read_by_its_tag_alone(algorithm: str) -> None:
    place = bench(algorithm, card=DEGREES)
    session = place.open()
    reading = read_item(session, "DF01", 0xEF15, 0x2A, code=PIN)
    assert [item.value for item in reading.items()] == ["14"]
    assert [c for c in place.tap.commands if c[1] == 0xB2][-1][2:4] == bytes((0x2A, 0x00))
    repeated = read_item(session, "DF01", 0xEF15, 0x40, code=PIN)
    values = [item.value for item in repeated.items()]
    assert [value["57"] for value in values[:2] if isinstance(value, dict)] == ["412", "407"]
    whole = read_file(session, "DF01", 0xEF15, code=PIN)
    assert values == [item.value for item in whole.items() if item.item.tag == 0x40]


def test_one_item_of_an_old_card_is_as_in_the_whole_file() -> None:
    terminal = Terminal(InProcessReader(chip("card-1.0-3des")), None, Settings(authenticate=False))
    session = terminal.open()
    compared = 0
    for (directory, fid), whole in read_files(session, all_files(session), code=PIN)[0].items():
        for tag in {item.tag for item in whole.file.items if item.tag}:
            alone = read_item(session, directory, fid, tag, code=PIN)
            assert [i.value for i in alone.items()] == [i.value for i in whole.items() if i.item.tag == tag]
            compared += 1
    assert compared > 50


def test_an_item_the_file_lacks_is_refused_before_anything_is_sent() -> None:
    place = bench()
    session = place.open()
    place.tap.commands.clear()
    with pytest.raises(errors.TerminalError, match=r"SSSE EF06 .* has no item 70"):
        read_item(session, "SSSE", 0xEF06, 0x70)
    with pytest.raises(errors.TerminalError, match="has no item 00"):
        read_item(session, "DF04", 0xEF08, 0x00)
    assert not place.tap.commands
