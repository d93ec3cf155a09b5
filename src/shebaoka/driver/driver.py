"""The driver: every function by its name over one device; a card stays powered between HSM steps only."""

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from shebaoka.driver import steps
from shebaoka.driver.answers import CardOnDesk, HsmAnswers
from shebaoka.driver.calls import Call, calls
from shebaoka.driver.errors import (
    INPUT,
    NOT_SUPPORTED,
    OK,
    PARAMETER,
    TO_HSM,
    DriverError,
    from_reader,
    from_terminal,
)
from shebaoka.driver.hsm.pending import Pending
from shebaoka.driver.pin_pad import Entry, GivenPins
from shebaoka.driver.work import Equipment
from shebaoka.reader.base import ReaderError
from shebaoka.terminal.errors import TerminalError

Given = Mapping[str, object]
_PINS = {"pPIN": Entry.PIN, "pOldPIN": Entry.OLD, "pNewPIN": Entry.NEW}
_ALIASES = {"pKey": "pkey"}
_LONGEST = 0x20000  # characters of a parameter


@dataclass(frozen=True)
class Outcome:
    """What a function gave: the return code, and ``info`` (pOutInfo): the result, or on failure a text for a
    person."""

    code: int
    info: str

    def __repr__(self) -> str:
        return f"<outcome {self.code}>"


class Driver:
    """One device, one card at a time; not for several threads at once.

    ``answers``: asked by the functions ``..._Step1To2``; ``step_seconds``: how long a card waits for its next
    step before it is powered off.
    """

    def __init__(
        self, equipment: Equipment, answers: HsmAnswers | None = None, step_seconds: float = 60
    ) -> None:
        self.equipment = equipment
        self._answers = answers
        self._seconds = step_seconds
        self._pending: tuple[str, Pending] | None = None
        self._since = 0.0
        self._card: CardOnDesk | None = None

    def call(self, name: str, given: Given | None = None) -> Outcome:
        """Run the function ``name`` with its parameters by their C names, numbers or strings. Never raises
        for what a card, a reader or a parameter does; the text of a failure is in the profile's language."""
        try:
            return Outcome(OK, self._run(name, given or {}))
        except DriverError as error:
            return Outcome(error.code, error.text(self.equipment.profile.language))

    @property
    def card(self) -> CardOnDesk | None:
        """The card of the last first step: what an HSM must know of it."""
        return self._card

    @property
    def waiting(self) -> bool:
        """Whether a card is kept powered for its next step."""
        self._expire()
        return self._pending is not None

    def end(self) -> None:
        """Forget the steps and power the card off."""
        pending, self._pending = self._pending, None
        _power_off(pending)

    def _expire(self) -> None:
        if self._pending is not None and time.monotonic() - self._since > self._seconds:
            self.end()

    def _run(self, name: str, given: Given) -> str:
        call = calls().get(name)
        if call is None:
            raise DriverError(NOT_SUPPORTED, f"({name[:40]})")
        values = {parameter: _value(parameter, given) for parameter in call.parameters}
        try:
            return self._answer(call, values) if call.family == "answers" else self._do(call, values, given)
        except TerminalError as error:
            raise from_terminal(error) from error
        except ReaderError as error:
            raise from_reader(error) from error

    def _do(self, call: Call, values: steps.Values, given: Given) -> str:
        equipment = self._equipped(given)
        following = steps.following(call.name)
        if following is not None:
            return self._follow(call.name, following, equipment, values)
        self.end()
        if plain := steps.plain(call.name):
            return plain(equipment, values)
        first = steps.first_step(call.name)
        assert first is not None  # noqa: S101 - a test walks the table of calls
        text, pending = first(equipment, values)
        self._card = _on_desk(pending)
        self._remember(call.name, pending)
        return text

    def _follow(self, name: str, step: steps.Following, equipment: Equipment, values: steps.Values) -> str:
        self._expire()
        before, self._pending = self._pending, None
        pending: Pending | None = None
        try:
            if before is None or before[0] != step.after:
                raise DriverError(INPUT, f"({step.after})")
            text, pending = step.run(equipment, before[1], values)
        finally:
            if pending is None:
                _power_off(before)
        if pending is not None:
            self._remember(name, pending)
        return text

    def _remember(self, name: str, pending: Pending) -> None:
        self._pending, self._since = (name, pending), time.monotonic()

    def _equipped(self, given: Given) -> Equipment:
        """The equipment, with the PINs that came with the call before the pad."""
        typed = {entry: str(given[name]) for name, entry in _PINS.items() if given.get(name)}
        return replace(self.equipment, pad=GivenPins(typed, self.equipment.pad)) if typed else self.equipment

    def _answer(self, call: Call, values: steps.Values) -> str:
        if self._answers is None:
            raise DriverError(NOT_SUPPORTED, "(HSM)")
        step = call.name.partition("To")[0]  # ..._Step1To2 answers ..._Step1
        return self._answers.answer(step, values["pIn"], self._card)


def over_hsm(driver: Driver, answers: HsmAnswers, name: str, given: Given) -> Outcome:
    """A function as callers in the field use it: the plain one first, and the steps over the HSM exactly when
    its code says so (-2201, -2202, -2203, -24, -27272). Parameters are those of the plain function."""
    plain = driver.call(name, given)
    return plain if plain.code not in TO_HSM else steps_over_hsm(driver, answers, name, given)


def steps_over_hsm(driver: Driver, answers: HsmAnswers, name: str, given: Given) -> Outcome:
    """The steps of a function, one after the other, with the HSM's answers between them."""
    outcome, number = driver.call(f"{name}_HSM_Step1", given), 1
    while outcome.code == OK and f"{name}_HSM_Step{number + 1}" in calls():
        try:
            key = answers.answer(f"{name}_HSM_Step{number}", outcome.info, driver.card)
        except DriverError as error:
            driver.end()
            return Outcome(error.code, error.text(driver.equipment.profile.language))
        number += 1
        outcome = driver.call(f"{name}_HSM_Step{number}", {**given, "pKey": key})
    return outcome


def _value(parameter: str, given: Given) -> str:
    value = given.get(parameter, given.get(_ALIASES.get(parameter, "")))
    if isinstance(value, bool) or not isinstance(value, str | int) or len(str(value)) > _LONGEST:
        raise DriverError(PARAMETER, f"({parameter})")
    return str(value)


def _on_desk(pending: Pending) -> CardOnDesk:
    session = pending.session
    return CardOnDesk(
        session.identity.identification_code, session.historical.hex().upper(), session.layout.id[:3]
    )


def _power_off(pending: tuple[str, Pending] | None) -> None:
    if pending is not None:
        with contextlib.suppress(ReaderError):
            pending[1].session.reader.close()
