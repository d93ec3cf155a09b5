"""The messages of the service beside the calls: JSON objects told apart by ``service`` (protocol 1)."""

from typing import Any, Literal, get_args

import msgspec

from shebaoka.driver.calls import calls
from shebaoka.driver.service.problems import Language, RefusedError, text

PROTOCOL = 1


class Hello(msgspec.Struct, tag_field="service", tag="hello", forbid_unknown_fields=True):
    """Opens a conversation: the ``token`` of an earlier pairing, the language of texts."""

    token: str = ""
    language: Language = "zh"

    def __repr__(self) -> str:
        return "<hello>"


class PairBegin(msgspec.Struct, tag_field="service", tag="pair-begin", forbid_unknown_fields=True):
    """Asks for a pairing: the service shows a code in its own window. ``name``: the page's own."""

    name: str = ""


class Pair(msgspec.Struct, tag_field="service", tag="pair", forbid_unknown_fields=True):
    """The ``code`` that the person read there and typed into the page."""

    code: str

    def __repr__(self) -> str:
        return "<pair>"


class Unpair(msgspec.Struct, tag_field="service", tag="unpair", forbid_unknown_fields=True):
    """Ends this page's own pairing."""


class Readers(msgspec.Struct, tag_field="service", tag="readers", forbid_unknown_fields=True):
    """Which readers there are, and in which a card is."""


class Insert(msgspec.Struct, tag_field="service", tag="insert", forbid_unknown_fields=True):
    """Puts a ``card`` into a virtual ``reader``; only in a demonstration."""

    reader: str
    card: str = ""


class Remove(msgspec.Struct, tag_field="service", tag="remove", forbid_unknown_fields=True):
    """Takes the card out of a virtual ``reader``; only in a demonstration."""

    reader: str


class Release(msgspec.Struct, tag_field="service", tag="release", forbid_unknown_fields=True):
    """Powers off a card that waits for its next HSM step."""


class Power(msgspec.Struct, tag_field="service", tag="power", forbid_unknown_fields=True):
    """Powers the card in a ``reader`` for commands of the office; only for pages that may relay them."""

    reader: str = ""


class Transmit(msgspec.Struct, tag_field="service", tag="transmit", forbid_unknown_fields=True):
    """One ``command`` (APDU) in hex to the powered card."""

    command: str

    def __repr__(self) -> str:
        return "<transmit>"


class Digits(msgspec.Struct, tag_field="service", tag="pin", forbid_unknown_fields=True):
    """The digits the holder typed, after the service asked for a PIN."""

    digits: str

    def __repr__(self) -> str:
        return "<digits>"


class Cancel(msgspec.Struct, tag_field="service", tag="cancel", forbid_unknown_fields=True):
    """The holder gives up entering the PIN."""


Message = (
    Hello
    | PairBegin
    | Pair
    | Unpair
    | Readers
    | Insert
    | Remove
    | Release
    | Power
    | Transmit
    | Digits
    | Cancel
)


class ReaderState(msgspec.Struct, forbid_unknown_fields=True):
    """A reader: its ``name``, whether it is ``virtual``, whether a ``card`` is in it, and the ``cards`` that
    may be inserted into a virtual one."""

    name: str
    virtual: bool
    card: bool
    cards: list[str] = msgspec.field(default_factory=list)


class HelloReply(msgspec.Struct, tag_field="service", tag="hello", forbid_unknown_fields=True):
    """Answer to hello, pair and unpair. ``token`` only once, after pairing: keep it for the next hello."""

    paired: bool
    demonstration: bool
    version: str
    dialect: str
    protocol: Literal[1] = 1
    ok: Literal[True] = True
    token: str = ""

    def __repr__(self) -> str:
        return "<hello reply>"


class PairBeginReply(msgspec.Struct, tag_field="service", tag="pair-begin", forbid_unknown_fields=True):
    """The code is shown for so many ``seconds``."""

    seconds: int
    ok: Literal[True] = True


class ReadersReply(msgspec.Struct, tag_field="service", tag="readers", forbid_unknown_fields=True):
    """All readers; also the answer to insert and remove. ``note``: why there are none of PC/SC."""

    readers: list[ReaderState]
    note: str = ""
    ok: Literal[True] = True


class Done(msgspec.Struct, tag_field="service", tag="done", forbid_unknown_fields=True):
    """Answer to release."""

    ok: Literal[True] = True


class PowerReply(msgspec.Struct, tag_field="service", tag="power", forbid_unknown_fields=True):
    """The card's ``answer`` to reset, in hex."""

    answer: str
    ok: Literal[True] = True


class TransmitReply(msgspec.Struct, tag_field="service", tag="transmit", forbid_unknown_fields=True):
    """The card's ``response``: data and status word, in hex."""

    response: str
    ok: Literal[True] = True

    def __repr__(self) -> str:
        return "<transmit reply>"


class AskPin(msgspec.Struct, tag_field="service", tag="pin", forbid_unknown_fields=True):
    """The service asks, in the middle of a call, for the digits of an ``entry``; within ``seconds``."""

    entry: Literal["pin", "old", "new", "again"]
    seconds: float
    shortest: int
    longest: int


class Refused(msgspec.Struct, tag_field="service", tag="refused", forbid_unknown_fields=True):
    """A request was refused: ``error`` for programs, ``message`` for people."""

    error: str
    message: str
    ok: Literal[False] = False


Reply = HelloReply | PairBeginReply | ReadersReply | Done | PowerReply | TransmitReply | AskPin | Refused

_decoder: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)
_parse = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode


def parse(raw: str) -> Message | dict[str, Any]:
    """A message of the service, or any other JSON object, which may be a call. Raises RefusedError."""
    try:
        plain = _parse(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise RefusedError("not-json") from None
    if "service" not in plain:
        return plain
    try:
        return _decoder.decode(raw)
    except msgspec.DecodeError:
        raise RefusedError("not-understood") from None


def written(reply: Reply | dict[str, Any]) -> str:
    """A reply as JSON."""
    return _encode(reply).decode()


def refused(error: RefusedError, language: Language) -> Refused:
    """The reply to a refused request."""
    return Refused(error.id, text(error.id, language))


def schema() -> dict[str, Any]:
    """JSON Schema of all messages: ``$defs`` by name."""
    every = [*get_args(Message), *get_args(Reply)]
    _, components = msgspec.json.schema_components(every, ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Reader service, protocol 1",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in (*(m.__name__ for m in every), *_CALLS)],
        "$defs": dict(sorted(components.items())) | _CALLS,
    }


_ID = {"type": ["string", "integer"], "description": "The page's own; the reply carries it back."}
_CALLS: dict[str, Any] = {
    "FunctionCall": {
        "title": "FunctionCall",
        "description": "A call in the dialect `function`; parameters stand beside it under their C names.",
        "type": "object",
        "properties": {
            "function": {"enum": list(calls())},
            "id": _ID,
            "reader": {"type": "string", "description": "The reader to use, by its name."},
        }
        | {name: {"type": ["string", "integer"]} for call in calls().values() for name in call.parameters},
        "required": ["function"],
    },
    "FunctionReply": {
        "title": "FunctionReply",
        "description": "`success` is 1, or the return code of a failure.",
        "type": "object",
        "properties": {
            "functionName": {"type": "string"},
            "success": {"type": "string", "pattern": "^(1|-[0-9]+)$"},
            "pOutInfo": {"type": "string"},
            "id": _ID,
        },
        "required": ["functionName", "success", "pOutInfo"],
        "additionalProperties": False,
    },
}
