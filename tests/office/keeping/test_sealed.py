"""The sealed stream: whole, or refused."""

import io
import random

import pytest

from shebaoka.crypto.sealing import SealError
from shebaoka.office.keeping.sealed import SealedReader, SealedWriter

PASSPHRASE = "TEST_ONLY"
CONTENT = random.Random(4).randbytes((1 << 20) * 2 + 5)


def sealed(content: bytes) -> bytes:
    out = io.BytesIO()
    writer = SealedWriter(out, PASSPHRASE, work=8)
    for start in range(0, len(content), 300_000):
        writer.write(content[start : start + 300_000])
    writer.finish()
    return out.getvalue()


def opened(raw: bytes, passphrase: str = PASSPHRASE) -> bytes:
    reader = SealedReader(io.BytesIO(raw), passphrase)
    found = bytearray()
    while piece := reader.read(65536):
        found += piece
    return bytes(found)


@pytest.fixture(scope="module")
def raw() -> bytes:
    return sealed(CONTENT)


def pieces(raw: bytes) -> tuple[bytes, list[bytes]]:
    head, _, rest = raw.partition(b"\n")
    found = []
    while rest:
        length = 4 + int.from_bytes(rest[:4], "big")
        found.append(rest[:length])
        rest = rest[length:]
    return head + b"\n", found


@pytest.mark.parametrize("content", [b"", b"x", bytes(1 << 20), bytes((1 << 20) + 1)])
def test_what_was_sealed_is_what_is_read(content: bytes) -> None:
    assert opened(sealed(content)) == content


def test_nothing_shows(raw: bytes) -> None:
    assert opened(raw) == CONTENT
    assert CONTENT[:16] not in raw
    assert sealed(CONTENT) != raw


def test_a_wrong_passphrase_is_refused(raw: bytes) -> None:
    with pytest.raises(SealError, match="wrong passphrase"):
        opened(raw, "TEST_ONLY!")


def test_pieces_left_out_moved_repeated_or_missing_at_the_end_are_noticed(raw: bytes) -> None:
    head, found = pieces(raw)
    assert len(found) == 3
    one, two, three = found
    for forged in ([two, one, three], [one, three], [one, two], [one], [one, one, two, three], []):
        with pytest.raises(SealError):
            opened(head + b"".join(forged))


@pytest.mark.parametrize("place", [5, 20, 60, 70, 1000, -1])
def test_a_changed_byte_is_noticed_anywhere(raw: bytes, place: int) -> None:
    changed = bytearray(raw)
    changed[place] ^= 1
    with pytest.raises(SealError):
        opened(bytes(changed))


@pytest.mark.parametrize("length", [0, 10, 50, 70, 1 << 20, -1])
def test_a_cut_is_noticed_anywhere(raw: bytes, length: int) -> None:
    with pytest.raises(SealError):
        opened(raw[:length])
