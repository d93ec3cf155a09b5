"""Drawn portraits for invented people: flat shapes, plainly a drawing, the same for the same seed."""

import random
from dataclasses import dataclass

from PIL import Image, ImageDraw

SIZE = (413, 508)  # 26 : 32, larger than any use
_OVERSAMPLING = 2
_SKINS = ("#f3d3b8", "#eec6a6", "#f6dcc6", "#e4b592", "#d9a47f")
_HAIRS = ("#23201f", "#2f2724", "#1b1b1f", "#3a2d26")
_GREYS = ("#8d8d8f", "#b3b3b3", "#d6d6d4")
_CLOTHES = ("#3b5b7a", "#6b4c5e", "#2f6f62", "#7a6a4f", "#44506b", "#8a4f43", "#56688a", "#4d4d57")
_GROUND = "#e6edf3"


@dataclass(frozen=True)
class Portrait:
    """What makes one drawn face different from another."""

    skin: str
    hair: str
    clothes: str
    woman: bool
    style: int
    width: float
    brows: float
    smile: float
    glasses: bool
    lines: bool

    @classmethod
    def of(cls, seed: int | str, sex: str = "1", age: int = 35) -> "Portrait":
        """The portrait of a seed; ``sex`` as V2 table 13 (2 = woman), ``age`` in years."""
        dice = random.Random(f"portrait {seed}")
        grey = dice.random() < max(0.0, (age - 45) / 30)
        return cls(
            skin=dice.choice(_SKINS),
            hair=dice.choice(_GREYS if grey else _HAIRS),
            clothes=dice.choice(_CLOTHES),
            woman=sex == "2",
            style=dice.randrange(3),
            width=dice.uniform(0.94, 1.06),
            brows=dice.uniform(-0.4, 2.5),
            smile=dice.uniform(4, 12),
            glasses=dice.random() < 0.25 + max(0, age - 40) / 150,
            lines=age >= 58,
        )


def draw_portrait(seed: int | str, sex: str = "1", age: int = 35) -> Image.Image:
    """A drawn head and shoulders on a plain ground, 413 × 508 pixels (26 : 32), RGB."""
    portrait = Portrait.of(seed, sex, age)
    image = Image.new("RGB", (SIZE[0] * _OVERSAMPLING, SIZE[1] * _OVERSAMPLING), _GROUND)
    sketch = _Sketch(ImageDraw.Draw(image), portrait)
    sketch.draw()
    return image.resize(SIZE, Image.Resampling.BOX)


class _Sketch:
    """Draws in a space of 260 × 320 units around x = 130."""

    def __init__(self, pen: ImageDraw.ImageDraw, portrait: Portrait) -> None:
        self.pen, self.p = pen, portrait
        self.scale = SIZE[0] * _OVERSAMPLING / 260

    def draw(self) -> None:
        if self.p.woman and self.p.style != 2:
            self._hair_behind()
        self._body()
        self._head()
        self._hair_front()
        self._features()
        if self.p.glasses:
            self._glasses()

    def _ellipse(self, x: float, y: float, rx: float, ry: float, fill: str) -> None:
        s = self.scale
        self.pen.ellipse(((x - rx) * s, (y - ry) * s, (x + rx) * s, (y + ry) * s), fill)

    def _polygon(self, points: list[tuple[float, float]], fill: str) -> None:
        self.pen.polygon([(x * self.scale, y * self.scale) for x, y in points], fill)

    def _arc(
        self, box: tuple[float, float, float, float], start: int, end: int, fill: str, width: float
    ) -> None:
        s = self.scale
        self.pen.arc([v * s for v in box], start, end, fill, round(width * s))

    def _body(self) -> None:
        s = self.scale
        neck = _shade(self.p.skin, 0.92)
        self.pen.rounded_rectangle((32 * s, 262 * s, 228 * s, 400 * s), 62 * s, self.p.clothes)
        self.pen.rounded_rectangle((106 * s, 205 * s, 154 * s, 282 * s), 20 * s, neck)
        if self.p.woman:
            self._ellipse(130, 268, 30, 20, neck)
        else:
            light = _shade(self.p.clothes, 1.5)
            self._polygon([(102, 258), (130, 290), (112, 306)], light)
            self._polygon([(158, 258), (130, 290), (148, 306)], light)

    def _head(self) -> None:
        rx = 68 * self.p.width
        self._ellipse(130 - rx, 150, 12, 18, _shade(self.p.skin, 0.93))
        self._ellipse(130 + rx, 150, 12, 18, _shade(self.p.skin, 0.93))
        self._ellipse(130, 140, rx, 82, self.p.skin)
        self._ellipse(130, 180, rx * 0.8, 52, self.p.skin)

    def _hair_behind(self) -> None:
        s, rx = self.scale, 82 * self.p.width
        bottom = 262 if self.p.style == 0 else 205
        self.pen.rounded_rectangle(
            ((130 - rx) * s, 62 * s, (130 + rx) * s, bottom * s), 70 * s, _shade(self.p.hair, 0.85)
        )

    def _hair_front(self) -> None:
        s, rx, hair = self.scale, 72 * self.p.width, self.p.hair
        top = (130 - rx) * s, 48 * s, (130 + rx) * s, 196 * s
        self.pen.pieslice(top, 180, 360, hair)
        if self.p.woman:
            side = 30 if self.p.style == 1 else -34
            self._polygon(
                [(130 - rx, 118), (130 + side, 84), (130 + rx, 118), (130 + rx, 128), (130, 92)], hair
            )
            self._ellipse(130 - rx + 5, 130, 10, 34, hair)
            self._ellipse(130 + rx - 5, 130, 10, 34, hair)
            if self.p.style == 2:
                self._ellipse(130, 46, 26, 22, _shade(hair, 0.85))
                self.pen.pieslice(top, 180, 360, hair)
            self._ellipse(130, 128, rx - 16, 34, self.p.skin)
        else:
            self._ellipse(130 - rx + 3, 118, 8, 24, hair)
            self._ellipse(130 + rx - 3, 118, 8, 24, hair)
            brow = {0: 42, 1: 34, 2: 38}[self.p.style]
            self._ellipse(130 + (self.p.style - 1) * 7, 126, rx - 15, brow, self.p.skin)

    def _features(self) -> None:
        ink = "#3b2f2b"
        for side in (-1, 1):
            x = 130 + side * 27 * self.p.width
            self._ellipse(x, 150, 8, 5.5, "#ffffff")
            self._ellipse(x, 150, 5, 5.2, ink)
            tilt = side * self.p.brows
            self._polygon(
                [(x - 14, 133 - tilt), (x + 14, 133 + tilt), (x + 13, 136.5 + tilt), (x - 13, 136.5 - tilt)],
                _shade(self.p.hair, 0.95),
            )
            if self.p.lines:
                self._arc((x - 12, 152, x + 12, 166), 20, 160, _shade(self.p.skin, 0.82), 1.2)
        self._arc((120, 158, 140, 182), 20, 130, _shade(self.p.skin, 0.78), 2.2)
        lip = "#b5594f" if self.p.woman else "#a0635a"
        self._arc((108, 186, 152, 200 + self.p.smile), 20, 160, lip, 4 if self.p.woman else 3)

    def _glasses(self) -> None:
        s = self.scale
        for side in (-1, 1):
            x = 130 + side * 27 * self.p.width
            box = ((x - 20) * s, 136 * s, (x + 20) * s, 166 * s)
            self.pen.rounded_rectangle(box, 11 * s, outline="#4a4f57", width=round(2.4 * s))
        self.pen.line((((130 - 7) * s), 149 * s, (130 + 7) * s, 149 * s), "#4a4f57", round(2.4 * s))


def _shade(color: str, factor: float) -> str:
    channels = (int(color[n : n + 2], 16) for n in (1, 3, 5))
    return "#" + "".join(f"{min(255, round(c * factor)):02x}" for c in channels)
