"""A national base over HTTP: JSON, a bearer token, nothing but ``https`` outside of this machine."""

from collections.abc import Sequence
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

import msgspec
from django.conf import settings

from shebaoka.office.people.national.base import BaseUnreachableError, Entry, Known, NationalBase, NoBase

SECONDS = 10.0
LARGEST = 32 << 20  # bytes of an answer
_LOCAL = ("127.0.0.1", "localhost", "::1")


class HttpBase:
    """The base at an address. Raises ValueError for one that is neither https nor on this machine."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOCAL):
            raise ValueError("the address of the national base begins with https://")
        self._secure, self._host, self._port = parts.scheme == "https", host, parts.port
        self._path, self._token = parts.path.rstrip("/"), token

    def __repr__(self) -> str:
        return f"<national base at {self._host}>"

    def find(self, number: str, name: str) -> Known | None:
        """As the base does."""
        found: Known | None = self._ask("find", {"number": number, "name": name}, Known | None)
        return found

    def put(self, entries: Sequence[Entry]) -> list[str]:
        """As the base does."""
        ids: list[str] = self._ask("put", {"entries": list(entries)}, list[str])
        if len(ids) != len(entries):
            raise BaseUnreachableError("the base gave another number of ids than it was told persons")
        return ids

    def listed(self, region: str, after: str, most: int) -> list[Entry]:
        """As the base does."""
        found: list[Entry] = self._ask(
            "listed", {"region": region, "after": after, "most": most}, list[Entry]
        )
        return found

    def _ask(self, what: str, question: dict[str, Any], answer: Any) -> Any:
        kind = HTTPSConnection if self._secure else HTTPConnection
        connection = kind(self._host, self._port, timeout=SECONDS)
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        try:
            connection.request("POST", f"{self._path}/{what}", msgspec.json.encode(question), headers)
            got = connection.getresponse()
            content = got.read(LARGEST)
            if got.status != 200:
                raise BaseUnreachableError(f"the base answered {got.status}")
            return msgspec.json.decode(content, type=answer)
        except (OSError, HTTPException, msgspec.MsgspecError) as error:
            raise BaseUnreachableError(type(error).__name__) from None
        finally:
            connection.close()


@cache
def base() -> NationalBase:
    """The base of this deployment."""
    configuration = settings.CONFIGURATION
    if not configuration.national_base:
        return NoBase()
    return HttpBase(configuration.national_base, configuration.national_token)
