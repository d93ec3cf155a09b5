"""A key from components: split knowledge (分别持有), no custodian alone knows anything of it (K-07)."""

from collections.abc import Sequence

from shebaoka.crypto.ciphers import xor
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import KeyDefinition, VaultError

FEWEST = 2


class ComponentsError(VaultError):
    """Components that give no key to be used. ``what``: ``components-same`` or ``weak-key``."""

    def __init__(self, what: str, line: str) -> None:
        super().__init__(line)
        self.what = what


_LISTED = bytes.fromhex(
    "0101010101010101 FEFEFEFEFEFEFEFE E0E0E0E0F1F1F1F1 1F1F1F1F0E0E0E0E "  # weak
    "01FE01FE01FE01FE FE01FE01FE01FE01 1FE01FE00EF10EF1 E01FE01FF10EF10E "  # half weak, in pairs
    "01E001E001F101F1 E001E001F101F101 1FFE1FFE0EFE0EFE FE1FFE1FFE0EFE0E "
    "011F011F010E010E 1F011F010E010E01 E0FEE0FEF1FEF1FE FEE0FEE0FEF1FEF1"
)
_WEAK_DES = frozenset(_LISTED[start : start + 8] for start in range(0, len(_LISTED), 8))


def combine(definition: KeyDefinition, components: Sequence[bytes]) -> bytes:
    """The key: XOR of at least two components of the key's size.

    Raises VaultError, which never repeats a component, for a wrong number or size, for one component given
    twice or without content, and for a result that is a weak key."""
    name, algorithm = definition.name, definition.algorithm
    if len(components) < FEWEST:
        raise VaultError(f"{name}: a key has at least {FEWEST} components, not {len(components)} (K-07)")
    for number, component in enumerate(components, 1):
        check_component(name, number, algorithm, component)
    if len(set(components)) != len(components):
        line = f"{name}: two components are the same; each custodian brings one of his own"
        raise ComponentsError("components-same", line)
    key = bytes(algorithm.key_size)
    for component in components:
        key = xor(key, component)
    if is_weak(algorithm, key):
        raise ComponentsError("weak-key", f"{name}: the components give a weak key; bring others")
    return key


def check_component(name: str, number: int, algorithm: Algorithm, component: bytes) -> None:
    """Raises VaultError for a component of a wrong size, or of one byte repeated."""
    if len(component) != algorithm.key_size:
        raise VaultError(
            f"{name}: component {number} has {len(component)} bytes, "
            f"a {algorithm.label} key needs {algorithm.key_size}"
        )
    if len(set(component)) == 1:
        raise VaultError(f"{name}: component {number} is one byte repeated; draw it at random")


def is_weak(algorithm: Algorithm, key: bytes) -> bool:
    """Whether the key is one byte repeated, a weak or half-weak DES key, or 3DES with two equal halves."""
    if len(set(key)) == 1:
        return True
    if algorithm.block_size != 8:
        return False
    halves = [_odd(key[start : start + 8]) for start in range(0, len(key), 8)]
    return any(half in _WEAK_DES for half in halves) or len(set(halves)) != len(halves)


def _odd(key: bytes) -> bytes:
    """DES ignores the lowest bit of every byte: here it makes the parity odd."""
    return bytes(byte & 0xFE | (byte >> 1).bit_count() % 2 ^ 1 for byte in key)
