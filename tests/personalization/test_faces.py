"""The faces of a batch: what the chips hold is what is printed; what cannot be printed is queued."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from personalization.support import ISSUED, clock, id_number, product, vaults
from shebaoka.card.card import open_card
from shebaoka.chip.store import load_image
from shebaoka.paper.media import Media
from shebaoka.paper.pdf import faces_pdf
from shebaoka.paper.photo import chip_photo, face_photo
from shebaoka.paper.portrait import draw_portrait
from shebaoka.personalization.batch import Order, prepare_batch
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.faces import batch_faces
from shebaoka.personalization.making import make_cards
from shebaoka.personalization.mapping import MappingFile
from shebaoka.personalization.numbering import NumberRegister
from shebaoka.personalization.product import CardProduct, FaceText
from shebaoka.personalization.state import HELD
from shebaoka.reader.in_process import InProcessReader
from shebaoka.terminal.reading import read_file
from shebaoka.terminal.settings import Settings
from shebaoka.terminal.terminal import Terminal

LONG = "阿卜杜热合曼·买买提依明江·吾拉木丁"
PEOPLE = (
    ("测试", id_number(1), "good.jpg"),
    (LONG, id_number(2), "good.jpg"),
    ("测≒试", id_number(3), "good.jpg"),
    ("李四", id_number(5), "cut.jpg"),
    ("王五", id_number(7), ""),
)
FACE = FaceText(issuing_unit="示例省人力资源和社会保障厅", seal="示例甲市人社局", bank="示例银行")


def made(tmp_path: Path, own: CardProduct | None = None) -> Path:
    """A batch with five people: of two nothing is wrong, one has no photo."""
    picture = chip_photo(draw_portrait(1, "1", 30))
    (tmp_path / "good.jpg").write_bytes(picture)
    (tmp_path / "cut.jpg").write_bytes(picture[:600])
    rows = ["姓名,社会保障号码,SSSE.EF08"] + [",".join(person) for person in PEOPLE]
    (tmp_path / "people.csv").write_text("\n".join(rows), "utf-8")
    order = Order(tmp_path / "people.csv", MappingFile(), own or product(face=FACE), ISSUED)
    with NumberRegister(tmp_path / "numbers.db") as register:
        prepare_batch(tmp_path / "batch", order, vaults().city, register)
    make_cards(tmp_path / "batch", vaults().city, workers=1, clock=clock)
    return tmp_path / "batch"


def queue(batch: Path) -> list[dict[str, str]]:
    assert (batch / HELD).stat().st_mode & 0o777 == 0o600
    with (batch / HELD).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_print_says_what_the_chips_say(tmp_path: Path) -> None:
    batch = made(tmp_path)
    faces = batch_faces(batch)
    pages = pypdf.PdfReader(io.BytesIO(faces_pdf(faces.ready))).pages
    backs = ["".join(page.extract_text().replace("\x00", "").split()) for page in pages[1::2]]
    assert len(backs) == 3
    for serial, back in zip((1, 2, 5), backs, strict=True):
        chip = open_card(load_image(batch / "cards" / f"{serial:08d}.card"))
        session = Terminal(InProcessReader(chip), None, Settings(authenticate=False)).open()
        issuer, holder = read_file(session, "SSSE", 0xEF05), read_file(session, "SSSE", 0xEF06)
        issued, expiry = str(issuer.value(0x05)), str(issuer.value(0x06))
        name = str(holder.value(0x09)) + str(holder.value(0x4E) or "")
        assert name == PEOPLE[serial - 1][0]
        for value in (
            name,
            {"1": "男", "2": "女"}[str(holder.value(0x0A))],
            str(holder.value(0x08)),
            str(issuer.value(0x07)),
            f"{issued[:4]}年{issued[4:6]}月{issued[6:]}日",
            f"{expiry[:4]}年{expiry[4:6]}月{expiry[6:]}日",
            session.identity.city_code,
            FACE.issuing_unit,
            FACE.bank,
            FACE.phone,
        ):
            assert value in back, value


def test_what_cannot_be_printed_is_queued_with_its_reasons(tmp_path: Path) -> None:
    batch = made(tmp_path)
    faces = batch_faces(batch)
    assert [face.name for face in faces.ready] == ["测试", LONG, "王五"]
    assert [(held.row, held.missing) for held in faces.held] == [(4, ("≒",)), (5, ())]
    glyph, photo = queue(batch)
    assert (glyph["row"], glyph["missing"]) == ("4", "≒")
    assert "U+2252" in glyph["reasons"]
    assert (photo["row"], photo["missing"]) == ("5", "")
    assert "photo" in photo["reasons"]
    assert {glyph["card_number"], photo["card_number"]} == {held.card_number for held in faces.held}
    assert batch_faces(batch, rows=range(2, 4)).held == ()
    assert queue(batch) == []


def test_a_folder_of_photos_goes_first_and_must_be_complete(tmp_path: Path) -> None:
    batch = made(tmp_path)
    folder = tmp_path / "photos"
    folder.mkdir()
    large = face_photo(draw_portrait(2, "1", 40))
    (folder / f"{id_number(5)}.jpg").write_bytes(large)
    faces = batch_faces(batch, photos=folder)
    assert [face.name for face in faces.ready] == ["测试", LONG, "李四"]
    assert faces.ready[2].photo == large
    assert [held.row for held in faces.held] == [4, 6]
    assert faces.held[1].reasons == (f"no photo of this number in {folder}",)
    with pytest.raises(PersonalizationError, match="no folder of photos"):
        batch_faces(batch, photos=tmp_path / "absent")
    assert [line["row"] for line in queue(batch)] == ["4", "6"]


def test_only_cards_that_are_made_get_a_face(tmp_path: Path) -> None:
    batch = made(tmp_path)
    progress = batch / "progress.bin"
    progress.write_bytes(progress.read_bytes()[: progress.stat().st_size // 2])
    names = [face.name for face in batch_faces(batch).ready]
    assert names == ["测试", LONG]
    with pytest.raises(PersonalizationError, match="no batch here"):
        batch_faces(tmp_path)
    assert not (tmp_path / HELD).exists()


@pytest.mark.parametrize("variant", [("2.0", "3DES"), ("3.0", "SM4")])
def test_media_and_default_office(tmp_path: Path, variant: tuple[str, str]) -> None:
    own = product(variant, media=Media.DUAL)
    (tmp_path / "people.csv").write_text(f"name,SSSE.EF06.08\n测试,{id_number(1)}\n", "utf-8")
    order = Order(tmp_path / "people.csv", MappingFile(), own, ISSUED)
    with NumberRegister(tmp_path / "numbers.db") as register:
        prepare_batch(tmp_path / "batch", order, vaults().city, register)
    assert batch_faces(tmp_path / "batch").ready == ()
    make_cards(tmp_path / "batch", vaults().city, workers=1, clock=clock)
    [face] = batch_faces(tmp_path / "batch").ready
    assert face.media is Media.DUAL
    assert (face.issuing_unit, face.seal_text) == ("示例甲市人力资源和社会保障局",) * 2
    assert face == replace(face, bank="", photo=None, phone="12333")
