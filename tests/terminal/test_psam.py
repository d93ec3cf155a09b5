"""Keys from PSAMs of one level each, of another region, without keys; chains of sources (Part 9 §8; Q37)."""

from pathlib import Path

import pytest

from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.crypto.factors import city_factor, province_factor
from shebaoka.crypto.formulas import diversification_input
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import Scope
from shebaoka.terminal import errors
from shebaoka.terminal.authentication import authenticate
from shebaoka.terminal.factors import CardFactors
from shebaoka.terminal.keys import KeyChain
from shebaoka.terminal.psam_keys import PsamKeys
from shebaoka.terminal.psam_search import foreign, places
from shebaoka.terminal.purchase import consume
from shebaoka.terminal.reading import read_file
from shebaoka.terminal.rights import Route
from shebaoka.terminal.session import select
from shebaoka.terminal.transactions import Amounts
from shebaoka.terminal.vault_keys import Sequence, VaultKeys
from shebaoka.vault.model import Body, KeyDefinition, Level
from shebaoka.vault.software import SoftwareVault
from terminal.support import ALGORITHMS, LEVELS, Tap, bench, psam, state, vault_keys

ELSEWHERE = {"city_code": "980100", "terminal_number": "980100000001"}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("level", LEVELS)
def test_one_level_serves_external_authentication(algorithm: str, level: str) -> None:
    session = bench(algorithm, level=level).open()
    select(session, "DF01")
    authenticate(session, "UK1DF01")
    assert session.proven == {"UK1DF01"}
    usage = {"city": "28", "province": "48", "nation": "68"}[level]
    assert session.source.origin(session.key("UK1DF01"), session.factors).startswith(f"{usage}/42")


@pytest.mark.parametrize("level", LEVELS)
def test_levels_are_searched_once_and_then_known(level: str) -> None:
    place = bench()
    slot = Tap(InProcessReader(psam("3des", level)))
    keys = PsamKeys(slot)
    place.terminal.keys = keys
    session = place.open()
    select(session, "DF01")
    slot.commands.clear()
    authenticate(session, "UK1DF01")
    tries = [command[2:4].hex() for command in slot.sent("BFDE")]
    assert tries == ["2842", "4842", "6842"][: LEVELS.index(level) + 1]
    slot.commands.clear()
    authenticate(session, "UK1DF01")
    assert len(slot.sent("BFDE")) == 1


def test_national_key_sends_the_three_factors_in_order() -> None:  # Q37
    slot = Tap(InProcessReader(psam("3des", "nation")))
    place = bench()
    place.terminal.keys = PsamKeys(slot)
    session = place.open()
    select(session, "DF01")
    authenticate(session, "UK1DF01")
    command = slot.sent("BFDE6842")[0]
    assert command[5:-8].hex() == "1234650100000001" + "3635303130307378" + "3635303030307368"


@pytest.mark.parametrize("level", ["city", "province"])
def test_local_key_of_another_region_is_not_offered_to_the_card(level: str) -> None:
    national = [{"name": "IRK", "usage": "67", "id": "08"}, {"name": "RK1DF01", "usage": "67", "id": "2E"}]
    sam = {**ELSEWHERE, "environments": {"sx1": {"keys": national}}}
    place = bench(level=level, sam=sam)
    session = place.open()  # the national IRK serves every region
    read_file(session, "DF01", 0xEF05, route=Route.KEY)
    before = place.state
    select(session, "DF01")
    with pytest.raises(errors.WrongRegionError) as caught:
        authenticate(session, "UK1DF01")
    assert "UK1DF01" in caught.value.text()
    assert {"city": "2x (city)", "province": "4x (province)"}[level] in caught.value.text()
    assert "PSAM 980100000001" in caught.value.text()
    assert "650100" in caught.value.text()
    assert place.state == before
    assert not place.tap.sent("00820083")


def test_without_the_guard_the_card_refuses_and_says_so() -> None:
    sam = {**ELSEWHERE, "environments": {"sx1": {"keys": [{"name": "IRK", "usage": "67", "id": "08"}]}}}
    place = bench(keys=PsamKeys(InProcessReader(psam("3des", "city", sam)), guard_region=False))
    with pytest.raises(errors.CloneError):  # the local IRK is found first and is another city's
        place.open()


def test_missing_key_names_key_levels_and_psam() -> None:
    sam = {"environments": {"sx1": {"keys": [{"name": "IRK", "usage": "27", "id": "08"}]}}}
    place = bench(level="", sam=sam)
    session = place.open()
    select(session, "DF01")
    before = place.state
    with pytest.raises(errors.KeyMissingError) as caught:
        authenticate(session, "UK1DF01")
    for part in (
        "UK1DF01",
        "28/42 2x (city)",
        "48/42 4x (province)",
        "68/42 6x (nation)",
        "PSAM 650100000001",
    ):
        assert part in caught.value.text()
    assert place.state == before


def test_version_the_psam_does_not_publish_is_refused() -> None:
    session = bench().open()
    select(session, "DF01")
    with pytest.raises(errors.KeyMissingError, match="version 3 of key UK1DF01"):
        authenticate(session, "UK1DF01", version=3)


def test_published_version_is_sent_along() -> None:
    version2 = [
        {"name": "IRK", "usage": "27", "id": "08", "version": 2},
        {"name": "UK1DF01", "usage": "28", "id": "42", "version": 2},
    ]
    info = {
        "City medical purchase key index": 1,
        "City authentication key version": 2,
        "In use from": "20200101",
        "Valid until": "20300101",
    }
    sam = {"environments": {"sx1": {"keys": version2}}, "files": {"DF01": {"001C": {"fields": info}}}}
    place = bench(level="", sam=sam)
    session = place.open()
    select(session, "DF01")
    authenticate(session, "UK1DF01")
    assert place.tap.sent("00820083")[0][4] == 0x11
    assert place.tap.sent("00820083")[0][-1] == 2


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_vault_serves_every_version(algorithm: str, version: int) -> None:
    session = bench(algorithm, keys=vault_keys()).open()
    select(session, "DF01")
    authenticate(session, "UK2DF01", version=version)
    assert session.proven == {"UK2DF01"}


def test_chain_asks_the_psam_first_and_then_the_vault() -> None:
    sam = {"environments": {"sx1": {"keys": [{"name": "IRK", "usage": "27", "id": "08"}]}}}
    module = PsamKeys(InProcessReader(psam("3des", "", sam)))
    session = bench(keys=KeyChain([module, vault_keys()])).open()
    select(session, "DF01")
    authenticate(session, "UK1DF01")
    assert "vault" in session.source.origin(session.key("UK1DF01"), session.factors)
    assert session.source.origin(session.key("IRK"), session.factors).startswith("27/08")
    assert session.source.terminal_number() == "650100000001"


def test_empty_slot_and_module_without_application() -> None:
    with pytest.raises(errors.KeySourceError, match="has no environment"):
        bench(keys=PsamKeys(_Answers("6A82"))).open()


class _Answers:
    def __init__(self, answer: str) -> None:
        self._answer = bytes.fromhex(answer)

    def reset(self) -> bytes:
        return b"\x3b\x00"

    def transmit(self, apdu: bytes) -> bytes:
        return self._answer

    def close(self) -> None: ...


def test_information_of_the_psam() -> None:
    keys = PsamKeys(InProcessReader(psam("3des")))
    info = keys.info()
    assert info.terminal == "650100000001"
    assert info.serial == "65010000000000000001"
    assert info.sequence == 4
    assert info.levels[1].authentication_version == 1
    assert info.levels[3].valid_until == "20300101"


def test_key_work_changes_nothing_in_the_psam() -> None:
    place = bench()
    session = place.open()
    assert place.psam is not None
    before = state(place.psam)
    read_file(session, "DF01", 0xEF05, route=Route.KEY)
    assert state(place.psam) == before


@pytest.mark.parametrize(
    ("terminal", "city", "steps", "expected"),
    [
        ("980100000001", "980100", 1, False),
        ("980100000001", "980200", 1, True),
        ("980100000001", "980200", 2, False),
        ("980100000001", "990100", 2, True),
        ("980100000001", "990100", 3, False),
        ("980104000001", "980100", 1, False),
        ("519900000001", "510100", 1, False),
        ("000000000000", "990100", 1, False),
    ],
)
def test_whose_key_it_is(terminal: str, city: str, steps: int, expected: bool) -> None:
    assert foreign(terminal, city, steps) is expected


def test_key_without_psam_place_is_said() -> None:
    session = bench().open()
    select(session, "DF04")
    assert not list(places(session.key("DSK"), "encrypt"))
    with pytest.raises(errors.KeyMissingError, match="no place in a PSAM"):
        authenticate(session, "DSK")


def test_long_mac_is_chained() -> None:
    keys, card = (
        PsamKeys(InProcessReader(psam("3des"))),
        CardFactors(Algorithm.TDES, "650100", bytes.fromhex("00810102031234650100000001")),
    )
    stk = bench().open().key("STK")
    message = bytes(range(200))
    assert keys.mac(stk, card, bytes(8), message) == vault_keys().mac(stk, card, bytes(8), message)


def test_another_psam_after_a_break_is_learned_anew() -> None:
    place = bench(level="city")
    slot = InProcessReader(psam("3des", "city"))
    place.terminal.keys = PsamKeys(slot)
    read_file(place.open(), "DF01", 0xEF05, route=Route.KEY)
    slot.close()  # pulled
    with pytest.raises(errors.KeySourceError, match="does not answer"):
        place.open()
    other = {"terminal_number": "650100000002"}
    slot.chip = psam("3des", "nation", other)
    session = place.open()
    read_file(session, "DF01", 0xEF05, route=Route.KEY)
    assert session.source.terminal_number() == "650100000002"
    assert session.source.origin(session.key("RK1DF01"), session.factors).startswith("67/2E")


def test_psam_reset_behind_the_terminal_is_opened_anew() -> None:
    place = bench(card={"medical": {"balance": 100}})
    session = place.open()
    assert place.psam is not None
    place.psam.reset()
    read_file(session, "DF01", 0xEF05, route=Route.KEY)
    place.psam.reset()
    assert consume(session, Amounts(10), code="123456", check_mode=False).verified


def lower_vault(code: str, algorithm: Algorithm) -> VaultKeys:
    """A vault of a province or city with the roots handed down from the fixtures' national ones."""
    level = {2: Level.PROVINCE, 6: Level.CITY}[len(code)]
    made = SoftwareVault.create(None, "", Body(level, code, "示例"))
    factors = (province_factor("650100"), city_factor("650100"))[: 3 - level.steps_left]
    for name in ("IRK", "RK1DF01", "DPK"):
        value = name.encode().ljust(16, b"\xa5")
        for factor in factors:
            value = SoftwareCipher(algorithm, value).encrypt(diversification_input(factor, algorithm))
        made.import_test_key(KeyDefinition(name, "read", algorithm, 1, Scope.NATION), value)
    return VaultKeys(made)


@pytest.mark.parametrize("code", ["65", "650100"])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_vault_of_a_lower_level_serves_its_region(algorithm: str, code: str) -> None:
    cipher = {"3des": Algorithm.TDES, "sm4": Algorithm.SM4}[algorithm]
    place = bench(algorithm, keys=lower_vault(code, cipher), card={"medical": {"balance": 100}})
    session = place.open()
    assert read_file(session, "DF01", 0xEF05, route=Route.KEY).records
    assert consume(session, Amounts(10), code="123456", check_mode=False).verified
    with pytest.raises(errors.KeyMissingError, match=r"UK1DF01.*version 1.*vault of 示例"):
        authenticate(session, "UK1DF01")


@pytest.mark.parametrize("code", ["98", "980100"])
def test_vault_of_another_region_is_not_asked(code: str) -> None:
    place = bench(keys=lower_vault(code, Algorithm.TDES))
    with pytest.raises(errors.WrongRegionError, match="650100"):
        place.open()
    assert not place.tap.sent("0088")


def test_sequence_of_a_host_terminal_never_repeats(tmp_path: Path) -> None:
    path = tmp_path / "sequence"
    first = Sequence(path)
    assert [first(), first()] == [1, 2]
    assert Sequence(path)() == 3
    path.write_text("x")
    with pytest.raises(ValueError, match="one decimal number"):
        Sequence(path)
