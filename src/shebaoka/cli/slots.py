"""Options that name a chip, a reader or keys, and what they open."""

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Literal, Self, TextIO

import typer

from shebaoka.cli.errors import UsageProblem
from shebaoka.codec.display import Language
from shebaoka.reader.base import Reader

if TYPE_CHECKING:
    from shebaoka.chip.chip import Chip
    from shebaoka.terminal.keys import KeySource

Kind = Literal["card", "psam"]

_TRACE_MARK = b"# APDU record."  # reader.record writes it first

PASSPHRASE = "SHEBAOKA_PASSPHRASE"  # noqa: S105 - the name of a variable
PIN = "SHEBAOKA_PIN"

ChipOption = Annotated[
    Path | None, typer.Option("--chip", "-c", help="Card image (from `chip build`, `cards make`, `demo`).")
]
ReaderOption = Annotated[
    str | None, typer.Option("--reader", "-r", help="PC/SC reader: its number, its name or a part of it.")
]
PsamOption = Annotated[Path | None, typer.Option("--psam", help="PSAM image that proves the keys.")]
PsamReaderOption = Annotated[str | None, typer.Option("--psam-reader", help="PC/SC reader with the PSAM.")]
VaultOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--vault", help="Key vault that proves the keys, a file or a name of shebaoka.toml (may be repeated)."
    ),
]
TraceOption = Annotated[
    bool, typer.Option("--trace", "-t", help="Show every exchange, decoded, on the error stream.")
]
TraceFileOption = Annotated[
    Path | None, typer.Option("--trace-file", help="Write the trace to a file that replays as a script.")
]


ExtensionOption = Annotated[
    list[Path] | None,
    typer.Option("--extension", help="Extension file of the card's city (TOML; may be repeated)."),
]


@dataclass
class Slots:
    """Opens chips and readers, and closes them together. A trace is laid over what is opened when wished;
    it knows the files of ``extensions`` too."""

    trace: bool = False
    trace_file: Path | None = None
    language: Language = "en"
    extensions: Sequence[Path] = ()
    _open: ExitStack = field(default_factory=ExitStack)
    _trace_out: TextIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def card(self, chip: Path | None, reader: str | None) -> Reader:
        """The card slot: exactly one of image and PC/SC reader. Raises UsageProblem."""
        return self.traced(self._slot(chip, reader, "card", "--chip", "--reader"), "card")

    def psam(self, chip: Path | None, reader: str | None) -> Reader | None:
        """The PSAM slot, or None when neither is named."""
        if chip is None and reader is None:
            return None
        return self.traced(self._slot(chip, reader, "psam", "--psam", "--psam-reader"), "psam")

    def keys(
        self, psam: Path | None, psam_reader: str | None, vaults: list[Path] | None
    ) -> "KeySource | None":
        """What proves keys to the card: PSAM, vaults, or both in this order; None when nothing is named."""
        from shebaoka.cli.vaults import open_named
        from shebaoka.terminal.keys import KeyChain, KeySource
        from shebaoka.terminal.psam_keys import PsamKeys
        from shebaoka.terminal.vault_keys import VaultKeys

        slot = self.psam(psam, psam_reader)
        sources: list[KeySource] = [] if slot is None else [PsamKeys(slot)]
        sources.extend(VaultKeys(open_named(path)) for path in vaults or ())
        if len(sources) > 1:
            return KeyChain(tuple(sources))
        return sources[0] if sources else None

    def _slot(self, chip: Path | None, reader: str | None, kind: Kind, image: str, slot: str) -> Reader:
        if (chip is None) == (reader is None):
            raise UsageProblem(
                f"name one {kind}: {image} FILE for an image or {slot} NAME for a PC/SC reader"
            )
        if chip is not None:
            from shebaoka.reader.in_process import InProcessReader

            return self._closing(InProcessReader(open_image(chip, kind, image)))
        from shebaoka.reader.pcsc import PcscReader

        name = str(reader)
        return self._closing(PcscReader(int(name) if name.isdecimal() else name))

    def _closing(self, reader: Reader) -> Reader:
        self._open.callback(reader.close)
        return reader

    def traced(self, reader: Reader, kind: Kind) -> Reader:
        """The reader with a trace laid over it, when one is wished."""
        if not self.trace and self.trace_file is None:
            return reader
        from shebaoka.reader.trace import Trace, printing, saving

        sinks = [printing(sys.stderr, self.language)] if self.trace else []
        if self.trace_file is not None:
            sinks.append(saving(self._trace_line, self.language, psam=kind == "psam"))
        return Trace(reader, kind=kind, extensions=self.extensions, sinks=sinks)

    def _trace_line(self, line: str) -> None:
        if self._trace_out is None and self.trace_file is not None:
            self._trace_out = self._open.enter_context(_new_trace(self.trace_file))
        print(line, file=self._trace_out)


def _new_trace(path: Path) -> TextIO:
    """A file for a trace, 0600: it may hold what was read of a person. Replaces an earlier trace, nothing
    else. Raises UsageProblem."""
    if path.exists():
        with path.open("rb") as earlier:
            if earlier.read(len(_TRACE_MARK)) not in (_TRACE_MARK, b""):
                raise UsageProblem(f"{path}: exists and is no trace; choose another name for --trace-file")
        path.unlink()
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8")


def open_image(path: Path, kind: Kind, option: str = "") -> "Chip":
    """The chip of an image file; a sealed one asks for its passphrase. Raises UsageProblem when it is no
    ``kind``, naming the ``option`` that was to take it; GateError in production."""
    from shebaoka.cli.deployment import refuse_simulated
    from shebaoka.reader.images import is_sealed, open_chip

    refuse_simulated(f"{path} (an image)")
    chip = open_chip(path, passphrase=passphrase(f"Passphrase of {path}") if is_sealed(path) else None)
    if chip.kind != kind:
        raise UsageProblem(f"{path}: is the image of a {chip.kind}; {option or 'here'} needs a {kind}")
    return chip


def passphrase(prompt: str, *, confirm: bool = False) -> str:
    """From the variable SHEBAOKA_PASSPHRASE, or asked for at the keyboard. Raises UsageProblem without
    either."""
    return _secret(PASSPHRASE, prompt, confirm=confirm)


def pin(prompt: str = "Card PIN", *, variable: str = PIN, confirm: bool = False) -> str:
    """A PIN from an environment variable, or asked for at the keyboard."""
    return _secret(variable, prompt, confirm=confirm)


def _secret(variable: str, prompt: str, *, confirm: bool) -> str:
    if variable in os.environ:
        return os.environ[variable]
    if not sys.stdin.isatty():
        raise UsageProblem(f"{prompt}: type it at a terminal or set {variable}")
    return str(typer.prompt(prompt, hide_input=True, confirmation_prompt=confirm, err=True))
