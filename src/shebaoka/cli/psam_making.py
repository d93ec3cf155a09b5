"""A PSAM on a simulated chip that becomes an image, or on a blank chip in a reader."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from shebaoka.chip.store import MemoryStore
from shebaoka.codec.reset import historical_bytes
from shebaoka.crypto.ciphers import BlockCipher, SoftwareCipher
from shebaoka.personalization.psam_contents import made_keys
from shebaoka.personalization.psams import PsamOrder, make_psam
from shebaoka.psam.psam import blank_psam
from shebaoka.reader.base import Reader
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.card_records import Note, unrecorded
from shebaoka.vault.contents import Act
from shebaoka.vault.model import Vault

TEST_TRANSPORT_KEY = b"TEST_ONLY-PSAM-T"
"""Transport key of blank simulated PSAMs."""


def make_image(
    image: Path, order: PsamOrder, ministry: Vault, passphrase: str | None, note: Note = unrecorded
) -> None:
    """A simulated PSAM in a new image file, sealed when a ``passphrase`` is given."""
    store = MemoryStore()
    chip = blank_psam(
        store, historical=order.historical, algorithm=order.suites[0], transport_key=TEST_TRANSPORT_KEY
    )
    contents = made_keys(ministry, order.suites, order.terminal, datetime.now(UTC))
    reader = InProcessReader(chip)
    reader.reset()
    make_psam(reader, order, ministry, lambda suite: SoftwareCipher(suite, TEST_TRANSPORT_KEY))
    reader.close()
    note(Act.FILLING, contents)
    store.save(image, passphrase)
    note(Act.FILLED, contents)


def make_from_chip(
    reader: Reader,
    order: PsamOrder,
    ministry: Vault,
    transports: Callable[[Algorithm], BlockCipher],
    note: Note = unrecorded,
) -> None:
    """The blank chip in ``reader`` becomes the PSAM; its own historical bytes stay. ``note`` is told as by
    :func:`~shebaoka.personalization.psams.make_psam`. Raises LoadError."""
    order = replace(order, historical=historical_bytes(reader.reset()))
    make_psam(reader, order, ministry, transports, note=note)
