"""A report as one HTML page: sections are values; it needs nothing from outside, prints, and reads aloud.

Chinese in an English page is marked as such, so that a screen reader changes its voice.
"""

import base64
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from importlib.resources import files
from typing import TypeAlias

_CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff·、]+")


class Outcome(StrEnum):
    """How a proof ended: done, refused as it must be, or failed."""

    OK = "ok"
    REFUSED = "refused"
    FAILED = "failed"


_OUTCOME_TEXT = {
    Outcome.OK: "✓ done",
    Outcome.REFUSED: "✓ refused, as it must be",
    Outcome.FAILED: "✗ failed",
}


@dataclass(frozen=True)
class Numbers:
    """The figures that matter, as label and value."""

    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Prose:
    """A heading and paragraphs; ``code`` is shown as typed."""

    title: str
    paragraphs: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True)
class Figure:
    """A picture in the page: PNG or SVG bytes, what a reader who cannot see it should know, a caption."""

    image: bytes
    alternative: str
    caption: str


@dataclass(frozen=True)
class Figures:
    """Pictures side by side."""

    title: str
    figures: tuple[Figure, ...]
    text: str = ""


@dataclass(frozen=True)
class Group:
    """Rows of a table under a heading of their own."""

    title: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Table:
    """A table; the first cell of a row is its heading. ``numeric``: columns set to the right; ``grid``: short
    cells that stay in their columns on a phone too."""

    title: str
    head: tuple[str, ...]
    groups: tuple[Group, ...]
    caption: str = ""
    numeric: frozenset[int] = frozenset()
    grid: bool = False


@dataclass(frozen=True)
class Proof:
    """Something that was shown: what, how it ended, what was seen, in how many seconds."""

    what: str
    outcome: Outcome
    seen: str
    seconds: float | None = None


@dataclass(frozen=True)
class Proofs:
    """A list of proofs."""

    title: str
    proofs: tuple[Proof, ...]


Section: TypeAlias = Numbers | Prose | Figures | Table | Proofs


def render(
    title: str,
    lead: str,
    sections: Iterable[Section],
    footer: str = "",
    *,
    language: str = "en",
    font: Callable[[str], bytes] | None = None,
) -> str:
    """The whole page as HTML. ``font`` gives a WOFF font for the Chinese characters it is asked for; it is
    carried in the page, for readers whose machine has none."""
    css = files("shebaoka.demo").joinpath("data", "report.css").read_text("utf-8")
    body = "\n".join(_section(section) for section in sections)
    chinese = "".join(sorted({c for run in _CHINESE.findall(title + lead + body + footer) for c in run}))
    if font is not None and chinese:
        css = _font_face(font(chinese)) + css
    foot = f"<footer><p>{_text(footer)}</p></footer>" if footer else ""
    return f"""<!DOCTYPE html>
<html lang="{escape(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>
{css}</style>
</head>
<body>
<header>
<h1>{_text(title)}</h1>
<p class="lead">{_text(lead)}</p>
</header>
<main>
{body}
</main>
{foot}
</body>
</html>
"""


def _font_face(font: bytes) -> str:
    data = base64.b64encode(font).decode()
    source = f"url(data:font/woff;base64,{data}) format('woff')"
    return f"@font-face {{ font-family: 'Report Chinese'; src: {source}; }}\n"


def _section(section: Section) -> str:
    match section:
        case Numbers(figures):
            pairs = "".join(
                f"<div><dt>{_text(label)}</dt><dd>{_text(value)}</dd></div>" for label, value in figures
            )
            return f'<dl class="numbers">{pairs}</dl>'
        case Prose(title, paragraphs, code):
            text = "".join(f"<p>{_text(paragraph)}</p>" for paragraph in paragraphs)
            typed = f"<pre><code>{escape(code)}</code></pre>" if code else ""
            return _titled(title, text + typed)
        case Figures(title, figures, text):
            intro = f"<p>{_text(text)}</p>" if text else ""
            return _titled(title, f'{intro}<div class="faces">{"".join(map(_figure, figures))}</div>')
        case Table():
            return _titled(section.title, _table(section))
        case Proofs(title, proofs):
            return _titled(title, _proofs(proofs))


def _titled(title: str, content: str) -> str:
    return f"<section>\n<h2>{_text(title)}</h2>\n{content}\n</section>"


def _figure(figure: Figure) -> str:
    kind = "image/png" if figure.image.startswith(b"\x89PNG") else "image/svg+xml"
    data = base64.b64encode(figure.image).decode()
    picture = f'<img src="data:{kind};base64,{data}" alt="{escape(figure.alternative)}">'
    return f"<figure>{picture}<figcaption>{_text(figure.caption)}</figcaption></figure>\n"


def _table(table: Table) -> str:
    caption = f"<caption>{_text(table.caption)}</caption>" if table.caption else ""
    bodies = []
    for group in table.groups:
        heading = f'<tr><th scope="rowgroup" colspan="{len(table.head)}">{_text(group.title)}</th></tr>\n'
        rows = "".join(_row(row, table.numeric) for row in group.rows)
        bodies.append(f"<tbody>\n{heading if group.title else ''}{rows}</tbody>\n")
    head = _head(table.head, table.numeric)
    kind = ' class="grid"' if table.grid else ""
    return f'<div class="scroll"><table{kind}>{caption}\n{head}{"".join(bodies)}</table></div>'


def _head(head: Sequence[str], numeric: frozenset[int]) -> str:
    cells = "".join(f'<th scope="col"{_class(n, numeric)}>{_text(name)}</th>' for n, name in enumerate(head))
    return f"<thead><tr>{cells}</tr></thead>\n"


def _row(row: Sequence[str], numeric: frozenset[int]) -> str:
    first, *rest = row
    cells = "".join(f"<td{_class(n, numeric)}>{_text(cell)}</td>" for n, cell in enumerate(rest, 1))
    return f'<tr><th scope="row"{_class(0, numeric)}>{_text(first)}</th>{cells}</tr>\n'


def _class(column: int, numeric: frozenset[int]) -> str:
    return ' class="number"' if column in numeric else ""


def _proofs(proofs: Sequence[Proof]) -> str:
    rows = []
    for proof in proofs:
        time = f"{proof.seconds:.2f} s" if proof.seconds is not None else ""
        what = f'<th scope="row">{_text(proof.what)}</th><td>{_text(proof.seen)}</td>'
        outcome = f'<td class="outcome">{_OUTCOME_TEXT[proof.outcome]}</td>'
        rows.append(f'<tr class="{proof.outcome}">{what}{outcome}<td class="number">{time}</td></tr>\n')
    head = _head(("What", "What was seen", "Outcome", "Time"), frozenset({3}))
    return f'<div class="scroll"><table class="proofs">\n{head}<tbody>\n{"".join(rows)}</tbody></table></div>'


def _text(text: str) -> str:
    """Escaped, with runs of Chinese marked."""
    return _CHINESE.sub(lambda run: f'<span lang="zh">{run[0]}</span>', escape(text))
