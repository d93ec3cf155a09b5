"""Batches before they are made: formed, approved against the region's approval (R-10), called off."""

from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import F

from shebaoka.office.approval.models import Region
from shebaoka.office.approval.ordering import Order, case_in_force, production_problems
from shebaoka.office.approval.plan import from_data
from shebaoka.office.approval.services import production_reserve
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.jobs import defer
from shebaoka.office.cards.choices import Making
from shebaoka.office.cards.models import Application, Batch, Place, Product, Stock
from shebaoka.office.cards.services.common import (
    application_moves,
    batch_locked,
    batch_moves,
    next_number,
    organization_of,
    product_of,
    words,
)
from shebaoka.office.cards.services.recording import cards_step
from shebaoka.office.cards.words import state_words
from shebaoka.office.organizations.actor import system
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.two_persons import two_persons

LARGEST = 200_000
_PLACES = """
INSERT INTO cards_place (id, batch_id, application_id, row, ended)
SELECT uuidv7(), %s, id, place + 1, false FROM unnest(%s::uuid[]) WITH ORDINALITY AS wanted (id, place)
"""
_BATCHED = "UPDATE cards_application SET status = 'batched' WHERE id = ANY(%s::uuid[])"


class Approval(msgspec.Struct, frozen=True):
    """The batch may be made. ``face_seen``: the rendered preview of the card face was looked at (R-12)."""

    batch: UUID
    face_seen: bool


class CallingOff(msgspec.Struct, frozen=True):
    """The batch is not made."""

    batch: UUID
    why: str


@service("cards.batch.form")
def batch_form(
    act: Act, *, organization: str, product: str, outlet: str, site: str, bank: str = "", most: int = LARGEST
) -> Batch:
    """A batch of the accepted applications of one product, bank and outlet, the oldest first. ``site``: two
    digits of the production site. Raises Refusal ``cards.nothing-to-make``, ``cards.no-product``."""
    body = organization_of(organization)
    act.on(body)
    made_of = product_of(body, product)
    place = organization_of(outlet)
    partner = organization_of(bank) if bank else None
    waiting = Application.objects.select_for_update(of=("self",), no_key=True).filter(
        organization=body,
        product=made_of,
        outlet=place,
        bank=partner,
        making=Making.FACTORY,
        status="accepted",
    )
    chosen = list(waiting.order_by("at", "number").values_list("pk", flat=True)[: min(most, LARGEST)])
    if not chosen:
        raise Refusal("cards.nothing-to-make")
    made = batch_create(act, body, made_of, place, partner, site, chosen)
    act.about(made, number=made.number, cards=made.size)
    return made


def batch_create(
    act: Act,
    body: Organization,
    product: Product,
    outlet: Organization,
    bank: Organization | None,
    site: str,
    applications: list[UUID],
    **columns: object,
) -> Batch:
    """A batch of these applications, which are locked, within another act. Raises Refusal
    ``cards.no-site``."""
    if len(site) != 2 or not (site.isascii() and site.isdigit()):
        raise Refusal("cards.no-site")
    day = clock.today()
    count = next_number(f"batch {body.region}{site} {day}")
    made = Batch.objects.create(
        number=f"{body.region}{site}{day:%Y%m%d}{count:04d}",
        organization=body,
        product=product,
        bank=bank,
        outlet=outlet,
        site=site,
        formed_at=act.time,
        formed_by=act.actor.staff,
        **{"size": len(applications), **columns},
    )
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [made.pk, applications])
        cursor.execute(_BATCHED, [applications])
    return made


@service("cards.batch.take-out")
def batch_take_out(act: Act, *, batch: UUID, application: str, why: str) -> Batch:
    """One application leaves a batch that is not approved yet, and waits for another. Raises Refusal
    ``cards.batch-not-now``, ``base.not-found``."""
    found = batch_locked(act, batch)
    if found.status not in ("formed", "bank-out", "bank-back") or found.size < 2:
        raise _not_now(found)
    place = (
        Place.objects.select_for_update(of=("self",), no_key=True)
        .select_related("application")
        .filter(batch=found, ended=False, application__number=application)
        .first()
    )
    if place is None:
        raise Refusal("base.not-found", what=application)
    place_ends(place, "take-out", words(why))
    act.about(found, number=found.number, application=application)
    return found


@two_persons("cards.batch.approve", Approval, rehearsed=True)
def batch_approve(act: Act, approval: Approval) -> Batch:
    """The batch is made: a leader checks what a clerk formed. The order is taken from what the region's
    approval leaves (R-10), and the numbers are prepared in the background.

    Raises Refusal ``cards.face-not-seen``, ``cards.bank-first``, ``cards.batch-not-now`` and those of
    :func:`~shebaoka.office.approval.ordering.production_problems`."""
    found = batch_locked(act, approval.batch)
    if not approval.face_seen:
        raise Refusal("cards.face-not-seen")
    if found.bank_id is not None and found.status != "bank-back":
        raise Refusal("cards.bank-first", number=found.number)
    order = order_of(found)
    reserve(found, order)
    batch_moves(
        found,
        "approve",
        approved_by=act.actor.staff if act.actor.number != act.persons.get("maker") else None,
        approved_at=act.time,
        order=order.digest,
        issued_on=clock.today(),
    )
    defer("cards.batch.prepare", once=str(found.pk), batch=str(found.pk))
    act.about(found, number=found.number, cards=found.size, order=order.digest)
    return found


def order_of(batch: Batch) -> Order:
    """The production order: the product as approval compares it, the groups and the quantity of the batch.
    Test cards and pre-made ones are for nobody yet, and so for all groups that are approved."""
    if batch.test or batch.premade:
        region = Region.objects.filter(organization=batch.organization).first()
        case = case_in_force(region, clock.today()) if region is not None else None
        approved = from_data(case.plan).population if case is not None else ()
        return Order(**batch.product.order, population=approved, quantity=batch.size, test=batch.test)
    groups = Application.objects.filter(places__batch=batch, places__ended=False)
    population = tuple(sorted(set(groups.values_list("population", flat=True))))
    return Order(**batch.product.order, population=population, quantity=batch.size)


def reserve(batch: Batch, order: Order) -> None:
    """Takes the order from the approved quantity; test cards need none. Raises Refusal."""
    if batch.test:
        for problem in production_problems(batch.organization, order, clock.today()):
            raise problem
        return
    production_reserve(
        system(batch.organization), organization=batch.organization, order=order, reference=batch.number
    )


@two_persons("cards.batch.call-off", CallingOff)
def batch_call_off(act: Act, calling: CallingOff) -> Batch:
    """The batch is not made; its applications wait for another one. What approval reserved stays used."""
    found = batch_locked(act, calling.batch)
    why = words(calling.why)
    if found.prepared_at is not None:
        raise _not_now(found)
    batch_moves(found, "call-off", ended_at=act.time)
    Application.objects.filter(places__batch=found, places__ended=False, status="batched").update(
        status="accepted", why=why
    )
    Place.objects.filter(batch=found).update(ended=True)
    act.about(found, number=found.number, why=why)
    return found


@service("cards.batch.start")
def batch_start(act: Act, *, batch: UUID) -> Batch:
    """The prepared cards are made here, in the background. Raises Refusal ``cards.not-prepared``,
    ``cards.too-few-blanks``, ``cards.batch-not-now``."""
    found = batch_locked(act, batch)
    if found.prepared_at is None:
        raise Refusal("cards.not-prepared", number=found.number)
    blanks = Stock.objects.filter(holder=found.organization, product=found.product).first()
    wanted = found.cards.filter(plastic="ordered").count()
    if (blanks.stock if blanks else 0) < wanted:
        raise Refusal("cards.too-few-blanks", stock=blanks.stock if blanks else 0, quantity=wanted)
    batch_moves(found, "start", trouble="")
    defer("cards.batch.make", once=str(found.pk), batch=str(found.pk))
    act.about(found, number=found.number)
    return found


@service("cards.batch.pause")
def batch_pause(act: Act, *, batch: UUID) -> Batch:
    """The job stops at the next card; nothing is lost."""
    found = batch_locked(act, batch)
    batch_moves(found, "pause")
    act.about(found, number=found.number)
    return found


@service("cards.batch.resume")
def batch_resume(act: Act, *, batch: UUID) -> Batch:
    """The job goes on with the first card that is not made; also after a failure of the job itself."""
    found = batch_locked(act, batch)
    if found.status == "paused":
        batch_moves(found, "resume", trouble="")
    elif found.status == "approved" and found.prepared_at is None:
        defer("cards.batch.prepare", once=str(found.pk), batch=str(found.pk))
        act.about(found, number=found.number)
        return found
    elif found.status != "producing":
        raise _not_now(found)
    defer("cards.batch.make", once=str(found.pk), batch=str(found.pk))
    act.about(found, number=found.number)
    return found


@service("cards.batch.deliver")
def batch_deliver(act: Act, *, batch: UUID, document: str) -> Batch:
    """The outlet received the made cards with their list. Raises Refusal ``cards.batch-not-now``."""
    found = batch_locked(act, batch)
    batch_moves(found, "deliver")
    count = cards_step(
        act, found.cards.filter(plastic="made"), {"plastic": "outlet"}, "deliver", words(document)
    )
    act.about(found, number=found.number, cards=count, document=document[:80])
    return found


def place_ends(place: Place, name: str, why: str) -> None:
    """An application leaves its batch, which is one smaller."""
    place.ended = True
    place.save(update_fields=["ended"])
    application_moves(place.application, name, why)
    Batch.objects.filter(pk=place.batch_id).update(size=F("size") - 1)


def _not_now(batch: Batch) -> Refusal:
    return Refusal("cards.batch-not-now", number=batch.number, state=state_words("batch", batch.status))
