"""A city's vault with all its keys, small lists of invented people, and cards made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from shebaoka.card.card import blank_card
from shebaoka.chip.chip import Chip
from shebaoka.chip.store import MemoryStore
from shebaoka.domain.citizen_id import check_digit
from shebaoka.personalization.fixture_keys import TEST_TRANSPORT_KEY
from shebaoka.personalization.load import Loader
from shebaoka.personalization.mapping import MappingFile, bind
from shebaoka.personalization.prepare import PreparedCard, Preparer
from shebaoka.personalization.product import CardProduct
from shebaoka.personalization.rows import RowEncoder
from shebaoka.personalization.supply import transport_cipher
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_catalogue
from shebaoka.spec.layouts import card_layout
from shebaoka.spec.model import CardLayout, KeyEntry
from shebaoka.vault.catalogue import ISSUER_MAC, SUITES
from shebaoka.vault.hierarchy import hand_down, set_up_city, set_up_ministry, set_up_province
from shebaoka.vault.model import MINISTRY, Body, Level
from shebaoka.vault.software import SoftwareVault

ISSUED = date(2026, 1, 2)
CITY_CODE = "980100"
VARIANTS = (("2.0", "3DES"), ("3.0", "SM4"))


@dataclass(frozen=True)
class Vaults:
    ministry: SoftwareVault
    province: SoftwareVault
    city: SoftwareVault


@cache
def vaults() -> Vaults:
    """One hierarchy for all tests of a process; tests only read it."""
    bodies = (MINISTRY, Body(Level.PROVINCE, "98", "示例甲省"), Body(Level.CITY, CITY_CODE, "示例甲市"))
    ministry, province, city = (SoftwareVault.create(None, "", body) for body in bodies)
    for suite in SUITES:
        set_up_ministry(ministry, key_catalogue(), suite)
        set_up_province(province, key_catalogue(), suite)
        set_up_city(city, key_catalogue(), suite)
    hand_down(ministry, province)
    hand_down(province, city)
    return Vaults(ministry, province, city)


def id_number(sequence: int, birth: str = "19900101", region: str = "980101") -> str:
    """An invented person's number; an odd sequence is a man's."""
    first = f"{region}{birth}{sequence:03d}"
    return first + check_digit(first)


def product(variant: tuple[str, str] = VARIANTS[0], **changes: object) -> CardProduct:
    layout, algorithm = variant
    return CardProduct(name="test", layout=layout, algorithm=algorithm, **changes)  # type: ignore[arg-type]


PERSON: Mapping[str, str] = {
    "SSSE.EF06.08": id_number(1),
    "name": "测试",
    "SSSE.EF06.0B": "01",
    "SSSE.EF06.0C": CITY_CODE,
    "DF01.EF05.20": "10",
    "DF01.EF05.21": "示例甲市一号街一号",
    "DF01.EF15.40[2].57": "",
    "DF02.EF07[1].01": "1-23-45",
    "DF02.EF07[1].02": "2010-05-06",
    "DF02.EF05.43[1].5A": "2070100",
    "DF02.EF05.43[1].5D": "20120304",
    "DF03.EF07.6E": "20100101",
    "DF04.EF06.90": "",
    "pin": "123456",
    "medical.balance": "12345",
}


@dataclass(frozen=True)
class Line:
    """Everything between a row and a card."""

    encoder: RowEncoder
    preparer: Preparer
    loader: Loader
    suite: Algorithm

    def card(self, values: Mapping[str, str] = PERSON, serial: int = 1) -> PreparedCard:
        person, problems = self.encoder.encode(2, list(values.values()))
        assert problems == []
        return self.preparer.prepare(person, serial)

    def blank(self, card: PreparedCard) -> Chip:
        return blank_card(
            MemoryStore(),
            historical=card.historical,
            algorithm=self.suite,
            transport_key=TEST_TRANSPORT_KEY,
        )

    def made(self, card: PreparedCard) -> Chip:
        chip = self.blank(card)
        reader = InProcessReader(chip)
        reader.reset()
        self.loader.load(reader, card, self.loader.blocks([card])[0])
        return chip


def line(variant: tuple[str, str] = VARIANTS[0], columns: Sequence[str] = tuple(PERSON)) -> Line:
    own = product(variant)
    return line_of(own, card_layout(own.layout), key_catalogue(own.layout), vaults().city, columns)


def line_of(
    own: CardProduct,
    layout: CardLayout,
    entries: Sequence[KeyEntry],
    city: SoftwareVault,
    columns: Sequence[str],
) -> Line:
    encoder = RowEncoder(bind(MappingFile(), columns, layout), layout, Path())
    transport = transport_cipher(city, own.suite)
    preparer = Preparer(
        layout,
        own,
        encoder.plan,
        city_code=CITY_CODE,
        issued=ISSUED,
        transport=transport,
        issuer_mac=city.cipher(city.find(ISSUER_MAC, 1, own.suite)),
    )
    return Line(encoder, preparer, Loader(layout, entries, own, encoder.plan, city, transport), own.suite)


def people_csv(path: Path, count: int, encoding: str = "utf-8") -> Path:
    """A list of ``count`` people with the columns 社会保障号码, 姓名, 户口所在地地址."""
    lines = ["社会保障号码,姓名,户口所在地地址"]
    lines += [f"{id_number(i % 1000, f'19{70 + i // 1000}0101')},测试{i},示例街{i}号" for i in range(count)]
    path.write_text("\n".join(lines) + "\n", encoding)
    return path


def clock() -> datetime:
    return datetime(2026, 1, 3, 4, 5, 6, tzinfo=UTC)
