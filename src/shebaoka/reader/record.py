"""Record what passes a reader as a script that can be run again."""

from collections.abc import Callable, Sequence

from shebaoka.reader.base import Controls, Reader, ReaderError, controls_of
from shebaoka.reader.randomness import random_of
from shebaoka.reader.secrets import MaskedExchange, SecretFilter

LineSink = Callable[[str], None]

HEADER = ("# APDU record. 61xx and 6Cxx stand as they came.", "strict")


class ScriptWriter:
    """Writes exchanges as script lines (docs/reference/apdu-scripts.md). One with masked bytes becomes
    a comment pair ``#> ``, ``#< ``: the script runner passes over it, the replay reader still knows it.

    The random bytes an answer shows are written as a ``random`` line before the command, so that
    authentication and transactions give the same bytes when the record runs again.
    """

    def __init__(self, sink: LineSink, *, psam: bool = False) -> None:
        self._sink = sink
        self._slot = "psam" if psam else ""
        self._waiting: list[tuple[bytes, bytes, list[str]]] = []

    def line(self, text: str) -> None:
        """A line as it is."""
        self.flush()
        self._sink(text)

    def comment(self, text: str) -> None:
        """A comment."""
        self.line(f"# {text}")

    def reset(self, atr: bytes) -> None:
        """A reset and its ATR."""
        self.line("psam reset" if self._slot else "reset")
        self._sink(f"{self._slot}< {atr.hex().upper()}")

    def exchange(
        self, apdu: bytes, answer: bytes, masked: MaskedExchange, comments: Sequence[str] = ()
    ) -> None:
        """A command and its answer, held back while 61xx says that more of the answer follows."""
        mark = "#" if masked.secret else ""
        lines = [f"# {text}" for text in comments]
        lines += [f"{mark}{self._slot}> {masked.command}", f"{mark}{self._slot}< {masked.answer}"]
        self._waiting.append((apdu, answer, lines))
        if answer[-2:-1] != b"\x61":
            self.flush()

    def silence(self, apdu: bytes, masked: MaskedExchange, reason: str) -> None:
        """A command without an answer, as a comment."""
        self.comment(f"no answer ({reason}) to {self._slot}> {masked.command}")

    def flush(self) -> None:
        """Write what is held back."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        data = b"".join(answer[:-2] for _, answer, _ in waiting)
        random = random_of(waiting[0][0], data)
        if random:
            self._sink(f"{self._slot} random {random.hex().upper()}".strip())
        for _, _, lines in waiting:
            for line in lines:
                self._sink(line)


class RecordingReader:
    """``reader``, with everything written to ``sink`` line by line as a script. ``mask`` hides secrets (PINs,
    key blocks); the chip misses those commands when the script runs again, so later answers may differ."""

    def __init__(self, reader: Reader, sink: LineSink, *, mask: bool = True, psam: bool = False) -> None:
        self._reader = reader
        self._writer = ScriptWriter(sink, psam=psam)
        self._filter = SecretFilter()
        self._mask = mask
        for line in HEADER:
            self._writer.line(line)

    @property
    def controls(self) -> Controls | None:
        """Controls of the chip behind; they are not recorded, the random bytes they cause are."""
        return controls_of(self._reader)

    def reset(self) -> bytes:
        """Reset, recorded with the ATR."""
        atr = self._reader.reset()
        self._writer.reset(atr)
        return atr

    def transmit(self, apdu: bytes) -> bytes:
        """One command, recorded with its answer."""
        try:
            answer = self._reader.transmit(apdu)
        except ReaderError as error:
            self._writer.silence(apdu, self._masked(apdu, b""), str(error))
            raise
        self._writer.exchange(apdu, answer, self._masked(apdu, answer))
        return answer

    def close(self) -> None:
        """Write what is held back and release the slot."""
        self._writer.flush()
        self._reader.close()

    def _masked(self, apdu: bytes, answer: bytes) -> MaskedExchange:
        masked = self._filter.mask(apdu, answer)
        return (
            masked if self._mask else MaskedExchange(apdu.hex().upper(), answer.hex().upper(), secret=False)
        )
