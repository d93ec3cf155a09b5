"""Sub-keys on their way to a token: each sealed to an RSA key of the receiving token, which alone opens it.

A token takes no single DES and no 16-byte 3DES keys: 3DES of two keys travels as K1 ‖ K2 ‖ K1, single DES as
K ‖ K ‖ K. A 3DES key is followed by its halves K1 and K2, each as single DES, because a token cannot split a
key and the retail MAC needs them."""

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import VaultError

HASHES = {1: SHA1, 2: SHA256}
"""How a reception names the hash of RSA-OAEP. SHA-1 is enough there: OAEP needs no collision resistance."""
_SMALLEST = 2048  # bits


def token_form(algorithm: Algorithm, key: bytes) -> bytes:
    """The value of a key, or the data whose encryption is the key, in the length that tokens take."""
    if algorithm is Algorithm.TDES:
        return key + key[:8]
    return key * 3 if algorithm is Algorithm.DES else key


def token_forms(algorithm: Algorithm, key: bytes) -> list[bytes]:
    """The key and, for 3DES, its halves."""
    forms = [token_form(algorithm, key)]
    return [*forms, key[:8] * 3, key[8:] * 3] if algorithm is Algorithm.TDES else forms


def parse_reception(part: bytes) -> tuple[int, RSAPublicKey]:
    """Hash and public key of a token's reception: hash byte ‖ DER. Raises VaultError."""
    try:
        hash_, public = part[0], load_der_public_key(part[1:])
    except (IndexError, ValueError):
        hash_, public = 0, None
    if hash_ not in HASHES or not isinstance(public, RSAPublicKey) or public.key_size < _SMALLEST:
        raise VaultError("the reception is no usable public key; ask for a new one")
    return hash_, public


def wrap_in_software(part: bytes, algorithm: Algorithm, key: bytes) -> bytes:
    """The forms of a key, each under RSA-OAEP, one after the other."""
    hash_, public = parse_reception(part)
    padding = OAEP(MGF1(HASHES[hash_]()), HASHES[hash_](), None)
    return b"".join(public.encrypt(form, padding) for form in token_forms(algorithm, key))
