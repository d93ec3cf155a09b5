"""Data preparation (Part 10 §5.3): from checked persons to prepared cards, in chunks.

A prepared card holds everything a card gets except its keys, which are derived in bulk when it is loaded:
numbers, stored bytes of every record the list fills, the PIN already wrapped for the chip, the medical
parameters, Track 2."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import TypeVar

import msgspec

from shebaoka.codec.items import compile_record
from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.crypto.formulas import mac
from shebaoka.domain.dates import format_date, parse_date
from shebaoka.domain.institution import Institution
from shebaoka.domain.validity import last_day
from shebaoka.paper.media import Media
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.key_entries import pin_block
from shebaoka.personalization.numbering import CardNumbers, Numbers, card_numbers
from shebaoka.personalization.product import CardProduct
from shebaoka.personalization.rows import Person
from shebaoka.personalization.stripe import social_pan, track2
from shebaoka.personalization.targets import RecordPlan
from shebaoka.spec.model import CardLayout, Structure

CHUNK = 1000
DEFAULT_CLASS = "3"  # regions that do not tell holders apart write 3 (V2 §8.1.1.2)

_T = TypeVar("_T")


class PreparedCard(msgspec.Struct, array_like=True, frozen=True):
    """A card to be made. ``row``: line of the list; ``records``: stored bytes by place of the batch's plan,
    empty where the record stays blank; ``pin``: wrapped block of 16 bytes; ``medical``: 23 bytes of the
    account's parameters; ``stripe``: Track 2 or empty."""

    row: int
    serial: int
    card_number: str
    identification: bytes
    historical: bytes
    records: list[bytes]
    pin: bytes
    medical: bytes
    stripe: str

    def __repr__(self) -> str:
        return f"<prepared card, row {self.row}, serial {self.serial}>"


class Preparer:
    """Prepares the cards of one batch of one city. ``transport``: cipher of the blank chips' transport key;
    ``issuer_mac``: cipher for the authentication code of the identification code (decision K84)."""

    def __init__(
        self,
        layout: CardLayout,
        product: CardProduct,
        plan: RecordPlan,
        *,
        city_code: str,
        issued: date,
        transport: BlockCipher,
        issuer_mac: BlockCipher,
    ) -> None:
        product.check(issued)
        self._product = product
        self._city = city_code
        self._transport = transport
        self._issuer_mac = issuer_mac
        self._valid_until = parse_date(last_day(format_date(issued), product.valid_years))
        self._padded = [place.file.structure is Structure.TRANSPARENT for place in plan.places]
        self._index = plan.index
        self._plan = plan
        initializer = product.initializer or city_code
        institution = Institution(city_code, initializer, product.initializer_sequence).digits
        self._fixed = {
            "SSSE.EF05.03": layout.version,
            "SSSE.EF05.04": institution,
            "SSSE.EF05.05": format_date(issued),
            "SSSE.EF05.06": format_date(self._valid_until),
        }
        self._constants = [(self._index[to], self._encode(to, text)) for to, text in self._fixed.items()]
        self._class = (self._index["SSSE.EF05.02"], self._encode("SSSE.EF05.02", DEFAULT_CLASS))
        self._code_at = self._index["SSSE.EF05.01"]
        self._number_at = self._index["SSSE.EF05.07"]
        self._pins: dict[str, bytes] = {}
        self._year = f"{issued:%Y}"

    def prepare(self, person: Person, serial: int) -> PreparedCard:
        """The card of a person under a serial of the region."""
        product = self._product
        numbers = card_numbers(serial, self._city, product.vendor, product.maker)
        identification = numbers.issue_code + mac(self._issuer_mac, numbers.issue_code)
        records = person.records
        for position, record in self._constants:
            records[position] = record
        if not records[self._class[0]]:
            records[self._class[0]] = self._class[1]
        records[self._code_at] = b"\x01\x10" + identification
        number = person.kept or numbers.card_number
        records[self._number_at] = b"\x07\x09" + number.encode()
        return PreparedCard(
            person.row,
            serial,
            number,
            identification,
            numbers.historical,
            records,
            self._pin(person.pin),
            self._medical(person.balance),
            self._stripe(person.pan, numbers),
        )

    def _pin(self, pin: str) -> bytes:
        block = self._pins.get(pin)
        if block is None:
            block = self._transport.encrypt(pin_block(pin))
            if len(self._pins) < 16:
                self._pins[pin] = block
        return block

    def _medical(self, balance: int) -> bytes:
        head = balance.to_bytes(4) + b"\x00\x01\x00\x01"
        day = bytes.fromhex(self._year + self._product.starting_day)
        return head + day + bytes((self._product.log_record_length,)) + bytes(8)

    def _stripe(self, pan: str, numbers: CardNumbers) -> str:
        if self._product.media is not Media.COMPOSITE:
            return ""
        return track2(pan or social_pan(numbers.serial), self._valid_until, self._city)

    def _encode(self, place: str, text: str) -> bytes:
        item = self._plan.places[self._index[place]].item
        if item is None:
            raise PersonalizationError(f"{place} is no item")
        return compile_record(item)(text)


def prepared(
    persons: Iterable[Person], preparer: Preparer, register: Numbers, batch: str, region: str
) -> Iterator[list[PreparedCard]]:
    """Chunks of prepared cards; every chunk has its serials reserved before it is given out."""
    for number, chunk in enumerate(chunks(persons, CHUNK)):
        serials = register.reserve(batch, number, region, len(chunk))
        yield [preparer.prepare(person, serial) for person, serial in zip(chunk, serials, strict=True)]


def chunks(values: Iterable[_T], size: int) -> Iterator[Sequence[_T]]:
    """Lists of ``size`` values, the last one shorter."""
    stream = iter(values)
    while part := list(islice(stream, size)):
        yield part
