"""What the proofs of the demonstration play on: the world, its PSAMs, its cards, terminals to put them in."""

from dataclasses import dataclass, field
from pathlib import Path

from shebaoka.demo.carriage import Journey
from shebaoka.demo.ceremonies import HeldCeremony
from shebaoka.demo.content import CardContent
from shebaoka.demo.hierarchy import Region, World
from shebaoka.demo.production import Batch, MadeCard
from shebaoka.demo.psams import Psam
from shebaoka.demo.report import Figure, Proof
from shebaoka.reader.base import Reader
from shebaoka.reader.images import open_chip
from shebaoka.reader.in_process import InProcessReader
from shebaoka.terminal.keys import KeySource
from shebaoka.terminal.psam_keys import PsamKeys
from shebaoka.terminal.settings import Settings
from shebaoka.terminal.terminal import Terminal


@dataclass(frozen=True)
class Psams:
    """The PSAMs of a city's terminals: every key at the level of its root, and all keys at city level."""

    full: Psam
    local: Psam


@dataclass
class Stage:
    """Filled step by step; ``pins`` are those of cards whose PIN was changed, by the holder's number;
    ``program``: how the command line is called from here."""

    folder: Path
    people: int
    program: str = "shebaoka"
    world: World | None = None
    ceremonies: tuple[HeldCeremony, ...] = ()
    journeys: tuple[Journey, ...] = ()
    psams: dict[str, Psams] = field(default_factory=dict)
    batches: list[Batch] = field(default_factory=list)
    cards: list[MadeCard] = field(default_factory=list)
    pins: dict[str, str] = field(default_factory=dict)
    numbers: list[tuple[str, str]] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    content: CardContent | None = None
    _inserted: InProcessReader | None = field(default=None, repr=False)
    timings: list[tuple[str, float]] = field(default_factory=list)

    def the_world(self) -> World:
        """The world, once it is set up."""
        if self.world is None:
            raise RuntimeError("the keys come first")
        return self.world

    def region(self, code: str) -> Region:
        """A region by its province's code."""
        return self.the_world().region(code)

    def journey(self, code: str) -> Journey:
        """How the keys came to the body with this code (``98``, ``980100``). Raises KeyError."""
        for journey in self.journeys:
            if journey.receiver.code == code:
                return journey
        raise KeyError(code)

    def card(self, code: str, generation: str, number: int = 0) -> MadeCard:
        """A card of a province (``98``) and generation (``2.0``): the ``number``-th of its list."""
        found = [
            card
            for card in self.cards
            if card.batch.region.data.code == code and card.batch.product.layout == generation
        ]
        return found[number]

    def pin(self, card: MadeCard) -> str:
        """The card's PIN as it is now."""
        return self.pins.get(card.person.number, card.pin)

    def psam_keys(self, code: str, *, local: bool = False, guard: bool = True) -> PsamKeys:
        """The PSAM of a province's terminal as a key source. ``guard`` False: the terminal does not look at
        regions and leaves the refusal to the card."""
        psams = self.psams[code]
        return PsamKeys(InProcessReader((psams.local if local else psams.full).chip), guard_region=guard)

    def terminal(
        self, code: str, card: MadeCard, keys: KeySource | None, reader: Reader | None = None
    ) -> Terminal:
        """A terminal of a province with ``card`` in its slot."""
        slot = reader or self.insert(card)
        return Terminal(slot, keys, self.settings(code, authenticate=keys is not None))

    def insert(self, card: MadeCard) -> InProcessReader:
        """The slot with ``card`` in it; the card that was in it is taken out. What is written stays in the
        card's image."""
        self.take_out()
        self._inserted = InProcessReader(open_chip(card.image))
        return self._inserted

    def take_out(self) -> None:
        """Empty the slot."""
        if self._inserted is not None:
            self._inserted.close()
            self._inserted = None

    def settings(self, code: str, *, authenticate: bool = True) -> Settings:
        """What the terminals of a province know: the layouts and keys of their city."""
        region = self.region(code)
        generations = ("2.0", "3.0")
        return Settings(
            authenticate=authenticate,
            layouts={generation: region.layout(generation) for generation in generations},
            keys={generation: region.catalogue(generation) for generation in generations},
        )
