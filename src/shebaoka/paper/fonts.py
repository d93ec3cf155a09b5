"""Fonts for Chinese faces: where they come from, what they can write, how wide it is.

Default: Noto Sans SC and Noto Serif SC (OFL) from the package ``pylopdf-fonts-zh-cn``. An issuer with
licensed fonts sets other paths, in :class:`FontPaths` or by the environment variables
``SHEBAOKA_FONT_SANS``, ``SHEBAOKA_FONT_SERIF`` and ``SHEBAOKA_FONT_TITLE`` (the card name's 隶书).
"""

import io
import os
import struct
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeAlias

from fontTools.pens.boundsPen import BoundsPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, TTLibError

MM_PER_POINT = 25.4 / 72
_Ink: TypeAlias = tuple[float, float, float, float]  # left, bottom, right, top in em
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff")  # zero-width characters leave no box on paper


class FontError(ValueError):
    """A font file is missing or cannot be used; says which and what to set."""


class Family(StrEnum):
    """What a text is set in: sans for data, serif for 宋体, title for 隶书 (falls back to serif)."""

    SANS = "sans"
    SERIF = "serif"
    TITLE = "title"


@dataclass(frozen=True)
class FontPaths:
    """Font files, OpenType or TrueType; None takes the environment variable, then the bundled default."""

    sans: Path | None = None
    serif: Path | None = None
    title: Path | None = None

    def path(self, family: Family) -> Path:
        """The file of a family. Raises FontError when neither setting nor package gives one."""
        chosen: Path | None = getattr(self, family.value)
        variable = f"SHEBAOKA_FONT_{family.name}"
        if chosen is None and os.environ.get(variable):
            chosen = Path(os.environ[variable])
        if chosen is None:
            chosen = _bundled(family) if family is not Family.TITLE else self.path(Family.SERIF)
        if not chosen.is_file():
            raise FontError(f"font {chosen} not found: set {variable} to a font file with Chinese characters")
        return chosen

    def font(self, family: Family) -> "Font":
        """The measured font of a family; opened once per file."""
        return open_font(self.path(family))


class Font:
    """A font file with its character map and measures, in em (1 em = the type size)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file: Any = TTFont(io.BytesIO(path.read_bytes()), lazy=True, fontNumber=0)
            self._cmap: dict[int, str] = self._file.getBestCmap()
            self._em: int = self._file["head"].unitsPerEm
            self._advances: Any = self._file["hmtx"]
        except (TTLibError, OSError, KeyError, AttributeError, AssertionError, struct.error) as error:
            raise FontError(f"font {path} cannot be read: {error}") from error
        self._bounds: dict[str, _Ink | None] = {}

    def __repr__(self) -> str:
        return f"<Font {self.path.name}>"

    @cached_property
    def _glyphs(self) -> Any:
        return self._file.getGlyphSet()

    def missing(self, text: str) -> list[str]:
        """Characters of ``text`` without a glyph, each once, in order of appearance."""
        return list(dict.fromkeys(c for c in text if c not in _INVISIBLE and ord(c) not in self._cmap))

    def width(self, text: str) -> float:
        """Advance width in em; a missing glyph counts one em."""
        advances, cmap = self._advances, self._cmap
        return sum(advances[cmap[ord(c)]][0] if ord(c) in cmap else self._em for c in text) / self._em

    def ink(self, text: str) -> "_Ink":
        """Left, bottom, right, top of the ink in em, seen from the start of the baseline (up is positive).

        Characters without ink (spaces) only advance. An empty text gives zeros.
        """
        pen, boxes = 0.0, []
        for character in text:
            box = self._glyph_bounds(character)
            if box is not None:
                boxes.append((pen + box[0], box[1], pen + box[2], box[3]))
            pen += self.width(character)
        if not boxes:
            return (0.0, 0.0, 0.0, 0.0)
        left, bottom, right, top = zip(*boxes, strict=True)
        return min(left), min(bottom), max(right), max(top)

    def _glyph_bounds(self, character: str) -> "_Ink | None":
        name = self._cmap.get(ord(character))
        if name is None:
            return None
        if name not in self._bounds:
            pen = BoundsPen(self._glyphs)
            self._glyphs[name].draw(pen)
            bounds: _Ink | None = pen.bounds
            self._bounds[name] = None if bounds is None else _scaled(bounds, self._em)
        return self._bounds[name]


def _scaled(bounds: _Ink, em: int) -> _Ink:
    left, bottom, right, top = bounds
    return left / em, bottom / em, right / em, top / em


@cache
def open_font(path: Path) -> Font:
    """Open and keep a font. Raises FontError for a file that is no font."""
    return Font(path)


def missing_glyphs(text: str, font: Path | Font | None = None) -> list[str]:
    """Characters that ``font`` (default: the sans family) cannot write, each once, in order of appearance.

    >>> missing_glyphs("张三")
    []
    """
    if font is None:
        font = FontPaths().font(Family.SANS)
    return (font if isinstance(font, Font) else open_font(font)).missing(text)


def subset(text: str, path: Path) -> bytes:
    """A WOFF font with the glyphs of ``text`` only, to be carried inside a page. Raises FontError."""
    options = Options(flavor="woff", layout_features=[], notdef_outline=True, hinting=False)
    try:
        with TTFont(io.BytesIO(path.read_bytes()), lazy=True, fontNumber=0) as file:
            subsetter = Subsetter(options)
            subsetter.populate(text=text)
            subsetter.subset(file)
            file.flavor = "woff"
            buffer = io.BytesIO()
            file.save(buffer)
    except (TTLibError, OSError, KeyError, AssertionError, struct.error) as error:
        raise FontError(f"font {path} cannot be read: {error}") from error
    return buffer.getvalue()


def _bundled(family: Family) -> Path:
    try:
        import pylopdf_fonts_zh_cn as bundle
    except ModuleNotFoundError as error:  # pragma: no cover - a declared dependency
        raise FontError(
            f"no Chinese font: install pylopdf-fonts-zh-cn or set SHEBAOKA_FONT_{family.name}"
        ) from error
    return Path(bundle.sans_path() if family is Family.SANS else bundle.serif_path())
