"""The course of an invented life: what of work, school, insurance and mishap belongs together."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec

from shebaoka.demo.regions import City, District

SCHOOL_AGE, WORKING_AGE = 6, 16


class Standing(StrEnum):
    """What a person lives on; decides which files of the card are filled."""

    CHILD = "child"
    PUPIL = "pupil"
    EMPLOYED = "employed"
    SELF_EMPLOYED = "self-employed"
    FARMER = "farmer"
    UNEMPLOYED = "unemployed"
    RETIRED = "retired"


class Occupation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An occupation: code, name, identity class of its people (V2 table 19), professional title and level,
    ``at``: words in the names of employers that have it."""

    code: str
    name: str
    identity: str
    title: tuple[str, str] | None = None
    graduate: bool = False
    at: tuple[str, ...] = ()


class Degree(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A degree and the field it was taken in."""

    code: str
    field: str


class Work(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The lists of ``data/work.toml``."""

    devices: tuple[str, ...]
    occupations: tuple[Occupation, ...]
    degrees: tuple[Degree, ...]


@cache
def work() -> Work:
    """Occupations, degrees, assistive devices."""
    text = files("shebaoka.demo").joinpath("data", "work.toml").read_text("utf-8")
    return msgspec.toml.decode(text, type=Work)


@dataclass(frozen=True)
class Job:
    """A job that ended: occupation code, first and last day, employer."""

    occupation: str
    start: date
    end: date
    employer: str


@dataclass(frozen=True)
class Life:
    """A person's circumstances. ``full``: every file of the card is to be filled (for demonstrations)."""

    today: date
    born: date
    woman: bool
    foreign: bool
    people: str
    city: City
    home: District
    address: str
    standing: Standing
    occupation: Occupation
    employer: str
    jobs: tuple[Job, ...]
    hired: date
    lost_work: date | None
    retired: date | None
    graduate: bool
    married: bool
    injured: date | None
    full: bool

    @property
    def age(self) -> int:
        """Full years."""
        before = (self.today.month, self.today.day) < (self.born.month, self.born.day)
        return self.today.year - self.born.year - before

    @property
    def insured_since(self) -> date:
        """First day of social insurance at work."""
        return self.jobs[0].start if self.jobs else self.hired

    def months(self) -> int:
        """Months of contributions so far."""
        end = self.retired or self.lost_work or self.today
        first = self.insured_since
        return max(0, (end.year - first.year) * 12 + end.month - first.month)


def draw_life(dice: random.Random, today: date, city: City, *, full: bool = False) -> Life:
    """A life that fits together. ``full`` gives a middle-aged worker with something in every file."""
    born = _birthday(dice, today, 40 if full else _age(dice))
    woman = dice.random() < 0.49
    age = (today - born).days // 365
    graduate = full or (age >= 22 and dice.random() < 0.3)
    standing = Standing.EMPLOYED if full else _standing(dice, age, woman=woman, graduate=graduate)
    suitable = [o for o in work().occupations if o.graduate == graduate]
    occupation = suitable[0] if full else dice.choice(suitable)
    start = _day(dice, born, 22 if graduate else 18)
    working = standing not in {Standing.CHILD, Standing.PUPIL}
    employers = [e for e in city.employers if any(word in e for word in occupation.at)] or city.employers
    jobs, hired = _jobs(dice, city, start, today, occupation.code, 5 if full else dice.randrange(4))
    retired = _day(dice, born, 55 if woman else 60) if standing is Standing.RETIRED else None
    home = dice.choice(city.districts)
    injured = full or (working and dice.random() < 0.03)
    return Life(
        today=today,
        born=born,
        woman=woman,
        foreign=not full and age >= 25 and dice.random() < 0.01,
        people="01",
        city=city,
        home=home,
        address=_address(dice, city, home),
        standing=standing,
        occupation=occupation,
        employer=dice.choice(employers),
        jobs=jobs if working else (),
        hired=min(hired, today),
        lost_work=_recent(dice, today, 500) if standing is Standing.UNEMPLOYED else None,
        retired=min(retired, today - timedelta(days=40)) if retired else None,
        graduate=graduate,
        married=full or (age >= 24 and dice.random() < 0.75),
        injured=_recent(dice, today, 1500) if injured else None,
        full=full,
    )


def _age(dice: random.Random) -> int:
    return dice.choices((3, 10, 18, 30, 45, 60, 75, 88), (5, 12, 8, 28, 26, 13, 7, 1))[0] + dice.randrange(
        -2, 8
    )


def _birthday(dice: random.Random, today: date, age: int) -> date:
    return today - timedelta(days=round(max(age, 0) * 365.2425) + dice.randrange(1, 365))


def _standing(dice: random.Random, age: int, *, woman: bool, graduate: bool) -> Standing:
    if age < SCHOOL_AGE:
        return Standing.CHILD
    if age < 18 or (age < 22 and dice.random() < 0.7):
        return Standing.PUPIL
    if age >= (55 if woman else 60):
        return Standing.RETIRED
    weights = (70, 14, 0 if graduate else 10, 6)
    kinds = (Standing.EMPLOYED, Standing.SELF_EMPLOYED, Standing.FARMER, Standing.UNEMPLOYED)
    return dice.choices(kinds, weights)[0]


def _jobs(
    dice: random.Random, city: City, start: date, today: date, occupation: str, count: int
) -> tuple[tuple[Job, ...], date]:
    """Up to ``count`` jobs that ended, oldest first, and the day the present one began."""
    jobs = []
    for employer in dice.sample(city.employers, count):
        end = start + timedelta(days=dice.randrange(300, 1600))
        if end >= today - timedelta(days=400):
            break
        jobs.append(Job(occupation, start, end, employer))
        start = end + timedelta(days=dice.randrange(10, 200))
    return tuple(jobs), start


def _day(dice: random.Random, born: date, age: int) -> date:
    return date(born.year + age, dice.randrange(1, 13), dice.randrange(1, 29))


def _recent(dice: random.Random, today: date, days: int) -> date:
    return today - timedelta(days=dice.randrange(100, days))


def _address(dice: random.Random, city: City, district: District) -> str:
    street, number = dice.choice(city.streets), dice.randrange(1, 300)
    house, floor, door = dice.randrange(1, 20), dice.randrange(1, 18), dice.randrange(1, 5)
    return f"{city.name}{district.name}{street}{number}号{house}栋{floor}0{door}室"
