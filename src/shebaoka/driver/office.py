"""The office as an HSM (加密机): asked over HTTPS, as docs/reference/reader-service.md says.

    answers = OfficeAnswers("https://office.example", token)
    steps_over_hsm(driver, answers, "iReadCardBas", {"iType": 1})

What goes over the wire may be a new PIN, so that nothing of it stands in an error, and addresses without
encryption are refused but for this computer's own.
"""

import http.client
import ipaddress
import json
import ssl
from typing import Any
from urllib.parse import urlsplit

from shebaoka.driver.answers import CardOnDesk
from shebaoka.driver.errors import INPUT, NOT_SUPPORTED, TIMED_OUT, UNKNOWN, DriverError

PATH = "/api/v1/hsm/answer"
_LARGEST = 64 * 1024  # bytes of an answer


class OfficeAnswers:
    """See :class:`~shebaoka.driver.answers.HsmAnswers`. ``seconds``: how long the office is waited for.
    Raises ValueError for an address that is none, or not encrypted."""

    def __init__(self, address: str, token: str, seconds: float = 10) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
            raise ValueError(f"{address}: an office is https://NAME or https://NAME:PORT")
        if parts.scheme == "http" and not _own(parts.hostname):
            raise ValueError(f"{address}: only https, but for this computer's own office")
        if not token or not token.isascii() or not token.isprintable():
            raise ValueError("the token of the office is empty or has characters that no token has")
        self._host, self._port = parts.hostname, parts.port
        self._path = parts.path.rstrip("/") + PATH
        self._safe = parts.scheme == "https"
        self._token, self._seconds = token, seconds

    def __repr__(self) -> str:
        return f"<office at {self._host}>"

    def answer(self, step: str, out: str, card: CardOnDesk | None = None) -> str:
        """See HsmAnswers. Raises DriverError with the office's return code; -13 for a token that may not,
        -32 for an office that does not answer."""
        asked: dict[str, Any] = {"step": step, "out": out}
        if card is not None:
            asked["card"] = {
                "identification_code": card.identification_code,
                "reset": card.reset,
                "generation": card.generation,
            }
        status, told = self._ask(json.dumps(asked).encode())
        if status == 200 and isinstance(told.get("answer"), str):
            return str(told["answer"])
        code = told.get("return_code")
        if isinstance(code, int):
            raise DriverError(code)
        reason = f"(office: {status} {told.get('error', '')})"
        raise DriverError({400: INPUT, 401: NOT_SUPPORTED, 403: NOT_SUPPORTED}.get(status, UNKNOWN), reason)

    def _ask(self, content: bytes) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        connection = self._connection()
        try:
            connection.request("POST", self._path, content, headers)
            answer = connection.getresponse()
            read = answer.read(_LARGEST + 1)
            told = json.loads(read) if len(read) <= _LARGEST else None
        except (OSError, http.client.HTTPException) as error:
            raise DriverError(TIMED_OUT, f"(office: {type(error).__name__})") from None
        except ValueError:
            told = None
        finally:
            connection.close()
        return answer.status, told if isinstance(told, dict) else {}

    def _connection(self) -> http.client.HTTPConnection:
        if self._safe:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(self._host, self._port, timeout=self._seconds, context=context)
        return http.client.HTTPConnection(self._host, self._port, timeout=self._seconds)


def _own(host: str) -> bool:
    """Whether it is this computer."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
