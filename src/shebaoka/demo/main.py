"""The main job: two invented provinces from keys to cards, and a terminal that proves they work.

``run`` plays the steps in order, says what each did, and leaves everything under one folder.
"""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from shebaoka.demo import page, story
from shebaoka.demo.content import CardContent, overview
from shebaoka.demo.office.deployment import release
from shebaoka.demo.production import make_batches, write_lists
from shebaoka.demo.proofs import ACTS
from shebaoka.demo.proofs.act import Act
from shebaoka.demo.report import Outcome, Proof
from shebaoka.demo.stage import Stage

MARK = ".shebaoka-demo"
_SIGNS = {Outcome.OK: ("✓", "green"), Outcome.REFUSED: ("✓", "green"), Outcome.FAILED: ("✗", "red")}


class DemoError(ValueError):
    """The demonstration cannot be written where it was asked for."""


@dataclass(frozen=True)
class Step:
    """A step: what it does, and the function that does it and says what came of it."""

    title: str
    play: Callable[[Stage], str]


def run(
    folder: Path = Path("var/demo"),
    people: int = 1000,
    console: Console | None = None,
    program: str = "shebaoka",
) -> int:
    """Play everything below ``folder``, which is emptied first when an earlier demonstration left it.
    ``program``: how the commands to try next call ``shebaoka``.

    Returns how many proofs failed. Raises DemoError when the folder holds something else.
    """
    empty(folder)
    stage = Stage(folder, people, program)
    return play(stage, console or Console(highlight=False))


def play(stage: Stage, console: Console) -> int:
    """The steps and proofs on a stage whose folder is empty; how many proofs failed."""
    started = time.perf_counter()
    for number, step in enumerate(steps(console), 1):
        _play(console, stage, number, step)
    console.print()
    for act in ACTS:
        _prove(console, stage, act)
    if stage.content is not None:
        _show(console, stage.content)
    _play(console, stage, len(steps(console)) + 1, Step("Print card faces", story.print_faces))
    report = stage.folder / "report.html"
    report.write_text(page.page(stage), "utf-8")
    _end(console, stage, report, time.perf_counter() - started)
    return sum(proof.outcome is Outcome.FAILED for proof in stage.proofs)


def steps(console: Console) -> tuple[Step, ...]:
    """The steps before the proofs."""
    return (
        Step("Hold the key ceremonies", story.hold_key_ceremonies),
        Step("Carry keys on chip cards", story.carry_all_keys),
        Step("Issue PSAMs", story.issue_psams),
        Step("Invent people", _invent),
        Step("Make cards", lambda stage: _make(stage, console)),
    )


def empty(folder: Path) -> None:
    """Make ``folder`` an empty place for the demonstration. Raises DemoError, and InUseError while the office
    of an earlier one is served from it."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise DemoError(
                f"{folder} is not empty and no earlier demonstration: choose another with --folder"
            )
        release(folder)
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # PINs and keys, even if nobody's
    (folder / MARK).write_text("This folder is emptied when the demonstration runs again.\n", "utf-8")


def _invent(stage: Stage) -> str:
    stage.batches = write_lists(stage.the_world(), stage.folder / "lists", stage.people)
    count = sum(len(batch.people) for batch in stage.batches)
    return f"{count:,} rows on {len(stage.batches)} lists (GBK and UTF-8), with drawn photos"


def _make(stage: Stage, console: Console) -> str:
    columns = (TextColumn("   making cards"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("cards", total=stage.people)
        stage.cards, refused = make_batches(
            stage.batches,
            stage.folder / "numbers.db",
            lambda done, total: bar.update(task, completed=done, total=total),
        )
    by_product = {b.product.name: 0 for b in stage.batches}
    for card in stage.cards:
        by_product[card.batch.product.name] += 1
    stage.numbers.append(("Cards", f"{len(stage.cards):,}"))
    made = ", ".join(f"{count:,} of {name}" for name, count in by_product.items())
    rows = f"; {len(refused)} row refused: {refused[0]}" if refused else ""
    return f"{len(stage.cards):,} cards: {made}{rows}"


def _play(console: Console, stage: Stage, number: int, step: Step) -> None:
    started = time.perf_counter()
    result = step.play(stage)
    seconds = time.perf_counter() - started
    stage.timings.append((step.title, seconds))
    console.print(Text.assemble((f"{number}. {step.title}", "bold"), (f"  {seconds:.1f} s", "dim")))
    console.print(_indented(result))


def _prove(console: Console, stage: Stage, act: Act) -> None:
    started = time.perf_counter()
    try:
        seen, outcome = act.play(stage), act.outcome
    except (ValueError, AssertionError, OSError) as error:
        seen, outcome = f"{type(error).__name__}: {error}", Outcome.FAILED
    finally:
        stage.take_out()
    seconds = time.perf_counter() - started
    stage.proofs.append(Proof(act.title, outcome, seen, seconds))
    stage.timings.append((act.title, seconds))
    sign, color = _SIGNS[outcome]
    console.print(Text.assemble((f" {sign} ", color), (act.title, "bold")))
    console.print(_indented(seen))


def _indented(text: str) -> Padding:
    return Padding(Text(text), (0, 0, 0, 3))


def _show(console: Console, content: CardContent) -> None:
    """The content of a card, a line a file, cut at the edge of the screen."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1), expand=True)
    table.add_column(no_wrap=True, style="cyan")
    table.add_column(no_wrap=True, overflow="ellipsis", max_width=26)
    table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    for place, name, values in overview(content):
        table.add_row(place, name, Text(values))
    console.print()
    console.print(Text(f"What is on card {content.card_number} (whole in the report):", "bold"))
    console.print(table)
    console.print()


def _end(console: Console, stage: Stage, report: Path, seconds: float) -> None:
    failed = [proof for proof in stage.proofs if proof.outcome is Outcome.FAILED]
    console.print()
    if failed:
        console.print(Text(f"{len(failed)} of {len(stage.proofs)} proofs failed.", "bold red"))
    else:
        console.print(Text(f"All {len(stage.proofs)} proofs hold.", "bold green"))
    console.print(f"Report: {report}\nFaces:  {stage.folder / 'faces.pdf'}", soft_wrap=True)
    console.print("\nTry next:")
    for what, command in page.next_commands(stage):
        console.print(f"  # {what}", style="dim", markup=False)
        console.print(f"  {command}", markup=False, soft_wrap=True)
    console.print(f"\n{seconds:.1f} s in all.")
