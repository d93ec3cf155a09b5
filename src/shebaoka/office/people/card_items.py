"""What the card says of a person: item of the card 2.0 -> value, as a list for personalization writes it."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec
from django.db.models import Prefetch

from shebaoka.codec.text import truncate_an
from shebaoka.domain.names import chip_form, encodable
from shebaoka.office.base.files import path_of
from shebaoka.office.people.models import Fact, Guardian, Person
from shebaoka.office.people.subjects import card, is_text, subjects, target
from shebaoka.personalization.mapping import NAME
from shebaoka.personalization.targets import parse_target
from shebaoka.spec.loading import read_toml


class Homes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``registry``: item -> column of a person; ``elsewhere``: file -> who fills it."""

    registry: dict[str, str]
    elsewhere: dict[str, str]


@cache
def homes() -> Homes:
    """Where items that are no field of a subject come from (``homes.toml``)."""
    raw = read_toml(Path(__file__).with_name("homes.toml"))
    return msgspec.convert({name.partition(".")[2]: value for name, value in raw.items()}, Homes)


TOGETHER = (
    Prefetch("guardians", Guardian.objects.filter(ended_at=None), to_attr="guardians_now"),
    Prefetch("facts", Fact.objects.filter(ended_at=None).order_by("place"), to_attr="facts_now"),
)
"""What a query of many persons fetches with them, so that :func:`card_items` asks nothing more."""


def card_items(person: Person) -> dict[str, str]:
    """Values by place on the card (``DF01.EF05.20``, ``DF02.EF07[1].02``) and the special target ``name``;
    what the registry does not know is left out. The photo, ``SSSE.EF08``, is named as a file of the folder
    where the office keeps files. Texts too long for the card are shortened, characters GBK lacks are left to
    :mod:`shebaoka.office.people.readiness`: a name or text with one is left out."""
    return _identity(person) | _facts(person)


def _identity(person: Person) -> dict[str, str]:
    found = {
        "SSSE.EF06.08": person.number,
        NAME: chip_form(person.name, person.chip_name).text,
        "SSSE.EF06.0A": person.sex,
        "SSSE.EF06.0B": person.nation,
        "SSSE.EF06.0C": person.birthplace,
        "SSSE.EF06.0D": f"{person.birth:%Y%m%d}",
        "SSSE.EF07": _file(person.fingerprints),
        "SSSE.EF08": _file(person.photo_chip),
        "DF01.EF06.23": _text("DF01.EF06.23", person.address),
        "DF01.EF06.24": person.address_region,
        "DF01.EF06.28": _text("DF01.EF06.28", person.phone),
        "DF01.EF0A.37": "" if person.nationality == "CHN" else person.nationality,
    }
    guardian = _guardian(person)
    if guardian is not None:
        found["DF01.EF06.2C"] = _text("DF01.EF06.2C", guardian.name)
        found["DF01.EF06.2D"] = _text("DF01.EF06.2D", guardian.phone)
    if person.employer is not None:
        found["DF01.EF09.2E"] = _text("DF01.EF09.2E", person.employer.name)
        found["DF01.EF09.30"] = person.employer.organization_code
    return {place: value for place, value in found.items() if value}


def _guardian(person: Person) -> Guardian | None:
    known: list[Guardian] | None = getattr(person, "guardians_now", None)
    if known is None:
        return person.guardians.filter(ended_at=None).first()
    return known[0] if known else None


def _facts(person: Person) -> dict[str, str]:
    found: dict[str, str] = {}
    entries: dict[str, list[Fact]] = {}
    known: Iterable[Fact] | None = getattr(person, "facts_now", None)
    for fact in person.facts.filter(ended_at=None).order_by("place") if known is None else known:
        entries.setdefault(fact.subject, []).append(fact)
    guarded = bool(entries) and _guardian(person) is not None
    for name, facts in entries.items():
        subject = subjects()[name]
        if name == "contact" and guarded:
            continue  # the card has one place for both
        if subject.cyclic:
            facts = sorted(facts, key=lambda each: (each.since, each.place))[-_records(subject.file) :]
        for number, fact in enumerate(facts, 1):
            at = number if subject.cyclic else fact.place
            for field, text in fact.values.items():
                value = _text(subject.place(field), text) if is_text(target(name, field).item) else text
                if value:
                    found[subject.place(field, at)] = value
    return found


def _text(place: str, text: str) -> str:
    """As much of it as fits; nothing when GBK lacks a character."""
    return "" if lacking_in(text) else truncate_an(text, _length(place))


@cache
def _length(place: str) -> int:
    return parse_target(card(), place).item.length


def lacking_in(text: str) -> tuple[str, ...]:
    """Characters of any text that GBK lacks, each once."""
    return tuple(dict.fromkeys(each for each in text if not encodable(each, "gbk")))


def _file(digest: str) -> str:
    path = path_of(digest) if digest else None
    return f"{path.parent.name}/{path.name}" if path else ""


@cache
def _records(file: str) -> int:
    """How many records a cyclic file has."""
    return parse_target(card(), f"{file}[1].01").place.file.records
