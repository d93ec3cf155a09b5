"""Card keys on their way to chips: in batch through this process's memory, or strictly inside the token."""

from collections.abc import Sequence

import numpy as np

from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.crypto.formulas import diversification_input
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.bulk import wrapped_card_keys
from shebaoka.vault.model import Blocks, KeyHandle, Mode, VaultError
from shebaoka.vault.pkcs11.cipher import TokenCipher
from shebaoka.vault.pkcs11.codes import CKA, CKO
from shebaoka.vault.pkcs11.keys import Maker, forget
from shebaoka.vault.pkcs11.library import Mechanism, TokenError
from shebaoka.vault.pkcs11.token import first

_BLOCK = 16


def diversified(cipher: TokenCipher, factors: Sequence[bytes]) -> TokenCipher:
    """The sub-key for factors, each step inside the token where it derives."""
    for factor in factors:
        cipher = cipher.derive(diversification_input(factor, cipher.algorithm), cipher.algorithm)
    return cipher


def wrapped(
    cipher: TokenCipher, handle: KeyHandle, factors: Sequence[bytes], master: BlockCipher, mode: Mode
) -> bytes:
    """The 16-byte block of one key under ``master``."""
    if mode is Mode.STRICT:
        return _wrapped_inside(cipher, factors, _in_token(cipher, master))
    if factors:
        parent = diversified(cipher, factors[:-1])
        key = parent.encrypt(diversification_input(factors[-1], cipher.algorithm))
    else:
        key = cipher.maker.reveal(cipher.algorithm, cipher.key, str(handle))
    doubled = key if len(key) == _BLOCK else key + key
    try:
        return master.encrypt(doubled)
    finally:
        forget(key)
        forget(doubled)


def card_key_blocks(roots: Sequence[TokenCipher], factors: Blocks, master: BlockCipher, mode: Mode) -> Blocks:
    """[N, K, 16]: in batch one large encryption under each root, which never leaves; strict one derivation
    and one wrapping inside the token for each key."""
    if mode is Mode.BATCH:
        return wrapped_card_keys(roots, factors, master)
    _check_factors(factors)
    blocks = np.empty((len(factors), len(roots), _BLOCK), np.uint8)
    for column, root in enumerate(roots):
        inside = _in_token(root, master)
        for row, factor in enumerate(factors):
            block = _wrapped_inside(root, [factor.tobytes()], inside)
            blocks[row, column] = np.frombuffer(block, np.uint8)
    return blocks


def machine_key_blocks(maker: Maker, roots: Sequence[TokenCipher], factors: Blocks, machine: str) -> Blocks:
    """[N, K, 32 or 24] keys in token form under the AES key of a personalization machine (RFC 3394)."""
    _check_factors(factors)
    aes = maker.table.aes
    if aes is None:
        raise VaultError(f"{maker.token!r} has no AES key wrap (RFC 3394)")
    found = maker.token.find(
        {CKA.CLASS: CKO.SECRET_KEY, CKA.KEY_TYPE: aes.key_type, CKA.LABEL: machine.encode()}
    )
    wrapping = first(found, f"AES key {machine} of the personalization machine")
    if len({root.algorithm.block_size for root in roots}) > 1:
        raise VaultError("3DES and SM4 keys go to the machine in blocks of their own")
    mechanism = Mechanism(aes.wrap)
    size = 24 if roots and roots[0].algorithm is Algorithm.SM4 else 32
    blocks = np.empty((len(factors), len(roots), size), np.uint8)
    for column, root in enumerate(roots):
        for row, factor in enumerate(factors):
            block = _derive_and_wrap(root, factor.tobytes(), mechanism, wrapping)
            blocks[row, column] = np.frombuffer(block, np.uint8)
    return blocks


def _in_token(cipher: TokenCipher, master: BlockCipher) -> TokenCipher:
    if not isinstance(master, TokenCipher) or master.maker is not cipher.maker:
        raise VaultError(
            "strict mode wraps card keys inside the token, but the chip's master key is not a key of this "
            'vault: bring it in, or set cards = "batch"'
        )
    return master


def _wrapped_inside(cipher: TokenCipher, factors: Sequence[bytes], master: TokenCipher) -> bytes:
    """K1 ‖ K2 ‖ K1 and K ‖ K ‖ K in ECB under an 8-byte cipher begin with the block the chip expects."""
    maker = cipher.maker
    number = maker.numbers(master.algorithm).wrap
    if number is None:
        raise VaultError(
            f'{maker.token!r} wraps no keys in ECB under {master.algorithm.label}; set cards = "batch" or '
            "send them to a personalization machine (docs/guide/hsm.md)"
        )
    if master.algorithm.block_size != cipher.algorithm.block_size:
        raise VaultError(
            f"strict mode wraps no {cipher.algorithm.label} key under {master.algorithm.label}: token "
            'form and blocks differ; set cards = "batch"'
        )
    if factors:
        parent = diversified(cipher, factors[:-1])
        return _derive_and_wrap(parent, factors[-1], Mechanism(number), master.key)[:_BLOCK]
    return maker.token.wrap(Mechanism(number), master.key, cipher.key)[:_BLOCK]


def _derive_and_wrap(parent: TokenCipher, factor: bytes, mechanism: Mechanism, wrapping: int) -> bytes:
    maker, algorithm = parent.maker, parent.algorithm
    numbers = maker.numbers(algorithm)
    if numbers.derive is None:
        raise VaultError(f"{maker.token!r} derives no {algorithm.label} keys inside; use batch mode")
    data = diversification_input(factor, algorithm)
    objects = maker.derive(parent.key, numbers, data, algorithm, "card key", extractable=True)
    try:
        return maker.token.wrap(mechanism, wrapping, objects.key)
    except TokenError as error:
        raise VaultError(f"{maker.token!r} wraps no keys by 0x{mechanism.number:X}: {error}") from None
    finally:
        maker.token.destroy(objects.key)


def _check_factors(factors: Blocks) -> None:
    if factors.dtype != np.uint8 or factors.ndim != 2 or factors.shape[1] != 8:
        raise VaultError(f"factors are N x 8 bytes, not {factors.dtype} {factors.shape}")
