"""How sub-keys travel from one back end to another: a package sealed under a transport key both agree on.

The receiver publishes a one-time X25519 key (its reception); the sender agrees a 256-bit AES-GCM key with
it. The package names sender and receiver and is bound to the reception; who the sender is, it does not
prove: the reception must reach the sender, and the package the receiver, over a route both trust. Carriers
(mother card, transmission card) replace this route without touching the vaults' bookkeeping.

A token's reception goes on with an RSA key of the token; the keys in the package are then sealed to it one by
one, so that they are opened nowhere but inside (:mod:`shebaoka.vault.token_keys`)."""

import os

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shebaoka.vault.cipher import check_value
from shebaoka.vault.model import Body, VaultError
from shebaoka.vault.records import KeyRecord, key_id
from shebaoka.vault.token_keys import wrap_in_software

PUBLIC = 32


class Package(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is inside a seal. ``wrapped``: the ``key`` of each record is sealed to the receiving token."""

    sender: Body
    receiver: Body
    keys: tuple[KeyRecord, ...]
    wrapped: bool = False

    def __repr__(self) -> str:
        return f"<{len(self.keys)} sealed keys {self.sender} -> {self.receiver}>"


def seal_package(package: Package, reception: bytes) -> bytes:
    """public key 32 ‖ nonce 12 ‖ ciphertext. ``reception``: the receiver's public key, 32 bytes, and what a
    token adds to it."""
    check_reception(reception)
    token = reception[PUBLIC:]
    if token and not package.wrapped:
        keys = tuple(
            msgspec.structs.replace(key, key=wrap_in_software(token, key.algorithm_, key.key))
            for key in package.keys
        )
        package = Package(package.sender, package.receiver, keys, wrapped=True)
    own = X25519PrivateKey.generate()
    public = own.public_key().public_bytes_raw()
    nonce = os.urandom(12)
    try:
        key = _transport_key(own, reception[:PUBLIC], public + reception)
    except ValueError:
        raise VaultError("the reception is no usable public key; ask for a new one") from None
    content = msgspec.msgpack.encode(package)
    return public + nonce + AESGCM(key).encrypt(nonce, content, public + reception)


def check_reception(reception: bytes) -> None:
    """Raises VaultError for a reception that is cut short."""
    if len(reception) < PUBLIC:
        raise VaultError(f"a reception has at least {PUBLIC} bytes, not {len(reception)}")


def open_package(sealed: bytes, own: X25519PrivateKey, token: bytes = b"") -> Package:
    """Inverse of :func:`seal_package`, without opening what is sealed to a token. ``token``: what the token
    added to the reception. Raises VaultError when it was sealed to another reception or damaged."""
    public, nonce, body = sealed[:PUBLIC], sealed[PUBLIC : PUBLIC + 12], sealed[PUBLIC + 12 :]
    reception = own.public_key().public_bytes_raw() + token
    try:
        key = _transport_key(own, public, public + reception)
        content = AESGCM(key).decrypt(nonce, body, public + reception)
        package = msgspec.msgpack.decode(content, type=Package)
    except (InvalidTag, ValueError):
        raise VaultError(
            "the key package is damaged or was sealed to another reception; ask for a new one"
        ) from None
    if package.wrapped is not bool(token):
        raise VaultError("the key package is made for another kind of vault; ask for a new one")
    return package


def check_package(package: Package, owner: Body) -> None:
    """Receiver, level, region and check values (those of wrapped keys the token checks itself). Raises
    VaultError with the reason."""
    sender = package.sender
    if package.receiver != owner:
        raise VaultError(f"the key package is for {package.receiver}, not for {owner}")
    if sender.level.steps_left != owner.level.steps_left + 1 or not owner.code.startswith(sender.code):
        raise VaultError(f"{sender} is not the body above {owner}: sub-keys come from the level above (R-24)")
    for key in package.keys:
        if key.level is not owner.level or key.owner != owner:
            raise VaultError(f"{key.name} v{key.version} in the key package is not a key of {owner}")
        if not _holds_together(key, sender, wrapped=package.wrapped):
            raise VaultError(
                f"the check value of {key.name} v{key.version} does not fit; ask for a new package"
            )


def _holds_together(key: KeyRecord, sender: Body, *, wrapped: bool) -> bool:
    """Whether identities and check value of a sub-key are those of its key."""
    try:
        algorithm = key.algorithm_
        fits = wrapped or check_value(algorithm, key.key) == key.kcv
    except ValueError:
        return False
    names = (key.name, key.version, algorithm)
    return fits and key.id == key_id(key.owner, *names) and key.parent == key_id(sender, *names)


def _transport_key(own: X25519PrivateKey, other: bytes, context: bytes) -> bytes:
    shared = own.exchange(X25519PublicKey.from_public_bytes(other))
    return HKDF(SHA256(), 32, salt=None, info=b"shebaoka sub-key transport" + context).derive(shared)
