"""Personalization on one core: data preparation alone, key blocks, and cards loaded by APDUs in memory mode.

Prints JSON lines and keeps them in bench/results/personalization_speed.jsonl. Rows are invented people with
a column for every item of the card (225 columns, photo included). Preparation = row to prepared card:
converted, validated, numbered, encoded, PIN wrapped. Loading = blank chip to activated card with every
record read back. The best of the rounds counts.
"""

import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import cryptography

from shebaoka.card.card import blank_card
from shebaoka.chip.store import MemoryStore
from shebaoka.demo.listing import write_photos
from shebaoka.demo.people import all_cities, make_people
from shebaoka.personalization.fixture_keys import TEST_TRANSPORT_KEY
from shebaoka.personalization.load import Loader
from shebaoka.personalization.mapping import MappingFile, bind
from shebaoka.personalization.prepare import PreparedCard, Preparer
from shebaoka.personalization.product import CardProduct
from shebaoka.personalization.rows import Person, RowEncoder
from shebaoka.personalization.supply import transport_cipher
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.keys import key_catalogue
from shebaoka.spec.layouts import card_layout
from shebaoka.vault.catalogue import ISSUER_MAC
from shebaoka.vault.hierarchy import hand_down, set_up_city, set_up_ministry, set_up_province
from shebaoka.vault.model import MINISTRY, Body, Level
from shebaoka.vault.software import SoftwareVault

RESULTS = Path(__file__).parent / "results" / "personalization_speed.jsonl"
TODAY = date(2026, 1, 1)
PEOPLE = 3000
LOADED = 150
ROUNDS = 5
PREPARED_PER_SECOND = 5000
LOADED_PER_SECOND = 100


class Counter:
    """A reader that counts commands."""

    def __init__(self, reader: InProcessReader) -> None:
        self._reader = reader
        self.commands = 0

    def reset(self) -> bytes:
        return self._reader.reset()

    def transmit(self, apdu: bytes) -> bytes:
        self.commands += 1
        return self._reader.transmit(apdu)

    def close(self) -> None:
        self._reader.close()


class Bench:
    """One product: people, encoder, preparer, loader."""

    def __init__(self, product: CardProduct, folder: Path) -> None:
        self.product = product
        city = all_cities()[0]
        people = list(make_people(PEOPLE, city, today=TODAY))
        write_photos(people, folder)
        columns = sorted({place for person in people for place in person.values})
        self.rows = [[person.values.get(place, "") for place in columns] for person in people]
        layout, entries = card_layout(product.layout), key_catalogue(product.layout)
        vault = _city_vault(city.code, product)
        transport = transport_cipher(vault, product.suite)
        self.columns = len(columns)
        self.encoder = RowEncoder(bind(MappingFile(), columns, layout), layout, folder)
        self.preparer = Preparer(
            layout,
            product,
            self.encoder.plan,
            city_code=city.code,
            issued=TODAY,
            transport=transport,
            issuer_mac=vault.cipher(vault.find(ISSUER_MAC, 1, product.suite)),
        )
        self.loader = Loader(layout, entries, product, self.encoder.plan, vault, transport)

    def prepare(self) -> list[PreparedCard]:
        return [self.preparer.prepare(person, serial) for serial, person in enumerate(self._persons(), 1)]

    def _persons(self) -> Iterator[Person]:
        for number, row in enumerate(self.rows):
            person, problems = self.encoder.encode(number, row)
            assert not problems, problems
            yield person

    def load(self, cards: Sequence[PreparedCard]) -> None:
        for card, blocks in zip(cards, self.loader.blocks(cards), strict=True):
            reader = self.blank(card)
            self.loader.load(reader, card, blocks)

    def blank(self, card: PreparedCard) -> InProcessReader:
        chip = blank_card(
            MemoryStore(),
            historical=card.historical,
            algorithm=self.product.suite,
            transport_key=TEST_TRANSPORT_KEY,
        )
        reader = InProcessReader(chip)
        reader.reset()
        return reader

    def commands(self, cards: Sequence[PreparedCard]) -> float:
        total = 0
        for card, blocks in zip(cards, self.loader.blocks(cards), strict=True):
            reader = Counter(self.blank(card))
            self.loader.load(reader, card, blocks)
            total += reader.commands
        return total / len(cards)


def _city_vault(code: str, product: CardProduct) -> SoftwareVault:
    bodies = (MINISTRY, Body(Level.PROVINCE, code[:2], "province"), Body(Level.CITY, code, "city"))
    ministry, province, city = (SoftwareVault.create(None, "", body) for body in bodies)
    entries = key_catalogue(product.layout)
    set_up_ministry(ministry, entries, product.suite)
    set_up_province(province, entries, product.suite)
    set_up_city(city, entries, product.suite)
    hand_down(ministry, province)
    hand_down(province, city)
    return city


def _seconds(action: object, *arguments: object) -> float:
    start = time.perf_counter()
    assert callable(action)
    action(*arguments)
    return time.perf_counter() - start


def measure(product: CardProduct) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(product, Path(folder))
        cards = bench.prepare()
        some = cards[:LOADED]
        commands = round(bench.commands(some) * len(some))
        prepared, keys, loaded = [], [], []
        for _ in range(ROUNDS):
            prepared.append(_seconds(bench.prepare))
            keys.append(_seconds(bench.loader.blocks, cards))
            loaded.append(_seconds(bench.load, some))
    keys_per_card = len(bench.loader.keys.slots)
    both = PEOPLE / (min(prepared) + min(keys))
    return {
        "bench": "personalization_speed",
        "product": product.name,
        "columns": bench.columns,
        "rows": PEOPLE,
        "prepared_per_second": round(PEOPLE / min(prepared)),
        "key_sets_per_second": round(PEOPLE / min(keys)),
        "keys_per_card": keys_per_card,
        "prepared_with_keys_per_second": round(both),
        "loaded_per_second": round(LOADED / min(loaded), 1),
        "commands_per_card": round(commands / LOADED, 1),
        "loading_commands_per_second": round(commands / min(loaded)),
        "prepared_seconds": [round(value, 3) for value in prepared],
        "loaded_seconds": [round(value, 3) for value in loaded],
        "target_prepared_per_second": PREPARED_PER_SECOND,
        "target_loaded_per_second": LOADED_PER_SECOND,
    }


def main() -> int:
    """Measure both products. Exit code 1 when a target is missed."""
    environment = {
        "bench": "personalization_speed",
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "cores_used": 1,
        "cryptography": cryptography.__version__,
    }
    products = (
        CardProduct(name="2.0 3DES"),
        CardProduct(name="3.0 SM4", layout="3.0", algorithm="SM4"),
    )
    results = [measure(product) for product in products]
    lines = [json.dumps(line) for line in (environment, *results)]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))
    missed = [
        line
        for line in results
        if float(str(line["prepared_per_second"])) < PREPARED_PER_SECOND
        or float(str(line["loaded_per_second"])) < LOADED_PER_SECOND
    ]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
