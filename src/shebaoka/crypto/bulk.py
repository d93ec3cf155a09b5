"""The formulas for many cards at once: a few large encryptions instead of one small call for each key.

Keys come out as rows of a numpy array; whoever holds such an array holds key bytes, so it stays inside the
back end that owns the keys, which erases it (``fill(0)``) after wrapping.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.spec.algorithm import Algorithm

Bytes: TypeAlias = NDArray[np.uint8]

KEY_BYTES = 16
_CARDS = 1024  # cards in one piece of work: its keys stay in the processor's cache
_CELL = np.dtype("V16")  # one key as one element, so that numpy moves 16 bytes at a time


@runtime_checkable
class IntoBuffers(Protocol):
    """A cipher that leaves no copy of what it encrypts: derived keys go where they are erased."""

    def encrypt_into(self, blocks: memoryview, target: memoryview) -> None:
        """ECB from buffer to buffer; ``target`` is a block longer than ``blocks``."""


def card_keys(roots: Sequence[BlockCipher], factors: Bytes, threads: int = 1) -> Bytes:
    """The keys of N cards under K parents (usually city roots): an array of N x K x 16 bytes.

    ``factors``: N x 8 bytes, the last diversification factor of each card (historical bytes 6-13). Row [n, k]
    is the key that :func:`shebaoka.crypto.formulas.diversify` gives; a single DES key of 8 bytes is doubled,
    K ‖ K. ``threads`` above 1 spreads the cards over that many threads: the ciphers then must allow calls
    from several threads, as software ciphers do. Raises ValueError for another shape of ``factors``.
    """
    if factors.dtype != np.uint8 or factors.ndim != 2 or factors.shape[1] != 8:
        raise ValueError(f"factors are N x 8 bytes, not {factors.dtype} {factors.shape}")
    if threads < 1:
        raise ValueError(f"at least one thread is needed, not {threads}")
    keys = np.empty((len(factors), len(roots), KEY_BYTES), np.uint8)
    starts = range(0, len(factors), _CARDS)

    def fill(start: int) -> None:
        _fill(keys[start : start + _CARDS], roots, factors[start : start + _CARDS])

    if threads == 1 or len(starts) < 2:
        for start in starts:
            fill(start)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(fill, starts))
    return keys


def diversify_many(parent: BlockCipher, factors: Bytes, threads: int = 1) -> Bytes:
    """The sub-keys of one parent for N factors of 8 bytes: N x 16 bytes, 8-byte keys doubled."""
    return card_keys([parent], factors, threads)[:, 0]


def wrap(cipher: BlockCipher, keys: Bytes) -> Bytes:
    """Key blocks of 16 bytes encrypted in ECB under one cipher, in an array of the same shape (key loading
    commands carry each key so). Raises ValueError when the last axis is not 16."""
    if keys.dtype != np.uint8 or keys.shape[-1:] != (KEY_BYTES,):
        raise ValueError(f"keys are rows of {KEY_BYTES} bytes, not {keys.dtype} {keys.shape}")
    blocks = np.ascontiguousarray(keys).reshape(-1)
    scratch = np.empty(blocks.size + KEY_BYTES, np.uint8)
    _encrypt(cipher, blocks, scratch)
    return scratch[: blocks.size].reshape(keys.shape)


def _fill(keys: Bytes, roots: Sequence[BlockCipher], factors: Bytes) -> None:
    single = np.ascontiguousarray(factors).reshape(-1)
    double = np.concatenate((factors, ~factors), axis=1).reshape(-1)
    scratch = np.empty(double.size + KEY_BYTES, np.uint8)
    cells = keys.view(_CELL)[..., 0]
    try:
        for column, root in enumerate(roots):
            if root.algorithm is Algorithm.DES:
                _encrypt(root, single, scratch)
                halves = scratch[: single.size].reshape(-1, 8)
                keys[:, column, :8] = halves
                keys[:, column, 8:] = halves
            else:
                _encrypt(root, double, scratch)
                cells[:, column] = scratch[: double.size].view(_CELL)
    finally:
        scratch.fill(0)  # it held keys in the clear


def _encrypt(cipher: BlockCipher, blocks: Bytes, scratch: Bytes) -> None:
    """``blocks`` into the beginning of ``scratch``, which is a block longer."""
    if isinstance(cipher, IntoBuffers):
        cipher.encrypt_into(blocks.data, scratch.data)
    else:
        scratch[: blocks.size] = np.frombuffer(cipher.encrypt(blocks.tobytes()), np.uint8)
