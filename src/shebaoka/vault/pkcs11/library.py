"""A PKCS#11 library loaded by path: its functions, by ctypes, as the C interface has them (PKCS#11 v2.40).

Only what the vault needs. Numbers go in as they are, so that a vendor's own mechanisms and key types need no
extension; results may go straight into a buffer that the caller erases."""

import ctypes
from collections.abc import Mapping
from ctypes import byref, c_ubyte, c_ulong, c_void_p
from typing import Any, TypeAlias

from shebaoka.vault.gate import DeviceIdentity
from shebaoka.vault.model import VaultError
from shebaoka.vault.pkcs11.codes import CKR, FUNCTIONS, advice

Attributes: TypeAlias = Mapping[int, bool | int | bytes]

_RW_SESSION = 0x2 | 0x4  # CKF_RW_SESSION, CKF_SERIAL_SESSION
_OS_LOCKING = 0x2
_LABEL = 32


class TokenError(VaultError):
    """The token refused a call. ``code``: the CKR number."""

    def __init__(self, function: str, code: int) -> None:
        self.code = code
        name = CKR.get(code, f"0x{code:08X}")
        super().__init__(f"the token refuses {function}: {name}; {advice(code)}")


class _Attribute(ctypes.Structure):
    _fields_ = (("type", c_ulong), ("value", c_void_p), ("length", c_ulong))


class _Mechanism(ctypes.Structure):
    _fields_ = (("mechanism", c_ulong), ("parameter", c_void_p), ("length", c_ulong))


class _StringData(ctypes.Structure):
    """CK_KEY_DERIVATION_STRING_DATA."""

    _fields_ = (("data", c_void_p), ("length", c_ulong))


class _OaepParameters(ctypes.Structure):
    """CK_RSA_PKCS_OAEP_PARAMS."""

    _fields_ = (
        ("hash", c_ulong),
        ("mgf", c_ulong),
        ("source", c_ulong),
        ("data", c_void_p),
        ("length", c_ulong),
    )


class _InitializeArguments(ctypes.Structure):
    _fields_ = (
        ("create", c_void_p),
        ("destroy", c_void_p),
        ("lock", c_void_p),
        ("unlock", c_void_p),
        ("flags", c_ulong),
        ("reserved", c_void_p),
    )


class Mechanism:
    """A mechanism with its parameter, kept alive for as long as it is used."""

    __slots__ = ("_keep", "number", "raw")

    def __init__(self, number: int, parameter: ctypes.Structure | None = None, *keep: object) -> None:
        self.number = number
        self._keep = (parameter, *keep)
        address = 0 if parameter is None else ctypes.addressof(parameter)
        size = 0 if parameter is None else ctypes.sizeof(parameter)
        self.raw = _Mechanism(number, address or None, size)

    @classmethod
    def deriving(cls, number: int, data: bytes) -> "Mechanism":
        """``..._ECB_ENCRYPT_DATA``: the derived key is the encryption of ``data``."""
        buffer = ctypes.create_string_buffer(data, len(data))
        return cls(number, _StringData(ctypes.addressof(buffer), len(data)), buffer)

    @classmethod
    def oaep(cls, number: int, hash_: int, mgf: int) -> "Mechanism":
        """RSA-OAEP with an empty label."""
        return cls(number, _OaepParameters(hash_, mgf, 1, None, 0))


class Library:
    """The functions of one PKCS#11 library. Raises VaultError when it cannot be loaded, TokenError for a
    call that a token refuses."""

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            self._library = ctypes.CDLL(path)
            get = self._library.C_GetFunctionList
        except (OSError, AttributeError) as error:
            raise VaultError(f"{path}: cannot be loaded as a PKCS#11 library: {error}") from None
        table = ctypes.POINTER(c_void_p)()
        self._check("C_GetFunctionList", get(byref(table)))
        self._functions: dict[str, Any] = {}
        prototype = ctypes.CFUNCTYPE(c_ulong, use_errno=False)
        for name, position in FUNCTIONS.items():
            address = table[1 + position]  # the version stands before the first function
            if address:
                self._functions[name] = prototype(address)
        self._initialize()

    def __repr__(self) -> str:
        return f"<PKCS#11 library {self.path}>"

    def call(self, name: str, *arguments: Any) -> None:
        """A call by name. Raises TokenError."""
        function = self._functions.get(name)
        if function is None:
            raise TokenError(name, 0x54)
        code = function(*arguments)
        if code:
            raise TokenError(name, code)

    def tokens(self) -> dict[str, int]:
        """Label -> slot of the initialized tokens."""
        found = {}
        for slot in self._list("C_GetSlotList", c_ubyte(1)):
            info = ctypes.create_string_buffer(512)
            self.call("C_GetTokenInfo", c_ulong(slot), info)
            flags = c_ulong.from_buffer(info, 96).value
            if flags & 0x400:  # CKF_TOKEN_INITIALIZED
                found[info.raw[:_LABEL].decode("utf-8", "replace").rstrip()] = slot
        return found

    def identity(self, slot: int) -> DeviceIdentity:
        """What the token in a slot says of itself; needs no login."""
        info = ctypes.create_string_buffer(512)
        self.call("C_GetTokenInfo", c_ulong(slot), info)
        maker, model, serial = info.raw[32:64], info.raw[64:80], info.raw[80:96]
        return DeviceIdentity(
            *(part.decode("utf-8", "replace").strip("\0 ") for part in (maker, model, serial))
        )

    def mechanisms(self, slot: int) -> frozenset[int]:
        """Numbers of the mechanisms of a slot, vendor numbers included."""
        return frozenset(self._list("C_GetMechanismList", c_ulong(slot)))

    def open_session(self, slot: int) -> int:
        """A read-write session."""
        session = c_ulong()
        self.call("C_OpenSession", c_ulong(slot), c_ulong(_RW_SESSION), None, None, byref(session))
        return session.value

    def _list(self, function: str, first: object) -> list[int]:
        count = c_ulong()
        self.call(function, first, None, byref(count))
        values = (c_ulong * max(1, count.value))()
        self.call(function, first, values, byref(count))
        return list(values[: count.value])

    def _initialize(self) -> None:
        arguments = _InitializeArguments(None, None, None, None, _OS_LOCKING, None)
        try:
            self.call("C_Initialize", byref(arguments))
        except TokenError as error:
            if CKR.get(error.code) != "CKR_CRYPTOKI_ALREADY_INITIALIZED":
                raise

    @staticmethod
    def _check(name: str, code: int) -> None:
        if code:
            raise TokenError(name, code)


def template(attributes: Attributes) -> tuple[ctypes.Array[_Attribute], c_ulong, list[object]]:
    """A CK_ATTRIBUTE array, its length, and the buffers to keep (and to erase) while it is used."""
    array = (_Attribute * max(1, len(attributes)))()
    keep: list[object] = []
    for cell, (type_, value) in zip(array, attributes.items(), strict=False):
        buffer: Any
        if isinstance(value, bool):
            buffer = c_ubyte(value)
        elif isinstance(value, int):
            buffer = c_ulong(value)
        else:
            buffer = ctypes.create_string_buffer(value, len(value)) if value else (c_ubyte * 1)()
        keep.append(buffer)
        cell.type = type_
        cell.value = ctypes.addressof(buffer)
        cell.length = len(value) if isinstance(value, bytes) else ctypes.sizeof(buffer)
    return array, c_ulong(len(attributes)), keep


def erase(buffers: list[object]) -> None:
    """Overwrites the buffers of a template that held key bytes."""
    for buffer in buffers:
        ctypes.memset(ctypes.addressof(buffer), 0, ctypes.sizeof(buffer))  # type: ignore[arg-type]
