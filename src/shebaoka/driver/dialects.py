"""How web pages write calls (``data/dialects.toml``): three conventions, one reader and writer."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Literal

import msgspec

from shebaoka.driver.calls import calls
from shebaoka.driver.driver import Outcome
from shebaoka.driver.errors import OK


class NotACallError(ValueError):
    """A message that is no call of the dialect."""


@dataclass(frozen=True)
class Request:
    """A call: the function's name, or what stood for it when there is none; the parameters; ``id`` of the
    page's own, sent back as it came."""

    name: str
    given: Mapping[str, object] = field(repr=False)
    id: str | int | None = None
    written: str = ""


class Dialect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One convention: the usual ``port``, the member that names the function, where the parameters are, and
    what replies look like."""

    port: int
    call: str
    by: Literal["name", "bizcode"]
    parameters: Literal["named", "positional"]
    inside: str
    success: dict[str, Any]
    failure: dict[str, Any]

    def read(self, message: Mapping[str, object]) -> Request:
        """The call in a message. Raises NotACallError."""
        written = message.get(self.call)
        given = message.get(self.inside) if self.inside else message
        if not isinstance(written, str):
            raise NotACallError
        name = written if self.by == "name" else _by_bizcode().get(written, "")
        return Request(name, self._parameters(name, given), _id(message.get("id")), written)

    def _parameters(self, name: str, given: object) -> Mapping[str, object]:
        if self.parameters == "named":
            if not isinstance(given, Mapping):
                raise NotACallError
            return given
        if not isinstance(given, list):
            raise NotACallError
        call = calls().get(name)
        return dict(zip(call.parameters, given, strict=False)) if call else {}

    def reply(self, request: Request, outcome: Outcome) -> dict[str, Any]:
        """The reply to a call."""
        form = self.success if outcome.code == OK else self.failure
        told = {
            "{name}": request.name or request.written,
            "{bizcode}": request.written,
            "{code}": str(outcome.code),
            "{info}": outcome.info,
        }
        filled: dict[str, Any] = _fill(form, told)
        return filled if request.id is None else {**filled, "id": request.id}


@cache
def dialects() -> dict[str, Dialect]:
    """All dialects by name."""
    raw = (resources.files("shebaoka.driver") / "data" / "dialects.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(raw), dict[str, Dialect])


@cache
def _by_bizcode() -> dict[str, str]:
    return {call.bizcode: call.name for call in calls().values() if call.bizcode}


def _id(value: object) -> str | int | None:
    return value if isinstance(value, str | int) and len(str(value)) <= 64 else None


def _fill(form: Any, told: Mapping[str, str]) -> Any:
    if isinstance(form, dict):
        return {name: _fill(value, told) for name, value in form.items()}
    if isinstance(form, list):
        return [_fill(value, told) for value in form]
    return told.get(form, form)
