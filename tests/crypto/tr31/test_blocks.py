"""Published blocks, blocks of another implementation (psec) both ways, and round trips."""

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.tr31.support import KEYS, PROTECTIONS, material, protection
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.crypto.tr31.block import unwrap, wrap
from shebaoka.crypto.tr31.cmac import cmac
from shebaoka.crypto.tr31.fields import SM4
from shebaoka.crypto.tr31.header import Header, parse_header
from shebaoka.crypto.tr31.protection import AesKey, CipherKey
from shebaoka.spec.algorithm import Algorithm

# TR-31:2018, annex A: protection key, key, padding, block.
PUBLISHED = {
    "B": (
        "DD7515F2BFC17F85CE48F3CA25CB21F6",
        "3F419E1CB7079442AA37474C2EFBF8B8",
        None,
        "B0080P0TE00E000094B420079CC80BA3461F86FE26EFC4A3B8E4FA4C5F5341176EED7B727B8A248E",
    ),
    "D": (
        "88E1AB2A2E3DD38C1FA039A536500CC8A87AB9D62DC92C01058FA79F44657DE6",
        "3F419E1CB7079442AA37474C2EFBF8B8",
        "1C2965473CE206BB855B01533782",
        "D0112P0AE00E0000B82679114F470F540165EDFBF7E250FCEA43F810D215F8D207E2E417C07156A2"
        "7E8E31DA05F7425509593D03A457DC34",
    ),
}

names = st.text("ACDEFGHIJKLMNOQRSTUVWXYZ0123456789", min_size=2, max_size=2)  # without P: PB is padding
texts = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=300)
optionals = st.dictionaries(names, texts, max_size=4)


@pytest.fixture(scope="module")
def psec_tr31() -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from psec import tr31

        yield tr31


@pytest.mark.parametrize("version", PUBLISHED)
def test_published_blocks(version: str) -> None:
    kbpk, key, padding, block = PUBLISHED[version]
    under = protection(version, bytes.fromhex(kbpk))
    header, opened = unwrap(under, block)
    assert opened == bytes.fromhex(key)
    assert (header.version, header.usage, header.mode, header.exportability) == (version, "P0", "E", "E")
    if padding is not None:
        made = wrap(under, header, opened, hidden=0, random=lambda size: bytes.fromhex(padding)[:size])
        assert made == block


@pytest.mark.parametrize(
    ("size", "message", "mac"),
    [  # NIST SP 800-38B, AES-128 of appendix D.1
        (0, "", "BB1D6929E95937287FA37D129B756746"),
        (16, "6BC1BEE22E409F96E93D7E117393172A", "070A16B46B4D4144F79BDD9DD04A287C"),
        (
            40,
            "6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411",
            "DFA66747DE9AE63030CA32611497C827",
        ),
    ],
)
def test_cmac_of_nist(size: int, message: str, mac: str) -> None:
    key = AesKey(bytes.fromhex("2B7E151628AED2A6ABF7158809CF4F3C"))
    assert len(bytes.fromhex(message)) == size
    assert cmac(key, bytes.fromhex(message)).hex().upper() == mac


@settings(max_examples=25)
@given(message=st.binary(max_size=80))
def test_cmac_of_sm4_is_that_of_the_library(message: bytes) -> None:
    from cryptography.hazmat.primitives.ciphers.algorithms import SM4 as LIBRARY_SM4
    from cryptography.hazmat.primitives.cmac import CMAC

    key = material("sm4", 16)
    theirs = CMAC(LIBRARY_SM4(key))
    theirs.update(message)
    assert cmac(CipherKey(SoftwareCipher(Algorithm.SM4, key)), message) == theirs.finalize()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("version", "size"), [p for p in PROTECTIONS if p[0] != SM4])
def test_interoperates_with_psec(psec_tr31: Any, version: str, size: int) -> None:
    kbpk = material("kbpk", size)
    algorithm, length = KEYS[version]
    key = material("key", length)
    optional = {"KS": "00604B120F9292800000", "10": "x" * 260, "LB": "a label"}
    header = Header(version, "M3" if version == "D" else "D0", algorithm, "N", "12", "S", optional)
    theirs, opened = psec_tr31.unwrap(kbpk, wrap(protection(version, kbpk), header, key))
    assert opened == key
    assert (theirs.version_id, theirs.key_usage, theirs.algorithm) == (version, header.usage, algorithm)
    assert (theirs.mode_of_use, theirs.version_num, theirs.exportability) == ("N", "12", "S")
    assert dict(theirs.blocks) == optional
    for hidden in (None, 0):
        made = psec_tr31.wrap(kbpk, theirs, key, hidden)
        assert unwrap(protection(version, kbpk), made) == (header, key)


@settings(max_examples=60)
@given(
    kind=st.sampled_from(PROTECTIONS),
    secret=st.binary(min_size=48, max_size=48),
    usage=st.sampled_from([("K0", "B"), ("E6", "X"), ("M6", "C"), ("07", "9"), ("ZZ", "G")]),
    rest=st.tuples(st.sampled_from(["00", "01", "99", "c1"]), st.sampled_from("ENS1")),
    optional=optionals,
    hidden=st.sampled_from([None, 0, 16, 200]),
)
def test_round_trip(
    kind: tuple[str, int],
    secret: bytes,
    usage: tuple[str, str],
    rest: tuple[str, str],
    optional: dict[str, str],
    hidden: int | None,
) -> None:
    version, size = kind
    algorithm, length = KEYS[version]
    under, key = protection(version, secret[:size]), secret[32 : 32 + length]
    header = Header(version, usage[0], algorithm, usage[1], *rest, optional)
    block = wrap(under, header, key, hidden=hidden)
    assert int(block[1:5]) == len(block)
    assert key.hex().upper() not in block
    assert unwrap(under, block) == (header, key)
    assert parse_header(block)[0] == header


@pytest.mark.parametrize(("algorithm", "sizes"), [("T", (16, 24)), ("A", (16, 24, 32))])
def test_the_length_does_not_tell_the_keys(algorithm: str, sizes: tuple[int, ...]) -> None:
    under = AesKey(material("kbpk", 32))
    header = Header("D", "D0", algorithm, "B")
    assert len({len(wrap(under, header, material("key", size))) for size in sizes}) == 1
    assert len({wrap(under, header, material("key", 16)) for _ in range(3)}) == 3
