"""A drawn picture of a PSAM: the outward appearance its register asks for."""

from io import BytesIO

from PIL import Image, ImageDraw

_SIZE = (300, 180)  # 25 x 15 mm (ID-000) at 12 pixels a millimeter
_PLATE = (36, 42, 126, 132)


def psam_picture(printed: str) -> bytes:
    """PNG of a plug-in module with this number printed on it."""
    image = Image.new("RGB", _SIZE, "#e8edf2")
    pen = ImageDraw.Draw(image)
    pen.polygon([(270, 0), (300, 30), (300, 0)], fill="#c3ccd6")
    pen.rounded_rectangle(_PLATE, 12, fill="#d9b75c", outline="#8a6d1f", width=2)
    left, top, right, bottom = _PLATE
    for step in (1, 2, 3):
        level = top + step * (bottom - top) // 4
        pen.line([(left, level), (right, level)], fill="#8a6d1f", width=2)
    pen.line([((left + right) // 2, top), ((left + right) // 2, bottom)], fill="#8a6d1f", width=2)
    pen.text((144, 58), "PSAM", fill="#25313d", font_size=30)
    pen.text((144, 98), printed, fill="#25313d", font_size=22)
    pen.text((144, 150), "TEST_ONLY", fill="#8b1e1e", font_size=14)
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
