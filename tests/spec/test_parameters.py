"""National defaults: complete, in three languages, each with its source."""

import re

import pytest

from shebaoka.spec.parameters import TO_CONFIRM, Parameter, Wording, parameters, units

NAME = Wording("名", "name", "nombre")


@pytest.mark.parametrize("key", parameters())
def test_every_parameter_has_words_and_a_source(key: str) -> None:
    entry = parameters()[key]
    for text in (entry.name, *entry.choices.values()):
        assert all((text.zh, text.en, text.es))
        assert re.search("[一-鿿]", text.zh)
        assert not re.search("[一-鿿]", text.en + text.es)
    assert entry.place
    assert (entry.value is None) <= (entry.source in TO_CONFIRM)


def test_what_the_law_counts_is_the_ministrys() -> None:
    entry = parameters()["incidents.secret-report-hours"]
    assert (entry.value, entry.source, entry.set_by) == (24, "L", ("ministry",))


def test_no_number_is_invented_where_no_text_was_found() -> None:
    found = {key: entry for key, entry in parameters().items() if entry.source == "?"}
    unknown = {key for key, entry in found.items() if entry.type == "number"}
    assert all(entry.value is None for entry in found.values())
    assert unknown == {"approval.province-review-workdays", "approval.ministry-review-workdays"}
    assert all(parameters()[key].value is None for key in unknown)


@pytest.mark.parametrize(
    ("entry", "right", "wrong"),
    [
        (
            Parameter("number", "D", "x", NAME, least=1, most=9, unit="day"),
            [1, 9],
            [0, 10, True, "1", 1.0, None],
        ),
        (Parameter("switch", "D", "x", NAME), [True, False], [0, 1, "true", None]),
        (Parameter("choice", "D", "x", NAME, choices={"a": NAME}), ["a"], ["b", "", None, 1]),
        (Parameter("text", "D", "x", NAME, most=3), ["abc"], ["", "abcd", " a", None, 1]),
    ],
)
def test_fits(entry: Parameter, right: list[object], wrong: list[object]) -> None:
    assert all(entry.fits(value) for value in right)
    assert not any(entry.fits(value) for value in wrong)


def test_every_unit_is_used() -> None:
    assert {entry.unit for entry in parameters().values() if entry.unit} == set(units())
