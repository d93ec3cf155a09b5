"""A chip maker's transport key arrives in a TR-31 key block of his own HSM: ``keys import-block --as
TRANSPORT``, ``TRANSPORT-PSAM``, ``TRANSPORT-CARRIER``; blanks in a reader obey it."""

import json
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Outcome, Shebaoka
from cli.test_blanks import FIRST, MAKERS_KEY, OTHER_KEY, PIN, SECRET, blank, ministry  # noqa: F401 - a fixture
from pcsc.stack import PcscStack
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.crypto.tr31.block import wrap
from shebaoka.crypto.tr31.header import Header
from shebaoka.crypto.tr31.protection import AesKey
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import Scope
from shebaoka.vault.blanks import NAMES
from shebaoka.vault.model import MINISTRY, KeyDefinition
from shebaoka.vault.software import SoftwareVault

AES_PARTS = {
    "SHEBAOKA_COMPONENT_1": "00112233445566778899aabbccddeeff",
    "SHEBAOKA_COMPONENT_2": "3c6ef372a54ff53a510e527f9b05688c",
}
AES = bytes(a ^ b for a, b in zip(*map(bytes.fromhex, AES_PARTS.values()), strict=True))

AS = ("--as", "TRANSPORT")


def of_the_maker(key: bytes = MAKERS_KEY, **fields: str) -> str:
    """A block as psec, another implementation, makes it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from psec import tr31
    said: dict[str, Any] = {
        "version_id": "D", "key_usage": "K0", "algorithm": "T", "mode_of_use": "B", "version_num": "00",
        "exportability": "E",
    }  # fmt: skip
    return str(tr31.wrap(AES, tr31.Header(**said | fields), key))


def sm4_block(key: bytes = MAKERS_KEY) -> str:
    """SM4 is private in TR-31: a block as our own room makes it, without a word of our hierarchy."""
    return wrap(AesKey(AES), Header("D", "K0", "4", "E", "00", "N", {}), key)


def take(
    shebaoka: Shebaoka, vault: Path, block: str, *words: str, parts: dict[str, str] = AES_PARTS
) -> Outcome:
    file = vault.with_suffix(".block")
    file.write_text(block, "ascii")
    return shebaoka("keys", "import-block", vault, file, "--components", "2", *words, **SECRET, **parts)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A vault with a single key."""
    path = tmp_path / "small.vault"
    vault = SoftwareVault.create(path, "open sesame", MINISTRY, work=4)
    vault.generate(KeyDefinition("IRK", "internal-authentication", Algorithm.SM4, scope=Scope.NATION))
    vault.save()
    return path


@pytest.mark.parametrize(("name", "suite"), [*zip(NAMES.values(), ("3DES", "3DES", "SM4"), strict=True)])
def test_a_transport_key_comes_in_and_stays(shebaoka: Shebaoka, small: Path, name: str, suite: str) -> None:
    block = of_the_maker() if suite == "3DES" else sm4_block()
    taken = take(shebaoka, small, block, "--as", name, "-a", suite)
    assert taken.code == 0, taken.err
    algorithm = Algorithm.TDES if suite == "3DES" else Algorithm.SM4
    handle = SoftwareVault.open(small, "open sesame").find(name, 1, algorithm)
    zero = bytes(algorithm.block_size)
    assert handle.kcv == SoftwareCipher(algorithm, MAKERS_KEY).encrypt(zero)[:3].hex().upper()
    assert (handle.exportable, handle.test_only, handle.usage) == (False, True, "transport")
    assert f"{name} v1 {suite}, check value {handle.kcv}" in taken.out
    for secret in (*AES_PARTS.values(), MAKERS_KEY.hex()):
        assert secret not in (taken.out + taken.err).lower()
    out = small.with_suffix(".out")
    more = ("--components", "2", "-a", suite, "-o", out)
    refused = shebaoka("keys", "export-block", small, name, *more, **SECRET, **AES_PARTS)
    assert "is not exportable" in refused.err
    assert not out.exists()
    assert take(shebaoka, small, block, "--as", name, "-a", suite).code == 0  # it is here already
    assert len(SoftwareVault.open(small, "open sesame").handles()) == 2
    other = of_the_maker(OTHER_KEY) if suite == "3DES" else sm4_block(OTHER_KEY)
    assert "is here already with another value" in take(shebaoka, small, other, "--as", name, "-a", suite).err
    following = take(shebaoka, small, other, "--as", f"{name}:2", "-a", suite)
    assert following.code == 0, following.err
    keys = json.loads(shebaoka("keys", "list", "--vault", small, "--json", **SECRET).out)["keys"]
    states = {(key["version"], key["state"]) for key in keys if key["name"] == name}
    assert states == {(1, "active"), (2, "generated")}


def test_blanks_in_a_reader_obey_it(
    shebaoka: Shebaoka,
    ministry: Path,  # noqa: F811 - the fixture
    pcsc_stack: PcscStack,
) -> None:
    psam = ("psam", "make", "--terminal", "980100000001", "--vault", ministry, *FIRST)
    body = ("--level", "province", "--code", "98", "--name", "示例甲省", "--serial", "9900000000000001")
    carrier = ("carriers", "issue", "mother", "--vault", ministry, *body, *FIRST)
    for order, kind, more in ((psam, "psam", {}), (carrier, "mother", PIN)):
        pcsc_stack.put(blank(kind, MAKERS_KEY))
        refused = shebaoka(*order, **SECRET, **more)
        assert refused.code == 2, kind
    assert take(shebaoka, ministry, of_the_maker(), "--as", "TRANSPORT-PSAM").code == 0
    assert take(shebaoka, ministry, sm4_block(), "--as", "TRANSPORT-PSAM", "-a", "SM4").code == 0
    assert take(shebaoka, ministry, sm4_block(), "--as", "TRANSPORT-CARRIER", "-a", "SM4").code == 0
    for order, kind, more in ((psam, "psam", {}), (carrier, "mother", PIN)):
        pcsc_stack.put(blank(kind, MAKERS_KEY))
        made = shebaoka(*order, **SECRET, **more)
        assert made.code == 0, made.err


def changed(block: str) -> str:
    return block[:-1] + ("0" if block[-1] != "0" else "1")


@pytest.mark.parametrize(
    ("make", "words", "problem"),
    [
        (of_the_maker, (), "does not say which key it holds; name the key"),
        (partial(of_the_maker, key_usage="D0"), AS, "key usage: D0 is not that of TRANSPORT, which is K0"),
        (partial(of_the_maker, mode_of_use="D"), AS, "mode of use: D is not that of TRANSPORT"),
        (partial(of_the_maker, version_num="02"), AS, "02 is not version 1"),
        (of_the_maker, (*AS, "-a", "SM4"), "it holds a 3DES key; TRANSPORT is SM4"),
        (partial(of_the_maker, bytes(range(24))), AS, "has 16 bytes, not 24"),
        (partial(of_the_maker, algorithm="A"), AS, "A is no algorithm of the card"),
        (lambda: changed(of_the_maker()), AS, "MAC"),
        (of_the_maker, ("--as", "TRANSPORT:0"), "version"),
    ],
)
def test_refused_and_nothing_changed(
    shebaoka: Shebaoka, small: Path, make: Callable[[], str], words: tuple[str, ...], problem: str
) -> None:
    before = small.read_bytes()
    refused = take(shebaoka, small, make(), *words)
    assert (refused.code, refused.out) == (2, "")
    assert problem in refused.err
    assert MAKERS_KEY.hex() not in refused.err.lower()
    assert small.read_bytes() == before


def test_other_components_and_another_key_of_ours(shebaoka: Shebaoka, small: Path) -> None:
    before = small.read_bytes()
    others = {"SHEBAOKA_COMPONENT_1": "11" * 16, "SHEBAOKA_COMPONENT_2": "22" * 16}
    assert "MAC" in take(shebaoka, small, of_the_maker(), "--as", "TRANSPORT", parts=others).err
    block = small.with_suffix(".ours")
    more = ("--components", "2", "-a", "SM4", "-o", block)
    assert shebaoka("keys", "export-block", small, "IRK", *more, **SECRET, **AES_PARTS).code == 0
    named = take(shebaoka, small, block.read_text("ascii"), "--as", "TRANSPORT", "-a", "SM4")
    assert "it says that it holds IRK v1, not TRANSPORT v1" in named.err
    assert small.read_bytes() == before
