"""What a guess at a passphrase costs outside of tests."""

from pathlib import Path

import passphrases
from shebaoka.chip.image import new_codec
from shebaoka.crypto.sealing import Seal
from shebaoka.office.keeping.sealed import WORK
from shebaoka.vault.model import MINISTRY
from shebaoka.vault.software import SoftwareVault


def test_files_made_as_shipped_cost_what_the_security_note_says(tmp_path: Path) -> None:
    with passphrases.as_shipped():
        SoftwareVault.create(tmp_path / "vault", "open sesame", MINISTRY)
        image = new_codec("card", "open sesame")
        backup = Seal("open sesame", WORK)
    assert b" scrypt 17 " in (tmp_path / "vault").read_bytes().partition(b"\n")[0]
    assert b" scrypt 15 " in image.header
    assert backup.parameters.startswith("scrypt 17 ")


def test_files_of_tests_cost_nothing_and_say_so() -> None:
    seal = Seal("open sesame", 17)
    assert seal.parameters.startswith("scrypt 4 ")
    assert Seal.of(seal.parameters, "open sesame").unseal(seal.seal(b"x", b""), b"") == b"x"
