"""The key that signs checkpoints (Ed25519): a file of the deployment, made once. Needs no Django."""

import os
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from shebaoka.journal.export import Signed
from shebaoka.office.configuration import Configuration, ConfigurationError

FILE = "audit-key"
VARIABLE = "SHEBAOKA_AUDIT_KEY"


def key_file(configuration: Configuration) -> Path:
    """Where the private key is: as set, or in the folder."""
    return Path(configuration.audit_key) if configuration.audit_key else configuration.path / FILE


def signing_key(configuration: Configuration) -> Ed25519PrivateKey:
    """The private key. The one in the folder is made (0600) when it is missing. Raises ConfigurationError."""
    path = key_file(configuration)
    if not configuration.audit_key:
        _make(path)
    try:
        found = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError):
        raise ConfigurationError(f"{VARIABLE}: {path} is not a PEM file with an Ed25519 key") from None
    if not isinstance(found, Ed25519PrivateKey):
        raise ConfigurationError(f"{VARIABLE}: the key in {path} is not an Ed25519 key")
    return found


def public_key(configuration: Configuration) -> bytes:
    """The public key, 32 bytes: to be given to whoever verifies, on another way than the exports."""
    return signing_key(configuration).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def signed_by(key: bytes) -> Signed:
    """What tells whether a signature is of that public key. Raises ValueError for what is none."""
    public = Ed25519PublicKey.from_public_bytes(key)

    def signed(content: bytes, signature: bytes) -> bool:
        try:
            public.verify(signature, content)
        except InvalidSignature:
            return False
        return True

    return signed


def _make(path: Path) -> None:
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
        new.write(content)
    # whole or not at all, and the first of two processes wins
    with suppress(FileExistsError):
        os.link(beside, path)
    beside.unlink()
