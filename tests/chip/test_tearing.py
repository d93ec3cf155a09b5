"""Power cut at a write of a command, seen from outside: before or after, never between."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chip.build import AID, ORIGINAL, SSSE, TRANSPORT, Algorithm, Loader, apdu, build_card, card_key
from shebaoka.card.card import open_card
from shebaoka.chip.chip import PHASES
from shebaoka.chip.errors import PowerLost
from shebaoka.chip.store import FileStore, MemoryStore, Store
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.crypto.formulas import authentication_data, encrypt_data, mac_command, session_key

ALGORITHM = Algorithm.TDES
_BUILT = build_card(ALGORITHM)


def in_memory(_: Path) -> Store:
    return _BUILT.copy()


def in_file(folder: Path) -> Store:
    path = folder / "card"
    _BUILT.save(path)
    return FileStore(path)


@pytest.fixture(params=[in_memory, in_file])
def loader(request: pytest.FixtureRequest, tmp_path: Path) -> Loader:
    make: Callable[[Path], Store] = request.param
    loader = Loader(open_card(make(tmp_path)), ALGORITHM)
    loader.select(AID)
    loader.prove(0x83, "UK1DF01")
    return loader


@pytest.mark.parametrize("phase", PHASES)
def test_an_update_is_there_or_not(loader: Loader, phase: str) -> None:
    loader.chip.tear_at(1, phase)
    with pytest.raises(PowerLost, match=phase):
        loader.chip.transmit(apdu(0, 0xDC, 1, 0x2C, bytes.fromhex("20023939")))
    with pytest.raises(PowerLost, match="no power"):
        loader.chip.transmit(bytes.fromhex("0084000008"))
    loader.chip.reset()
    assert loader.sw(apdu(0, 0xDC, 1, 0x2C, bytes.fromhex("20023131"))) == 0x6A82  # MF is selected
    loader.select(AID)
    loader.ok("0020000003123456")
    assert loader.ok("00B2012C04").hex() == ("20023939" if phase == "after" else "20023131")
    loader.prove(0x83, "UK1DF01")  # and work goes on
    loader.ok(apdu(0, 0xDC, 1, 0x2C, bytes.fromhex("20023838")))
    loader.chip.store.recover()
    assert loader.ok("00B2012C04").hex() == "20023838"


@pytest.mark.parametrize("phase", PHASES)
def test_a_wrong_pin_is_counted_or_was_never_presented(loader: Loader, phase: str) -> None:
    loader.chip.tear_at(1, phase)
    with pytest.raises(PowerLost):
        loader.chip.transmit(bytes.fromhex("0020000003999999"))
    loader.chip.reset()
    loader.select(AID)
    assert loader.sw("0020000000") == (0x63C5 if phase == "after" else 0x63C6)


def _proof(loader: Loader, cipher: object, right: bool) -> bytes:
    auth = authentication_data(session_key(cipher, loader.challenge()), ORIGINAL)  # type: ignore[arg-type]
    return (auth if right else bytes(8)) + ORIGINAL


def _verify(loader: Loader, right: bool) -> bytes:
    return bytes.fromhex("0020000003123456" if right else "0020000003999999")


def _change_pin(loader: Loader, right: bool) -> bytes:
    return bytes.fromhex("805E0100" + ("07123456FF654321" if right else "07999999FF654321"))


def _key(loader: Loader, right: bool) -> bytes:
    return apdu(0, 0x82, 0, 0x83, _proof(loader, card_key("UK1DF01", ALGORITHM), right))


def _master(loader: Loader, right: bool) -> bytes:
    return apdu(0x80, 0x82, 0, 0, _proof(loader, SoftwareCipher(ALGORITHM, TRANSPORT), right))


def _reload(loader: Loader, right: bool) -> bytes:
    loader.select(SSSE)
    loader.prove(0x06, "PUK")
    session = session_key(card_key("STK", ALGORITHM), loader.challenge())
    command = mac_command(session, bytes.fromhex("84240001"), encrypt_data(session, bytes.fromhex("654321")))
    return command if right else command[:-4] + bytes(4)


@pytest.mark.parametrize("phase", PHASES[:2])
@pytest.mark.parametrize("present", [_verify, _change_pin, _key, _master, _reload])
def test_cutting_the_power_does_not_tell_right_from_wrong(
    loader: Loader, phase: str, present: Callable[[Loader, bool], bytes]
) -> None:
    """Else guesses that are cut off before their failure is counted would cost no try (and the one that is
    not cut off was the secret)."""
    for right in (False, True):
        command = present(loader, right)
        before = dict(loader.chip.state)
        loader.chip.tear_at(1, phase)
        with pytest.raises(PowerLost):
            loader.chip.transmit(command)
        loader.chip.reset()
        assert dict(loader.chip.state) == before
        loader.select(AID)


def test_a_tear_is_for_the_next_command_only(loader: Loader) -> None:
    loader.chip.tear_at(1)
    loader.ok("0084000008")  # writes nothing
    loader.ok(apdu(0, 0xDC, 1, 0x2C, bytes.fromhex("20023939")))
    loader.chip.tear_at(2)
    loader.ok(apdu(0, 0xDC, 1, 0x2C, bytes.fromhex("20023838")))  # writes once
    for wrong in ((0, "before"), (1, "sideways")):
        with pytest.raises(ValueError, match="tear at write"):
            loader.chip.tear_at(*wrong)


def test_switched_off(loader: Loader) -> None:
    loader.chip.power_off()
    with pytest.raises(PowerLost):
        loader.chip.transmit(b"")
    loader.chip.reset()
    assert loader.chip.session.rights == set()


class SickStore(MemoryStore):
    """A memory store whose writes fail while ``sick``."""

    __slots__ = ("sick",)

    def __init__(self) -> None:
        super().__init__(dict(_BUILT.state))
        self.sick = True

    def commit(self, changes: object) -> None:
        if self.sick:
            raise OSError("no space left")
        super().commit(changes)  # type: ignore[arg-type]


def test_a_store_that_fails_is_6581_and_no_oracle_for_guessing() -> None:
    store = SickStore()
    loader = Loader(open_card(store), ALGORITHM)
    loader.select(AID)
    before = dict(store.state)
    assert loader.sw("0020000003999999") == 0x6581
    assert loader.sw("0020000003123456") == 0x6581  # right, but failures are not being counted
    assert loader.chip.session.rights == set()
    assert dict(store.state) == before
    store.sick = False
    assert loader.sw("0020000003123456") == 0x9000
