"""Applications for cards: one person, one live card (M47 art. 16; D-01 to D-07; domain practice)."""

from datetime import timedelta
from uuid import UUID

import msgspec

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.choices import (
    REPLACING,
    Applicant,
    ApplicationKind,
    Delivery,
    Making,
    Proof,
    Reason,
)
from shebaoka.office.cards.issuers import issuer_of
from shebaoka.office.cards.models import Application, ApplicationList, Card
from shebaoka.office.cards.models.applications import OPEN
from shebaoka.office.cards.neighbors import demand_known, demand_ready
from shebaoka.office.cards.services.common import (
    application_moves,
    live_card,
    next_number,
    organization_of,
    person_locked,
    product_of,
    words,
)
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.selectors import number as parameter
from shebaoka.office.parameters.selectors import switch
from shebaoka.office.people.models import Person

_WHY = {
    ApplicationKind.NEW: {Reason.NONE},
    ApplicationKind.REISSUE: {Reason.LOST},
    ApplicationKind.EXCHANGE: set(Reason) - {Reason.NONE, Reason.LOST},
    ApplicationKind.SAME_NUMBER: set(Reason) - {Reason.NONE, Reason.LOST, Reason.BANK},
    ApplicationKind.TEMPORARY: {Reason.LOST, Reason.DAMAGED, Reason.UNREADABLE},
}


class NewApplication(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for. ``outlet``, ``bank``: codes of organizations; ``agent``: name and document number
    of who applies for the person."""

    kind: ApplicationKind
    product: str
    population: str
    outlet: str
    reason: Reason = Reason.NONE
    bank: str = ""
    making: Making = Making.FACTORY
    delivery: Delivery = Delivery.OUTLET
    proof: Proof = Proof.IDENTITY
    agent: tuple[str, str] = ("", "")


@service("cards.application.take")
def application_take(act: Act, *, person: UUID, new: NewApplication) -> Application:
    """One person's application at a counter.

    Raises Refusal ``cards.has-card`` (D-02: re-issue or exchange instead), ``cards.applied``, ``cards.dead``
    (D-06), ``cards.guardian`` (D-07), ``cards.no-card-to-replace``, ``cards.not-lost``, ``cards.too-early``,
    ``cards.kind-and-reason``, ``cards.no-temporary``, ``cards.no-bank``, ``cards.no-product``, and what the
    duplicate query of people refuses (D-01, D-04)."""
    made = taken(act, person_locked(act, person), new, Applicant.PERSON, None)
    act.about(made, number=made.number, kind=made.kind)
    return made


@service("cards.application.withdraw")
def application_withdraw(act: Act, *, application: UUID, why: str) -> Application:
    """The applicant does not want it any more. Raises Refusal ``cards.application-not-now``."""
    found = application_locked(act, application)
    application_moves(found, "withdraw", words(why))
    act.about(found, number=found.number)
    return found


@service("cards.application.retry")
def application_retry(act: Act, *, application: UUID) -> Application:
    """What stood against it is settled: it can go into a batch again."""
    found = application_locked(act, application)
    application_moves(found, "retry")
    act.about(found, number=found.number)
    return found


def taken(
    act: Act, person: Person, new: NewApplication, applicant: Applicant, listed: ApplicationList | None
) -> Application:
    """The application, within another act."""
    act.on(_counter(act, person))
    issuer = issuer_of(person.agency)
    old = _may_have(person, new, issuer)
    product = product_of(issuer, new.product)
    demand_ready(person, product)
    demand_known(person, issuer, new=new.kind == ApplicationKind.NEW)
    bank = _bank(new.bank, issuer)
    outlet = organization_of(new.outlet)
    if not (issuer.contains(outlet) or outlet.kind == Kind.BANK):
        raise Refusal("base.not-found", what=new.outlet)
    name, document = (" ".join(each.split()) for each in new.agent)
    today = clock.today()
    return Application.objects.create(
        number=f"{issuer.region}{today:%Y%m%d}{next_number(f'application {issuer.code} {today}'):06d}",
        organization=issuer,
        agency=act.organization,
        outlet=outlet,
        person=person,
        kind=new.kind,
        reason=new.reason,
        applicant=applicant,
        list=listed,
        agent_name=name,
        agent_document=document,
        proof=new.proof,
        channel=act.actor.channel.value,
        making=new.making,
        delivery=new.delivery,
        product=product,
        population=words(new.population, 60),
        bank=bank,
        old_card=old.number if old is not None else "",
        fee=_fee(new.kind, issuer),
        at=act.time,
        by=act.actor.staff,
    )


def application_locked(act: Act, pk: UUID) -> Application:
    """One of the actor's area, locked. Raises Refusal ``base.not-found``."""
    found = (
        Application.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organization", "agency", "outlet", "person", "product", "bank")
        .filter(pk=pk)
        .first()
    )
    own = act.actor.organization
    if found is None or not (own.contains(found.organization) or own.contains(found.agency)):
        raise Refusal("base.not-found", what="application")
    act.on(found.agency if own.contains(found.agency) else found.organization)
    return found


def _counter(act: Act, person: Person) -> Organization:
    """Whose act it is: of the actor's organization when the person belongs to its area, or when both have the
    same issuing body (a bank's counter, another district)."""
    own = act.actor.organization
    if own.contains(person.agency) or issuer_of(person.agency).contains(own):
        return own
    raise Refusal("base.not-found", what="person")


def _may_have(person: Person, new: NewApplication, issuer: Organization) -> Card | None:
    """The card that the new one replaces, None for a first card."""
    if person.died_on is not None:
        raise Refusal("cards.dead")
    if new.reason not in _WHY[new.kind]:
        raise Refusal("cards.kind-and-reason")
    if _young(person, issuer) and not new.agent[0].strip():
        raise Refusal("cards.guardian", age=parameter(issuer, "cards.guardian-age"))
    if Application.objects.filter(person=person, status__in=OPEN).exists():
        raise Refusal("cards.applied")
    if (
        Card.objects.filter(person=person, kind="full", plastic__in=("ordered", "made", "outlet"))
        .exclude(social__in=("6", "9"))
        .exists()
    ):
        raise Refusal("cards.applied")
    live = live_card(person)
    if new.kind == ApplicationKind.TEMPORARY:
        return _temporary(person, live, issuer)
    if new.kind not in REPLACING:
        if live is not None:
            raise Refusal("cards.has-card")
        return None
    if live is None:
        raise Refusal("cards.no-card-to-replace")
    if new.kind == ApplicationKind.REISSUE and live.social != "2":
        raise Refusal("cards.not-lost")
    if new.reason == Reason.MOVED and live.organization.region[:2] == issuer.region[:2]:
        raise Refusal("cards.kind-and-reason")  # within a province the card goes on
    if new.reason == Reason.EXPIRED:
        days = parameter(issuer, "cards.renewal-days")
        if clock.today() < live.valid_until - timedelta(days=days):
            raise Refusal("cards.too-early", days=days)
    return live


def _temporary(person: Person, live: Card | None, issuer: Organization) -> Card | None:
    if not parameter(issuer, "cards.temporary-card-days"):
        raise Refusal("cards.no-temporary")
    if live is not None and live.social not in ("2", "3", "4"):
        raise Refusal("cards.has-card")
    if Card.objects.filter(person=person, kind="temporary").exclude(social__in=("6", "9")).exists():
        raise Refusal("cards.has-temporary")
    return live


def _young(person: Person, issuer: Organization) -> bool:
    day = clock.today()
    age = day.year - person.birth.year - ((day.month, day.day) < (person.birth.month, person.birth.day))
    return age < parameter(issuer, "cards.guardian-age")


def _bank(code: str, issuer: Organization) -> Organization | None:
    if not code:
        if switch(issuer, "cards.financial"):
            raise Refusal("cards.no-bank")
        return None
    found = organization_of(code)
    if found.kind != Kind.BANK:
        raise Refusal("cards.no-bank")
    return found


def _fee(kind: ApplicationKind, issuer: Organization) -> int:
    """Fen, as the region says."""
    if kind in (ApplicationKind.NEW, ApplicationKind.TEMPORARY):
        return parameter(issuer, "cards.first-fee")
    return parameter(issuer, "cards.replacement-fee")
