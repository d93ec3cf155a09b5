"""Key loading scheme: encryption and MAC directly under the master key, IV = challenge (Part 9 §7.1.2-7.1.3).

The PSAM's CREATE KEY and CHANGE KEY use it; so does key loading in our issuer dialect.
"""

from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.crypto.formulas import cbc_last, cbc_mac_block, encrypt_data, session_input
from shebaoka.crypto.padding import fold_mac, pad_mac
from shebaoka.spec.algorithm import Algorithm


def loading_mac(master: BlockCipher, challenge: bytes, message: bytes) -> bytes:
    """Four bytes: for 3DES, CBC under the left half finished D(right), E(left); else CBC and fold."""
    size = master.algorithm.block_size
    iv = session_input(challenge, size)
    if master.algorithm is not Algorithm.TDES:
        return fold_mac(cbc_mac_block(master, message, iv))
    left, right = master.halves()
    return left.encrypt(right.decrypt(cbc_last(left, pad_mac(message, size), iv)))[:4]


def loading_command(master: BlockCipher, challenge: bytes, header: bytes, record: bytes) -> bytes:
    """``header4 ‖ Lc ‖ enc(LD ‖ record) ‖ MAC4`` as CREATE KEY and CHANGE KEY carry it (Part 9 §9.5-9.6)."""
    data = encrypt_data(master, record)
    head = header + bytes((len(data) + 4,))
    return head + data + loading_mac(master, challenge, head + data)
