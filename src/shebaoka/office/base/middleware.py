"""What every answer of the office carries, and the page of a refusal."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from shebaoka.office.base.error_pages import refusal_page
from shebaoka.office.base.errors import Refusal

Answer = Callable[[HttpRequest], HttpResponse]
_LATER = frozenset({429, 503})
_POLICY = (
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
)


def policy() -> str:
    """What a page may load and whom it may speak to: this office, and the reader service of the computer it
    is shown on, which asks itself who speaks to it. Nothing of a page leaves that computer this way."""
    return "; ".join((*_POLICY, f"connect-src 'self' ws://127.0.0.1:{settings.READER_PORT}"))


class Office:
    """Pages load only what the office serves itself, run no inline script or style, and are kept by nobody;
    a Refusal that a view lets through becomes its page."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers, with these headers unless the page has its own."""
        response = self.answer(request)
        response.headers.setdefault("Content-Security-Policy", policy())
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.headers.setdefault("Cache-Control", "no-store")
        if response.status_code in _LATER:
            response.headers.setdefault("Retry-After", "60")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of a refusal; other exceptions go on."""
        return refusal_page(request, exception) if isinstance(exception, Refusal) else None
