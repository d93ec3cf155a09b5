"""Pieces of pages that render themselves: in a template ``{{ table }}`` is the whole table.

Each is a value a view makes; how it looks stands in ``templates/base/pieces/``. Texts may be lazy."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from shebaoka.office.base.catalogue import Words

Say = str | Promise | Words
Tone = Literal["plain", "good", "busy", "warn", "bad"]


class Piece:
    """Something a template writes as it is; the smallest, of which a table has hundreds, need no template."""

    template: ClassVar[str]

    def __str__(self) -> str:
        return self.__html__()

    def __html__(self) -> SafeString:
        return mark_safe(render_to_string(self.template, {"it": self}).strip())  # noqa: S308 - a template's


@dataclass(frozen=True)
class Tag(Piece):
    """A state in a word or two. The tone adds to the word and never stands for it."""

    text: Say
    tone: Tone = "plain"

    def __html__(self) -> SafeString:
        return format_html('<strong class="tag {}">{}</strong>', self.tone, self.text)


@dataclass(frozen=True)
class Code(Piece):
    """A number, digest or key that is compared letter by letter."""

    text: str

    def __html__(self) -> SafeString:
        return format_html("<code>{}</code>", self.text)


@dataclass(frozen=True)
class Link(Piece):
    """A link. ``about``: what tells it from others with the same text, for who hears the page only."""

    text: Say
    url: str
    about: Say = ""

    def __html__(self) -> SafeString:
        about = format_html('<span class="unseen"> {}</span>', self.about) if self.about else ""
        return format_html('<a href="{}">{}{}</a>', self.url, self.text, about)


@dataclass(frozen=True)
class Task(Piece):
    """A line of a task list: what to do, where, and how far it is. Without ``url`` it cannot begin yet."""

    template = "base/pieces/task.html"
    text: Say
    url: str
    state: Tag
    hint: Say = ""


@dataclass(frozen=True)
class TaskList(Piece):
    """Tasks in the order they are done in."""

    template = "base/pieces/task_list.html"
    tasks: Sequence[Task]


@dataclass(frozen=True)
class Row:
    """A line of a summary: name, value (text, date, piece), and where it is changed."""

    name: Say
    value: object
    change: str = ""


@dataclass(frozen=True)
class Summary(Piece):
    """Names and values: of a record, or of answers to be checked."""

    template = "base/pieces/summary.html"
    rows: Sequence[Row]


@dataclass(frozen=True)
class Column:
    """A column of a table. ``numeric``: its numbers stand under each other, at the right."""

    name: Say
    numeric: bool = False


@dataclass(frozen=True)
class Table(Piece):
    """A table. The first cell of a row names the row; a cell is a text, number, date, time or piece.
    ``empty`` is said in place of a table without rows."""

    template = "base/pieces/table.html"
    caption: Say
    columns: Sequence[Column]
    rows: Iterable[Sequence[object]]
    empty: Say = ""
    hide_caption: bool = field(default=False, kw_only=True)

    @property
    def lines(self) -> list[list[tuple[Column, object]]]:
        """The rows, each cell with its column. Raises ValueError when a row has another width."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Panel(Piece):
    """What a confirmation page begins with: it is done, and its number."""

    template = "base/pieces/panel.html"
    title: Say
    text: Say = ""


@dataclass(frozen=True)
class Notice(Piece):
    """A text that stands out: something to know (``busy``), to take care of (``warn``), wrong (``bad``)."""

    template = "base/pieces/notice.html"
    text: Say
    tone: Tone = "busy"
