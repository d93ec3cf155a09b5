"""MACs and TAC of account load and medical consumption (Part 7 §11, §12, §15).

Amounts are fen, four bytes big-endian. ``kind`` is the transaction type byte as it enters the MAC (ASCII
``31`` load, ``32`` consumption, decision K43); ``terminal`` six bytes; ``time`` seven bytes cn.
"""

from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.crypto.formulas import mac, session_key


def load_session(dlk: BlockCipher, random: bytes, counter: int) -> BlockCipher:
    """SESLK from the card's 4-byte random and load counter."""
    return session_key(dlk, random + counter.to_bytes(2) + b"\x80\x00")


def load_mac1(session: BlockCipher, balance: int, amount: int, kind: int, terminal: bytes) -> bytes:
    """MAC1 of the card: it knows its key and its balance."""
    return mac(session, balance.to_bytes(4) + amount.to_bytes(4) + bytes((kind,)) + terminal)


def load_mac2(session: BlockCipher, amount: int, kind: int, terminal: bytes, time: bytes) -> bytes:
    """MAC2 of the host: it has debited its account."""
    return mac(session, amount.to_bytes(4) + bytes((kind,)) + terminal + time)


def purchase_session(dpk: BlockCipher, random: bytes, counter: int, sequence: int) -> BlockCipher:
    """SESPK from the card's random, purchase counter and the low two bytes of the terminal sequence."""
    return session_key(dpk, random + counter.to_bytes(2) + (sequence & 0xFFFF).to_bytes(2))


def purchase_mac1(
    session: BlockCipher, amounts: tuple[int, int, int], kind: int, terminal: bytes, time: bytes
) -> bytes:
    """MAC1 of the PSAM over account, self-pay and pooled amounts."""
    return mac(session, _amounts(amounts) + bytes((kind,)) + terminal + time)


def purchase_mac2(session: BlockCipher, amounts: tuple[int, int, int]) -> bytes:
    """MAC2 of the card: the debit is done."""
    return mac(session, _amounts(amounts))


def tac_cipher(dtk: BlockCipher) -> BlockCipher:
    """The TAC key: halves of DTK XORed (8-byte cipher), DTK itself (16-byte cipher) (Part 7 §15)."""
    return dtk if dtk.algorithm.block_size == 16 else dtk.fold()


def load_tac(
    dtk: BlockCipher, balance_after: int, counter: int, amount: int, kind: int, terminal: bytes, time: bytes
) -> bytes:
    """TAC of a load: balance after crediting, counter before increment (decision K44, K45)."""
    data = balance_after.to_bytes(4) + counter.to_bytes(2) + amount.to_bytes(4)
    return mac(tac_cipher(dtk), data + bytes((kind,)) + terminal + time)


def purchase_tac(
    dtk: BlockCipher,
    amounts: tuple[int, int, int],
    kind: int,
    terminal: bytes,
    sequence: int,
    time: bytes,
) -> bytes:
    """TAC of a consumption; ``sequence`` is the full 4-byte terminal transaction sequence."""
    data = _amounts(amounts) + bytes((kind,)) + terminal + sequence.to_bytes(4) + time
    return mac(tac_cipher(dtk), data)


def _amounts(amounts: tuple[int, int, int]) -> bytes:
    return b"".join(amount.to_bytes(4) for amount in amounts)
