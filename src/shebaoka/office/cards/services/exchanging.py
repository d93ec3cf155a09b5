"""Files of a batch: to the bank for pre-opening and back, to a card maker and back (domain practice)."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from shebaoka.domain.card_number import check as right_number
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.jobs import defer
from shebaoka.office.cards.formats import p1, p2, p3
from shebaoka.office.cards.formats.records import Answer, FormatError, Outgoing
from shebaoka.office.cards.formats.records import Batch as About
from shebaoka.office.cards.models import Application, Batch, Place
from shebaoka.office.cards.sealing import certificate_of, sealed
from shebaoka.office.cards.services.batches import place_ends
from shebaoka.office.cards.services.common import batch_locked, batch_moves
from shebaoka.office.cards.services.recording import Ended, record
from shebaoka.office.cards.services.sites import site_of
from shebaoka.office.organizations.acts import Act, service
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.stripe import check_pan


class Format(StrEnum):
    """Layouts that files come in."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"


_WRITE: dict[Format, Callable[[About, Sequence[Outgoing]], bytes]] = {
    Format.P1: p1.written,
    Format.P2: p2.written,
    Format.P3: p3.written,
}
_READ_BANK: dict[Format, Callable[[bytes, About, int], list[Answer]]] = {
    Format.P1: p1.read_reviewed,
    Format.P2: p2.read_answered,
    Format.P3: p3.read_answered,
}
_READ_MAKER: dict[Format, Callable[[bytes, About, int], list[Answer]]] = {
    Format.P1: p1.read_made,
    Format.P3: p3.read_answered,
}


@service("cards.batch.export-bank")
def bank_export(act: Act, *, batch: UUID, format: Format) -> tuple[str, bytes]:
    """The file for pre-opening; name and content. Again: the same again. Raises Refusal
    ``cards.export-unfit``, ``cards.no-bank``, ``cards.batch-not-now``."""
    found = batch_locked(act, batch)
    if found.bank is None:
        raise Refusal("cards.no-bank")
    name, content = _written(found, format)
    digest = sha256(content).hexdigest()
    if found.status != "bank-out":
        batch_moves(found, "export-bank", digest=digest)
    act.about(found, number=found.number, format=format.value, digest=digest)
    return name, content


@service("cards.batch.import-bank")
def bank_import(act: Act, *, batch: UUID, format: Format, content: bytes) -> Batch:
    """The bank's return: card numbers of opened accounts; refused applications leave the batch with the
    reason. Raises Refusal ``cards.return-unfit`` for anything that does not fit as a whole: then nothing was
    taken over."""
    found = batch_locked(act, batch)
    places = {each.row: each for each in _places(found)}
    answers = _read(_READ_BANK, format, content, found, len(places))
    good = 0
    for answer in answers:
        place = _matching(places, answer)
        if not answer.good:
            place_ends(place, "fail", answer.reason)
            continue
        _check_bank_card(answer)
        good += 1
        place.application.bank_card = answer.bank_card
    if not good:
        raise Refusal("cards.return-unfit", why="no account was opened")
    opened = [places[each.sequence].application for each in answers if each.good]
    Application.objects.bulk_update(opened, ["bank_card"], batch_size=2000)
    found.refresh_from_db(fields=["size"])
    batch_moves(found, "import-bank")
    act.about(found, number=found.number, opened=good, refused=len(answers) - good)
    return found


@service("cards.batch.export-site")
def site_export(act: Act, *, batch: UUID, format: Format) -> tuple[str, bytes]:
    """The file for a card maker, with the card numbers prepared here, signed and encrypted for its site
    (R-14); nothing of it is kept. ``digest`` is of the file inside. Raises Refusal ``cards.not-prepared``,
    ``cards.export-unfit``, ``cards.site-needed``, ``cards.site-over``."""
    found = batch_locked(act, batch)
    if found.prepared_at is None:
        raise Refusal("cards.not-prepared", number=found.number)
    if found.test or found.premade:
        raise Refusal("cards.made-here-only", number=found.number)
    site = site_of(found)
    name, content = _written(found, format)
    digest = sha256(content).hexdigest()
    if found.status != "at-site":
        batch_moves(found, "export-site", digest=digest)
        defer("cards.batch.tidy", once=str(found.pk), batch=str(found.pk))
    encrypted = site.fingerprint if site is not None else ""
    act.about(found, number=found.number, format=format.value, digest=digest, encrypted=encrypted)
    if site is None:
        return name, content
    return f"{name}.p7m", sealed(content, certificate_of(site.certificate))


@service("cards.batch.import-site")
def site_import(act: Act, *, batch: UUID, format: Format, content: bytes) -> Batch:
    """The maker's return (回盘): made, or not and why. Raises Refusal ``cards.return-unfit``."""
    found = batch_locked(act, batch)
    cards = {each.number: each for each in found.cards.filter(plastic="ordered").select_related("person")}
    answers = _read(_READ_MAKER, format, content, found, len(cards))
    ended = []
    for answer in answers:
        card = cards.get(answer.card_number)
        if not right_number(answer.card_number) or card is None:
            raise Refusal("cards.return-unfit", why=f"record {answer.sequence}: no such card number")
        if card.person is None or card.person.number != answer.document:
            raise Refusal("cards.return-unfit", why=f"record {answer.sequence}: another person's")
        ended.append(Ended(card.serial, answer.good, clock.today(), answer.reason or "1"))
    record(act, found, ended)
    batch_moves(found, "import-site", ended_at=act.time)
    act.about(found, number=found.number, made=sum(each.made for each in ended), records=len(ended))
    return found


def about(batch: Batch) -> About:
    """What the files of a batch say of it."""
    bank = (batch.bank.code, batch.bank.name) if batch.bank is not None else ("", "")
    maker = (batch.site, str(batch.product.order.get("supplier", "")))
    return About(batch.number, batch.product.code, bank, maker, batch.organization.name, batch.outlet.name)


def outgoing(batch: Batch) -> list[Outgoing]:
    """The records of a batch, in the order of its rows."""
    cards = {each.application_id: each for each in batch.cards.all()}
    found = []
    for place in _places(batch):
        person, card = place.application.person, cards.get(place.application_id)
        found.append(
            Outgoing(
                place.row,
                place.application.number,
                person.pk.hex,
                person.name,
                person.sex,
                person.document_type,
                person.number,
                f"{person.birth:%Y%m%d}",
                nation=person.nation,
                country=person.nationality,
                birthplace=person.birthplace,
                phone=person.phone,
                address=person.address,
                employer_code=person.employer.code if person.employer is not None else "",
                employer=person.employer.name if person.employer is not None else "",
                card_number=card.number if card is not None else "",
                issued=f"{card.issued_on:%Y%m%d}" if card is not None else "",
                valid_until=f"{card.valid_until:%Y%m%d}" if card is not None else "",
                applied=f"{place.application.at.astimezone(clock.CHINA):%Y-%m-%d}",
                bank_card=place.application.bank_card,
            )
        )
    return found


def _places(batch: Batch) -> list[Place]:
    places = Place.objects.filter(batch=batch, ended=False).order_by("row")
    return list(places.select_related("application__person__employer"))


def _written(batch: Batch, format: Format) -> tuple[str, bytes]:
    of, now = about(batch), clock.now().astimezone(clock.CHINA)
    name = {
        Format.P1: p1.file_name(of, now, "s"),
        Format.P2: p2.file_name(of, now),
        Format.P3: f"{batch.number}.xlsx",
    }[format]
    try:
        return name, _WRITE[format](of, outgoing(batch))
    except FormatError as error:
        raise Refusal("cards.export-unfit", why=str(error)) from error


def _read(
    readers: dict[Format, Callable[[bytes, About, int], list[Answer]]],
    format: Format,
    content: bytes,
    batch: Batch,
    expected: int,
) -> list[Answer]:
    if format not in readers:
        raise Refusal("cards.return-unfit", why=f"{format} has no such return")
    try:
        return readers[format](content, about(batch), expected)
    except FormatError as error:
        raise Refusal("cards.return-unfit", why=str(error)) from error


def _matching(places: dict[int, Place], answer: Answer) -> Place:
    place = places.get(answer.sequence)
    if place is None or place.application.person.number != answer.document:
        raise Refusal("cards.return-unfit", why=f"record {answer.sequence}: not a person of this batch")
    return place


def _check_bank_card(answer: Answer) -> None:
    try:
        check_pan(answer.bank_card)
    except PersonalizationError as error:
        raise Refusal("cards.return-unfit", why=f"record {answer.sequence}: {error}") from error
