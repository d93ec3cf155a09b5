"""Small fonts for tests: the shipped ones, with the characters that this source text uses and no others.

A sheet costs a tenth with them. What the shipped fonts do is checked in tests/paper, which keeps them."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from shebaoka.paper.fonts import Family, FontPaths

_ROOT = Path(__file__).parents[1]
_FOLDER = _ROOT / "var" / "test-fonts"
_FAMILIES = (Family.SANS, Family.SERIF)
_LATIN = frozenset(map(chr, range(0x20, 0x180)))
_TEXT = frozenset({".html", ".json", ".jsonl", ".md", ".po", ".py", ".sql", ".toml", ".tsv", ".txt"})


@contextmanager
def small() -> Iterator[None]:
    """Within, and in the programs begun within, sheets are set in the small fonts."""
    with pytest.MonkeyPatch.context() as patch:
        for family, path in _small().items():
            patch.setenv(f"SHEBAOKA_FONT_{family.name}", str(path))
        yield


@contextmanager
def as_shipped() -> Iterator[None]:
    """Within, sheets are set in the fonts that people get."""
    with pytest.MonkeyPatch.context() as patch:
        for family in _FAMILIES:
            patch.delenv(f"SHEBAOKA_FONT_{family.name}", raising=False)
        yield


def _small() -> dict[Family, Path]:
    """The files; made when the characters or the shipped fonts are others than last time."""
    characters = _characters()
    _FOLDER.mkdir(parents=True, exist_ok=True)
    paths = {}
    with (_FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for family in _FAMILIES:
            shipped = FontPaths().path(family)
            made_of = sha256(f"{shipped} {shipped.stat().st_size} {characters}".encode()).hexdigest()[:16]
            paths[family] = _FOLDER / f"{family}-{made_of}{shipped.suffix}"
            if not paths[family].exists():
                for old in _FOLDER.glob(f"{family}-*"):
                    old.unlink()
                _reduce(shipped, characters, paths[family])
    return paths


def _characters() -> str:
    found = set(_LATIN)
    for folder in ("src", "tests", "docs", "examples"):
        for path in (_ROOT / folder).rglob("*"):
            if path.suffix in _TEXT and path.is_file():
                found.update(path.read_text("utf-8", errors="ignore"))
    return "".join(sorted(found))


def _reduce(shipped: Path, characters: str, path: Path) -> None:
    options = Options()
    options.layout_features = []
    options.notdef_outline = True
    options.name_IDs = ["*"]
    font = TTFont(shipped, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    font.save(path.with_suffix(".new"))
    path.with_suffix(".new").rename(path)
