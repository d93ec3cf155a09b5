"""Diversification, session keys, MAC, encryption, authentication data (Part 4 §8-9, Part 9 §7)."""

from shebaoka.crypto.ciphers import BlockCipher, SoftwareCipher, xor
from shebaoka.crypto.padding import fold_authentication, fold_mac, pad_data, pad_mac
from shebaoka.spec.algorithm import Algorithm

_CHAINED = 8  # blocks; a chaining context costs as much as six or seven single blocks


def diversification_input(factor: bytes, algorithm: Algorithm) -> bytes:
    """What is encrypted under the parent: ``F`` for single DES, else ``F ‖ ~F`` (Part 9 §7.1.1, §7.2.1)."""
    if len(factor) != 8:
        raise ValueError(f"a diversification factor has 8 bytes, not {len(factor)}")
    return factor if algorithm is Algorithm.DES else factor + xor(factor, b"\xff" * 8)


def diversify(cipher: BlockCipher, factor: bytes) -> BlockCipher:
    """The sub-key (分散) of ``cipher`` for an 8-byte factor (Part 9 §7.1.1, §7.2.1)."""
    return cipher.derive(diversification_input(factor, cipher.algorithm), cipher.algorithm)


def session_input(factor: bytes, block: int) -> bytes:
    """A 4-, 8- or 16-byte factor filled with zeros to one block (Part 4 §8.4). Raises ValueError else."""
    if len(factor) not in (4, 8, 16) or len(factor) > block:
        raise ValueError(f"a session key factor of {len(factor)} bytes does not fit a block of {block}")
    return factor + bytes(block - len(factor))


def session_key(cipher: BlockCipher, factor: bytes) -> BlockCipher:
    """The session key (过程密钥) for a random factor: single DES under the 8-byte ciphers (Part 4 §8.4)."""
    algorithm = cipher.algorithm
    target = algorithm if algorithm.block_size == 16 else Algorithm.DES
    return cipher.derive(session_input(factor, algorithm.block_size), target)


def cbc_mac_block(cipher: BlockCipher, message: bytes, iv: bytes | None = None) -> bytes:
    """The last CBC block over the padded message; IV zero when not given."""
    size = cipher.algorithm.block_size
    return cbc_last(cipher, pad_mac(message, size), iv if iv is not None else bytes(size))


def cbc_last(cipher: BlockCipher, blocks: bytes, iv: bytes) -> bytes:
    """The last CBC block over whole blocks. A key in this process chains long input in the library; a handle
    only has to encrypt."""
    size = len(iv)
    if len(blocks) >= _CHAINED * size and isinstance(cipher, SoftwareCipher):
        return cipher.chain(blocks, iv)
    block = iv
    for start in range(0, len(blocks), size):
        block = cipher.encrypt(xor(block, blocks[start : start + size]))
    return block


def mac(cipher: BlockCipher, message: bytes, iv: bytes | None = None) -> bytes:
    """Four MAC bytes under a session key (Part 4 §8.2). ``message`` = header with the final Lc ‖ data."""
    return fold_mac(cbc_mac_block(cipher, message, iv))


def mac_command(session: BlockCipher, header: bytes, data: bytes = b"") -> bytes:
    """A command with its MAC: ``header4 ‖ Lc ‖ data ‖ MAC4``, where Lc counts the MAC (Part 4 §8.2.4).
    ``data`` is up to 251 bytes, already encrypted when the command asks for it."""
    head = header + bytes((len(data) + 4,))
    return head + data + mac(session, head + data)


def encrypt_data(cipher: BlockCipher, data: bytes) -> bytes:
    """Command data under a session key: ``LD ‖ data`` padded, ECB (Part 4 §8.3)."""
    return cipher.encrypt(pad_data(data, cipher.algorithm.block_size))


def authentication_data(session: BlockCipher, original: bytes) -> bytes:
    """Eight bytes that prove a key: session key over the 8-byte original information (Part 4 §9)."""
    if len(original) != 8:
        raise ValueError(f"original information has 8 bytes, not {len(original)}")
    return fold_authentication(session.encrypt(original + bytes(session.algorithm.block_size - 8)))
