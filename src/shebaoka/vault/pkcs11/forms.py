"""How a key stands in a token: its attributes.

3DES and single DES keys are objects of the type DES3 (:mod:`shebaoka.vault.token_keys` says how). A token may
set the parity bits of DES keys, which no cipher looks at: two key values that differ in nothing else are the
same key."""

import os

from shebaoka.vault.pkcs11.codes import CKA, CKO
from shebaoka.vault.pkcs11.library import Attributes
from shebaoka.vault.pkcs11.table import CipherNumbers

ID = 16  # bytes of a CKA_ID


def attributes(numbers: CipherNumbers, label: str, *, extractable: bool) -> Attributes:
    """A sensitive session key that computes, derives and wraps, under a random CKA_ID. ``extractable``: it
    may leave wrapped."""
    return {
        CKA.CLASS: CKO.SECRET_KEY,
        CKA.KEY_TYPE: numbers.key_type,
        CKA.TOKEN: False,
        CKA.PRIVATE: True,
        CKA.LABEL: label.encode(),
        CKA.ID: os.urandom(ID),
        CKA.SENSITIVE: True,
        CKA.EXTRACTABLE: extractable,
        CKA.ENCRYPT: True,
        CKA.DECRYPT: True,
        CKA.WRAP: True,
        CKA.UNWRAP: False,
        CKA.DERIVE: True,
    }
