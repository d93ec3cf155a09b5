"""What a conformance case is, and the session in which it speaks raw APDUs to a card or PSAM."""

import copy
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import conformance.formulas as f
from conformance.formulas import ORIGINAL, VARIANTS, Variant

FIXTURES = Path(__file__).parents[2] / "examples" / "fixtures"

SEL = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
SEL2 = "00A404000F7378322E73682EC9E7BBE1B1A3D5CF"
ADF = "00A4040006D15600000590"
APPLICATIONS = {"DF01": 0, "DF02": 1, "DF03": 2, "DF04": 3, "DF07": 4}

Body: TypeAlias = Callable[["Session"], None]
Mapping_: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """A case of the catalogue with its code. ``fixture``: name of a shipped fixture without the algorithm;
    ``change``: entries merged into it; ``pcsc``: needs no scripted randomness, power or clock."""

    id: str
    source: str
    body: Body
    variants: tuple[str, ...]
    fixture: str
    change: Mapping_
    pcsc: bool


REGISTRY: dict[str, Case] = {}


def case(
    id_: str,
    source: str,
    *,
    variants: str = "DS",
    fixture: str = "card-2.0",
    change: Mapping_ | None = None,
    pcsc: bool = False,
) -> Callable[[Body], Body]:
    """Register the test of a case under its id."""

    def register(body: Body) -> Body:
        if id_ in REGISTRY:
            raise ValueError(f"case {id_} is registered twice")
        REGISTRY[id_] = Case(id_, source, body, tuple(variants), fixture, change or {}, pcsc)
        return body

    return register


def fixture_data(name: str, variant: Variant, change: Mapping_) -> dict[str, Any]:
    """A shipped fixture as data, with ``change`` merged in."""
    algorithm = {"D": "3des", "S": "sm4"}[variant.id]
    data = tomllib.loads((FIXTURES / f"{name}-{algorithm}.toml").read_text(encoding="utf-8"))
    _merge(data, change)
    return data


def _merge(data: dict[str, Any], change: Mapping_) -> None:
    for key, value in change.items():
        if isinstance(value, Mapping) and isinstance(data.get(key), dict):
            _merge(data[key], value)
        else:
            data[key] = copy.deepcopy(value)


def matches(pattern: str, answer: str) -> bool:
    """Hex with ``..`` any byte, ``...`` any rest, ``x`` any digit, alternatives separated by ``|``."""
    for alternative in pattern.split("|"):
        expression = re.escape(alternative.replace(" ", "").upper().replace("X", "?"))
        expression = expression.replace(r"\.\.\.", ".*").replace(r"\.\.", "..").replace(r"\?", ".")
        if re.fullmatch(expression, answer):
            return True
    return False


class Session:
    """A conversation with one chip. Commands are hex; answers of 61xx are fetched by GET RESPONSE."""

    def __init__(self, reader: Any, variant: Variant, spawn: Callable[..., "Session"]) -> None:
        self.reader, self.v, self.spawn = reader, variant, spawn
        self.challenge = b""
        self.log: list[str] = []
        self.atr = reader.reset() if reader is not None else b""

    # -- sending -----------------------------------------------------------------------------------------
    def raw(self, command: str | bytes) -> str:
        """One command; the answer exactly as the chip gave it."""
        data = bytes.fromhex(command) if isinstance(command, str) else command
        answer: str = self.reader.transmit(data).hex().upper()
        self.log.append(f"> {data.hex().upper()}\n< {answer}")
        return answer

    def send(self, command: str | bytes) -> str:
        """One command; what waits behind 61xx is fetched."""
        answer = self.raw(command)
        if answer[-4:-2] == "61":
            return answer[:-4] + self.raw("00C00000" + answer[-2:])
        return answer

    def expect(self, command: str | bytes, pattern: str) -> str:
        """Send and compare; gives the data without the status word."""
        answer = self.send(command)
        assert matches(pattern, answer), f"expected {pattern}\n" + "\n".join(self.log)
        return answer[:-4]

    def all(self, *exchanges: tuple[str | bytes, str]) -> None:
        for command, pattern in exchanges:
            self.expect(command, pattern)

    def reset(self) -> None:
        self.log.append("reset")
        self.atr = self.reader.reset()

    # -- macros of the conformance text ------------------------------------------------------------------
    def sel(self) -> None:
        self.expect(SEL, "6F...9000")

    def df(self, name: str) -> None:
        """SEL, then the application."""
        self.sel()
        self.expect(f"00A4040006D1560000050{APPLICATIONS[name]}", "6F...9000")

    def ef(self, fid: str) -> None:
        self.expect(f"00A4020002{fid}", "9000")

    def feed(self, random: str) -> None:
        """Script the generator, where the route allows it."""
        controls = getattr(self.reader, "controls", None)
        if controls is not None:
            controls.feed_random(bytes.fromhex(random))

    def ch(self, random: str = "2122232425262728") -> bytes:
        """GET CHALLENGE with the generator scripted; remembers the challenge."""
        self.feed(random)
        self.challenge = bytes.fromhex(self.expect(f"00840000{len(random) // 2:02X}", "...9000"))
        return self.challenge

    def auth(self, name: str, version: int = 1, challenge: bytes | None = None) -> str:
        """Authentication data for the last (or given) challenge."""
        key = f.card_key(self.v, name, version)
        return f.authentication(self.v, key, challenge or self.challenge).hex().upper()

    def external(self, id_: str, data: str, tail: str = "") -> str:
        """EXTERNAL AUTHENTICATION as it goes out."""
        body = data + ORIGINAL.hex() + tail
        return f"008200{id_}{len(body) // 2:02X}{body}"

    def ea(self, id_: str, name: str, version: int = 1, pattern: str = "9000", tail: str = "") -> None:
        """A fresh challenge and EXTERNAL AUTHENTICATION with a key of this card."""
        self.ch()
        self.expect(self.external(id_, self.auth(name, version), tail), pattern)

    def bad_ea(self, id_: str, pattern: str) -> None:
        """A fresh challenge and authentication data that no key gives."""
        self.ch()
        self.expect(self.external(id_, "0BAD0BAD0BAD0BAD"), pattern)

    def pin(self, digits: str = "123456", pattern: str = "9000") -> None:
        """VERIFY."""
        self.expect(f"00200000{len(digits) // 2:02X}{digits}", pattern)

    def secure(self, key: str, header: str, data: str = "", random: str = "3132333435363738") -> bytes:
        """Fresh challenge; a command with MAC by a session key of ``key``."""
        challenge = self.ch(random)
        return f.secure_command(self.v, f.card_key(self.v, key), challenge, header, bytes.fromhex(data))

    def kat(self, d: str, s: str) -> str:
        """The known answer of this variant."""
        return d if self.v.id == "D" else s


def variants_of(ids: Iterable[str]) -> list[Variant]:
    return [VARIANTS[i] for i in ids]
