"""Ceremonies in every back end: components and letters, keys that last; an abort leaves nothing in it."""

from pathlib import Path

import pytest

from shebaoka.card.card import blank_card
from shebaoka.chip.store import MemoryStore
from shebaoka.personalization.sample_card import ReaderSample, SimulatedSample, Slot
from shebaoka.reader.in_process import InProcessReader
from shebaoka.vault.blanks import Blank, bring_in
from shebaoka.vault.ceremony.engine import AbortedError
from shebaoka.vault.ceremony.samples import NoSample, Sample
from shebaoka.vault.ceremony.script import CeremonyError, read_script
from shebaoka.vault.ceremony.transcript import read_transcript
from shebaoka.vault.model import MINISTRY, Body, KeyHandle, Vault
from shebaoka.vault.pkcs11.codes import CKA, CKO
from vault.backends.benches import SM4, TDES, TokenBench
from vault.backends.conftest import Case, only
from vault.ceremony.room import People, Printer, Room, script_text

TRANSPORT = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
OWNER = Body(MINISTRY.level, "", "示例部")


def room(case: Case, folder: Path, source: str, *, letters: bool = False) -> Room:
    path = folder / "script.toml"
    keys = f'[[keys]]\nsuite = "{case.suite.label}"\nnames = ["IRK", "RK1DF01"]\nversions = [1]\n'
    path.write_text(script_text(source=source, letters=letters, keys=keys), "utf-8")
    return Room(folder, read_script(path), Printer())


def objects(case: Case) -> int:
    """Secret keys in the token, those of sessions too; 0 where there is no token."""
    if not isinstance(case.backend, TokenBench):
        return 0
    return len(case.backend.token().find({CKA.CLASS: CKO.SECRET_KEY}))


def sample_of(case: Case, vault: Vault) -> Sample:
    """A simulated card; for a strict vault, which wraps under keys of its own only, a card with one of
    them."""
    if not case.strict:
        return SimulatedSample()
    number = bytes.fromhex("00815430018698805301029901")
    bring_in(vault, Blank.CARD, [case.suite], [TRANSPORT, bytes(16)[:-1] + b"\1"])
    key = TRANSPORT[:-1] + bytes((TRANSPORT[-1] ^ 1,))
    chip = blank_card(MemoryStore(), historical=number, algorithm=case.suite, transport_key=key)
    return ReaderSample({case.suite: Slot("R", lambda: InProcessReader(chip))})


def new(vault: Vault) -> tuple[KeyHandle, ...]:
    return tuple(handle for handle in vault.handles() if handle.name != "TRANSPORT")


@only(TDES, SM4)
@pytest.mark.parametrize("source", ["components", "device", "letters"])
def test_held(case: Case, tmp_path: Path, source: str) -> None:
    place = room(case, tmp_path, source.replace("letters", "device"), letters=source == "letters")
    vault = case.vault(OWNER)
    sample = sample_of(case, vault)
    held = place.hold(People(), vault, sample)
    assert [key.name for key in held.keys] == ["IRK", "RK1DF01"]
    again = case.backend.open(OWNER)
    assert new(again) == held.keys
    transcript = read_transcript(place.transcript, held.head)
    assert transcript.held
    assert transcript.records[0].data["test"] is True
    for key in held.keys:
        zero = bytes(key.algorithm.block_size)
        assert again.cipher(key).encrypt(zero)[:3].hex().upper() == key.kcv


@only(TDES, SM4)
@pytest.mark.parametrize("where", ["check-values.read", "sample.seen", "minutes.witness"])
def test_an_abort_leaves_nothing(case: Case, tmp_path: Path, where: str) -> None:
    place = room(case, tmp_path, "components")
    vault = case.vault(OWNER)
    sample = sample_of(case, vault)
    vault.save()
    files = {path: path.read_bytes() for path in case.backend.files()}
    before = objects(case)
    with pytest.raises(AbortedError, match="no key was stored"):
        place.hold(People(decline=where), vault, sample)
    assert new(vault) == ()
    assert objects(case) == before
    assert {path: path.read_bytes() for path in case.backend.files()} == files
    assert new(case.backend.open(OWNER)) == ()
    assert not read_transcript(place.transcript).held


@only(TDES, SM4)
def test_a_strict_vault_refuses_the_simulated_card_before_the_ceremony(case: Case, tmp_path: Path) -> None:
    if not case.strict:
        return
    place = room(case, tmp_path, "device")
    vault = case.vault(OWNER)
    vault.save()
    before = objects(case)
    with pytest.raises(CeremonyError, match=r"is possible: strict mode wraps .*; name sample cards"):
        place.hold(People(), vault)
    assert vault.handles() == ()
    assert objects(case) == before
    assert place.transcript.read_bytes() == b""
    place.transcript.unlink()
    held = place.hold(People(), vault, NoSample("样卡未到"))
    assert case.backend.open(OWNER).handles() == held.keys
