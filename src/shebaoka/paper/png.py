"""Card faces as PNG pictures, drawn from the same marks as the PDF; rounded like the card."""

import io
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw, ImageFont

from shebaoka.paper.compose import compose
from shebaoka.paper.face import CardFace
from shebaoka.paper.fonts import MM_PER_POINT, FontPaths
from shebaoka.paper.marks import SHOWN, Circle, Ground, Layer, Mark, Picture, Polygon, Rect, Side, Text
from shebaoka.paper.placement import Placement, standard_placement

_OVERSAMPLING = 3


def face_png(
    face: CardFace,
    side: Side,
    *,
    dpi: int = 300,
    layers: frozenset[Layer] = SHOWN,
    fonts: FontPaths | None = None,
    placement: Placement | None = None,
) -> bytes:
    """One side as PNG, by default print and chip module, outside the rounded corners transparent."""
    fonts, placement = fonts or FontPaths(), placement or standard_placement()
    card = placement.card
    scale = dpi / 25.4 * _OVERSAMPLING
    size = (round(card.width * scale), round(card.height * scale))
    canvas = _Canvas(Image.new("RGB", size, "white"), scale, fonts)
    for placed in compose(face, side, placement, fonts, layers):
        canvas.draw(placed.mark)
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), card.radius * scale, fill=255)
    canvas.image.putalpha(mask)
    final = (round(card.width * dpi / 25.4), round(card.height * dpi / 25.4))
    picture = canvas.image.resize(final, Image.Resampling.BOX if final == size else Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", dpi=(dpi, dpi))
    return buffer.getvalue()


class _Canvas:
    def __init__(self, image: Image.Image, scale: float, fonts: FontPaths) -> None:
        self.image, self.scale, self.fonts = image, scale, fonts
        self.pen = ImageDraw.Draw(image)

    def draw(self, mark: Mark) -> None:
        match mark:
            case Text():
                self._text(mark)
            case Rect():
                self._rect(mark)
            case Circle(x, y, radius):
                radius += mark.line_width / 2 if mark.line else 0.0  # Pillow draws outlines inwards
                box = self._box(x - radius, y - radius, 2 * radius, 2 * radius)
                self.pen.ellipse(box, mark.fill, mark.line, self._line(mark.line_width))
            case Polygon():
                points = [(x * self.scale, y * self.scale) for x, y in mark.points]
                if mark.fill:
                    self.pen.polygon(points, mark.fill)
                elif mark.line:
                    if len(points) <= 4:
                        points += points[:2]
                    self.pen.line(points, mark.line, self._line(mark.line_width), joint="curve")
            case Ground():
                self._ground(mark)
            case Picture():
                left, top, right, bottom = (
                    round(v) for v in self._box(mark.x, mark.y, mark.width, mark.height)
                )
                with Image.open(io.BytesIO(mark.jpeg)) as photo:
                    scaled = photo.convert("RGB").resize(
                        (right - left, bottom - top), Image.Resampling.LANCZOS
                    )
                self.image.paste(scaled, (left, top))

    def _box(self, x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
        s = self.scale
        return x * s, y * s, (x + width) * s, (y + height) * s

    def _line(self, width: float) -> int:
        return max(1, round(width * self.scale))

    def _ground(self, mark: Ground) -> None:
        left, top, right, bottom = (round(v) for v in self._box(mark.x, mark.y, mark.width, mark.height))
        run = Image.linear_gradient("L").resize((right - left, bottom - top), Image.Resampling.BICUBIC)
        upper = Image.new("RGB", run.size, mark.top)
        lower = Image.new("RGB", run.size, mark.bottom)
        self.image.paste(Image.composite(lower, upper, run), (left, top))

    def _rect(self, mark: Rect) -> None:
        box = self._box(mark.x, mark.y, mark.width, mark.height)
        radius = mark.radius * self.scale
        line = self._line(mark.line_width)
        if not mark.dashed:
            self.pen.rounded_rectangle(box, radius, mark.fill, mark.line, line)
            return
        layer = Image.new("L", self.image.size, 0)
        ImageDraw.Draw(layer).rounded_rectangle(box, radius, outline=255, width=line)
        gaps = ImageDraw.Draw(layer)
        step, gap = 1.7 * self.scale, 0.7 * self.scale
        for n in range(1, int(max(self.image.size) / step) + 1):
            if box[0] + radius < n * step < box[2] - radius - gap:
                gaps.rectangle((n * step, 0, n * step + gap, self.image.height), fill=0)
            if box[1] + radius < n * step < box[3] - radius - gap:
                gaps.rectangle((0, n * step, self.image.width, n * step + gap), fill=0)
        self.image.paste(Image.new("RGB", self.image.size, mark.line or "black"), (0, 0), layer)

    def _text(self, mark: Text) -> None:
        pixels = mark.size * MM_PER_POINT * self.scale
        face = _face(self.fonts.path(mark.family), round(pixels, 2))
        stroke = mark.bold * pixels / 2
        if mark.angle:
            self._turned(mark, face, pixels)
            return
        x, y = mark.x * self.scale, mark.y * self.scale
        if not mark.spacing:
            self.pen.text((x, y), mark.text, mark.color, face, anchor="ls", stroke_width=stroke)
            return
        for character in mark.text:
            self.pen.text((x, y), character, mark.color, face, anchor="ls", stroke_width=stroke)
            x += face.getlength(character) + mark.spacing * self.scale

    def _turned(self, mark: Text, face: ImageFont.FreeTypeFont, pixels: float) -> None:
        half = round(pixels * 2 * max(len(mark.text), 1))
        stamp = Image.new("L", (2 * half, 2 * half), 0)
        ImageDraw.Draw(stamp).text((half, half), mark.text, 255, face, anchor="ls")
        stamp = stamp.rotate(mark.angle, Image.Resampling.BICUBIC)
        corner = (round(mark.x * self.scale) - half, round(mark.y * self.scale) - half)
        ink = Image.new("RGB", stamp.size, ImageColor.getrgb(mark.color)[:3])
        self.image.paste(ink, corner, stamp)


@lru_cache(maxsize=64)
def _face(path: Path, pixels: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), pixels, layout_engine=ImageFont.Layout.BASIC)
