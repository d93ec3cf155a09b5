"""The interface: its routers, its description, and how what went wrong is told."""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from shebaoka.office.api import cards, downloads, hsm, lists, psams
from shebaoka.office.api.problems import MEDIA, problem
from shebaoka.office.base.errors import Refusal

_ABOUT = """Programs of hospitals, banks, agencies and employers ask the office here.

Send `Authorization: Bearer TOKEN`; an administrator registers the token at the desk, another person
checks it. Everything that went wrong is told as `application/problem+json` (RFC 9457); `error` is its code.
Texts are in the language of `Accept-Language` (zh, en, es). Each reading of a person's card is noted for its
holder.
A token may ask a number of times a minute; 429 says with `Retry-After` when it may again."""


class _Strict(Parser):
    """JSON as RFC 8259 has it."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The question."""
        read: dict[str, Any] = msgspec.json.decode(request.body)
        return read


class Interface(NinjaAPI):
    """As ninja makes it, but problems are told with their own media type, and security is said once."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The description, OpenAPI 3.1."""
        made = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for path in made["paths"].values():
            for operation in path.values():
                for status, answer in operation["responses"].items():
                    _told_as_problem(int(status), answer)
        return made


interface = Interface(
    title="Shebaoka",
    version="1",
    description=_ABOUT,
    openapi_url="/openapi.json",
    docs_url=None,
    urls_namespace="api",
    parser=_Strict(),
)
interface.add_router("/v1/cards", cards.router)
interface.add_router("/v1/lists", lists.router)
interface.add_router("/v1", downloads.router)
interface.add_router("/v1/hsm", hsm.router)
interface.add_router("/psams", psams.router)


def _told_as_problem(status: int, answer: dict[str, Any]) -> None:
    content = answer.get("content", {})
    if status >= 400 and "application/json" in content:
        content[MEDIA] = content.pop("application/json")
    if status == 429:
        answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "required": True}}


def _refused(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    if not isinstance(error, Refusal):
        raise TypeError
    return problem(error)


def _unfit(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """What was sent is never repeated in the answer: it may be a person's."""
    told = error.errors if isinstance(error, ValidationError) else []
    places = [
        {"where": ".".join(map(str, each.get("loc", ())))[:200], "what": str(each.get("type", ""))}
        for each in told[:20]
    ]
    return problem(Refusal("interfaces.unfit"), errors=places)


def _unknown(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    return problem(Refusal("interfaces.no-token"))


interface.add_exception_handler(Refusal, _refused)
interface.add_exception_handler(ValidationError, _unfit)
interface.add_exception_handler(HttpError, _unfit)
interface.add_exception_handler(AuthenticationError, _unknown)
