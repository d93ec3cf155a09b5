"""Ceremonies in every back end: components and letters, keys that last; an abort leaves nothing in it."""

from pathlib import Path

import pytest

from shebaoka.vault.ceremony.engine import AbortedError
from shebaoka.vault.ceremony.script import read_script
from shebaoka.vault.ceremony.transcript import read_transcript
from shebaoka.vault.model import MINISTRY, Body
from shebaoka.vault.pkcs11.codes import CKA, CKO
from vault.backends.benches import SM4, TDES, TokenBench
from vault.backends.conftest import Case, only
from vault.ceremony.room import People, Printer, Room, script_text

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


@only(TDES, SM4)
@pytest.mark.parametrize("source", ["components", "device", "letters"])
def test_held(case: Case, tmp_path: Path, source: str) -> None:
    place = room(case, tmp_path, source.replace("letters", "device"), letters=source == "letters")
    vault = case.vault(OWNER)
    if case.strict:  # a strict token wraps under keys of its own only: the sample card has another
        with pytest.raises(AbortedError, match=r"strict mode wraps .* or set cards"):
            place.hold(People(), vault)
        assert vault.handles() == ()
        return
    held = place.hold(People(), vault)
    assert [key.name for key in held.keys] == ["IRK", "RK1DF01"]
    again = case.backend.open(OWNER)
    assert again.handles() == held.keys
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
    vault.save()
    files = {path: path.read_bytes() for path in case.backend.files()}
    before = objects(case)
    with pytest.raises(AbortedError, match="no key was stored"):
        place.hold(People(decline=where), vault)
    assert vault.handles() == ()
    assert objects(case) == before
    assert {path: path.read_bytes() for path in case.backend.files()} == files
    assert case.backend.open(OWNER).handles() == ()
    assert not read_transcript(place.transcript).held
