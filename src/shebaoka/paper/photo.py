"""Holder photos: opened and checked, cut to the proportion of card face or chip, made small enough.

Card face: 20 × 25 mm (Part 1 table 4) at 300 dpi. Chip file EF08: 26 × 32 mm, RGB, JPEG, at most 4096 bytes
(V2 §8.1.4 table 15). How the face is cut: the middle of the width, the upper part of the height.
"""

import io
from enum import StrEnum
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

DPI = 300
FACE_PIXELS = (236, 295)  # 20 x 25 mm at 300 dpi
CHIP_PIXELS = (307, 378)  # 26 x 32 mm at 300 dpi
CHIP_BYTES = 4096
FORMATS = ("JPEG", "PNG", "BMP")
_LARGEST_PIXELS = 50_000_000
_LARGEST_BYTES = 40_000_000
_TOP_SHARE = 0.25  # of the height to be cut away, this share goes at the top: heads are high in the picture


class Flaw(StrEnum):
    """What is wrong with a photo, for pages that say it in their own language."""

    MISSING = "missing"
    BYTES = "bytes"
    MANY_PIXELS = "many-pixels"
    FEW_PIXELS = "few-pixels"
    FORMAT = "format"
    DAMAGED = "damaged"
    LIMIT = "limit"


class PhotoError(ValueError):
    """A photo cannot be used; says which and why. ``flaw``: the same as a value."""

    def __init__(self, message: str, flaw: Flaw) -> None:
        super().__init__(message)
        self.flaw = flaw


def open_photo(source: Path | bytes, name: str = "photo") -> Image.Image:
    """A checked photo in RGB, turned upright by its EXIF tag, transparency laid on white.

    ``name`` says in errors which photo it is when ``source`` is bytes. Raises PhotoError for a file that is
    missing, no JPEG, PNG or BMP, damaged, larger than 50 megapixels, or smaller than half the face size.
    """
    if isinstance(source, Path):
        name = source.name
    try:
        data = source.read_bytes() if isinstance(source, Path) else source
    except OSError as error:
        raise PhotoError(f"{name}: {error.strerror or error}", Flaw.MISSING) from error
    if len(data) > _LARGEST_BYTES:
        raise PhotoError(f"{name}: {len(data)} bytes are too many for a photo", Flaw.BYTES)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check_size(image.size, name)
            image.load()
            upright = ImageOps.exif_transpose(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoError(f"{name}: too many pixels for a photo", Flaw.MANY_PIXELS) from error
    except UnidentifiedImageError as error:
        raise PhotoError(f"{name}: not a JPEG, PNG or BMP picture", Flaw.FORMAT) from error
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, PhotoError):
            raise
        raise PhotoError(f"{name}: damaged picture ({error})", Flaw.DAMAGED) from error
    return _flatten(upright)


def face_photo(image: Image.Image, quality: int = 90) -> bytes:
    """The photo as JPEG for the card face: 20 × 25 mm, 236 × 295 pixels, 300 dpi."""
    return _jpeg(_fit(image, FACE_PIXELS), quality)


def chip_photo(image: Image.Image, limit: int = CHIP_BYTES) -> bytes:
    """The photo as JPEG of at most ``limit`` bytes for EF08, in the proportion 26 : 32.

    Quality falls first (from 90 to 30), then the picture shrinks, until it fits. Raises PhotoError when not
    even 64 pixels of width fit.
    """
    width, height = CHIP_PIXELS
    while width >= 64:
        fitted = _fit(image, (width, height))
        for quality in (90, 80, 70, 60, 50, 40, 30):
            data = _jpeg(fitted, quality)
            if len(data) <= limit:
                return data
        width, height = width * 4 // 5, height * 4 // 5
    raise PhotoError(f"the photo does not fit into {limit} bytes", Flaw.LIMIT)


def _check_size(size: tuple[int, int], name: str) -> None:
    width, height = size
    if width * height > _LARGEST_PIXELS:
        raise PhotoError(f"{name}: {width} x {height} pixels are too many for a photo", Flaw.MANY_PIXELS)
    if width < FACE_PIXELS[0] // 2 or height < FACE_PIXELS[1] // 2:
        raise PhotoError(
            f"{name}: {width} x {height} pixels are too few, {FACE_PIXELS[0]} x {FACE_PIXELS[1]} are wanted",
            Flaw.FEW_PIXELS,
        )


def _flatten(image: Image.Image) -> Image.Image:
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, "white")
        return Image.alpha_composite(white, rgba).convert("RGB")
    return image.convert("RGB")


def _fit(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return ImageOps.fit(image, size, Image.Resampling.LANCZOS, centering=(0.5, _TOP_SHARE))


def _jpeg(image: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, optimize=True, dpi=(DPI, DPI))
    return buffer.getvalue()
