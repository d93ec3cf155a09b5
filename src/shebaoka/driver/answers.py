"""What an HSM answers between the steps (加密机): a protocol, and a vault or any key source that keeps it.

The driver hands a string out and takes one in; who computes is another's affair: a vault here, the office
over HTTP (docs/reference/reader-service.md).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from shebaoka.driver import strings
from shebaoka.driver.errors import INPUT, DriverError, from_terminal
from shebaoka.driver.hsm.addresses import key_at
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_catalogue
from shebaoka.spec.model import KeyEntry
from shebaoka.terminal.errors import TerminalError
from shebaoka.terminal.factors import CardFactors
from shebaoka.terminal.keys import KeySource, PurchaseOrder
from shebaoka.terminal.settings import IRK

_WORDS = {"DES": "01", "SSF33": "02", "SM4": "03"}
_HISTORICAL = 13
_KIND = 0x32  # consumption, as the character (decision K43)
_BASIC_ITEMS = (8, 9)


@dataclass(frozen=True)
class CardOnDesk:
    """What an HSM must know of the card: identification code (32 digits), reset information (26), generation
    ``1.0``, ``2.0`` or ``3.0``. All three stand in the items of iReadCardBas."""

    identification_code: str
    reset: str = field(repr=False)
    generation: str = "2.0"

    def factors(self, algorithm: str) -> CardFactors:
        """What diversifies the card's keys. Raises DriverError -23."""
        historical = strings.octets(self.reset, _HISTORICAL, "reset information")
        try:
            cipher = Algorithm.from_fci(int(_WORDS.get(algorithm, algorithm)))
        except ValueError:
            raise DriverError(INPUT, "(algorithm)") from None
        return CardFactors(cipher, self.identification_code[:6], historical, self.generation)


class HsmAnswers(Protocol):
    """Answers a step: what goes into the next one as ``pKey``."""

    def answer(self, step: str, out: str, card: CardOnDesk | None = None) -> str:
        """``step``: the function whose ``pOutInfo`` is ``out``; ``card`` is needed but for
        iReadCardBas_HSM_Step1, which tells it. Raises DriverError: keys missing, input not valid."""
        ...


class KeyAnswers:
    """Answers from a source of keys: a vault (``VaultKeys``), or a PSAM. ``addresses``: key addresses of a
    profile, when they are not the built-in ones."""

    def __init__(self, keys: KeySource, addresses: Mapping[str, str] | None = None) -> None:
        self._keys = keys
        self._addresses = addresses or {}

    def answer(self, step: str, out: str, card: CardOnDesk | None = None) -> str:
        """See HsmAnswers."""
        try:
            if step == "iReadCardBas_HSM_Step1":
                return self._basic(out)
            work = _WORK.get(step)
            if work is None or card is None:
                raise DriverError(INPUT, f"({step})")
            return work(self, out, card)
        except TerminalError as error:
            raise from_terminal(error) from error

    def _basic(self, out: str) -> str:
        items = strings.split(out, least=_BASIC_ITEMS[0], most=_BASIC_ITEMS[1], what="pOutInfo")
        region, reset, algorithm, code, *randoms = items[:8]
        if not code.startswith(region):
            raise DriverError(INPUT, "(pOutInfo)")
        factor, original, outer_factor, outer_original = randoms
        generation = "3.0" if outer_factor else "2.0"
        card = CardOnDesk(code, reset, generation).factors(algorithm)
        internal = self._proof(_key(generation, IRK), card, factor, original)
        external = ""
        if outer_factor:
            external = self._proof(_key(generation, "RKSSSE"), card, outer_factor, outer_original)
        return strings.join((internal, external))

    def _authentication(self, out: str, card: CardOnDesk) -> str:
        algorithm, address, factor, original = strings.split(out, least=4, most=4, what="pOutInfo")
        key, _ = self._key(address, card)
        return self._proof(key, card.factors(algorithm), factor, original)

    def _secured(self, out: str, card: CardOnDesk) -> str:
        algorithm, address, factor, head, data = strings.split(out + "|", least=5, most=6, what="pOutInfo")[
            :5
        ]
        key, _ = self._key(address, card)
        factors, challenge = card.factors(algorithm), strings.octets(factor, 8, "process factor")
        command = strings.octets(head, 5, "APDU head")
        if not data:
            return self._keys.mac(key, factors, challenge, command).hex().upper()
        plain = strings.octets(data, len(data) // 2, "data")
        return self._keys.encrypt_and_mac(key, factors, challenge, command[:4], plain).hex().upper()

    def _purchase(self, out: str, card: CardOnDesk) -> str:
        items = strings.split(out, least=8, most=8, what="pOutInfo")
        algorithm, address, random, counter, account, own, fund, time = items
        key, version = self._key(address, card)
        factors = card.factors(algorithm)
        money = [int.from_bytes(strings.octets(amount, 4, "amount")) for amount in (account, own, fund)]
        order = PurchaseOrder(
            random=strings.octets(random, 4, "random"),
            counter=int.from_bytes(strings.octets(counter, 2, "purchase serial")),
            amounts=(money[0], money[1], money[2]),
            kind=_KIND,
            time=strings.octets(time, 7, "time"),
            key_version=version,
            algorithm_code=factors.algorithm.fci or 1,
        )
        made = self._keys.purchase_mac1(key, factors, order)
        return strings.join((f"{made.sequence:08X}", time, made.mac1.hex().upper()))

    def _key(self, address: str, card: CardOnDesk) -> tuple[KeyEntry, int]:
        return key_at(address, _catalogue(card.generation), self._addresses)

    def _proof(self, key: KeyEntry, card: CardFactors, factor: str, original: str) -> str:
        given = strings.octets(original, 8, "original information")
        challenge = strings.octets(factor, 8, "process factor")
        return (self._keys.authentication(key, card, challenge, given) + given).hex().upper()


_Work = Callable[[KeyAnswers, str, CardOnDesk], str]
_WORK: dict[str, _Work] = {
    "iReadCard_HSM_Step1": KeyAnswers._authentication,
    "iWriteCard_HSM_Step1": KeyAnswers._authentication,
    "iReloadPIN_HSM_Step1": KeyAnswers._authentication,
    "iUnblockPIN_HSM_Step1": KeyAnswers._authentication,
    "iReloadPIN_HSM_Step2": KeyAnswers._secured,
    "iUnblockPIN_HSM_Step2": KeyAnswers._secured,
    "iDoDebit_HSM_Step1": KeyAnswers._purchase,
}
STEPS = ("iReadCardBas_HSM_Step1", *_WORK)
"""The steps an HSM answers."""


def _catalogue(generation: str) -> dict[str, KeyEntry]:
    try:
        return {key.name: key for key in key_catalogue(generation, annex=True)}
    except (ValueError, KeyError):
        raise DriverError(INPUT, "(generation)") from None


def _key(generation: str, name: str) -> KeyEntry:
    return _catalogue(generation)[name]
