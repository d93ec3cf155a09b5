"""How a text is fitted into its place: shrink to the least size, then wrap, then give up with a reason."""

from dataclasses import dataclass

from shebaoka.paper.fonts import MM_PER_POINT, Font

_BREAK_AFTER = "·•・ -　"  # places where a long name is broken first
_STEP = 0.1  # points


@dataclass(frozen=True)
class Fitted:
    """Lines of a text and the type size in points at which they fit."""

    lines: tuple[str, ...]
    size: float


class TooLongTextError(ValueError):
    """The text does not fit even at the least size and the most lines."""


def width_mm(font: Font, text: str, size: float, spacing: float = 0.0) -> float:
    """Width of a line in millimetres at ``size`` points."""
    return font.width(text) * size * MM_PER_POINT + spacing * max(len(text) - 1, 0)


def fit(font: Font, text: str, width: float, size: float, least: float = 0.0, lines: int = 1) -> Fitted:
    """Fit ``text`` into ``width`` mm: on one line at ``size`` or smaller down to ``least`` (0: no shrinking);
    else on up to ``lines`` lines, broken after ``·``, a hyphen or a space, at the largest size that fits;
    else broken anywhere. Raises TooLongTextError.
    """
    least = least or size
    for count in range(1, lines + 1):
        for anywhere in (False, True):
            for step in range(round((size - least) / _STEP) + 1):
                current = round(size - step * _STEP, 2)
                broken = _break(font, text, width, current, count, anywhere=anywhere)
                if broken is not None:
                    return Fitted(broken, current)
    raise TooLongTextError(
        f"{text!r} does not fit into {width:.1f} mm at {least:g} pt on {lines} line{'s' * (lines > 1)}"
    )


def _break(
    font: Font, text: str, width: float, size: float, lines: int, *, anywhere: bool
) -> tuple[str, ...] | None:
    if width_mm(font, text, size) <= width:
        return (text,)
    if lines == 1:
        return None
    longest = 0
    while width_mm(font, text[: longest + 1], size) <= width:
        longest += 1
    cuts = [n for n in range(longest, 0, -1) if anywhere or text[n - 1] in _BREAK_AFTER]
    for cut in cuts:
        rest = _break(font, text[cut:].lstrip(" "), width, size, lines - 1, anywhere=anywhere)
        if rest is not None:
            return (text[:cut].rstrip(" "), *rest)
    return None
