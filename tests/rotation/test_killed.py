"""Killed at any write of an act on keys: done or not done, and the chain says which."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rotation import killing
from rotation.regions import PASSPHRASE, SUITE
from shebaoka.journal.file import JournalFile
from shebaoka.vault.hierarchy import set_up_ministry
from shebaoka.vault.lifecycle import ASKED, DONE, NOT_DONE
from shebaoka.vault.model import MINISTRY, VaultError
from shebaoka.vault.software import SoftwareVault
from vault.support import ENTRIES

TESTS = Path(__file__).parents[1]


def test_a_killed_act_is_done_or_not_done(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rotation.killing", tmp_path],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    acts = json.loads(done.stdout)
    assert [act["act"] for act in acts] == ["rotate", "activate", "retire", "minimum", "destroy"]
    for act in acts:
        assert act["before"] != act["after"]
        outcomes = set()
        for trial in act["trials"]:
            is_done = trial["found"] == act["after"]
            assert is_done or trial["found"] == act["before"], trial
            outcomes.add(is_done)
            records, last = trial["settled"]
            if records == act["records"]:
                assert not is_done, trial  # killed before it was recorded
            else:
                assert records == act["records"] + 2, trial
                assert last == ("keys.done" if is_done else "keys.not-done"), trial
        assert outcomes == {False, True}
        assert len(act["trials"]) > 15


def test_the_same_act_again_ends_the_record_of_the_interrupted_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = SoftwareVault.create(tmp_path / "vault", PASSPHRASE, MINISTRY, work=4)
    set_up_ministry(vault, ENTRIES, SUITE)
    vault.save()
    with JournalFile.create(tmp_path / "book", "ministry") as book:
        for lost in (True, False):  # dies before and after the vault is written
            plain = SoftwareVault.save

            def die(self: SoftwareVault, lost: bool = lost, plain: Callable[..., None] = plain) -> None:
                if not lost:
                    plain(self)
                raise KeyboardInterrupt

            with monkeypatch.context() as patch:
                patch.setattr(SoftwareVault, "save", die)
                with pytest.raises(KeyboardInterrupt):
                    killing.ACTS["rotate"](vault, book)
            assert book.records[-1].act == ASKED
            vault = SoftwareVault.open(tmp_path / "vault", PASSPHRASE)
            if lost:
                killing.ACTS["rotate"](vault, book)
                killing.ACTS["activate"](vault, book)
                assert [record.act for record in book.records] == [ASKED, NOT_DONE, ASKED, DONE, ASKED, DONE]
                continue
            with pytest.raises(VaultError, match="not activated yet"):
                killing.ACTS["rotate"](vault, book)
            assert [record.act for record in book.records[6:]] == [ASKED, DONE]
