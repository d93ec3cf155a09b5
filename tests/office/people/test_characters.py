"""Names by character class on their whole way: file, registry, chip, screen, paper; or refused, or queued."""

import tomllib
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from pypdf import PdfReader

from office.country import Country
from office.pages import signed_in
from office.people.invented import number
from shebaoka.codec.text import decode_an
from shebaoka.office.base.errors import Refusal
from shebaoka.office.people.card_items import card_items
from shebaoka.office.people.choices import Source
from shebaoka.office.people.models import LoadRow, Person
from shebaoka.office.people.papers import entry_pdf
from shebaoka.office.people.readiness import Lack, shortcomings
from shebaoka.office.people.services import chip_name_decide, people_import
from shebaoka.office.people.subjects import card
from shebaoka.paper.fonts import missing_glyphs
from shebaoka.personalization.fixtures import build_fixture
from shebaoka.personalization.mapping import MappingFile, bind
from shebaoka.personalization.rows import RowEncoder
from shebaoka.reader.in_process import InProcessReader

FIXTURE = Path(__file__).parents[3] / "examples" / "fixtures" / "card-2.0-3des.toml"
SSSE = bytes.fromhex("00A404000F7378312E73682EC9E7BBE1B1A3D5CF00")
THROUGH = {  # class: name, as the chip writes it
    "ascii": ("Anna Lee", "Anna Lee"),
    "gbk": ("张伟", "张伟"),
    "gbk-rare": ("翀喆玥", "翀喆玥"),
    "zero": ("王〇", "王〇"),
    "minority-dot": ("阿依古丽·买买提", "阿依古丽·买买提"),
    "other-dot": ("阿依古丽•买买提", "阿依古丽·买买提"),
    "long": (
        "古丽米热·阿不都热合曼·吐尔逊江·那斯尔",
        "古丽米热·阿不都热合曼·吐尔逊江·那斯尔",
    ),
    "combining": ("Jose\u0301", "José"),
}
QUEUED = {
    "gb18030-2": "欧阳䶮",
    "gb18030-4": "李㛃",
    "extension-b": "王𠮷",
    "extension-e": "刘𬭎",
    "extension-h": "陈\U000313ac",
    "variant": "葛\U000e0100城",
    "combining-without-letter": "Nguye\u0302\u0303n",
}
REFUSED = {
    "private-use": "王\ue000",
    "emoji": "王😀",
    "control": "王\u202e伟",
    "zero-width": "王\u200b伟",
    "unassigned": "王\u0378",
    "question-mark": "王?",
}


def listed(country: Country, folder: Path, name: str) -> Person | None:
    """The name comes in a file, in GB 18030 as systems write it."""
    path = folder / "名册.csv"
    path.write_text(f"姓名,社会保障号码\n{name},{number()}\n", "gb18030")
    supervisor = country.actor("980100", "people.counter-supervisor")
    people_import(supervisor, agency=country.organizations["980100"], path=path, source=Source.REPLACED)
    return Person.objects.select_related("agency", "employer").first()


def written_on_a_chip(name: str, person_number: str) -> str:
    """What a terminal reads of a name on a real chip's file EF06: items 09 and 4E."""
    items = {"SSSE.EF06.08": person_number, "name": name}
    encoder = RowEncoder(bind(MappingFile(), list(items), card()), card(), Path(settings.MEDIA_ROOT))
    made, problems = encoder.encode(1, list(items.values()))
    assert problems == []
    values = {
        place.text.rpartition(".")[2]: decode_an(record[2:])
        for place, record in zip(encoder.plan.places, made.records, strict=True)
        if record and place.text in ("SSSE.EF06.08", "SSSE.EF06.09", "SSSE.EF06.4E")
    }
    content = tomllib.loads(FIXTURE.read_text("utf-8"))
    content["files"]["SSSE"]["EF06"] |= values
    reader = InProcessReader(build_fixture(content))
    reader.reset()
    reader.transmit(SSSE)
    first, rest = (reader.transmit(bytes.fromhex(command)) for command in ("00B2023420", "00B2033416"))
    assert first[:1] == b"\x09"
    assert rest[:1] == b"\x4e"
    return decode_an(first[2:-2]) + decode_an(rest[2:-2])


@pytest.mark.parametrize("kind", THROUGH)
def test_through_all_stations(country: Country, tmp_path: Path, kind: str) -> None:
    name, chip = THROUGH[kind]
    person = listed(country, tmp_path, name)
    assert person is not None
    assert person.name == name
    assert written_on_a_chip(card_items(person)["name"], person.number) == chip
    web = signed_in(country, "980100", "people.counter-clerk")
    web.post(f"/desk/people/{person.pk}/purpose", {"purpose": "people.counter"})
    assert name in web.get(f"/desk/people/{person.pk}").content.decode()
    if missing_glyphs(name):
        assert Lack.NAME_FACE in {each.lack for each in shortcomings(person)}
        with pytest.raises(Refusal):
            entry_pdf(person)
    else:
        pages = PdfReader(BytesIO(entry_pdf(person))).pages
        assert name[:6] in "".join(page.extract_text() for page in pages).replace("\0", "")


@pytest.mark.parametrize("kind", QUEUED)
def test_kept_and_shown_but_its_card_waits(country: Country, tmp_path: Path, kind: str) -> None:
    name = QUEUED[kind]
    person = listed(country, tmp_path, name)
    assert person is not None
    assert person.name == name
    assert "name" not in card_items(person)
    lacks = {each.lack: each.detail for each in shortcomings(person)}
    assert "U+" in lacks[Lack.NAME_CHIP]
    web = signed_in(country, "980100", "people.counter-clerk")
    web.post(f"/desk/people/{person.pk}/purpose", {"purpose": "people.counter"})
    page = web.get(f"/desk/people/{person.pk}").content.decode()
    assert name in page
    assert lacks[Lack.NAME_CHIP] in page
    if missing_glyphs(name):
        with pytest.raises(Refusal) as refusal:
            entry_pdf(person)
        assert refusal.value.code == "people.no-glyph"
    else:
        assert entry_pdf(person).startswith(b"%PDF")
    supervisor = country.actor("980100", "people.counter-supervisor")
    decided = "Nguyen" if name.startswith("Ng") else name[0] + "某"
    chip_name_decide(supervisor, person=person.pk, name=decided)
    after = Person.objects.get()
    assert card_items(after)["name"] == decided
    if kind in ("extension-b", "combining-without-letter"):
        assert written_on_a_chip(decided, after.number) == decided
    assert after.name == name


@pytest.mark.parametrize("kind", REFUSED)
def test_refused_with_its_place(country: Country, tmp_path: Path, kind: str) -> None:
    assert listed(country, tmp_path, REFUSED[kind]) is None
    row = LoadRow.objects.get()
    assert row.code == "people.name-character"
    assert row.detail.endswith("at 2")
