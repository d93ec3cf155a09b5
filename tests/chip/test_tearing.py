"""Power cut at a write of a command, seen from outside: before or after, never between."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chip.build import AID, Algorithm, Loader, apdu, build_card
from shebaoka.card.card import open_card
from shebaoka.chip.chip import PHASES
from shebaoka.chip.errors import PowerLost
from shebaoka.chip.store import FileStore, MemoryStore, Store

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
