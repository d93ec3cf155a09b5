import io
import random
from pathlib import Path

import pytest
from PIL import Image

from shebaoka.paper.photo import CHIP_BYTES, FACE_PIXELS, PhotoError, chip_photo, face_photo, open_photo
from shebaoka.paper.portrait import draw_portrait


def encoded(image: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def noise(width: int = 413, height: int = 508) -> Image.Image:
    return Image.frombytes("RGB", (width, height), random.Random(1).randbytes(width * height * 3))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP"])
def test_photo_formats_of_the_standard_and_png_open(kind: str) -> None:
    assert open_photo(encoded(draw_portrait(1), kind)).mode == "RGB"


def test_transparent_ground_becomes_white() -> None:
    clear = Image.new("RGBA", (300, 380), (0, 0, 0, 0))
    assert open_photo(encoded(clear, "PNG")).getpixel((5, 5)) == (255, 255, 255)


def test_face_photo_is_20_by_25_mm_at_300_dpi() -> None:
    with Image.open(io.BytesIO(face_photo(draw_portrait(1)))) as photo:
        assert photo.size == FACE_PIXELS
        assert photo.format == "JPEG"
        assert photo.width / photo.info["dpi"][0] * 25.4 == pytest.approx(20, abs=0.05)


@pytest.mark.parametrize("image", [draw_portrait(2, "2", 70), noise()], ids=["portrait", "noise"])
def test_chip_photo_fits_the_file_and_keeps_its_proportion(image: Image.Image) -> None:
    data = chip_photo(image)
    assert len(data) <= CHIP_BYTES
    with Image.open(io.BytesIO(data)) as photo:
        assert photo.format == "JPEG"
        assert photo.mode == "RGB"
        assert photo.width / photo.height == pytest.approx(26 / 32, abs=0.02)


def test_what_cannot_fit_is_refused() -> None:
    with pytest.raises(PhotoError, match="does not fit into 300 bytes"):
        chip_photo(noise(), limit=300)


def test_a_wide_photo_is_cut_at_the_sides_not_squeezed() -> None:
    wide = Image.new("RGB", (900, 500), "red")
    wide.paste(Image.new("RGB", (300, 500), "blue"), (300, 0))
    with Image.open(io.BytesIO(face_photo(wide))) as photo:
        middle = photo.getpixel((118, 147))
        edge = photo.getpixel((2, 147))
    assert isinstance(middle, tuple)
    assert isinstance(edge, tuple)
    assert middle[2] > 200 > 60 > middle[0]
    assert edge[0] > 200


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a JPEG, PNG or BMP picture"),
        (b"GIF89a" + bytes(100), "not a JPEG, PNG or BMP picture"),
        (encoded(draw_portrait(1), "JPEG")[:3000], "damaged picture"),
        (encoded(Image.new("RGB", (100, 100)), "PNG"), "too few"),
        (encoded(Image.new("1", (10_000, 9_000)), "PNG"), "too many"),
    ],
)
def test_bad_photos_are_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(PhotoError, match=f"^0042.jpg: .*{reason}"):
        open_photo(data, name="0042.jpg")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match=r"none\.jpg: No such file"):
        open_photo(tmp_path / "none.jpg")


def test_portraits_differ_by_seed_and_repeat_by_seed() -> None:
    pictures = {draw_portrait(seed, sex, 40).tobytes() for seed in range(6) for sex in "12"}
    assert len(pictures) == 12
    assert draw_portrait(4, "2", 40).tobytes() == draw_portrait(4, "2", 40).tobytes()
