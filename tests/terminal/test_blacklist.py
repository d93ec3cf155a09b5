"""Blacklist file: canonical, signed, versioned, dated; a refused one leaves the list in use (Part 8 §7.3)."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from shebaoka.terminal import blacklist_file
from shebaoka.terminal.blacklist import Blacklist, Range, Single
from shebaoka.terminal.errors import BlacklistError
from terminal.support import NOW

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
TRUSTED = [KEY.public_key()]
CODE = "980100D15600000500000001FFFFFFFF"


def make(version: int = 3, *, age: int = 1, issuer: str = "980000") -> Blacklist:
    return Blacklist(
        issuer,
        version,
        (NOW - timedelta(hours=age)).replace(microsecond=0),
        timedelta(hours=72),
        frozenset({Single(CODE, "A00000011"), Single(CODE.replace("01F", "02F"), "A0000002X")}),
        (Range("B0000000", "B0000999"), Range("A5000000", "A5000000")),
    )


DATA = blacklist_file.sign(make(), KEY)


def reasons(data: bytes) -> str:
    with pytest.raises(BlacklistError) as caught:
        blacklist_file.verify(data, TRUSTED)
    return caught.value.id


def test_round_trip_and_look_up() -> None:
    blacklist = blacklist_file.verify(DATA, TRUSTED)
    assert blacklist.version == 3
    assert blacklist.signer == blacklist_file.fingerprint(KEY.public_key())
    assert blacklist.holds(CODE, "A00000011")
    assert not blacklist.holds(CODE, "A00000020")  # code and number belong together
    assert blacklist.holds("650100" + CODE[6:], "B00005003")
    assert not blacklist.holds(CODE, "B0001000X")
    assert len(blacklist) == 4


def test_one_list_has_exactly_one_file() -> None:
    again = blacklist_file.verify(DATA, TRUSTED)
    assert blacklist_file.sign(again, KEY) == DATA
    assert all(
        line == json.dumps(json.loads(line), sort_keys=True, separators=(",", ":")) for line in lines()
    )


def lines() -> list[str]:
    return DATA.decode("ascii").splitlines()


def resigned(*texts: str) -> bytes:
    body = "".join(text + "\n" for text in texts).encode()
    return body + f'{{"signature":"{KEY.sign(body).hex().upper()}"}}\n'.encode()


@settings(max_examples=60)
@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_any_changed_byte_is_refused(position: int, change: int) -> None:
    damaged = bytearray(DATA)
    damaged[position] ^= change
    with pytest.raises(BlacklistError):
        blacklist_file.verify(bytes(damaged), TRUSTED)


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_clear_refusal(data: bytes) -> None:
    with pytest.raises(BlacklistError):
        blacklist_file.verify(data, TRUSTED)


def test_reasons_are_told_apart() -> None:
    assert reasons(DATA.replace(b"A00000011", b"A00000012")) == "blacklist-changed"
    assert reasons(blacklist_file.sign(make(), OTHER)) == "blacklist-signer"
    assert reasons(DATA[:-10]) == "blacklist-malformed"
    assert reasons(b"") == "blacklist-malformed"
    assert reasons(DATA.replace(b"shebaoka-blacklist-1", b"shebaoka-blacklist-9")) == "blacklist-malformed"
    head, *entries = lines()[:-1]
    assert reasons(resigned(head, *reversed(entries))) == "blacklist-malformed"  # not canonical
    assert reasons(resigned(head, *entries[1:])) == "blacklist-malformed"  # the count does not fit
    assert reasons(resigned(head, '{"number":"A00000011"}')) == "blacklist-malformed"
    assert reasons(resigned(head.replace("72", '"x"'))) == "blacklist-malformed"
    assert reasons(resigned(head, *entries, entries[-1])) == "blacklist-ranges-overlap"
    assert reasons(resigned(head.replace("T", "T9"))) == "blacklist-malformed"


def test_entries_are_checked_before_signing() -> None:
    for bad in (
        Blacklist("98", 1, NOW, timedelta(hours=1), frozenset({Single("98", "A00000011")})),
        Blacklist("98", 1, NOW, timedelta(hours=1), frozenset({Single(CODE, "A1")})),
        Blacklist("98", 1, NOW, timedelta(hours=1), frozenset(), (Range("B0000002", "B0000001"),)),
        Blacklist("98", 1, NOW, timedelta(minutes=1)),
    ):
        with pytest.raises(BlacklistError):
            blacklist_file.sign(bad, KEY)
    with pytest.raises(BlacklistError, match="overlap"):
        Blacklist("98", 1, NOW, timedelta(hours=1), frozenset(), (Range("A1", "A5"), Range("A4", "A6")))


def test_install_replaces_only_by_what_is_newer(tmp_path: Path) -> None:
    path = tmp_path / "blacklist"
    newer = blacklist_file.sign(make(4), KEY)
    assert blacklist_file.install(path, DATA, TRUSTED, NOW).version == 3
    assert blacklist_file.install(path, DATA, TRUSTED, NOW).version == 3
    assert blacklist_file.install(path, newer, TRUSTED, NOW).version == 4
    for refused, message in (
        (DATA, "version 3, older than version 4"),
        (blacklist_file.sign(make(5), OTHER), "does not trust"),
        (blacklist_file.sign(make(5, issuer="990000"), KEY), "of issuer 990000"),
        (blacklist_file.sign(make(5, age=-3), KEY), "in the future"),
        (blacklist_file.sign(make(4, age=2), KEY), "content is different"),
        (newer[:-3], "cut off"),
    ):
        with pytest.raises(BlacklistError, match=message):
            blacklist_file.install(path, refused, TRUSTED, NOW)
        assert path.read_bytes() == newer
    assert list(tmp_path.iterdir()) == [path]


def test_a_damaged_file_in_use_is_not_silently_replaced(tmp_path: Path) -> None:
    path = tmp_path / "blacklist"
    path.write_bytes(DATA[:-4])
    with pytest.raises(BlacklistError):
        blacklist_file.install(path, DATA, TRUSTED, NOW)
    assert path.read_bytes() == DATA[:-4]


def test_large_list_is_searched_by_halving() -> None:
    ranges = tuple(Range(f"C{n:07d}", f"C{n + 4:07d}") for n in range(0, 100_000, 10))
    big = Blacklist("98", 1, NOW, timedelta(hours=1), frozenset(), ranges)
    assert big.holds(CODE, "C00500041")
    assert not big.holds(CODE, "C00500051")
