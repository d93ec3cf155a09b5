"""Updates by an operator and online: written under the right key, refused without it, nothing half done."""

from pathlib import Path

import pytest

from shebaoka.crypto.ciphers import BlockCipher, SoftwareCipher
from shebaoka.crypto.factors import city_factor, province_factor
from shebaoka.crypto.formulas import diversification_input
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_catalogue
from shebaoka.spec.layouts import card_layout
from shebaoka.terminal import errors
from shebaoka.terminal.reading import read_file
from shebaoka.terminal.rights import Route
from shebaoka.terminal.updating import Change, Decision, UpdateRequest, update, update_online, written
from shebaoka.terminal.vault_keys import VaultKeys
from shebaoka.vault.model import MINISTRY, KeyDefinition
from shebaoka.vault.software import SoftwareVault
from terminal.support import ALGORITHMS, LEVELS, PIN, bench, vault_keys

EXAMPLES = Path(__file__).parents[2] / "examples"
STATUS = Change("DF01", 0xEF07, 0x29, "1")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("level", LEVELS)
def test_operator_writes_items_of_several_files(algorithm: str, level: str) -> None:
    place = bench(algorithm, level=level)
    session = place.open()
    update(session, [STATUS, Change("DF03", 0xEF07, 0x71, "650100"), Change("SSSE", 0xEF06, 0x0A, "2")])
    session = place.open()
    assert read_file(session, "DF01", 0xEF07, code=PIN).value(0x29) == "1"
    assert read_file(session, "DF03", 0xEF07).value(0x71) == "650100"
    assert read_file(session, "SSSE", 0xEF06).value(0x0A) == "2"


def test_host_keys_write_as_well() -> None:
    place = bench(keys=vault_keys())
    update(place.open(), [STATUS])
    assert read_file(place.open(), "DF01", 0xEF07, code=PIN).value(0x29) == "1"


def test_repeated_item_cyclic_record_and_binary_file() -> None:
    place = bench()
    session = place.open()
    template = {"57": "020", "58": "650100", "59": "示例学校"}
    photo = bytes(range(256)) * 4
    update(
        session,
        [
            Change("DF01", 0xEF15, 0x40, template, occurrence=2),
            Change("DF02", 0xEF07, fields={"Employer": "示例单位"}),
            Change("SSSE", 0xEF08, data=photo, offset=100),
        ],
    )
    session = place.open()
    education = read_file(session, "DF01", 0xEF15, code=PIN)
    assert [i.value for i in education.items() if i.item.tag == 0x40][1] == template
    assert len(read_file(session, "DF02", 0xEF07).records) == 1
    assert read_file(session, "SSSE", 0xEF08).data[100 : 100 + len(photo)] == photo


def test_without_the_key_nothing_is_sent() -> None:
    sam = {"environments": {"sx1": {"keys": [{"name": "IRK", "usage": "27", "id": "08"}]}}}
    place = bench(level="", sam=sam)
    session = place.open()
    before = place.state
    with pytest.raises(errors.AccessError, match="UK2DF01"):
        update(session, [STATUS])
    assert not place.tap.sent("00DC")
    assert place.state == before


def test_a_wrong_value_anywhere_changes_nothing() -> None:
    place = bench()
    session = place.open()
    before, sent = place.state, len(place.tap.commands)
    with pytest.raises(errors.DataError, match="DF01 EF06"):
        update(session, [STATUS, Change("DF01", 0xEF06, 0x23, "字" * 41)])
    with pytest.raises(errors.DataError, match="no item 99"):
        update(session, [STATUS, Change("DF01", 0xEF06, 0x99, "1")])
    with pytest.raises(errors.DataError, match="occurrence 4"):
        update(session, [Change("DF01", 0xEF15, 0x40, {}, occurrence=4)])
    with pytest.raises(errors.DataError, match="4097"):
        update(session, [Change("SSSE", 0xEF08, data=b"12", offset=4095)])
    assert len(place.tap.commands) == sent
    assert place.state == before


def test_file_that_is_never_writable() -> None:
    place = bench()
    session = place.open()
    before = place.state
    with pytest.raises(errors.AccessError) as caught:
        update(session, [Change("DF04", 0xEF08, fields={})], code=PIN)
    assert caught.value.id == "never-allowed"
    assert place.state == before


def test_63cx_after_update_counts_as_done() -> None:  # K40
    place = bench()
    place.tap.answers[b"\x00\xdc"] = lambda _: bytes.fromhex("63C1")
    update(place.open(), [STATUS])
    place.tap.answers[b"\x00\xdc"] = lambda _: bytes.fromhex("6581")
    with pytest.raises(errors.StatusWordError, match="memory failed"):
        update(place.open(), [STATUS])


def test_records_in_another_order_are_found_by_tag() -> None:
    place = bench()
    place.tap.answers[bytes.fromhex("00DC0104")] = lambda _: bytes.fromhex("6A85")
    before = place.state
    update(place.open(), [STATUS])
    assert place.tap.sent("00DC2900")
    assert place.state != before


def test_host_decides_online() -> None:  # L21
    place = bench()
    session = place.open()
    asked: list[UpdateRequest] = []

    def refuse(request: UpdateRequest) -> Decision:
        asked.append(request)
        return Decision(False, "terminal 650100000001 is suspended")

    before, sent = place.state, len(place.tap.commands)
    with pytest.raises(errors.HostRefusedError, match="suspended"):
        update_online(session, [STATUS], refuse, code=PIN)
    assert asked[0].terminal == "650100000001"
    assert asked[0].identity == session.identity
    assert len(place.tap.commands) == sent
    assert place.state == before
    update_online(session, [STATUS], lambda _: Decision(True), code=PIN)
    assert read_file(place.open(), "DF01", 0xEF07, code=PIN).value(0x29) == "1"


def test_update_that_stops_says_how_far_it_came() -> None:
    place = bench()
    session = place.open()
    place.tap.answers[bytes.fromhex("00DC02")] = lambda _: bytes.fromhex("6581")
    changes = [STATUS, Change("SSSE", 0xEF06, 0x09, "测试二"), Change("SSSE", 0xEF06, 0x0A, "2")]
    with pytest.raises(errors.PartlyWrittenError, match="1 of 3 changes") as caught:
        update(session, changes)
    assert isinstance(caught.value.reason, errors.StatusWordError)


@pytest.mark.parametrize("phase", ["before", "during", "after"])
def test_card_pulled_during_update_is_read_again(phase: str) -> None:  # Part 7 §14, G21
    place = bench()
    changes = [
        STATUS,
        Change("DF02", 0xEF07, fields={"Employer": "示例单位"}),
        Change("SSSE", 0xEF08, data=b"photo", offset=7),
        Change("DF01", 0xEF15, 0x40, {"57": "020"}, occurrence=2),
    ]
    for change in changes:
        session = place.open()

        def tear_next(answer: bytes) -> bytes:
            place.card.tear_at(1, phase)
            return answer

        place.tap.answers[bytes.fromhex("00A402")] = tear_next
        with pytest.raises(errors.NoCardError):
            update(session, [change])
        place.tap.answers.clear()
        session = place.open()
        assert written(session, [change], code=PIN) == [phase == "after"]
        update(session, [change])
        assert written(session, [change], code=PIN) == [True]


def test_first_generation_card_takes_the_new_meaning() -> None:
    place = bench(fixture="card-1.0")
    session = place.open()
    update(session, [Change("DF01", 0xEF0A, 0x37, "DEU", new_meaning=True)])
    assert read_file(session, "DF01", 0xEF0A, code=PIN).value(0x37) == "DEU"
    with pytest.raises(errors.DataError, match="no new meaning"):
        update(session, [Change("DF01", 0xEF05, 0x21, "甲", new_meaning=True)])
    with pytest.raises(errors.DataError, match="no new meaning"):
        update(bench().open(), [Change("DF01", 0xEF0A, 0x37, "DEU", new_meaning=True)])


EXTENSION = EXAMPLES / "extensions" / "990100-city-services.toml"
LOCAL = ("STKDF0A", "RK1DF0A", "UK1DF0A", "UK2DF0A", "UKCDF01")


@pytest.mark.parametrize("route", ["psam", "vault"])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_city_extension_under_its_own_key(algorithm: str, route: str) -> None:
    identity = {"01": {"hex": "990100 D156000005 00000001 FFFFFFFF"}}
    card = {
        "extensions": [str(EXTENSION)],
        "city_code": "990100",
        "files": {"SSSE": {"EF05": identity}},
    }
    keys = {"2.0": key_catalogue("2.0", (EXTENSION,))}
    layouts = {"2.0": card_layout("2.0", (EXTENSION,))}
    if route == "vault":
        source = VaultKeys(local_vault(algorithm))
    place = bench(
        algorithm,
        card=card,
        sam=local_psam(algorithm) if route == "psam" else None,
        level="city",
        keys=source if route == "vault" else None,
        layouts=layouts,
        keys_by_generation=keys,
    )
    session = place.open()
    update(session, [Change("DF0A", 0xEF0C, 0x01, "980123456789"), Change("DF0A", 0xEF0D, 0x02, "20250601")])
    session = place.open()
    assert read_file(session, "DF0A", 0xEF0C, route=Route.KEY).value(0x01) == "980123456789"
    assert read_file(session, "DF0A", 0xEF0D).value(0x02) == "20250601"
    with pytest.raises(errors.TerminalError, match="no directory DF0A"):
        read_file(bench(algorithm, card=card, keys=vault_keys()).open(), "DF0A", 0xEF0C)


def local_psam(algorithm: str) -> dict[str, object]:
    """The city's own keys, as the city's roots, under the names of catalogue keys of the same type."""
    cipher = {"3des": Algorithm.TDES, "sm4": Algorithm.SM4}[algorithm]
    rows = []
    for entry in key_catalogue("2.0", (EXTENSION,)):
        if entry.name in LOCAL and entry.length == 16:
            root: BlockCipher = SoftwareCipher(cipher, root_bytes(entry.name, 16))
            for factor in (province_factor("990100"), city_factor("990100")):
                value = root.encrypt(diversification_input(factor, cipher))
                root = SoftwareCipher(cipher, value)
            row = {"name": "UK1DF01", "usage": "28", "id": f"{entry.psam_id:02X}", "value": value.hex()}
            rows.append(row)
    return {
        "city_code": "990100",
        "terminal_number": "990100000001",
        "environments": {"sx1": {"keys": rows}},
    }


def local_vault(algorithm: str) -> SoftwareVault:
    made = SoftwareVault.create(None, "", MINISTRY)
    cipher = {"3des": Algorithm.TDES, "sm4": Algorithm.SM4}[algorithm]
    for entry in key_catalogue("2.0", (EXTENSION,)):
        if entry.name in (*LOCAL, "IRK") and entry.length == 16:
            definition = KeyDefinition(entry.name, entry.role.value, cipher, 1, entry.scope)
            made.import_test_key(definition, root_bytes(entry.name, 16))
    return made


def root_bytes(name: str, size: int) -> bytes:
    return name.encode().ljust(size, b"\xa5")[:size]
