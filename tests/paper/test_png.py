import io

from PIL import Image, ImageChops, ImageStat

from paper.faces import ordinary
from paper.test_pdf import picture, printed
from shebaoka.paper.marks import PRINTED, Side
from shebaoka.paper.png import face_png


def opened(side: Side) -> Image.Image:
    image = Image.open(io.BytesIO(face_png(ordinary(), side, layers=PRINTED)))
    image.load()
    return image


def test_png_is_id_1_at_300_dpi_with_rounded_corners() -> None:
    image = opened(Side.FRONT)
    assert image.size == (1011, 638)
    assert image.mode == "RGBA"
    assert image.getpixel((0, 0))[3] == 0  # type: ignore[index]
    assert image.getpixel((505, 319))[3] == 255  # type: ignore[index]


def test_png_shows_the_same_card_as_the_pdf() -> None:
    for number, side in enumerate(Side):
        png = opened(side).convert("RGB")
        pdf = picture(printed(), number).resize(png.size)
        middle = (40, 40, png.width - 40, png.height - 40)
        difference = ImageChops.difference(png.crop(middle), pdf.crop(middle))
        assert max(ImageStat.Stat(difference).mean) < 4.0
