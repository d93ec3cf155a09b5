"""Invented people: nobody real, consistent, and something for every file of the card."""

from collections import Counter
from datetime import date

import pytest

from shebaoka.demo.life import Standing
from shebaoka.demo.listing import columns
from shebaoka.demo.people import Person, all_cities, make_people
from shebaoka.demo.regions import organization_code, provinces
from shebaoka.domain import citizen_id
from shebaoka.spec.codes import code_table
from shebaoka.spec.layouts import card_layout
from shebaoka.spec.model import Item, Meaning, Structure

TODAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def people() -> list[Person]:
    return [person for city in all_cities() for person in make_people(250, city, seed=5, today=TODAY)]


def test_same_seed_same_people_another_seed_others() -> None:
    city = all_cities()[0]
    one = [p.number for p in make_people(20, city, seed=1, today=TODAY)]
    assert one == [p.number for p in make_people(20, city, seed=1, today=TODAY)]
    assert one != [p.number for p in make_people(20, city, seed=2, today=TODAY)]


def test_numbers_are_valid_unique_and_of_no_real_region(people: list[Person]) -> None:
    assert len({person.number for person in people}) == len(people)
    for person in people:
        citizen_id.validate(person.number)
        assert person.number[:2] == person.city.code[:2]
        assert person.number[:2] in {"98", "99"}


def test_sex_and_birth_date_agree_with_the_number(people: list[Person]) -> None:
    for person in people:
        assert person.sex == ("1" if int(person.number[16]) % 2 else "2")
        assert person.values["SSSE.EF06.0A"] == person.sex
        assert person.values["SSSE.EF06.0D"] == person.number[6:14]


def test_the_first_of_a_city_has_something_in_every_file() -> None:
    for city in all_cities():
        first = next(make_people(1, city, today=TODAY))
        filled = {target[: target.index(".EF") + 5] for target in first.values if ".EF" in target}
        for directory in card_layout("2.0").directories:
            for file in directory.files:
                place = f"{directory.id}.{file.id}"
                by_issuer_or_chip = place in {"SSSE.EF07", "DF04.EF08"} or file.kind == "reserved"
                assert place in filled or by_issuer_or_chip, place


def test_all_kinds_of_names_occur(people: list[Person]) -> None:
    names = [person.name for person in people]
    assert any(len(name.encode("gbk")) > 30 for name in names)
    assert any(name[:2] in {"欧阳", "司马", "上官", "诸葛", "东方", "慕容", "令狐", "端木"} for name in names)
    assert any(name.isascii() for name in names)
    surnames = Counter(name[0] for name in names)
    assert len(surnames) > 60
    assert surnames["王"] > surnames["汤"]


def test_characters_outside_gbk_come_only_on_request(people: list[Person]) -> None:
    for person in people:
        person.name.encode("gbk")
    rare = list(make_people(10, all_cities()[0], today=TODAY, rare=4))
    outside = [person for person in rare if _outside_gbk(person.name)]
    assert outside == rare[-4:]


def _outside_gbk(text: str) -> bool:
    try:
        text.encode("gbk")
    except UnicodeEncodeError:
        return True
    return False


def test_every_code_is_in_its_table_and_every_date_is_past_or_stated(people: list[Person]) -> None:
    items = _items()
    for person in people:
        for target, text in person.values.items():
            item = items.get(target)
            if item is None:
                continue
            if item.codes:
                known = code_table(item.codes).codes
                assert text in known or text.lstrip("0") in known, (target, text)
            if item.meaning is Meaning.DATE and item.name.zh != "就业扶持政策享受终止日期":
                day = date(int(text[:4]), int(text[4:6]), int(text[6:]))
                assert person.life.born <= day <= TODAY, (target, text, person.life)


def _items() -> dict[str, Item]:
    found: dict[str, Item] = {}
    for directory in card_layout("2.0").directories:
        for file in directory.files:
            base = f"{directory.id}.{file.id}"
            for number, item in enumerate(file.items, 1):
                if file.structure is Structure.CYCLIC:
                    found |= {f"{base}[{record}].{number:02X}": item for record in range(1, 9)}
                    continue
                for suffix in [""] if item.count == 1 else [f"[{n}]" for n in range(1, item.count + 1)]:
                    place = f"{base}.{item.tag:02X}{suffix}"
                    found[place] = item
                    found |= {f"{place}.{child.tag:02X}": child for child in item.children}
    return found


def test_lives_fit_together(people: list[Person]) -> None:
    for person in people:
        life = person.life
        assert (life.standing is Standing.RETIRED) == (life.retired is not None)
        assert (life.standing is Standing.UNEMPLOYED) == (life.lost_work is not None)
        for earlier, later in zip(life.jobs, life.jobs[1:], strict=False):
            assert earlier.start < earlier.end < later.start
        if life.age < 16:
            assert not any(target.startswith(("DF02", "DF07")) for target in person.values)
            assert "pin" not in person.values


def test_every_value_has_a_column(people: list[Person]) -> None:
    known = {column.target for column in columns()}
    assert {target for person in people for target in person.values} <= known


def test_provinces_are_two_and_their_codes_nest() -> None:
    assert [province.code for province in provinces()] == ["98", "99"]
    for province in provinces():
        assert province.city.code.startswith(province.code)
        assert all(d.code.startswith(province.city.code[:4]) for d in province.city.districts)


def test_organization_code_check_character() -> None:
    # An example by hand: 0*3 + 0*7 + 0*9 + 0*10 + 0*5 + 0*8 + 1*4 + 2*2 = 8; 11 - 8 = 3.
    assert organization_code(12) == "000000123"
    assert {organization_code(n)[-1] for n in range(100)} == set("0123456789X")
