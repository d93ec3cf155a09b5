from datetime import date

import pytest

from personalization.support import CITY_CODE, Vaults, vaults
from shebaoka.chip.chip import Chip
from shebaoka.chip.store import MemoryStore
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.crypto.factors import card_factor, city_factor, province_factor
from shebaoka.personalization.dialect import OPEN
from shebaoka.personalization.errors import LoadError, PersonalizationError
from shebaoka.personalization.fixture_keys import TEST_TRANSPORT_KEY
from shebaoka.personalization.psam_levels import LOADING_KEYS, load_level, psam_handles
from shebaoka.personalization.psams import PsamOrder, make_psam
from shebaoka.psam.psam import blank_psam
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_catalogue, key_entry
from shebaoka.spec.layouts import psam_layout
from shebaoka.spec.model import Scope
from shebaoka.terminal.factors import CardFactors
from shebaoka.terminal.psam_keys import PsamKeys
from shebaoka.terminal.vault_keys import VaultKeys
from shebaoka.vault.model import Level, VaultError
from shebaoka.vault.psam import KEY_FILES

HISTORICAL = bytes.fromhex("0081010203123498010000000A")
TERMINAL = CITY_CODE + "000001"
CARD = bytes.fromhex("0081010203123498010000000B")


def transport(suite: Algorithm) -> SoftwareCipher:
    return SoftwareCipher(suite, TEST_TRANSPORT_KEY)


def order() -> PsamOrder:
    return PsamOrder(TERMINAL, HISTORICAL, date(2026, 1, 1), date(2036, 1, 1))


def blank() -> tuple[Chip, InProcessReader]:
    chip = blank_psam(
        MemoryStore(),
        historical=HISTORICAL,
        algorithm=Algorithm.TDES,
        transport_key=TEST_TRANSPORT_KEY,
    )
    reader = InProcessReader(chip)
    reader.reset()
    return chip, reader


def made(own: Vaults) -> InProcessReader:
    _, reader = blank()
    make_psam(reader, order(), own.ministry, transport)
    return reader


@pytest.mark.parametrize("suite", [Algorithm.TDES, Algorithm.SM4])
def test_each_level_loads_its_own_keys_and_a_terminal_uses_them(suite: Algorithm) -> None:
    own = vaults()
    reader = made(own)
    for vault, scope in ((own.ministry, Scope.NATION), (own.province, Scope.PROVINCE)):
        entries = [entry for entry in key_catalogue() if entry.scope is scope]
        count = load_level(reader, vault, entries, suite, CITY_CODE)
        assert count == sum(len(list(psam_handles(vault, entry, suite))) for entry in entries) > 0
    reader.reset()
    psam, host = PsamKeys(reader), VaultKeys(own.city)
    assert psam.terminal_number() == TERMINAL
    card = CardFactors(suite, CITY_CODE, CARD)
    for name in ("IRK", "UK3DF01", "RK1DF03", "UK1DF01"):
        entry = key_entry(name)
        challenge, original = bytes(range(8)), bytes(range(8, 16))
        expected = host.authentication(entry, card, challenge, original)
        assert psam.authentication(entry, card, challenge, original) == expected


def test_a_city_puts_all_its_keys_in() -> None:
    own = vaults()
    reader = made(own)
    entries = [entry for entry in key_catalogue() if entry.psam_id is not None]
    assert load_level(reader, own.city, entries, Algorithm.SM4, CITY_CODE) > 20
    reader.reset()
    card, entry = CardFactors(Algorithm.SM4, CITY_CODE, CARD), key_entry("UK1DF03")
    authentication = PsamKeys(reader).authentication(entry, card, bytes(8), bytes(8))
    assert authentication == VaultKeys(own.city).authentication(entry, card, bytes(8), bytes(8))


def test_only_the_ministry_makes_psams_and_no_region_loads_into_anothers() -> None:
    own = vaults()
    chip, reader = blank()
    before = dict(chip.store.state)
    with pytest.raises(PersonalizationError, match="made by the ministry"):
        make_psam(reader, order(), own.city, transport)
    assert dict(chip.store.state) == before
    with pytest.raises(PersonalizationError, match="loads no keys into a PSAM of 990100"):
        load_level(reader, own.city, [], Algorithm.TDES, "990100")


def test_a_psam_of_another_city_refuses_the_loading_key() -> None:
    own = vaults()
    chip, reader = blank()
    strange = PsamOrder("980200000001", HISTORICAL, date(2026, 1, 1), date(2036, 1, 1))
    make_psam(reader, strange, own.ministry, transport)
    before = dict(chip.store.state)
    with pytest.raises(LoadError, match="EXTERNAL AUTHENTICATION with KID-03: the PSAM answered 63C2"):
        load_level(reader, own.city, [key_entry("UK1DF01")], Algorithm.TDES, "980100")
    assert set(chip.store.state) == set(before)


def test_the_psam_s_own_master_keys_are_the_vault_s() -> None:
    own = vaults()
    chip, _ = blank()
    reader = InProcessReader(chip)
    reader.reset()
    make_psam(reader, order(), own.ministry, transport)
    reader.reset()
    reader.transmit(bytes.fromhex("00A40000"))

    def proves(*factors: bytes) -> bool:
        challenge = reader.transmit(bytes.fromhex("0084000008"))[:-2]
        master = own.ministry.cipher(own.ministry.find("PSAM-MK", 1, Algorithm.TDES), *factors)
        return reader.transmit(OPEN.authenticate(master, challenge))[-2:] == b"\x90\x00"

    steps = (province_factor(CITY_CODE), city_factor(CITY_CODE))
    assert not proves(*steps)
    assert proves(*steps, card_factor(HISTORICAL))


@pytest.mark.parametrize(
    ("terminal", "historical"), [("98010000001", HISTORICAL), (TERMINAL, HISTORICAL[1:])]
)
def test_orders_are_checked(terminal: str, historical: bytes) -> None:
    with pytest.raises(PersonalizationError):
        PsamOrder(terminal, historical, date(2026, 1, 1), date(2036, 1, 1))


def test_environments_are_the_layout_s() -> None:
    assert {environment.id for environment in psam_layout().environments} == {"sx1", "sx2"}


def test_a_level_cannot_load_into_the_key_file_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    own = vaults()
    reader = made(own)
    monkeypatch.setitem(KEY_FILES, Level.CITY, 0x11)
    with pytest.raises(LoadError, match="CREATE KEY UK1DF01 as 28/42: the PSAM answered 6982"):
        load_level(reader, own.city, [key_entry("UK1DF01")], Algorithm.TDES, CITY_CODE)
    monkeypatch.setitem(LOADING_KEYS, Level.CITY, "KID-02")
    with pytest.raises(VaultError, match="holds no KID-02"):
        load_level(reader, own.city, [key_entry("UK1DF01")], Algorithm.TDES, CITY_CODE)
