"""The card is pulled, or its power is cut, at every command: exactly done or not done, uses counted once."""

import re
from collections.abc import Callable, Iterator
from functools import cache

import pytest

from carriers.support import PINS, World, blank, content, exported, identity, twin, uses, vaults, world
from shebaoka.carriers.errors import CarrierError
from shebaoka.carriers.issue import erase_carrier
from shebaoka.carriers.session import change_pin, verify_pin
from shebaoka.carriers.wire import Carrier
from shebaoka.psam.carrier.state import MASTER_CONTROL, MOTHER, TRANSMISSION, State
from shebaoka.reader.base import Reader
from shebaoka.reader.faults import Fault, FaultReader, Mute, Tear
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import KeyHandle

FAULTS: tuple[Fault, ...] = (
    Mute(),
    Mute(executed=True),
    *(Tear(1, phase) for phase in ("before", "during", "after")),
)
SM4 = Algorithm.SM4


class Plan:
    """Wraps the reader of one kind of card in its first use; counts its commands."""

    def __init__(self, kind: str, plan: dict[int, Fault]) -> None:
        self._kind, self._plan = kind, plan
        self.reader: FaultReader | None = None

    def __call__(self, kind: str, reader: Reader) -> Reader:
        if kind != self._kind or self.reader is not None:
            return reader
        self.reader = FaultReader(reader, self._plan)
        return self.reader


def interruptions(
    make: Callable[[], World], act: Callable[[World], object], kinds: tuple[str, ...]
) -> Iterator[tuple[World, str, bool]]:
    """A world per card, command and fault, after ``act`` was interrupted there; and whether it failed."""
    for kind in kinds:
        counting = make()
        plan = counting.wrap = Plan(kind, {})
        act(counting)
        assert plan.reader is not None
        assert plan.reader.commands > 2
        for number in range(1, plan.reader.commands + 1):
            for fault in FAULTS:
                own = make()
                own.wrap = Plan(kind, {number: fault})
                error = failure(own, act)
                assert re.search("^$|stopped answering|does not answer", error)
                own.wrap = lambda _, reader: reader
                yield own, f"{kind} command {number} {fault}", bool(error)


def failure(own: World, act: Callable[[World], object]) -> str:
    """What went wrong; empty when nothing did."""
    try:
        act(own)
    except CarrierError as error:
        return str(error)
    return ""


def few(own: World) -> list[KeyHandle]:
    return [own.ministry.find(name, 1, own.suite) for name in ("UK3DF01", "STK")]


@cache
def ready(suite: Algorithm) -> World:
    """Exported, control key loaded; only copied from."""
    own = world(suite, uses=9)
    own.export(few(own))
    return own


def before_import(suite: Algorithm) -> World:
    own = ready(suite)
    fresh = World(suite, own.ministry, vaults(suite)[1], {k: twin(chip) for k, chip in own.chips.items()})
    fresh.control()
    return fresh


@pytest.mark.parametrize("suite", [Algorithm.TDES, SM4])
def test_import(suite: Algorithm) -> None:
    done = 0
    for own, place, failed in interruptions(
        lambda: before_import(suite), World.take_in, (MOTHER, TRANSMISSION)
    ):
        present = {handle.name for handle in own.province.handles()} & {"UK3DF01", "STK"}
        spent = {kind: uses(own, kind) for kind in (MOTHER, TRANSMISSION)}
        assert set(spent.values()) <= {0, 1}, place
        assert present == (set() if failed else {"UK3DF01", "STK"}), place
        assert len(own.take_in().handles) == 2, place
        assert {kind: uses(own, kind) - 1 for kind in spent} == spent, place
        done += not failed
    assert done  # tears of commands that write nothing


def test_import_of_the_control_key() -> None:
    def make() -> World:
        own = ready(SM4)
        chips = {kind: twin(chip) for kind, chip in own.chips.items()}
        return World(SM4, own.ministry, vaults(SM4)[1], chips)

    for own, place, failed in interruptions(make, World.control, (MASTER_CONTROL,)):
        spent = uses(own, MASTER_CONTROL)
        assert spent in (0, 1), place
        assert any(handle.name == "MCK" for handle in own.province.handles()) is not failed, place
        own.control()
        assert uses(own, MASTER_CONTROL) == spent + 1, place
        assert len(own.take_in().handles) == 2, place


def test_export() -> None:
    base = world(SM4, uses=9)
    states = set()

    def make() -> World:
        chips = {kind: twin(chip) for kind, chip in base.chips.items()}
        return World(SM4, base.ministry, base.province, chips)

    for own, place, failed in interruptions(make, lambda own: own.export(few(own)), (MOTHER, TRANSMISSION)):
        status = Carrier(own.reader(MOTHER)).status
        states.add(status.state)
        assert failed or status.state is State.COMPLETE, place
        own.province = vaults(SM4)[1]
        own.control()
        if status.state is not State.COMPLETE:
            with pytest.raises(CarrierError, match="its export was not finished"):
                own.take_in()
            if status.state is State.INCOMPLETE:
                assert status.reference == own.export(few(own)).reference, place
        export = own.export(few(own))
        assert own.take_in().reference == export.reference, place
        assert uses(own, MOTHER) == uses(own, TRANSMISSION) == 1, place
    assert states == {State.EMPTY, State.INCOMPLETE, State.COMPLETE}


@pytest.mark.parametrize("kind", [MASTER_CONTROL, MOTHER, TRANSMISSION])
def test_issuing(kind: str) -> None:
    ministry, province = vaults(SM4)
    outcomes = set()
    for own, place, failed in interruptions(
        lambda: World(SM4, ministry, province, {kind: blank(kind, SM4)}), lambda own: own.issue(kind), (kind,)
    ):
        carrier = Carrier(own.reader(kind))
        outcomes.add((failed, carrier.identity is None))
        assert carrier.identity in (None, identity(kind, SM4)), place
        own.issue(kind)
        assert uses(own, kind) == 0, place
        assert Carrier(own.reader(kind)).status.pin_tries == 3
    assert outcomes == {(True, True), (True, False), (False, False)}


def test_erasing() -> None:
    base = exported()
    for own, place, failed in interruptions(
        lambda: World(SM4, base.ministry, base.province, {MOTHER: twin(base.chips[MOTHER])}),
        lambda own: erase_carrier(own.reader(MOTHER), own.ministry),
        (MOTHER,),
    ):
        carrier = Carrier(own.reader(MOTHER))
        assert failed or carrier.identity is None, place
        assert carrier.status.state in (State.BLANK, State.COMPLETE), place
        erase_carrier(own.reader(MOTHER), own.ministry)
        own.issue(MOTHER)
        assert PINS[MOTHER] not in place


@pytest.mark.parametrize("kind", [MASTER_CONTROL, MOTHER, TRANSMISSION])
def test_changing_the_pin(kind: str) -> None:
    """The old PIN or the new one is right afterwards, and no use and no try is lost."""
    base = exported()
    new = "141421356237"
    outcomes = set()
    for own, place, failed in interruptions(
        lambda: World(SM4, base.ministry, base.province, {kind: twin(base.chips[kind])}),
        lambda own: change_pin(Carrier(own.reader(kind)), PINS[kind], new),
        (kind,),
    ):
        assert Carrier(own.reader(kind)).status.pin_tries == 3, place
        before = uses(own, kind)
        error = failure(own, lambda own: change_pin(Carrier(own.reader(kind)), PINS[kind], new))
        assert re.search("^$|wrong; 2 tries left", error), place
        changed = bool(error)
        outcomes.add((failed, changed))
        verify_pin(Carrier(own.reader(kind)), new)
        assert Carrier(own.reader(kind)).status.pin_tries == 3, place
        assert uses(own, kind) == before, place
        assert content(own) == content(changed_world(base, kind, new)), place
    assert outcomes == {(True, False), (True, True), (False, True)}


def changed_world(base: World, kind: str, new: str) -> World:
    """Where nothing went wrong."""
    own = World(SM4, base.ministry, base.province, {kind: twin(base.chips[kind])})
    change_pin(Carrier(own.reader(kind)), PINS[kind], new)
    return own
