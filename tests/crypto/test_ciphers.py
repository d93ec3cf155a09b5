from concurrent.futures import ThreadPoolExecutor

import pytest

from shebaoka.crypto.ciphers import SoftwareCipher, UnsupportedAlgorithmError, xor
from shebaoka.crypto.factors import card_factor, city_factor, province_factor
from shebaoka.crypto.formulas import (
    authentication_data,
    diversification_input,
    mac,
    session_input,
    session_key,
)
from shebaoka.crypto.padding import fold_mac, pad_data, pad_mac, unpad_data
from shebaoka.spec.algorithm import Algorithm

KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")


def test_published_vectors() -> None:
    sm4 = SoftwareCipher(Algorithm.SM4, KEY)
    assert sm4.encrypt(KEY) == bytes.fromhex("681EDF34D206965E86B3E94F536E4246")  # GB/T 32907 A.1
    des = SoftwareCipher(Algorithm.DES, KEY[:8])
    assert des.encrypt(b"Now is t") == bytes.fromhex("3FA40E8A984D4815")  # FIPS 81 table B1
    tdes = SoftwareCipher(Algorithm.TDES, KEY[:8] + KEY[:8])
    assert tdes.encrypt(b"Now is t") == des.encrypt(b"Now is t")


@pytest.mark.parametrize("algorithm", [Algorithm.DES, Algorithm.TDES, Algorithm.SM4])
def test_decryption_undoes_encryption(algorithm: Algorithm) -> None:
    cipher = SoftwareCipher(algorithm, KEY[: algorithm.key_size])
    data = bytes(range(48))
    assert cipher.decrypt(cipher.encrypt(data)) == data
    with pytest.raises(ValueError, match="not whole blocks"):
        cipher.encrypt(data[:-1])


def test_unpublished_and_wrong_keys_are_refused() -> None:
    with pytest.raises(UnsupportedAlgorithmError, match="SSF33 is not published"):
        SoftwareCipher(Algorithm.SSF33, KEY)
    with pytest.raises(ValueError, match="3DES needs a key of 16 bytes, not 8"):
        SoftwareCipher(Algorithm.TDES, KEY[:8])


@pytest.mark.parametrize("algorithm", [Algorithm.DES, Algorithm.TDES, Algorithm.SM4])
def test_key_does_not_show(algorithm: Algorithm) -> None:
    cipher = SoftwareCipher(algorithm, KEY[: algorithm.key_size])
    for text in (repr(cipher), str(cipher), f"{cipher}"):
        assert "0123" not in text.lower()
        assert algorithm.label in text


def test_only_3des_has_halves() -> None:
    left, right = SoftwareCipher(Algorithm.TDES, KEY).halves()
    block = bytes(8)
    assert left.encrypt(block) == SoftwareCipher(Algorithm.DES, KEY[:8]).encrypt(block)
    assert right.encrypt(block) == SoftwareCipher(Algorithm.DES, KEY[8:]).encrypt(block)
    for algorithm in (Algorithm.DES, Algorithm.SM4):
        cipher = SoftwareCipher(algorithm, KEY[: algorithm.key_size])
        for use in (cipher.halves, cipher.fold):
            with pytest.raises(ValueError, match="only a double-length 3DES key"):
                use()


@pytest.mark.parametrize("algorithm", [Algorithm.TDES, Algorithm.SM4])
def test_one_key_serves_several_threads(algorithm: Algorithm) -> None:
    cipher = SoftwareCipher(algorithm, KEY)
    sizes = [16, 1008, 1024, 4096, 65536] * 8
    expected = {size: cipher.encrypt(bytes(size)) for size in sizes}
    with ThreadPoolExecutor(4) as pool:
        for size, result in zip(
            sizes, pool.map(lambda size: cipher.encrypt(bytes(size)), sizes), strict=True
        ):
            assert result == expected[size]


def test_padding() -> None:
    assert pad_mac(b"", 8) == bytes.fromhex("8000000000000000")
    assert pad_mac(bytes(8), 8) == bytes(8) + bytes.fromhex("8000000000000000")
    assert pad_data(bytes(7), 8) == b"\x07" + bytes(7)
    assert pad_data(b"", 8) == bytes.fromhex("0080000000000000")  # the empty PIN, decision K7
    for data in (b"", b"1", bytes(7), bytes(8), bytes(255)):
        assert unpad_data(pad_data(data, 8)) == unpad_data(pad_data(data, 16)) == data
    with pytest.raises(ValueError, match="at most 255 bytes, not 256"):
        pad_data(bytes(256), 8)
    for wrong in ("", "0880000000000000", "0112000000000000", "0112800000000100"):
        with pytest.raises(ValueError, match="padding"):
            unpad_data(bytes.fromhex(wrong))


def test_folding() -> None:
    assert fold_mac(bytes.fromhex("0102030405060708")) == bytes.fromhex("01020304")
    assert fold_mac(bytes.fromhex("01010101020202020404040408080808")) == bytes.fromhex("0F0F0F0F")
    assert xor(b"\x00\x01", b"\x00\x01") == b"\x00\x00"


def test_sizes_are_checked() -> None:
    with pytest.raises(ValueError, match="8 bytes, not 7"):
        diversification_input(bytes(7), Algorithm.SM4)
    with pytest.raises(ValueError, match="a session key factor of 16 bytes"):
        session_input(bytes(16), 8)
    with pytest.raises(ValueError, match="a session key factor of 5 bytes"):
        session_input(bytes(5), 16)
    with pytest.raises(ValueError, match="8 bytes, not 9"):
        authentication_data(SoftwareCipher(Algorithm.SM4, KEY), bytes(9))
    with pytest.raises(ValueError, match="13 bytes, not 12"):
        card_factor(bytes(12))
    for factor in (province_factor, city_factor):
        for code in ("65010", "65010x", "６50100"):
            with pytest.raises(ValueError, match="six digits"):
                factor(code)


def test_session_key_of_the_eight_byte_cipher_is_single_des() -> None:
    assert session_key(SoftwareCipher(Algorithm.TDES, KEY), bytes(8)).algorithm is Algorithm.DES
    assert session_key(SoftwareCipher(Algorithm.SM4, KEY), bytes(4)).algorithm is Algorithm.SM4


class OnlyEncrypts:
    """A key that is no software cipher, as a token behind a handle."""

    def __init__(self, inner: SoftwareCipher) -> None:
        self.algorithm = inner.algorithm
        self.encrypt = inner.encrypt
        self.decrypt = inner.decrypt
        self.derive = inner.derive
        self.fold = inner.fold
        self.halves = inner.halves


@pytest.mark.parametrize("algorithm", [Algorithm.DES, Algorithm.TDES, Algorithm.SM4])
@pytest.mark.parametrize("length", [0, 20, 55, 56, 63, 64, 111, 112, 127, 128, 255, 1500])
def test_long_macs_are_the_same_for_every_kind_of_key(algorithm: Algorithm, length: int) -> None:
    inner = SoftwareCipher(algorithm, bytes(range(1, algorithm.key_size + 1)))
    message, iv = bytes(i % 251 for i in range(length)), b"\xa5" * algorithm.block_size
    assert mac(inner, message, iv) == mac(OnlyEncrypts(inner), message, iv)
    assert mac(inner, message) == mac(OnlyEncrypts(inner), message)
