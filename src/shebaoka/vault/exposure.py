"""What a loss exposes (M47 art. 26): from lists of keys and the records of carriers, without any key.

A lost key exposes itself and every key diversified from it. How far depends on what was lost: a mother card
alone holds its keys sealed, with its transmission card they are open; a PSAM computes with its keys for
whoever holds it but gives none away; a transmission card holds no keys of the hierarchy at all."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from shebaoka.vault.catalogue import CONTROL, ISSUER, TRANSPORT
from shebaoka.vault.contents import Card, Contents, KeyFact
from shebaoka.vault.model import Level, VaultError


class Hold(IntEnum):
    """What whoever has the lost thing can do with a key, the worst last. SEALED: nothing, as long as what
    protects it (transmission card, PIN, passphrase) is elsewhere. USABLE: compute with it, not read it.
    KNOWN: it must be taken as known."""

    SEALED = 1
    USABLE = 2
    KNOWN = 3


class Cause(StrEnum):
    """What was lost."""

    MOTHER = "mother"
    PAIR = "pair"
    TRANSMISSION = "transmission"
    MASTER_CONTROL = "master-control"
    PSAM = "psam"
    HSM = "hsm"
    KEY = "key"
    EMPTY = "empty"


class Effect(StrEnum):
    """Why a card that was not lost is affected: it holds exposed keys; it is the other half of a lost pair;
    the control key that opens it, the transport root that unseals it or the issuer key that rules it is
    exposed."""

    HOLDS = "holds"
    PAIR = "pair"
    CONTROL = "control"
    TRANSPORT = "transport"
    ISSUER = "issuer"


@dataclass(frozen=True, slots=True)
class Loss:
    """A lost thing and the keys that were in it. ``hold``: on those keys, None for a thing without keys."""

    cause: Cause
    what: str
    hold: Hold | None
    keys: tuple[KeyFact, ...] = ()
    contents: Contents | None = None


@dataclass(frozen=True, slots=True)
class Exposed:
    """An exposed key. ``source``: id of the lost key that it is or is diversified from."""

    key: KeyFact
    hold: Hold
    source: str


@dataclass(frozen=True, slots=True)
class Touched:
    """A carrier or PSAM that is still there but affected."""

    contents: Contents
    effects: tuple[Effect, ...]


_Name = tuple[str, int, str]  # name, version, algorithm


@dataclass(frozen=True)
class Exposure:
    """Everything a loss exposes. ``keys``: from the top of the hierarchy down; ``cards``: other carriers and
    PSAMs affected; ``disagreements``: keys that two lists know with different check values."""

    losses: tuple[Loss, ...]
    keys: tuple[Exposed, ...]
    cards: tuple[Touched, ...]
    disagreements: tuple[str, ...]
    _holds: Mapping[tuple[str, _Name], Hold | None] = field(repr=False, default_factory=dict)

    def hold_on_card(self, city_code: str, keys: Iterable[_Name]) -> Hold | None:
        """The worst hold on the keys (name, version, algorithm) of a card made in ``city_code``, None when
        the card is not affected. A city whose list is missing is judged by its province's, or the
        ministry's: what is handed down there comes from it."""
        chain = (city_code, city_code[:2], "")
        worst: Hold | None = None
        for name in keys:
            owner = next((code for code in chain if (code, name) in self._holds), None)
            hold = None if owner is None else self._holds[owner, name]
            if hold is not None and (worst is None or hold > worst):
                worst = hold
        return worst


def lost_cards(
    contents: Mapping[str, Contents], serials: Iterable[str], *, pins: bool = False
) -> tuple[Loss, ...]:
    """The losses of carriers and PSAMs that went missing together. ``contents``: what each card holds, by
    serial (:func:`shebaoka.vault.contents.held`); ``pins``: their PINs are lost too. Raises VaultError for a
    card that no record names."""
    lost = {}
    for serial in serials:
        if serial not in contents:
            raise VaultError(f"no record names the card {serial}; give the records of whoever issued it")
        lost[serial] = contents[serial]
    pairs = {
        (one.sender.code, one.reference)
        for one in lost.values()
        for other in lost.values()
        if one.card is Card.MOTHER and other.card is Card.TRANSMISSION and one.keys and _pair(one, other)
    }
    return tuple(_card_loss(each, pairs, pins) for each in lost.values())


def lost_hsm(keys: Iterable[KeyFact], code: str, *, pins: bool = False) -> Loss:
    """The loss of the vault (HSM, vault file) of the body with this code, empty for the ministry.

    Raises VaultError when no list has a key of it."""
    own = tuple(key for key in keys if key.owner == code)
    if not own:
        raise VaultError(f"no list names a key of {code or 'the ministry'}; give its list of keys")
    name = f"the vault of {code or 'the ministry'}"
    return Loss(Cause.HSM, name, Hold.KNOWN if pins else Hold.SEALED, own)


def lost_key(keys: Iterable[KeyFact], id_: str) -> Loss:
    """A single key that became known. Raises VaultError when no list has it."""
    for key in keys:
        if key.id == id_:
            return Loss(Cause.KEY, str(key), Hold.KNOWN, (key,))
    raise VaultError(f"no list names the key {id_!r}; an id is CODE:NAME:VERSION:ALGORITHM")


def exposure(losses: Iterable[Loss], keys: Iterable[KeyFact], contents: Iterable[Contents]) -> Exposure:
    """Everything the losses expose among ``keys`` (the lists of all bodies that could be had) and the other
    cards of ``contents``."""
    losses, contents = tuple(losses), tuple(contents)
    on_cards = (key for card in contents for key in card.keys)
    facts, disagreements = _merged((*keys, *on_cards, *(key for loss in losses for key in loss.keys)))
    exposed = _closure(_opened(losses, facts), facts)
    order = list(Level)
    listed = sorted(
        exposed.values(), key=lambda e: (order.index(e.key.level), e.key.owner, e.key.name, e.key.version)
    )
    lost = {loss.contents.serial for loss in losses if loss.contents is not None}
    halves = [loss.contents for loss in losses if loss.contents is not None]
    touched = []
    for card in contents:
        effects = () if card.serial in lost else _effects(card, exposed, halves)
        if effects:
            touched.append(Touched(card, effects))
    holds = {
        (key.owner, (key.name, key.version, key.algorithm)): exposed[key.id].hold
        if key.id in exposed
        else None
        for key in facts.values()
    }
    return Exposure(losses, tuple(listed), tuple(touched), tuple(disagreements), holds)


def _card_loss(card: Contents, pairs: set[tuple[str, str]], pins: bool) -> Loss:
    match card.card:
        case Card.TRANSMISSION:
            in_pair = (card.sender.code, card.reference) in pairs
            return Loss(Cause.PAIR if in_pair else Cause.TRANSMISSION, str(card), None, (), card)
        case _ if not card.keys:
            return Loss(Cause.EMPTY, str(card), None, (), card)
        case Card.MOTHER if (card.sender.code, card.reference) in pairs:
            return Loss(Cause.PAIR, str(card), Hold.KNOWN, card.keys, card)
        case Card.MOTHER:
            return Loss(Cause.MOTHER, str(card), Hold.SEALED, card.keys, card)
        case Card.MASTER_CONTROL:
            hold = Hold.KNOWN if pins else Hold.SEALED
            return Loss(Cause.MASTER_CONTROL, str(card), hold, card.keys, card)
    return Loss(Cause.PSAM, str(card), Hold.USABLE, card.keys, card)


def _opened(losses: tuple[Loss, ...], facts: Mapping[str, KeyFact]) -> Iterable[tuple[KeyFact, Hold]]:
    """The lost keys with the hold on them: a mother card whose sender's transport root was lost as well is
    as open as that root."""
    roots: dict[str, Hold] = {}
    for loss in losses:
        for key in loss.keys:
            if key.name == TRANSPORT and loss.hold is not None:
                roots[key.owner] = max(loss.hold, roots.get(key.owner, loss.hold))
    for loss in losses:
        hold = loss.hold
        if hold is None:
            continue
        if loss.cause is Cause.MOTHER and loss.contents is not None:
            hold = max(hold, roots.get(loss.contents.sender.code, hold))
        for key in loss.keys:
            yield facts[key.id], hold


def _closure(lost: Iterable[tuple[KeyFact, Hold]], facts: Mapping[str, KeyFact]) -> dict[str, Exposed]:
    """The lost keys and all that are diversified from them, with the worst hold."""
    below = defaultdict(list)
    for key in facts.values():
        if key.parent:
            below[key.parent].append(key)
    exposed: dict[str, Exposed] = {}
    for root, hold in lost:
        waiting = [root]
        while waiting:
            key = waiting.pop()
            before = exposed.get(key.id)
            if before is None or before.hold < hold:
                exposed[key.id] = Exposed(key, hold, root.id)
                waiting += below[key.id]
    return exposed


def _effects(
    card: Contents, exposed: Mapping[str, Exposed], halves: Iterable[Contents]
) -> tuple[Effect, ...]:
    found = []
    if any(key.id in exposed for key in card.keys):
        found.append(Effect.HOLDS)
    if any(_pair(card, half) for half in halves):
        found.append(Effect.PAIR)
    if card.card is not Card.PSAM:
        names = {(e.key.owner, e.key.name) for e in exposed.values()}
        if card.card in (Card.MOTHER, Card.TRANSMISSION) and (card.receiver.code, CONTROL) in names:
            found.append(Effect.CONTROL)
        if card.card is Card.MOTHER and card.keys and (card.sender.code, TRANSPORT) in names:
            found.append(Effect.TRANSPORT)
        if (card.sender.code, ISSUER) in names:
            found.append(Effect.ISSUER)
    return tuple(found)


def _pair(one: Contents, other: Contents) -> bool:
    """Whether these are mother card and transmission card of one export."""
    kinds = {one.card, other.card} == {Card.MOTHER, Card.TRANSMISSION}
    return (
        kinds
        and bool(one.reference)
        and (one.sender.code, one.reference)
        == (
            other.sender.code,
            other.reference,
        )
    )


def _merged(keys: Iterable[KeyFact]) -> tuple[dict[str, KeyFact], list[str]]:
    facts: dict[str, KeyFact] = {}
    disagreements = []
    for key in keys:
        present = facts.setdefault(key.id, key)
        if present.kcv != key.kcv:
            disagreements.append(f"{key}: check value {present.kcv} in one list, {key.kcv} in another")
    return facts, list(dict.fromkeys(disagreements))
