"""Sub-keys between bodies when one of them keeps its keys in a token.

A token's reception carries an RSA key of the token beside the one-time X25519 key of the envelope. A sender
with a token of its own derives each sub-key inside and wraps it under that RSA key inside (C_WrapKey with
RSA-OAEP); a sender in software wraps it in its memory; the receiver unwraps inside. To a reception in
software a token hands over by encrypting the diversification input under the root: the sub-key is in this
process's memory until the envelope is sealed, which strict mode refuses."""

from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shebaoka.crypto.formulas import diversification_input
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.cipher import check_value
from shebaoka.vault.model import Body, KeyHandle, Mode, VaultError
from shebaoka.vault.pkcs11.cipher import TokenCipher
from shebaoka.vault.pkcs11.codes import CKA, CKK, CKO
from shebaoka.vault.pkcs11.forms import attributes
from shebaoka.vault.pkcs11.keys import KeyObjects, Maker, forget
from shebaoka.vault.pkcs11.library import Mechanism
from shebaoka.vault.records import KeyRecord, record_of
from shebaoka.vault.register import sub_key
from shebaoka.vault.token_keys import parse_reception
from shebaoka.vault.transfer import PUBLIC, Package, check_reception, seal_package

_HASH_BYTES = {0x220: 1, 0x250: 2}
_HASHES = {1: (0x220, 1), 2: (0x250, 2)}  # CKM_SHA_1 with CKG_MGF1_SHA1, CKM_SHA256 with CKG_MGF1_SHA256


class Receptions:
    """One reception open at a time; the RSA pair of the token serves all of a session."""

    def __init__(self, maker: Maker) -> None:
        self._maker = maker
        self._private = 0
        self.token_part = b""
        self.key: X25519PrivateKey | None = None

    def open(self) -> bytes:
        """A new reception: X25519 public key 32 ‖, where the token has RSA, hash 1 ‖ RSA public key (DER)."""
        if self._maker.table.rsa is not None and not self._private:
            self._private, self.token_part = _pair(self._maker)
        self.key = X25519PrivateKey.generate()
        return self.key.public_key().public_bytes_raw() + self.token_part

    def close(self) -> None:
        """The package was used."""
        self.key = None

    def bring_in(self, records: Sequence[KeyRecord]) -> list[KeyObjects]:
        """The keys of records as session objects, all or none. Raises VaultError, also for a check value that
        does not fit."""
        made: list[KeyObjects] = []
        try:
            for record in records:
                made.append(self._bring_in(record))
                if self._maker.check_value(record.algorithm_, made[-1].key) != record.kcv:
                    raise VaultError(
                        f"the check value of {record.name} v{record.version} does not fit; "
                        "ask for a new package"
                    )
        except BaseException:
            for objects in made:
                self._maker.token.destroy(*objects.all)
            raise
        return made

    def _bring_in(self, record: KeyRecord) -> KeyObjects:
        maker, algorithm = self._maker, record.algorithm_
        if not self.token_part:
            return maker.import_key(algorithm, record.key, record.name, extractable=record.exportable)
        parts = 3 if algorithm is Algorithm.TDES else 1
        size, rest = divmod(len(record.key), parts)
        if rest or not size:
            raise VaultError(f"{record.name} v{record.version} in the key package is damaged")
        mechanism = _oaep(maker, self.token_part[0])
        made: list[int] = []
        try:
            for part, use in zip(range(parts), ("", " left", " right"), strict=False):
                template = attributes(
                    maker.numbers(algorithm), record.name + use, extractable=record.exportable
                )
                wrapped = record.key[part * size : (part + 1) * size]
                made.append(maker.token.unwrap(mechanism, self._private, wrapped, template))
        except BaseException as error:
            maker.token.destroy(*made)
            if isinstance(error, VaultError):
                raise VaultError(
                    f"{record.name} v{record.version} in the key package cannot be opened: {error}"
                ) from None
            raise
        return KeyObjects(made[0], tuple(made[1:]))


def sub_keys(
    owner: Body,
    keys: Sequence[tuple[KeyHandle, TokenCipher]],
    to: Body,
    factor: bytes,
    reception: bytes,
    mode: Mode,
) -> bytes:
    """The package of the sub-keys of ``keys`` for ``factor``."""
    check_reception(reception)
    token_part = reception[PUBLIC:]
    inside = bool(token_part) and all(_wraps_inside(cipher) for _, cipher in keys)
    if inside:
        records = _wrapped_inside(keys, to, factor, token_part)
        return seal_package(Package(owner, to, records, wrapped=True), reception)
    if mode is Mode.STRICT:
        raise VaultError(
            f"strict mode hands keys over from token to token only: let {to} receive in a token with RSA, "
            'or set hand_over = "batch"'
        )
    records = tuple(_in_memory(handle, cipher, to, factor) for handle, cipher in keys)
    try:
        return seal_package(Package(owner, to, records), reception)
    finally:
        for record in records:
            forget(record.key)


def _wraps_inside(cipher: TokenCipher) -> bool:
    maker = cipher.maker
    return maker.table.rsa is not None and maker.numbers(cipher.algorithm).derive is not None


def _in_memory(handle: KeyHandle, cipher: TokenCipher, to: Body, factor: bytes) -> KeyRecord:
    key = cipher.encrypt(diversification_input(factor, handle.algorithm))
    return record_of(sub_key(handle, to, factor, check_value(handle.algorithm, key)), key)


def _wrapped_inside(
    keys: Sequence[tuple[KeyHandle, TokenCipher]], to: Body, factor: bytes, token_part: bytes
) -> tuple[KeyRecord, ...]:
    if not keys:
        return ()
    maker = keys[0][1].maker
    token = maker.token
    public = _import_public(maker, token_part)
    mechanism = _oaep(maker, token_part[0])
    records = []
    try:
        for handle, cipher in keys:
            algorithm = handle.algorithm
            numbers = maker.numbers(algorithm)
            data = diversification_input(factor, algorithm)
            objects = maker.derive(
                cipher.key, numbers, data, algorithm, "sub-key", extractable=True, halves=True
            )
            try:
                kcv = maker.check_value(algorithm, objects.key)
                wrapped = b"".join(token.wrap(mechanism, public, object_) for object_ in objects.all)
            finally:
                token.destroy(*objects.all)
            records.append(record_of(sub_key(handle, to, factor, kcv), wrapped))
    finally:
        token.destroy(public)
    return tuple(records)


def _pair(maker: Maker) -> tuple[int, bytes]:
    """The private key's object and hash ‖ public key."""
    rsa, token = maker.table.rsa, maker.token
    if rsa is None or rsa.hash not in _HASH_BYTES:
        raise VaultError(f"mechanism table {maker.table.name}: rsa hash is 0x220 (SHA-1) or 0x250 (SHA-256)")
    public, private = token.generate_pair(
        rsa.generate,
        {CKA.TOKEN: False, CKA.WRAP: True, CKA.MODULUS_BITS: rsa.bits, CKA.PUBLIC_EXPONENT: b"\x01\x00\x01"},
        {CKA.TOKEN: False, CKA.PRIVATE: True, CKA.SENSITIVE: True, CKA.EXTRACTABLE: False, CKA.UNWRAP: True},
    )
    modulus = int.from_bytes(token.bytes_of(public, CKA.MODULUS))
    exponent = int.from_bytes(token.bytes_of(public, CKA.PUBLIC_EXPONENT))
    token.destroy(public)
    key = RSAPublicNumbers(exponent, modulus).public_key()
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return private, bytes((_HASH_BYTES[rsa.hash],)) + der


def _import_public(maker: Maker, token_part: bytes) -> int:
    numbers = parse_reception(token_part)[1].public_numbers()
    return maker.token.create(
        {
            CKA.CLASS: CKO.PUBLIC_KEY,
            CKA.KEY_TYPE: CKK.RSA,
            CKA.TOKEN: False,
            CKA.WRAP: True,
            CKA.MODULUS: numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8),
            CKA.PUBLIC_EXPONENT: numbers.e.to_bytes(3),
        }
    )


def _oaep(maker: Maker, hash_byte: int) -> Mechanism:
    rsa = maker.table.rsa
    if rsa is None:
        raise VaultError(f"mechanism table {maker.table.name} has no RSA")
    return Mechanism.oaep(rsa.wrap, *_HASHES[hash_byte])
