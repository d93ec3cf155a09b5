"""The sample card (样卡) of a key ceremony: do the new keys work on a chip, not only in the vault?

Every key is diversified down to a card, loaded into a blank simulated card wrapped under its transport key,
as for a real card, and proved to it by EXTERNAL AUTHENTICATION. A key the card got otherwise than the vault
computes it is refused with 63Cx."""

import os
from collections.abc import Iterable, Sequence

from shebaoka.card.card import blank_card
from shebaoka.chip.store import MemoryStore
from shebaoka.crypto.ciphers import BlockCipher, SoftwareCipher
from shebaoka.crypto.factors import card_factor, city_factor, province_factor
from shebaoka.crypto.formulas import authentication_data, session_key
from shebaoka.personalization.dialect import OPEN, KeyFunction, KeyHeader
from shebaoka.reader.base import Reader
from shebaoka.reader.exchange import follow
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.ceremony.script import CeremonyError
from shebaoka.vault.ceremony.steps import SampleResult
from shebaoka.vault.model import KeyHandle, Level, Vault

_CITY = "980100"  # an invented city stands below nation and province
_IDENTIFIER = 0x01
_ORIGINAL = bytes(8)
_CHALLENGE = bytes.fromhex("0084000008")
_HISTORICAL = bytes.fromhex("0081543001869880530102") + bytes(2)


def prove_on_sample_card(vault: Vault, handles: Sequence[KeyHandle]) -> SampleResult:
    """Proves each key to a simulated sample card of its cipher. Raises CeremonyError naming the first key the
    card does not accept."""
    number = os.urandom(2)
    historical = _HISTORICAL[:-2] + number
    for suite in (Algorithm.TDES, Algorithm.SM4):
        keys = [handle for handle in handles if handle.algorithm.block_size == suite.block_size]
        if keys:
            _prove_all(vault, keys, suite, historical)
    return SampleResult(f"{historical[5:].hex().upper()}", len(handles))


def _prove_all(vault: Vault, handles: Iterable[KeyHandle], suite: Algorithm, historical: bytes) -> None:
    transport = os.urandom(16)
    master = SoftwareCipher(suite, transport)
    chip = blank_card(MemoryStore(), historical=historical, algorithm=suite, transport_key=transport)
    reader = InProcessReader(chip)
    reader.reset()
    _send(reader, OPEN.authenticate(master, _draw(reader)), "the sample card refuses its transport key")
    for number, handle in enumerate(handles):
        factors = _factors(handle, historical)
        _load(reader, vault, handle, factors, master, replace=number > 0)
        proof = authentication_data(session_key(vault.cipher(handle, *factors), _draw(reader)), _ORIGINAL)
        command = bytes((0x00, 0x82, 0x00, _IDENTIFIER, 16)) + proof + _ORIGINAL
        _send(reader, command, f"the sample card does not accept {handle}")


def _load(
    reader: Reader,
    vault: Vault,
    handle: KeyHandle,
    factors: Sequence[bytes],
    master: BlockCipher,
    *,
    replace: bool,
) -> None:
    header = KeyHeader(KeyFunction.EXTERNAL, _IDENTIFIER, 1, handle.algorithm).encode()
    entry = header + vault.wrap_for_chip(handle, factors, master)
    command = OPEN.write_keys(master, _draw(reader), [entry], replace=replace)
    _send(reader, command, f"{handle} cannot be loaded into the sample card")


def _factors(handle: KeyHandle, historical: bytes) -> list[bytes]:
    steps = [province_factor(_CITY), city_factor(_CITY), card_factor(historical)]
    return steps[list(Level).index(handle.level) :]


def _draw(reader: Reader) -> bytes:
    return follow(reader, _CHALLENGE)[:-2]


def _send(reader: Reader, command: bytes, problem: str) -> None:
    answer = follow(reader, command)
    if answer[-2:] != b"\x90\x00":
        raise CeremonyError(f"{problem}: {answer[-2:].hex().upper()}")
