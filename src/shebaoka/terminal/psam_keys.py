"""Keys from a PSAM.

The same key may sit in it as a national (6x), provincial (4x) or city root (2x): the terminal tries the
levels, deepest first, and remembers what it found (Part 9 §8).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from shebaoka.codec.apdu import Command, Response
from shebaoka.crypto.formulas import session_input
from shebaoka.crypto.padding import fold_authentication, pad_data, pad_mac
from shebaoka.reader.base import Reader
from shebaoka.spec import sw
from shebaoka.spec.model import KeyEntry
from shebaoka.terminal import psam_info, psam_link
from shebaoka.terminal.errors import KeyMissingError, KeySourceError, WrongRegionError
from shebaoka.terminal.factors import CardFactors
from shebaoka.terminal.keys import UNNAMED, PurchaseMac, PurchaseOrder
from shebaoka.terminal.psam_link import PsamLink
from shebaoka.terminal.psam_search import CONSUME, LEVELS, Place, foreign, places

_Answer = TypeVar("_Answer")
_NOT_HERE = frozenset({sw.DATA, sw.KEY_NOT_FOUND, sw.LENGTH, sw.RECORD_NOT_FOUND})
_NOT_FOR_THIS = frozenset({sw.CONDITIONS, sw.NOT_SUPPORTED})
_MAC_LENGTH = 4
_MAC2_WRONG = frozenset({sw.MAC_INVALID, 0x63CF})


@dataclass
class PsamKeys:
    """A key source behind the reader of a PSAM slot.

    ``guard_region``: a local key (2x, 4x) of a PSAM whose terminal number names another region than the
    card's is not offered to the card, which would refuse it and count a try.
    """

    reader: Reader
    guard_region: bool = True
    _link: PsamLink = field(init=False, repr=False)
    _environment: bytes | None = field(default=None, init=False, repr=False)
    _epoch: int = field(default=0, init=False, repr=False)
    _found: dict[tuple[bytes, str, str], Place] = field(default_factory=dict, init=False, repr=False)
    _info: dict[bytes, psam_info.PsamInfo] = field(default_factory=dict, init=False, repr=False)
    _further: dict[bytes, tuple[int, ...]] = field(default_factory=dict, init=False, repr=False)
    _version: int | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self._link = PsamLink(self.reader)

    @property
    def name(self) -> str:
        """``PSAM`` and the terminal number, when it is known already."""
        number = next((info.terminal for info in self._info.values() if info.terminal.strip("0")), "")
        return f"PSAM {number}".strip()

    def info(self, environment: bytes | None = None) -> psam_info.PsamInfo:
        """What the PSAM says about itself, read once. Raises KeySourceError when it does not answer."""
        name = environment or self._environment or self._numbered()
        if name not in self._info:
            self._info[name] = psam_info.read_info(self._link, name)
        return self._info[name]

    def terminal_number(self) -> str:
        """Twelve digits of file 0016 of the environment that served the last card, before the first card of
        one that has a number."""
        return self.info().terminal

    def _numbered(self) -> bytes:
        """The first environment that has a terminal number: a PSAM of one cipher leaves the other out."""
        for name in psam_link.ENVIRONMENTS:
            if self.info(name).terminal != psam_info.NO_TERMINAL:
                return name
        return psam_link.ENVIRONMENTS[0]

    def origin(self, key: KeyEntry, card: CardFactors) -> str:
        """See KeySource."""
        found = next((place for (_, name, _), place in self._found.items() if name == key.name), None)
        level = f"{found}, level {LEVELS[found.steps]}, " if found else ""
        return f"{level}{self.name}"

    def key_version(self, key: KeyEntry, card: CardFactors) -> int | None:
        """The authentication key version the PSAM publishes for the level it served the key from; None for
        version 1 and when it publishes none (cards then take their lowest)."""
        environment = self._open(card)
        found = self._found.get((environment, key.name, "encrypt"))
        level = self.info(environment).levels.get(found.steps) if found else None
        version = level.authentication_version if level else 0
        return version if version > 1 else None

    def key_versions(self, key: KeyEntry, card: CardFactors) -> tuple[int | None, ...]:
        """The versions its levels publish and those with an application of their own beside, newest first;
        nothing to be named when there are no others."""
        environment = self._open(card)
        further = self._further_versions(environment)
        if not further:
            return UNNAMED
        published = {level.authentication_version or 1 for level in self.info(environment).levels.values()}
        return tuple(sorted(published | set(further) or {1}, reverse=True))

    def authentication(
        self, key: KeyEntry, card: CardFactors, challenge: bytes, original: bytes, version: int | None = None
    ) -> bytes:
        """See KeySource."""
        blocks = session_input(original, card.algorithm.block_size)
        answer = self._compute(key, card, challenge, "encrypt", blocks, version)
        if version is not None and self._version is None and version != (self.key_version(key, card) or 1):
            raise KeyMissingError("key-version-missing", key=key.name, version=version, source=self.name)
        return fold_authentication(answer)

    def mac(
        self,
        key: KeyEntry,
        card: CardFactors,
        challenge: bytes,
        message: bytes,
        version: int | None = None,
    ) -> bytes:
        """See KeySource."""
        return self._compute(
            key, card, challenge, "mac", pad_mac(message, card.algorithm.block_size), version
        )

    def encrypt_and_mac(
        self,
        key: KeyEntry,
        card: CardFactors,
        challenge: bytes,
        header: bytes,
        data: bytes,
        version: int | None = None,
    ) -> bytes:
        """See KeySource. Needs the key as type 8, or as 7 beside 6 (decision K9)."""
        blocks = pad_data(data, card.algorithm.block_size)
        secret = self._compute(key, card, challenge, "encrypt", blocks, version)
        return secret + self.mac(key, card, challenge, header + bytes((len(secret) + 4,)) + secret, version)

    def purchase_mac1(self, key: KeyEntry, card: CardFactors, order: PurchaseOrder) -> PurchaseMac:
        """See KeySource. INITIALIZE SAM FOR PURCHASE with one, two, three factors until one fits."""
        self._version = None
        return self._reopening(lambda: self._initialize_purchase(key, card, order))

    def _initialize_purchase(self, key: KeyEntry, card: CardFactors, order: PurchaseOrder) -> PurchaseMac:
        self._open(card)
        data = order.random + order.counter.to_bytes(2) + b"".join(a.to_bytes(4) for a in order.amounts)
        data += bytes((order.kind,)) + order.time + bytes((order.key_version, order.algorithm_code))
        consume = [Place(steps, CONSUME, order.key_version) for steps in LEVELS]
        fitting = self._fitting(card, consume)
        for place in fitting:
            factors = b"".join(card.deepest_first(place.steps))
            answer = self._link.send(Command(0x80, 0x70, 0x01, 0x00, data + factors, 8))
            if answer.sw == sw.OK and len(answer.data) == 8:
                return PurchaseMac(int.from_bytes(answer.data[:4]), answer.data[4:])
            if answer.sw not in _NOT_HERE:
                raise self._refused("INITIALIZE SAM FOR PURCHASE", answer.sw)
        if len(fitting) < len(consume):
            raise self._foreign(key, card, consume[0])
        raise self._missing(key, consume)

    def purchase_mac2(self, mac2: bytes) -> bool:
        """See KeySource. Raises KeySourceError when the PSAM no longer waits for this MAC2."""
        answer = self._link.send(Command(0x80, 0x72, 0x00, 0x00, mac2))
        if answer.sw in _MAC2_WRONG or answer.sw == sw.OK:
            return answer.sw == sw.OK
        raise self._refused("CREDIT SAM FOR PURCHASE", answer.sw)

    def _compute(
        self,
        key: KeyEntry,
        card: CardFactors,
        challenge: bytes,
        purpose: str,
        blocks: bytes,
        version: int | None,
    ) -> bytes:
        """``blocks`` encrypted, or their MAC, under the session key of ``key`` for ``challenge``: in the
        application of ``version`` where it has one of its own."""
        self._version = None
        environment = self._open(card)
        if version is not None and version in self._further_versions(environment):
            self._version = version
        return self._reopening(lambda: self._search(key, card, challenge, purpose, blocks))

    def _search(
        self, key: KeyEntry, card: CardFactors, challenge: bytes, purpose: str, blocks: bytes
    ) -> bytes:
        environment, size = self._open(card), card.algorithm.block_size
        session = session_input(challenge, size)
        cached = environment + self._suffix
        known = self._found.get((cached, key.name, purpose))
        candidates = sorted(places(key, purpose), key=lambda place: place != known)
        fitting = self._fitting(card, candidates)
        for place in fitting:
            word = self._deliver(place, card, session)
            answer = self._cipher_data(purpose, blocks, size) if word == sw.OK else Response(b"", word)
            if answer.sw == sw.OK:
                if len(answer.data) != (_MAC_LENGTH if purpose == "mac" else len(blocks)):
                    raise KeySourceError("psam-answer", length=len(answer.data), source=self.name)
                self._found[cached, key.name, purpose] = place
                return answer.data
            if answer.sw not in _NOT_HERE | _NOT_FOR_THIS:
                raise self._refused("DELIVERY SESSION KEY", answer.sw)
        for place in candidates:
            if place not in fitting and self._deliver(place, card, session) == sw.OK:
                raise self._foreign(key, card, place)
        raise self._missing(key, candidates)

    def _reopening(self, work: Callable[[], _Answer]) -> _Answer:
        """``work``, a second time after selecting anew when it failed in an application selected before:
        another program may have reset the PSAM meanwhile."""
        reused = self._link.selected is not None
        try:
            return work()
        except WrongRegionError:
            raise
        except KeySourceError:
            if not reused or not self._link.powered:
                raise
            self._link.selected = None
            return work()

    def _cipher_data(self, purpose: str, blocks: bytes, size: int) -> Response:
        if purpose == "mac":
            return psam_link.mac(self._link, blocks, size)
        return psam_link.encrypt(self._link, blocks)

    def _deliver(self, place: Place, card: CardFactors, session: bytes) -> int:
        factors = card.deepest_first(place.steps)
        return psam_link.deliver(self._link, place.usage, place.identifier, factors, session)

    def _fitting(self, card: CardFactors, candidates: Iterable[Place]) -> list[Place]:
        """Candidates without those of another region."""
        terminal = self.info(self._open(card)).terminal
        self._open(card)
        return [
            p for p in candidates if not (self.guard_region and foreign(terminal, card.city_code, p.steps))
        ]

    def _open(self, card: CardFactors) -> bytes:
        environment = psam_link.environment_for(self._link, card.algorithm)
        if self._epoch != self._link.epoch:  # powered anew: perhaps another PSAM
            self._epoch = self._link.epoch
            self._found.clear()
            self._info.clear()
            self._further.clear()
        if environment is None:
            raise KeySourceError("psam-algorithm", algorithm=card.algorithm.label, source=self.name)
        application = psam_link.APPLICATION + self._suffix
        psam_link.open_application(self._link, environment, int(card.city_code[:2], 16), application)
        self._environment = environment
        return environment

    @property
    def _suffix(self) -> bytes:
        """What the name of the application at work has beyond that of the standard one."""
        return b"" if self._version is None else bytes((self._version,))

    def _further_versions(self, environment: bytes) -> tuple[int, ...]:
        if environment not in self._further:
            self._further[environment] = psam_link.further_versions(self._link, environment)
        return self._further[environment]

    def _missing(self, key: KeyEntry, tried: list[Place]) -> KeySourceError:
        if not tried:
            return KeyMissingError("key-not-for-psam", key=key.name, use=key.use, source=self.name)
        levels = tuple(f"{place} {LEVELS[place.steps]}" for place in tried)
        return KeyMissingError("key-missing-psam", key=key.name, use=key.use, tried=levels, source=self.name)

    def _foreign(self, key: KeyEntry, card: CardFactors, place: Place) -> KeySourceError:
        return WrongRegionError(
            "key-wrong-region",
            key=key.name,
            place=f"{place} {LEVELS[place.steps]}",
            source=self.name,
            city=card.city_code,
        )

    def _refused(self, command: str, word: int) -> KeySourceError:
        return KeySourceError("psam-refused", command=command, sw=f"{word:04X}", source=self.name)
