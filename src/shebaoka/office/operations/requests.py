"""Every request has an id, a line in the log and its share in the metrics."""

import re
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponseBase

from shebaoka.office.base.ids import new_id
from shebaoka.office.operations.metrics import REQUEST_SECONDS, REQUESTS

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[0-9a-f-]{16,36}")
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))

log = structlog.get_logger("shebaoka.requests")


class RequestMiddleware:
    """The outermost: what a proxy in front calls the request it keeps (``X-Request-ID``, hexadecimal), others
    get an id; the answer carries it. A page is named by its route, never by its path or query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer of what is inside."""
        given = request.headers.get(HEADER, "")
        number = given if _GIVEN.fullmatch(given) else new_id().hex
        with structlog.contextvars.bound_contextvars(request=number):
            response = self._answer(request)
        response.headers[HEADER] = number
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self._get_response(request)
        seconds = time.perf_counter() - began
        route = _route(request)
        method = request.method if request.method in _METHODS else "other"
        REQUESTS.labels(route, method, response.status_code).inc()
        REQUEST_SECONDS.labels(route).observe(seconds)
        log.info("request", method=method, route=route, status=response.status_code, ms=round(seconds * 1000))
        return response


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is not None:
        return f"/{match.route}"
    return "/static" if request.path_info.startswith("/static/") else "unknown"
