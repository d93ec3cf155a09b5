"""Making PSAMs: the tree and the keys that administer it, then every level loads its own keys (Part 9 §5,
§9.4-9.5).

The ministry makes the PSAM of a city: both environments, their master keys, and the loading keys KID-01,
KID-02, KID-03, each as the level that will use it knows it. A level then proves its loading key and sends
CREATE KEY under the application's master key; it needs no other level and sees no key of another."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from shebaoka.codec.digits import encode_cn
from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.crypto.factors import card_factor, city_factor, province_factor
from shebaoka.crypto.formulas import authentication_data, session_key
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
from shebaoka.personalization.steps import Contents, FilePlace, KeySlot, StructureError
from shebaoka.reader.base import Reader, ReaderError
from shebaoka.reader.exchange import follow
from shebaoka.spec import sw
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import psam_master_keys
from shebaoka.spec.layouts import psam_layout
from shebaoka.spec.model import DirectoryLayout, KeyEntry, PsamEnvironment
from shebaoka.spec.status_words import describe
from shebaoka.vault.catalogue import PSAM_ROOT, SUITES
from shebaoka.vault.model import KeyHandle, Level, Vault, VaultError
from shebaoka.vault.psam import CREATE, KEY_FILES, usage_byte

LOADING_KEYS = {Level.NATION: "KID-01", Level.PROVINCE: "KID-02", Level.CITY: "KID-03"}
PURCHASE = 2
"""Usage type of purchase keys: their identifier in the PSAM is the version (Part 9 §6.1)."""

VENDOR = "0081010203"
"""T1-T5 of simulated PSAMs: chip vendor and COS, invented."""

_OK = b"\x90\x00"
_ORIGINAL = bytes(8)
_DIRECTORY_IDS = {"sx1": "DD01", "sx2": "DDF1"}  # inside the chip both environments stand under the MF
_CARD_DATA, _TERMINAL, _SEQUENCE = 0x0015, 0x0016, 0x0019
_INFORMATION = {0x001A: Level.NATION, 0x001B: Level.PROVINCE, 0x001C: Level.CITY}


@dataclass(frozen=True, slots=True)
class PsamOrder:
    """A PSAM to be made. ``terminal``: 12 digits, issuing city then the PSAM's number (V2 §8.5.3.3);
    ``historical``: 13 bytes; ``issuer``: issuer id byte; ``start``, ``expiry``: of its applications;
    ``key_index``, ``key_version``: published medical key index and authentication key version; ``suites``:
    environments to fill."""

    terminal: str
    historical: bytes
    start: date
    expiry: date
    issuer: int = 0x98
    key_index: int = 1
    key_version: int = 1
    tries: int = 3
    suites: tuple[Algorithm, ...] = field(default=SUITES)

    def __post_init__(self) -> None:
        if len(self.terminal) != 12 or not (self.terminal.isascii() and self.terminal.isdigit()):
            raise PersonalizationError(f"a terminal number has 12 digits, not {self.terminal!r}")
        if len(self.historical) != 13:
            raise PersonalizationError(f"historical bytes are 13 bytes, not {len(self.historical)}")

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


def make_psam(
    reader: Reader,
    order: PsamOrder,
    ministry: Vault,
    transports: Callable[[Algorithm], BlockCipher],
    dialect: IssuerDialect = OPEN,
) -> None:
    """Tree, master keys and loading keys on the blank PSAM in ``reader``, which has been reset.

    ``transports`` gives the transport key of the blank chip as a cipher of either suite (the chip itself
    works with the first of ``order.suites``). Raises LoadError, PersonalizationError for another vault than
    the ministry's."""
    if ministry.owner.level is not Level.NATION:
        raise PersonalizationError(f"PSAMs are made by the ministry, not by {ministry.owner}")
    first = order.suites[0]
    root = transports(first)
    try:
        for suite in order.suites:
            environment = psam_layout().environment(suite.label)
            plan = _tree(environment, suite, order, dialect)
            transport = transports(suite)
            blocks = {
                slot: ministry.wrap_for_chip(handle, factors, transport)
                for slot in plan.slots
                for handle, factors in [_master(ministry, slot.name, suite, order)]
            }
            plan.run(reader, transport, blocks, _contents(environment, order), root=root)
        finish = finish_plan(master_header(first), dialect)
        handle, factors = _master(ministry, PSAM_ROOT, first, order)
        finish.run(reader, root, {finish.slots[0]: ministry.wrap_for_chip(handle, factors, root)})
    except StructureError as error:
        raise LoadError(f"PSAM {order.terminal}: {error}") from error
    except ReaderError as error:
        raise LoadError(f"PSAM {order.terminal}: it stopped answering: {error}") from error


def load_level(
    reader: Reader, vault: Vault, entries: Iterable[KeyEntry], suite: Algorithm, city_code: str
) -> int:
    """A level loads its keys for cards into one environment of a PSAM of ``city_code``; returns how many.

    The vault's owner decides the level: usage 6x for the ministry, 4x for a province, 2x for a city, and
    the key file. ``entries``: those of the catalogue that it is to load; entries no PSAM holds are passed
    over. Raises LoadError at the first refusal (keys loaded before stay), VaultError for a key the vault
    lacks."""
    owner = vault.owner
    if not city_code.startswith(owner.code):
        raise PersonalizationError(f"{owner} loads no keys into a PSAM of {city_code}")
    environment = psam_layout().environment(suite.label)
    _send(reader, _select(bytes.fromhex(environment.aid)), f"SELECT {environment.id}")
    _send(reader, _select(bytes.fromhex(environment.application.aid)), "SELECT the PSAM application")
    _prove(reader, vault, LOADING_KEYS[owner.level], suite)
    master = vault.cipher(vault.find("ADF-MK", 1, suite), *_below(owner.level, city_code))
    header = bytes((0x84, 0xD4, CREATE, KEY_FILES[owner.level]))
    count = 0
    for entry in entries:
        for handle, identifier in psam_handles(vault, entry, suite):
            challenge = _send(reader, bytes.fromhex("0084000004"), "GET CHALLENGE")
            usage = usage_byte(owner.level, entry.psam_type or 0)
            command = vault.psam_loading(
                handle, usage, identifier, master=master, challenge=challenge, header=header
            )
            what = f"CREATE KEY {entry.name} as {usage:02X}/{identifier:02X}"
            _send(reader, command, what, {sw.DATA: "the PSAM holds this key already"})
            count += 1
    return count


def psam_handles(vault: Vault, entry: KeyEntry, suite: Algorithm) -> Iterator[tuple[KeyHandle, int]]:
    """The keys a PSAM holds for an entry with their identifiers: purchase keys in all versions (the
    identifier is the version), others in version 1; none for an entry that no PSAM holds."""
    if entry.psam_type is None or entry.psam_id is None:
        return
    if entry.psam_type == PURCHASE:
        for version in range(1, entry.versions + 1):
            yield vault.find(entry.name, version, suite), version
    else:
        yield vault.find(entry.name, 1, suite), entry.psam_id


def _below(level: Level, city_code: str) -> tuple[bytes, ...]:
    """The factors from a body of this level down to the city."""
    steps = (province_factor(city_code), city_factor(city_code))
    return steps[3 - level.steps_left :]


def _master(
    ministry: Vault, name: str, suite: Algorithm, order: PsamOrder
) -> tuple[KeyHandle, tuple[bytes, ...]]:
    """A key of the PSAM itself and its factors: KID-01 is the ministry's root, KID-02 the province's
    sub-key, KID-03 and the master keys of the environments the city's; the PSAM's own master is diversified
    by its number."""
    steps = _below(Level.NATION, order.city_code)
    factors = {
        "KID-01": (),
        "KID-02": steps[:1],
        PSAM_ROOT: (*steps, card_factor(order.historical)),
    }.get(name, steps)
    try:
        return ministry.find(name, 1, suite), factors
    except VaultError as error:
        raise PersonalizationError(f"{error}; set up the ministry's keys first") from None


def _tree(environment: PsamEnvironment, suite: Algorithm, order: PsamOrder, dialect: IssuerDialect) -> Plan:
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
        [Directory(environment.application, headers, (KeySlot("ADF-MK"), master_header(suite)))],
        loading,
        dialect=dialect,
    )


def _directory(environment: PsamEnvironment) -> DirectoryLayout:
    return DirectoryLayout(
        id=_DIRECTORY_IDS[environment.id],
        name=environment.name,
        aid=environment.aid,
        files=environment.files,
    )


def _contents(environment: PsamEnvironment, order: PsamOrder) -> Contents:
    """Card data, terminal number, sequence and the three information files (Part 9 §5.2-5.7)."""
    own, application = _directory(environment).id, environment.application.id
    serial = encode_cn(f"{order.terminal:0>20}", 10)
    dates = bytes.fromhex(f"{order.start:%Y%m%d}{order.expiry:%Y%m%d}")
    information = bytes((order.key_index, order.key_version)) + dates
    return {
        FilePlace(own, _CARD_DATA): [bytes((order.issuer,)) + serial + b"\x01\x03\x00\x01"],
        FilePlace(own, _TERMINAL): [bytes.fromhex(order.terminal)],
        FilePlace(application, _SEQUENCE): [bytes(4)],
        **{FilePlace(application, fid): [information] for fid in _INFORMATION},
    }


def _prove(reader: Reader, vault: Vault, name: str, suite: Algorithm) -> None:
    handle = vault.find(name, 1, suite)
    identifier = next(key.identifier for key in psam_master_keys() if key.name == name)
    challenge = _send(reader, bytes.fromhex("0084000008"), "GET CHALLENGE")
    proof = authentication_data(session_key(vault.cipher(handle), challenge), _ORIGINAL) + _ORIGINAL
    command = bytes((0x00, 0x82, 0x00, identifier or 0, len(proof))) + proof
    _send(reader, command, f"EXTERNAL AUTHENTICATION with {name}")


def _select(name: bytes) -> bytes:
    return b"\x00\xa4\x04\x00" + bytes((len(name),)) + name


def _send(reader: Reader, command: bytes, what: str, meanings: Mapping[int, str] | None = None) -> bytes:
    try:
        answer = follow(reader, command)
    except ReaderError as error:
        raise LoadError(f"{what}: the PSAM stopped answering: {error}") from error
    if answer[-2:] != _OK:
        word = int.from_bytes(answer[-2:])
        meaning = (meanings or {}).get(word) or describe(word).meaning.en
        raise LoadError(f"{what}: the PSAM answered {word:04X} ({meaning})")
    return answer[:-2]
