"""Production obeys no public test key: blanks want the maker's own key in the vault, from its components."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shebaoka.card.card import blank_card
from shebaoka.chip.store import MemoryStore
from shebaoka.cli.blanks import reader_cipher
from shebaoka.personalization.fixture_keys import TEST_TRANSPORT_KEY
from shebaoka.personalization.sample_card import ReaderSample, Slot
from shebaoka.personalization.supply import transport_key
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.blanks import NAMES, Blank, blank_definition, bring_in
from shebaoka.vault.ceremony.printing import paper_of
from shebaoka.vault.ceremony.script import read_script
from shebaoka.vault.ceremony.transcript import read_transcript
from shebaoka.vault.model import KeyNotFoundError, Mode, VaultError
from shebaoka.vault.pkcs11.modes import Modes
from shebaoka.vault.pkcs11.table import read_table
from shebaoka.vault.pkcs11.token import Token
from shebaoka.vault.pkcs11.vault import TokenVault
from vault.backends.benches import Libraries
from vault.backends.test_blanks import BOTH, KEY, PARTS
from vault.ceremony.room import People, Room, script_text
from vault.pkcs11 import softhsm
from vault.support import CITY

STUBS = Path(__file__).parent / "pkcs11" / "stub"
PUBLIC = b"TEST_ONLY-PSAM-T"


@pytest.fixture
def token(libraries: Libraries) -> Iterator[Token]:
    opened = Token(libraries.vendor(), "vendor", softhsm.PIN)
    yield opened
    opened.close()


def vault_in(token: Token, *, production: bool, modes: Modes | None = None) -> TokenVault:
    table = read_table("vendor.toml", STUBS)
    return TokenVault.create(token, table, CITY, None, modes, production=production)


@pytest.mark.parametrize("suite", BOTH)
@pytest.mark.parametrize("blank", list(Blank))
def test_no_public_key_in_production(token: Token, blank: Blank, suite: Algorithm) -> None:
    vault = vault_in(token, production=True)
    for version in (None, 1, 2):
        with pytest.raises(KeyNotFoundError, match=rf"`shebaoka keys blanks {blank}`"):
            reader_cipher(vault, blank, suite, version, PUBLIC)
        with pytest.raises(KeyNotFoundError):
            transport_key(vault, suite, version)
    with pytest.raises(VaultError, match="TEST_ONLY and refused in the production vault"):
        vault.import_test_key(blank_definition(vault, blank, suite), TEST_TRANSPORT_KEY)
    assert vault.handles() == ()
    (handle,) = bring_in(vault, blank, [suite], PARTS)
    assert (handle.name, handle.test_only, handle.exportable) == (NAMES[blank], False, False)
    found = reader_cipher(vault, blank, suite, None, PUBLIC)
    assert found.encrypt(bytes(16)) == vault.cipher(handle).encrypt(bytes(16))


@pytest.mark.parametrize("suite", BOTH)
def test_outside_production_the_public_key_stands_in_only_when_there_is_no_other(
    token: Token, suite: Algorithm
) -> None:
    vault = vault_in(token, production=False)
    public = reader_cipher(vault, Blank.PSAM, suite, None, PUBLIC).encrypt(bytes(16))
    assert reader_cipher(vault, Blank.PSAM, suite, 1, PUBLIC).encrypt(bytes(16)) == public
    with pytest.raises(KeyNotFoundError):
        reader_cipher(vault, Blank.PSAM, suite, 2, PUBLIC)
    bring_in(vault, Blank.PSAM, [suite], PARTS)
    assert reader_cipher(vault, Blank.PSAM, suite, None, PUBLIC).encrypt(bytes(16)) != public


def test_a_strict_production_vault_holds_a_ceremony_with_a_real_sample_card(
    token: Token, tmp_path: Path
) -> None:
    vault = vault_in(token, production=True, modes=Modes.all(Mode.STRICT))
    bring_in(vault, Blank.CARD, BOTH, PARTS)
    path = tmp_path / "script.toml"
    path.write_text(script_text("city", "device", keys='[[keys]]\nsuite = "SM4"\n'), "utf-8")
    chip = blank_card(
        MemoryStore(),
        historical=bytes.fromhex("00815430018698805301029901"),
        algorithm=Algorithm.SM4,
        transport_key=KEY,
    )
    room = Room(tmp_path, read_script(path))
    held = room.hold(People(), vault, ReaderSample({Algorithm.SM4: Slot("R", lambda: InProcessReader(chip))}))
    assert held.keys
    assert not any(key.test_only for key in held.keys)
    told = read_transcript(room.transcript, held.head)
    assert paper_of(told, "en").test == ""
    assert told.records[0].data["test"] is False
