"""Every item of every generation goes from a list onto a card and, where a key opens its file, reads back."""

from functools import cache
from pathlib import Path

import pytest

from personalization.support import CITY_CODE, ISSUED, Line, id_number, line_of, product
from shebaoka.personalization.mapping import ASSIGNED, BIRTH_DATE, FULL_NAME, NAME_REST, SEX
from shebaoka.personalization.state import Settings
from shebaoka.personalization.targets import record_places
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.codes import code_table
from shebaoka.spec.keys import key_catalogue
from shebaoka.spec.layouts import card_layout
from shebaoka.spec.model import CardLayout, Item, Structure
from shebaoka.vault.hierarchy import hand_down, set_up_city, set_up_ministry, set_up_province
from shebaoka.vault.model import MINISTRY, Body, Level
from shebaoka.vault.software import SoftwareVault

SAMPLES = {"date": "20200102", "month": "202001", "time": "20200102030405", "region": CITY_CODE}
DERIVED = {*ASSIGNED, FULL_NAME, NAME_REST, SEX, BIRTH_DATE, "SSSE.EF06.08"}


def sample(item: Item) -> str:
    if item.codes:
        return next(iter(code_table(item.codes).codes))
    if item.parts:
        return "".join(next(iter(code_table(part.codes).codes)) for part in item.parts)
    return SAMPLES.get(item.meaning.value, "1")


def every_item(layout: CardLayout) -> dict[str, str]:
    values = {"SSSE.EF06.08": id_number(1), "name": "测试"}
    for place in record_places(layout):
        if place.text not in DERIVED and place.item is not None:
            parts = {f"{place.text}.{child.tag:02X}": sample(child) for child in place.item.children}
            values |= parts or {place.text: sample(place.item)}
    for directory in layout.directories:
        for file in directory.files:
            if file.structure is Structure.CYCLIC and file.write != "never":
                for number in range(1, file.records + 1):
                    for field, item in enumerate(file.items, 1):
                        values[f"{directory.id}.{file.id}[{number}].{field:02X}"] = sample(item)
    return values


@cache
def city(generation: str, algorithm: str) -> SoftwareVault:
    suite, entries = product((generation, algorithm)).suite, key_catalogue(generation, annex=True)
    bodies = (MINISTRY, Body(Level.PROVINCE, "98", "甲"), Body(Level.CITY, CITY_CODE, "甲"))
    ministry, province, own = (SoftwareVault.create(None, "", body) for body in bodies)
    directories = ["MF", *(d.id for d in card_layout(generation, annex=True).directories)]
    set_up_ministry(ministry, entries, suite)
    set_up_province(province, entries, suite)
    set_up_city(own, entries, suite, directories)
    hand_down(ministry, province)
    hand_down(province, own)
    return own


def loaded(own: Line, values: dict[str, str]) -> dict[str, tuple[int, int]]:
    card = own.card(values)
    reader = InProcessReader(own.blank(card))
    reader.reset()
    results = own.loader.load(reader, card, own.loader.blocks([card])[0])
    return {result.id: (result.written, result.verified) for result in results}


@pytest.mark.parametrize(("generation", "algorithm"), [("1.0", "3DES"), ("2.0", "SM4"), ("3.0", "3DES")])
def test_every_item(generation: str, algorithm: str) -> None:
    layout = card_layout(generation)
    values = every_item(layout)
    own = line_of(
        product((generation, algorithm)),
        layout,
        key_catalogue(generation),
        city(generation, algorithm),
        list(values),
    )
    results = loaded(own, values)
    filled = {directory.id for directory in layout.directories}
    assert {id_ for id_, (written, _) in results.items() if written} == filled
    if generation == "1.0":
        assert results["DF02"] == (16, 16)
    else:
        unread = {
            id_: written - verified for id_, (written, verified) in results.items() if written != verified
        }
        assert unread == {"DF04": 3}  # EF06 asks for the PIN and a key


def test_annex_applications() -> None:
    ordered = product(annex=True)
    batch = Settings(
        id="b", city_code=CITY_CODE, city_name="", product=ordered, extensions=(), issued=ISSUED, source=""
    )
    layout = batch.layout()
    values = every_item(layout)
    own = line_of(ordered, layout, batch.entries(), city("2.0", "3DES"), list(values))
    results = loaded(own, values)
    assert results["DF05"][0] == results["DF05"][1] > 0
    assert results["DF06"][0] == results["DF06"][1] > 0


def test_a_city_s_own_files() -> None:
    extension = Path(__file__).parents[2] / "examples" / "extensions" / "980100-resident.toml"
    layout, entries = card_layout("2.0", [extension]), key_catalogue("2.0", [extension])
    vault = city("2.0", "3DES")
    set_up_city(vault, entries, product().suite, ["MF", *(d.id for d in layout.directories)])
    values = every_item(layout)
    results = loaded(line_of(product(), layout, entries, vault, list(values)), values)
    assert sum(written for written, _ in results.values()) > 100
