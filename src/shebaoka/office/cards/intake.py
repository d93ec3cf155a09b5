"""Cards in use of a system that is replaced, taken beside their holders from the same list.

Texts of states are mapped to AAZ502 by ``intake.toml``. A card that cannot be taken is told with its heading
and holds neither its person nor other cards up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from uuid import UUID

from shebaoka.codec.reset import historical_bytes
from shebaoka.domain import card_number, identification_code
from shebaoka.domain.dates import parse_date
from shebaoka.office.base.copying import line
from shebaoka.office.base.ids import new_ids
from shebaoka.office.base.records import writing
from shebaoka.office.cards.intake_sets import clashing, taken
from shebaoka.office.cards.issuers import issuer_of
from shebaoka.office.cards.models import Product
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.models import Organization
from shebaoka.spec.loading import read_toml

NUMBER, CODE, RESET, STATE = "卡号", "卡识别码", "复位信息", "卡状态"
ISSUED, UNTIL, BANK_CARD = "发卡日期", "卡有效期", "银行卡号"
UNFIT, KNOWN = "cards.intake-unfit", "cards.intake-known"
_LONGEST_BANK_CARD = 19

Cards = Sequence[tuple[int, str, Mapping[str, str]]]


@cache
def states() -> Mapping[str, str]:
    """Texts of replaced systems, and the codes of AAZ502 they mean."""
    return {str(text): str(code) for text, code in read_toml(Path(__file__).with_name("intake.toml")).items()}


@dataclass(slots=True)
class Read:
    """``cards``: rows for COPY, ``count`` of them; ``rows``: their rows; ``unfit``: row, the person's id and
    heading of those that do not fit."""

    cards: bytes = b""
    rows: list[int] = field(default_factory=list)
    unfit: list[tuple[int, str, str]] = field(default_factory=list)


class Intake:
    """See :class:`shebaoka.office.people.hooks.CardIntake`."""

    columns = frozenset({NUMBER, CODE, RESET, STATE, ISSUED, UNTIL, BANK_CARD})

    def read(self, cards: Cards) -> Read:
        """The cards of a portion of a list."""
        made, lines, ids = Read(), [], new_ids()
        for row, person, cells in cards:
            if not (cells.get(NUMBER, "").strip() or cells.get(CODE, "").strip()):
                continue
            found = _read(row, person, cells, ids)
            if found in self.columns:
                made.unfit.append((row, person, found))
            else:
                lines.append(found)
                made.rows.append(row)
        made.cards = "".join(lines).encode()
        return made

    def take(
        self, act: Act, agency: Organization, read: Read, lost: Sequence[UUID]
    ) -> Iterator[tuple[int, str, str]]:
        """The cards of persons just taken; row, error code and heading of each that is not."""
        gone = {str(each) for each in lost}
        yield from ((row, UNFIT, heading) for row, person, heading in read.unfit if person not in gone)
        if not read.rows:
            return
        issuer = issuer_of(agency)
        product = Product.objects.filter(organization=issuer, closed_on=None).order_by("code").first()
        if product is None:
            yield from ((row, UNFIT, NUMBER) for row in read.rows)
            return
        with writing("cards.import.take"):
            new = taken(act, agency, issuer, product, read.cards, lost)
        if new < len(read.rows):
            yield from ((row, KNOWN, CODE) for row in clashing(lost))


def _read(row: int, person: str, cells: Mapping[str, str], ids: Iterator[str]) -> str:
    """The card of a row for COPY (:data:`~shebaoka.office.cards.intake_sets.COLUMNS`), or the heading of what
    does not fit."""
    cell = {column: cells.get(column, "").strip() for column in Intake.columns}
    number = card_number.from_print(cell[NUMBER].upper())
    if not card_number.check(number):
        return NUMBER
    try:
        identification_code.parse(bytes.fromhex(cell[CODE]))
    except ValueError:
        return CODE
    try:
        historical = historical_bytes(bytes.fromhex(cell[RESET]))
    except ValueError:
        return RESET
    social = states().get(cell[STATE])
    if social is None:
        return STATE
    try:
        issued, until = _date(cell[ISSUED]), _date(cell[UNTIL])
    except ValueError:
        return ISSUED
    if until < issued:
        return UNTIL
    bank_card = cell[BANK_CARD]
    if bank_card and not (
        bank_card.isascii() and bank_card.isdigit() and len(bank_card) <= _LONGEST_BANK_CARD
    ):
        return BANK_CARD
    code = cell[CODE].upper()
    over = social == "9"
    return line(
        (
            row,
            next(ids),
            next(ids),
            person,
            int(code[16:24]),
            number,
            code,
            historical.hex().upper(),
            "" if over else bank_card,
            "opened" if bank_card and not over else "none",
            issued,
            until,
            social,
            "1" if social in ("2", "4") else "",
            "gone" if over else "held",
        )
    )


def _date(text: str) -> date:
    return parse_date(text.replace("-", ""))
