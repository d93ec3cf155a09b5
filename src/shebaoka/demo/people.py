"""Invented people: the same for the same seed and day, no two with the same number, none of them real.

Their ID numbers have region codes 98xxxx and 99xxxx, which are not assigned.
"""

import random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from shebaoka.demo import insurance, items, names
from shebaoka.demo.life import Life, Standing, draw_life
from shebaoka.demo.regions import City, provinces
from shebaoka.domain.citizen_id import check_digit

_LOOKS = 16  # different drawn faces for each sex and age band
_AGE_BANDS = (6, 16, 45, 60)


@dataclass(frozen=True)
class Person:
    """An invented person: ``values`` by place on the card (``DF01.EF05.20``) or special target (``pin``)."""

    name: str
    number: str
    sex: str
    life: Life = field(repr=False)
    values: Mapping[str, str] = field(repr=False)

    @property
    def city(self) -> City:
        """The issuing city."""
        return self.life.city

    @property
    def look(self) -> tuple[int, str, int]:
        """Seed, sex and age for :func:`shebaoka.paper.portrait.draw_portrait`; some people share a look."""
        age = self.life.age
        band = max((limit for limit in _AGE_BANDS if limit <= age), default=3)
        return int(self.number[6:17]) % _LOOKS, self.sex, band


def make_people(
    count: int,
    city: City,
    *,
    seed: int = 1,
    today: date | None = None,
    rare: int = 0,
    avoid: Collection[str] = (),
) -> Iterator[Person]:
    """``count`` people of a city. The first has something in every file of the card; the second a name longer
    than item 09. ``rare``: that many of the last have a character in their name that GBK lacks. ``avoid``:
    numbers that are taken.
    """
    today = today or date.today()
    dice = random.Random(f"people {city.code} {seed}")
    taken = set(avoid)
    for index in range(count):
        life = draw_life(dice, today, city, full=index == 0)
        name, people = _name(dice, life, index, count - rare)
        person = _person(dice, replace(life, people=people), name, taken)
        taken.add(person.number)
        yield person


def all_cities() -> tuple[City, ...]:
    """The cities of the two provinces."""
    return tuple(province.city for province in provinces())


def _name(dice: random.Random, life: Life, index: int, rare_from: int) -> tuple[str, str]:
    """A name and the code of the people (V2 table 14)."""
    woman = life.woman
    if index >= rare_from:
        return names.rare_name(dice, index - rare_from), "01"
    if index == 1:
        return names.long_name(dice, woman=woman, longest=True)
    if life.foreign:
        return names.foreign_name(dice, woman=woman), "99"
    if dice.random() < 0.02 and not life.full:
        return names.long_name(dice, woman=woman)
    people = dice.choices(("01", "08", "11", "03", "06", "15"), (92, 2, 2, 2, 1, 1))[0]
    return names.ordinary_name(dice, woman=woman), people


def _person(dice: random.Random, life: Life, name: str, taken: set[str]) -> Person:
    number = _number(dice, life, taken)
    sex = "2" if life.woman else "1"
    values = {
        "SSSE.EF05.02": _card_class(life),
        "SSSE.EF06.08": number,
        "name": name,
        "SSSE.EF06.0A": sex,
        "SSSE.EF06.0B": life.people,
        "SSSE.EF06.0C": life.home.code,
        "SSSE.EF06.0D": f"{life.born:%Y%m%d}",
        "SSSE.EF08": f"photos/{number}.jpg",
    }
    for application in (
        items.public,
        items.employment,
        insurance.social,
        insurance.medical,
        insurance.talent,
    ):
        values.update(application(life, dice))
    if life.age >= 16:
        values["pin"] = f"{dice.randrange(10**6):06d}"
    if life.standing in {Standing.EMPLOYED, Standing.RETIRED}:
        values["medical.balance"] = str(150_000 if life.full else dice.randrange(300_000))
    return Person(name, number, sex, life, values)


def _number(dice: random.Random, life: Life, taken: set[str]) -> str:
    """A free number: region, birth date, sequence (odd: man, even: woman), check digit (GB 11643)."""
    while True:
        sequence = dice.randrange(1, 500) * 2 - (0 if life.woman else 1)
        body = f"{life.home.code}{life.born:%Y%m%d}{sequence:03d}"
        number = body + check_digit(body)
        if number not in taken:
            return number


def _card_class(life: Life) -> str:
    """Item 02 (V2 table 11): province 98 tells age groups apart, 99 gives everybody class 3."""
    if life.city.code.startswith("99"):
        return "3"
    if life.age < 6:
        return "1"
    if life.standing is Standing.PUPIL:
        return "2"
    return "4" if life.age >= 70 else "3"
