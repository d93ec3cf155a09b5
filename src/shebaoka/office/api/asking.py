"""Who asks, what she asks, and how it is answered or refused."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from shebaoka.office.base.errors import Refusal
from shebaoka.office.psams.hosts import host_with
from shebaoka.office.psams.models import Host

P = ParamSpec("P")
S = TypeVar("S", bound=msgspec.Struct)
_LARGEST = 4096  # bytes of a question


def for_hosts(
    view: Callable[Concatenate[HttpRequest, Host, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Makes a view one for hosts: it gets the host whose token the request has (``Authorization: Bearer``).
    Without one the answer is 401; a Refusal becomes JSON with its status."""

    @csrf_exempt
    @wraps(view)
    def call(request: HttpRequest, /, *args: P.args, **values: P.kwargs) -> HttpResponse:
        kind, _space, token = request.headers.get("Authorization", "").partition(" ")
        host = host_with(token.strip()) if kind.lower() == "bearer" else None
        if host is None:
            answer = problem(401, "host.unknown", "Send the token of the host: Authorization: Bearer TOKEN.")
            answer["WWW-Authenticate"] = "Bearer"
            return answer
        try:
            return view(request, host, *args, **values)
        except Refusal as refusal:
            with override("en"):
                return problem(refusal.status, refusal.code, f"{refusal.what} {refusal.remedy}")

    return call


def question(request: HttpRequest, shape: type[S]) -> S:
    """The question of a request. Raises ValueError that says what is wrong with it."""
    length = request.headers.get("Content-Length", "0")
    if not length.isdigit() or int(length) > _LARGEST:
        raise ValueError(f"A question has {_LARGEST} bytes at most.")
    try:
        return msgspec.json.decode(request.body, type=shape)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(f"The question is not as it should be: {error}.") from error


def problem(status: int, code: str, text: str) -> JsonResponse:
    """What went wrong, for programs and for people."""
    return JsonResponse({"error": code, "text": text}, status=status)


def answer(values: dict[str, Any]) -> HttpResponse:
    """JSON in UTF-8."""
    content = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(content.encode(), content_type="application/json; charset=utf-8")
