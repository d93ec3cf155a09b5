"""Run as a program by the kill tests: prepares or makes the batch in the directory given, slowly enough to
be shot.

Arguments: directory, vault file, passphrase, step (``prepare`` or ``make``).
"""

import sys
from pathlib import Path

from personalization.support import ISSUED, product
from shebaoka.personalization.batch import Order, prepare_batch
from shebaoka.personalization.making import make_cards
from shebaoka.personalization.mapping import MappingFile
from shebaoka.personalization.numbering import NumberRegister
from shebaoka.vault.software import SoftwareVault


def main(directory: Path, vault_file: Path, passphrase: str, step: str) -> None:
    vault = SoftwareVault.open(vault_file, passphrase)
    if step == "prepare":
        order = Order(directory / "people.csv", MappingFile(), product(), ISSUED)
        with NumberRegister(directory / "numbers.db") as register:
            prepare_batch(directory / "batch", order, vault, register, lambda rows: print(rows, flush=True))
    else:
        make_cards(
            directory / "batch", vault, progress_bar=lambda done, total: print(done, total, flush=True)
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4])
