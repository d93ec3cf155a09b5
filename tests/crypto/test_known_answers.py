import pytest

from crypto.known_answers import (
    ANSWERS,
    AUTHENTICATION,
    CARD_KEYS,
    CHALLENGE,
    CITY_CODE,
    F1,
    F2,
    F3,
    HISTORICAL,
    INTERNAL_FACTOR,
    KID_CHALLENGE,
    LOAD_AMOUNT,
    LOAD_RANDOM,
    LOAD_TIME,
    LOADING_CHALLENGE,
    ORIGINAL,
    PURCHASE_AMOUNTS,
    PURCHASE_RANDOM,
    PURCHASE_SEQUENCE,
    PURCHASE_TIME,
    SM_CHALLENGE,
    TERMINAL,
    VARIANTS,
    card_key,
    city_key,
    key_bytes,
    root,
)
from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.crypto.factors import card_factor, city_factor, province_factor
from shebaoka.crypto.formulas import (
    authentication_data,
    encrypt_data,
    mac,
    mac_command,
    session_input,
    session_key,
)
from shebaoka.crypto.loading import loading_command
from shebaoka.crypto.medical import (
    load_mac1,
    load_mac2,
    load_session,
    load_tac,
    purchase_mac1,
    purchase_mac2,
    purchase_session,
    purchase_tac,
)
from shebaoka.crypto.padding import fold_authentication
from shebaoka.spec.algorithm import Algorithm

variants = pytest.mark.parametrize("algorithm", VARIANTS.values(), ids=VARIANTS)


def test_factors() -> None:
    assert (province_factor(CITY_CODE), city_factor(CITY_CODE), card_factor(HISTORICAL)) == (F1, F2, F3)


@variants
@pytest.mark.parametrize("name", CARD_KEYS)
def test_card_key(name: str, algorithm: Algorithm) -> None:
    assert key_bytes(card_key(name, algorithm)) == CARD_KEYS[name].of(algorithm)


@variants
def test_city_root(algorithm: Algorithm) -> None:
    assert key_bytes(city_key("UK1DF01", algorithm)) == ANSWERS["city root of UK1DF01"].of(algorithm)


@variants
@pytest.mark.parametrize("name", AUTHENTICATION)
def test_authentication_data(name: str, algorithm: Algorithm) -> None:
    session = session_key(card_key(name, algorithm), CHALLENGE)
    assert authentication_data(session, ORIGINAL) == AUTHENTICATION[name].of(algorithm)


@variants
def test_authentication_with_a_four_byte_challenge(algorithm: Algorithm) -> None:
    session = session_key(card_key("UK1DF01", algorithm), CHALLENGE[:4])
    assert authentication_data(session, ORIGINAL) == ANSWERS["auth data UK1DF01, 4-byte"].of(algorithm)


@variants
def test_internal_authentication(algorithm: Algorithm) -> None:
    session = session_key(card_key("IRK", algorithm), INTERNAL_FACTOR)
    assert authentication_data(session, ORIGINAL) == ANSWERS["INTERNAL AUTH"].of(algorithm)


@variants
@pytest.mark.parametrize(
    ("name", "key", "header", "data"),
    [
        ("PIN unblock only", "STK", "84240000", ""),
        ("CARD BLOCK", "STK", "84160000", ""),
        ("APPLICATION BLOCK in DF04", "STKDF04", "841E0001", ""),
        ("UPDATE RECORD with MAC", "STKDF01", "04DC013C", "290131"),
    ],
)
def test_command_mac(name: str, key: str, header: str, data: str, algorithm: Algorithm) -> None:
    session = session_key(card_key(key, algorithm), SM_CHALLENGE)
    command = mac_command(session, bytes.fromhex(header), bytes.fromhex(data))
    assert command == ANSWERS[name].of(algorithm)


@variants
@pytest.mark.parametrize("pin", ["654321", "1234567890123456"])
def test_pin_reload(pin: str, algorithm: Algorithm) -> None:
    session = session_key(card_key("STK", algorithm), SM_CHALLENGE)
    data = encrypt_data(session, bytes.fromhex(pin))
    assert mac_command(session, bytes.fromhex("84240001"), data) == ANSWERS[f"PIN reload to {pin}"].of(
        algorithm
    )


def load_key(algorithm: Algorithm) -> BlockCipher:
    return load_session(card_key("DLK", algorithm), LOAD_RANDOM, 1)


def purchase_key(algorithm: Algorithm) -> BlockCipher:
    return purchase_session(card_key("DPK", algorithm), PURCHASE_RANDOM, 1, PURCHASE_SEQUENCE)


@variants
def test_load(algorithm: Algorithm) -> None:
    session, dtk = load_key(algorithm), card_key("DTK", algorithm)
    assert key_bytes(session) == ANSWERS["SESLK"].of(algorithm)
    assert load_mac1(session, 0, LOAD_AMOUNT, 0x31, TERMINAL) == ANSWERS["load MAC1"].of(algorithm)
    assert load_mac2(session, LOAD_AMOUNT, 0x31, TERMINAL, LOAD_TIME) == ANSWERS["load MAC2"].of(algorithm)
    for reading, balance in (("after", LOAD_AMOUNT), ("before (rejected reading)", 0)):
        tac = load_tac(dtk, balance, 1, LOAD_AMOUNT, 0x31, TERMINAL, LOAD_TIME)
        assert tac == ANSWERS[f"load TAC with balance {reading}"].of(algorithm)


@variants
def test_purchase(algorithm: Algorithm) -> None:
    session, dtk = purchase_key(algorithm), card_key("DTK", algorithm)
    assert key_bytes(session) == ANSWERS["SESPK"].of(algorithm)
    for reading, kind in (("", 0x32), (" with type 02 (rejected reading)", 0x02)):
        mac1 = purchase_mac1(session, PURCHASE_AMOUNTS, kind, TERMINAL, PURCHASE_TIME)
        assert mac1 == ANSWERS[f"purchase MAC1{reading}"].of(algorithm)
    assert purchase_mac2(session, PURCHASE_AMOUNTS) == ANSWERS["purchase MAC2"].of(algorithm)
    tac = purchase_tac(dtk, PURCHASE_AMOUNTS, 0x32, TERMINAL, PURCHASE_SEQUENCE, PURCHASE_TIME)
    assert tac == ANSWERS["purchase TAC"].of(algorithm)


@variants
def test_only_the_low_half_of_the_terminal_sequence_enters_the_session_key(algorithm: Algorithm) -> None:
    dpk = card_key("DPK", algorithm)
    high = purchase_session(dpk, PURCHASE_RANDOM, 1, 0x7FFF0000 | PURCHASE_SEQUENCE)
    assert key_bytes(high) == ANSWERS["SESPK"].of(algorithm)


@variants
def test_psam_external_authentication(algorithm: Algorithm) -> None:
    session = session_key(root("KID-01", algorithm), KID_CHALLENGE)
    assert authentication_data(session, ORIGINAL) == ANSWERS["PSAM external auth KID-01"].of(algorithm)


@variants
def test_psam_key_loading(algorithm: Algorithm) -> None:
    master, value = root("ADF-MK", algorithm), key_bytes(root("UK3DF01", algorithm))
    create = bytes.fromhex("272400") + bytes((algorithm.psam,)) + bytes(4) + value
    change = bytes.fromhex("272400") + value
    for name, header, record in (("CREATE", "84D40011", create), ("CHANGE", "84D40111", change)):
        command = loading_command(master, LOADING_CHALLENGE, bytes.fromhex(header), record)
        assert command == ANSWERS[f"PSAM {name} KEY"].of(algorithm)


@variants
def test_psam_serves_external_authentication(algorithm: Algorithm) -> None:
    block = algorithm.block_size
    factors = F3 + session_input(CHALLENGE, block)
    delivery = bytes.fromhex("BFDE2842") + bytes((len(factors),)) + factors
    assert delivery == ANSWERS["PSAM DELIVERY SESSION KEY"].of(algorithm)
    data = session_input(ORIGINAL, block)
    assert bytes.fromhex("80FA0000") + bytes((block,)) + data == ANSWERS["PSAM CIPHER DATA"].of(algorithm)
    delivered = session_key(card_key("UK1DF01", algorithm), CHALLENGE)
    answer = delivered.encrypt(data)
    assert answer == ANSWERS["PSAM CIPHER DATA answer"].of(algorithm)
    assert fold_authentication(answer) == AUTHENTICATION["UK1DF01"].of(algorithm)
    assert mac(delivered, bytes.fromhex("8424000004")) == ANSWERS[
        "Q25 MAC of 8424000004 under the delivered key"
    ].of(algorithm)
