"""A vault's key record as a TR-31 key block, and back.

Beside the standard header a block carries, in the proprietary optional block 10, what our hierarchy knows of
its key (JSON, ASCII): owner, level, parent, factor, TEST_ONLY. A block without it comes from another system:
then the receiver says what key it expects. All of the header is under the block's MAC."""

import json

import msgspec

from shebaoka.crypto.tr31.block import unwrap, wrap
from shebaoka.crypto.tr31.errors import KeyBlockError
from shebaoka.crypto.tr31.header import Header
from shebaoka.crypto.tr31.protection import ProtectionKey
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import Scope
from shebaoka.vault.block_usages import LETTERS, block_usage, modes_taken
from shebaoka.vault.cipher import check_value
from shebaoka.vault.hierarchy import child_factor
from shebaoka.vault.model import Body, HierarchyError, KeyDefinition, Level, VaultError
from shebaoka.vault.records import KeyRecord, key_id
from shebaoka.vault.rules import check_generation, check_mark

OURS = "10"
CHECK_VALUE = "KC"
_LEGACY_KCV = "00"
_ALGORITHMS = {letter: algorithm for algorithm, letter in LETTERS.items()}


class _Description(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Optional block 10: the fields of a key record that the header has no place for."""

    owner: Body
    level: Level
    name: str
    usage: str
    scope: Scope
    reach: Level
    parent: str
    factor: str
    test_only: bool


def seal_block(record: KeyRecord, protection: ProtectionKey) -> str:
    """A key block of a key record. Raises VaultError naming the field that cannot be."""
    if not 1 <= record.version <= 99:
        raise VaultError(f"{record.name} v{record.version}: a key block numbers versions 1-99")
    description = _Description(
        record.owner,
        record.level,
        record.name,
        record.usage,
        record.scope,
        record.reach,
        record.parent,
        record.factor,
        record.test_only,
    )
    optional = {
        CHECK_VALUE: _LEGACY_KCV + record.kcv,
        OURS: json.dumps(msgspec.to_builtins(description), separators=(",", ":")),
    }
    usage, mode = block_usage(record.usage)
    exportability = "E" if record.exportable else "N"
    letter = LETTERS[record.algorithm_]
    try:
        header = Header(
            protection.version, usage, letter, mode, f"{record.version:02}", exportability, optional
        )
        return wrap(protection, header, record.key)
    except KeyBlockError as error:
        raise VaultError(f"{record.name} v{record.version}: {error}") from None


def open_block(
    block: str,
    protection: ProtectionKey,
    owner: Body,
    definition: KeyDefinition | None = None,
    *,
    production: bool = False,
) -> KeyRecord:
    """The key record of a block for ``owner``, checked: MAC, header, check value, place in the hierarchy.

    ``definition``: the key expected when the block comes from another system and does not say. Outside
    ``production`` such a key becomes TEST_ONLY; a block of ours says which it is, and test and production do
    not meet (R-55). Raises VaultError naming the field, HierarchyError when the key is not one of this body
    (R-24)."""
    try:
        header, key = unwrap(protection, block.strip())
    except KeyBlockError as error:
        raise VaultError(str(error)) from None
    algorithm = _ALGORITHMS.get(header.algorithm)
    if algorithm is None:
        raise VaultError(f"key block, algorithm: {header.algorithm} is no algorithm of the card")
    if len(key) != algorithm.key_size:
        raise VaultError(
            f"key block, key: a {algorithm.label} key here has {algorithm.key_size} bytes, not {len(key)}"
        )
    kcv = _checked_value(header, algorithm, key)
    if OURS in header.optional:
        description = _described(header.optional[OURS])
        version = int(header.key_version) if header.key_version.isdigit() else 0
        _check_named(description, version, definition)
    elif definition is not None:
        description = _expected(definition, owner, test_only=not production)
        version = definition.version
        _check_definition(header, definition, algorithm)
    else:
        raise VaultError(
            "key block: it comes from another system and does not say which key it holds; name the key"
        )
    if block_usage(description.usage) != (header.usage, header.mode) and OURS in header.optional:
        raise VaultError(f"key block, key usage: {header.usage} does not fit {description.usage}")
    if not same_body(description.owner, owner):
        raise HierarchyError(
            f"{description.name} v{version} in the key block is a key of {description.owner}, not of {owner}"
            " (R-24)"
        )
    record = KeyRecord(
        key_id(owner, description.name, version, algorithm),
        owner,
        description.level,
        description.name,
        description.usage,
        version,
        algorithm.name,
        description.scope,
        description.reach,
        description.parent,
        description.factor,
        kcv,
        header.exportability == "E" and (definition is None or definition.exportable),
        description.test_only,
        key,
    )
    check_place(record, owner)
    check_mark(f"{record.name} v{version}", owner, record.test_only, production=production)
    return record


def check_place(record: KeyRecord, owner: Body) -> None:
    """Raises HierarchyError when the key is no key of ``owner``: a root of another scope, or a sub-key that
    does not come from the body just above (R-24)."""
    label = f"{record.name} v{record.version}"
    if record.level is not owner.level:
        raise HierarchyError(f"{label} in the key block is a {record.level} key, not one of {owner} (R-24)")
    if record.version < 1:
        raise VaultError(f"key block, key version number: {label} has none; versions count from 01")
    if not record.parent:
        check_generation(definition_of(record), owner)
        return
    if owner.level is Level.NATION:
        raise HierarchyError(f"{label} is a sub-key; {owner} stands at the top and has only roots (R-24)")
    fits = record.parent == key_id(body_above(owner), record.name, record.version, record.algorithm_)
    if not fits or record.factor != child_factor(owner).hex().upper():
        raise HierarchyError(f"{label} does not come from the body just above {owner} (R-24)")


def same_body(one: Body, other: Body) -> bool:
    """Level and code decide; the name is for people."""
    return (one.level, one.code) == (other.level, other.code)


def body_above(owner: Body) -> Body:
    """The body just above a province or city; blocks do not carry its name."""
    if owner.level is Level.PROVINCE:
        return Body(Level.NATION, "", "")
    return Body(Level.PROVINCE, owner.code[:2], "")


def definition_of(record: KeyRecord) -> KeyDefinition:
    """What a received root would be made as."""
    return KeyDefinition(
        record.name,
        record.usage,
        record.algorithm_,
        record.version,
        record.scope,
        record.reach,
        record.exportable,
    )


def _checked_value(header: Header, algorithm: Algorithm, key: bytes) -> str:
    kcv = check_value(algorithm, key)
    said = header.optional.get(CHECK_VALUE, "")
    if said.startswith(_LEGACY_KCV) and not kcv.startswith(said[2:8]):
        raise VaultError(f"key block, optional block {CHECK_VALUE}: the check value is not that of the key")
    return kcv


def _described(text: str) -> _Description:
    try:
        return msgspec.json.decode(text, type=_Description)
    except ValueError:
        raise VaultError(f"key block, optional block {OURS}: it is no description of a key") from None


def _expected(definition: KeyDefinition, owner: Body, *, test_only: bool) -> _Description:
    """What a foreign block's key becomes here: a root of the owner."""
    return _Description(
        owner,
        owner.level,
        definition.name,
        definition.usage,
        definition.scope,
        definition.reach,
        parent="",
        factor="",
        test_only=test_only,
    )


def _check_named(description: _Description, version: int, definition: KeyDefinition | None) -> None:
    """Raises VaultError when a block of ours holds another key than the one that was named."""
    if definition is not None and (description.name, version) != (definition.name, definition.version):
        raise VaultError(
            f"key block: it says that it holds {description.name} v{version}, "
            f"not {definition.name} v{definition.version}"
        )


def _check_definition(header: Header, definition: KeyDefinition, algorithm: Algorithm) -> None:
    """Raises VaultError when a foreign block holds another kind of key than expected."""
    wanted = block_usage(definition.usage)
    usage, mode = wanted
    if algorithm is not definition.algorithm:
        raise VaultError(
            f"key block, algorithm: it holds a {algorithm.label} key;"
            f" {definition.name} is {definition.algorithm.label}"
        )
    if header.usage != usage:
        raise VaultError(
            f"key block, key usage: {header.usage} is not that of {definition.name}, which is {usage}"
        )
    if header.mode not in modes_taken(wanted):
        raise VaultError(
            f"key block, mode of use: {header.mode} is not that of {definition.name}, which is {mode}"
        )
    if header.key_version not in ("00", f"{definition.version:02}"):
        raise VaultError(
            f"key block, key version number: {header.key_version} is not version {definition.version}"
        )
