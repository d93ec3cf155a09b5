"""Card keys in bulk: one large encryption per root, then one large encryption to wrap them all."""

from collections.abc import Sequence

import numpy as np

from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import Blocks, VaultError


def wrapped_card_keys(roots: Sequence[BlockCipher], factors: Blocks, master: BlockCipher) -> Blocks:
    """[N, K, 16] blocks: ECB under ``master`` of the keys of ``roots`` diversified by ``factors`` [N, 8].

    8-byte keys are doubled to 16. The keys in the clear live only in this function's buffer, which is erased.
    """
    if factors.ndim != 2 or factors.shape[1] != 8 or factors.dtype != np.uint8:
        raise VaultError("card factors are an array of N rows of 8 bytes")
    plain = np.empty((len(factors), len(roots), 16), np.uint8)
    single = np.ascontiguousarray(factors).tobytes()
    double = np.hstack((factors, ~factors)).tobytes()
    try:
        for column, root in enumerate(roots):
            if root.algorithm is Algorithm.DES:
                half = np.frombuffer(root.encrypt(single), np.uint8).reshape(-1, 8)
                plain[:, column, :8] = half
                plain[:, column, 8:] = half
            else:
                plain[:, column] = np.frombuffer(root.encrypt(double), np.uint8).reshape(-1, 16)
        wrapped = master.encrypt(plain.tobytes())
    finally:
        plain.fill(0)
    return np.frombuffer(wrapped, np.uint8).reshape(plain.shape)
