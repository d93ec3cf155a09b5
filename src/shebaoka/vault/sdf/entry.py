"""How a key known outside enters the device: what lies in the file for it, and how a session gets it.

Two ways, whichever the library has. *Storage*: the device encrypts the key under the vault's storage key; for
every session it passes through this process (``SDF_ImportKey``, an extension most vendors have). *SM2*: the
device encrypts it under its own SM2 key pair once; from then on only the device opens it (standard
functions)."""

import os
from enum import StrEnum
from sys import byteorder

from shebaoka.vault.model import VaultError
from shebaoka.vault.sdf.codes import NOT_SUPPORTED, SM2_ENCRYPTION
from shebaoka.vault.sdf.device import KEY, Device, erase, pointer
from shebaoka.vault.sdf.library import SdfError

_PUBLIC = 4 + 64 + 64  # ECCrefPublicKey: bits, x, y
_COORDINATES = 64 + 64 + 32  # in front of the length in ECCCipher: x, y, hash
_ROOM = 512  # for ECCCipher: some devices fill more than the key needs
_SM2 = ("SDF_ExportEncPublicKey_ECC", "SDF_ExternalEncrypt_ECC", "SDF_ImportKeyWithISK_ECC")


class Form(StrEnum):
    """How a key lies outside the device: wrapped under its KEK (born in it), under the vault's storage key,
    or under the device's SM2 key pair (both known outside at their birth)."""

    BORN_INSIDE = "kek"
    STORAGE = "storage"
    SM2 = "sm2"


def find_form(device: Device) -> Form | None:
    """The way keys from outside enter this device; None when there is none."""
    if device.offers("SDF_ImportKey") and _imports(device):
        return Form.STORAGE
    return Form.SM2 if all(device.offers(name) for name in _SM2) else None


def protect(device: Device, form: Form | None, storage: bytes, pair: int, key: bytes) -> bytes:
    """What is kept of a key. ``storage``: the wrapped storage key; ``pair``: number of the SM2 key pair."""
    match form:
        case Form.STORAGE:
            start = os.urandom(KEY)
            return start + device.encrypt_cbc(storage, start, key)
        case Form.SM2:
            return _sealed(device, pair, key)
        case _:
            raise VaultError(
                "the SDF library lacks SDF_ImportKey and the SM2 functions: keys from outside cannot enter"
                " the device; only roots born in it can be held"
            )


def enter(device: Device, form: Form, blob: bytes, storage: bytes, pair: int) -> None:
    """Makes sure that the session holds the key; a key born inside enters when it is used."""
    if form is Form.BORN_INSIDE or device.holds(blob):
        return
    if form is Form.SM2:
        given = bytearray(blob) + bytearray(_ROOM - len(blob))
        device.adopt(blob, "SDF_ImportKeyWithISK_ECC", pair, pointer(given))
        return
    key = reveal(device, blob, storage)
    try:
        device.adopt(blob, "SDF_ImportKey", pointer(key), KEY)
    finally:
        erase(key)


def reveal(device: Device, blob: bytes, storage: bytes) -> bytearray:
    """A key of the form STORAGE in this process; the caller erases it."""
    return device.decrypt_cbc(storage, blob[:KEY], blob[KEY:])


def _sealed(device: Device, pair: int, key: bytes) -> bytes:
    public, cipher, clear = bytearray(_PUBLIC), bytearray(_ROOM), bytearray(key)
    try:
        device.call("SDF_ExportEncPublicKey_ECC", pair, pointer(public))
        device.call(
            "SDF_ExternalEncrypt_ECC", SM2_ENCRYPTION, pointer(public), pointer(clear), KEY, pointer(cipher)
        )
    finally:
        erase(clear)
    length = int.from_bytes(cipher[_COORDINATES : _COORDINATES + 4], byteorder)
    if length != KEY:
        raise VaultError(f"the device gave {length} bytes back from SDF_ExternalEncrypt_ECC, not {KEY}")
    return bytes(cipher[: _COORDINATES + 4 + KEY])


def _imports(device: Device) -> bool:
    """Some libraries have SDF_ImportKey and refuse it: it is tried with a random key."""
    key, name = bytearray(os.urandom(KEY)), b"trial"
    try:
        device.adopt(name, "SDF_ImportKey", pointer(key), KEY)
    except SdfError as error:
        if error.code == NOT_SUPPORTED:
            return False
        raise
    finally:
        erase(key)
    device.forget(name)
    return True
