"""Lists of applications over the interface: sent once, followed by who sent them."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.db.models import Count, QuerySet

from shebaoka.journal.canonical import canonical
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards import selectors
from shebaoka.office.cards.choices import Applicant
from shebaoka.office.cards.models import Application, ApplicationList, Card
from shebaoka.office.cards.models.applications import ListRow
from shebaoka.office.cards.services import NewApplication
from shebaoka.office.cards.services.lists import NAME, NUMBER, list_take
from shebaoka.office.interfaces.answered import Answer, once
from shebaoka.office.interfaces.models import Token
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.reading import read_noted
from shebaoka.office.parameters.selectors import number as parameter
from shebaoka.office.people.models import Employer

_FIELDS = ("people.name", "cards.application", "cards.number")
"""What the rows of a list tell."""


class Sent(NamedTuple):
    """A list as it was sent; ``rows``: number and name of each person."""

    applicant: Applicant
    employer: str
    sender: str
    rows: Sequence[tuple[str, str]]
    new: NewApplication


class ListState(NamedTuple):
    """A list and how far it is; ``states``: applications by state."""

    id: str
    at: datetime
    applicant: str
    employer: str
    sender: str
    rows: int
    taken: int
    refused: int
    states: dict[str, int]


class Row(NamedTuple):
    """A row and what became of it."""

    row: int
    result: str
    problem: str
    text: str
    application: str
    state: str
    card: str


def send(actor: Actor, token: Token | None, key: str, sent: Sent, told: Callable[[ListState], str]) -> Answer:
    """Takes a list once (:func:`~shebaoka.office.interfaces.answered.once`); ``told`` writes the answer.

    Raises Refusal ``interfaces.not-your-employer``, ``interfaces.no-employer``,
    ``interfaces.too-many-rows``, and what ``cards.list.take`` refuses."""
    if token is None:
        raise Refusal("interfaces.no-token")
    place = actor.organization
    if token.employer and (sent.employer != token.employer or sent.applicant != Applicant.EMPLOYER):
        raise Refusal("interfaces.not-your-employer", employer=token.employer)
    if sent.employer and not Employer.objects.filter(code=sent.employer, region=place.region).exists():
        raise Refusal("interfaces.no-employer", employer=sent.employer, name=place.name)
    most = parameter(place, "interfaces.list-rows")
    if len(sent.rows) > most:
        raise Refusal("interfaces.too-many-rows", most=most)

    def do() -> Answer:
        made = list_take(
            actor,
            agency=place.code,
            applicant=sent.applicant,
            sender=sent.sender,
            name=f"{token.name}.csv",
            content=_file(sent.rows),
            new=sent.new,
            employer=sent.employer,
        )
        return Answer(201, told(_state(made)))

    digest = sha256(canonical(msgspec.to_builtins(sent))).hexdigest()
    return once(token, key, digest, do)


def lists(actor: Actor, token: Token | None, most: int, after: UUID | None) -> list[ListState]:
    """Lists of its area or its employer, the newest first, those older than ``after``."""
    found = _lists(actor, token).order_by("-pk")
    if after is not None:
        found = found.filter(pk__lt=after)
    return [_state(each) for each in found[:most]]


def state(actor: Actor, token: Token | None, pk: UUID) -> ListState:
    """How far one of them is. Raises Refusal ``base.not-found``."""
    return _state(_list(actor, token, pk))


def rows(actor: Actor, token: Token | None, pk: UUID, most: int, after: int, purpose: str) -> list[Row]:
    """Its rows in order, those behind ``after``; that they were read is noted. Raises Refusal
    ``base.not-found``."""
    found = _list(actor, token, pk)
    read_noted(actor, organization=actor.organization, subject=found, purpose=purpose, fields=_FIELDS)
    lines = list(
        ListRow.objects.filter(list=found, row__gt=after).select_related("application").order_by("row")[:most]
    )
    cards = dict(
        Card.objects.filter(application__in=[each.application_id for each in lines if each.application_id])
        .exclude(plastic="ordered")
        .values_list("application_id", "number")
    )
    return [_row(each, cards.get(each.application_id or each.pk, "")) for each in lines]


def _row(line: ListRow, card: str) -> Row:
    of = line.application
    number, status = (of.number, of.status) if of is not None else ("", "")
    return Row(line.row, line.result, line.problem, line.text, number, status, card)


def _lists(actor: Actor, token: Token | None) -> QuerySet[ApplicationList]:
    found = selectors.card_lists(actor).select_related("employer")
    return found.filter(employer__code=token.employer) if token is not None and token.employer else found


def _list(actor: Actor, token: Token | None, pk: UUID) -> ApplicationList:
    found = _lists(actor, token).filter(pk=pk).first()
    if found is None:
        raise Refusal("base.not-found", what="list")
    return found


def _state(of: ApplicationList) -> ListState:
    counted = Application.objects.filter(list=of).values("status").annotate(count=Count("pk"))
    return ListState(
        id=str(of.pk),
        at=of.at,
        applicant=of.applicant,
        employer=of.employer.code if of.employer is not None else "",
        sender=of.sender,
        rows=of.rows,
        taken=of.taken,
        refused=of.rows - of.taken,
        states={each["status"]: each["count"] for each in counted.order_by("status")},
    )


def _file(rows: Sequence[tuple[str, str]]) -> bytes:
    """The list as a file, as counters take it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([(NUMBER, NAME), *rows])
    return text.getvalue().encode()
