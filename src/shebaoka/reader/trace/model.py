"""What a trace knows about one exchange, as data (for ``--json`` and for printing)."""

from dataclasses import dataclass

from shebaoka.spec.model import Text


@dataclass(frozen=True)
class Detail:
    """A named part of the command or of the answer, with its value as a person reads it."""

    name: Text
    value: str


@dataclass(frozen=True)
class Status:
    """The status word, four hex digits, with its meaning and the clause that defines it."""

    code: str
    meaning: Text
    source: str

    @property
    def ok(self) -> bool:
        """9000, or 61xx (more of the answer waits)."""
        return self.code == "9000" or self.code.startswith("61")


@dataclass(frozen=True)
class Place:
    """A directory or file: identifier (``SSSE``, ``EF05``, a name in hex) and title."""

    id: str
    name: Text | None = None

    def show(self, language: str) -> str:
        """``EF05 发卡机构数据``."""
        return f"{self.id} {getattr(self.name, language)}" if self.name else self.id


@dataclass(frozen=True)
class Exchange:
    """One command and its answer, decoded.

    ``command`` and ``answer`` are hex with secret bytes as ``**``. Without an answer ``answer`` is empty,
    ``status`` None and ``problem`` says why. ``directory`` and ``file`` are where the command works,
    ``condition`` is the access condition of that file for it; ``explanation`` says, for a refusal, what was
    missing.
    """

    number: int
    slot: str
    command: str
    answer: str
    name: Text
    source: str = ""
    directory: Place | None = None
    file: Place | None = None
    details: tuple[Detail, ...] = ()
    condition: str | None = None
    status: Status | None = None
    explanation: Text | None = None
    problem: str = ""
    secret: bool = False
