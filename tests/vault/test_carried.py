"""Key blocks as a back end sees them: forged by someone who holds the transport key, and still refused."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from shebaoka.codec.tlv import encode, encode_all, parse
from shebaoka.crypto.carriage import KEY, MAC, block_cipher, seal_mac
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.carried import SealedKeys, accept_sealed, decode_body, encode_body, seal_for
from shebaoka.vault.hierarchy import set_up_ministry
from shebaoka.vault.model import MINISTRY, Body, HierarchyError, Level, VaultError
from shebaoka.vault.software import SoftwareVault
from vault.support import CITY, ENTRIES, OTHER_PROVINCE, PROVINCE

SUITES = (Algorithm.TDES, Algorithm.SM4)
REFERENCE = bytes(range(1, 9))


def transport(suite: Algorithm) -> SoftwareCipher:
    return SoftwareCipher(suite, bytes(range(16)))


def sealed(suite: Algorithm, to: Body = PROVINCE) -> SealedKeys:
    ministry = SoftwareVault.create(None, "", MINISTRY)
    set_up_ministry(ministry, ENTRIES, suite)
    handles = [ministry.find(name, 1, suite) for name in ("UK3DF01", "STK")]
    return seal_for(ministry, handles, to, transport(suite), REFERENCE)


def forged(own: SealedKeys, suite: Algorithm, change: Callable[[dict[int, bytes]], None]) -> SealedKeys:
    """The first block with other fields, and all MACs right again."""
    first = own.blocks[0]
    ((_, header),) = parse(first[: -KEY - MAC])
    fields = dict(parse(header))
    change(fields)
    body = encode(0x7F, encode_all(fields.items())) + first[-KEY - MAC : -MAC]
    blocks = (body + seal_mac(transport(suite), body), *own.blocks[1:])
    return resealed(replace(own, blocks=blocks), suite, own.manifest[:-MAC])


def resealed(own: SealedKeys, suite: Algorithm, content: bytes) -> SealedKeys:
    message = content + b"".join(block[-MAC:] for block in own.blocks)
    return replace(own, manifest=content + seal_mac(transport(suite), message))


def put(tag: int, value: bytes) -> Callable[[dict[int, bytes]], None]:
    def change(fields: dict[int, bytes]) -> None:
        fields[tag] = value

    return change


def drop(tag: int) -> Callable[[dict[int, bytes]], None]:
    def change(fields: dict[int, bytes]) -> None:
        del fields[tag]

    return change


CHANGES = {
    "another block's number": (put(0x91, b"\0\2"), "stands in the place of another"),
    "another region": (put(0x85, encode_body(OTHER_PROVINCE)), "for province 99, not for 示例甲省"),
    "another level": (put(0x85, encode_body(CITY)), "for city 980100, not for 示例甲省"),
    "another level of the key": (put(0x96, bytes((2, 0, 2, 1))), "not for 示例甲省"),
    "another name": (put(0x92, b"UK4DF01"), "its parent 'nation:UK3DF01.* is no key of"),
    "another version": (put(0x94, b"\2"), "its parent .* is no key of"),
    "version 0": (put(0x94, b"\0"), "version 0 is not accepted"),
    "another parent": (put(0x97, b"98:UK3DF01:1:SM4"), "its parent '98:UK3DF01:1:SM4' is no key of"),
    "another factor": (put(0x98, b"990000sh"), "derived for another region than 98"),
    "another check value": (put(0x99, b"\1\2\3"), "check value of UK3DF01 v1 does not fit"),
    "an unknown algorithm": (put(0x95, b"\x09"), "does not decode"),
    "an unpublished algorithm": (put(0x95, b"\x02"), "."),
    "no name": (drop(0x92), "does not decode"),
    "no number": (drop(0x91), "."),
    "no version": (put(0x94, b""), "does not decode"),
    "a scope too many": (put(0x96, bytes((1, 9, 2, 1))), "does not decode"),
}


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("case", CHANGES)
def test_a_forged_block(suite: Algorithm, case: str) -> None:
    change, reason = CHANGES[case]
    province = SoftwareVault.create(None, "", PROVINCE)
    with pytest.raises(VaultError, match=reason):
        accept_sealed(province, forged(sealed(suite), suite, change), transport(suite))
    assert province.handles() == ()


@pytest.mark.parametrize("suite", SUITES)
def test_another_key_in_a_block(suite: Algorithm) -> None:
    own = sealed(suite)
    province = SoftwareVault.create(None, "", PROVINCE)
    for number, reason in ((1, "check value of UK3DF01"), (2, "two halves|check value of STK")):
        block = own.blocks[number - 1]
        body = block[: -KEY - MAC] + block_cipher(transport(suite), number).encrypt(bytes(range(16)))
        blocks = list(own.blocks)
        blocks[number - 1] = body + seal_mac(transport(suite), body)
        with pytest.raises(VaultError, match=reason):
            accept_sealed(
                province,
                resealed(replace(own, blocks=tuple(blocks)), suite, own.manifest[:-MAC]),
                transport(suite),
            )
    assert province.handles() == ()


def test_the_manifest_is_checked() -> None:
    suite = Algorithm.SM4
    own, province = sealed(suite), SoftwareVault.create(None, "", PROVINCE)
    content = own.manifest[:-MAC]
    with pytest.raises(VaultError, match="another number of blocks"):
        accept_sealed(
            province, resealed(replace(own, blocks=own.blocks[:1]), suite, content), transport(suite)
        )
    with pytest.raises(VaultError, match="does not decode"):
        accept_sealed(province, resealed(own, suite, content[:-3]), transport(suite))
    with pytest.raises(VaultError, match="do not belong together"):
        accept_sealed(province, replace(own, blocks=own.blocks[::-1]), transport(suite))
    for body in (OTHER_PROVINCE, CITY):
        with pytest.raises(HierarchyError, match="the keys are for"):
            accept_sealed(SoftwareVault.create(None, "", body), own, transport(suite))
    assert province.handles() == ()
    assert len(accept_sealed(province, own, transport(suite))) == 2


def test_a_sender_that_is_not_above() -> None:
    """Whoever holds a transport key is not thereby the ministry."""
    suite = Algorithm.SM4
    own = sealed(suite)
    fields = dict(parse(own.manifest[:-MAC]))
    fields[0x84] = encode_body(Body(Level.PROVINCE, "99", "示例乙省"))
    province = SoftwareVault.create(None, "", PROVINCE)
    with pytest.raises(VaultError, match=r"is no key of|is not the body above"):
        accept_sealed(province, resealed(own, suite, encode_all(fields.items())), transport(suite))


def test_equal_exports_are_equal_bytes() -> None:
    ministry = SoftwareVault.create(None, "", MINISTRY)
    set_up_ministry(ministry, ENTRIES, Algorithm.SM4)
    handles = [ministry.find("UK3DF01", 1, Algorithm.SM4)]
    cipher = transport(Algorithm.SM4)
    once = seal_for(ministry, handles, PROVINCE, cipher, REFERENCE)
    assert seal_for(ministry, handles, PROVINCE, cipher, REFERENCE) == once
    with pytest.raises(HierarchyError, match="not a body just below"):
        seal_for(ministry, handles, CITY, cipher, REFERENCE)


def test_bodies_on_the_wire() -> None:
    for body in (MINISTRY, PROVINCE, CITY):
        assert decode_body(encode_body(body)) == body
    for damaged in (b"", b"\x09\x00", b"\x01\x02ab", b"\x03\x00"):
        with pytest.raises(ValueError, match=r"."):
            decode_body(damaged)
