"""A reader that explains what passes it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from shebaoka.reader.base import Controls, Reader, ReaderError, controls_of
from shebaoka.reader.record import HEADER, ScriptWriter
from shebaoka.reader.secrets import MaskedExchange
from shebaoka.reader.trace.decoder import Decoder
from shebaoka.reader.trace.model import Exchange
from shebaoka.reader.trace.psam import psam_as_card_layout
from shebaoka.reader.trace.render import Language, headline, lines, notes
from shebaoka.spec.commands import Kind
from shebaoka.spec.extensions import for_generation
from shebaoka.spec.layouts import card_layout
from shebaoka.spec.model import CardLayout

ExchangeSink = Callable[[Exchange, bytes, bytes], None]

_KEPT = 1000  # exchanges; one command makes at most some five hundred


def standard_layouts(extensions: Sequence[Path] = ()) -> tuple[CardLayout, ...]:
    """The three generations with the optional applications and those of a city, 2.0 first."""
    order = ("2.0", "3.0", "1.0")
    return tuple(card_layout(id_, for_generation(extensions, id_), annex=True) for id_ in order)


class Trace:
    """``reader``, with every exchange decoded: command, directory and file, values, access condition, meaning
    of the status word and, for a refusal, what was missing. Secret bytes are masked.

    The card may be of any generation; ``extensions``: files of its city. ``kind``: ``card`` or ``psam``.
    ``sinks`` are given every decoded exchange with its raw bytes as it happens (:func:`printing`,
    :func:`saving`); ``exchanges`` keeps the last decoded ones (a thousand or more), ``count`` counts all.
    """

    def __init__(
        self,
        reader: Reader,
        *,
        kind: Kind = "card",
        extensions: Sequence[Path] = (),
        sinks: Sequence[ExchangeSink] = (),
    ) -> None:
        self._reader = reader
        layouts = (psam_as_card_layout(),) if kind == "psam" else standard_layouts(extensions)
        self._decoder = Decoder(layouts, kind, extensions)
        self._sinks = tuple(sinks)
        self.exchanges: list[Exchange] = []
        self.count = 0

    @property
    def controls(self) -> Controls | None:
        """Controls of the chip behind."""
        return controls_of(self._reader)

    def reset(self) -> bytes:
        """Reset the chip; gives the ATR."""
        atr = self._reader.reset()
        self._tell(self._decoder.reset(atr), b"", atr)
        return atr

    def transmit(self, apdu: bytes) -> bytes:
        """One command APDU."""
        try:
            answer = self._reader.transmit(apdu)
        except ReaderError as error:
            self._tell(self._decoder.silence(apdu, str(error)), apdu, b"")
            raise
        if len(answer) < 2:
            self._tell(self._decoder.silence(apdu, f"only {len(answer)} bytes"), apdu, answer)
        else:
            self._tell(self._decoder.decode(apdu, answer), apdu, answer)
        return answer

    def close(self) -> None:
        """Release the slot."""
        self._reader.close()

    def since(self, count: int) -> tuple[Exchange, ...]:
        """The exchanges that came after the first ``count`` of all, as far as they are kept."""
        return tuple(self.exchanges[count - self.count :]) if count < self.count else ()

    def _tell(self, exchange: Exchange, apdu: bytes, answer: bytes) -> None:
        self.count += 1
        self.exchanges.append(exchange)
        if len(self.exchanges) == 2 * _KEPT:
            del self.exchanges[:_KEPT]
        for sink in self._sinks:
            sink(exchange, apdu, answer)


def printing(out: TextIO, language: Language = "en") -> ExchangeSink:
    """A sink that prints every exchange to ``out``."""

    def write(exchange: Exchange, _apdu: bytes, _answer: bytes) -> None:
        out.write("".join(f"{line}\n" for line in lines(exchange, language)))  # whole: slots work at once
        out.flush()

    return write


def saving(
    write_line: Callable[[str], None], language: Language = "en", *, psam: bool = False
) -> ExchangeSink:
    """A sink that writes a script that runs again (docs/reference/apdu-scripts.md): decoding as comments,
    masked exchanges as comment pairs."""
    writer = ScriptWriter(write_line, psam=psam)
    for line in HEADER:
        writer.line(line)

    def write(exchange: Exchange, apdu: bytes, answer: bytes) -> None:
        if not exchange.command:
            writer.reset(answer)
            return
        comments = [headline(exchange, language), *(f"  {note}" for note in notes(exchange, language))]
        masked = MaskedExchange(exchange.command, exchange.answer, exchange.secret)
        if not exchange.answer:
            writer.silence(apdu, masked, exchange.problem)
        else:
            writer.exchange(apdu, answer, masked, comments)

    return write
