"""Card keys in bulk inside a back end: derived by the city's keys, wrapped, and the keys in the clear
erased."""

from collections.abc import Sequence

from shebaoka.crypto import bulk
from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.vault.model import Blocks, VaultError


def wrapped_card_keys(roots: Sequence[BlockCipher], factors: Blocks, master: BlockCipher) -> Blocks:
    """[N, K, 16] blocks: ECB under ``master`` of the keys of ``roots`` diversified by ``factors`` [N, 8]."""
    try:
        keys = bulk.card_keys(roots, factors)
    except VaultError:
        raise
    except ValueError as error:
        raise VaultError(str(error)) from None
    try:
        return bulk.wrap(master, keys)
    finally:
        keys.fill(0)
