"""The printed PDF: values and positions read back, pixels looked at."""

import io
from dataclasses import replace
from functools import cache

import pypdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
from PIL import Image

from paper.faces import long_named, ordinary
from shebaoka.paper.face import CardFace, check_faces
from shebaoka.paper.marks import Layer
from shebaoka.paper.pdf import UnprintableFaceError, faces_pdf
from shebaoka.paper.placement import standard_placement

TABLE = standard_placement()
MM = 72 / 25.4


@cache
def printed() -> bytes:
    return faces_pdf([ordinary(), long_named()])


@cache
def previewed() -> bytes:
    return faces_pdf([ordinary()], preview=True)


def texts(pdf: bytes, page: int) -> str:
    return pypdf.PdfReader(io.BytesIO(pdf)).pages[page].extract_text().replace("\x00", "")


def lines(pdf: bytes, page: int) -> list[str]:
    return [line.replace(" ", "") for line in texts(pdf, page).splitlines()]


def found_at(pdf: bytes, page: int, text: str) -> tuple[float, float]:
    """Left edge and upper edge of a text in mm from the top left corner."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        leaf = document[page]
        textpage = leaf.get_textpage()
        place = textpage.search(text).get_next()
        assert place is not None, text
        left, _, _, top = textpage.get_charbox(place[0])
        return left / MM, (leaf.get_height() - top) / MM
    finally:
        document.close()


def test_two_pages_of_id_1_size_for_every_card() -> None:
    pages = pypdf.PdfReader(io.BytesIO(printed())).pages
    assert len(pages) == 4
    for page in pages:
        assert float(page.mediabox.width) / MM == pytest.approx(85.60, abs=0.01)
        assert float(page.mediabox.height) / MM == pytest.approx(53.98, abs=0.01)


def test_values_are_read_back_from_the_print() -> None:
    assert {"中华人民共和国", "社会保障卡"} <= set(lines(printed(), 0))
    back = lines(printed(), 1)
    for line in (
        "沧岚省人力资源和社会保障厅",
        "沧岚银行",
        "姓名欧阳云岚",
        "性别女",
        "社会保障号码980101199003070021",
        "卡号A00000126",
        "发卡日期2012年03月05日",
        "有效期至2022年03月04日",
        "980100",
        "12333",
    ):
        assert line in back
    assert "有效期至长期" in lines(printed(), 3)
    assert "沧岚省雾江市人力资源和社会保障局专用章" in "".join(back)


def test_a_wrapped_name_is_complete() -> None:
    assert "阿卜杜热合曼·买买提依明江·吾拉木丁" in "".join(lines(printed(), 3)[2:5])


@pytest.mark.parametrize(
    ("text", "page", "element"),
    [
        ("社会保障卡", 0, "card-name"),
        ("中华人民共和国", 0, "country"),
        ("姓名", 1, "name"),
        ("卡号", 1, "card-number"),
        ("沧岚省人力资源和社会保障厅", 1, "issuing-unit"),
        ("服务热线", 1, "phone"),
    ],
)
def test_texts_stand_where_the_table_puts_them(text: str, page: int, element: str) -> None:
    box = TABLE.box(TABLE.find(element))
    left, top = found_at(printed(), page, text)
    assert left == pytest.approx(box.x, abs=0.3)
    assert box.y - 0.1 <= top <= box.bottom


def test_values_begin_in_one_column() -> None:
    starts = [found_at(printed(), 1, text)[0] for text in ("欧阳", "980101", "A00000126", "2012年", "2022年")]
    assert starts == pytest.approx([TABLE.entry.value_left] * 5, abs=0.35)


def test_preview_marks_are_never_printed() -> None:
    assert "隐蔽磁条" in texts(previewed(), 0)
    assert "隐蔽磁条" not in texts(printed(), 0)
    stripe = TABLE.box(TABLE.find("stripe"))
    x = (stripe.x + 0.4 + stripe.width / 2, stripe.y)
    plain, shown = pixel(printed(), 0, *x), pixel(previewed(), 0, *x)
    assert plain[2] >= plain[1] >= plain[0]  # blue ground
    assert plain != shown or pixel(printed(), 0, x[0] + 0.8, x[1]) != pixel(previewed(), 0, x[0] + 0.8, x[1])


@cache
def picture(pdf: bytes, page: int) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    image: Image.Image = document[page].render(scale=300 / 72).to_pil().convert("RGB")
    document.close()
    return image


def pixel(pdf: bytes, page: int, x: float, y: float) -> tuple[int, int, int]:
    image = picture(pdf, page)
    value = image.getpixel((round(x / 25.4 * 300), round(y / 25.4 * 300)))
    assert isinstance(value, tuple)
    return value[0], value[1], value[2]


def colors_in(pdf: bytes, page: int, element: str) -> int:
    box = TABLE.box(TABLE.find(element))
    image = picture(pdf, page)
    scale = 300 / 25.4
    part = image.crop(
        (int(box.x * scale), int(box.y * scale), int(box.right * scale), int(box.bottom * scale))
    )
    return len(part.getcolors(1 << 20) or [])


def test_rendered_zones_are_filled_and_the_chip_place_stays_clear() -> None:
    for element in ("issuing-unit", "bank", "photo", "name", "seal", "phone"):
        assert colors_in(printed(), 1, element) > 30, element
    assert colors_in(printed(), 1, "chip") < 24  # the ground's run only
    assert colors_in(previewed(), 1, "chip") > 24


def test_preprinted_stock_gets_personal_data_only() -> None:
    pdf = faces_pdf([ordinary()], layers=frozenset({Layer.PERSONAL}))
    assert texts(pdf, 0).strip() == ""
    assert "姓名欧阳云岚" in lines(pdf, 1)
    assert pixel(pdf, 0, 5, 45) == (255, 255, 255)


def test_the_same_faces_give_the_same_file() -> None:
    assert faces_pdf([ordinary(), long_named()]) == printed()


def test_the_longest_name_a_card_holds_can_be_printed() -> None:
    longest = replace(ordinary(), name="一二三四五" * 5)  # 50 bytes in GBK: items 09 and 4E
    assert check_faces([longest]).ready == (longest,)


def test_faces_with_problems_are_queued_with_reasons() -> None:
    rare = replace(ordinary(), name="王𠮷", card_number="A00000139")
    endless = replace(ordinary(), name="长" * 60)
    broken = replace(ordinary(), photo=b"no picture", name="王𠮷")
    dateless = replace(ordinary(), issue_date="2012-3-5")
    queue = check_faces([ordinary(), rare, endless, broken, dateless])
    assert queue.ready == (ordinary(),)
    assert [held.face for held in queue.held] == [rare, endless, broken, dateless]
    assert queue.held[0].missing == ("𠮷",)
    assert "U+20BB7" in queue.held[0].reasons[0]
    assert "does not fit" in queue.held[1].reasons[0]
    assert "not a JPEG" in queue.held[2].reasons[0]
    assert "U+20BB7" in queue.held[2].reasons[1]
    assert "not YYYYMMDD" in queue.held[3].reasons[0]
    with pytest.raises(UnprintableFaceError, match="card A00000139: name: '𠮷'"):
        faces_pdf([rare])


def test_repr_does_not_show_the_photo() -> None:
    assert "photo" not in repr(ordinary())
    assert isinstance(ordinary(), CardFace)
