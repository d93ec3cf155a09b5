from pathlib import Path

import pytest

from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.mapping import ColumnRule, MappingFile, bind, read_mapping
from shebaoka.personalization.targets import RecordPlan, parse_place, parse_target, record_places
from shebaoka.spec.layouts import GENERATIONS, card_layout

LAYOUT = card_layout("2.0")
NEEDED = ("社会保障号码", "姓名")


@pytest.mark.parametrize("generation", GENERATIONS)
def test_every_record_has_a_name_that_leads_back_to_it(generation: str) -> None:
    layout = card_layout(generation)
    places = list(record_places(layout))
    assert len({place.text for place in places}) == len(places)
    for place in places:
        assert parse_place(layout, place.text) == place


def test_record_numbers_are_file_order() -> None:
    numbers: dict[str, list[int]] = {}
    for place in record_places(LAYOUT):
        numbers.setdefault(f"{place.directory.id}.{place.file.id}", []).append(place.number)
    for found in numbers.values():
        assert found == list(range(1, len(found) + 1))
    assert parse_target(LAYOUT, "DF02.EF05.44[2].34").place.number == 6
    assert parse_target(LAYOUT, "SSSE.EF06.0A").place.number == 4


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SSSE", "is not a place"),
        ("SSSE.EF06.9", "is not a place"),
        ("DF09.EF05.01", "has no file"),
        ("SSSE.EF09.01", "has no file"),
        ("SSSE.EF06.77", "no such item"),
        ("SSSE.EF06", "no such item"),
        ("SSSE.EF06[1].08", "no such item"),
        ("SSSE.EF06.08[2]", "at most 1"),
        ("SSSE.EF06.08.01", "has no parts"),
        ("DF02.EF05.43[1]", "name one of its parts 5A, 5B"),
        ("DF02.EF05.43[3].5A", "at most 2"),
        ("DF02.EF07.01", "is cyclic"),
        ("DF02.EF07[1].07", "is cyclic"),
        ("DF02.EF07[9].01", "is cyclic"),
        ("SSSE.EF08.01", "transparent"),
    ],
)
def test_wrong_places_are_explained(text: str, reason: str) -> None:
    with pytest.raises(PersonalizationError, match=reason):
        parse_target(LAYOUT, text)


def test_columns_find_their_place_by_name() -> None:
    names = (*NEEDED, "户口类别", "DF03.EF07.6E", "Date of birth", "pin", "备注", "卡号", "")
    binding = bind(MappingFile(), names, LAYOUT)
    assert [column.rule.to for column in binding.columns] == [
        *("SSSE.EF06.08", "name", "DF01.EF05.20", "DF03.EF07.6E", "SSSE.EF06.0D", "pin"),
    ]
    assert binding.unused == ("备注", "卡号", "")


def test_rules_and_constants() -> None:
    mapping = MappingFile(
        columns={"xm": "name", "sfz": ColumnRule(to="SSSE.EF06.08", required=True)},
        constants={"DF01.EF05.20": "10", "DF02.EF05.43[1].5B": "1"},
        ignore=["户口类别"],
    )
    binding = bind(mapping, ("sfz", "xm", "户口类别"), LAYOUT)
    assert [column.name for column in binding.columns] == ["sfz", "xm"]
    assert [target.place.text for target, _ in binding.constants] == ["DF01.EF05.20", "DF02.EF05.43[1]"]
    plan = RecordPlan.of(LAYOUT)
    assert len(plan.places) == len(list(record_places(LAYOUT)))


@pytest.mark.parametrize(
    ("mapping", "names", "reason"),
    [
        (MappingFile(columns={"地址": "DF01.EF05.21"}), NEEDED, "no column '地址'"),
        (MappingFile(), ("姓名",), "no column goes to SSSE.EF06.08"),
        (MappingFile(), ("社会保障号码",), "no column goes to name"),
        (MappingFile(constants={"DF01.EF05.20": "1"}), (*NEEDED, "户口类别"), "filled twice"),
        (MappingFile(columns={"x": "SSSE.EF05.07"}), (*NEEDED, "x"), "filled by the issuer's system"),
        (MappingFile(columns={"x": "DF01.EF05"}), (*NEEDED, "x"), "no such item"),
    ],
)
def test_contradictory_mappings_are_refused(
    mapping: MappingFile, names: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(PersonalizationError, match=reason):
        bind(mapping, names, LAYOUT)


def test_m21_item_60_stands_in_one_file_only() -> None:
    mapping = MappingFile(columns={"a": "DF02.EF06.60", "b": "DF03.EF05.60"})
    with pytest.raises(PersonalizationError, match=r"DF03\.EF05 has no such item|never in both"):
        bind(mapping, (*NEEDED, "a", "b"), LAYOUT)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("colums = {}", "colums"),
        ("[columns.x]\nrequired = true", "to"),
        ("[input]\nformat = 'pdf'", "format"),
        ("a b", "malformed TOML"),
    ],
)
def test_a_wrong_mapping_file_names_file_and_entry(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(PersonalizationError, match=rf"mapping\.toml: .*{reason}"):
        read_mapping(path)
    with pytest.raises(PersonalizationError, match="cannot be read"):
        read_mapping(tmp_path / "absent.toml")
