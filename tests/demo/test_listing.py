"""The list goes through personalization's own reader without a single problem, in both encodings."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from shebaoka.demo.listing import columns, write_list, write_mapping, write_photos
from shebaoka.demo.people import all_cities, make_people
from shebaoka.personalization.mapping import bind, open_source, read_mapping
from shebaoka.personalization.rows import RowEncoder
from shebaoka.personalization.sources import BadRow
from shebaoka.spec.layouts import card_layout

PEOPLE = [p for city in all_cities() for p in make_people(60, city, seed=3, today=date(2026, 3, 2))]


def test_headings_are_unique() -> None:
    headings = [column.heading for column in columns()]
    assert len(set(headings)) == len(headings)


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
@pytest.mark.parametrize("generation", ["2.0", "3.0"])
def test_personalization_takes_every_row(tmp_path: Path, encoding: str, generation: str) -> None:
    assert write_list(PEOPLE, tmp_path / "list.csv", encoding) == 120
    write_mapping(tmp_path / "mapping.toml")
    write_photos(PEOPLE, tmp_path)
    mapping = read_mapping(tmp_path / "mapping.toml")
    source = open_source(tmp_path / "list.csv", mapping.input)
    layout = card_layout(generation)
    binding = bind(mapping, source.columns, layout)
    assert not binding.unused
    encoder = RowEncoder(binding, layout, tmp_path)
    rows = list(source.rows())
    assert len(rows) == 120
    for row in rows:
        assert not isinstance(row, BadRow)
        assert encoder.encode(*row)[1] == []


def test_a_gbk_list_carries_rare_characters_in_four_bytes(tmp_path: Path) -> None:
    rare = list(make_people(3, all_cities()[0], today=date(2026, 3, 2), rare=1))
    write_list(rare, tmp_path / "list.csv", "gbk")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "list.csv").read_bytes().decode("gb18030"))))
    assert rows[2]["姓名"] == rare[2].name


def test_photos_fit_the_chip_and_exist_for_every_row(tmp_path: Path) -> None:
    assert write_photos(PEOPLE, tmp_path) == 120
    for person in PEOPLE:
        data = (tmp_path / person.values["SSSE.EF08"]).read_bytes()
        assert len(data) <= 4096
        with Image.open(io.BytesIO(data)) as photo:
            assert photo.format == "JPEG"
