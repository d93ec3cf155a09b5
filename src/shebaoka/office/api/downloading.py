"""Files that are fetched again only when there is a newer one."""

from typing import Any

from django.http import HttpRequest, HttpResponse

LINES = "application/x-ndjson"
PDF = "application/pdf"


def fetched(request: HttpRequest, tag: str, content: Any, kind: str) -> HttpResponse:
    """The file that ``content()`` gives with its ETag; 304 for who has it (``If-None-Match``)."""
    quoted = f'"{tag}"'
    asked = {each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")}
    made = HttpResponse(status=304) if quoted in asked else HttpResponse(content(), content_type=kind)
    made["ETag"] = quoted
    made["Cache-Control"] = "private, no-cache"
    return made


def file_answer(kind: str) -> dict[str, Any]:
    """How the description tells of it."""
    tag = {"ETag": {"schema": {"type": "string"}, "required": True}}
    body = {"schema": {"type": "string", "format": "binary"}}
    asked = {"name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"}}
    return {
        "parameters": [{**asked, "description": "ETag of the file one has."}],
        "responses": {
            200: {"description": "OK", "content": {kind: body}, "headers": tag},
            304: {"description": "Not Modified", "headers": tag},
        },
    }
