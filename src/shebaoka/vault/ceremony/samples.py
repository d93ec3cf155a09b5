"""How a ceremony tests its keys on a chip: a sample card (样卡) in a reader, a simulated one, or none, with
the reason. What it was stands in the record, on the screen and on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from shebaoka.spec.model import Text
from shebaoka.vault.ceremony.prompts import Show, Talk
from shebaoka.vault.ceremony.script import CeremonyError
from shebaoka.vault.ceremony.selection import Planned
from shebaoka.vault.ceremony.words import words
from shebaoka.vault.model import KeyHandle, Vault


class SampleKind(StrEnum):
    """What the keys were proved to."""

    CARD = "card"
    SIMULATED = "simulated"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ProvedCard:
    """A sample card: its cipher, its number (T6-TD of the historical bytes, hex), how many keys it took."""

    cipher: str
    number: str
    keys: int


@dataclass(frozen=True, slots=True)
class SampleResult:
    """What the test showed. ``reason``: why there was none."""

    kind: SampleKind
    cards: tuple[ProvedCard, ...] = ()
    reason: str = ""

    @property
    def data(self) -> dict[str, Any]:
        """The record of the step."""
        if self.kind is SampleKind.NONE:
            return {"kind": self.kind, "reason": self.reason}
        cards = [{"cipher": one.cipher, "number": one.number, "keys": one.keys} for one in self.cards]
        return {"kind": self.kind, "cards": cards, "keys": sum(one.keys for one in self.cards)}

    @property
    def shown(self) -> Show:
        """The result before everybody."""
        if self.kind is SampleKind.NONE:
            return Show("sample.result", words("sample-none", reason=self.reason))
        columns = tuple(words(column) for column in ("algorithm", "sample-number", "sample-keys"))
        rows = tuple((one.cipher, one.number, str(one.keys)) for one in self.cards)
        return Show("sample.result", words(f"sample-{self.kind}"), columns, rows)

    @property
    def seen(self) -> Text:
        """What the witness confirms."""
        return words(f"seen-{self.kind}")


def told(data: Mapping[str, Any]) -> SampleResult:
    """The result from the record of its step. In records without a kind one simulated card stood for both
    ciphers."""
    if "kind" not in data:
        return SampleResult(SampleKind.SIMULATED, (ProvedCard("", data["card"], data["keys"]),))
    cards = tuple(ProvedCard(one["cipher"], one["number"], one["keys"]) for one in data.get("cards", ()))
    return SampleResult(SampleKind(data["kind"]), cards, data.get("reason", ""))


class Sample(Protocol):
    """The test of a ceremony's keys."""

    @property
    def kind(self) -> SampleKind:
        """What the keys are proved to."""

    def prepare(self, vault: Vault, planned: Sequence[Planned]) -> None:
        """Before anything is recorded: raises CeremonyError or VaultError when the test cannot be made with
        this vault. Leaves nothing in it."""

    def prove(self, vault: Vault, handles: Sequence[KeyHandle]) -> Talk[SampleResult]:
        """Diversifies every key for a sample card, loads and proves it. Raises CeremonyError when one
        fails."""


class NoSample:
    """A ceremony without the test, for a ``reason`` that everybody signs. Raises CeremonyError without
    one."""

    kind = SampleKind.NONE

    def __init__(self, reason: str) -> None:
        self._reason = " ".join(reason.split())
        if not self._reason or not self._reason.isprintable():
            raise CeremonyError("a ceremony without a sample card needs a reason, in a line of text")

    def prepare(self, vault: Vault, planned: Sequence[Planned]) -> None:
        """Nothing can stand in the way."""

    def prove(self, vault: Vault, handles: Sequence[KeyHandle]) -> Talk[SampleResult]:
        """Only the reason."""
        yield from ()
        return SampleResult(SampleKind.NONE, reason=self._reason)
