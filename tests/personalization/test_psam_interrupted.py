"""PSAMs made, loaded and wiped, pulled or torn at every command: done or not done, then again."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest

from personalization.support import CITY_CODE, vaults
from personalization.test_psams import HISTORICAL, order, transport
from shebaoka.chip.chip import Chip
from shebaoka.chip.store import MemoryStore
from shebaoka.chip.values import APPLICATION, KEY, TRIES, Address, Value
from shebaoka.personalization.errors import LoadError
from shebaoka.personalization.fixture_keys import TEST_TRANSPORT_KEY
from shebaoka.personalization.psam_levels import load_level, wipe_psam
from shebaoka.personalization.psams import PsamOrder, make_psam
from shebaoka.psam.psam import blank_psam, open_psam
from shebaoka.reader.base import Reader
from shebaoka.reader.faults import Fault, FaultReader, Mute, Tear
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_entry
from shebaoka.vault.model import KeyDefinition
from shebaoka.vault.software import SoftwareVault

SUITES = (Algorithm.TDES, Algorithm.SM4)
ENTRIES = tuple(map(key_entry, ("UK3DF01", "STK", "DPK")))  # to compare by encryption, by MAC, not at all
TEARS = tuple(Tear(1, phase) for phase in ("before", "during", "after"))
FAULTS: tuple[Fault, ...] = (Mute(), Mute(executed=True), *TEARS)


@cache
def made() -> dict[Address, Value]:
    chip = blank()
    make(slot(chip))
    return dict(chip.state)


def blank() -> Chip:
    return blank_psam(
        MemoryStore(), historical=HISTORICAL, algorithm=SUITES[0], transport_key=TEST_TRANSPORT_KEY
    )


def slot(chip: Chip) -> InProcessReader:
    reader = InProcessReader(chip)
    reader.reset()
    return reader


def again(state: dict[Address, Value]) -> Chip:
    return open_psam(MemoryStore(dict(state)))


def make(reader: Reader) -> None:
    make_psam(reader, order(), vaults().ministry, transport)


def load(reader: Reader, suite: Algorithm = SUITES[1]) -> int:
    return load_level(reader, vaults().ministry, ENTRIES, suite, CITY_CODE)


def wipe(reader: Reader) -> None:
    wipe_psam(reader, vaults().city, SUITES[1], CITY_CODE)


def everything(chip: Chip) -> dict[Address, Value]:
    """The state without try counters, which go up and down."""
    return {address: value for address, value in chip.state.items() if address[0] not in (TRIES, 4)}


def keys(chip: Chip) -> set[Address]:
    return {address for address in chip.state if address[0] == KEY}


def interruptions(
    make_chip: Callable[[], Chip], act: Callable[[Reader], object]
) -> Iterator[tuple[Chip, str, bool]]:
    """A chip per command and fault, after ``act`` was interrupted there; and whether it failed."""
    counting = FaultReader(slot(make_chip()), {})
    act(counting)
    for number in range(1, counting.commands + 1):
        for fault in FAULTS:
            chip = make_chip()
            failed = False
            try:
                act(FaultReader(slot(chip), {number: fault}))
            except LoadError:
                failed = True
            chip.reset()
            yield chip, f"command {number} {fault}", failed


@pytest.mark.parametrize("suite", SUITES)
def test_loading(suite: Algorithm) -> None:
    target = again(made())
    assert load(slot(target), suite) == 2 + key_entry("DPK").versions
    counts = set()
    for chip, place, failed in interruptions(lambda: again(made()), lambda reader: load(reader, suite)):
        counts.add(len(keys(chip)) - len(keys(again(made()))))
        assert failed or everything(chip) == everything(target), place
        assert everything(chip).items() <= everything(target).items(), place  # no key half there
        load(slot(chip), suite)
        assert everything(chip) == everything(target), place
    assert counts == set(range(len(keys(target)) - len(keys(again(made()))) + 1))


def test_making() -> None:
    target = again(made())
    for chip, place, failed in interruptions(blank, make):
        done = everything(chip) == everything(target)
        assert failed or done, place
        make(slot(chip))
        assert everything(chip) == everything(target), place


@pytest.mark.parametrize("phase", ["before", "during", "after"])
def test_the_last_step_of_making(phase: str) -> None:
    """The PSAM's own master key takes the place of the transport key: from here it is made."""
    counting = FaultReader(slot(blank()), {})
    make(counting)
    chip = blank()
    with pytest.raises(LoadError):
        make(FaultReader(slot(chip), {counting.commands: Tear(1, phase)}))
    assert (everything(chip) == everything(again(made()))) == (phase == "after")
    make(slot(chip))
    assert everything(chip) == everything(again(made()))


def test_wiping() -> None:
    loaded = again(made())
    load(slot(loaded))
    state = dict(loaded.state)
    outcomes = set()
    for chip, place, failed in interruptions(lambda: again(state), wipe):
        outcomes.add((failed, bool(keys(chip))))
        assert not failed or keys(chip) in (set(), keys(loaded)), place
        wipe(slot(chip))
        assert not keys(chip), place
        assert (APPLICATION, 0, 1, 0) in chip.state
        with pytest.raises(LoadError, match=r"6A88|6985"):
            load(slot(chip))
        with pytest.raises(LoadError):
            make(slot(chip))
        assert not keys(chip), place
    assert outcomes == {(True, True), (True, False), (False, False)}


def test_another_value_is_reported_and_left_alone() -> None:
    """A ministry with other roots, but the same keys to administer PSAMs."""
    own = vaults().ministry
    other = SoftwareVault.create(None, "", own.owner)
    for handle, secret in own._register.entries():
        definition = KeyDefinition(
            handle.name, handle.usage, handle.algorithm, handle.version, handle.scope, handle.reach
        )
        value = secret.reveal()
        other.import_test_key(definition, value if handle.name != "UK3DF01" else value[::-1])
    chip = again(made())
    load(slot(chip))
    before = everything(chip)
    with pytest.raises(LoadError, match="UK3DF01 as 67/24: the PSAM holds this key already with another"):
        load_level(slot(chip), other, ENTRIES, SUITES[1], CITY_CODE)
    assert everything(chip) == before


def test_another_psam_is_not_made_over() -> None:
    chip = again(made())
    before = everything(chip)
    for terminal, historical, reason in (
        ("980100000009", HISTORICAL, "this is the PSAM 980100000001"),
        ("980100000001", HISTORICAL[:-1] + b"\x77", "neither blank nor this PSAM"),
    ):
        other = PsamOrder(terminal, historical, order().start, order().expiry)
        with pytest.raises(LoadError, match=reason):
            make_psam(slot(chip), other, vaults().ministry, transport)
    assert everything(chip) == before
