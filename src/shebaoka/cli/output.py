"""What commands print: tables for people, JSON for programs."""

import json
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from shebaoka.codec.display import Language
from shebaoka.spec.model import Text

_SHORT = 8  # characters that stay on one line
_WIDE = 160  # columns of a table that goes to a file or a program

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
LanguageOption = Annotated[Language, typer.Option("--language", "-l", help="Names and labels: en or zh.")]


def pick(text: Text, language: Language) -> str:
    """The text in one language."""
    return text.zh if language == "zh" else text.en


def program() -> str:
    """How this command is called: by its name, or as it was typed where the name alone is not found."""
    called = Path(sys.argv[0])
    found = shutil.which("shebaoka")
    if called.name != "shebaoka" or not called.exists() or (found and called.samefile(found)):
        return "shebaoka"
    return str(called)


def console() -> Console:
    """The console of the standard output; wide plain text when it is not a terminal."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)


def print_json(value: Any) -> None:
    """One JSON document on the standard output, Chinese as it is."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def write_json(path: Path, value: Any) -> None:
    """The same into a file."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8")


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table with a title. On a narrow screen the columns with long texts give way, not those with short
    ones."""
    table = Table(
        title=Styled(title, style="bold"),
        title_justify="left",
        header_style="bold",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    body = list(rows)
    for name, *cells in zip(columns, *body, strict=True):
        table.add_column(name, overflow="fold", no_wrap=max(map(cell_len, (name, *cells))) <= _SHORT)
    for row in body:
        table.add_row(*(Styled(cell) for cell in row))
    console().print(table)
