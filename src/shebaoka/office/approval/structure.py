"""A region's own file structure against the standard: the checks of ``shebaoka spec check``."""

from collections.abc import Iterable
from dataclasses import dataclass

from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.files import path_of, read
from shebaoka.spec.errors import SpecError
from shebaoka.spec.extensions import extended, load_extension
from shebaoka.spec.layouts import card_layout


@dataclass(frozen=True, slots=True)
class StructureProblem:
    """What is wrong, in the words of the check; ``name`` of the file, empty for several together."""

    name: str
    message: str


def structure_problems(layout: str, files: Iterable[tuple[str, str]]) -> list[StructureProblem]:
    """Problems of extension files (name and SHA-256) for cards of the generation ``layout``, each alone and
    all together. Empty: the structure conforms, as it does without extensions."""
    found: list[StructureProblem] = []
    good = []
    for name, digest in files:
        try:
            read(digest)
            extension = load_extension(path_of(digest))
            if layout not in extension.generations:
                found.append(StructureProblem(name, f"is not for cards of specification {layout}"))
                continue
            extended(card_layout(layout), [extension])
        except (SpecError, ValueError, Refusal) as error:
            found.append(StructureProblem(name, _said(error, digest, name)))
        else:
            good.append(extension)
    if not found and len(good) > 1:
        try:
            extended(card_layout(layout), good)
        except (SpecError, ValueError) as error:
            found.append(StructureProblem("", str(error)))
    return found


def _said(error: Exception, digest: str, name: str) -> str:
    """Without the folder files are kept in."""
    return str(error).replace(str(path_of(digest)), name)
