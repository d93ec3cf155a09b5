"""A batch: a directory that takes a list of people to finished cards and can be killed at any moment.

``batch.json`` (what it is, complete last), ``validation.csv/json``, ``prepared.bin`` (the cards to make),
``progress.bin`` (cards made or failed, append only), ``cards/`` (images), ``audit.jsonl``, ``return.csv``,
``stripe.csv``. Preparing again before it was complete starts over and gets the same serials back;
:mod:`.making` goes on with the first card that is not made."""

import uuid
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import msgspec

from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.journal import Appender
from shebaoka.personalization.load import Loader
from shebaoka.personalization.mapping import MappingFile, bind, open_source
from shebaoka.personalization.nobody import NobodyEncoder
from shebaoka.personalization.numbering import Numbers
from shebaoka.personalization.prepare import CHUNK, PreparedCard, Preparer, prepared
from shebaoka.personalization.product import CardProduct
from shebaoka.personalization.report import Kind, Problem, Report, Summary
from shebaoka.personalization.rows import Person, RowEncoder
from shebaoka.personalization.sources import BadRow, Source
from shebaoka.personalization.state import (
    PREPARED,
    SETTINGS,
    Settings,
    explained,
    locked,
    read_settings,
    write_settings,
)
from shebaoka.personalization.supply import transport_key
from shebaoka.personalization.targets import RecordPlan
from shebaoka.spec.model import CardLayout
from shebaoka.vault.catalogue import ISSUER_MAC
from shebaoka.vault.model import Level, Vault


@dataclass(frozen=True, slots=True)
class Order:
    """What a batch is made from: the list and its mapping, the product, the day of issue, extension files
    of the city. ``reissue``: people who have a card get a further one (replacement); otherwise they are
    refused; ``nobody``: the cards are pre-made, without persons; ``transport``: version of the blanks'
    transport key, the live one when left out."""

    people: Path
    mapping: MappingFile
    product: CardProduct
    issued: date
    extensions: tuple[Path, ...] = ()
    reissue: bool = False
    nobody: bool = False
    transport: int | None = None


@dataclass(frozen=True, slots=True)
class Preparation:
    """The outcome: batch id, counts, and the columns of the list that go nowhere."""

    id: str
    summary: Summary
    unused_columns: tuple[str, ...]


def prepare_batch(
    directory: Path,
    order: Order,
    vault: Vault,
    register: Numbers,
    progress: Callable[[int], None] = lambda rows: None,
    *,
    check_only: bool = False,
) -> Preparation:
    """Reads, checks and prepares the whole list; good rows are never held up by bad ones.

    ``vault``: of the issuing city; ``progress`` is called with the rows read so far; ``check_only``: write
    the report and stop, without numbers and without a note of the persons. Raises PersonalizationError and
    then no card can be made from the directory."""
    _require_city(vault)
    order.product.check(order.issued)
    layout = _settings("", order, vault).layout()
    if order.product.algorithm not in layout.algorithms:
        known = " or ".join(layout.algorithms)
        raise PersonalizationError(f"product {order.product.name}: a {layout.id} card works with {known}")
    source = open_source(order.people, order.mapping.input)
    encoder, unused = _encoder(order, source.columns, layout)
    key = transport_key(vault, order.product.suite, order.transport)
    order, transport = replace(order, transport=key.version), vault.cipher(key)
    _require_keys(order, vault, transport, encoder.plan)
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise PersonalizationError(f"{directory}: cannot be made: {error.strerror}") from None
    with explained(directory), locked(directory):
        id_ = _begin(directory, order, vault)
        preparer = Preparer(
            layout,
            order.product,
            encoder.plan,
            city_code=vault.owner.code,
            issued=order.issued,
            transport=transport,
            issuer_mac=vault.cipher(vault.find(ISSUER_MAC, 1, order.product.suite)),
        )
        register.withdraw(id_)
        with Report(directory) as report:
            intake = _Intake(encoder, register, report, id_, order.reissue, progress)
            persons = intake.persons(source)
            if check_only:
                deque(persons, maxlen=0)
            else:
                _write_cards(directory, prepared(persons, preparer, register, id_, vault.owner.code[:4]))
            summary = report.summary()
        if check_only:
            return Preparation(id_, summary, unused)
        register.issue(intake.accepted, id_)
        places = tuple(place.text for place in encoder.plan.places)
        ready = msgspec.structs.replace(
            _settings(id_, order, vault), places=places, summary=summary, ready=True
        )
        write_settings(directory, ready)
        return Preparation(id_, summary, unused)


class _Intake:
    """Turns rows into checked persons, reports the rest, and remembers whom the batch has."""

    def __init__(
        self,
        encoder: RowEncoder | NobodyEncoder,
        register: Numbers,
        report: Report,
        batch: str,
        reissue: bool,
        progress: Callable[[int], None],
    ) -> None:
        self._encoder = encoder
        self._column = encoder.number_column
        self._register = register
        self._report = report
        self._batch = batch
        self._reissue = reissue
        self._progress = progress
        self._seen: dict[int, int] = {}
        self._refused: set[int] = set()

    @property
    def accepted(self) -> Iterator[int]:
        """The social security numbers of the good rows."""
        return (number for number in self._seen if number not in self._refused)

    def persons(self, source: Source) -> Iterator[Person]:
        """The good rows."""
        waiting: list[Person] = []
        for count, row in enumerate(source.rows(), 1):
            if isinstance(row, BadRow):
                advice = "correct the row in the list"
                self._report.row([Problem(row.number, "", Kind.UNREADABLE, row.reason, advice)])
                continue
            person, problems = self._encoder.encode(*row)
            first = self._seen.setdefault(person.number, person.row) if person.number and not problems else 0
            if first and first != person.row:
                what = f"the same social security number stands in row {first}"
                problems.append(
                    Problem(person.row, self._column, Kind.DUPLICATE, what, "keep one of the rows")
                )
            if problems:
                self._report.row(problems)
                continue
            waiting.append(person)
            if len(waiting) == CHUNK:
                yield from self._not_issued(waiting)
                waiting.clear()
                self._progress(count)
        yield from self._not_issued(waiting)

    def _not_issued(self, persons: Sequence[Person]) -> Iterator[Person]:
        known = (
            set() if self._reissue else self._register.issued_before((p.number for p in persons), self._batch)
        )
        for person in persons:
            if person.number in known:
                self._refused.add(person.number)
                what, advice = "this person has a card of another batch", "order a replacement instead"
                self._report.row([Problem(person.row, self._column, Kind.ISSUED, what, advice)])
            else:
                self._report.row([])
                yield person


def _encoder(
    order: Order, columns: Sequence[str], layout: CardLayout
) -> tuple[RowEncoder | NobodyEncoder, tuple[str, ...]]:
    """What turns the rows into cards, and the columns that go nowhere."""
    if order.nobody:
        return NobodyEncoder(columns, layout), ()
    binding = bind(order.mapping, columns, layout)
    return RowEncoder(binding, layout, order.people.parent), binding.unused


def _begin(directory: Path, order: Order, vault: Vault) -> str:
    """The id of the batch: that of an earlier, incomplete preparation, or a new one."""
    if (directory / SETTINGS).exists():
        earlier = read_settings(directory)
        if earlier.ready:
            raise PersonalizationError(
                f"{directory}: the batch is prepared already; make its cards or choose another"
            )
        id_ = earlier.id
    else:
        id_ = str(uuid.uuid4())
    write_settings(directory, _settings(id_, order, vault))
    return id_


def _settings(id_: str, order: Order, vault: Vault) -> Settings:
    return Settings(
        id=id_,
        city_code=vault.owner.code,
        city_name=vault.owner.name,
        product=order.product,
        extensions=tuple(str(path.resolve()) for path in order.extensions),
        issued=order.issued,
        source=order.people.name,
        transport=order.transport or 1,
    )


def _write_cards(directory: Path, chunks: Iterator[list[PreparedCard]]) -> None:
    scratch = directory / f".{PREPARED}.new"
    scratch.unlink(missing_ok=True)
    file = Appender(scratch)
    encoder = msgspec.msgpack.Encoder()
    try:
        for cards in chunks:
            file.append_all(encoder.encode(card) for card in cards)
    finally:
        file.close()
    scratch.replace(directory / PREPARED)


def _require_keys(order: Order, vault: Vault, transport: BlockCipher, plan: RecordPlan) -> None:
    """Raises PersonalizationError for a key or a place that would only be missed when cards are made."""
    settings = _settings("", order, vault)
    Loader(settings.layout(), settings.entries(), order.product, plan, vault, transport)


def _require_city(vault: Vault) -> None:
    if vault.owner.level is not Level.CITY:
        raise PersonalizationError(f"cards are made with a city's vault; {vault.owner} is none")
