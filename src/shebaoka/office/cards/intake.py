"""Cards in use of a system that is replaced, taken beside their holders from the same list.

Texts of states are mapped to AAZ502 by ``intake.toml``. A card that cannot be taken is told with its heading
and holds neither its person nor other cards up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from uuid import UUID

from shebaoka.codec.reset import historical_bytes
from shebaoka.domain import card_number, identification_code
from shebaoka.domain.dates import parse_date
from shebaoka.office.base.records import writing
from shebaoka.office.cards.issuers import issuer_of
from shebaoka.office.cards.models import Card, Event, Product, Series
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.models import Organization
from shebaoka.spec.loading import read_toml

NUMBER, CODE, RESET, STATE = "卡号", "卡识别码", "复位信息", "卡状态"
ISSUED, UNTIL, BANK_CARD = "发卡日期", "卡有效期", "银行卡号"
UNFIT, KNOWN = "cards.intake-unfit", "cards.intake-known"
_AT_ONCE = 2000

Cards = Sequence[tuple[int, str, Mapping[str, str]]]


@cache
def states() -> Mapping[str, str]:
    """Texts of replaced systems, and the codes of AAZ502 they mean."""
    return {str(text): str(code) for text, code in read_toml(Path(__file__).with_name("intake.toml")).items()}


@dataclass(frozen=True, slots=True)
class _Row:
    row: int
    person: UUID
    number: str
    code: str
    historical: str
    social: str
    issued: date
    until: date
    bank_card: str


class Intake:
    """See :class:`shebaoka.office.people.hooks.CardIntake`."""

    columns = frozenset({NUMBER, CODE, RESET, STATE, ISSUED, UNTIL, BANK_CARD})

    def take(self, act: Act, agency: Organization, cards: Cards) -> Iterator[tuple[int, str, str]]:
        """The cards of persons just taken; row, error code and heading of each that is not."""
        wanted: list[_Row] = []
        for row, person, cells in cards:
            if not any(cells.get(column, "").strip() for column in (NUMBER, CODE)):
                continue
            found = _read(row, person, cells)
            if isinstance(found, _Row):
                wanted.append(found)
            else:
                yield row, UNFIT, found
        if not wanted:
            return
        issuer = issuer_of(agency)
        product = Product.objects.filter(organization=issuer, closed_on=None).order_by("code").first()
        if product is None:
            yield from ((each.row, UNFIT, NUMBER) for each in wanted)
            return
        free = _free(issuer, wanted)
        yield from ((each.row, KNOWN, CODE) for each in wanted if each not in free)
        with writing("cards.import.take"):
            _create(act, agency, issuer, product, free)


def _read(row: int, person: str, cells: Mapping[str, str]) -> _Row | str:
    """The card of a row, or the heading of what does not fit."""
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
        issued, until = (parse_date(cell[column].replace("-", "")) for column in (ISSUED, UNTIL))
    except ValueError:
        return ISSUED
    if until < issued:
        return UNTIL
    return _Row(
        row,
        UUID(str(person)),
        number,
        cell[CODE].upper(),
        historical.hex().upper(),
        social,
        issued,
        until,
        cell[BANK_CARD],
    )


def _free(issuer: Organization, rows: Sequence[_Row]) -> list[_Row]:
    """Those whose numbers nobody has yet, each once."""
    codes = set(Card.objects.filter(code__in=[each.code for each in rows]).values_list("code", flat=True))
    resets = [each.historical for each in rows]
    taken = set(Card.objects.filter(historical__in=resets).values_list("historical", flat=True))
    live = Card.objects.filter(organization=issuer, number__in=[each.number for each in rows])
    numbers = set(live.exclude(social__in=("6", "9")).values_list("number", flat=True))
    found = []
    for each in rows:
        if each.code in codes or each.historical in taken or each.number in numbers:
            continue
        codes.add(each.code)
        taken.add(each.historical)
        if each.social != "9":
            numbers.add(each.number)
        found.append(each)
    return found


def _create(
    act: Act, agency: Organization, issuer: Organization, product: Product, rows: Sequence[_Row]
) -> None:
    cards, lines = [], []
    for each in rows:
        over = each.social == "9"
        card = Card(
            organization=issuer,
            person_id=each.person,
            product=product,
            outlet=agency,
            serial=int(each.code[16:24]),
            number=each.number,
            code=each.code,
            historical=each.historical,
            bank_card="" if over else each.bank_card,
            bank="opened" if each.bank_card and not over else "none",
            issued_on=each.issued,
            valid_until=each.until,
            social=each.social,
            social_before="1" if each.social in ("2", "4") else "",
            plastic="gone" if over else "held",
            ended_at=act.time if over else None,
            step=1,
        )
        cards.append(card)
        lines.append(_line(act, card, agency))
    Card.objects.bulk_create(cards, batch_size=_AT_ONCE)
    Event.objects.bulk_create(lines, batch_size=_AT_ONCE)
    _serials(cards)


def _serials(cards: Sequence[Card]) -> None:
    """The counters of the regions go on after the numbers that came in."""
    last: dict[str, int] = {}
    for card in cards:
        key = f"serial {card.code[:4]}"
        last[key] = max(last.get(key, 0), card.serial)
    for key, serial in sorted(last.items()):
        Series.objects.get_or_create(key=key)
        series = Series.objects.select_for_update(no_key=True).get(key=key)
        if series.last < serial:
            series.last = serial
            series.save(update_fields=["last"])


def _line(act: Act, card: Card, agency: Organization) -> Event:
    return Event(
        card=card,
        step=1,
        act="import",
        social=card.social,
        bank=card.bank,
        plastic=card.plastic,
        at=act.time,
        channel=act.actor.channel.value,
        why="import",
        body=agency,
        by=act.actor.staff,
    )
