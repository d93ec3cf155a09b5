"""Numbers of PKCS#11 v2.40 that the vault needs, and what its return values mean to a person."""

from enum import IntEnum


class CKA(IntEnum):
    """Attributes."""

    CLASS = 0x000
    TOKEN = 0x001
    PRIVATE = 0x002
    LABEL = 0x003
    VALUE = 0x011
    KEY_TYPE = 0x100
    ID = 0x102
    SENSITIVE = 0x103
    ENCRYPT = 0x104
    DECRYPT = 0x105
    WRAP = 0x106
    UNWRAP = 0x107
    DERIVE = 0x10C
    MODULUS = 0x120
    MODULUS_BITS = 0x121
    PUBLIC_EXPONENT = 0x122
    VALUE_LEN = 0x161
    EXTRACTABLE = 0x162


class CKO(IntEnum):
    """Object classes."""

    PUBLIC_KEY = 2
    PRIVATE_KEY = 3
    SECRET_KEY = 4


class CKK(IntEnum):
    """Key types."""

    RSA = 0x00
    DES3 = 0x15
    AES = 0x1F


FUNCTIONS = {
    "C_Initialize": 0,
    "C_GetSlotList": 4,
    "C_GetTokenInfo": 6,
    "C_GetMechanismList": 7,
    "C_OpenSession": 12,
    "C_CloseSession": 13,
    "C_Login": 18,
    "C_CreateObject": 20,
    "C_CopyObject": 21,
    "C_DestroyObject": 22,
    "C_GetAttributeValue": 24,
    "C_FindObjectsInit": 26,
    "C_FindObjects": 27,
    "C_FindObjectsFinal": 28,
    "C_EncryptInit": 29,
    "C_Encrypt": 30,
    "C_DecryptInit": 33,
    "C_Decrypt": 34,
    "C_GenerateKey": 58,
    "C_GenerateKeyPair": 59,
    "C_WrapKey": 60,
    "C_UnwrapKey": 61,
    "C_DeriveKey": 62,
    "C_GenerateRandom": 64,
}
"""Place of each function in CK_FUNCTION_LIST."""

CKR = {
    0x02: "CKR_HOST_MEMORY",
    0x03: "CKR_SLOT_ID_INVALID",
    0x05: "CKR_GENERAL_ERROR",
    0x06: "CKR_FUNCTION_FAILED",
    0x07: "CKR_ARGUMENTS_BAD",
    0x10: "CKR_ATTRIBUTE_READ_ONLY",
    0x11: "CKR_ATTRIBUTE_SENSITIVE",
    0x12: "CKR_ATTRIBUTE_TYPE_INVALID",
    0x13: "CKR_ATTRIBUTE_VALUE_INVALID",
    0x1B: "CKR_ACTION_PROHIBITED",
    0x20: "CKR_DATA_INVALID",
    0x21: "CKR_DATA_LEN_RANGE",
    0x30: "CKR_DEVICE_ERROR",
    0x31: "CKR_DEVICE_MEMORY",
    0x32: "CKR_DEVICE_REMOVED",
    0x40: "CKR_ENCRYPTED_DATA_INVALID",
    0x54: "CKR_FUNCTION_NOT_SUPPORTED",
    0x60: "CKR_KEY_HANDLE_INVALID",
    0x62: "CKR_KEY_SIZE_RANGE",
    0x63: "CKR_KEY_TYPE_INCONSISTENT",
    0x68: "CKR_KEY_FUNCTION_NOT_PERMITTED",
    0x69: "CKR_KEY_NOT_WRAPPABLE",
    0x6A: "CKR_KEY_UNEXTRACTABLE",
    0x70: "CKR_MECHANISM_INVALID",
    0x71: "CKR_MECHANISM_PARAM_INVALID",
    0x82: "CKR_OBJECT_HANDLE_INVALID",
    0x90: "CKR_OPERATION_ACTIVE",
    0xA0: "CKR_PIN_INCORRECT",
    0xA1: "CKR_PIN_INVALID",
    0xA2: "CKR_PIN_LEN_RANGE",
    0xA3: "CKR_PIN_EXPIRED",
    0xA4: "CKR_PIN_LOCKED",
    0xB1: "CKR_SESSION_COUNT",
    0xB3: "CKR_SESSION_HANDLE_INVALID",
    0xB5: "CKR_SESSION_READ_ONLY",
    0xD0: "CKR_TEMPLATE_INCOMPLETE",
    0xD1: "CKR_TEMPLATE_INCONSISTENT",
    0xE0: "CKR_TOKEN_NOT_PRESENT",
    0xE1: "CKR_TOKEN_NOT_RECOGNIZED",
    0xE2: "CKR_TOKEN_WRITE_PROTECTED",
    0x100: "CKR_USER_ALREADY_LOGGED_IN",
    0x101: "CKR_USER_NOT_LOGGED_IN",
    0x102: "CKR_USER_PIN_NOT_INITIALIZED",
    0x112: "CKR_WRAPPED_KEY_LEN_RANGE",
    0x150: "CKR_BUFFER_TOO_SMALL",
    0x190: "CKR_CRYPTOKI_NOT_INITIALIZED",
    0x191: "CKR_CRYPTOKI_ALREADY_INITIALIZED",
}

_ADVICE = {
    0x32: "put the token back and open the vault again",
    0x54: "the library lacks this function; ask its vendor for another version",
    0x68: "the key object was made for another purpose",
    0x6A: "the key never leaves the token",
    0x70: "correct the mechanism table for this token, or use another token",
    0x31: "the token is full; remove keys that are no longer used",
    0xA4: "the token is locked; have the security officer reset the PIN",
    0xE0: "put the token in and open the vault again",
    0x190: "open the vault again in this process",
}


def advice(code: int) -> str:
    """What to do about a return value."""
    return _ADVICE.get(code, "see the library's manual for this return value")
