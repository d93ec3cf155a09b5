"""Sub-keys on a mother card: how a vault seals them under a transport key, and how another takes them in.

A block is a header (TLV) ‖ key encrypted under a cipher of the block's own ‖ MAC 8; the manifest names
sender, receiver and the number of blocks, and its MAC covers every block's. Both need nothing of a back end
but ciphers, ``wrap_for_chip`` and the reception of a package, so that every back end can take part; keys in
the clear exist nowhere but inside this room, between two of its seals (docs/reference/carriers.md)."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from hmac import compare_digest

from shebaoka.codec.tlv import TlvError, encode, encode_all, parse
from shebaoka.crypto.carriage import KEY, MAC, block_cipher, seal_mac
from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import Scope
from shebaoka.vault.hierarchy import child_factor
from shebaoka.vault.model import Body, HierarchyError, KeyHandle, Level, Vault, VaultError
from shebaoka.vault.records import KeyRecord, key_id, record_of
from shebaoka.vault.register import sub_key
from shebaoka.vault.rules import check_hand_over
from shebaoka.vault.states import Use
from shebaoka.vault.transfer import Package, seal_package

LARGEST = 240  # bytes of a block
ANY_VERSION = range(1, 256)

_REFERENCE, _COUNT, _SUITE, _SENDER, _RECEIVER = range(0x81, 0x86)
_NUMBER, _NAME, _USAGE, _VERSION, _ALGORITHM, _PLACE, _PARENT, _FACTOR, _KCV = range(0x91, 0x9A)
_EXPORTABLE, _TEST_ONLY = 0x01, 0x02
_LEVELS = tuple(Level)
_SCOPES = tuple(Scope)


@dataclass(frozen=True, slots=True)
class SealedKeys:
    """What a mother card carries. ``reference``: of the export, 8 bytes."""

    reference: bytes
    manifest: bytes
    blocks: tuple[bytes, ...]


def seal_for(
    vault: Vault, handles: Sequence[KeyHandle], to: Body, transport: BlockCipher, reference: bytes
) -> SealedKeys:
    """Sub-keys of ``handles`` for ``to`` under a transport key, the same bytes whenever it is called again.

    Raises HierarchyError and VaultError for a key that may not go there, and for an SM4 key under 3DES."""
    factor = child_factor(to)
    blocks = []
    for number, handle in enumerate(handles, 1):
        vault.check(handle, Use.HAND_DOWN)
        check_hand_over(handle, to)
        if handle.algorithm.block_size > transport.algorithm.block_size:
            raise VaultError(f"{handle} does not travel under {transport.algorithm.label}; use SM4 carriers")
        blocks.append(_seal_block(vault, handle, to, factor, transport, number))
    if not blocks:
        raise VaultError(f"{vault.owner} has no keys to export to {to}")
    content = encode_all(
        [
            (_REFERENCE, reference),
            (_COUNT, len(blocks).to_bytes(2)),
            (_SUITE, bytes((transport.algorithm.psam,))),
            (_SENDER, encode_body(vault.owner)),
            (_RECEIVER, encode_body(to)),
        ]
    )
    return SealedKeys(reference, content + _manifest_mac(transport, content, blocks), tuple(blocks))


def accept_sealed(
    vault: Vault, sealed: SealedKeys, transport: BlockCipher, versions: Container[int] = ANY_VERSION
) -> tuple[KeyHandle, ...]:
    """The keys of a mother card, checked and stored, all or none; equal ones that are here are left alone.

    Raises VaultError with the reason: another pair of cards, damaged, another receiver, region or level, a
    version not in ``versions``, check value, parent, another value here already."""
    sender = _check_manifest(sealed, transport, vault.owner)
    records = tuple(
        _open_block(block, number, transport, sender, vault.owner, versions)
        for number, block in enumerate(sealed.blocks, 1)
    )
    return take_in(vault, sender, records)


def sealed_handles(sealed: SealedKeys, owner: Body) -> tuple[KeyHandle, ...]:
    """The keys in ``sealed`` for ``owner`` as the headers of the blocks name them; nothing is decrypted."""
    handles = []
    for block in sealed.blocks:
        ((_, header),) = parse(block[: -KEY - MAC])
        handles.append(_handle(dict(parse(header)), owner))
    return tuple(handles)


def take_in(vault: Vault, sender: Body, records: tuple[KeyRecord, ...]) -> tuple[KeyHandle, ...]:
    """Records into the vault, through its reception: what it checks of packages it checks of these."""
    return vault.take_over(seal_package(Package(sender, vault.owner, records), vault.reception()))


def encode_body(body: Body) -> bytes:
    """level 1 ‖ length 1 ‖ code ‖ name in UTF-8."""
    code = body.code.encode("ascii")
    return bytes((_LEVELS.index(body.level), len(code))) + code + body.name.encode()


def decode_body(data: bytes) -> Body:
    """Inverse of :func:`encode_body`. Raises ValueError."""
    if len(data) < 2 or data[0] >= len(_LEVELS):
        raise ValueError("a body is cut off or of an unknown level")
    end = 2 + data[1]
    return Body(_LEVELS[data[0]], data[2:end].decode("ascii"), data[end:].decode())


def same_body(one: Body, other: Body) -> bool:
    """Level and code decide; the name is for people."""
    return (one.level, one.code) == (other.level, other.code)


def _seal_block(
    vault: Vault, handle: KeyHandle, to: Body, factor: bytes, transport: BlockCipher, number: int
) -> bytes:
    zeros = bytes(handle.algorithm.block_size)
    key = sub_key(handle, to, factor, vault.cipher(handle, factor).encrypt(zeros)[:3].hex().upper())
    flags = _EXPORTABLE * key.exportable | _TEST_ONLY * key.test_only
    place = (_LEVELS.index(key.level), _SCOPES.index(key.scope), _LEVELS.index(key.reach), flags)
    header = encode_all(
        [
            (_NUMBER, number.to_bytes(2)),
            (_RECEIVER, encode_body(Body(to.level, to.code, ""))),
            (_NAME, key.name.encode()),
            (_USAGE, key.usage.encode()),
            (_VERSION, bytes((key.version,))),
            (_ALGORITHM, bytes((key.algorithm.psam,))),
            (_PLACE, bytes(place)),
            (_PARENT, key.parent.encode()),
            (_FACTOR, factor),
            (_KCV, bytes.fromhex(key.kcv)),
        ]
    )
    sealed = encode(0x7F, header) + vault.wrap_for_chip(handle, [factor], block_cipher(transport, number))
    block = sealed + seal_mac(transport, sealed)
    if len(block) > LARGEST:
        raise VaultError(f"{key.name}: its name and usage are too long for a mother card")
    return block


def _check_manifest(sealed: SealedKeys, transport: BlockCipher, owner: Body) -> Body:
    """The sender."""
    content, mac = sealed.manifest[:-MAC], sealed.manifest[-MAC:]
    if not compare_digest(mac, _manifest_mac(transport, content, sealed.blocks)[-MAC:]):
        raise VaultError(
            "mother card and transmission card do not belong together, or the content was altered; "
            "use the pair of one export"
        )
    try:
        fields = dict(parse(content))
        sender, receiver = decode_body(fields[_SENDER]), decode_body(fields[_RECEIVER])
        reference, count = fields[_REFERENCE], int.from_bytes(fields[_COUNT])
    except (TlvError, KeyError, ValueError):
        raise VaultError("the manifest of the mother card does not decode; ask for a new export") from None
    if reference != sealed.reference or count != len(sealed.blocks):
        raise VaultError("the mother card holds another number of blocks than its manifest says")
    if not same_body(receiver, owner):
        raise HierarchyError(f"the keys are for {receiver}, not for {owner} (R-24)")
    return sender


def _open_block(
    block: bytes,
    number: int,
    transport: BlockCipher,
    sender: Body,
    owner: Body,
    versions: Container[int],
) -> KeyRecord:
    sealed, mac = block[:-MAC], block[-MAC:]
    if len(sealed) <= KEY or not compare_digest(mac, seal_mac(transport, sealed)):
        raise VaultError(f"block {number} of the mother card was altered; ask for a new export")
    try:
        ((_, header),) = parse(sealed[:-KEY])
        fields = dict(parse(header))
        handle, place = _handle(fields, owner), int.from_bytes(fields[_NUMBER])
    except HierarchyError:
        raise
    except (TlvError, KeyError, ValueError, IndexError):
        raise VaultError(f"block {number} of the mother card does not decode; ask for a new export") from None
    if place != number:
        raise VaultError(f"block {number} of the mother card stands in the place of another")
    if handle.version not in versions:
        raise VaultError(f"{handle.name}: version {handle.version} is not accepted here")
    if fields[_FACTOR] != child_factor(owner):
        raise HierarchyError(f"{handle.name} was derived for another region than {owner.code} (R-24)")
    if handle.parent != key_id(sender, handle.name, handle.version, handle.algorithm):
        raise HierarchyError(f"{handle.name}: its parent {handle.parent!r} is no key of {sender} (R-24)")
    key = block_cipher(transport, number).decrypt(sealed[-KEY:])
    if handle.algorithm is Algorithm.DES and key[:8] != key[8:]:
        raise VaultError(f"{handle.name}: a single DES key came with two halves")
    return record_of(handle, key[: handle.algorithm.key_size])


def _handle(fields: dict[int, bytes], owner: Body) -> KeyHandle:
    receiver = decode_body(fields[_RECEIVER])
    level, scope, reach, flags = fields[_PLACE]
    if not same_body(receiver, owner) or _LEVELS[level] is not owner.level:
        raise HierarchyError(f"a block is for {receiver.level} {receiver.code}, not for {owner} (R-24)")
    name, version = fields[_NAME].decode(), fields[_VERSION][0]
    algorithm = Algorithm.from_psam(fields[_ALGORITHM][0])
    return KeyHandle(
        key_id(owner, name, version, algorithm),
        owner,
        owner.level,
        name,
        fields[_USAGE].decode(),
        version,
        algorithm,
        _SCOPES[scope],
        _LEVELS[reach],
        parent=fields[_PARENT].decode(),
        factor=fields[_FACTOR].hex().upper(),
        kcv=fields[_KCV].hex().upper(),
        exportable=bool(flags & _EXPORTABLE),
        test_only=bool(flags & _TEST_ONLY),
    )


def _manifest_mac(transport: BlockCipher, content: bytes, blocks: Sequence[bytes]) -> bytes:
    return seal_mac(transport, content + b"".join(block[-MAC:] for block in blocks))
