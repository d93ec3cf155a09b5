"""The shipped lists, mappings and products do what their names say."""

from datetime import date
from pathlib import Path

import pytest

from personalization.support import vaults
from shebaoka.personalization.batch import Order, Preparation, prepare_batch
from shebaoka.personalization.mapping import read_mapping
from shebaoka.personalization.numbering import NumberRegister
from shebaoka.personalization.product import read_product
from shebaoka.personalization.state import prepared_cards

EXAMPLES = Path(__file__).parents[2] / "examples" / "people"


def prepare(tmp_path: Path, people: str, mapping: str = "mapping.toml") -> Preparation:
    product = read_product(EXAMPLES / "product-3.0-dual.toml")
    order = Order(EXAMPLES / people, read_mapping(EXAMPLES / mapping), product, date(2026, 1, 1))
    with NumberRegister(tmp_path / "numbers.db") as register:
        return prepare_batch(tmp_path / people, order, vaults().city, register)


@pytest.mark.parametrize("people", ["people-gbk.csv", "people.xlsx"])
def test_good_lists(tmp_path: Path, people: str) -> None:
    outcome = prepare(tmp_path, people)
    assert (outcome.summary.good, outcome.summary.refused, outcome.unused_columns) == (3, 0, ())


def test_all_formats_give_the_same_names(tmp_path: Path) -> None:
    prepare(tmp_path, "people-gbk.csv")
    (tmp_path / "second").mkdir()
    assert prepare(tmp_path / "second", "people-fixed.txt", "mapping-fixed.toml").summary.good == 3
    first, second = (
        [
            record
            for card in prepared_cards(folder)
            for record in card.records
            if record[:1] in (b"\x08", b"\x09")
        ]
        for folder in (tmp_path / "people-gbk.csv", tmp_path / "second" / "people-fixed.txt")
    )
    assert [r for r in first if len(r) in (20, 32)] == [r for r in second if len(r) in (20, 32)]


def test_the_list_with_mistakes(tmp_path: Path) -> None:
    outcome = prepare(tmp_path, "people-with-mistakes.csv")
    assert outcome.summary.good == 3
    assert outcome.summary.problems == {
        "missing": 1,
        "id-number": 1,
        "character": 1,
        "duplicate": 1,
        "code": 1,
        "date": 1,
    }


def test_products() -> None:
    composite = read_product(EXAMPLES / "product-2.0-composite.toml")
    composite.check(date(2027, 12, 31))
    assert read_product(EXAMPLES / "product-3.0-dual.toml").algorithm == "SM4"
