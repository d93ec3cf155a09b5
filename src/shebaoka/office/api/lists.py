"""Lists of applications of employers, schools and communities: sent, and followed to the card."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Field, Header, Path, Query, Router

from shebaoka.office.api.callers import TOKEN, Asked
from shebaoka.office.api.shapes import CODE, TEXT, UUIDS, Answer, Question, State, problems
from shebaoka.office.cards.choices import Applicant, ApplicationKind, Delivery, Reason, RowResult
from shebaoka.office.cards.services import NewApplication
from shebaoka.office.cards.words import state_words
from shebaoka.office.interfaces import sending

router = Router(auth=TOKEN, tags=["Lists of applications"])
Limit = Annotated[int, Query(ge=1, le=200)]
Id = Annotated[str, Path(pattern=UUIDS)]


class ListRow(Question):
    """A person, with her name exactly as the register has it."""

    number: str = Field(pattern=r"^[0-9A-Za-z]{15,18}$", description="Social security number.")
    name: str = Field(pattern=TEXT % 100)


class NewList(Question):
    """A list. `product`, `population`: of the region's plan; `outlet`, `bank`: codes of organizations."""

    applicant: Literal["employer", "school", "community"]
    employer: str = Field("", pattern=r"^[0-9A-Z]{0,18}$", description="Code of the employer.")
    sender: str = Field(pattern=TEXT % 120)
    kind: Literal["new", "exchange", "reissue"] = "new"
    reason: Literal["none", "lost", "damaged", "unreadable", "expired", "corrected", "generation"] = "none"
    product: str = Field(pattern=TEXT % 20)
    population: str = Field(pattern=TEXT % 60)
    outlet: str = Field(pattern=CODE)
    bank: str = Field("", pattern=r"^[0-9A-Za-z-]{0,20}$")
    delivery: Literal["outlet", "collective", "mail"] = "outlet"
    rows: list[ListRow] = Field(min_length=1, max_length=20_000)


class ListState(Answer):
    """A list and how far its applications are."""

    id: str
    at: datetime
    applicant: Literal["person", "employer", "school", "community"]
    employer: str
    sender: str
    rows: int
    taken: int
    refused: int
    states: dict[str, int] = Field(description="Applications taken, by state.")


class Lists(Answer):
    """The newest first; `next` goes into `after` for those that follow."""

    items: list[ListState]
    next: str | None


class RowState(Answer):
    """What became of a row."""

    row: int
    result: RowResult
    error: str = Field(description="Code of the refusal.")
    text: str
    application: str = Field(description="Number of the application.")
    state: State | None = Field(description="Of the application.")
    card: str = Field(description="Number of the card, once it is made.")


class Rows(Answer):
    """Rows in order; `next` goes into `after` for those that follow."""

    items: list[RowState]
    next: int | None


@router.post("", response={201: ListState, **problems(403, 404, 409, 413, 422, 429)})
def send(
    request: Asked,
    question: NewList,
    idempotency_key: Annotated[
        str, Header(alias="Idempotency-Key", pattern=r"^[!-~]{8,64}$", description="New for each list.")
    ],
) -> HttpResponse:
    """Sends a list: an application for each good row, a report of every other. A repeat with the same key is
    given the same answer; another list with it is refused (422). Scope `lists.send`."""
    request.auth.demand("lists.send")
    new = NewApplication(
        kind=ApplicationKind(question.kind),
        reason=Reason(question.reason),
        product=question.product,
        population=question.population,
        outlet=question.outlet,
        bank=question.bank,
        delivery=Delivery(question.delivery),
    )
    made = sending.send(
        request.auth.actor,
        request.auth.token,
        idempotency_key,
        sending.Sent(
            Applicant(question.applicant),
            question.employer,
            question.sender,
            [(row.number.upper(), row.name) for row in question.rows],
            new,
        ),
        lambda state: _told(state).model_dump_json(),
    )
    answer = HttpResponse(made.content.encode(), content_type="application/json", status=made.status)
    if made.again:
        answer["Idempotent-Replayed"] = "true"
    return answer


@router.get("", response={200: Lists, **problems(403, 429)})
def lists(
    request: Asked, limit: Limit = 50, after: Annotated[str | None, Query(pattern=UUIDS)] = None
) -> Lists:
    """Lists of the token's area, or of its employer. Scope `lists.send`."""
    request.auth.demand("lists.send")
    found = sending.lists(request.auth.actor, request.auth.token, limit + 1, UUID(after) if after else None)
    more = found[limit - 1].id if len(found) > limit else None
    return Lists(items=[_told(each) for each in found[:limit]], next=more)


@router.get("/{id}", response={200: ListState, **problems(403, 404, 429)})
def one(request: Asked, id: Id) -> ListState:
    """How far a list is. Scope `lists.send`."""
    request.auth.demand("lists.send")
    return _told(sending.state(request.auth.actor, request.auth.token, UUID(id)))


@router.get("/{id}/rows", response={200: Rows, **problems(403, 404, 429)})
def rows(
    request: Asked, id: Id, limit: Limit = 50, after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0
) -> Rows:
    """What became of each row. Scope `lists.send`."""
    purpose = request.auth.demand("lists.send")
    found = sending.rows(request.auth.actor, request.auth.token, UUID(id), limit + 1, after, purpose)
    items = [_row(each) for each in found[:limit]]
    return Rows(items=items, next=items[-1].row if len(found) > limit else None)


def _told(state: sending.ListState) -> ListState:
    return ListState(**state._asdict())


def _row(row: sending.Row) -> RowState:
    state = State(code=row.state, text=str(state_words("application", row.state))) if row.state else None
    return RowState(
        row=row.row,
        result=RowResult(row.result),
        error=row.problem,
        text=row.text,
        application=row.application,
        state=state,
        card=row.card,
    )
