"""Whoever has recorded a card's whole life can repeat every byte of it and changes nothing."""

import pytest

from card.host import DF04, Host, account
from chip.build import (
    AID,
    SSSE,
    TRANSPORT,
    VARIANTS,
    Algorithm,
    Entry,
    Loader,
    apdu,
    build_card,
    card_key,
    material,
    psam,
    root,
)
from shebaoka.card.card import open_card
from shebaoka.chip.chip import Chip
from shebaoka.chip.keys import Role
from shebaoka.chip.values import MASTER_TRIES, PIN_TRIES, TRIES, Address, Changes, Value
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.crypto.formulas import encrypt_data, mac_command, session_key

_COUNTERS = (TRIES, PIN_TRIES, MASTER_TRIES)


class Recorder(Loader):
    """Keeps every command that was sent."""

    def send(self, command: bytes | str) -> tuple[bytes, int]:
        raw = bytes.fromhex(command) if isinstance(command, str) else command
        self.__dict__.setdefault("recorded", []).append(raw)
        return super().send(raw)

    @property
    def commands(self) -> list[bytes]:
        recorded: list[bytes] = self.__dict__["recorded"]
        return recorded


def content(chip: Chip) -> dict[Address, Value]:
    """What the chip holds, apart from the tries that wrong proofs cost."""
    return {address: value for address, value in chip.state.items() if address[0] not in _COUNTERS}


def secured(recorder: Loader, stk: str, header: str, data: bytes = b"", *, secret: bool = False) -> None:
    session = session_key(card_key(stk, recorder.algorithm), recorder.challenge())
    body = encrypt_data(session, data) if secret else data
    recorder.ok(mac_command(session, bytes.fromhex(header), body))


def live(recorder: Recorder) -> None:
    """Authentication, updates with and without MAC, PIN reload, key loading, load and consumption."""
    recorder.select(SSSE)
    recorder.ok("0020000003123456")
    recorder.select(AID)
    recorder.prove(0x83, "UK1DF01")
    recorder.ok(apdu(0, 0xDC, 1, 0x2C, bytes.fromhex("20023838")))
    secured(recorder, "STKDF01", "04DC012C", bytes.fromhex("20023939"))
    recorder.master = SoftwareCipher(recorder.algorithm, TRANSPORT)
    assert recorder.authenticate_master() == 0x9000
    replacement = Entry(Role.EXTERNAL, 0x84, material(root("other", recorder.algorithm)), recorder.algorithm)
    assert recorder.write_keys(replacement, p1=1) == 0x9000
    recorder.select(DF04)
    host = Host(recorder)
    host.load(700)
    host.purchase((300, 0, 0))
    recorder.select(SSSE)
    recorder.prove(0x06, "PUK")
    secured(recorder, "STK", "84240001", bytes.fromhex("654321"), secret=True)


@pytest.mark.parametrize("algorithm", VARIANTS)
def test_nothing_on_a_card_happens_twice(algorithm: Algorithm) -> None:
    recorder = Recorder(open_card(build_card(algorithm, account=account(balance=1000))), algorithm)
    live(recorder)
    chip, after = recorder.chip, content(recorder.chip)
    for command in recorder.commands * 2:
        chip.transmit(command)
        assert content(chip) == after, command[:4].hex()
    chip.reset()
    for command in recorder.commands:
        chip.transmit(command)
        assert content(chip) == after, command[:4].hex()


@pytest.mark.parametrize("algorithm", VARIANTS)
def test_no_command_of_it_works_on_its_own(algorithm: Algorithm) -> None:
    """Also not with the PIN known: each protected command alone, in its application, on a fresh challenge."""
    recorder = Recorder(open_card(build_card(algorithm, account=account(balance=1000))), algorithm)
    live(recorder)
    chip, after = recorder.chip, content(recorder.chip)
    limits: Changes = {address: value for address, value in chip.state.items() if address[0] in _COUNTERS}
    for command in recorder.commands:
        if command[1] in (0xA4, 0x20, 0x84, 0xC0):
            continue
        for name in (SSSE, AID, DF04):
            loader = Loader(chip, algorithm)
            chip.reset()
            loader.select(SSSE)
            loader.ok("0020000003654321")
            loader.select(name)
            loader.challenge()
            chip.transmit(command)
            assert content(chip) == after, command[:4].hex()
            chip.store.commit(limits)  # the tries it cost


@pytest.mark.parametrize("algorithm", VARIANTS)
def test_no_session_key_of_a_psam_serves_twice(algorithm: Algorithm) -> None:
    loader = psam(algorithm)
    block = algorithm.block_size
    deliver = apdu(0xBF, 0xDE, 0x28, 0x42, bytes(8 + block))
    encrypt, mac = apdu(0x80, 0xFA, 0, 0, bytes(block)), apdu(0x80, 0xFA, 5, 0, bytes(2 * block))
    for first in (encrypt, mac):
        loader.ok(deliver)
        loader.ok(first)
        for again in (encrypt, mac):
            assert loader.sw(again) == 0x6901


@pytest.mark.parametrize("algorithm", VARIANTS)
def test_no_usage_but_its_own_reaches_a_key_of_a_psam(algorithm: Algorithm) -> None:
    """Only the usage byte a key was loaded under finds it: a MAC key is no encryption key (decision K9), and
    no step of its diversification can be left out."""
    loader = psam(algorithm, levels=2)
    block = algorithm.block_size
    served = []
    for usage in range(256):
        for identifier in (0x42, 0x09, 0x01, 0x00):
            for factors in range(4):
                session = bytes(8 * factors + block)
                if loader.sw(apdu(0xBF, 0xDE, usage, identifier, session)) == 0x9000:
                    served.append((usage, identifier, factors))
    assert set(served) == {(0x48, 0x42, 2), (0x46, 0x09, 2)}
