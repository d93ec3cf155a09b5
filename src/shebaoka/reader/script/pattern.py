"""Expected answers: bytes in hex, ``..`` any byte, ``...`` any rest, alternatives with ``|``."""

import re
from dataclasses import dataclass, field

_REST = "..."


@dataclass(frozen=True)
class Pattern:
    """An expected answer as written; build it with :func:`parse_pattern`."""

    text: str
    alternatives: tuple[str, ...]
    expressions: tuple[re.Pattern[bytes], ...] = field(repr=False, compare=False)

    def matches(self, answer: bytes) -> bool:
        """Whether the whole answer (data and status word) fits one alternative."""
        return any(expression.fullmatch(answer) for expression in self.expressions)

    @property
    def allows_silence(self) -> bool:
        """A lone ``...`` also fits a torn command, which has no answer."""
        return _REST in self.alternatives

    @property
    def status_words(self) -> tuple[int, ...]:
        """The status words that the alternatives end with, where they are given in full."""
        ends = (alternative[-4:] for alternative in self.alternatives)
        return tuple(int(end, 16) for end in ends if re.fullmatch("[0-9A-F]{4}", end))


def parse_pattern(text: str) -> Pattern:
    """Parse the part after ``<``. Raises ValueError saying what is wrong."""
    alternatives = tuple("".join(part.split()).upper() for part in text.split("|"))
    if not all(alternatives):
        raise ValueError("an expected answer is empty: give hex, `..` for any byte or `...` for any rest")
    return Pattern(text.strip(), alternatives, tuple(_expression(part) for part in alternatives))


def parse_hex(text: str) -> bytes:
    """Bytes in hex, spaces allowed. Raises ValueError saying what is wrong."""
    digits = "".join(text.split())
    wrong = re.search("[^0-9A-Fa-f]", digits)
    if wrong:
        raise ValueError(f"{wrong.group()!r} is not a hex digit")
    if not digits:
        raise ValueError("hex bytes are missing")
    if len(digits) % 2:
        raise ValueError(f"{len(digits)} hex digits are not whole bytes")
    return bytes.fromhex(digits)


def _expression(part: str) -> re.Pattern[bytes]:
    pieces: list[bytes] = []
    rest = False
    for run in re.findall(r"\.+|[^.]+", part):
        if run[0] != ".":
            pieces.append(re.escape(parse_hex(run)))
        elif len(run) == 1:
            raise ValueError("a single dot means nothing: `..` is any byte, `...` any rest")
        elif len(run) % 2:
            if rest:
                raise ValueError("`...` stands once in an answer: what follows it must end the answer")
            rest = True
            pieces.append(b"." * ((len(run) - len(_REST)) // 2) + b".*")
        else:
            pieces.append(b"." * (len(run) // 2))
    return re.compile(b"".join(pieces), re.DOTALL)
