"""The keys of the carriers themselves, in the vaults: control key, transport keys, issuer keys.

``MCK`` (主控密钥): one root at the ministry; a province's and a city's are its sub-keys, so that the body
above can put them on cards, and the body itself has them from its master control card. ``CARRIER-TK``: each
body's root of transport keys, diversified by the reference of an export. ``CARRIER-MK``: each body's root of
issuer keys, diversified by a carrier's serial number. The last two leave their vault only wrapped for a
chip."""

from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.catalogue import CONTROL, CONTROL_USAGE, ISSUER, TRANSPORT, carrier_definitions
from shebaoka.vault.model import KeyDefinition, KeyHandle, KeyNotFoundError, Level, Vault

__all__ = [
    "CONTROL",
    "CONTROL_USAGE",
    "ISSUER",
    "TRANSPORT",
    "control_definition",
    "issuer_cipher",
    "set_up_carriers",
]


def control_definition(suite: Algorithm) -> KeyDefinition:
    """The control key's root."""
    return carrier_definitions(Level.NATION, suite)[0]


def set_up_carriers(vault: Vault, suite: Algorithm) -> tuple[KeyHandle, ...]:
    """What a body needs to issue carriers, from the vault's generator where no ceremony made it: its roots of
    transport and issuer keys, and at the ministry the control key. Keys already there are left alone. The
    caller saves."""
    wanted = carrier_definitions(vault.owner.level, suite)
    return tuple(_find(vault, each) or vault.generate(each) for each in wanted)


def issuer_cipher(vault: Vault, serial: str, suite: Algorithm) -> BlockCipher:
    """The issuer key of one carrier: ``CARRIER-MK`` diversified by its serial number, 16 digits."""
    return vault.cipher(vault.find(ISSUER, 1, suite), bytes.fromhex(serial))


def _find(vault: Vault, wanted: KeyDefinition) -> KeyHandle | None:
    try:
        return vault.find(wanted.name, wanted.version, wanted.algorithm)
    except KeyNotFoundError:
        return None
