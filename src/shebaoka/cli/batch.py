"""A batch from the command line: prepare unless prepared, make what is not made, show how far it is."""

import os
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.vaults import open_named
from shebaoka.personalization.batch import Order, Preparation, prepare_batch
from shebaoka.personalization.making import Outcome, make_cards
from shebaoka.personalization.mapping import read_mapping
from shebaoka.personalization.numbering import NumberRegister
from shebaoka.personalization.product import read_product
from shebaoka.personalization.report import Summary
from shebaoka.personalization.state import SETTINGS, Settings, read_settings
from shebaoka.personalization.supply import ReaderSupply, transport_cipher
from shebaoka.vault.model import Vault

if TYPE_CHECKING:
    from shebaoka.personalization.faces import BatchFaces


@dataclass(frozen=True)
class Job:
    """What the user asked for."""

    people: Path
    mapping: Path
    product: Path
    vault: Path
    secret: str
    folder: Path
    register: Path
    issued: date
    extensions: tuple[Path, ...]
    reissue: bool
    check_only: bool
    seal: bool
    reader: str | None = None
    transport: int | None = None

    def __repr__(self) -> str:
        return f"Job({self.people}, {self.folder})"


@dataclass(frozen=True)
class Result:
    """How the batch stands."""

    folder: Path
    id: str
    rows: Summary
    cards: Outcome | None
    resumed: bool
    unused: tuple[str, ...] = ()

    @property
    def all_made(self) -> bool:
        """No row was refused and no card failed."""
        return not self.rows.refused and not (self.cards and self.cards.failed)

    def as_json(self) -> dict[str, Any]:
        """The same for a program."""
        cards = self.cards
        return {
            "batch": self.id,
            "folder": str(self.folder),
            "resumed": self.resumed,
            "rows": self.rows.rows,
            "refused": self.rows.refused,
            "problems": self.rows.problems,
            "made": cards.made if cards else 0,
            "failed": cards.failed if cards else 0,
            "columns_without_use": list(self.unused),
        }

    def print(self) -> None:
        """A few lines for a person."""
        rows = self.rows
        print(
            f"batch {self.id}{' (resumed)' if self.resumed else ''}: {rows.rows} rows, {rows.refused} refused"
        )
        for kind, count in sorted(rows.problems.items()):
            print(f"  {count} x {kind}")
        if rows.refused:
            print(f"  row by row, with what to do: {self.folder / 'validation.csv'}")
        if self.unused:
            print(f"  columns that go nowhere: {', '.join(self.unused)}")
        if self.cards:
            print(f"{self.cards.made} cards made, {self.cards.failed} failed")
            print(f"return file: {self.folder / 'return.csv'}")


def carry_out(job: Job, *, quiet: bool) -> Result:
    """Check, prepare and make. Raises the errors of the personalization rooms; what was made stays made."""
    city = open_named(job.vault, job.secret)
    with _progress(quiet) as bar:
        before = _ready(job)
        prepared = before or _prepare(job, city, bar)
        cards = None if job.check_only else _make(job, city, bar)
    if prepared.summary is None:
        raise ValueError(f"{job.folder}: preparation was not completed; call the command again")
    unused = prepared.unused_columns if isinstance(prepared, Preparation) else ()
    return Result(job.folder, prepared.id, prepared.summary, cards, before is not None, unused)


def _prepare(job: Job, city: Vault, bar: Progress) -> Preparation:
    order = Order(
        job.people,
        read_mapping(job.mapping),
        read_product(job.product),
        job.issued,
        job.extensions,
        job.reissue,
        transport=job.transport,
    )
    task = bar.add_task("checking and preparing", total=None)
    with closing(NumberRegister(job.register)) as numbers:
        return prepare_batch(
            job.folder,
            order,
            city,
            numbers,
            lambda rows: bar.update(task, completed=rows),
            check_only=job.check_only,
        )


def _make(job: Job, city: Vault, bar: Progress) -> Outcome:
    supply = None if job.reader is None else _reader_supply(job.reader, city, read_settings(job.folder), bar)
    task = bar.add_task("making cards", total=None)
    return make_cards(
        job.folder,
        city,
        supply,
        passphrase=job.secret if job.seal else None,
        progress_bar=lambda done, total: bar.update(task, completed=done, total=total),
    )


def _reader_supply(name: str, city: Vault, batch: Settings, bar: Progress) -> ReaderSupply:
    """Blank cards that a person puts into a PC/SC reader."""
    from shebaoka.reader.pcsc import PcscReader

    def ask(text: str) -> None:
        bar.console.print(text, markup=False)
        if sys.stdin.isatty():
            input("Press Enter when it is done. ")

    return ReaderSupply(
        PcscReader(int(name) if name.isdecimal() else name),
        transport_cipher(city, batch.product.suite, batch.transport),
        lambda card: ask(f"Row {card.row}: put a blank card into the reader."),
        lambda: ask("Take the card out of the reader."),
    )


def write_faces(
    batch: Path, output: Path, photos: Path | None, rows: range, *, preview: bool
) -> "BatchFaces":
    """The faces of a batch as a PDF in ``output``; nothing is written when none is ready."""
    from shebaoka.paper.pdf import faces_pdf
    from shebaoka.personalization.faces import batch_faces

    result = batch_faces(batch, photos=photos, rows=rows)
    if result.ready:
        content = faces_pdf(result.ready, preview=preview)
        scratch = output.with_name(f".{output.name}.new")
        scratch.write_bytes(content)
        scratch.replace(output)
    return result


def write_pin_mailers(batch: Path, vault: Path, output: Path, rows: range) -> int:
    """The PIN letters of a batch as a PDF in ``output``, mode 0600; how many. Raises UsageProblem when there
    are none or the file is there."""
    from shebaoka.paper.letters import pin_mailers_pdf
    from shebaoka.personalization.mailers import pin_mailers

    if output.exists():
        raise UsageProblem(f"{output}: exists already; choose another name")
    mailers = list(pin_mailers(batch, open_named(vault), rows))
    if not mailers:
        raise UsageProblem(f"{batch}: no card that is made has a PIN in these lines")
    content = pin_mailers_pdf(mailers)
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return len(mailers)


def _ready(job: Job) -> Settings | None:
    folder, people = job.folder, job.people
    if not (folder / SETTINGS).exists():
        return None
    settings = read_settings(folder)
    if settings.ready and settings.source != people.name:
        raise UsageProblem(
            f"{folder}: holds the batch of {settings.source}, not of {people.name}; choose another folder"
        )
    if settings.ready and job.transport not in (None, settings.transport):
        raise UsageProblem(
            f"{folder}: was prepared for blanks with transport key version {settings.transport}, "
            f"not {job.transport}; choose another folder"
        )
    return settings if settings.ready else None


def _progress(quiet: bool) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    hidden = quiet or not sys.stderr.isatty()
    return Progress(*columns, console=Console(stderr=True), disable=hidden)
