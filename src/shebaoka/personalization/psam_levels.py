"""Every level loads its own keys into a PSAM, and the last one ends its life (Part 9 §9.4-9.6).

A level proves its loading key and sends CREATE KEY under the application's master key; it needs no other
level and sees no key of another. Loading can be interrupted anywhere: each key is there or not, and the next
run leaves alone what is there."""

from collections.abc import Iterable, Iterator

from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.crypto.factors import city_factor, province_factor
from shebaoka.crypto.formulas import authentication_data, diversify, session_key
from shebaoka.crypto.loading import loading_mac
from shebaoka.crypto.padding import fold_mac
from shebaoka.personalization.errors import LoadError, PersonalizationError
from shebaoka.personalization.psam_wire import probe, published_version, select_application, send
from shebaoka.reader.base import Reader
from shebaoka.spec import sw
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import psam_master_keys
from shebaoka.spec.layouts import psam_layout
from shebaoka.spec.model import KeyEntry
from shebaoka.vault.lifecycle import serving
from shebaoka.vault.model import KeyHandle, Level, Vault
from shebaoka.vault.psam import CHANGE, CREATE, KEY_FILES, usage_byte
from shebaoka.vault.states import Use

LOADING_KEYS = {Level.NATION: "KID-01", Level.PROVINCE: "KID-02", Level.CITY: "KID-03"}
PURCHASE = 2
"""Usage type of purchase keys: their identifier in the PSAM is the version (Part 9 §6.1)."""

_ENCRYPTING, _MACING = frozenset({7, 8}), frozenset({6, 9})
_ORIGINAL = bytes(8)
_HELD = frozenset({sw.OK, sw.CONDITIONS})  # 6985: held, but of a type without session keys
_WIPED = {sw.CONDITIONS: "its keys were wiped: it takes no key any more"}


def load_level(
    reader: Reader,
    vault: Vault,
    entries: Iterable[KeyEntry],
    suite: Algorithm,
    city_code: str,
    *,
    version: int | None = None,
) -> int:
    """A level loads its keys for cards into one environment of a PSAM of ``city_code``; returns how many of
    its keys are there then.

    The vault's owner decides the level: usage 6x for the ministry, 4x for a province, 2x for a city, and
    the key file. ``entries``: those of the catalogue that it is to load; entries no PSAM holds are passed
    over. ``version``: fill the application that this key version has of its own beside the standard one (keys
    the vault has not in this version are passed over); default the standard application, which gets the
    version it publishes. Keys that are there already are compared and left alone; those that serve no
    comparison (purchase, TAC) are written once more. Raises LoadError at the first refusal, and for a key
    that is there with another value (keys loaded before stay, the next call goes on), VaultError for a key
    the vault lacks."""
    owner = vault.owner
    master = enter(reader, vault, suite, city_code, version=version)
    published = published_version(reader, owner.level) if version is None else version
    count = 0
    for entry in entries:
        for handle, identifier in psam_handles(vault, entry, suite, published, beside=version is not None):
            usage = usage_byte(owner.level, entry.psam_type or 0)
            what = f"{entry.name} as {usage:02X}/{identifier:02X}"
            mode = _needed(reader, vault, handle, usage, identifier, suite, what)
            if mode is not None:
                header = bytes((0x84, 0xD4, mode, KEY_FILES[owner.level]))
                challenge = send(reader, bytes.fromhex("0084000004"), "GET CHALLENGE")
                command = vault.psam_loading(
                    handle, usage, identifier, master=master, challenge=challenge, header=header
                )
                name = "CREATE KEY" if mode == CREATE else "CHANGE KEY"
                foreign = {sw.KEY_NOT_FOUND: "another level holds this key"} if mode == CHANGE else {}
                send(reader, command, f"{name} {what}", foreign | _WIPED)
            count += 1
    return count


def wipe_psam(reader: Reader, vault: Vault, suite: Algorithm, city_code: str) -> None:
    """The end of a PSAM's life: a level proves its loading key in one environment and erases every key of
    both, for good, in one command. A PSAM that was wiped before is left alone. Raises LoadError."""
    environment = psam_layout().environment(suite.label)
    select_application(reader, suite)
    if probe(reader, b"\x84\xe4\x00\x00\x04" + bytes(4)) == sw.CONDITIONS:
        return
    master = enter(reader, vault, suite, city_code)
    challenge = send(reader, bytes.fromhex("0084000008"), "GET CHALLENGE")
    header = bytes.fromhex("84E4000004")
    send(reader, header + loading_mac(master, challenge, header), f"WIPE KEYS in {environment.id}")


def enter(
    reader: Reader, vault: Vault, suite: Algorithm, city_code: str, *, version: int | None = None
) -> BlockCipher:
    """Select the application of one environment and prove the level's loading key; gives the application's
    master key. Raises PersonalizationError for a PSAM of another region, LoadError."""
    owner = vault.owner
    if not city_code.startswith(owner.code):
        raise PersonalizationError(f"{owner} loads no keys into a PSAM of {city_code}")
    select_application(reader, suite, version)
    _prove(reader, vault, LOADING_KEYS[owner.level], suite)
    return vault.cipher(vault.find("ADF-MK", 1, suite), *steps_below(owner.level, city_code))


def psam_handles(
    vault: Vault, entry: KeyEntry, suite: Algorithm, published: int = 1, *, beside: bool = False
) -> Iterator[tuple[KeyHandle, int]]:
    """The keys a PSAM's application holds for an entry with their identifiers; none for an entry that no PSAM
    holds. Only active versions.

    In the standard application: purchase keys in all versions (the identifier is the version), others in the
    newest version up to the ``published`` one, else the oldest. ``beside``: in the application of one
    version, the key in just this version, if there is one. Raises VaultError for a key the vault lacks or
    that may not go into PSAMs."""
    if entry.psam_type is None or entry.psam_id is None:
        return
    active = serving(vault, entry.name, suite, Use.PSAMS)
    if beside:
        if entry.psam_type != PURCHASE:
            yield from ((handle, entry.psam_id) for handle in active if handle.version == published)
        return
    if not active:
        vault.check(vault.find(entry.name, published, suite), Use.PSAMS)
    if entry.psam_type == PURCHASE:
        yield from ((handle, handle.version) for handle in active)
        return
    fitting = [handle for handle in active if handle.version <= published] or active[:1]
    yield fitting[-1], entry.psam_id


def steps_below(level: Level, city_code: str) -> tuple[bytes, ...]:
    """The factors from a body of this level down to the city."""
    steps = (province_factor(city_code), city_factor(city_code))
    return steps[3 - level.steps_left :]


def holds(reader: Reader, usage: int, identifier: int, suite: Algorithm) -> bool:
    """Whether the selected application holds a key of this usage and identifier."""
    data = bytes(8 * (usage >> 5) + suite.block_size)
    return probe(reader, bytes((0xBF, 0xDE, usage, identifier, len(data))) + data) in _HELD


def _needed(
    reader: Reader,
    vault: Vault,
    handle: KeyHandle,
    usage: int,
    identifier: int,
    suite: Algorithm,
    what: str,
) -> int | None:
    """How the key has to be written: CREATE when the PSAM lacks it, CHANGE when it cannot be compared, None
    when it is there. Asking changes nothing."""
    block, factors = suite.block_size, usage >> 5
    if not holds(reader, usage, identifier, suite):
        return CREATE
    kind = usage & 0x1F
    if kind not in _ENCRYPTING | _MACING:
        return CHANGE
    cipher = vault.cipher(handle)
    for _ in range(factors):
        cipher = diversify(cipher, bytes(8))
    expected = session_key(cipher, bytes(block)).encrypt(bytes(block))
    if kind in _ENCRYPTING:
        command = b"\x80\xfa\x00\x00" + bytes((block,)) + bytes(block)
    else:
        command, expected = b"\x80\xfa\x05\x00" + bytes((2 * block,)) + bytes(2 * block), fold_mac(expected)
    if send(reader, command + b"\x00", f"comparing {what}") != expected:
        raise LoadError(f"{what}: the PSAM holds this key already with another value")
    return None


def _prove(reader: Reader, vault: Vault, name: str, suite: Algorithm) -> None:
    handle = vault.find(name, 1, suite)
    identifier = next(key.identifier for key in psam_master_keys() if key.name == name)
    challenge = send(reader, bytes.fromhex("0084000008"), "GET CHALLENGE")
    proof = authentication_data(session_key(vault.cipher(handle), challenge), _ORIGINAL) + _ORIGINAL
    command = bytes((0x00, 0x82, 0x00, identifier or 0, len(proof))) + proof
    missing = {sw.KEY_NOT_FOUND: f"it has no {name}: its keys were wiped, or it was never made"}
    send(reader, command, f"EXTERNAL AUTHENTICATION with {name}", missing)
