"""Lists of people to finished cards: one batch for each city and generation, made as an issuer would."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shebaoka.demo.hierarchy import Region, World
from shebaoka.demo.listing import write_list, write_mapping, write_photos
from shebaoka.demo.people import Person, make_people
from shebaoka.demo.regions import Province
from shebaoka.paper.media import Media
from shebaoka.personalization.batch import Order, prepare_batch
from shebaoka.personalization.making import make_cards
from shebaoka.personalization.mapping import read_mapping
from shebaoka.personalization.numbering import NumberRegister
from shebaoka.personalization.product import CardProduct, FaceText
from shebaoka.personalization.report import refused_rows
from shebaoka.personalization.state import CARDS, RETURN


def products(province: Province, today: date) -> tuple[CardProduct, ...]:
    """A composite 2.0 card with 3DES, whose stripe ends next year, and a dual-interface 3.0 card with SM4."""
    stripe_until = date(today.year + 1, 12, 31)
    face = FaceText(issuing_unit=province.office, seal=province.city.office, bank=province.bank)
    return (
        CardProduct(name="2.0 3DES", media=Media.COMPOSITE, stripe_until=stripe_until, face=face),
        CardProduct(name="3.0 SM4", layout="3.0", algorithm="SM4", media=Media.DUAL, face=face),
    )


@dataclass(frozen=True)
class Batch:
    """A batch of a city: where it lies and whom it is for."""

    region: Region
    product: CardProduct
    folder: Path
    people: tuple[Person, ...]

    @property
    def list_file(self) -> Path:
        """The list of people, in the encoding of the city's office."""
        return self.folder / "people.csv"

    @property
    def mapping_file(self) -> Path:
        """The mapping of its columns."""
        return self.folder / "mapping.toml"

    @property
    def directory(self) -> Path:
        """Where the cards are made."""
        return self.folder / "batch"


@dataclass(frozen=True)
class MadeCard:
    """A finished card: whose it is, its number, its image."""

    batch: Batch
    person: Person
    card_number: str
    image: Path

    @property
    def pin(self) -> str:
        """The initial PIN; empty when the card has none."""
        return self.person.values.get("pin", "")


def write_lists(world: World, folder: Path, count: int, seed: int = 1) -> list[Batch]:
    """``count`` people in equal parts over cities and generations: lists, mappings, photos. One city's
    office writes GBK, the other UTF-8. The first list has one more row, with a name that the card cannot
    hold: personalization must refuse it and go on."""
    batches: list[Batch] = []
    made = [(region, products(region.data, date.today())) for region in world.regions]
    parts = sum(len(own) for _, own in made)
    for region_number, (region, own) in enumerate(made):
        taken: set[str] = set()
        for number, product in enumerate(own):
            size = (count + parts - 1 - len(batches)) // parts
            rare = int(not batches)
            people = tuple(
                make_people(size + rare, region.data.city, seed=seed * 10 + number, rare=rare, avoid=taken)
            )
            taken |= {person.number for person in people}
            place = folder / f"{region.data.city.code}-{product.layout}"
            batch = Batch(region, product, place, people)
            place.mkdir(parents=True)
            write_list(people, batch.list_file, ("gbk", "utf-8")[region_number % 2])
            write_mapping(batch.mapping_file, f"{region.data.city.name} {product.name}")
            write_photos(people, place)
            batches.append(batch)
    return batches


def make_batches(
    batches: list[Batch], register: Path, progress: Callable[[int, int], None] = lambda done, total: None
) -> tuple[list[MadeCard], list[str]]:
    """Prepare and make every batch: the finished cards in the order of the lists, and why rows were refused.
    ``progress``: cards made so far, cards in all. Raises PersonalizationError."""
    numbers = NumberRegister(register)
    total, before = sum(len(batch.people) for batch in batches), 0
    cards: list[MadeCard] = []
    refused: list[str] = []
    try:
        for batch in batches:
            order = Order(
                batch.list_file,
                read_mapping(batch.mapping_file),
                batch.product,
                date.today(),
                batch.region.extensions,
            )
            prepare_batch(batch.directory, order, batch.region.city, numbers)

            def step(done: int, _all: int, before: int = before) -> None:
                progress(before + done, total)

            make_cards(batch.directory, batch.region.city, progress_bar=step)
            cards += made_cards(batch)
            refused += [f"row {row}, {what}" for row, what in refused_rows(batch.directory)]
            before += len(batch.people)
    finally:
        numbers.close()
    return cards, refused


def made_cards(batch: Batch) -> list[MadeCard]:
    """The finished cards of a batch, as its return file has them."""
    with (batch.directory / RETURN).open(encoding="utf-8-sig", newline="") as file:
        lines = {line["number"]: line for line in csv.DictReader(file) if line["status"] == "made"}
    cards = []
    for person in batch.people:
        line = lines.get(person.number)
        if line is not None:
            serial = line["identification_code"][16:24]
            image = batch.directory / CARDS / f"{serial}.card"
            cards.append(MadeCard(batch, person, line["card_number"], image))
    return cards
