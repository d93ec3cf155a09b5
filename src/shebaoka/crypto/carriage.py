"""What a key carrier and a vault compute together: session keys, proofs, the sealing of key blocks.

Ours, over the standard's own diversification (docs/reference/carriers.md). The control key is never used
itself: everything comes from a key derived from it under a label, so that a session key is never a key of
the hierarchy. MACs are CMAC (SP 800-38B), the first eight bytes.
"""

from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shebaoka.crypto.ciphers import BlockCipher, SoftwareCipher
from shebaoka.crypto.formulas import diversify
from shebaoka.crypto.tr31.cmac import cmac
from shebaoka.spec.algorithm import Algorithm

RANDOM: Final = 8
MAC: Final = 8
KEY: Final = 16
PUBLIC: Final = 32

_SESSION: Final = b"control session "
_SESSION_ENCRYPTION: Final = b"session encrypts"
_SESSION_MAC: Final = b"session mac key "
_CONTROL_MAC: Final = b"control mac key "
_TRANSPORT_ENCRYPTION: Final = b"carrier encrypts"
_TRANSPORT_MAC: Final = b"carrier mac key "
_FROM_VAULT, _FROM_CARD, _ANSWER = b"\x01", b"\x02", b"\x03"


class Session(NamedTuple):
    """Keys of one session between vault and card."""

    encryption: BlockCipher
    authentication: BlockCipher

    def __repr__(self) -> str:
        return "<session keys>"


class _Sized:
    """A block cipher as CMAC wants it."""

    __slots__ = ("_cipher", "block_size")

    def __init__(self, cipher: BlockCipher) -> None:
        self._cipher = cipher
        self.block_size = cipher.algorithm.block_size

    def encrypt(self, blocks: bytes) -> bytes:
        return self._cipher.encrypt(blocks)

    def decrypt(self, blocks: bytes) -> bytes:
        return self._cipher.decrypt(blocks)


def mac8(cipher: BlockCipher, message: bytes) -> bytes:
    """Eight bytes of CMAC."""
    return cmac(_Sized(cipher), message)[:MAC]


def control_session(control: BlockCipher, vault_random: bytes, card_random: bytes) -> Session:
    """Session keys from the control key and eight fresh bytes of each side."""
    algorithm = control.algorithm
    base = diversify(diversify(control.derive(_SESSION, algorithm), vault_random), card_random)
    return Session(base.derive(_SESSION_ENCRYPTION, algorithm), base.derive(_SESSION_MAC, algorithm))


def vault_proof(session: Session, vault_random: bytes, card_random: bytes, record: bytes) -> bytes:
    """The vault proves the control key; ``record``: what the card writes into its log."""
    return mac8(session.authentication, _FROM_VAULT + vault_random + card_random + record)


def card_proof(session: Session, vault_random: bytes, card_random: bytes, uses: bytes) -> bytes:
    """The card proves the control key and how many uses are left."""
    return mac8(session.authentication, _FROM_CARD + card_random + vault_random + uses)


def answer_mac(session: Session, number: int, header: bytes, data: bytes) -> bytes:
    """MAC of the ``number``-th answer of a session to the command with this header (4 bytes)."""
    return mac8(session.authentication, _ANSWER + number.to_bytes(2) + header + data)


def wrap_transport_key(session: Session, key: bytes) -> bytes:
    """How the card hands out a transport key: *decrypted* under the session's encryption key, so that the
    other side's :func:`unwrap_transport_key` is a derivation, which a token performs inside."""
    return session.encryption.decrypt(key)


def unwrap_transport_key(session: Session, wrapped: bytes) -> BlockCipher:
    """Inverse of :func:`wrap_transport_key`; the key stays inside the cipher."""
    return session.encryption.derive(wrapped, session.encryption.algorithm)


def block_cipher(transport: BlockCipher, number: int) -> BlockCipher:
    """What encrypts the key of the ``number``-th block under a transport key: each block its own."""
    return diversify(transport.derive(_TRANSPORT_ENCRYPTION, transport.algorithm), number.to_bytes(8))


def seal_mac(transport: BlockCipher, message: bytes) -> bytes:
    """MAC under a transport key."""
    return mac8(transport.derive(_TRANSPORT_MAC, transport.algorithm), message)


def agreed_cipher(
    own: X25519PrivateKey, other: bytes, publics: bytes, algorithm: Algorithm
) -> SoftwareCipher:
    """The cipher two one-time X25519 keys agree on. ``publics``: the vault's then the card's, 64 bytes.

    Raises ValueError for a public key of small order."""
    shared = own.exchange(X25519PublicKey.from_public_bytes(other))
    info = b"shebaoka control key " + algorithm.label.encode() + publics
    return SoftwareCipher(algorithm, HKDF(SHA256(), KEY, salt=None, info=info).derive(shared))


def agreed_mac(agreed: BlockCipher, message: bytes) -> bytes:
    """MAC of a control key that was handed out under an agreed cipher."""
    return mac8(agreed.derive(_CONTROL_MAC, agreed.algorithm), message)
