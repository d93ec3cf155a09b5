"""A batch in the background: prepared, made, recorded. Every step may be killed and done again.

What is made is noted in the batch's own files first (:mod:`shebaoka.personalization.making`), then in the
register; the register takes each card's end once. So after a kill of the worker the files say what to
record, after a kill of the database too, and no card is lost, doubled or keyed twice."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import TypeVar
from uuid import UUID

import msgspec

from shebaoka.domain.dates import parse_date
from shebaoka.domain.validity import last_day
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.models import Batch
from shebaoka.office.cards.production import listing
from shebaoka.office.cards.production.keys import vault_of
from shebaoka.office.cards.production.numbers import DatabaseNumbers
from shebaoka.office.cards.services.products import making_of
from shebaoka.office.cards.services.recording import (
    Ended,
    batch_finish,
    batch_prepared,
    batch_trouble,
    cards_record,
    cards_register,
)
from shebaoka.office.cards.services.register_sets import Numbered
from shebaoka.office.organizations.actor import Actor, system
from shebaoka.personalization.batch import Order, prepare_batch
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.journal import Follower
from shebaoka.personalization.making import make_cards
from shebaoka.personalization.report import refused_rows
from shebaoka.personalization.state import (
    PROGRESS,
    SETTINGS,
    Progress,
    locked,
    prepared_cards,
    read_settings,
)
from shebaoka.personalization.supply import Supply
from shebaoka.vault.model import Vault, VaultError

REGISTERED_AT_ONCE = 20_000
RECORDED_AT_ONCE = 200
LOOKED_EVERY = 1.0  # seconds between looks whether the batch was paused

T = TypeVar("T")


class Busy(Exception):  # noqa: N818 - somebody else is at work
    """Another worker has the batch; the job comes again."""


@contextmanager
def alone(pk: UUID) -> Iterator[Batch | None]:
    """The batch, for one worker at a time on all machines that share its folder. Raises Busy."""
    batch = _batch(pk)
    if batch is None:
        yield None
        return
    folder = listing.folder_of(batch)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(folder))
        except PersonalizationError as error:
            raise Busy(str(error)) from error
        yield _batch(pk)


class Paused(Exception):  # noqa: N818 - nothing went wrong
    """Somebody paused the batch."""


def prepare(pk: UUID) -> None:
    """Numbers and contents of every card, and the cards in the register. A second time changes nothing.
    Raises Busy."""
    with alone(pk) as batch:
        if batch is not None and batch.status == "approved" and batch.prepared_at is None:
            _prepared(batch)


def _prepared(batch: Batch) -> None:
    actor = system(batch.organization)
    try:
        _prepare(batch, vault_of(batch.organization))
        register(batch, actor)
    except (PersonalizationError, VaultError, Refusal) as error:
        batch_trouble(actor, batch=batch.pk, what=str(error))


def register(batch: Batch, actor: Actor) -> None:
    """The prepared cards of a batch's folder come into the register."""
    directory = listing.directory_of(batch)
    settings = read_settings(directory)
    until = parse_date(last_day(f"{settings.issued:%Y%m%d}", settings.product.valid_years))
    numbered = (
        Numbered(
            card.row,
            card.serial,
            card.card_number,
            card.identification.hex().upper(),
            card.historical.hex().upper(),
        )
        for card in prepared_cards(directory)
    )
    for part in _parts(numbered, REGISTERED_AT_ONCE):
        cards_register(actor, batch=batch.pk, cards=part, issued=settings.issued, valid_until=until)
    batch_prepared(actor, batch=batch.pk, refused=dict(refused_rows(directory)))


def make(pk: UUID, supply: Supply | None = None, *, workers: int = 1) -> None:
    """Makes what is not made, until it is done or the batch is paused; records as it goes. Raises Busy."""
    with alone(pk) as batch:
        if batch is not None and batch.status == "producing":
            _made(batch, supply, workers)
        elif batch is not None and batch.status in ("made", "delivered"):
            listing.list_path(batch).unlink(missing_ok=True)  # it was killed just before


def tidy(pk: UUID) -> None:
    """A card maker makes the batch: no list of people stays here. Raises Busy."""
    with alone(pk) as batch:
        if batch is not None and batch.status in ("at-site", "made", "delivered"):
            listing.list_path(batch).unlink(missing_ok=True)


def _made(batch: Batch, supply: Supply | None, workers: int) -> None:
    actor = system(batch.organization)
    directory = listing.directory_of(batch)
    follower = Follower(directory / PROGRESS)
    try:
        vault = vault_of(batch.organization)
        make_cards(
            directory,
            vault,
            supply,
            progress_bar=_watch(batch, actor, follower),
            retry_failed=False,
            workers=workers,
        )
    except Paused:
        record(batch, actor, follower)
        return
    except (PersonalizationError, VaultError, Refusal) as error:
        record(batch, actor, follower)
        batch_trouble(actor, batch=batch.pk, what=str(error))
        return
    record(batch, actor, follower)
    batch_finish(actor, batch=batch.pk)
    listing.list_path(batch).unlink(missing_ok=True)


def record(batch: Batch, actor: Actor, follower: Follower) -> None:
    """Takes over what the batch's files say and the register does not know yet."""
    decode = msgspec.msgpack.Decoder(Progress).decode
    for part in _parts((_ended(decode(each)) for each in follower.new()), REGISTERED_AT_ONCE):
        cards_record(actor, batch=batch.pk, ended=part)


def _prepare(batch: Batch, vault: Vault) -> None:
    directory = listing.directory_of(batch)
    if (directory / SETTINGS).exists() and read_settings(directory).ready:
        return
    mapping = listing.write_list(batch)
    issued = batch.issued_on or clock.today()
    people, product = listing.list_path(batch), making_of(batch.product)
    order = Order(people, mapping, product, issued, reissue=True, nobody=batch.premade)
    prepare_batch(directory, order, vault, DatabaseNumbers())


def _watch(batch: Batch, actor: Actor, follower: Follower) -> Callable[[int, int], None]:
    """Called after every card: records them in portions, and sees whether the batch was paused."""
    looked, since = time.monotonic(), 0

    def watch(done: int, total: int) -> None:
        nonlocal looked, since
        since += 1
        if since >= RECORDED_AT_ONCE:
            record(batch, actor, follower)
            since = 0
        if time.monotonic() - looked >= LOOKED_EVERY or done == total:
            looked = time.monotonic()
            if Batch.objects.filter(pk=batch.pk, status="paused").exists():
                raise Paused

    return watch


def _ended(line: Progress) -> Ended:
    made = line.status == "made"
    return Ended(line.serial, made, line.on, line.versions if made else line.reason)


def _batch(pk: UUID) -> Batch | None:
    return Batch.objects.select_related("organization", "product", "outlet", "bank").filter(pk=pk).first()


def _parts(values: Iterator[T], size: int) -> Iterator[Sequence[T]]:
    while part := list(islice(values, size)):
        yield part
