"""A form that came with the number of a channel: its deed has the reader of that page."""

from collections.abc import Callable
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from shebaoka.office.cards.relay.reading import within

HEADER, WHERE = "X-Card-Channel", "X-Location"


class CardChannel:
    """The page's script follows where the deed leads to itself, so that what it says is shown once."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers; a redirect becomes a header."""
        try:
            channel = UUID(request.headers.get(HEADER, ""))
        except ValueError:
            return self.answer(request)
        with within(channel, owner_of(request)):
            response = self.answer(request)
        return _followed(response) if response.status_code in (301, 302) else response


def _followed(response: HttpResponse) -> HttpResponse:
    answer = HttpResponse(headers={WHERE: response.headers["Location"]})
    answer.cookies = response.cookies
    return answer


def owner_of(request: HttpRequest) -> str:
    """A digest of the web session a request belongs to: nothing is asked of the database."""
    return sha256(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "").encode()).hexdigest()
