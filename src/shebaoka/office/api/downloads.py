"""What everybody with a token fetches: signed card blacklists, parameters of regions, published rules."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Field, Path, Query, Router
from pydantic import BeforeValidator

from shebaoka.office.api.callers import TOKEN, Asked
from shebaoka.office.api.downloading import LINES, PDF, fetched, file_answer
from shebaoka.office.api.shapes import CODE, REGION, Answer, problems
from shebaoka.office.base import clock
from shebaoka.office.interfaces import publishing

_DAY = 10  # characters of YYYY-MM-DD
router = Router(auth=TOKEN, tags=["Downloads"])


def _day(text: object) -> date:
    """A day as RFC 3339 has it, and nothing else that pydantic takes for one."""
    if not isinstance(text, str) or len(text) != _DAY:
        raise ValueError("YYYY-MM-DD")
    return date.fromisoformat(text)


Body = Annotated[str, Path(pattern=CODE)]
Region = Annotated[str, Path(pattern=REGION)]
Day = Annotated[date, BeforeValidator(_day)]
Version = Annotated[int, Path(ge=1, le=2**31 - 1)]


class BlacklistVersion(Answer):
    """The latest blacklist of a body."""

    body: str
    version: int
    issued_at: datetime
    entries: int


class Blacklists(Answer):
    """Of every body that has one."""

    items: list[BlacklistVersion]


class PublicKey(Answer):
    """The key that card blacklists are checked with; to be compared once with what the desk shows."""

    algorithm: Literal["Ed25519"]
    key: str = Field(description="32 bytes in hex.")
    signer: str = Field(description="The name lists call it by.")


class ParameterValue(Answer):
    """A published parameter in force."""

    key: str
    name: str
    value: int | bool | str | None
    text: str = Field(description="The value with its unit, in the language of the question.")
    source: str = Field(description="L law, S standard, K case, P practice, D decision of the region.")


class Parameters(Answer):
    """The published parameters of a region on a day."""

    region: str
    day: date
    items: list[ParameterValue]


class RulesVersion(Answer):
    """A version of a body's application management rules (应用管理规程)."""

    body: str
    version: int
    since: date
    digest: str = Field(description="SHA-256 of content and values.")


class RulesVersions(Answer):
    """The latest first."""

    items: list[RulesVersion]


class Rules(RulesVersion):
    """As it was published."""

    content: dict[str, Any] = Field(description="Title and chapters.")
    values: dict[str, Any] = Field(description="The parameters its text was made from.")


@router.get("/blacklists", response={200: Blacklists, **problems(403, 429)})
def blacklists(request: Asked) -> Blacklists:
    """The latest version of each card blacklist. Scope `downloads`."""
    request.auth.demand("downloads")
    found = publishing.blacklists()
    return Blacklists(
        items=[
            BlacklistVersion(
                body=each.organization.code,
                version=each.version,
                issued_at=each.issued_at,
                entries=each.entries,
            )
            for each in found
        ]
    )


@router.get("/blacklists/key", response={200: PublicKey, **problems(403, 429)})
def blacklist_key(request: Asked) -> PublicKey:
    """The public key of card blacklists. Scope `downloads`."""
    request.auth.demand("downloads")
    key, signer = publishing.blacklist_key()
    return PublicKey(algorithm="Ed25519", key=key, signer=signer)


@router.get("/blacklists/{body}/latest", response=problems(403, 404, 429), openapi_extra=file_answer(LINES))
def blacklist(request: Asked, body: Body) -> HttpResponse:
    """The latest signed card blacklist of a body, as terminals install it. Scope `downloads`."""
    request.auth.demand("downloads")
    found = publishing.blacklist(body)
    return fetched(request, found.tag, found.content, LINES)


@router.get(
    "/blacklists/{body}/{version}", response=problems(403, 404, 429), openapi_extra=file_answer(LINES)
)
def blacklist_version(request: Asked, body: Body, version: Version) -> HttpResponse:
    """A version of it. Scope `downloads`."""
    request.auth.demand("downloads")
    found = publishing.blacklist(body, version)
    return fetched(request, found.tag, found.content, LINES)


@router.get("/regions/{region}/parameters", response={200: Parameters, **problems(403, 429)})
def parameters(
    request: Asked,
    region: Region,
    day: Annotated[Day | None, Query(description="YYYY-MM-DD")] = None,
) -> Parameters:
    """The published parameters in force in a region, on a day (today). Scope `downloads`."""
    request.auth.demand("downloads")
    asked = day or clock.today()
    found = publishing.parameters_of(region, asked)
    return Parameters(region=region, day=asked, items=[ParameterValue(**each._asdict()) for each in found])


@router.get("/bodies/{body}/rules", response={200: RulesVersions, **problems(403, 404, 429)})
def rules_versions(request: Asked, body: Body) -> RulesVersions:
    """Versions of a body's published application rules. Scope `downloads`."""
    request.auth.demand("downloads")
    return RulesVersions(
        items=[
            RulesVersion(body=body, version=each.version, since=each.since, digest=each.digest)
            for each in publishing.rules_of(body)
        ]
    )


@router.get("/bodies/{body}/rules/{version}", response={200: Rules, **problems(403, 404, 429)})
def rules(request: Asked, body: Body, version: Version) -> Rules:
    """A version: its text and the parameters it was made from. Scope `downloads`."""
    request.auth.demand("downloads")
    found = publishing.rules(body, version)
    return Rules(
        body=body,
        version=found.version,
        since=found.since,
        digest=found.digest,
        content=found.content,
        values=found.values,
    )


@router.get(
    "/bodies/{body}/rules/{version}/pdf", response=problems(403, 404, 429), openapi_extra=file_answer(PDF)
)
def rules_pdf(request: Asked, body: Body, version: Version) -> HttpResponse:
    """A version as PDF, its hash on every page. Scope `downloads`."""
    request.auth.demand("downloads")
    found = publishing.rules(body, version)
    return fetched(request, found.digest, lambda: publishing.pdf_of(found), PDF)
