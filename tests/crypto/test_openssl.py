"""The formulas once more, written out on the openssl command line instead of our cipher and chaining."""

import shutil
import subprocess

import pytest

from crypto.known_answers import (
    ANSWERS,
    AUTHENTICATION,
    CARD_KEYS,
    CHALLENGE,
    F1,
    F2,
    F3,
    LOAD_AMOUNT,
    LOAD_TIME,
    LOADING_CHALLENGE,
    ORIGINAL,
    SM_CHALLENGE,
    TERMINAL,
    VARIANTS,
    key_bytes,
    root,
)
from shebaoka.spec.algorithm import Algorithm

OPENSSL = shutil.which("openssl")

pytestmark = pytest.mark.skipif(OPENSSL is None, reason="the openssl command is not installed")
variants = pytest.mark.parametrize("algorithm", VARIANTS.values(), ids=VARIANTS)


def openssl(
    key: bytes, data: bytes, algorithm: Algorithm, mode: str = "ecb", iv: bytes = b"", way: str = "-e"
) -> bytes:
    """One call of ``openssl enc`` without padding; DES is triple DES with the same key three times."""
    if algorithm is Algorithm.SM4:
        name, wide = f"-sm4-{mode}", key
    else:
        name, wide = f"-des-ede3{'' if mode == 'ecb' else '-' + mode}", (key * 3)[:24]
    command = [str(OPENSSL), "enc", way, name, "-nopad", "-nosalt", "-K", wide.hex()]
    if mode == "cbc":
        command += ["-iv", iv.hex()]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


def xor(*parts: bytes) -> bytes:
    result = [0] * len(parts[0])
    for part in parts:
        result = [a ^ b for a, b in zip(result, part, strict=True)]
    return bytes(result)


def diversified(name: str, algorithm: Algorithm) -> bytes:
    key = key_bytes(root(name, algorithm))
    for factor in (F1, F2, F3):
        data = factor if len(key) == 8 else factor + bytes(0xFF - byte for byte in factor)
        key = openssl(key, data, algorithm)
    return key


def padded(message: bytes, size: int) -> bytes:
    message += b"\x80"
    while len(message) % size:
        message += b"\x00"
    return message


def cbc_mac(key: bytes, message: bytes, algorithm: Algorithm) -> bytes:
    size = algorithm.block_size
    last = openssl(key, padded(message, size), algorithm, "cbc", bytes(size))[-size:]
    return last[:4] if size == 8 else xor(last[:4], last[4:8], last[8:12], last[12:])


@variants
@pytest.mark.parametrize("name", ["STK", "UK1DF01", "DTK"])
def test_three_step_derivation(name: str, algorithm: Algorithm) -> None:
    assert diversified(name, algorithm) == CARD_KEYS[name].of(algorithm)


@variants
def test_authentication(algorithm: Algorithm) -> None:
    fill = bytes(algorithm.block_size - 8)
    session = openssl(CARD_KEYS["UK1DF01"].of(algorithm), CHALLENGE + fill, algorithm)
    answer = openssl(session, ORIGINAL + fill, algorithm)
    folded = answer if not fill else xor(answer[:8], answer[8:])
    assert folded == AUTHENTICATION["UK1DF01"].of(algorithm)


@variants
def test_pin_reload(algorithm: Algorithm) -> None:
    size = algorithm.block_size
    session = openssl(CARD_KEYS["STK"].of(algorithm), SM_CHALLENGE + bytes(size - 8), algorithm)
    cipher = openssl(session, padded(bytes.fromhex("03654321"), size), algorithm)
    command = bytes.fromhex("84240001") + bytes((size + 4,)) + cipher
    assert command + cbc_mac(session, command, algorithm) == ANSWERS["PIN reload to 654321"].of(algorithm)


@variants
def test_load_tac(algorithm: Algorithm) -> None:
    dtk = CARD_KEYS["DTK"].of(algorithm)
    key = dtk if algorithm is Algorithm.SM4 else xor(dtk[:8], dtk[8:])
    amount = LOAD_AMOUNT.to_bytes(4)
    message = amount + b"\x00\x01" + amount + b"\x31" + TERMINAL + LOAD_TIME
    assert cbc_mac(key, message, algorithm) == ANSWERS["load TAC with balance after"].of(algorithm)


@variants
def test_psam_create_key(algorithm: Algorithm) -> None:
    size = algorithm.block_size
    master, value = key_bytes(root("ADF-MK", algorithm)), key_bytes(root("UK3DF01", algorithm))
    record = bytes((24, 0x27, 0x24, 0x00, algorithm.psam)) + bytes(4) + value
    cipher = openssl(master, padded(record, size), algorithm)
    command = bytes.fromhex("84D40011") + bytes((len(cipher) + 4,)) + cipher
    iv = LOADING_CHALLENGE + bytes(size - 4)
    if algorithm is Algorithm.SM4:
        last = openssl(master, padded(command, size), algorithm, "cbc", iv)[-size:]
        mac = xor(last[:4], last[4:8], last[8:12], last[12:])
    else:
        last = openssl(master[:8], padded(command, size), algorithm, "cbc", iv)[-size:]
        mac = openssl(master[:8], openssl(master[8:], last, algorithm, way="-d"), algorithm)[:4]
    assert command + mac == ANSWERS["PSAM CREATE KEY"].of(algorithm)
