"""What went wrong, in one shape for everything (RFC 9457), with the texts of the error catalogue."""

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Schema

from shebaoka.office.base.errors import Refusal

MEDIA = "application/problem+json"
AREA = "/api/"
MOST_OF_LIST = 2 * 1024 * 1024
MOST = 16 * 1024  # bytes of any other question
_CODES = {
    400: "interfaces.unfit",
    403: "interfaces.forbidden",
    404: "interfaces.no-address",
    405: "interfaces.method",
}


class Place(Schema):
    """What of a question is not as it should be."""

    where: str = Field(description="Path of the value within the question, parts joined with dots.")
    what: str = Field(description="What is wrong with it, in English.")


class Problem(Schema):
    """What went wrong. `error` names an entry of the catalogue and stays the same in every language."""

    type: str = Field(description="`urn:shebaoka:problem:` and the code.")
    title: str = Field(description="What is wrong, in the language of the question (Accept-Language).")
    status: int
    detail: str = Field(description="What to do.")
    error: str = Field(description="The code, for programs.")
    errors: list[Place] | None = Field(None, description="With 400: what is not as it should be.")
    return_code: int | None = Field(
        None, description="With 422 of the HSM: return code of the terminal interface."
    )


def problem(refusal: Refusal, **more: Any) -> HttpResponse:
    """A refusal as an answer."""
    told: dict[str, Any] = {
        "type": f"urn:shebaoka:problem:{refusal.code}",
        "title": refusal.what,
        "status": refusal.status,
        "detail": refusal.remedy,
        "error": refusal.code,
    }
    if "return_code" in refusal.values:
        told["return_code"] = refusal.values["return_code"]
    told |= more
    answer = HttpResponse(
        json.dumps(told, ensure_ascii=False).encode(), content_type=MEDIA, status=refusal.status
    )
    if refusal.status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    if "seconds" in refusal.values:
        answer["Retry-After"] = str(refusal.values["seconds"])
    return answer


class Problems:
    """Every error below ``/api/`` has this shape, whoever answered; a question that is too large is not
    read."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers."""
        if not request.path_info.startswith(AREA):
            return self.answer(request)
        most = MOST_OF_LIST if request.path_info == f"{AREA}v1/lists" else MOST
        length = request.headers.get("Content-Length") or "0"
        if not length.isdigit() or int(length) > most:
            return problem(Refusal("interfaces.too-large", most=most))
        answer = self.answer(request)
        if answer.status_code < 400 or answer.headers.get("Content-Type") == MEDIA:
            return answer
        made = problem(Refusal(_CODES.get(answer.status_code, "interfaces.our-fault")))
        if "Allow" in answer.headers:
            made["Allow"] = answer.headers["Allow"]
        return made
