"""The SDF functions of a device's C library, loaded by path.

Which functions a library has is looked up when it is loaded; one that is missing is refused by name when it
is needed."""

import ctypes
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_ubyte, c_uint, c_void_p
from pathlib import Path
from typing import Any

from shebaoka.vault.model import VaultError
from shebaoka.vault.sdf.codes import describe

_Bytes = POINTER(c_ubyte)
_Count = POINTER(c_uint)
_Handle = POINTER(c_void_p)


class DeviceInfo(Structure):
    """DEVICEINFO of GM/T 0018 §6.2.6: texts in ASCII, abilities as bits of the algorithm numbers."""

    _fields_ = (
        ("issuer", c_ubyte * 40),
        ("name", c_ubyte * 16),
        ("serial", c_ubyte * 16),
        ("version", c_uint),
        ("standard", c_uint),
        ("asymmetric", c_uint * 2),
        ("symmetric", c_uint),
        ("hashes", c_uint),
        ("buffer", c_uint),
    )


_COMPUTES = (c_void_p, c_void_p, c_uint, _Bytes, _Bytes, c_uint, _Bytes, _Count)
_RIGHT = (c_void_p, c_uint, c_char_p, c_uint)

FUNCTIONS: dict[str, tuple[Any, ...]] = {
    "SDF_OpenDevice": (_Handle,),
    "SDF_CloseDevice": (c_void_p,),
    "SDF_OpenSession": (c_void_p, _Handle),
    "SDF_CloseSession": (c_void_p,),
    "SDF_GetDeviceInfo": (c_void_p, POINTER(DeviceInfo)),
    "SDF_GenerateRandom": (c_void_p, c_uint, _Bytes),
    "SDF_GetPrivateKeyAccessRight": _RIGHT,
    "SDF_ReleasePrivateKeyAccessRight": (c_void_p, c_uint),
    "SDF_GetKEKAccessRight": _RIGHT,
    "SDF_ReleaseKEKAccessRight": (c_void_p, c_uint),
    "SDF_GenerateKeyWithKEK": (c_void_p, c_uint, c_uint, c_uint, _Bytes, _Count, _Handle),
    "SDF_ImportKeyWithKEK": (c_void_p, c_uint, c_uint, _Bytes, c_uint, _Handle),
    "SDF_ImportKey": (c_void_p, _Bytes, c_uint, _Handle),
    "SDF_ExportEncPublicKey_ECC": (c_void_p, c_uint, _Bytes),
    "SDF_ExternalEncrypt_ECC": (c_void_p, c_uint, _Bytes, _Bytes, c_uint, _Bytes),
    "SDF_ImportKeyWithISK_ECC": (c_void_p, c_uint, _Bytes, _Handle),
    "SDF_DestroyKey": (c_void_p, c_void_p),
    "SDF_Encrypt": _COMPUTES,
    "SDF_Decrypt": _COMPUTES,
    "SDF_CalculateMAC": _COMPUTES,
}
REQUIRED = frozenset(
    {
        "SDF_OpenDevice",
        "SDF_CloseDevice",
        "SDF_OpenSession",
        "SDF_CloseSession",
        "SDF_GenerateKeyWithKEK",
        "SDF_ImportKeyWithKEK",
        "SDF_DestroyKey",
        "SDF_Encrypt",
        "SDF_Decrypt",
        "SDF_CalculateMAC",
    }
)
"""Without these there is no vault; the others are needed for single tasks."""


class SdfError(VaultError):
    """The device refused a function. ``code``: its return value."""

    def __init__(self, function: str, code: int) -> None:
        self.function = function
        self.code = code
        super().__init__(f"the device refuses {function}: {describe(code)}")


class Library:
    """A loaded library. Raises VaultError when it cannot be loaded or is no SDF library."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            loaded = ctypes.CDLL(str(path.resolve()))
        except OSError:
            reason = "it is no shared library of this machine" if path.is_file() else "there is no such file"
            raise VaultError(f"{path}: the SDF library cannot be loaded: {reason}") from None
        self._functions: dict[str, Any] = {}
        for name, arguments in FUNCTIONS.items():
            function = getattr(loaded, name, None)
            if function is not None:
                function.argtypes = arguments
                function.restype = c_int
                self._functions[name] = function
        missing = sorted(REQUIRED - self._functions.keys())
        if missing:
            raise VaultError(f"{path}: the SDF library lacks {', '.join(missing)}; a vault needs them")

    def __repr__(self) -> str:
        return f"<SDF library {self.path}>"

    def offers(self, name: str) -> bool:
        """Whether the library has the function."""
        return name in self._functions

    def missing(self) -> tuple[str, ...]:
        """The functions of :data:`FUNCTIONS` the library lacks."""
        return tuple(name for name in FUNCTIONS if name not in self._functions)

    def call(self, name: str, *arguments: object) -> None:
        """Calls a function. Raises SdfError for a return value other than 0, VaultError when it is not
        there."""
        function = self._functions.get(name)
        if function is None:
            raise VaultError(f"{self.path}: the SDF library lacks {name}, which this needs")
        code = function(*arguments) & 0xFFFFFFFF
        if code:
            raise SdfError(name, code)

    def opened(self, name: str, *arguments: object) -> c_void_p:
        """Calls a function whose last argument gives back a handle."""
        handle = c_void_p()
        self.call(name, *arguments, byref(handle))
        return handle
