"""Numbers of GM/T 0018 and GM/T 0006: errors, algorithms."""

SM4_ECB = 0x0401
SM4_CBC = 0x0402
SM4_MAC = 0x0410
SM2_ENCRYPTION = 0x00020800
SM4_ANY = 0x0400
"""The bit of the cipher in an algorithm number and in the device's abilities."""

NOT_SUPPORTED = 0x01000002

_BASE = 0x01000000
_SPACE = "SDR_"

_ERRORS = {
    0x01: ("UNKNOWERR", "unknown error; look into the log of the device"),
    0x02: ("NOTSUPPORT", "the device does not offer this function"),
    0x03: ("COMMFAIL", "no connection to the device; check it and open the vault again"),
    0x04: ("HARDFAIL", "the device does not answer; check it and open the vault again"),
    0x05: ("OPENDEVICE", "the device cannot be opened; check that it is connected and configured"),
    0x06: ("OPENSESSION", "no session to be had; close other programs that use the device"),
    0x07: ("PARDENY", "no right to use the key; give the password of the key"),
    0x08: ("KEYNOTEXIST", "there is no such key in the device"),
    0x09: ("ALGNOTSUPPORT", "the device does not know the algorithm"),
    0x0A: ("ALGMODNOTSUPPORT", "the device does not offer this mode of the algorithm"),
    0x0B: ("PKOPERR", "the public key operation failed"),
    0x0C: ("SKOPERR", "the private key operation failed"),
    0x0D: ("SIGNERR", "signing failed"),
    0x0E: ("VERIFYERR", "the signature is wrong"),
    0x0F: ("SYMOPERR", "the cipher operation failed"),
    0x10: ("STEPERR", "the steps of the operation are out of order"),
    0x11: ("FILESIZEERR", "the file is too long for the device"),
    0x12: ("FILENOEXIST", "there is no such file in the device"),
    0x13: ("FILEOFSERR", "the place in the file is wrong"),
    0x14: ("KEYTYPEERR", "the key is of another type"),
    0x15: ("KEYERR", "the wrapped key is damaged or was wrapped by another key"),
    0x16: ("ENCDATAERR", "the encrypted data is damaged"),
    0x17: ("RANDERR", "the random generator failed"),
    0x18: ("PRKRERR", "the right to use the key was refused; check its password"),
    0x19: ("MACERR", "the MAC operation failed"),
    0x1A: ("FILEEXISTS", "the file exists already"),
    0x1B: ("FILEWERR", "the file cannot be written"),
    0x1C: ("NOBUFFER", "the device is out of memory"),
    0x1D: ("INARGERR", "an input argument is wrong"),
    0x1E: ("OUTARGERR", "an output argument is wrong"),
}


def describe(code: int) -> str:
    """``SDR_KEYNOTEXIST (01000008): there is no such key in the device``; vendors' numbers as they are."""
    name, meaning = _ERRORS.get(
        code - _BASE, ("", "a code of the vendor; look into the manual of the device")
    )
    return f"{_SPACE}{name} ({code:08X}): {meaning}" if name else f"{code:08X}: {meaning}"
