"""PSAMs for hosts (R-59, R-35): a question in every online transaction, the signed block lists, their key."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Field, Path, Router

from shebaoka.office.api.callers import HOST, HostAsked
from shebaoka.office.api.downloading import LINES, fetched, file_answer
from shebaoka.office.api.shapes import CODE, TEXT, UUIDS, Answer, Question, Whole, problems
from shebaoka.office.base.errors import Refusal
from shebaoka.office.psams.choices import Verdict
from shebaoka.office.psams.hosts import latest_list
from shebaoka.office.psams.services import Counters, host_check
from shebaoka.office.psams.services.listing import file_of, fingerprint_of, public_key

router = Router(auth=HOST, tags=["PSAM"])


class PsamQuestion(Question):
    """What a host asks."""

    reference: str = Field(
        pattern=UUIDS, description="UUID of the transaction, the same when it is asked again."
    )
    serial: str = Field(pattern=r"^[0-9]{20}$")
    terminal: str = Field(pattern=r"^[0-9]{12}$")
    unit: str = Field(pattern=TEXT % 20)
    place: str = Field(pattern=TEXT % 40)
    counter: Whole = Field(ge=0, le=0xFFFFFFFF, description="File 0019 of the PSAM.")


class PsamVerdict(Answer):
    """Whether the transaction may go on. Anything else than `good` is to be refused."""

    accepted: bool
    verdict: Literal["unknown", "good", "backwards", "wrong-place", "not-accepted", "blocked"]
    incident: str | None = Field(None, description="Number of the incident that it opened.")


class PublicKey(Answer):
    """The public key that lists are checked with: to be compared once with what the desk shows."""

    algorithm: Literal["Ed25519"]
    key: str = Field(description="32 bytes in hex.")
    signer: str = Field(description="The name lists call it by.")


@router.post("/check", response={200: PsamVerdict, **problems(409)}, exclude_none=True)
def check(request: HostAsked, question: PsamQuestion) -> PsamVerdict:
    """Whether a transaction with a PSAM may go on (R-59). What does not fit froze the PSAM and opened an
    incident, whose number is told. A PSAM outside of the host's area is `unknown`."""
    asked = Counters(question.terminal, question.unit, question.place, question.counter, question.counter)
    reference = UUID(question.reference)
    use = host_check(request.auth, serial=question.serial, counters=asked, reference=reference)
    if use is None:
        return PsamVerdict(accepted=False, verdict="unknown", incident=None)
    good = use.verdict == Verdict.GOOD
    return PsamVerdict(accepted=good, verdict=use.verdict, incident=use.incident or None)  # type: ignore[arg-type]  # choices


@router.get("/lists/{code}", response=problems(404), openapi_extra=file_answer(LINES))
def block_list(request: HostAsked, code: Annotated[str, Path(pattern=CODE)]) -> HttpResponse:
    """The latest signed block list of a body; 404 as long as it has published none."""
    found = latest_list(code)
    if found is None:
        raise Refusal("base.not-found", what="list")
    tag = f"{found.organization.code}-{found.version}"
    return fetched(request, tag, lambda: file_of(found), LINES)


@router.get("/key", response={200: PublicKey, **problems()})
def key(request: HostAsked) -> PublicKey:
    """The public key that block lists are checked with."""
    return PublicKey(algorithm="Ed25519", key=public_key().hex(), signer=fingerprint_of(public_key()))
