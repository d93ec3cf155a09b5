"""Making PSAMs: the tree and the keys that administer it (Part 9 §5). Every level then loads its own keys
(:mod:`~shebaoka.personalization.psam_levels`).

The ministry makes the PSAM of a city: both environments, their master keys, and the loading keys KID-01,
KID-02, KID-03, each as the level that will use it knows it. A level then proves its loading key and sends
CREATE KEY under the application's master key; it needs no other level and sees no key of another."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import msgspec

from shebaoka.codec.digits import encode_cn
from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.crypto.factors import card_factor
from shebaoka.personalization.dialect import OPEN, IssuerDialect
from shebaoka.personalization.errors import LoadError, PersonalizationError
from shebaoka.personalization.key_entries import KeyFunction, KeyHeader
from shebaoka.personalization.plan import (
    Directory,
    Plan,
    branch_plan,
    finish_plan,
    master_header,
)
from shebaoka.personalization.psam_contents import made_keys
from shebaoka.personalization.psam_levels import steps_below
from shebaoka.personalization.psam_versions import Versions, live_versions
from shebaoka.personalization.psam_wire import INFORMATION, answer, application_name, send
from shebaoka.personalization.steps import Contents, FilePlace, KeySlot, StructureError
from shebaoka.reader.base import Reader, ReaderError
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import psam_master_keys
from shebaoka.spec.layouts import psam_layout
from shebaoka.spec.model import DirectoryLayout, PsamEnvironment
from shebaoka.vault.card_records import Note, unrecorded
from shebaoka.vault.catalogue import PSAM_ROOT, SUITES
from shebaoka.vault.contents import Act
from shebaoka.vault.model import KeyHandle, Level, Vault, VaultError

VENDOR = "0081010203"
"""T1-T5 of simulated PSAMs: chip vendor and COS, invented."""

_DIRECTORY_IDS = {"sx1": "DD01", "sx2": "DDF1"}  # inside the chip both environments stand under the MF
_CARD_DATA, _TERMINAL, _SEQUENCE = 0x0015, 0x0016, 0x0019


@dataclass(frozen=True, slots=True)
class PsamOrder:
    """A PSAM to be made. ``terminal``: 12 digits, issuing city then the PSAM's number (V2 §8.5.3.3);
    ``historical``: 13 bytes; ``issuer``: issuer id byte; ``start``, ``expiry``: of its applications;
    ``key_index``: published medical key index; ``key_version``: published authentication key version, by
    default the live one of each cipher, with the active ones before it beside; ``beside``: to a version that
    is named, further ones, each with an application of its own; ``suites``: environments to fill."""

    terminal: str
    historical: bytes
    start: date
    expiry: date
    issuer: int = 0x98
    key_index: int = 1
    key_version: int | None = None
    beside: tuple[int, ...] = ()
    tries: int = 3
    suites: tuple[Algorithm, ...] = field(default=SUITES)

    def __post_init__(self) -> None:
        if len(self.terminal) != 12 or not (self.terminal.isascii() and self.terminal.isdigit()):
            raise PersonalizationError(f"a terminal number has 12 digits, not {self.terminal!r}")
        if len(self.historical) != 13:
            raise PersonalizationError(f"historical bytes are 13 bytes, not {len(self.historical)}")
        if self.key_version is None:
            if self.beside:
                raise PersonalizationError("further key versions stand beside a version that is named")
            return
        versions = (self.key_version, *self.beside)
        if len(set(versions)) != len(versions) or not all(1 <= each <= 255 for each in versions):
            raise PersonalizationError("key versions of a PSAM are different numbers from 1 to 255")

    def versions(self, ministry: Vault, suite: Algorithm) -> Versions:
        """The key version published in the environment of ``suite``, and those beside it."""
        if self.key_version is None:
            return live_versions(ministry, suite)
        return self.key_version, self.beside

    @property
    def city_code(self) -> str:
        """Six digits of the issuing city."""
        return self.terminal[:6]

    @classmethod
    def numbered(cls, terminal: str, start: date, expiry: date) -> "PsamOrder":
        """The order whose historical bytes and issuer follow from the terminal number: maker ``0099``, the
        region, the PSAM's number as serial."""
        if len(terminal) != 12 or not (terminal.isascii() and terminal.isdigit()):
            raise PersonalizationError(f"a terminal number has 12 digits, not {terminal!r}")
        historical = bytes.fromhex(f"{VENDOR}0099{terminal[:4]}{terminal[6:]:0>8}")
        return cls(terminal, historical, start, expiry, issuer=int(terminal[:2], 16))


def suites_of(ministry: Vault) -> tuple[Algorithm, ...]:
    """The environments a ministry can fill: those its vault has the master keys of PSAMs for. All when it has
    none yet, so that the making says which key is missing."""
    held = {handle.algorithm for handle in ministry.handles() if handle.name == PSAM_ROOT}
    return tuple(suite for suite in SUITES if suite in held) or SUITES


def make_psam(
    reader: Reader,
    order: PsamOrder,
    ministry: Vault,
    transports: Callable[[Algorithm], BlockCipher],
    dialect: IssuerDialect = OPEN,
    *,
    note: Note = unrecorded,
    moment: datetime | None = None,
) -> None:
    """Tree, master keys and loading keys on the blank PSAM in ``reader``, which has been reset.

    ``transports`` gives the transport key of the blank chip as a cipher of either suite (the chip itself
    works with the first of ``order.suites``). A PSAM that an interrupted call left half made is made anew,
    one that is this one already is left alone. ``note`` is told what the PSAM will hold when it obeys and
    before it holds anything, and when it is made, or that it refused and was erased again. Raises LoadError,
    PersonalizationError for another vault than the ministry's."""
    if ministry.owner.level is not Level.NATION:
        raise PersonalizationError(f"PSAMs are made by the ministry, not by {ministry.owner}")
    first = order.suites[0]
    root = transports(first)
    contents = made_keys(ministry, order.suites, order.terminal, moment or datetime.now(UTC))
    if _is_made(reader, order, ministry, root, dialect):
        note(Act.FILLED, contents)
        return
    note(Act.FILLING, contents)
    try:
        _make(reader, order, ministry, transports, dialect)
    except ReaderError as error:
        raise LoadError(f"PSAM {order.terminal}: it stopped answering: {error}") from error
    except ValueError as error:
        if _erased(reader, root, dialect):
            note(Act.ABANDONED, contents)
        if isinstance(error, StructureError):
            raise LoadError(f"PSAM {order.terminal}: {error}") from error
        raise
    note(Act.FILLED, contents)


def _make(
    reader: Reader,
    order: PsamOrder,
    ministry: Vault,
    transports: Callable[[Algorithm], BlockCipher],
    dialect: IssuerDialect,
) -> None:
    first = order.suites[0]
    root = transports(first)
    for suite in order.suites:
        environment = psam_layout().environment(suite.label)
        versions = order.versions(ministry, suite)
        plan = _tree(environment, suite, order, versions, dialect)
        transport = transports(suite)
        blocks = {
            slot: ministry.wrap_for_chip(handle, factors, transport)
            for slot in plan.slots
            for handle, factors in [_master(ministry, slot.name, suite, order)]
        }
        plan.run(reader, transport, blocks, _contents(environment, order, versions), root=root)
    finish = finish_plan(master_header(first), dialect)
    handle, factors = _master(ministry, PSAM_ROOT, first, order)
    finish.run(reader, root, {finish.slots[0]: ministry.wrap_for_chip(handle, factors, root)})


def _erased(reader: Reader, transport: BlockCipher, dialect: IssuerDialect) -> bool:
    """Whether what was begun is gone again."""
    try:
        reader.reset()
        if not _proves(reader, transport, dialect):
            return False
        send(reader, dialect.delete_structure(), "DELETE STRUCTURE")
    except (LoadError, ReaderError):
        return False
    return True


def _is_made(
    reader: Reader, order: PsamOrder, ministry: Vault, transport: BlockCipher, dialect: IssuerDialect
) -> bool:
    """Whether this PSAM was finished before; if not, it is blank afterwards: until the last step the
    transport key rules it, and with it what an interrupted call left behind is deleted."""
    send(reader, b"\x00\xa4\x00\x00", "SELECT MF")
    if _proves(reader, transport, dialect):
        send(reader, dialect.delete_structure(), "DELETE STRUCTURE")
        return False
    handle, factors = _master(ministry, PSAM_ROOT, order.suites[0], order)
    if not _proves(reader, ministry.cipher(handle, *factors), dialect):
        raise LoadError(f"PSAM {order.terminal}: neither blank nor this PSAM: it knows another master key")
    name = bytes.fromhex(psam_layout().environment(order.suites[0].label).aid)
    send(reader, b"\x00\xa4\x04\x00" + bytes((len(name),)) + name, "SELECT the environment")
    terminal = send(reader, bytes.fromhex("00B0960006"), "the terminal number").hex()
    if terminal != order.terminal:
        raise LoadError(f"PSAM {order.terminal}: this is the PSAM {terminal}")
    return True


def _proves(reader: Reader, master: BlockCipher, dialect: IssuerDialect) -> bool:
    challenge = send(reader, bytes.fromhex("0084000008"), "GET CHALLENGE")
    return answer(reader, dialect.authenticate(master, challenge), "AUTHENTICATE MASTER")[-2:] == b"\x90\x00"


def _master(
    ministry: Vault, name: str, suite: Algorithm, order: PsamOrder
) -> tuple[KeyHandle, tuple[bytes, ...]]:
    """A key of the PSAM itself and its factors: KID-01 is the ministry's root, KID-02 the province's
    sub-key, KID-03 and the master keys of the environments the city's; the PSAM's own master is diversified
    by its number."""
    steps = steps_below(Level.NATION, order.city_code)
    factors = {
        "KID-01": (),
        "KID-02": steps[:1],
        PSAM_ROOT: (*steps, card_factor(order.historical)),
    }.get(name, steps)
    try:
        return ministry.find(name, 1, suite), factors
    except VaultError as error:
        raise PersonalizationError(f"{error}; set up the ministry's keys first") from None


def _tree(
    environment: PsamEnvironment,
    suite: Algorithm,
    order: PsamOrder,
    versions: Versions,
    dialect: IssuerDialect,
) -> Plan:
    loading = {key.name: key.identifier for key in psam_master_keys() if key.identifier is not None}
    headers = [
        (KeySlot(name), KeyHeader(KeyFunction.PSAM_LEVEL_MASTER, identifier, 1, suite, order.tries))
        for name, identifier in loading.items()
    ]
    return branch_plan(
        Directory(
            _directory(environment),
            master=(KeySlot("DDF-MK"), master_header(suite)),
            fci_algorithm=suite,
            dir_sfi=psam_layout().dir_sfi,
        ),
        [
            Directory(application, headers, (KeySlot("ADF-MK"), master_header(suite)))
            for application, _ in _applications(environment, versions)
        ],
        loading,
        dialect=dialect,
    )


def _applications(environment: PsamEnvironment, versions: Versions) -> list[tuple[DirectoryLayout, int]]:
    """The standard application and those of further key versions, each with the version it publishes."""
    standard = environment.application
    further = [
        (
            msgspec.structs.replace(
                standard, id=f"DF{number:02X}", aid=application_name(version).hex().upper()
            ),
            version,
        )
        for number, version in enumerate(versions[1], 2)
    ]
    return [(standard, versions[0]), *further]


def _directory(environment: PsamEnvironment) -> DirectoryLayout:
    return DirectoryLayout(
        id=_DIRECTORY_IDS[environment.id],
        name=environment.name,
        aid=environment.aid,
        files=environment.files,
    )


def _contents(environment: PsamEnvironment, order: PsamOrder, versions: Versions) -> Contents:
    """Card data, terminal number, sequence and the three information files (Part 9 §5.2-5.7)."""
    own = _directory(environment).id
    serial = encode_cn(f"{order.terminal:0>20}", 10)
    dates = bytes.fromhex(f"{order.start:%Y%m%d}{order.expiry:%Y%m%d}")
    contents: dict[FilePlace, list[bytes]] = {
        FilePlace(own, _CARD_DATA): [bytes((order.issuer,)) + serial + b"\x01\x03\x00\x01"],
        FilePlace(own, _TERMINAL): [bytes.fromhex(order.terminal)],
    }
    for application, version in _applications(environment, versions):
        information = bytes((order.key_index, version)) + dates
        contents[FilePlace(application.id, _SEQUENCE)] = [bytes(4)]
        contents |= {FilePlace(application.id, fid): [information] for fid in INFORMATION.values()}
    return contents
