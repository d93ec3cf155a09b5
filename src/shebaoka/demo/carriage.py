"""Keys on their way between two bodies: three simulated carriers, whose images stay behind."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from shebaoka.carriers.control import load_control_key
from shebaoka.carriers.errors import CarrierError
from shebaoka.carriers.export import Export, export_keys
from shebaoka.carriers.identity import Identity, Status
from shebaoka.carriers.importing import Import, Pins, import_keys
from shebaoka.carriers.issue import issue_carrier
from shebaoka.carriers.keys import CONTROL
from shebaoka.carriers.wire import Carrier
from shebaoka.chip.store import FileStore
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.demo.ceremonies import file_name
from shebaoka.psam.carrier.carrier import blank_carrier
from shebaoka.psam.carrier.state import MASTER_CONTROL, MOTHER, TRANSMISSION
from shebaoka.reader.images import open_chip
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.hierarchy import child_factor
from shebaoka.vault.model import Body, KeyHandle, Vault

TRANSPORT_KEY = b"TEST_ONLY-CARR-T"
"""Of blank simulated carriers, as on the command line."""

SUITE = Algorithm.SM4  # SM4 carriers take the keys of both suites
USES = 3
_MAKER = "00810102030099"  # T1-T5 of simulated chips, and an invented card maker


@dataclass(frozen=True)
class Card:
    """A carrier in its image, and the PIN its custodian knows."""

    identity: Identity
    image: Path
    pin: str = field(repr=False)

    @contextmanager
    def inserted(self) -> Iterator[InProcessReader]:
        """A slot with the carrier in it."""
        reader = InProcessReader(open_chip(self.image))
        try:
            yield reader
        finally:
            reader.close()

    def status(self) -> Status:
        """What the carrier tells of itself, free and without a use."""
        with self.inserted() as reader:
            return Carrier(reader).status


@dataclass(frozen=True)
class Trio:
    """The three carriers of a body. Mother card and transmission card are never in one hand."""

    control: Card
    mother: Card
    transmission: Card

    def __iter__(self) -> Iterator[Card]:
        return iter((self.control, self.mother, self.transmission))

    @property
    def pins(self) -> Pins:
        """Those of the two custodians of an import."""
        return Pins(self.mother.pin, self.transmission.pin)


@dataclass(frozen=True)
class Journey:
    """Keys that arrived: on which cards, which control key of the receiver, what left and what came in."""

    sender: Body
    receiver: Body
    cards: Trio
    control: KeyHandle
    export: Export
    arrived: Import


def carry(sender: Vault, receiver: Vault, folder: Path) -> Journey:
    """All keys that go from ``sender`` to the body below it, by master control card, mother card and
    transmission card; both vaults are saved. The check values the receiver sees are compared with those the
    sender told. Raises CarrierError, VaultError."""
    to = receiver.owner
    cards = issue_trio(sender, to, folder)
    export = export_trio(sender, cards)
    with cards.control.inserted() as reader:
        told = check_value_below(sender, sender.find(CONTROL, 1, SUITE), to)
        control = load_control_key(receiver, reader, cards.control.pin, kcv=told)
    arrived = import_trio(receiver, cards)
    for sent, got in zip(export.handles, arrived.handles, strict=True):
        if check_value_below(sender, sent, to) != got.kcv:
            raise CarrierError(f"{got} has another check value than {sender.owner} told")
    return Journey(sender.owner, to, cards, control, export, arrived)


def issue_trio(issuer: Vault, to: Body, folder: Path) -> Trio:
    """Three new carriers for ``to`` with images in ``folder``."""
    folder.mkdir(exist_ok=True)
    control, mother, transmission = (
        _issue(issuer, to, folder, kind, number)
        for number, kind in enumerate((MASTER_CONTROL, MOTHER, TRANSMISSION), 1)
    )
    return Trio(control, mother, transmission)


def export_trio(sender: Vault, cards: Trio) -> Export:
    """The keys for the cards' body onto its mother card, their key onto its transmission card."""
    with cards.mother.inserted() as mother, cards.transmission.inserted() as transmission:
        return export_keys(sender, mother, transmission, cards.mother.identity.owner)


def import_trio(receiver: Vault, cards: Trio) -> Import:
    """The keys of the cards into ``receiver``, which is saved."""
    with cards.mother.inserted() as mother, cards.transmission.inserted() as transmission:
        return import_keys(receiver, mother, transmission, cards.pins)


def check_value_below(vault: Vault, handle: KeyHandle, *bodies: Body) -> str:
    """The check value that a key of ``vault`` has at the last of ``bodies``, each below the one before."""
    cipher = vault.cipher(handle, *(child_factor(body) for body in bodies))
    return cipher.encrypt(bytes(handle.algorithm.block_size))[:3].hex().upper()


def _issue(issuer: Vault, to: Body, folder: Path, kind: str, number: int) -> Card:
    serial = f"{to.code:0<6}{number:010}"
    identity = Identity(
        kind, serial, issuer.owner, to, SUITE, date.today(), f"S-{to.code}-{number}", test_only=True
    )
    image, pin = folder / f"{file_name(to)}-{kind}.chip", f"{secrets.randbelow(10**6):06}"
    historical = bytes.fromhex(f"{_MAKER}0000{serial[-8:]}")
    chip = blank_carrier(
        FileStore(image), kind, historical=historical, algorithm=SUITE, transport_key=TRANSPORT_KEY
    )
    reader = InProcessReader(chip)
    issued = issue_carrier(reader, issuer, identity, pin, USES, SoftwareCipher(SUITE, TRANSPORT_KEY))
    reader.close()
    return Card(issued, image, pin)
