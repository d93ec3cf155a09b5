"""A second instance that plays the national base, for tests and demonstrations: a WSGI application that keeps
what it is told in memory. It is no base for real persons."""

from bisect import bisect_right
from collections.abc import Iterable
from hmac import compare_digest
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import msgspec

from shebaoka.office.people.national.base import Entry, Known

_LARGEST = 32 << 20


class Player:
    """The base. ``entries`` by number."""

    def __init__(self, token: str) -> None:
        self._token = token
        self.entries: dict[str, Entry] = {}
        self._ids: dict[str, str] = {}

    def find(self, number: str, name: str) -> Known | None:
        """What is known of a number."""
        found = self.entries.get(number)
        if found is None:
            return None
        id_ = self._ids[number]
        return Known(id_, found.name == name, found.region, found.card_state, bool(found.died_on))

    def put(self, entries: Iterable[Entry]) -> list[str]:
        """Takes them; a person keeps her id."""
        ids = []
        for each in entries:
            self.entries[each.number] = each
            ids.append(self._ids.setdefault(each.number, f"N{len(self._ids) + 1:011d}"))
        return ids

    def listed(self, region: str, after: str, most: int) -> list[Entry]:
        """A page of a region."""
        numbers = sorted(number for number, each in self.entries.items() if each.region == region)
        return [self.entries[number] for number in numbers[bisect_right(numbers, after) :][:most]]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        """Answers as a base over HTTP does."""
        status, content = self._answer(environ)
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
        return [content]

    def _answer(self, environ: WSGIEnvironment) -> tuple[str, bytes]:
        if not compare_digest(str(environ.get("HTTP_AUTHORIZATION", "")), f"Bearer {self._token}"):
            return "401 Unauthorized", b""
        try:
            size = int(environ.get("CONTENT_LENGTH") or 0)
            if size > _LARGEST:
                return "413 Content Too Large", b""
            question: dict[str, Any] = msgspec.json.decode(environ["wsgi.input"].read(size))
            answer: object
            match str(environ.get("PATH_INFO", "")).rpartition("/")[2]:
                case "find":
                    answer = self.find(str(question["number"]), str(question["name"]))
                case "put":
                    answer = self.put(msgspec.convert(question["entries"], list[Entry]))
                case "listed":
                    region, after = str(question["region"]), str(question["after"])
                    answer = self.listed(region, after, min(int(question["most"]), 5000))
                case _:
                    return "404 Not Found", b""
        except (msgspec.MsgspecError, KeyError, TypeError, ValueError):
            return "400 Bad Request", b""
        return "200 OK", msgspec.json.encode(answer)
