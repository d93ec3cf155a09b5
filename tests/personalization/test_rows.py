from collections.abc import Mapping
from pathlib import Path

import pytest

from personalization.support import id_number
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.mapping import ColumnRule, MappingFile, bind
from shebaoka.personalization.report import Kind, Problem
from shebaoka.personalization.rows import Person, RowEncoder
from shebaoka.spec.layouts import card_layout

NUMBER = id_number(1)
BASE: dict[str, str] = {"SSSE.EF06.08": NUMBER, "name": "测试"}


def encode(
    values: Mapping[str, str],
    folder: Path = Path(),
    mapping: MappingFile = MappingFile(),  # noqa: B008 - frozen
    generation: str = "2.0",
) -> tuple[Person, list[Problem], RowEncoder]:
    layout = card_layout(generation)
    encoder = RowEncoder(bind(mapping, list(values), layout), layout, folder)
    person, problems = encoder.encode(7, list(values.values()))
    return person, problems, encoder


def record(values: dict[str, str], place: str, mapping: MappingFile = MappingFile()) -> bytes:  # noqa: B008
    person, problems, encoder = encode(BASE | values, mapping=mapping)
    assert problems == []
    return person.records[encoder.plan.index[place]]


def only_problem(
    values: dict[str, str],
    folder: Path = Path(),
    mapping: MappingFile = MappingFile(),  # noqa: B008
) -> Problem:
    _, problems, _ = encode(BASE | values, folder, mapping)
    [problem] = problems
    assert problem.row == 7
    assert problem.what
    assert problem.advice
    return problem


def test_a_row_becomes_records() -> None:
    person, problems, encoder = encode(BASE | {"pin": "1234", "medical.balance": "12345"})
    assert problems == []
    filled = {encoder.plan.places[i].text: data for i, data in enumerate(person.records) if data}
    assert filled == {
        "SSSE.EF06.08": b"\x08\x12" + NUMBER.encode(),
        "SSSE.EF06.09": b"\x09\x1e" + "测试".encode("gbk").ljust(30, b"\x00"),
        "SSSE.EF06.0A": b"\x0a\x011",
        "SSSE.EF06.0D": bytes.fromhex("0D0419900101"),
    }
    assert (person.pin, person.balance, person.number) == ("1234", 12345, int(NUMBER[:17]))
    assert NUMBER not in repr(person)


def test_m11_a_long_name_is_split_on_a_character_boundary() -> None:
    name = "测" * 24 + "ab"
    person, problems, encoder = encode(BASE | {"name": name})
    assert problems == []
    first, rest = (person.records[encoder.plan.index[f"SSSE.EF06.{tag}"]] for tag in ("09", "4E"))
    assert first == b"\x09\x1e" + ("测" * 15).encode("gbk")
    assert rest == b"\x4e\x14" + ("测" * 9 + "ab").encode("gbk")
    assert only_problem({"name": name + "c"}).kind is Kind.TOO_LONG


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("2020-01-02", "20200102"),
        ("2020/1/2", "20200102"),
        ("2020年1月2日", "20200102"),
        ("20200102", "20200102"),
    ],
)
def test_dates_are_read_in_usual_forms(text: str, stored: str) -> None:
    assert record({"DF03.EF07.6E": text}, "DF03.EF07.6E").hex() == "6e04" + stored


def test_a_stated_date_form_is_the_only_one() -> None:
    mapping = MappingFile(columns={"d": ColumnRule(to="DF03.EF07.6E", dates=["%d/%m/%Y"])})
    assert record({"d": "02/01/2020"}, "DF03.EF07.6E", mapping=mapping).hex() == "6e0420200102"
    problem = only_problem({"d": "2020-01-02"}, mapping=mapping)
    assert (problem.kind, problem.column) == (Kind.DATE, "d")
    assert "DD/MM/YYYY" in problem.advice


@pytest.mark.parametrize("text", ["2021-02-29", "20210230", "210203", "soon", "0000-00-00"])
def test_unreal_dates_are_refused(text: str) -> None:
    assert only_problem({"DF03.EF07.6E": text}).kind is Kind.DATE


@pytest.mark.parametrize("text", ["1", "汉族", "01", "Han"])
def test_codes_labels_and_missing_zeros_are_understood(text: str) -> None:
    assert record({"SSSE.EF06.0B": text}, "SSSE.EF06.0B").hex() == "0b0101"


def test_codes_are_translated_by_the_mapping() -> None:
    mapping = MappingFile(columns={"性": ColumnRule(to="SSSE.EF06.0A", codes={"M": "1", "F": "2"})})
    assert record({"性": "M"}, "SSSE.EF06.0A", mapping=mapping) == b"\x0a\x011"


def test_m22_a_wrong_code_names_its_table() -> None:
    problem = only_problem({"DF01.EF07.29": "9"})
    assert problem.kind is Kind.CODE
    assert "table 17" in problem.what
    assert "table 17" in problem.advice


def test_composite_codes_are_checked_in_parts() -> None:
    problem = only_problem({"DF02.EF06.4B": "99999"})
    assert (problem.kind, "table 24" in problem.what) == (Kind.CODE, True)
    assert only_problem({"DF02.EF06.4B": "1"}).kind is Kind.CODE


def test_characters_outside_gbk_are_named() -> None:
    problem = only_problem({"DF01.EF05.21": "龘䶮街"})
    assert problem.kind is Kind.CHARACTER
    assert "'䶮' (U+4DAE) at place 2" in problem.what
    assert only_problem({"name": "王䶮"}).column == "name"


def test_texts_that_need_too_many_bytes_are_refused() -> None:
    assert record({"DF01.EF05.21": "街" * 40}, "DF01.EF05.21")[2:] == ("街" * 40).encode("gbk")
    problem = only_problem({"DF01.EF05.21": "街" * 41})
    assert problem.kind is Kind.TOO_LONG
    assert "82 bytes" in problem.what


@pytest.mark.parametrize(
    "number", [NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1"), NUMBER[:-1], "98010119901301001X", "x" * 18]
)
def test_wrong_id_numbers_are_refused_without_being_repeated(number: str) -> None:
    problem = only_problem({"SSSE.EF06.08": number})
    assert problem.kind is Kind.ID_NUMBER
    assert number not in problem.what + problem.advice


def test_contradictions_with_the_id_number_are_found() -> None:
    assert only_problem({"SSSE.EF06.0A": "2"}).kind is Kind.CONTRADICTION
    assert "birth date" in only_problem({"SSSE.EF06.0D": "1990-01-02"}).what
    assert record({"SSSE.EF06.0A": "1", "SSSE.EF06.0D": "1990-01-01"}, "SSSE.EF06.0A") == b"\x0a\x011"


def test_nothing_is_derived_when_the_mapping_says_so() -> None:
    assert record({}, "SSSE.EF06.0D", mapping=MappingFile(derive=False)) == b""


def test_missing_cells() -> None:
    for column in ("name", "SSSE.EF06.08"):
        problem = only_problem({column: "  "})
        assert (problem.kind, problem.column) == (Kind.MISSING, column)
    mapping = MappingFile(columns={"a": ColumnRule(to="DF01.EF05.21", required=True)})
    assert only_problem({"a": ""}, mapping=mapping).kind is Kind.MISSING
    parts = MappingFile(columns={"a": ColumnRule(to="DF02.EF07[1].01", required=True)})
    assert only_problem({"a": ""}, mapping=parts).kind is Kind.MISSING


def test_all_problems_of_a_row_are_told_at_once() -> None:
    _, problems, _ = encode(BASE | {"name": "", "SSSE.EF06.0B": "99x", "DF03.EF07.6E": "?", "pin": "12"})
    assert {problem.kind for problem in problems} == {Kind.MISSING, Kind.CODE, Kind.DATE, Kind.FORMAT}


def test_templates_and_cyclic_records_are_put_together() -> None:
    constants = MappingFile(constants={"DF02.EF15.99[2].12": "650100"})
    values = {"DF02.EF15.99[2].10": "010", "DF02.EF15.99[2].11": "20200101"}
    data = record(values, "DF02.EF15.99[2]", mapping=constants)
    assert data.hex().upper() == "9910" + "1003303130" + "110420200101" + "1203650100"
    assert record(dict.fromkeys(values, ""), "DF02.EF15.99[2]", mapping=constants) == b""
    job = record({"DF02.EF07[2].02": "20200101"}, "DF02.EF07[2]")
    assert len(job) == 0x55
    assert job[7:11].hex() == "20200101"


def test_amounts_in_fen_and_yuan() -> None:
    yuan = MappingFile(columns={"b": ColumnRule(to="medical.balance", yuan=True)})
    assert encode(BASE | {"b": "1,234.5"}, mapping=yuan)[0].balance == 123450
    for text in ("1.234", "-1", "x", "NaN", "Infinity", "99999999999"):
        assert only_problem({"b": text}, mapping=yuan).kind is Kind.FORMAT
    assert only_problem({"medical.balance": "1.5"}).kind is Kind.FORMAT


@pytest.mark.parametrize(
    ("column", "text"), [("pin", "12a4"), ("pin", "1" * 17), ("bank_pan", "411111111111")]
)
def test_secrets_are_never_repeated(column: str, text: str) -> None:
    problem = only_problem({column: text})
    assert problem.kind is Kind.FORMAT
    assert text not in problem.what + problem.advice


def test_pictures_come_from_files(tmp_path: Path) -> None:
    (tmp_path / "good.jpg").write_bytes(b"\xff\xd8\xff" + b"x" * 100 + b"\x00")
    (tmp_path / "large.jpg").write_bytes(b"\xff\xd8\xff" + b"x" * 4094)
    (tmp_path / "text.jpg").write_bytes(b"text")
    person, problems, encoder = encode(BASE | {"SSSE.EF08": "good.jpg"}, tmp_path)
    assert problems == []
    assert person.records[encoder.plan.index["SSSE.EF08"]] == b"\xff\xd8\xff" + b"x" * 100
    kinds = [
        only_problem({"SSSE.EF08": name}, tmp_path).kind
        for name in ("large.jpg", "text.jpg", "absent.jpg", "nul\0.jpg")
    ]
    assert kinds == [Kind.TOO_LONG, Kind.FORMAT, Kind.MISSING, Kind.MISSING]


def test_repeated_texts_give_the_same_bytes() -> None:
    layout = card_layout("2.0")
    columns = [*BASE, "DF01.EF05.21"]
    encoder = RowEncoder(bind(MappingFile(), columns, layout), layout, Path())
    row = [*BASE.values(), "一号街"]
    assert encoder.encode(1, row)[0].records == encoder.encode(2, row)[0].records


def test_a_constant_that_does_not_fit_is_refused_at_once() -> None:
    with pytest.raises(PersonalizationError, match=r"constant of the mapping: .*table 16"):
        encode(BASE, mapping=MappingFile(constants={"DF01.EF05.20": "xx"}))


def test_a_1_0_card_has_no_place_for_long_names() -> None:
    assert encode(BASE, generation="1.0")[1] == []
    _, problems, _ = encode(BASE | {"name": "测" * 16}, generation="1.0")
    assert [problem.kind for problem in problems] == [Kind.TOO_LONG]


def test_one_pin_and_balance_for_everybody() -> None:
    mapping = MappingFile(constants={"pin": "654321", "medical.balance": "100"})
    person, problems, _ = encode(BASE, mapping=mapping)
    assert (problems, person.pin, person.balance) == ([], "654321", 100)
    for constants in ({"pin": "12x"}, {"medical.balance": "1.5"}):
        with pytest.raises(PersonalizationError, match="constant of the mapping"):
            encode(BASE, mapping=MappingFile(constants=constants))
    with pytest.raises(PersonalizationError, match="filled twice"):
        encode(BASE | {"pin": "1234"}, mapping=MappingFile(constants={"pin": "654321"}))


@pytest.mark.parametrize("column", ["name", "DF01.EF05.21"])
@pytest.mark.parametrize(("text", "place"), [("一\n二", 2), ("一\x00二", 2), ("\x7f一", 1), ("一二\tA", 3)])
def test_control_characters_do_not_reach_the_card(column: str, text: str, place: int) -> None:
    found = only_problem({column: text})
    assert found.kind is Kind.CHARACTER
    assert found.what == f"control character U+{ord(text[place - 1]):04X} at place {place}"
