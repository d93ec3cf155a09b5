"""One page's conversation: messages one after the other, each answered before the next is read."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from shebaoka import __version__
from shebaoka.chip.image import ImageError
from shebaoka.driver.answers import HsmAnswers
from shebaoka.driver.calls import calls
from shebaoka.driver.device import Device
from shebaoka.driver.dialects import Dialect, NotACallError, Request
from shebaoka.driver.driver import Driver, Outcome
from shebaoka.driver.errors import READER
from shebaoka.driver.pin_pad import NoPad
from shebaoka.driver.profile import Profile
from shebaoka.driver.service import messages as m
from shebaoka.driver.service.channel import Channel
from shebaoka.driver.service.gate import Gate, paired_only, relays_only
from shebaoka.driver.service.page_pad import Line, PagePad
from shebaoka.driver.service.pairing import SECONDS, PairingDesk, Pairings
from shebaoka.driver.service.problems import Language, RefusedError, text
from shebaoka.driver.service.readers import ReaderSet
from shebaoka.driver.service.turns import Owner, Turns
from shebaoka.driver.service.virtual import VirtualReaderError
from shebaoka.driver.work import Equipment
from shebaoka.terminal.settings import Settings

log = logging.getLogger("shebaoka.driver")
NOT_CONNECTED = -12
_MOST_GARBAGE = 5
_READER_MEMBERS = ("reader", "pDevInfo")


@dataclass(frozen=True)
class Shared:
    """What all conversations of a service share."""

    gate: Gate
    pairings: Pairings
    desk: PairingDesk
    readers: ReaderSet
    dialect: Dialect
    dialect_name: str = "function"
    profile: Profile = field(default_factory=Profile)
    settings: Settings = field(default_factory=Settings)
    answers: HsmAnswers | None = None
    turns: Turns = field(default_factory=Turns)
    step_seconds: float = 60
    idle_seconds: float = 600


class Conversation:
    """``line``: the page's end; ``origin``: where the page is from."""

    def __init__(self, shared: Shared, line: Line, origin: str) -> None:
        self._shared, self._line, self._origin = shared, line, origin
        self._language: Language = shared.profile.language
        self._paired = not shared.gate.needs_pairing(origin)
        self._token = ""
        self._driver = Driver(
            Equipment(Device(), NoPad(), shared.settings, shared.profile),
            shared.answers,
            shared.step_seconds,
        )
        self._channel = Channel(shared.step_seconds)

    def run(self) -> None:
        """Answer until the page is gone, is silent for too long, or sends nothing but garbage."""
        garbage, heard = 0, time.monotonic()
        try:
            while garbage < _MOST_GARBAGE and time.monotonic() - heard < self._shared.idle_seconds:
                try:
                    raw = self._line.receive(1.0)
                except TimeoutError:
                    self._each(self._shared.turns.tick)
                    continue
                heard = time.monotonic()
                try:
                    self._line.send(m.written(self._answer(m.parse(raw))))
                    garbage = 0
                except RefusedError as error:
                    garbage += error.id in ("not-json", "not-understood")
                    log.info("refused %s origin=%s", error.id, self._origin)
                    self._line.send(m.written(m.refused(error, self._language)))
        except EOFError:
            pass
        finally:
            self._each(self._shared.turns.leave)

    def _each(self, work: Callable[[Owner], None]) -> None:
        """Both ways to a card."""
        for owner in (self._driver, self._channel):
            work(owner)

    def _answer(self, message: m.Message | dict[str, Any]) -> m.Reply | dict[str, Any]:
        if isinstance(message, dict):
            return self._call(message)
        work: dict[type, Callable[[Any], m.Reply]] = {
            m.Hello: self._hello,
            m.PairBegin: self._pair_begin,
            m.Pair: self._pair,
            m.Unpair: self._unpair,
            m.Readers: self._readers,
            m.Insert: self._insert,
            m.Remove: self._remove,
            m.Release: self._release,
            m.Power: self._power,
            m.Transmit: self._transmit,
        }
        found = work.get(type(message))
        if found is None:
            raise RefusedError("pin-not-awaited")
        return found(message)

    def _hello(self, message: m.Hello) -> m.Reply:
        self._language = message.language
        if message.token and self._shared.pairings.holds(self._origin, message.token):
            self._paired, self._token = True, message.token
        pad = PagePad(self._line, self._shared.settings.pin_rule, lambda: self._language)
        profile = replaced(self._shared.profile, message.language)
        self._driver.equipment = replace(self._driver.equipment, pad=pad, profile=profile)
        return self._greeting()

    def _greeting(self, token: str = "") -> m.HelloReply:
        shared = self._shared
        return m.HelloReply(
            self._paired, shared.readers.demonstration, __version__, shared.dialect_name, token=token
        )

    def _pair_begin(self, message: m.PairBegin) -> m.Reply:
        self._shared.desk.begin(self._origin, message.name)
        return m.PairBeginReply(SECONDS)

    def _pair(self, message: m.Pair) -> m.Reply:
        token = self._shared.desk.finish(self._origin, message.code)
        self._paired, self._token = True, token
        log.info("paired origin=%s", self._origin)
        return self._greeting(token)

    def _unpair(self, message: m.Unpair) -> m.Reply:
        self._shared.pairings.forget(self._origin, self._token)
        self._paired, self._token = not self._shared.gate.needs_pairing(self._origin), ""
        return self._greeting()

    def _readers(self, message: m.Readers) -> m.Reply:
        self._allowed()
        states, note = self._shared.readers.states()
        return m.ReadersReply(states, note)

    def _insert(self, message: m.Insert) -> m.Reply:
        self._allowed()
        reader = self._shared.readers.named(message.reader)
        try:
            reader.insert(message.card)
        except (VirtualReaderError, ImageError) as error:
            log.warning("%s", error)
            raise RefusedError("card-unknown") from error
        return self._readers(m.Readers())

    def _remove(self, message: m.Remove) -> m.Reply:
        self._allowed()
        self._shared.readers.named(message.reader).remove()
        return self._readers(m.Readers())

    def _release(self, message: m.Release) -> m.Reply:
        self._allowed()
        self._each(self._shared.turns.leave)
        return m.Done()

    def _power(self, message: m.Power) -> m.Reply:
        self._relays()
        self._shared.turns.leave(self._driver)
        with self._shared.turns.turn(self._channel):
            answer = self._channel.power(self._shared.readers.device(message.reader))
        log.info("powered for the office of origin=%s", self._origin)
        return m.PowerReply(answer)

    def _transmit(self, message: m.Transmit) -> m.Reply:
        self._relays()
        with self._shared.turns.turn(self._channel):
            return m.TransmitReply(self._channel.transmit(message.command))

    def _relays(self) -> None:
        self._allowed()
        relays_only(self._shared.gate, self._origin)

    def _allowed(self) -> None:
        """Raises RefusedError unless the page is paired, also when its pairing was revoked meanwhile."""
        if self._token and not self._shared.pairings.holds(self._origin, self._token):
            self._paired, self._token = False, ""
        paired_only(self._paired)

    def _call(self, message: Mapping[str, object]) -> dict[str, Any]:
        dialect = self._shared.dialect
        try:
            request = dialect.read(message)
        except NotACallError:
            raise RefusedError("not-understood") from None
        begun = time.monotonic()
        outcome = self._outcome(request)
        spent = (time.monotonic() - begun) * 1000
        name = request.name if request.name in calls() else "unknown function"
        log.info("%s code=%d %.0f ms origin=%s", name, outcome.code, spent, self._origin)
        return dialect.reply(request, outcome)

    def _outcome(self, request: Request) -> Outcome:
        """What the function gave; a refusal of the service in the terms of the dialect."""
        try:
            self._allowed()
            self._shared.turns.leave(self._channel)
            with self._shared.turns.turn(self._driver):
                if not self._driver.waiting:
                    device = self._shared.readers.device(_reader(request.given))
                    self._driver.equipment = replace(self._driver.equipment, device=device)
                return self._driver.call(request.name, request.given)
        except RefusedError as error:
            code = READER if error.id in ("busy", "reader-unknown") else NOT_CONNECTED
            return Outcome(code, text(error.id, self._language))


def replaced(profile: Profile, language: Language) -> Profile:
    """The profile in another language."""
    return msgspec.structs.replace(profile, language=language)


def _reader(given: Mapping[str, object]) -> str:
    named = next((given[name] for name in _READER_MEMBERS if given.get(name)), "")
    return named if isinstance(named, str) else ""
